package rewrite

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/include"
	"github.com/keepatch/keepatch/rewrite/newfunc"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/rewrite/proof"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// wrapperNames are what a function is called that takes a new descriptor and
// gives it back with keepalive on.
var wrapperNames = []string{"with_keepalive", "with_tcp_keepalive", "keepalive_on"}

// wrapper is a function that turns keepalive on for what it is given, and the
// #if conditions of its own.
type wrapper struct {
	edit.Edit
	name  string
	under ctree.GuardSet
}

// serves reports whether it can be called at an offset of its file, in all builds that compile that.
func (w *wrapper) serves(f *parse.File, off int) bool {
	here := ctree.GuardsAt(f, off)
	return ctree.Covers(here, []ctree.GuardSet{ctree.GuardsAt(f, w.Start)}) && ctree.Covers(here, []ctree.GuardSet{w.under})
}

// wrapperUse says which builds call the function around a call.
type wrapperUse int8

const (
	everyBuild wrapperUse = iota // all that compile it, by this call alone
	otherArms                    // all that compile it, by calls in other arms of an #if, too
	underGuard                   // those of the call's #if, under which it stands itself
)

const noVariable = "no variable holds the call's result"

// wrap plans a call whose result goes into no variable: it becomes the
// argument of a static function that sets the option on a good descriptor and
// returns it, so that nothing around the call changes.
func (m *maker) wrap(s *result.Site, use wrapperUse) *Fix {
	const why = noVariable
	f, fn, off := anchor.Locate(s)
	if f == nil || fn == nil || len(f.Problems) > 0 || fn.Macro != nil || m.opt.HelperFile != "" ||
		strings.HasSuffix(f.Path, ".h") && !inlined(fn) {
		return none(s, why)
	}
	stmt, path := ctree.CallAt(fn.Body(), off)
	if stmt == nil || !isUsed(stmt, path) || redefined(f, s.Node.Call) {
		return none(s, why)
	}
	call := path[len(path)-1]
	switch {
	case s.Role != result.Client && s.Role != result.Accepted:
		return none(s, "no variable holds the descriptor, and wrapping the call could affect a listener")
	case mayBeDatagram(s) && s.Role != result.Accepted:
		return none(s, "no variable holds the descriptor, and wrapping the call could affect another kind of socket")
	case ctree.Repaired(fn, call.Pos, call.End):
		return none(s, why)
	}
	// A second call in the file uses the function of the first, where it can.
	i := slices.IndexFunc(m.wrappers[f], func(w wrapper) bool { return w.serves(f, call.Pos) })
	seen := i >= 0
	name := ""
	if seen {
		name = m.wrappers[f][i].name
	} else if name = m.wrapperName(f); name == "" {
		return none(s, why)
	}
	t, refusal := m.wrapTask(s, f, fn, call, stmt)
	if refusal != "" {
		return none(s, refusal)
	}
	content, ok := m.wrapperText(t, name, t.Spot.FD, resultType(stmt, path, fn))
	at, guards, used := newfunc.Place(f, t.Spot.Func, []int{t.Place.Offset})
	used = used && guards == nil
	if !ok || !used && !seen && use == everyBuild {
		fix := none(s, why)
		fix.oneArm = ok
		return fix
	}
	var under ctree.GuardSet
	if use == underGuard {
		guards := ctree.GuardLines(f, call.Pos, at)
		if guards == nil {
			return none(s, why)
		}
		content = newfunc.UnderGuards(guards, content, t.Style.EOL)
		under = ctree.GuardsAt(f, call.Pos)
	}
	if seen {
		old := m.wrappers[f][i]
		at, content, under = old.Start, old.New, old.under
	}
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) && !strings.HasPrefix(content, t.Style.EOL) {
		content = t.Style.EOL + content
	}
	edits := []edit.Edit{edit.Insert(at, content), edit.Insert(call.Pos, t.Opening(name, call)), edit.Insert(call.End, t.Style.Pad+")")}
	if t.timers.Any() {
		inc, ok := include.Timers(m.proj.Program, f, call.Pos, t.Style.EOL)
		if !ok {
			return none(s, "no safe place for #include <netinet/tcp.h>")
		}
		edits = append(inc, edits...)
	}
	if edits[0].Start > call.Pos || at > call.Pos {
		return none(s, why)
	}
	if why := proof.ProveWrapped(&t.Target, name, edits); why != "" {
		return none(s, why)
	}
	if !seen {
		m.wrappers[f] = append(slices.Clip(m.wrappers[f]), wrapper{edit.Insert(at, content), name, under})
	}
	fix := &Fix{Site: s, Status: result.FixPatch, Files: []FileEdits{{Path: f.Path, Edits: edits}}}
	if m.setsTimers(t) && !t.timers.Any() {
		fix.Reason = "without the timers: " + t.without
	}
	return fix
}

