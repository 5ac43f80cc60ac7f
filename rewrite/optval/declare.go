package optval

import (
	"bytes"
	"maps"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/style"
)

// DeclKind is how a program declares the variables of such calls.
type DeclKind int8

// DeclKindOf reads how the model's variable comes about.
func DeclKindOf(m *exemplar.OptionCall) DeclKind {
	if prev := ctree.Prev(m.Stmt); prev != nil && prev.Kind == parse.SExpr {
		if e := prev.Expr.Bare(); e.Kind == parse.XAssign && e.X.Strip().Kind == parse.XIdent && e.X.Strip().Name == m.Value {
			return DeclScratch
		}
	}
	if prev := ctree.Prev(m.Stmt); prev != nil {
		// i = 1; before a row of options
		for k := prev; k != nil; k = ctree.Prev(k) {
			if k.Kind == parse.SExpr && k.Expr.Bare().Kind == parse.XAssign &&
				k.Expr.Bare().X.Strip().Kind == parse.XIdent && k.Expr.Bare().X.Strip().Name == m.Value {
				return DeclScratch
			}
		}
	}
	v, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value)
	switch {
	case !ok || v.Stmt == nil || v.Stmt.Parent == nil:
		return DeclTop
	case v.Stmt.IsMixedDecl():
		return DeclMid
	case inBracesOfItsOwn(v.Stmt, m):
		return DeclOwn
	}
	return DeclTop
}

// inBracesOfItsOwn reports whether a declaration and the call that it is for have braces of their own.
func inBracesOfItsOwn(decl *parse.Stmt, m *exemplar.OptionCall) bool {
	b := decl.Parent
	return b != nil && b != m.Func.Body() && b.Parent != nil && b.Parent.Kind == parse.SBlock && len(b.List) <= 3 && b == m.Stmt.Parent
}

func constModel(m *exemplar.OptionCall) bool {
	v, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value)
	return ok && v.Decl.Type != nil && v.Decl.Type.Const && ctree.IsPlainInt(v.Decl)
}

func declText(st *style.Style, m *exemplar.OptionCall, name string) string {
	if m != nil {
		if v, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value); ok && v.Stmt != nil && v.Stmt.Parent != m.Func.Body() {
			// In the columns of the model's own.
			if head := string(m.File.Src[v.Stmt.Pos:v.Decl.NamePos]); strings.TrimRight(head, "\t ") == st.IntWord &&
				len(head) > len(st.IntWord)+1 {
				return head + name + st.EqualSign + "1;"
			}
		}
	}
	return st.DeclareOne(name, m != nil && constModel(m))
}

// assignText is "val = 1;" as the model spells it.
func assignText(m *exemplar.OptionCall) string {
	if prev := ctree.Prev(m.Stmt); prev != nil && prev.Kind == parse.SExpr {
		if e := prev.Expr.Bare(); e.Kind == parse.XAssign {
			if v, ok := ctree.Number(e.Y); ok && v == 1 {
				return ctree.OneLine(string(m.File.Src[prev.Pos:prev.End]))
			}
		}
	}
	return m.Value + " = 1;"
}

// declList is the list among whose declarations the variable goes: that of the block if this
// stands right after these, or with inside, else that of the function.
func (t *Request) declList(name string, inside bool, here []ctree.Arm) *parse.Stmt {
	f, after := t.Spot.File, t.Place.After
	behind := after != nil && after.Kind == parse.SDecl && !after.IsMixedDecl() && ctree.Within(here, ctree.Arms(f, after.Pos))
	if (behind || inside) && !ctree.Declares(t.Spot.Func, name) {
		return t.Place.List
	}
	return t.Spot.Func.Body()
}

