package rewrite

import (
	"bytes"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/templates"
)

// manySites is how many blocks in one file are better said once.
const manySites = 3

// helpers replaces the blocks of a file by calls of one static function, where
// the style asks for it.
func (m *maker) helpers(plan *Plan) {
	if m.opt.HelperFile != "" {
		if err := m.sharedHelper(patchable(plan, m.opt.Timers.Any())); err != nil {
			for _, fix := range patchable(plan, m.opt.Timers.Any()) {
				fix.Reason = "inline: " + err.Error()
			}
		}
		return
	}
	byFile := map[*parse.File][]*Fix{}
	var files []*parse.File
	for _, fix := range plan.Fixes {
		t := fix.target
		if fix.Status != detect.FixPatch || t == nil || t.id == nil || t.orElse || t.timers != m.wanted() || t.quiet || t.id.policy == policyLeave && m.opt.Style != "helper" && !m.timed() {
			continue
		}
		if byFile[t.sp.file] == nil {
			files = append(files, t.sp.file)
		}
		byFile[t.sp.file] = append(byFile[t.sp.file], fix)
	}
	for _, f := range files {
		if m.wantsHelper(byFile[f]) {
			m.useHelper(f, byFile[f])
		}
	}
}

// wantsHelper decides for one file.
func (m *maker) wantsHelper(fixes []*Fix) bool {
	switch m.opt.Style {
	case "helper":
		return true
	case "inline":
		return false
	}
	if m.timed() {
		return true
	}
	// Said once only what is the same everywhere: blocks that report in the
	// manner of their own function stay where they are.
	first := fixes[0].target.id
	for _, fix := range fixes {
		id := fix.target.id
		if id.policy != policyWarn || strings.Join(id.report, "\n") != strings.Join(first.report, "\n") || id.cond != first.cond || id.also != "" {
			return false
		}
	}
	return len(fixes) >= manySites && patternOf(fixes) != nil
}

// useHelper plans the function and its calls. Where one of them is not
// certain, the blocks stay as they are.
func (m *maker) useHelper(f *parse.File, fixes []*Fix) {
	first := firstOf(fixes)
	at, ok := helperPlace(f, fixes, first)
	if !ok || strings.HasSuffix(f.Path, ".h") {
		return
	}
	name := m.proj.helperName(f)
	if name == "" {
		return
	}
	pattern := patternOf(fixes)
	text, ok := m.helperText(f, at, name, pattern, fixes)
	if !ok {
		return
	}
	if at > 0 && !blankLine(f.Src, lineStart(f.Src, at-1)) {
		text = first.st.eol + text
	}
	edits := []edit.Edit{edit.Insert(at, text)}
	if m.timed() {
		inc, ok := m.proj.includeEdits(f, first.st.eol)
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
		b := templates.Block{FD: t.sp.fd, Helper: name, Ignore: true, Test: t.fullTest(t.gateTest),
			Set: name + t.st.callGap + "(" + t.st.pad + t.sp.fd + t.st.pad + ")"}
		canonical, err := m.opt.Templates.RenderNamed("inline.tmpl", b)
		if err != nil {
			return
		}
		all := append(append(append([]edit.Edit(nil), edits...), t.pl.braces...), t.insertion(t.st.layout(t.pl.base, canonical), true))
		if why := m.prover.prove(&t.target, all, 1); why != "" {
			return
		}
		changes = append(changes, change{fix, all})
	}
	for _, c := range changes {
		c.fix.Files = []FileEdits{{Path: f.Path, Edits: c.edits}}
	}
}

