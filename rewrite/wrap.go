package rewrite

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// wrapperNames are what a function is called that takes a new descriptor and
// gives it back with keepalive on.
var wrapperNames = []string{"with_keepalive", "with_tcp_keepalive", "keepalive_on"}

const noVariable = "no variable holds the call's result"

// wrap plans a call whose result goes into no variable: it becomes the
// argument of a static function that sets the option on a good descriptor and
// returns it, so that nothing around the call changes.
func (m *maker) wrap(s *detect.Site) *Fix {
	const why = noVariable
	f, fn, off := locate(s)
	if f == nil || fn == nil || len(f.Problems) > 0 || fn.Macro != nil || m.opt.HelperFile != "" || strings.HasSuffix(f.Path, ".h") && !inlined(fn) {
		return none(s, why)
	}
	stmt, path := owner(fn.Body(), off)
	if stmt != nil && !kept(stmt, path) {
		return none(s, why)
	}
	if stmt == nil || replaced(f, s.Node.Call) {
		return none(s, why)
	}
	call := path[len(path)-1]
	switch {
	case s.Role != detect.Client && s.Role != detect.Accepted:
		return none(s, "no block fits here, and around the call one could be that of a listener")
	case s.Transport != detect.TCP && (len(s.Node.Types) == 0 || holdsAny(s.Node.Types, "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET", "?")) && s.Role != detect.Accepted:
		return none(s, "no block fits here, and around the call one could be that of another kind of socket")
	case mended(fn, call.Pos, call.End):
		return none(s, why)
	}
	name := ""
	for _, n := range wrapperNames {
		if len(f.Idents(n)) == 0 && !m.proj.src.names1(n) {
			name = n
			break
		}
	}
	if name == "" {
		return none(s, why)
	}
	fd := "fd"
	if takenOutside(fn, fd) {
		fd = "sock"
	}
	t := m.task(s, &spot{file: f, fn: fn, call: call, stmt: stmt, fd: fd, key: fd},
		&place{list: stmt, at: lineStart(f.Src, stmt.Pos), test: true}, "")
	for t.pl.list.Parent != nil && t.pl.list.Kind != parse.SBlock {
		t.pl.list = t.pl.list.Parent
	}
	t.st = m.proj.styleAt(fn, t.pl.at)
	t.timers = m.wanted()
	if m.sw != nil {
		if why := m.sw.Refusal(switchSite(s)); why != "" {
			return none(s, "no switch: "+why)
		}
		t.sw, t.swOn = m.sw.Variable(switchSite(s)), m.sw.Guard(switchSite(s))
	}
	if family, ok := t.familyTest(); !ok || family != "" {
		t.timers = Timers{}
	}
	text, ok := m.wrapperText(t, name, fd, resultType(stmt, path, fn))
	at, used := helperPlace(f, []*Fix{{target: t}}, t)
	if !ok || !used {
		return none(s, why)
	}
	// A second call in the file uses the function of the first.
	if old, seen := m.wrappers[f]; seen {
		at, text = old.Start, old.New
		if !within(arms(f, call.Pos), arms(f, at)) {
			return none(s, why)
		}
	} else if m.wrappers == nil {
		m.wrappers = map[*parse.File]edit.Edit{}
	}
	if at > 0 && !blankLine(f.Src, lineStart(f.Src, at-1)) && !strings.HasPrefix(text, t.st.eol) {
		text = t.st.eol + text
	}
	edits := []edit.Edit{edit.Insert(at, text), edit.Insert(call.Pos, t.opening(name, call)), edit.Insert(call.End, t.st.pad+")")}
	if t.timers.Any() {
		inc, ok := m.proj.includeEdits(f, t.st.eol)
		if !ok {
			return none(s, "no certain place for #include <netinet/tcp.h>")
		}
		edits = append(inc, edits...)
	}
	if edits[0].Start > call.Pos || at > call.Pos {
		return none(s, why)
	}
	if why := proveWrapped(&t.target, name, edits); why != "" {
		return none(s, why)
	}
	m.wrappers[f] = edit.Insert(at, text)
	fix := &Fix{Site: s, Status: detect.FixPatch, Files: []FileEdits{{Path: f.Path, Edits: edits}}}
	if m.timed() && !t.timers.Any() {
		fix.Reason = "without the timers: the socket may be a unix one"
	}
	return fix
}

