package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/templates"
)

// Compose fills in the template's fields for one insertion.
func (p *Composer) Compose(t *Target, id *Idiom, v *optval.Value, test string) templates.Block {
	b := templates.Block{FD: t.Spot.FD, Value: v.Name, Declare: v.Declare, Own: v.Own, Assign: v.Assign}
	if m := id.Model; m != nil && id.near && optval.OptionGuarded(m) {
		b.Guard = "SO_KEEPALIVE"
		if v.Edit == nil && v.Declare == "" && v.Assign == "" && id.Policy == PolicyIgnore {
			b.Guard = ""
		}
	}
	if v.Guarded {
		b.Guard = "SO_KEEPALIVE"
	}
	p.underGuard(t, &b, v)
	b.Comment, b.Above = p.comment(t, id)
	if b.Assign != "" && b.Comment != "" && ignoreReason(id.Model) == b.Comment {
		b.Assign, b.Comment = b.Assign+"\n"+b.Comment, "" // it is about the call alone
	}
	b.Set = p.setCall(t, id, v)
	if b.Void = id.Void; t.Style.Voids && !id.near && (id.Model == nil || id.Model.File != t.Spot.File || id.Void != "") {
		b.Void = "(void)" + t.Style.VoidGap // as the file casts other results
	}
	if b.Void == "" && id.Policy == PolicyIgnore && t.voidCast(id) {
		if b.Void = "(void)" + castGap(t.Spot.Func); t.Style.Voids {
			b.Void = "(void)" + t.Style.VoidGap
		}
	}
	b.Test = t.FullTest(test)
	if id.Check != nil {
		b.Void, b.Set = "", id.Check.Head+b.Set+id.Check.Tail
		b.Own = b.Own || b.Test != ""
	}
	if id.Policy == PolicyIgnore {
		b.Ignore = true
		return b
	}
	failed := id.Front + b.Set + id.Test
	if id.Result != "" {
		b.Result = id.Result
		failed = id.Model.Front + id.Result + id.Model.Test
		if b.Test != "" && !b.Own {
			b.Own = true // the test needs a body of two statements
		}
	} else if b.Test != "" && !b.Own {
		failed = b.Test + " && " + failed
		b.Test = ""
	}
	if id.Also != "" {
		failed += id.Also
	}
	b.Failed = failed
	report := id.Report
	if id.Cond != "" {
		report = append(append([]string{"if (" + id.Cond + ") {"}, report...), "}")
	}
	b.Report, b.Leave = report, id.Leave
	return b
}

// setCall spells the call in the manner of the model.
func (p *Composer) setCall(t *Target, id *Idiom, v *optval.Value) string {
	st := t.Style
	if t.Call != "" {
		return t.Call
	}
	if m := id.Model; m != nil && m.Through != nil && v.Name == "" {
		return m.Through.Text(t.Spot.FD)
	}
	if v.Literal != "" {
		return p.OptionName(t.Spot.File, t.Spot.Call.Callee()) + st.CallGap + "(" + st.Pad + t.Spot.FD +
			", SOL_SOCKET, SO_KEEPALIVE, " + v.Literal + ", " + v.Size + st.Pad + ")"
	}
	cast, size, spelled := "", "sizeof"+st.SizeGap+"(%s)", false
	if m := id.Model; m != nil {
		cast = m.Cast
		if gap, ok := strings.CutPrefix(cast, "(caddr_t)"); ok && m.File == t.Spot.File &&
			!ctree.Covers(ctree.GuardsAt(m.File, t.Place.Offset), []ctree.GuardSet{ctree.GuardsAt(m.File, m.Call.Pos)}) {
			cast = "(char *)" + gap // other systems may not have the type
		}
		if m.Sizeof != "" {
			size = m.Sizeof
		}
	} else if c, s, ok := p.commonSpelling(t.Spot.File); ok {
		cast, size, spelled = c, s, true
	} else if mentionsWindows(t.Spot.File) {
		cast = "(const char *)" + castGap(t.Spot.Func)
	} else if t.Spot.Func.KR {
		cast = "(char *)" + castGap(t.Spot.Func) // as before there were prototypes
	}
	if m := id.Model; (m == nil || m.File != t.Spot.File) && t.Style.SizeBare {
		pre, _, _ := strings.Cut(size, "sizeof")
		size = pre + "sizeof %s"
	}
	if m := id.Model; (m == nil || m.File != t.Spot.File) && !spelled && !t.Style.SizeBare && t.Style.SizeSeen {
		size = repadded(size, st.SizePad)
	}
	if m := id.Model; m != nil && !id.near && !t.Style.SizeBare && t.Style.SizeOwn {
		size = respaced(size, st.SizeGap)
	}
	if v.Const && cast != "" && !strings.Contains(cast, "const") && !p.castsSo(t.Spot.File, v.Name, cast) || t.Plain.NoCast {
		cast = ""
	}
	if t.Plain.NoCast {
		// setsockopt() takes any pointer; Windows' wants one to char.
	} else if cast == "" && p.winsock(t) && !p.uncastBeside(t) {
		m := id.Model
		own := m != nil && m.File == t.Spot.File && !ctree.HasDirective(m.File, m.Call.Pos, m.Call.End)
		if cast = p.charCast(t, own); cast == "" && !v.Const && !own {
			cast = "(const char *)" + castGap(t.Spot.Func)
		}
	}
	if cast == "" && p.foreignSocket(t) && !p.uncastAlike(t) {
		if c := p.charCast(t, false); !v.Const || strings.Contains(c, "const") {
			cast = c
		}
	}
	pad := st.Pad
	if id.near {
		if own, ok := ctree.Padding(id.Model.File, id.Model.Call); ok {
			pad = own
		}
	}
	return p.OptionName(t.Spot.File, t.Spot.Call.Callee()) + st.CallGap + "(" + pad + t.Spot.FD +
		", SOL_SOCKET, SO_KEEPALIVE, " + cast + "&" + v.Name + ", " +
		strings.Replace(size, "%s", v.Name, 1) + pad + ")"
}

