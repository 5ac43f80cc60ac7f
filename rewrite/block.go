package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/templates"
)

// compose fills in the template's fields for one insertion.
func (p *composer) compose(t *target, id *idiom, v *value, test string) templates.Block {
	b := templates.Block{FD: t.sp.fd, Value: v.name, Declare: v.declare, Own: v.own, Assign: v.assign}
	if m := id.model; m != nil && id.near && p.optionGuarded(m) {
		b.Guard = "SO_KEEPALIVE"
		if v.edit == nil && v.declare == "" && v.assign == "" && id.policy == policyIgnore {
			b.Guard = ""
		}
	}
	if v.guarded {
		b.Guard = "SO_KEEPALIVE"
	}
	b.Comment, b.Above = p.comment(t, id)
	if b.Assign != "" && b.Comment != "" && excuse(id.model) == b.Comment {
		b.Assign, b.Comment = b.Assign+"\n"+b.Comment, "" // it speaks of the call alone
	}
	b.Set = p.setCall(t, id, v)
	if b.Void = id.void; t.st.voids && !id.near && (id.model == nil || id.model.file != t.sp.file || id.void != "") {
		b.Void = "(void)" + t.st.voidGap // as the file casts other results
	}
	if b.Void == "" && id.policy == policyIgnore && t.deliberate(id) {
		if b.Void = "(void)" + castGap(t.sp.fn); t.st.voids {
			b.Void = "(void)" + t.st.voidGap
		}
	}
	b.Test = t.fullTest(test)
	if id.check != nil {
		b.Void, b.Set = "", id.check.head+b.Set+id.check.tail
		b.Own = b.Own || b.Test != ""
	}
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
func (p *composer) setCall(t *target, id *idiom, v *value) string {
	st := t.st
	if m := id.model; m != nil && m.through != nil && v.name == "" {
		return m.through.text(t.sp.fd)
	}
	cast, size := "", "sizeof"+st.sizeGap+"(%s)"
	if m := id.model; m != nil {
		cast = m.cast
		if m.sizeof != "" {
			size = m.sizeof
		}
	} else if c, s, ok := p.commonSpelling(t.sp.file); ok {
		cast, size = c, s
	} else if mentionsWindows(t.sp.file) {
		cast = "(const char *)" + castGap(t.sp.fn)
	} else if t.sp.fn.KR {
		cast = "(char *)" + castGap(t.sp.fn) // as before there were prototypes
	}
	if m := id.model; (m == nil || m.file != t.sp.file) && t.st.sizeBare {
		pre, _, _ := strings.Cut(size, "sizeof")
		size = pre + "sizeof %s"
	}
	if m := id.model; m != nil && !id.near && !t.st.sizeBare && t.st.sizeOwn {
		size = respaced(size, st.sizeGap)
	}
	if v.konst && cast != "" && !strings.Contains(cast, "const") || t.without.noCast {
		cast = ""
	}
	if t.without.noCast {
		// setsockopt() takes any pointer; Windows' wants one to char.
	} else if cast == "" && (id.model == nil || id.model.file != t.sp.file) && p.winsock(t) {
		if cast = p.charCast(t); cast == "" && !v.konst {
			cast = "(const char *)" + castGap(t.sp.fn)
		}
	}
	if cast == "" && p.foreignSocket(t) {
		if c := p.charCast(t); !v.konst || strings.Contains(c, "const") {
			cast = c
		}
	}
	return "setsockopt" + st.callGap + "(" + st.pad + t.sp.fd + ", SOL_SOCKET, SO_KEEPALIVE, " + cast + "&" + v.name + ", " +
		strings.Replace(size, "%s", v.name, 1) + st.pad + ")"
}

// respaced gives sizeof the blank behind it that the function has.
func respaced(size, gap string) string {
	pre, rest, ok := strings.Cut(size, "sizeof")
	if arg := strings.TrimLeft(rest, " "); ok && strings.HasPrefix(arg, "(") {
		return pre + "sizeof" + gap + arg
	}
	return size
}

// castGap is what stands behind the casts of a function.
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
func (p *composer) winsock(t *target) bool {
	f := t.sp.file
	if mentionsWindows(f) || len(f.Idents("closesocket")) > 0 {
		return true
	}
	found := false
	if c := t.pl.check; c != nil {
		c.Expr.Walk(func(x *parse.Expr) bool {
			found = found || x.Kind == parse.XIdent && strings.HasSuffix(x.Name, "INVALID_SOCKET")
			return true
		})
	}
	return found
}

// foreignSocket reports whether the descriptor is of a type of its own: the
// program is built for systems where sockets are no integers, and setsockopt
// takes a pointer to char.
func (p *composer) foreignSocket(t *target) bool {
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, t.sp.key)
	return ok && v.decl.Type != nil && v.decl.Type.Base != "int" && !v.decl.Type.Array && v.decl.Type.Ptr == 0
}

