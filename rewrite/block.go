package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/templates"
)

// compose fills in the template's fields for one insertion.
func (p *project) compose(t *target, id *idiom, v *value, test string) templates.Block {
	b := templates.Block{FD: t.sp.fd, Value: v.name, Declare: v.declare, Own: v.own, Assign: v.assign}
	if m := id.model; m != nil && id.near && p.optionGuarded(m) {
		b.Guard = "SO_KEEPALIVE"
		if v.edit == nil && v.declare == "" && v.assign == "" && id.policy == policyIgnore {
			b.Guard = ""
		}
	}
	b.Comment = p.comment(t, id)
	b.Set = p.setCall(t, id, v)
	if b.Void = id.void; t.st.voids && !id.near && (id.model == nil || id.model.file != t.sp.file || id.void != "") {
		b.Void = "(void)" + t.st.voidGap // as the file casts other results
	}
	b.Test = t.fullTest(test)
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
	if m := id.model; (m == nil || m.file != t.sp.file) && t.st.sizeBare {
		pre, _, _ := strings.Cut(size, "sizeof")
		size = pre + "sizeof %s"
	}
	if v.konst && cast != "" && !strings.Contains(cast, "const") {
		cast = ""
	}
	if cast == "" && p.foreignSocket(t) {
		if c := p.charCast(t); !v.konst || strings.Contains(c, "const") {
			cast = c
		}
	}
	return "setsockopt" + st.callGap + "(" + st.pad + t.sp.fd + ", SOL_SOCKET, SO_KEEPALIVE, " + cast + "&" + v.name + ", " +
		strings.Replace(size, "%s", v.name, 1) + st.pad + ")"
}

// foreignSocket reports whether the descriptor is of a type of its own: the
// program is built for systems where sockets are no integers, and setsockopt
// takes a pointer to char.
func (p *project) foreignSocket(t *target) bool {
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, t.sp.key)
	return ok && v.decl.Type != nil && v.decl.Type.Base != "int" && !v.decl.Type.Array && v.decl.Type.Ptr == 0
}