// helperPlace is the line of the first function that calls the helper, its
// comment included, outside every #if that one of the calls is not in.
func helperPlace(f *parse.File, fixes []*Fix, first *task) (int, bool) {
	fn := first.sp.fn
	head := f.Src[fn.Start:fn.NamePos]
	if bytes.Count(head, []byte("\n")) > 3 || bytes.ContainsAny(head, "(;#") {
		return 0, false // macros stand in front of the head
	}
	at := aboveComment(f, lineStart(f.Src, fn.Start))
	for _, fix := range fixes {
		here, there := arms(f, at), arms(f, fix.target.pl.at)
		for i := range here {
			if i >= len(there) || here[i].start != there[i].start || here[i].arm != there[i].arm {
				at = aboveComment(f, lineStart(f.Src, here[i].start))
				break
			}
		}
	}
	// Unconditional, it must be called by every build.
	used := false
	for _, fix := range fixes {
		used = used || len(arms(f, fix.target.pl.at)) == len(arms(f, at))
	}
	return at, used
}

// aboveComment goes from a line to that of the comment above it.
func aboveComment(f *parse.File, at int) int {
	if c := commentBefore(f, at); c != "" {
		return lineStart(f.Src, bytes.LastIndex(f.Src[:at], []byte(c)))
	}
	return at
}

// helperName is a name that means nothing in the program yet.
func (p *project) helperName(f *parse.File) string {
	for _, n := range []string{"set_keepalive", "enable_keepalive", "set_tcp_keepalive", "turn_on_keepalive"} {
		if len(f.Idents(n)) == 0 && !p.src.names1(n) {
			return n
		}
	}
	return ""
}

// patternOf picks the block that the helper's body is written after: one that
// reports without a word of its own function.
func patternOf(fixes []*Fix) *task {
	for _, fix := range fixes {
		t := fix.target
		if t.id.policy != policyWarn {
			continue
		}
		local := false
		for _, s := range append(append([]string(nil), t.id.report...), t.id.cond) {
			s = replaceWord(withoutStrings(s), t.sp.fd, "") // the helper has the descriptor too
			for _, l := range locals(t.sp.fn) {
				local = local || hasWord(s, l.decl.Name)
			}
		}
		if !local && strings.TrimSpace(t.id.also) == "" {
			return t
		}
	}
	return nil
}

// helperText writes the function.
func (m *maker) helperText(f *parse.File, at int, name string, pattern *task, fixes []*Fix) (string, bool) {
	t := fixes[0].target
	if pattern != nil {
		t = pattern
	}
	st := *t.st
	id := &idiom{model: t.id.model, void: t.id.void}
	if pattern != nil {
		*id = *pattern.id
		id.result, id.leave, id.also, id.check = "", nil, "", nil
		if id.policy == policyLeave {
			id.policy = policyWarn
		}
		if id.test == "" && id.front == "" && pattern.id.result != "" {
			id.test, id.front = pattern.creationTest()
		}
	}
	v := &value{name: "on"}
	if mdl := id.model; mdl != nil && genericName(mdl.value) {
		v.name = mdl.value
	}
	param := "fd"
	if takenOutside(t.sp.fn, param) {
		param = "sock"
	}
	if m.opt.Timers.Any() && t.sw == "" {
		v.name = "val" // it holds the timers in turn
	}
	if takenOutside(t.sp.fn, v.name) {
		v.name = "optval"
	}
	inner := *t
	inner.sp = &spot{file: f, fn: t.sp.fn, fd: param, key: param, call: t.sp.call, stmt: t.sp.stmt}
	if pattern != nil {
		id.report = append([]string(nil), id.report...)
		for i, r := range id.report {
			if !strings.Contains(withoutStrings(r), t.sp.fd) {
				continue
			}
			j := strings.LastIndexByte(r, '"') + 1
			id.report[i] = r[:j] + replaceWord(r[j:], t.sp.fd, param)
		}
	}
	pl := *t.pl
	pl.test = false
	inner.pl = &pl
	b := m.proj.compose(&inner.target, id, v, "")
	b.Guard, b.Own, b.Test = "", false, ""
	b.Declare = st.word + st.declGap + v.name + st.holds + "1;"
	if m.timed() {
		b.Timers = m.timersOf(t, b)
	}
	if t.sw != "" {
		b.Test = "!" + t.swOn
	}
	canonical, err := m.opt.Templates.RenderNamed("helper.tmpl", b)
	if err != nil {
		return "", false
	}
	st.fits = true
	body := st.layout("", canonical)
	typ, ok := fdType(fixes)
	if !ok {
		return "", false
	}
	head := headOf(f, &st, name, typ+" "+param, body)
	return strings.Join(head, st.eol) + st.eol + st.eol, true
}