// topDecl declares the variable with the others at the start of a list, under the conditions
// of the block, or with anywhere under as few as there are. It returns nil where no declaration fits.
func topDecl(t *Request, name string, konst, anywhere bool, here []ctree.Arm, list *parse.Stmt) *Value {
	f := t.Spot.File
	var last, call *parse.Stmt
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		if t.splitsCheck(s) {
			call = s
			continue
		}
		if _, ok := ctree.LineAfter(f, s.End); !ok || !namesVariable(s) || firstOfLine(f, s) == nil ||
			!ctree.Within(here, ctree.Arms(f, s.Pos)) || len(ctree.Arms(f, s.Pos)) < len(ctree.Arms(f, list.Pos+1)) {
			continue
		}
		// Under as few conditions as there are: other arms may need it, too.
		if last != nil && len(ctree.Arms(f, s.Pos)) > len(ctree.Arms(f, last.Pos)) {
			continue
		}
		if last == nil || ctree.IsPlainIntStmt(s) || !ctree.IsPlainIntStmt(last) ||
			len(ctree.Arms(f, s.Pos)) < len(ctree.Arms(f, last.Pos)) {
			last = s
		}
	}
	if last == nil && call != nil && text.FirstOnLine(f.Src, call.Pos) && namesVariable(call) &&
		len(here) == len(ctree.Arms(f, call.Pos)) && ctree.Within(here, ctree.Arms(f, call.Pos)) {
		e := edit.Insert(text.LineStart(f.Src, call.Pos), declLine(t.Style, f, call, name, konst)+t.Style.EOL)
		return &Value{Name: name, Const: konst, Edit: &e}
	}
	if last == nil {
		return t.firstDecl(name, konst, here)
	}
	if len(here) > len(ctree.Arms(f, last.Pos)) && !anywhere {
		if last = t.underSameGuards(list); last == nil {
			return nil
		}
	}
	at, _ := ctree.LineAfter(f, last.End)
	if at > t.Place.Offset {
		return nil
	}
	line := signColumn(t.Style, f, list, name, declLine(t.Style, f, firstOfLine(f, last), name, konst))
	line += declComment(t.Style, f, list, last, line)
	v := &Value{Name: name, Const: konst}
	v.Edit = &edit.Edit{Start: at, End: at, New: line + t.Style.EOL}
	return v
}

// firstOfLine is the declaration that a line of declarations begins with: "PWord num; int type;".
// It is nil where the line begins with something else.
func firstOfLine(f *parse.File, s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Kind == parse.SDecl && !text.FirstOnLine(f.Src, s.Pos) {
		s = ctree.Prev(s)
	}
	if s == nil || s.Kind != parse.SDecl {
		return nil
	}
	return s
}

// splitsCheck reports whether a declaration makes the descriptor, or keeps what another call
// returns, and its check follows without an empty line, so that another declaration after it
// would stand between the two.
func (t *Request) splitsCheck(s *parse.Stmt) bool {
	n := ctree.Next(s)
	return (s == t.Spot.Stmt && t.Place.After != s || checksResult(n, s)) && n != nil && n.Kind == parse.SIf &&
		!emptyLine.Match(t.Spot.File.Src[s.End:n.Pos])
}

// checksResult reports whether an if tests a variable that the declaration before it sets to
// what a call returns.
func checksResult(n, decl *parse.Stmt) bool {
	if n == nil || n.Kind != parse.SIf || n.Expr == nil {
		return false
	}
	found := false
	for _, d := range decl.Decls {
		if d.Init == nil || d.Init.Strip() == nil || d.Init.Strip().Kind != parse.XCall {
			continue
		}
		n.Expr.Walk(func(x *parse.Expr) bool {
			found = found || x.Kind == parse.XIdent && x.Name == d.Name
			return !found
		})
	}
	return found
}

var emptyLine = text.NewPattern(`\n[ \t\r]*\n`)

// underSameGuards is the last declaration at the start of a list that is compiled where the
// block is and nowhere else, of another #if with the same condition; one of an int before others.
func (t *Request) underSameGuards(list *parse.Stmt) (last *parse.Stmt) {
	f := t.Spot.File
	here := ctree.GuardsAt(f, t.Place.Offset)
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		at, ok := ctree.LineAfter(f, s.End)
		if there := ctree.GuardsAt(f, s.Pos); !ok || !namesVariable(s) || !text.FirstOnLine(f.Src, s.Pos) || !maps.Equal(here, there) ||
			!maps.Equal(here, ctree.GuardsAt(f, at)) || last != nil && ctree.IsPlainIntStmt(last) && !ctree.IsPlainIntStmt(s) {
			continue
		}
		last = s
	}
	return last
}