// wrapperName is a name for the function that means nothing in the file or the headers,
// "" where all are taken.
func (m *maker) wrapperName(f *parse.File) string {
	for _, n := range wrapperNames {
		taken := slices.ContainsFunc(m.wrappers[f], func(w wrapper) bool { return w.name == n })
		if !taken && len(f.Idents(n)) == 0 && !m.proj.Src.InHeaders(n) {
			return n
		}
	}
	return ""
}

// wrapTask is the block inside the function around a call, or the reason why there can be
// none.
func (m *maker) wrapTask(s *result.Site, f *parse.File, fn *parse.Func, call *parse.Expr, stmt *parse.Stmt) (*task, string) {
	fd := "fd"
	if ctree.TakenOutside(fn, fd) {
		fd = "sock"
	}
	t := m.task(s, &anchor.Spot{File: f, Func: fn, Call: call, Stmt: stmt, FD: fd, Key: fd},
		&anchor.Place{List: stmt, Offset: text.LineStart(f.Src, stmt.Pos), Test: true}, "")
	for t.Place.List.Parent != nil && t.Place.List.Kind != parse.SBlock {
		t.Place.List = t.Place.List.Parent
	}
	t.Style = m.proj.StyleAt(fn, t.Place.Offset)
	if m.sw != nil {
		if why := m.sw.Refusal(switchSite(s)); why != "" {
			return nil, "no switch: " + why
		}
		t.sw, t.swOn = m.sw.Variable(switchSite(s)), m.sw.Guard(switchSite(s))
	}
	t.timers = m.timersWanted(t)
	if family, ok := t.FamilyTest(); !ok || family != "" {
		t.timers, t.without = timers.Timers{}, "the socket may be a unix one"
	} else if t.without = include.NoTimers(m.proj.Program, f); t.without != "" {
		t.timers = timers.Timers{}
	}
	return t, ""
}

// mayBeDatagram reports whether a call may make a socket without connections, too.
func mayBeDatagram(s *result.Site) bool {
	return s.Transport != result.TCP &&
		(len(s.Node.Types) == 0 || compose.AnyContains(s.Node.Types, "SOCK_DGRAM", "SOCK_RAW", "SOCK_SEQPACKET", "?"))
}

// arms plans the calls that stand under an #if and whose result goes into no
// variable. Where the calls in the other arms are planned as well, all of them
// go through one function: a build without a use of it would warn. Else the
// function gets the #if of the call.
func (m *maker) arms(plan *Plan) {
	for i, fix := range plan.Fixes {
		if !fix.oneArm {
			continue
		}
		group := m.otherArms(plan, i)
		before, had := m.wrappers[fix.Site.Node.File]
		var wrapped []*Fix
		for _, j := range group {
			if w := m.wrap(plan.Fixes[j].Site, otherArms); w.Status == result.FixPatch {
				wrapped = append(wrapped, w)
			}
		}
		if len(group) > 0 && len(wrapped) == len(group) {
			for k, j := range group {
				plan.Fixes[j] = wrapped[k]
			}
			continue
		}
		if !had {
			delete(m.wrappers, fix.Site.Node.File)
		} else {
			m.wrappers[fix.Site.Node.File] = before
		}
		if w := m.wrap(fix.Site, underGuard); w.Status == result.FixPatch {
			plan.Fixes[i] = w
		}
	}
}