// fdType is the type that the sites' descriptors are declared with; those in
// members go by the others. ok is false when two of them differ.
func fdType(fixes []*Fix) (typ string, ok bool) {
	for _, fix := range fixes {
		t := fix.target
		v, seen := visible(t.sp.fn, t.pl.list, t.pl.at, t.sp.fd)
		if !seen || v.decl.Type == nil || v.decl.Type.Ptr > 0 || v.decl.Type.Base == "" {
			continue
		}
		if typ != "" && typ != v.decl.Type.Base {
			return "", false
		}
		typ = v.decl.Type.Base
	}
	if typ == "" {
		typ = "int"
	}
	return typ, true
}

// headOf puts the head on a body in the manner of the file's functions.
func headOf(f *parse.File, st *style, name, param string, body []string) []string {
	var tab, blank, split, joined, braceOwn, braceLine, kr, ansi, said, silent, doc, box, other int
	for _, fn := range f.Funcs {
		if fn.Macro != nil || fn.Start >= fn.NamePos {
			continue
		}
		count(bytes.Contains(f.Src[fn.Start:fn.NamePos], []byte("\n")), &split, &joined)
		count(bytes.HasSuffix(f.Src[fn.Start:fn.NamePos], []byte("\t")), &tab, &blank)
		count(firstOnLine(f.Src, fn.BodyPos), &braceOwn, &braceLine)
		if len(fn.Params) > 0 {
			count(fn.KR, &kr, &ansi)
		}
		c := commentBefore(f, lineStart(f.Src, fn.Start))
		count(c != "", &said, &silent)
		count(strings.HasPrefix(c, "/**"), &doc, &other)
		count(strings.HasPrefix(c, "/***") || strings.HasPrefix(c, "/*-") || strings.HasPrefix(c, "/*="), &box, &other)
	}
	typ, arg := "static void", param
	var decl []string
	if kr > ansi && param == "void" {
		arg = ""
	} else if kr > ansi {
		i := strings.LastIndexAny(param, " *")
		decl = []string{st.columns(st.unit) + param + ";"}
		arg = param[i+1:]
	}
	line := name + st.callGap + "(" + st.pad + arg + st.pad + ")"
	var out []string
	if said > silent && 2*box < said {
		c := "/* Sets */"
		if st.line {
			c = "// Sets"
		}
		on := " on " + arg[strings.LastIndexByte(arg, ' ')+1:]
		c = strings.Replace(likeComment(f, c), "keepalive", "keepalive"+on, 1)
		c = strings.Replace(c, "SO_KEEPALIVE", "SO_KEEPALIVE"+on, 1)
		if 2*doc > said {
			c = strings.Replace(c, "/*", "/**", 1)
		}
		if full := strings.TrimSuffix(c, " */"); full != c {
			c = full + ". */"
		}
		out = append(out, c)
	}
	if split > joined {
		out = append(out, typ, line)
	} else {
		gap := " "
		if tab > blank {
			gap = "\t"
		}
		out = append(out, typ+gap+line)
	}
	out = append(out, decl...)
	if braceLine > braceOwn && len(decl) == 0 {
		out[len(out)-1] += st.braceGap + "{"
		return append(out, body[1:]...)
	}
	return append(out, body...)
}

// sortEdits brings the edits of one fix into the order of the file; the block
// itself stays last.
func sortEdits(edits []edit.Edit) {
	if len(edits) > 1 {
		sort.SliceStable(edits[:len(edits)-1], func(i, j int) bool { return edits[i].Start < edits[j].Start })
	}
}