// beside reports whether the descriptor is a variable that is declared at the
// start of the block's own list, inside the function: the new one fits there, if
// the function's other option does not have its variable at the top.
func (t *Request) beside(m *exemplar.OptionCall) bool {
	body := t.Spot.Func.Body()
	if m != nil && m.File == t.Spot.File && m.Func.Start == t.Spot.Func.Start {
		if v, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value); ok && v.Block == body {
			return false
		}
	}
	l, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, t.Spot.Key)
	return ok && l.Stmt != nil && l.Stmt.Parent == t.Place.List && t.Place.List != body && !l.Stmt.IsMixedDecl()
}

// firstDecl opens the function with the declaration, where it has none yet.
func (t *Request) firstDecl(name string, konst bool, here []ctree.Arm) *Value {
	f, body := t.Spot.File, t.Spot.Func.Body()
	if len(body.List) == 0 || body.List[0].Kind == parse.SDecl {
		return nil
	}
	at, ok := ctree.LineAfter(f, body.Pos+1)
	first := body.List[0]
	if at != text.LineStart(f.Src, first.Pos) && t.Spot.Func.HasMixedDecl() {
		return nil
	}
	for ok && at < first.Pos && text.BlankLine(f.Src, at) {
		at = text.LineEnd(f.Src, at)
	}
	if !ok || at > t.Place.Offset || !text.FirstOnLine(f.Src, first.Pos) || !onlyComments(f, at, text.LineStart(f.Src, first.Pos)) ||
		!ctree.Within(here, ctree.Arms(f, at)) || len(here) != len(ctree.Arms(f, at)) {
		return nil // a directive comes first
	}
	line := text.IndentAt(f.Src, first.Pos) + t.Style.DeclareOne(name, konst)
	e := edit.Insert(at, line+t.Style.EOL+t.Style.EOL)
	return &Value{Name: name, Const: konst, Edit: &e}
}

// onlyComments reports whether a part of a file has nothing but comments.
func onlyComments(f *parse.File, from, to int) bool {
	for _, c := range f.Comments {
		off, end := int(c.Off), int(c.End)
		if off < from || end > to {
			continue
		}
		if len(bytes.TrimSpace(f.Src[from:off])) > 0 {
			return false
		}
		from = end
	}
	return from <= to && len(bytes.TrimSpace(f.Src[from:to])) == 0
}

// signColumn puts the equals sign of a declaration below those of its
// neighbours, where these keep them in one column.
func signColumn(st *style.Style, f *parse.File, list *parse.Stmt, name, line string) string {
	head, value, ok := strings.Cut(line, name+st.EqualSign)
	if !ok {
		return line
	}
	head += name
	cols, spread, tabs := map[int]int{}, 0, false
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		if len(s.Decls) != 1 || s.Decls[0].Init == nil {
			continue
		}
		d := s.Decls[0]
		from := text.LineStart(f.Src, d.NamePos)
		at := bytes.IndexByte(f.Src[d.NamePos:d.Init.Pos], '=')
		if at < 0 || bytes.IndexByte(f.Src[d.NamePos:d.Init.Pos], '\n') >= 0 {
			continue
		}
		if after := f.Src[d.NamePos+len(d.Name):]; bytes.HasPrefix(after, []byte("  ")) || bytes.HasPrefix(after, []byte("\t")) {
			spread++
			tabs = tabs || after[0] == '\t'
		}
		cols[text.Width(string(f.Src[from:d.NamePos+at]), st.Tab)]++
	}
	if spread == 0 || len(cols) != 1 {
		return line
	}
	for col, n := range cols {
		if pad := col - text.Width(head, st.Tab); n > 1 && pad > 0 {
			for tabs && text.Width(head+"\t", st.Tab) <= col {
				head += "\t"
			}
			pad = col - text.Width(head, st.Tab)
			return head + strings.Repeat(" ", pad) + strings.TrimLeft(st.EqualSign, " ") + value
		}
	}
	return line
}

