package rewrite

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/templates"
)

// compose fills in the template's fields for one insertion.
func (p *project) compose(t *target, id *idiom, v *value, test string) templates.Block {
	st := t.st
	b := templates.Block{FD: t.sp.fd, Value: v.name, Declare: v.declare, Own: v.own, Assign: v.assign}
	if m := id.model; m != nil && id.near && p.optionGuarded(m) {
		b.Guard = "SO_KEEPALIVE"
		if v.edit == nil && v.declare == "" && v.assign == "" && id.policy == policyIgnore {
			b.Guard = ""
		}
	}
	b.Comment = p.comment(t, id)
	b.Set = p.setCall(t, id, v)
	b.Void = id.void
	if t.pl.test {
		alive := t.aliveTest()
		if test != "" {
			test = alive + " && " + test
		} else {
			test = alive
		}
	}
	b.Test = test
	if id.policy == policyIgnore {
		b.Ignore = true
		return b
	}
	failed := id.front + b.Set + id.test
	if id.result != "" {
		b.Result = id.result
		failed = id.model.front + id.result + id.model.test
		if b.Test != "" && !b.Own {
			b.Own = true // the test needs a body of two statements
		}
	} else if b.Test != "" && !b.Own {
		failed = b.Test + " && " + failed
		b.Test = ""
	}
	if id.also != "" {
		failed += id.also
	}
	b.Failed = failed
	report := id.report
	if id.cond != "" {
		report = append(append([]string{"if (" + id.cond + ") {"}, report...), "}")
	}
	b.Report, b.Leave = report, id.leave
	_ = st
	return b
}

// setCall spells the call in the manner of the model.
func (p *project) setCall(t *target, id *idiom, v *value) string {
	st := t.st
	cast, size := "", "sizeof"+st.sizeGap+"(%s)"
	if m := id.model; m != nil {
		cast = m.cast
		if m.sizeof != "" {
			size = m.sizeof
		}
	} else if c, s, ok := p.commonSpelling(t.sp.file); ok {
		cast, size = c, s
	} else if mentionsWindows(t.sp.file) {
		cast = "(const char *)"
	}
	if v.konst && cast != "" && !strings.Contains(cast, "const") {
		cast = ""
	}
	return "setsockopt" + st.callGap + "(" + st.pad + t.sp.fd + ", SOL_SOCKET, SO_KEEPALIVE, " + cast + "&" + v.name + ", " +
		strings.Replace(size, "%s", v.name, 1) + st.pad + ")"
}

// commonSpelling takes the cast of any call of the file.
func (p *project) commonSpelling(f *parse.File) (cast, size string, ok bool) {
	for _, h := range p.habitsOf(f) {
		if h.sizeof != "" {
			return h.cast, h.sizeof, true
		}
	}
	return "", "", false
}

// mentionsWindows: the file is built where setsockopt wants a char pointer.
func mentionsWindows(f *parse.File) bool {
	for _, d := range f.Dirs {
		if strings.HasPrefix(d.Name, "if") || d.Name == "elif" {
			if strings.Contains(d.Text, "WIN32") || strings.Contains(d.Text, "_WINDOWS") || strings.Contains(d.Text, "WINSOCK") {
				return true
			}
		}
	}
	return false
}

// optionGuarded reports whether the model stands in an #ifdef of its option.
func (p *project) optionGuarded(m *habit) bool {
	for _, g := range m.file.Guards(m.call.Pos) {
		if strings.Contains(g, m.opt) {
			return true
		}
	}
	return false
}

// aliveTest is the condition under which the descriptor is one.
func (t *target) aliveTest() string {
	f := t.sp.file
	if c := t.pl.check; c != nil && c.Expr != nil {
		var out string
		c.Expr.Walk(func(x *parse.Expr) bool {
			if out != "" || x.Kind != parse.XBinary {
				return out == ""
			}
			left := holds(f, x.X, t.sp.key)
			if !left && !holds(f, x.Y, t.sp.key) {
				return true
			}
			k := impliedBinary(f, x, t.sp.key)
			if !k.tells() {
				return true
			}
			other := x.Y
			if !left {
				other = x.X
			}
			op := " >= "
			if k.yes == invalid && x.Op == parse.EqEq || x.Op == parse.NotEq {
				op = " != "
			}
			o := collapse(exprText(f, other))
			if op == " >= " {
				o = "0"
			}
			if left {
				out = t.sp.fd + op + o
			} else if op == " != " {
				out = o + op + t.sp.fd
			} else {
				out = t.sp.fd + op + o
			}
			return false
		})
		if out != "" {
			return out
		}
	}
	return t.sp.fd + " >= 0"
}

// comment chooses the comment above the block, "" for none: the model's own,
// where it speaks of failures in general, or one like the neighbours' where
// every step is commented.
func (p *project) comment(t *target, id *idiom) string {
	f := t.sp.file
	if m := id.model; m != nil && firstOnLine(m.file.Src, m.stmt.Pos) {
		c := commentBefore(m.file, m.stmt.Pos)
		low := strings.ToLower(c)
		if c != "" && !strings.Contains(c, "\n") && !strings.Contains(low, strings.ToLower(m.opt)) && len(c) < 60 &&
			(strings.Contains(low, "fail") || strings.Contains(low, "in case of error") || strings.Contains(low, "ignore error") || strings.Contains(low, "best effort")) {
			return c
		}
	}
	n := following(t.pl)
	if n == nil || !firstOnLine(f.Src, n.Pos) {
		return ""
	}
	top := t.pl.after
	if top == nil || t.sp.stmt == nil {
		return ""
	}
	creation := listMember(t.sp.stmt)
	if creation == nil {
		return ""
	}
	own, below := commentBefore(f, creation.Pos), commentBefore(f, n.Pos)
	if own == "" || below == "" || !blankLine(f.Src, t.pl.at) {
		return ""
	}
	return likeComment(own)
}

// likeComment writes the comment with the first letter, the full stop and the
// delimiters of a neighbour.
func likeComment(c string) string {
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	text := "enable keepalive, so that a vanished peer is noticed"
	if body != "" && body[0] >= 'A' && body[0] <= 'Z' {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if strings.HasSuffix(body, ".") && !strings.HasSuffix(body, "..") {
		text += "."
	}
	if strings.HasPrefix(c, "//") {
		return "// " + text
	}
	return "/* " + text + " */"
}

// text joins the lines of the block, with the blank line that separates it.
func (t *target) text(lines []string) string {
	var b bytes.Buffer
	src := t.sp.file.Src
	if t.pl.after != nil && !(t.pl.after.Kind == parse.SDecl && t.pl.list.Pos < t.pl.after.Pos && isLeading(t.pl)) && blankLine(src, t.pl.at) {
		b.WriteString(t.st.eol)
	}
	for _, l := range lines {
		b.WriteString(l)
		b.WriteString(t.st.eol)
	}
	return b.String()
}

// isLeading reports whether the place is right behind a block's declarations.
func isLeading(pl *place) bool {
	return pl.after != nil && pl.after.Kind == parse.SDecl && !midway(pl.after) && pl.check != nil && !ancestor(pl.check, pl.after)
}
