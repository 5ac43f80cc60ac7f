package rewrite

import (
	"sort"
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
	"github.com/keepatch/keepatch/templates"
)

// manySites is how many blocks in one file are better said once.
const manySites = 3

// helpers replaces the blocks of a file by calls of one static function, where
// the style asks for it.
func (m *maker) helpers(plan *Plan) {
	printed := plan.printed(m.opt.Only)
	if m.opt.HelperFile != "" {
		if err := m.sharedHelper(patchable(plan, printed, m.opt.Timers.Any())); err != nil {
			for _, fix := range patchable(plan, printed, m.opt.Timers.Any()) {
				fix.Reason = "inline: " + err.Error()
			}
		}
		return
	}
	byFile := map[*parse.File][]*Fix{}
	var files []*parse.File
	for _, fix := range plan.Fixes {
		t := fix.target
		if !printed[fix] || fix.Status != result.FixPatch || t == nil || t.Idiom == nil || t.Setter != nil || t.OrElse ||
			t.timers != m.timersWanted(t) || t.quiet ||
			t.Idiom.Policy == compose.PolicyLeave && m.opt.Style != "helper" && !m.setsTimers(t) {
			continue
		}
		if byFile[t.Spot.File] == nil {
			files = append(files, t.Spot.File)
		}
		byFile[t.Spot.File] = append(byFile[t.Spot.File], fix)
	}
	for _, f := range files {
		if m.wantsHelper(byFile[f]) {
			m.useHelper(f, byFile[f])
		}
	}
}

// printed are the fixes whose blocks are printed when only some sites are wanted:
// a function for the others' calls too would stand unused in some builds.
func (p *Plan) printed(only func(*result.Site) bool) map[*Fix]bool {
	out := map[*Fix]bool{}
	for _, fix := range p.Fixes {
		if fix.parent == nil && (only == nil || only(fix.Site)) {
			for ; fix != nil; fix = fix.same {
				out[fix] = true
			}
		}
	}
	for _, fix := range p.Fixes {
		if out[fix.parent] {
			for ; fix != nil; fix = fix.same {
				out[fix] = true
			}
		}
	}
	return out
}

// wantsHelper decides for one file.
func (m *maker) wantsHelper(fixes []*Fix) bool {
	switch m.opt.Style {
	case "helper":
		return true
	case "inline":
		return false
	}
	if m.setsTimers(fixes[0].target) {
		return true
	}
	// Said once only what is the same everywhere: blocks that report in the
	// manner of their own function stay where they are.
	first := fixes[0].target.Idiom
	for _, fix := range fixes {
		id := fix.target.Idiom
		if id.Policy != compose.PolicyWarn || strings.Join(id.Report, "\n") != strings.Join(first.Report, "\n") ||
			id.Cond != first.Cond || id.Also != "" {
			return false
		}
	}
	return len(fixes) >= manySites && m.patternOf(fixes) != nil
}

// useHelper plans the function and its calls. Where one of them is not
// certain, the blocks stay as they are.
func (m *maker) useHelper(f *parse.File, fixes []*Fix) {
	first := firstOf(fixes)
	at, guards, ok := newfunc.Place(f, first.Spot.Func, placesOf(fixes))
	if !ok || strings.HasSuffix(f.Path, ".h") {
		return
	}
	name := newfunc.Name(m.proj.Program, f)
	if name == "" {
		return
	}
	pattern := m.patternOf(fixes)
	answers := checksResult(fixes, pattern)
	content, ok := m.helperText(f, name, pattern, fixes, answers)
	if !ok {
		return
	}
	if under, end := m.proj.CallGuard(&first.Target); under != "" {
		eol := first.Style.EOL
		content = under + eol + strings.TrimSuffix(content, eol) + end + eol + eol
	}
	content = compose.PadDirectives(newfunc.UnderGuards(guards, content, first.Style.EOL), f, at)
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) && !newfunc.OpensArm(f, at) {
		content = first.Style.EOL + content
	}
	edits := []edit.Edit{edit.Insert(at, content)}
	if m.setsTimers(first) {
		inc, ok := include.Timers(m.proj.Program, f, at, first.Style.EOL)
		if !ok {
			return
		}
		for _, e := range inc {
			if e.Start > at {
				return
			}
		}
		edits = append(inc, edits...)
	}
	type change struct {
		fix   *Fix
		edits []edit.Edit
	}
	var changes []change
	for _, fix := range fixes {
		t := fix.target
		if before := t.Place.Valueless; before != nil {
			own := *t
			own.Place = before
			t = &own
		}
		b := m.helperCall(t, name, answers, pattern != nil)
		canonical, err := m.opt.Templates.RenderNamed("inline.tmpl", b)
		if err != nil {
			return
		}
		canonical = compose.PadDirectives(canonical, f, t.Place.Offset)
		all := append(append(append([]edit.Edit(nil), edits...), t.Place.Braces...),
			t.Insertion(t.Style.Layout(t.Place.Base, canonical), true))
		if why := m.prover.Prove(&t.Target, all, 1); why != "" {
			return
		}
		changes = append(changes, change{fix, all})
	}
	for _, c := range changes {
		c.fix.Files = []FileEdits{{Path: f.Path, Edits: c.edits}}
	}
}

