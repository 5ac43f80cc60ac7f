package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// declKind is how a program declares the variables of such calls.
type declKind int8

// declKindOf reads how the model's variable comes about.
func (p *composer) declKindOf(m *habit) declKind {
	if prev := before(m.stmt); prev != nil && prev.Kind == parse.SExpr {
		if e := prev.Expr.Bare(); e.Kind == parse.XAssign && e.X.Strip().Kind == parse.XIdent && e.X.Strip().Name == m.value {
			return declScratch
		}
	}
	if prev := before(m.stmt); prev != nil {
		// i = 1; in front of a row of options
		for k := prev; k != nil; k = before(k) {
			if k.Kind == parse.SExpr && k.Expr.Bare().Kind == parse.XAssign && k.Expr.Bare().X.Strip().Kind == parse.XIdent && k.Expr.Bare().X.Strip().Name == m.value {
				return declScratch
			}
		}
	}
	v, ok := visible(m.fn, m.stmt.Parent, m.call.Pos, m.value)
	if !ok || v.stmt == nil || v.stmt.Parent == nil {
		return declTop
	}
	b := v.stmt.Parent
	if b == m.fn.Body() {
		if midway(v.stmt) {
			return declMid
		}
		return declTop
	}
	if midway(v.stmt) {
		return declMid
	}
	if b.Parent != nil && b.Parent.Kind == parse.SBlock && len(b.List) <= 3 && b == m.stmt.Parent {
		return declOwn
	}
	return declTop
}

func (p *composer) constModel(m *habit) bool {
	v, ok := visible(m.fn, m.stmt.Parent, m.call.Pos, m.value)
	return ok && v.decl.Type != nil && v.decl.Type.Const && isPlainInt(v.decl)
}

func (p *composer) declText(st *style, m *habit, name string) string {
	if m != nil {
		if v, ok := visible(m.fn, m.stmt.Parent, m.call.Pos, m.value); ok && v.stmt != nil && v.stmt.Parent != m.fn.Body() {
			// In the columns of the model's own.
			if head := string(m.file.Src[v.stmt.Pos:v.decl.NamePos]); strings.TrimRight(head, "\t ") == st.word && len(head) > len(st.word)+1 {
				return head + name + st.holds + "1;"
			}
		}
	}
	return st.one(name, m != nil && p.constModel(m))
}

// assignText is "val = 1;" as the model spells it.
func (p *composer) assignText(m *habit) string {
	if prev := before(m.stmt); prev != nil && prev.Kind == parse.SExpr {
		if e := prev.Expr.Bare(); e.Kind == parse.XAssign {
			if v, ok := number(e.Y); ok && v == 1 {
				return collapse(string(m.file.Src[prev.Pos:prev.End]))
			}
		}
	}
	return m.value + " = 1;"
}

// topDecl declares the variable with the others: at the start of the block
// that the insertion begins, of its own list with inside, else of the function.
// It returns nil where no declaration fits.
func (p *composer) topDecl(t *target, name string, konst bool, here []arm, inside bool) *value {
	f := t.sp.file
	list := t.sp.fn.Body()
	if b := t.pl.list; b != list && t.pl.after != nil && t.pl.after.Kind == parse.SDecl && !midway(t.pl.after) && !declares(t.sp.fn, name) {
		list = b // the block stands right behind these
	} else if inside && !declares(t.sp.fn, name) {
		list = b
	}
	var last *parse.Stmt
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		if _, ok := lineAfter(f, s.End); !ok || !firstOnLine(f.Src, s.Pos) || !within(here, arms(f, s.Pos)) || len(arms(f, s.Pos)) < len(arms(f, list.Pos+1)) {
			continue
		}
		// Under as few conditions as there are: other arms may need it, too.
		if last != nil && len(arms(f, s.Pos)) > len(arms(f, last.Pos)) {
			continue
		}
		if last == nil || isPlainIntStmt(s) || !isPlainIntStmt(last) || len(arms(f, s.Pos)) < len(arms(f, last.Pos)) {
			last = s
		}
	}
	if last == nil {
		return t.firstDecl(name, konst, here)
	}
	if len(here) > len(arms(f, last.Pos)) {
		return nil
	}
	at, _ := lineAfter(f, last.End)
	if at > t.pl.at {
		return nil
	}
	line := signColumn(t.st, f, list, name, declLine(t.st, f, last, name, konst))
	line += declComment(t.st, f, list, last, line)
	v := &value{name: name, konst: konst}
	v.edit = &edit.Edit{Start: at, End: at, New: line + t.st.eol}
	return v
}

