package rewrite

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/include"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/rewrite/style"
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
	return len(fixes) >= manySites && patternOf(fixes) != nil
}

// useHelper plans the function and its calls. Where one of them is not
// certain, the blocks stay as they are.
func (m *maker) useHelper(f *parse.File, fixes []*Fix) {
	first := firstOf(fixes)
	at, guards, ok := helperPlace(f, fixes, first)
	if !ok || strings.HasSuffix(f.Path, ".h") {
		return
	}
	name := m.proj.helperName(f)
	if name == "" {
		return
	}
	pattern := patternOf(fixes)
	answers := checksResult(fixes, pattern)
	content, ok := m.helperText(f, at, name, pattern, fixes, answers)
	if !ok {
		return
	}
	if under, end := m.proj.CallGuard(&first.Target); under != "" {
		eol := first.Style.EOL
		content = under + eol + strings.TrimSuffix(content, eol) + end + eol + eol
	}
	content = compose.PadDirectives(underGuards(guards, content, first.Style.EOL), f, at)
	if at > 0 && !text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) && !opensArm(f, at) {
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

// helperPlace is the line of the first function that calls the helper, its
// comment included, outside every #if that one of the calls is not in. A helper that
// some builds would have no call of gets the conditions of its calls.
func helperPlace(f *parse.File, fixes []*Fix, first *task) (at int, guards []string, ok bool) {
	fn := first.Spot.Func
	head := f.Src[fn.Start:fn.NamePos]
	if bytes.Count(head, []byte("\n")) > 3 || bytes.ContainsAny(head, "(;#") {
		return 0, nil, false // macros stand in front of the head
	}
	at = aboveDoc(f, text.LineStart(f.Src, fn.Start))
	for _, fix := range fixes {
		here, there := ctree.Arms(f, at), ctree.Arms(f, fix.target.Place.Offset)
		for i := range here {
			if i >= len(there) || here[i].Start != there[i].Start || here[i].Arm != there[i].Arm {
				at = aboveComment(f, text.LineStart(f.Src, here[i].Start))
				break
			}
		}
	}
	var calls []ctree.GuardSet
	for _, fix := range fixes {
		calls = append(calls, ctree.GuardsAt(f, fix.target.Place.Offset))
	}
	if ctree.Covers(ctree.GuardsAt(f, at), calls) {
		return at, nil, true
	}
	for i, fix := range fixes {
		if !slices.ContainsFunc(calls, func(g ctree.GuardSet) bool { return !calls[i].Holds(g) }) {
			guards = ctree.GuardLines(f, fix.target.Place.Offset, at)
			return at, guards, guards != nil
		}
	}
	return at, nil, false
}

// opensArm reports whether the line in front of an offset begins an #if.
func opensArm(f *parse.File, at int) bool {
	line := bytes.TrimLeft(f.Src[text.LineStart(f.Src, at-1):at], " \t")
	line, ok := bytes.CutPrefix(line, []byte("#"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("if"))
}

// underGuards puts #if lines around a function and the empty line behind it.
func underGuards(guards []string, content, eol string) string {
	if len(guards) == 0 {
		return content
	}
	return strings.Join(guards, eol) + eol + strings.TrimSuffix(content, eol) + strings.Repeat("#endif"+eol, len(guards)) + eol
}

// isBoxComment reports whether a comment begins with a row of marks.
func isBoxComment(c string) bool {
	return strings.HasPrefix(c, "/********") || strings.HasPrefix(c, "/*------") || strings.HasPrefix(c, "/*======") ||
		strings.HasPrefix(c, "/* ------") || strings.HasPrefix(c, "/* ======")
}

// mostlyWithoutBox reports whether most functions of a file have no such comment: those
// that there are stand above sections.
func mostlyWithoutBox(f *parse.File) bool {
	box, none := 0, 0
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			at := text.LineStart(f.Src, fn.Start)
			for at > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
				at = text.LineStart(f.Src, at-1)
			}
			ctree.Count(isBoxComment(ctree.CommentBefore(f, at)), &box, &none)
		}
	}
	return none > box
}

// aboveDoc is aboveComment for a function whose comment may have a blank line behind it.
func aboveDoc(f *parse.File, at int) int {
	if up := aboveComment(f, at); up != at || at == 0 {
		return up
	}
	if prev := text.LineStart(f.Src, at-1); text.BlankLine(f.Src, prev) {
		c := ctree.CommentBefore(f, prev)
		if isBoxComment(c) && mostlyWithoutBox(f) {
			return at // the banner of a section
		}
		if strings.HasPrefix(c, "/*") && strings.ContainsAny(strings.ToLower(c), "abcdefghijklmnopqrstuvwxyz") {
			return aboveComment(f, prev)
		}
	}
	return at
}

// aboveComment goes from a line to that of the comment above it.
func aboveComment(f *parse.File, at int) int {
	if c := ctree.CommentBefore(f, at); c != "" {
		return text.LineStart(f.Src, bytes.LastIndex(f.Src[:at], []byte(c)))
	}
	return at
}