// charCast is how the program's other options of that kind are cast, nearest
// first.
func (p *composer) charCast(t *target) string {
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
func (p *composer) commonSpelling(f *parse.File) (cast, size string, ok bool) {
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

// comment chooses the comment above the block, "" for none: the model's own,
// where it speaks of failures in general, or one like the neighbours' where
// every step is commented.
//
// above tells that it stands in front of the block's own braces.
func (p *composer) comment(t *target, id *idiom) (text string, above bool) {
	f := t.sp.file
	models := []*habit{id.model}
	if id.policy == policyIgnore && id.void != "" && (id.model == nil || id.model.form != formVoid) {
		models = append(models, p.voidModel(t))
	}
	for _, m := range models {
		if c := excuse(m); c != "" && !t.pl.test { // above a test it would speak of the creation
			return c, false
		}
	}
	if c, above := siblingComment(t, id); c != "" {
		return c, above
	}
	if own := t.stepComment(); own != "" {
		return likeComment(f, own), false
	}
	n := following(t.pl)
	if n == nil || !firstOnLine(f.Src, n.Pos) || t.pl.after == nil || !blankLine(f.Src, t.pl.at) {
		return "", false
	}
	creation := listMember(t.sp.stmt)
	if creation == nil {
		return "", false
	}
	own, below := paragraphComment(f, creation), commentBefore(f, n.Pos)
	if own == "" || below == "" {
		return "", false
	}
	return likeComment(f, own), false
}

// siblingComment is like the comment that the other option of the descriptor
// has, where that says what is done.
func siblingComment(t *target, id *idiom) (text string, above bool) {
	m := id.model
	if m == nil || !id.near || t.pl.test {
		return "", false
	}
	f, c := m.file, ""
	if d := before(m.stmt); d != nil && (d.Kind == parse.SDecl && midway(d) || d.Kind == parse.SExpr && t.proj.declKindOf(m) == declScratch) && firstOnLine(f.Src, d.Pos) {
		c = commentBefore(f, d.Pos) // above int yes = 1;
	}
	for s := m.stmt; s != nil && c == ""; s = s.Parent {
		if s.Kind != parse.SBlock || firstOnLine(f.Src, s.Pos) {
			if !firstOnLine(f.Src, s.Pos) {
				return "", false
			}
			c = commentBefore(f, s.Pos)
			above = s.Kind == parse.SBlock
		}
		// On to what the statement is the first of.
		if up := s.Parent; up == nil || up.Kind == parse.SBlock && firstStep(f, up, m.value) != s || up.Kind != parse.SBlock && up.Kind != parse.SIf {
			break
		}
	}
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	words := strings.Fields(body)
	if c == "" || strings.Contains(c, "\n") || len(words) < 2 || len(words) > 8 || !commandWord(words[0]) {
		return "", false
	}
	if i := strings.Index(c, m.opt); i >= 0 {
		return c[:i] + "SO_KEEPALIVE" + c[i+len(m.opt):], above
	}
	if _, short, _ := strings.Cut(m.opt, "_"); len(short) > 3 && strings.Contains(c, short) {
		return strings.Replace(c, short, "KEEPALIVE", 1), above
	}
	stem := strings.TrimSuffix(strings.ToLower(words[0]), "s")
	for _, v := range verbs {
		if strings.HasPrefix(v[0], stem+" ") {
			return inManner(v[1], c), above
		}
	}
	return likeComment(t.sp.file, c), above
}

// firstStep is the first statement of a block that neither declares nor gives
// the option's value.
func firstStep(f *parse.File, b *parse.Stmt, value string) *parse.Stmt {
	for _, s := range b.List {
		if e := s.Expr.Bare(); s.Kind != parse.SDecl && (s.Kind != parse.SExpr || e.Kind != parse.XAssign || !same(f, e.X, value)) {
			return s
		}
	}
	return nil
}

// commandWord reports whether a comment's first word says what is done.
func commandWord(w string) bool {
	switch strings.TrimSuffix(strings.ToLower(w), "s") {
	case "set", "enable", "turn", "switch", "activate", "disable", "make", "allow", "put", "use", "reuse", "select":
		return true
	}
	return false
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
		switch s.Kind {
		case parse.SReturn, parse.SBreak, parse.SContinue, parse.SGoto:
			continue // what leaves is no step
		}
		if start := lineStart(f.Src, s.Pos); start > 0 && blankLine(f.Src, lineStart(f.Src, start-1)) && !t.proj.exits.leaves(f, s) {
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
func (p *composer) voidModel(t *target) *habit {
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
	return inManner(text, c)
}

// inManner gives a text the delimiters and the manner of a comment.
func inManner(text, c string) string {
	body := strings.TrimSpace(strings.Trim(c, "/* \t\r\n"))
	if i := strings.IndexByte(body, ' '); i > 0 && body[i-1] == 's' && commandWord(body[:i]) { // Enables ...
		verb, rest, _ := strings.Cut(text, " ")
		text = verb + "s " + rest
	}
	if body != "" && body[0] >= 'A' && body[0] <= 'Z' {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if strings.HasSuffix(body, ".") && !strings.HasSuffix(body, "..") {
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
		case t.pl.after != nil && blankLine(src, lineEnd(src, at)):
			at = lineEnd(src, at) // a gap of two lines is room for one on either side
		case t.pl.after != nil:
			lead = t.st.eol
		}
	}
	return edit.Insert(at, lead+strings.Join(lines, t.st.eol)+t.st.eol)
}

// composeCall is compose for a call of the project's own helper.
func (p *composer) composeCall(t *target, sv *setter, test string) templates.Block {
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