// checksResult reports whether the callers of a helper have to know that it failed: one
// of them gives its descriptor up then, hands the result to a macro, or reports in
// words that mean nothing outside its own function.
func checksResult(fixes []*Fix, pattern *task) bool {
	for _, fix := range fixes {
		id := fix.target.Idiom
		if id.Check != nil || id.Policy == compose.PolicyLeave || id.Policy == compose.PolicyWarn && pattern == nil {
			return true
		}
	}
	return false
}

// helperCall is the block that calls a helper: where the helper answers, with what
// its function does about a failure, and says of it what the helper has not said.
func (m *maker) helperCall(t *task, name string, answers, said bool) templates.Block {
	call := name + t.Style.CallGap + "(" + t.Style.Pad + t.Spot.FD + t.Style.Pad + ")"
	id := *t.Idiom
	if !answers || said && id.Policy == compose.PolicyWarn && id.Check == nil {
		b := templates.Block{FD: t.Spot.FD, Helper: name, Ignore: true, Test: t.FullTest(t.gateTest), Set: call}
		b.Under, b.UnderEnd = m.proj.CallGuard(&t.Target)
		if answers {
			b.Void = m.proj.DroppedCast(&t.Target)
		}
		return b
	}
	if said {
		id.Report, id.Cond = nil, ""
	}
	target := t.Target
	target.Call = call
	b := m.proj.Compose(&target, &id, &optval.Value{}, t.gateTest)
	b.Helper, b.Guard, b.Comment, b.Assign = name, "", "", ""
	return b
}

// patternOf picks the block that the helper's body is written after: one that
// reports without a word of its own function, nor by a macro that takes one from it.
func (m *maker) patternOf(fixes []*Fix) *task {
	for _, fix := range fixes {
		t := fix.target
		if t.Idiom.Policy == compose.PolicyIgnore || len(t.Idiom.Report) == 0 {
			continue
		}
		local := false
		for _, s := range append(append([]string(nil), t.Idiom.Report...), t.Idiom.Cond) {
			local = local || len(m.proj.Borrowed(t.Spot.File, s)) > 0
			s = ctree.ReplaceWord(ctree.WithoutStrings(s), t.Spot.FD, "") // the helper has the descriptor too
			for _, l := range ctree.Locals(t.Spot.Func) {
				local = local || text.HasWord(s, l.Decl.Name)
			}
		}
		if !local && strings.TrimSpace(t.Idiom.Also) == "" {
			return t
		}
	}
	return nil
}