// castsSo reports whether the file has a variable of that name cast so in another option call.
func (p *Composer) castsSo(f *parse.File, name, cast string) bool {
	return slices.ContainsFunc(p.OptionCalls(f), func(h *exemplar.OptionCall) bool { return h.Value == name && h.Cast == cast })
}

// respaced gives sizeof the blank after it that the function has.
func respaced(size, gap string) string {
	pre, rest, ok := strings.Cut(size, "sizeof")
	if arg := strings.TrimLeft(rest, " "); ok && strings.HasPrefix(arg, "(") {
		return pre + "sizeof" + gap + arg
	}
	return size
}

// repadded gives the parentheses of sizeof the blanks inside that the file has.
func repadded(size, pad string) string {
	open, close := strings.IndexByte(size, '('), strings.LastIndexByte(size, ')')
	if open < 0 || close < open || strings.Contains(size[open+1:close], "(") {
		return size
	}
	return size[:open+1] + pad + strings.TrimSpace(size[open+1:close]) + pad + size[close:]
}

// castGap is what stands after the casts of a function.
func castGap(fn *parse.Func) string {
	blank, tight := 0, 0
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XCast && x.X != nil && x.X.Pos > 0 {
					if fn.File.Src[x.X.Pos-1] == ' ' {
						blank++
					} else {
						tight++
					}
				}
				return true
			})
		})
		return true
	})
	if blank > tight {
		return " "
	}
	return ""
}

// winsock reports whether the code around is built for Windows too, where
// setsockopt() takes a pointer to char.
func (p *Composer) winsock(t *Target) bool {
	f := t.Spot.File
	if p.windows.Get(f, func() bool { return mentionsWindows(f) || len(f.Idents("closesocket")) > 0 }) {
		return true
	}
	found := false
	if c := t.Place.Check; c != nil {
		c.Expr.Walk(func(x *parse.Expr) bool {
			found = found || x.Kind == parse.XIdent && strings.HasSuffix(x.Name, "INVALID_SOCKET")
			return true
		})
	}
	return found
}

// uncastBeside: every build of the block has an uncast option on the same descriptor, in the same function.
func (p *Composer) uncastBeside(t *Target) bool {
	return slices.ContainsFunc(p.OptionCalls(t.Spot.File), func(h *exemplar.OptionCall) bool {
		return h.Func.Start == t.Spot.Func.Start && h.FD == t.Spot.Key && h.Cast == "" && h.Value != "" && h.Through == nil &&
			ctree.Covers(ctree.GuardsAt(h.File, t.Place.Offset), []ctree.GuardSet{ctree.GuardsAt(h.File, h.Call.Pos)})
	})
}