// declComment is a comment after the declaration, where all of them have one:
// in the column of the neighbour's.
func declComment(st *style.Style, f *parse.File, list, last *parse.Stmt, line string) string {
	n := 0
	at := -1
	for _, s := range list.List {
		if s.Kind != parse.SDecl {
			break
		}
		c := ctree.CommentAfter(f, s.End)
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
	start := text.LineStart(f.Src, at)
	col, gap := text.Width(string(f.Src[start:at]), st.Tab), " "
	if f.Src[at-1] == '\t' {
		for gap = "\t"; text.Width(line+gap, st.Tab) < col; {
			gap += "\t"
		}
	} else if n := col - text.Width(line, st.Tab); n > 1 {
		gap = strings.Repeat(" ", n)
	}
	words := "value for SO_KEEPALIVE"
	if c := bytes.TrimLeft(f.Src[at:], "/*< "); len(c) > 0 && c[0] >= 'A' && c[0] <= 'Z' {
		words = "Value for SO_KEEPALIVE"
	}
	if f.Src[at+1] == '/' {
		return gap + "// " + words
	}
	return gap + "/* " + words + closeColumn(st, f, list, line+gap+"/* "+words) + "*/"
}

// closeColumn are the blanks before the end of a comment that bring it into the column of
// those around, where these agree on one; one blank where they do not.
func closeColumn(st *style.Style, f *parse.File, list *parse.Stmt, line string) string {
	col, n := 0, 0
	for _, s := range list.List {
		c := ctree.CommentAfter(f, s.End)
		if s.Kind != parse.SDecl || c < 0 {
			break
		}
		end := bytes.Index(f.Src[c:text.LineEnd(f.Src, c)], []byte("*/"))
		if end < 0 {
			return " "
		}
		at := text.Width(string(f.Src[text.LineStart(f.Src, c):c+end]), st.Tab)
		if n++; n > 1 && at != col {
			return " "
		}
		col = at
	}
	if n < 2 {
		return " "
	}
	return strings.Repeat(" ", max(1, col-text.Width(line, st.Tab)))
}

// starColumn reports whether another declaration of the list has its name in a
// column, so that it is the names and not their stars that stand below each other.
func starColumn(f *parse.File, s *parse.Stmt, tab, col int) bool {
	for _, o := range s.Parent.List {
		if o.Kind == parse.SDecl && o != s && namesVariable(o) && o.Decls[0].Type != nil && o.Decls[0].Type.Ptr == 0 {
			d := o.Decls[0]
			if text.Width(string(f.Src[text.LineStart(f.Src, d.NamePos):d.NamePos]), tab) == col {
				return true
			}
		}
	}
	return false
}

// namesVariable reports whether a declaration declares more than a tag.
func namesVariable(s *parse.Stmt) bool { return len(s.Decls) > 0 && s.Decls[0].Name != "" }

// declLine writes the declaration in the columns of its neighbour.
func declLine(st *style.Style, f *parse.File, s *parse.Stmt, name string, konst bool) string {
	d := s.Decls[0]
	ind := text.IndentAt(f.Src, s.Pos)
	word := st.IntWord
	if konst {
		word = "const " + word
	}
	head := string(f.Src[s.Pos:d.NamePos])
	gap := " "
	trimmed := strings.TrimRight(head, " \t*")
	if strings.HasPrefix(head[len(trimmed):], "  ") || strings.HasPrefix(head[len(trimmed):], "\t") {
		col := text.Width(ind+head, st.Tab)
		stars := strings.TrimLeft(head[len(trimmed):], " \t")
		if stars != "" && !starColumn(f, s, st.Tab, col) {
			col -= len(stars) // the names' column is that of the stars
			stars = ""
		}
		if trimmed == word {
			return ind + head[:len(trimmed)] + strings.TrimRight(head[len(trimmed):], "*") +
				strings.Repeat(" ", len(stars)) + name + st.EqualSign + "1;"
		}
		// Another type: the names' column counts.
		cur := ind + word
		if strings.Contains(head[len(trimmed):], "\t") {
			for text.Width(cur, st.Tab) < col {
				cur += "\t"
			}
			return cur + name + st.EqualSign + "1;"
		}
		if n := col - text.Width(cur, st.Tab); n > 1 {
			gap = strings.Repeat(" ", n)
		}
	}
	return ind + word + gap + name + st.EqualSign + "1;"
}