// helperText writes the function. One that answers returns -1 when SO_KEEPALIVE
// could not be set, and leaves what to do about it to its callers.
func (m *maker) helperText(f *parse.File, name string, pattern *task, fixes []*Fix, answers bool) (string, bool) {
	t := fixes[0].target
	if pattern != nil {
		t = pattern
	}
	st := *t.Style
	id := &compose.Idiom{Model: t.Idiom.Model, Void: t.Idiom.Void}
	if pattern != nil {
		*id = *pattern.Idiom
		id.Result, id.Leave, id.Also, id.Check = "", nil, "", nil
		if id.Policy == compose.PolicyLeave {
			id.Policy = compose.PolicyWarn
		}
		if id.Test == "" && id.Front == "" && pattern.Idiom.Result != "" {
			id.Test, id.Front = pattern.CreationTest()
		}
	}
	v, param := m.helperNames(t, id.Model)
	inner := *t
	inner.Spot = &anchor.Spot{File: f, Func: t.Spot.Func, FD: param, Key: param, Call: t.Spot.Call, Stmt: t.Spot.Stmt}
	if pattern != nil {
		id.Report = append([]string(nil), id.Report...)
		for i, r := range id.Report {
			if !strings.Contains(ctree.WithoutStrings(r), t.Spot.FD) {
				continue
			}
			j := strings.LastIndexByte(r, '"') + 1
			id.Report[i] = r[:j] + ctree.ReplaceWord(r[j:], t.Spot.FD, param)
		}
	}
	pl := *t.Place
	pl.Test = false
	inner.Place = &pl
	b := m.proj.Compose(&inner.Target, id, v, "")
	b.Guard, b.Own, b.Test = "", false, ""
	b.Declare = st.IntWord + st.DeclGap + v.Name + st.EqualSign + "1;"
	b.Answers = answers
	if answers && pattern == nil {
		b.Report = nil
		if b.Ignore {
			test, front := t.CreationTest()
			b.Ignore, b.Void, b.Failed = false, "", front+b.Set+test
		}
	}
	if m.setsTimers(t) {
		quiet := b
		if answers && pattern == nil { // the callers' words are about SO_KEEPALIVE
			quiet.Ignore, quiet.Void = true, m.proj.DroppedCast(&t.Target)
		}
		b.Timers = m.timersOf(t, quiet)
	}
	if t.swOn != "" {
		b.Test = negated(t.swOn)
	}
	canonical, err := m.opt.Templates.RenderNamed("helper.tmpl", b)
	if err != nil {
		return "", false
	}
	ret := "void"
	if answers {
		if ret = "int"; !strings.Contains(canonical, "return 0;") {
			return "", false // the user's own template, which returns nothing
		}
	}
	st.FollowGaps = true
	body := st.Layout("", canonical)
	typ, ok := fdType(fixes)
	if !ok {
		return "", false
	}
	head := newfunc.Head(m.proj.Program, f, &st, ret, name, typ+" "+param, body)
	return strings.Join(head, st.EOL) + st.EOL + st.EOL, true
}

// helperNames names the helper's variable and its parameter.
func (m *maker) helperNames(t *task, model *exemplar.OptionCall) (v *optval.Value, param string) {
	v = &optval.Value{Name: "on"}
	if model != nil && exemplar.GenericName(model.Value) {
		v.Name = model.Value
	}
	if m.opt.Timers.Any() && t.sw == "" {
		v.Name = "val" // it holds the timers in turn
	}
	if ctree.TakenOutside(t.Spot.Func, v.Name) {
		v.Name = "optval"
	}
	if param = "fd"; ctree.TakenOutside(t.Spot.Func, param) {
		param = "sock"
	}
	return v, param
}

// fdType is the type that the sites' descriptors are declared with; those in
// members go by the others. ok is false when two of them differ.
func fdType(fixes []*Fix) (typ string, ok bool) {
	for _, fix := range fixes {
		t := fix.target
		v, seen := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, t.Spot.FD)
		if !seen || v.Decl.Type == nil || v.Decl.Type.Ptr > 0 || v.Decl.Type.Base == "" {
			continue
		}
		if typ != "" && typ != v.Decl.Type.Base {
			return "", false
		}
		typ = v.Decl.Type.Base
	}
	if typ == "" {
		typ = "int"
	}
	return typ, true
}

// placesOf returns the offsets of the blocks of some fixes.
func placesOf(fixes []*Fix) (out []int) {
	for _, fix := range fixes {
		out = append(out, fix.target.Place.Offset)
	}
	return out
}

// sortEdits brings the edits of one fix into the order of the file; the block
// itself stays last.
func sortEdits(edits []edit.Edit) {
	if len(edits) > 1 {
		sort.SliceStable(edits[:len(edits)-1], func(i, j int) bool { return edits[i].Start < edits[j].Start })
	}
}