// uncastAlike reports whether every build of the block has an uncast option of the file on another
// descriptor of the same type.
func (p *Composer) uncastAlike(t *Target) bool {
	own, _ := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, t.Spot.Key)
	return slices.ContainsFunc(p.OptionCalls(t.Spot.File), func(h *exemplar.OptionCall) bool {
		v, ok := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.FD)
		return ok && h.Cast == "" && h.Value != "" && h.Through == nil && v.Decl.Type != nil && v.Decl.Type.Base == own.Decl.Type.Base &&
			ctree.Covers(ctree.GuardsAt(h.File, t.Place.Offset), []ctree.GuardSet{ctree.GuardsAt(h.File, h.Call.Pos)})
	})
}

// foreignSocket reports whether the descriptor is of a type of its own: the
// program is built for systems where sockets are no integers, and setsockopt
// takes a pointer to char.
func (p *Composer) foreignSocket(t *Target) bool {
	v, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, t.Spot.Key)
	return ok && v.Decl.Type != nil && v.Decl.Type.Base != "int" && !v.Decl.Type.Array && v.Decl.Type.Ptr == 0
}

// charCast is how the program's other options of that kind are cast, nearest
// first, or those of the file alone.
func (p *Composer) charCast(t *Target, own bool) string {
	files := []*parse.File{t.Spot.File}
	if !own {
		files = append(files, p.Others(t.Spot.File)...)
	}
	for _, f := range files {
		for _, h := range p.OptionCalls(f) {
			if strings.Contains(h.Cast, "char") || strings.Contains(h.Cast, "const void") {
				return h.Cast
			}
		}
	}
	return ""
}