// beside reports whether the descriptor is a variable that is declared at the
// start of the block's own list, inside the function: the new one fits there, if
// the function's other option does not have its variable at the top.
func (t *target) beside(m *habit) bool {
	body := t.sp.fn.Body()
	if m != nil && m.file == t.sp.file && m.fn.Start == t.sp.fn.Start {
		if v, ok := visible(m.fn, m.stmt.Parent, m.call.Pos, m.value); ok && v.block == body {
			return false
		}
	}
	l, ok := visible(t.sp.fn, t.pl.list, t.pl.at, t.sp.key)
	return ok && l.stmt != nil && l.stmt.Parent == t.pl.list && t.pl.list != body && !midway(l.stmt)
}

// firstDecl opens the function with the declaration, where it has none yet.
func (t *target) firstDecl(name string, konst bool, here []arm) *value {
	f, body := t.sp.file, t.sp.fn.Body()
	if len(body.List) == 0 || body.List[0].Kind == parse.SDecl {
		return nil
	}
	at, ok := lineAfter(f, body.Pos+1)
	first := body.List[0]
	if !ok || at > t.pl.at || at != lineStart(f.Src, first.Pos) || !within(here, arms(f, at)) || len(here) != len(arms(f, at)) {
		return nil // a comment, a directive or an empty line comes first
	}
	line := indentAt(f.Src, first.Pos) + t.st.one(name, konst)
	e := edit.Insert(at, line+t.st.eol+t.st.eol)
	return &value{name: name, konst: konst, edit: &e}
}

// signColumn puts the equals sign of a declaration below those of its
// neighbours, where these keep them in one column.
func signColumn(st *style, f *parse.File, list *parse.Stmt, name, line string) string {
	head, value, ok := strings.Cut(line, name+st.holds)
	if !ok {
		return line
	}
	head += name
	cols, spread, tabs := map[int]int{}, 0, false
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		d := s.Decls[0]
		if len(s.Decls) != 1 || d.Init == nil {
			continue
		}
		from := lineStart(f.Src, d.NamePos)
		at := strings.IndexByte(string(f.Src[d.NamePos:d.Init.Pos]), '=')
		if at < 0 || strings.Contains(string(f.Src[d.NamePos:d.Init.Pos]), "\n") {
			continue
		}
		if after := string(f.Src[d.NamePos+len(d.Name):]); strings.HasPrefix(after, "  ") || strings.HasPrefix(after, "\t") {
			spread++
			tabs = tabs || after[0] == '\t'
		}
		cols[width(string(f.Src[from:d.NamePos+at]), st.tab)]++
	}
	if spread == 0 || len(cols) != 1 {
		return line
	}
	for col, n := range cols {
		if pad := col - width(head, st.tab); n > 1 && pad > 0 {
			for tabs && width(head+"\t", st.tab) <= col {
				head += "\t"
			}
			pad = col - width(head, st.tab)
			return head + strings.Repeat(" ", pad) + strings.TrimLeft(st.holds, " ") + value
		}
	}
	return line
}

// declComment is a comment behind the declaration, where all of them have one:
// in the column of the neighbour's.
func declComment(st *style, f *parse.File, list, last *parse.Stmt, line string) string {
	n := 0
	at := -1
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		c := commentBehind(f, s.End)
		if c < 0 {
			return ""
		}
		n++
		if s == last {
			at = c
		}
	}
	if n < 3 || at < 0 {
		return ""
	}
	start := lineStart(f.Src, at)
	col, gap := width(string(f.Src[start:at]), st.tab), " "
	if f.Src[at-1] == '\t' {
		for gap = "\t"; width(line+gap, st.tab) < col; {
			gap += "\t"
		}
	} else if n := col - width(line, st.tab); n > 1 {
		gap = strings.Repeat(" ", n)
	}
	if f.Src[at+1] == '/' {
		return gap + "// value for SO_KEEPALIVE"
	}
	return gap + "/* value for SO_KEEPALIVE */"
}

// declLine writes the declaration in the columns of its neighbour.
func declLine(st *style, f *parse.File, s *parse.Stmt, name string, konst bool) string {
	d := s.Decls[0]
	ind := indentAt(f.Src, s.Pos)
	word := st.word
	if konst {
		word = "const " + word
	}
	head := string(f.Src[s.Pos:d.NamePos])
	gap := " "
	trimmed := strings.TrimRight(head, " \t*")
	if strings.HasPrefix(head[len(trimmed):], "  ") || strings.HasPrefix(head[len(trimmed):], "\t") {
		if trimmed == word {
			return ind + head[:len(trimmed)] + strings.TrimRight(head[len(trimmed):], "*") + name + st.holds + "1;"
		}
		// Another type: the names' column counts.
		col := width(ind+head[:len(strings.TrimRight(head, "*"))], st.tab)
		cur := ind + word
		if strings.Contains(head[len(trimmed):], "\t") {
			for width(cur, st.tab) < col {
				cur += "\t"
			}
			return cur + name + st.holds + "1;"
		}
		if n := col - width(cur, st.tab); n > 1 {
			gap = strings.Repeat(" ", n)
		}
	}
	return ind + word + gap + name + st.holds + "1;"
}