// inlined reports whether a function is a static inline one, which may stand in
// a header.
func inlined(fn *parse.Func) bool {
	words := strings.Fields(string(fn.File.Src[fn.Start:fn.NamePos]))
	return slices.Contains(words, "static") && slices.Contains(words, "inline")
}

// kept reports whether somebody has the descriptor afterwards: it is not just
// compared or thrown away.
func kept(stmt *parse.Stmt, path []*parse.Expr) bool {
	for i := len(path) - 2; i >= 0; i-- {
		switch e := path[i]; e.Kind {
		case parse.XParen, parse.XCast, parse.XCond, parse.XComma:
		case parse.XBinary, parse.XUnary:
			return false
		default:
			return true
		}
	}
	return stmt.Kind == parse.SReturn || stmt.Kind == parse.SDecl
}

// resultType is the type that the descriptor has where it goes.
func resultType(stmt *parse.Stmt, path []*parse.Expr, fn *parse.Func) string {
	if r := fn.Result; stmt.Kind == parse.SReturn && path[0].Bare() == path[len(path)-1] && r != nil && r.Ptr == 0 && r.Base != "" && r.Base != "void" && !strings.Contains(r.Base, " ") {
		return r.Base
	}
	return "int"
}

// wrapperText writes the function.
func (m *maker) wrapperText(t *task, name, fd, typ string) (string, bool) {
	id := m.proj.idiomFor(&t.target)
	id.result, id.leave, id.also, id.check = "", nil, "", nil
	if id.policy == policyLeave {
		id.policy = policyWarn
	}
	for _, s := range append(append([]string(nil), id.report...), id.cond) {
		for _, l := range locals(t.sp.fn) {
			if id.policy == policyWarn && hasWord(withoutStrings(s), l.decl.Name) {
				id.policy = policyIgnore
			}
		}
	}
	if mdl := id.model; mdl != nil && mdl.form == formAssign {
		id.test, id.front = t.creationTest()
	}
	v := &value{name: "on"}
	if mdl := id.model; mdl != nil && genericName(mdl.value) {
		v.name = mdl.value
	}
	if t.timers.Any() {
		v.name = "val"
	}
	if takenOutside(t.sp.fn, v.name) {
		v.name = "optval"
	}
	b := m.proj.compose(&t.target, id, v, t.swOn)
	b.Guard, b.Comment, b.Own = "", "", false
	b.Declare = t.st.word + t.st.declGap + v.name + t.st.holds + "1;"
	if t.timers.Any() {
		b.Test = t.fullTest(t.swOn)
		b.Failed = id.front + b.Set + id.test
		b.Timers = m.timersOf(t, b)
	}
	canonical, err := m.opt.Templates.RenderNamed("wrapper.tmpl", b)
	if err != nil {
		return "", false
	}
	st := *t.st
	st.fits = true
	head := headOf(t.sp.file, &st, name, typ+" "+fd, st.layout("", canonical))
	for i, l := range head {
		if rest, ok := strings.CutPrefix(l, "static void"); ok {
			if head[i] = "static " + typ + rest; inlined(t.sp.fn) && strings.HasSuffix(t.sp.file.Path, ".h") {
				head[i] = "static inline " + typ + rest
			}
			break
		}
	}
	return strings.Join(head, st.eol) + st.eol + st.eol, true
}

// opening is what stands in front of the call; where the line would become too
// long it breaks there.
func (t *target) opening(name string, call *parse.Expr) string {
	src := t.sp.file.Src
	open := name + t.st.callGap + "(" + t.st.pad
	from := lineStart(src, call.Pos)
	first := strings.TrimRight(string(src[from:lineEnd(src, call.Pos)]), "\r\n")
	_, alone := lineAfter(t.sp.file, t.sp.stmt.End)
	if width(first, t.st.tab)+len(open)+1 <= t.st.limit || firstOnLine(src, call.Pos) || !alone || t.sp.stmt.Kind == parse.SFor {
		return open
	}
	ind := t.st.columns(width(indentAt(src, call.Pos), t.st.tab) + t.st.wrap.offset)
	return strings.TrimRight(open, " ") + t.st.eol + ind
}