// otherArms are the fixes of the calls that stand in other arms of the #if
// around a call of the same function, itself among them; nil unless every build
// of the function compiles one.
func (m *maker) otherArms(plan *Plan, i int) (group []int) {
	f, fn, _ := anchor.Locate(plan.Fixes[i].Site)
	if f == nil || fn == nil {
		return nil
	}
	var places []ctree.GuardSet
	for j, fix := range plan.Fixes {
		g, other, at := anchor.Locate(fix.Site)
		if g != f || other == nil || other.NamePos != fn.NamePos || fix.parent != nil ||
			fix.same != nil || j != i && len(ctree.Arms(f, at)) == 0 ||
			!fix.oneArm && (fix.Status != result.FixPatch || fix.target == nil ||
				fix.target.Idiom == nil || fix.target.Idiom.Policy == compose.PolicyLeave) {
			continue
		}
		group = append(group, j)
		places = append(places, ctree.GuardsAt(f, at))
	}
	if len(group) < 2 || !ctree.Covers(ctree.GuardsAt(f, fn.NamePos), places) {
		return nil
	}
	return group
}

// inlined reports whether a function is a static inline one, which may stand in
// a header.
func inlined(fn *parse.Func) bool {
	words := strings.Fields(string(fn.File.Src[fn.Start:fn.NamePos]))
	return slices.Contains(words, "static") && slices.Contains(words, "inline")
}

// isUsed reports whether the descriptor is stored or passed on: it is not just
// compared or thrown away.
func isUsed(stmt *parse.Stmt, path []*parse.Expr) bool {
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
	if r := fn.Result; stmt.Kind == parse.SReturn && path[0].Bare() == path[len(path)-1] && r != nil && r.Ptr == 0 &&
		r.Base != "" && r.Base != "void" && !strings.Contains(r.Base, " ") {
		return r.Base
	}
	return "int"
}

// wrapperText writes the function.
func (m *maker) wrapperText(t *task, name, fd, typ string) (string, bool) {
	id := m.proj.IdiomFor(&t.Target)
	id.Result, id.Leave, id.Also, id.Check = "", nil, "", nil
	if id.Policy == compose.PolicyLeave {
		id.Policy = compose.PolicyWarn
	}
	for _, s := range append(append([]string(nil), id.Report...), id.Cond) {
		for _, l := range ctree.Locals(t.Spot.Func) {
			if id.Policy == compose.PolicyWarn && text.HasWord(ctree.WithoutStrings(s), l.Decl.Name) {
				id.Policy = compose.PolicyIgnore
			}
		}
	}
	if mdl := id.Model; mdl != nil && mdl.Form == exemplar.FormAssign {
		id.Test, id.Front = t.CreationTest()
	}
	v := &optval.Value{Name: "on"}
	if mdl := id.Model; mdl != nil && exemplar.GenericName(mdl.Value) {
		v.Name = mdl.Value
	}
	if t.timers.Any() {
		v.Name = "val"
	}
	if ctree.TakenOutside(t.Spot.Func, v.Name) {
		v.Name = "optval"
	}
	b := m.proj.Compose(&t.Target, id, v, t.swOn)
	b.Guard, b.Under, b.UnderEnd, b.Comment, b.Own = "", "", "", "", false
	b.Declare = t.Style.IntWord + t.Style.DeclGap + v.Name + t.Style.EqualSign + "1;"
	if t.timers.Any() {
		b.Test = t.FullTest(t.swOn)
		b.Failed = id.Front + b.Set + id.Test
		b.Timers = m.timersOf(t, b)
	}
	canonical, err := m.opt.Templates.RenderNamed("wrapper.tmpl", b)
	if err != nil {
		return "", false
	}
	st := *t.Style
	st.FollowGaps = true
	head := newfunc.Head(m.proj.Program, t.Spot.File, &st, "void", name, typ+" "+fd, st.Layout("", canonical))
	for i, l := range head {
		if rest, ok := strings.CutPrefix(l, "static void"); ok {
			if head[i] = "static " + typ + rest; inlined(t.Spot.Func) && strings.HasSuffix(t.Spot.File.Path, ".h") {
				head[i] = "static inline " + typ + rest
			}
		}
	}
	return strings.Join(head, st.EOL) + st.EOL + st.EOL, true
}