// commonSpelling takes the cast of any call of the file.
func (p *Composer) commonSpelling(f *parse.File) (cast, size string, ok bool) {
	for _, h := range p.OptionCalls(f) {
		if h.Sizeof != "" {
			return h.Cast, h.Sizeof, true
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

// comment chooses the comment above the block, "" for none: the model's own,
// where it is about failures in general, or one like the neighbours' where
// every step is commented.
//
// above tells that it stands before the block's own braces.
func (p *Composer) comment(t *Target, id *Idiom) (content string, above bool) {
	f := t.Spot.File
	models := []*exemplar.OptionCall{id.Model}
	if id.Policy == PolicyIgnore && id.Void != "" && (id.Model == nil || id.Model.Form != exemplar.FormVoid) {
		models = append(models, p.voidModel(t))
	}
	for _, m := range models {
		if c := ignoreReason(m); c != "" && !t.Place.Test { // above a test it would be about the creation
			return c, false
		}
	}
	if c, above := siblingComment(t, id); c != "" {
		return c, above
	}
	if own := t.stepComment(); own != "" {
		return LikeComment(f, own), false
	}
	n := anchor.NextStmt(t.Place)
	if n == nil || !text.FirstOnLine(f.Src, n.Pos) || t.Place.After == nil || !text.BlankLine(f.Src, t.Place.Offset) {
		return "", false
	}
	creation := ctree.ListMember(t.Spot.Stmt)
	if creation == nil {
		return "", false
	}
	own, below := paragraphComment(f, creation), ctree.CommentBefore(f, n.Pos)
	if own == "" || below == "" {
		return "", false
	}
	return LikeComment(f, own), false
}

// siblingComment is like the comment that the other option of the descriptor
// has, where that says what is done.
func siblingComment(t *Target, id *Idiom) (content string, above bool) {
	m := id.Model
	if m == nil || !id.near || t.Place.Test {
		return "", false
	}
	f, c := m.File, ""
	if d := ctree.Prev(m.Stmt); d != nil && (d.Kind == parse.SDecl && d.IsMixedDecl() ||
		d.Kind == parse.SExpr && optval.DeclKindOf(m) == optval.DeclScratch) && text.FirstOnLine(f.Src, d.Pos) {
		c = ctree.CommentBefore(f, d.Pos) // above int yes = 1;
	}
	for s := m.Stmt; s != nil && c == ""; s = s.Parent {
		if s.Kind != parse.SBlock || text.FirstOnLine(f.Src, s.Pos) {
			if !text.FirstOnLine(f.Src, s.Pos) {
				return "", false
			}
			c = ctree.CommentBefore(f, s.Pos)
			above = s.Kind == parse.SBlock
		}
		// On to what the statement is the first of.
		if up := s.Parent; up == nil || up.Kind == parse.SBlock && firstStep(f, up, m.Value) != s ||
			up.Kind != parse.SBlock && up.Kind != parse.SIf {
			break
		}
	}
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	words := strings.Fields(body)
	if c == "" || strings.Contains(c, "\n") || len(words) < 2 || len(words) > 8 || !commandWord(words[0]) {
		return "", false
	}
	if i := strings.Index(c, m.Opt); i >= 0 {
		return c[:i] + "SO_KEEPALIVE" + c[i+len(m.Opt):], above
	}
	if _, short, _ := strings.Cut(m.Opt, "_"); len(short) > 3 && strings.Contains(c, short) {
		return strings.Replace(c, short, "KEEPALIVE", 1), above
	}
	stem := strings.TrimSuffix(strings.ToLower(words[0]), "s")
	for _, v := range verbs {
		if strings.HasPrefix(v[0], stem+" ") {
			return likeComment(v[1], c), above
		}
	}
	return LikeComment(t.Spot.File, c), above
}

// firstStep is the first statement of a block that neither declares nor gives
// the option's value.
func firstStep(f *parse.File, b *parse.Stmt, value string) *parse.Stmt {
	for _, s := range b.List {
		if e := s.Expr.Bare(); s.Kind != parse.SDecl &&
			(s.Kind != parse.SExpr || e.Kind != parse.XAssign || !ctree.IsLvalue(f, e.X, value)) {
			return s
		}
	}
	return nil
}

// commandWord reports whether a comment's first word says what is done.
func commandWord(w string) bool {
	return knowledge.CommandWords.Has(strings.TrimSuffix(strings.ToLower(w), "s"))
}

// stepComment is the comment of a step of the list, where nearly all steps
// around have one, "" where not.
func (t *Target) stepComment() string {
	f := t.Spot.File
	near := ""
	with, without := 0, 0
	for _, s := range t.Place.List.List {
		if s.Kind == parse.SDecl || !text.FirstOnLine(f.Src, s.Pos) {
			continue
		}
		if c := ctree.CommentBefore(f, s.Pos); c != "" {
			with++
			if !strings.Contains(c, "\n") && (near == "" || s.Pos <= t.Place.Offset) {
				near = c
			}
			continue
		}
		switch s.Kind {
		case parse.SReturn, parse.SBreak, parse.SContinue, parse.SGoto:
			continue // what leaves is no step
		}
		if start := text.LineStart(f.Src, s.Pos); start > 0 &&
			text.BlankLine(f.Src, text.LineStart(f.Src, start-1)) && !t.Composer.Exits.Leaves(f, s) {
			without++
		}
	}
	if with >= 3 && with >= 4*without {
		return near
	}
	return ""
}

// ignoreReason is the model's comment when it says why failures do not matter.
func ignoreReason(m *exemplar.OptionCall) string {
	if m == nil || !text.FirstOnLine(m.File.Src, m.Stmt.Pos) {
		return ""
	}
	c := ctree.CommentBefore(m.File, m.Stmt.Pos)
	low := strings.ToLower(c)
	if c == "" || strings.Contains(c, "\n") || strings.Contains(low, strings.ToLower(m.Opt)) || len(c) >= 60 {
		return ""
	}
	first := strings.TrimLeft(low, "/* ")
	if i := strings.IndexAny(first, ",;."); i > 0 {
		first = first[:i] // what it says before is about that option
	}
	for _, w := range []string{"fail", "in case of error", "ignore error", "best effort"} {
		if strings.Contains(first, w) {
			return c
		}
	}
	return ""
}

// voidModel is a call of the project whose result is cast to void.
func (p *Composer) voidModel(t *Target) *exemplar.OptionCall {
	for _, f := range append([]*parse.File{t.Spot.File}, p.Others(t.Spot.File)...) {
		for _, h := range p.OptionCalls(f) {
			if h.Form == exemplar.FormVoid && ignoreReason(h) != "" {
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
		if c := ctree.CommentBefore(f, s.Pos); c != "" {
			return c
		}
		start := text.LineStart(f.Src, s.Pos)
		if start == 0 || text.BlankLine(f.Src, text.LineStart(f.Src, start-1)) {
			return ""
		}
		s = ctree.Prev(s)
	}
	return ""
}

// verbs are the words for switching something on, each with its object.
var verbs = [][2]string{{"enable ", "enable keepalive"}, {"turn on ", "turn on keepalive"}, {"activate ", "activate keepalive"},
	{"switch on ", "switch on keepalive"}, {"set ", "set SO_KEEPALIVE"}}

// LikeComment writes the comment with the verb that the file's comments use,
// the first letter, the full stop and the delimiters of a neighbour.
func LikeComment(f *parse.File, c string) string {
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
	return likeComment(text, c)
}

// likeComment gives a text the delimiters and the manner of a comment.
func likeComment(text, c string) string {
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	if i := strings.IndexByte(body, ' '); i > 0 && body[i-1] == 's' && commandWord(body[:i]) { // Enables ...
		verb, rest, _ := strings.Cut(text, " ")
		text = verb + "s " + rest
	}
	if body != "" && body[0] >= 'A' && body[0] <= 'Z' {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	switch {
	case strings.HasSuffix(body, "..."):
		text += "..."
	case strings.HasSuffix(body, ".") && !strings.HasSuffix(body, ".."):
		text += "."
	}
	switch {
	case strings.HasPrefix(c, "//"):
		return "// " + text
	case strings.HasSuffix(c, ".  */"): // GNU's two blanks
		return "/* " + text + "  */"
	}
	return "/* " + text + " */"
}

// Insertion joins the lines of the block and sets it off from its neighbours
// as these are from each other.
func (t *Target) Insertion(lines []string, helper bool) edit.Edit {
	src := t.Spot.File.Src
	at := t.Place.Offset
	lead := ""
	if text.BlankLine(src, at) {
		n := anchor.NextStmt(t.Place)
		switch {
		case anchor.AfterDecls(t.Place):
			at = text.LineEnd(src, at) // below the blank line that ends the declarations
		case len(lines) == 1 && n != nil && n.Kind == parse.SExpr && (helper && ctree.CallOn(t.Spot.File, n.Expr, t.Spot.Key) || t.setsOption(n)) &&
			text.LineStart(src, n.Pos) == text.LineEnd(src, at):
			at = text.LineEnd(src, at) // at the head of a row of such calls
		case len(lines) == 1 && t.Place.After != nil && t.Place.After.Kind == parse.SExpr && t.setsOption(t.Place.After) &&
			paragraphComment(t.Spot.File, t.Place.After) == "":
			// at the end of a row of such calls
		case t.Place.After != nil && text.BlankLine(src, text.LineEnd(src, at)):
			at = text.LineEnd(src, at) // a gap of two lines is room for one on either side
		case t.Place.After != nil:
			lead = t.Style.EOL
		}
	}
	return edit.Insert(at, lead+strings.Join(lines, t.Style.EOL)+t.Style.EOL)
}

// setsOption reports whether a statement is a call that sets an option of the descriptor.
func (t *Target) setsOption(n *parse.Stmt) bool {
	c := n.Expr.Strip()
	return c != nil && c.Kind == parse.XCall && t.Composer.Exits.SetsOptions(t.Spot.File, c, t.Spot.Key)
}

// ComposeCall is compose for a call of the project's own helper.
func (p *Composer) ComposeCall(t *Target, sv *Setter, test string) templates.Block {
	b := templates.Block{FD: t.Spot.FD, Helper: sv.fn.Name, Ignore: true, Void: sv.void, Set: sv.text(t.Style, t.Spot.FD)}
	b.Test = t.FullTest(test)
	return b
}

// ComposeChecked is ComposeCall where the helper's other callers look at its
// result: the block does as they do. ok is false where they do not, or what they
// do fits not here.
func (p *Composer) ComposeChecked(t *Target, sv *Setter, test string) (b templates.Block, ok bool) {
	if sv.like == nil {
		return b, false
	}
	t.Setter = sv
	id := p.IdiomFor(t)
	if id.Policy == PolicyIgnore && id.Check == nil {
		t.Setter = nil
		return b, false
	}
	t.Idiom = id
	b = p.Compose(t, id, &optval.Value{}, test)
	b.Helper, b.Guard, b.Comment = sv.fn.Name, "", ""
	return b, true
}

// FullTest adds the test for a descriptor at all to the test for TCP.
func (t *Target) FullTest(test string) string {
	if !t.Place.Test {
		return t.constantFirst(test)
	}
	if test == "" {
		return t.Composer.validTest(t)
	}
	return t.Composer.validTest(t) + " && " + t.constantFirst(test)
}

// constantFirst puts the constant first in a comparison, where the file does.
func (t *Target) constantFirst(test string) string {
	left, right, ok := strings.Cut(test, " == ")
	if !ok || !t.Style.Yoda || strings.ContainsAny(test, "&|(") || !ctree.IsUpper(right) {
		return test
	}
	return right + " == " + left
}