// charCast is how the program's other options of that kind are cast, nearest
// first.
func (p *project) charCast(t *target) string {
	for _, f := range append([]*parse.File{t.sp.file}, p.others(t.sp.file)...) {
		for _, h := range p.habitsOf(f) {
			if strings.Contains(h.cast, "char") || strings.Contains(h.cast, "const void") {
				return h.cast
			}
		}
	}
	return ""
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

// optionGuarded reports whether the model stands in an #ifdef of its option,
// one of those that, like SO_KEEPALIVE, every system has.
func (p *project) optionGuarded(m *habit) bool {
	switch m.opt {
	case "SO_REUSEADDR", "SO_RCVBUF", "SO_SNDBUF", "SO_LINGER", "SO_BROADCAST", "SO_OOBINLINE", "SO_KEEPALIVE", "SO_DEBUG":
	default:
		return false
	}
	for _, g := range m.file.Guards(m.call.Pos) {
		if g == m.opt {
			return true
		}
	}
	return false
}

// comment chooses the comment above the block, "" for none: the model's own,
// where it speaks of failures in general, or one like the neighbours' where
// every step is commented.
func (p *project) comment(t *target, id *idiom) string {
	f := t.sp.file
	models := []*habit{id.model}
	if id.policy == policyIgnore && id.void != "" && (id.model == nil || id.model.form != formVoid) {
		models = append(models, p.voidModel(t))
	}
	for _, m := range models {
		if c := excuse(m); c != "" && !t.pl.test { // above a test it would speak of the creation
			return c
		}
	}
	if own := t.stepComment(); own != "" {
		return likeComment(f, own)
	}
	n := following(t.pl)
	if n == nil || !firstOnLine(f.Src, n.Pos) || t.pl.after == nil || !blankLine(f.Src, t.pl.at) {
		return ""
	}
	creation := listMember(t.sp.stmt)
	if creation == nil {
		return ""
	}
	own, below := paragraphComment(f, creation), commentBefore(f, n.Pos)
	if own == "" || below == "" {
		return ""
	}
	return likeComment(f, own)
}

// stepComment is the comment of a step of the list, where nearly all steps
// around have one, "" where not.
func (t *target) stepComment() string {
	f := t.sp.file
	near := ""
	with, without := 0, 0
	for _, s := range t.pl.list.List {
		if s.Kind == parse.SDecl || !firstOnLine(f.Src, s.Pos) {
			continue
		}
		if c := commentBefore(f, s.Pos); c != "" {
			with++
			if !strings.Contains(c, "\n") && (near == "" || s.Pos <= t.pl.at) {
				near = c
			}
			continue
		}
		if start := lineStart(f.Src, s.Pos); start > 0 && blankLine(f.Src, lineStart(f.Src, start-1)) {
			without++
		}
	}
	if with >= 3 && with >= 4*without {
		return near
	}
	return ""
}

// excuse is the model's comment when it says why failures do not matter.
func excuse(m *habit) string {
	if m == nil || !firstOnLine(m.file.Src, m.stmt.Pos) {
		return ""
	}
	c := commentBefore(m.file, m.stmt.Pos)
	low := strings.ToLower(c)
	if c == "" || strings.Contains(c, "\n") || strings.Contains(low, strings.ToLower(m.opt)) || len(c) >= 60 {
		return ""
	}
	for _, w := range []string{"fail", "in case of error", "ignore error", "best effort"} {
		if strings.Contains(low, w) {
			return c
		}
	}
	return ""
}

// voidModel is a call of the project whose result is cast to void.
func (p *project) voidModel(t *target) *habit {
	for _, f := range append([]*parse.File{t.sp.file}, p.others(t.sp.file)...) {
		for _, h := range p.habitsOf(f) {
			if h.form == formVoid && excuse(h) != "" {
				return h
			}
		}
	}
	return nil
}

// paragraphComment is the comment above the run of statements, without a
// blank line between them, that s ends.
func paragraphComment(f *parse.File, s *parse.Stmt) string {
	for i := 0; s != nil && i < 4; i++ {
		if c := commentBefore(f, s.Pos); c != "" {
			return c
		}
		start := lineStart(f.Src, s.Pos)
		if start == 0 || blankLine(f.Src, lineStart(f.Src, start-1)) {
			return ""
		}
		s = before(s)
	}
	return ""
}

// verbs are what people call it to switch something on, with what is then
// named.
var verbs = [][2]string{{"enable ", "enable keepalive"}, {"turn on ", "turn on keepalive"}, {"activate ", "activate keepalive"},
	{"switch on ", "switch on keepalive"}, {"set ", "set SO_KEEPALIVE"}}

// likeComment writes the comment with the verb that the file's comments use,
// the first letter, the full stop and the delimiters of a neighbour.
func likeComment(f *parse.File, c string) string {
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	text, most := verbs[0][1], 0
	for _, v := range verbs {
		n := 0
		for _, k := range f.Comments {
			s := strings.TrimSpace(strings.Trim(string(f.Src[k.Off:k.End]), "/* \t\r\n"))
			if len(s) >= len(v[0]) && strings.EqualFold(s[:len(v[0])], v[0]) {
				n++
			}
		}
		if n > most {
			text, most = v[1], n
		}
	}
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

// insertion joins the lines of the block and sets it off from its neighbours
// as these are from each other.
func (t *target) insertion(lines []string, helper bool) edit.Edit {
	src := t.sp.file.Src
	at := t.pl.at
	lead := ""
	if blankLine(src, at) {
		n := following(t.pl)
		switch {
		case isLeading(t.pl):
			at = lineEnd(src, at) // below the blank line that ends the declarations
		case helper && len(lines) == 1 && n != nil && n.Kind == parse.SExpr && callOn(t.sp.file, n.Expr, t.sp.key) &&
			lineStart(src, n.Pos) == lineEnd(src, at):
			at = lineEnd(src, at) // at the head of a row of such calls
		case t.pl.after != nil:
			lead = t.st.eol
		}
	}
	return edit.Insert(at, lead+strings.Join(lines, t.st.eol)+t.st.eol)
}

// isLeading reports whether the place is right behind the declarations that a
// branch begins with.
func isLeading(pl *place) bool {
	return pl.after != nil && pl.after.Kind == parse.SDecl && !midway(pl.after) && pl.check != nil && !ancestor(pl.check, pl.after)
}

// composeCall is compose for a call of the project's own helper.
func (p *project) composeCall(t *target, sv *setter, test string) templates.Block {
	b := templates.Block{FD: t.sp.fd, Helper: sv.fn.Name, Ignore: true, Set: sv.text(t.st, t.sp.fd)}
	b.Test = t.fullTest(test)
	return b
}

// fullTest adds the test for a descriptor at all to the test for TCP.
func (t *target) fullTest(test string) string {
	if !t.pl.test {
		return t.turn(test)
	}
	if test == "" {
		return t.proj.aliveTest(t)
	}
	return t.proj.aliveTest(t) + " && " + t.turn(test)
}

// turn puts the constant first in a comparison, where the file does.
func (t *target) turn(test string) string {
	left, right, ok := strings.Cut(test, " == ")
	if !ok || !t.st.yoda || strings.ContainsAny(test, "&|(") || !isUpper(right) {
		return test
	}
	return right + " == " + left
}