// patternOf picks the block that the helper's body is written after: one that
// reports without a word of its own function.
func patternOf(fixes []*Fix) *task {
	for _, fix := range fixes {
		t := fix.target
		if t.Idiom.Policy == compose.PolicyIgnore || len(t.Idiom.Report) == 0 {
			continue
		}
		local := false
		for _, s := range append(append([]string(nil), t.Idiom.Report...), t.Idiom.Cond) {
			s = ctree.ReplaceWord(ctree.WithoutStrings(s), t.Spot.FD, "") // the helper has the descriptor too
			for _, l := range ctree.Locals(t.Spot.Func) {
				local = local || ctree.HasWord(s, l.Decl.Name)
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
func (m *maker) helperText(f *parse.File, at int, name string, pattern *task, fixes []*Fix, answers bool) (string, bool) {
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
	head := headOf(m.proj.Program, f, &st, ret, name, typ+" "+param, body)
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

// headOf puts the head on a body in the manner of the file's functions. One in the old
// style follows on a prototype where the file's own functions have some, since
// -Wstrict-prototypes and -Wold-style-definition want that.
func headOf(p *ctree.Program, f *parse.File, st *style.Style, ret, name, param string, body []string) []string {
	var tab, blank, split, joined, braceOwn, braceLine, kr, ansi, said, silent, doc, box, other int
	for _, fn := range f.Funcs {
		if fn.Macro != nil || fn.Start >= fn.NamePos {
			continue
		}
		ctree.Count(bytes.Contains(f.Src[fn.Start:fn.NamePos], []byte("\n")), &split, &joined)
		ctree.Count(bytes.HasSuffix(f.Src[fn.Start:fn.NamePos], []byte("\t")), &tab, &blank)
		if bytes.Contains(f.Src[fn.BodyPos:fn.End], []byte("\n")) {
			ctree.Count(text.FirstOnLine(f.Src, fn.BodyPos), &braceOwn, &braceLine)
		}
		if len(fn.Params) > 0 {
			ctree.Count(fn.KR, &kr, &ansi)
		}
		c := ctree.CommentBefore(f, text.LineStart(f.Src, fn.Start))
		ctree.Count(c != "", &said, &silent)
		ctree.Count(strings.HasPrefix(c, "/**"), &doc, &other)
		ctree.Count(strings.HasPrefix(c, "/***") || strings.HasPrefix(c, "/*-") || strings.HasPrefix(c, "/*="), &box, &other)
	}
	typ, arg := "static "+ret, param
	var decl []string
	if kr > ansi && param == "void" {
		arg = ""
	} else if kr > ansi {
		i := strings.LastIndexAny(param, " *")
		decl = []string{paramIndent(f, st) + param + ";"}
		arg = param[i+1:]
	}
	line := name + st.CallGap + "(" + st.Pad + arg + st.Pad + ")"
	var out []string
	if said > silent && 2*box < said {
		c := "/* Sets */"
		if st.LineComments {
			c = "// Sets"
		}
		on := " on " + arg[strings.LastIndexByte(arg, ' ')+1:]
		c = strings.Replace(compose.LikeComment(f, c), "keepalive", "keepalive"+on, 1)
		c = strings.Replace(c, "SO_KEEPALIVE", "SO_KEEPALIVE"+on, 1)
		if 2*doc > said {
			c = strings.Replace(c, "/*", "/**", 1)
		}
		if full := strings.TrimSuffix(c, " */"); full != c {
			c = full + ". */"
		}
		out = append(out, c)
	}
	gap := " "
	if tab > blank {
		gap = "\t"
	}
	if arg != param && prototyped(p, f) {
		out = append(out, typ+gap+name+st.CallGap+"("+st.Pad+param+st.Pad+");")
	}
	if split > joined {
		out = append(out, typ, line)
	} else {
		out = append(out, typ+gap+line)
	}
	out = append(out, decl...)
	if braceLine > braceOwn && len(decl) == 0 {
		out[len(out)-1] += st.BraceGap + "{"
		return append(out, body[1:]...)
	}
	return append(out, body...)
}

// paramIndent is how far the parameters of heads in the old style are indented.
func paramIndent(f *parse.File, st *style.Style) string {
	for _, fn := range f.Funcs {
		depth, closed := 0, false
		for _, t := range fn.HeadTokens() {
			switch {
			case !fn.KR:
			case t.Op == token.LParen:
				depth++
			case t.Op == token.RParen:
				depth--
				closed = closed || depth == 0
			case closed && text.FirstOnLine(f.Src, int(t.Off)):
				return text.IndentAt(f.Src, int(t.Off))
			}
		}
	}
	return st.Columns(st.Unit)
}

// prototyped reports whether functions with heads in the old style are declared with the
// types of their parameters, in the file or in a header that it includes.
func prototyped(p *ctree.Program, f *parse.File) bool {
	old := map[string]bool{}
	for _, fn := range f.Funcs {
		if fn.KR {
			old[fn.Name] = true
		}
	}
	typed := func(list []*parse.Decl) bool {
		for _, d := range list {
			if d.IsFunc && old[d.Name] && len(d.Params) > 0 && d.Params[0].Type != nil {
				return true
			}
		}
		return false
	}
	found := typed(f.Decls())
	for name := range old {
		p.Headers(f, name, func(h *parse.File) bool {
			found = found || typed(h.DeclsNaming(name))
			return !found
		})
	}
	return found
}

// sortEdits brings the edits of one fix into the order of the file; the block
// itself stays last.
func sortEdits(edits []edit.Edit) {
	if len(edits) > 1 {
		sort.SliceStable(edits[:len(edits)-1], func(i, j int) bool { return edits[i].Start < edits[j].Start })
	}
}
