package rewrite

import (
	"bytes"
	"os"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/argswitch"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/include"
	"github.com/keepatch/keepatch/rewrite/newfunc"
	"github.com/keepatch/keepatch/rewrite/siblings"
	"github.com/keepatch/keepatch/rewrite/style"
	"github.com/keepatch/keepatch/rewrite/timers"
	"github.com/keepatch/keepatch/templates"
)

// newSwitch prepares the run-time switch of the sites that are to be patched.
func (m *maker) newSwitch(sites []*result.Site) {
	if m.opt.Switch == nil {
		return
	}
	var list []argswitch.Site
	for _, s := range sites {
		list = append(list, switchSite(s))
	}
	p := m.proj
	read := m.opt.Read
	if read == nil {
		read = os.ReadFile
	}
	var roots []string
	if m.opt.Index != nil {
		roots = m.opt.Index.Roots()
	}
	ctx := &argswitch.Context{
		Manuals:  func() []string { return siblings.Manuals(m.opt.Files, roots) },
		Samples:  func() []string { return siblings.Samples(m.opt.Files, roots) },
		Builds:   func() []string { return siblings.Builds(m.opt.Files, roots) },
		Grammars: func() []string { return siblings.Grammars(m.opt.Files, roots) },
		Files:    m.opt.Files, Read: read, Parsed: p.Files,
		Style: func(fn *parse.Func, at int) argswitch.Style {
			return &switchStyle{p.StyleAt(fn, at), p.Program, fn.File, at}
		},
		Leaves: p.Exits.Leaves, IsTestOrExample: m.isTestOrExample,
		Include: func(f *parse.File, header string) ([]edit.Edit, bool) {
			return include.Header(p.Program, f, header, plainest(f), text.EOL(f.Src, 0))
		},
	}
	o := *m.opt.Switch
	o.Idle, o.Interval, o.Count = m.opt.Timers.Idle, m.opt.Timers.Interval, m.opt.Timers.Count
	m.sw = argswitch.New(ctx, o, list)
}

// plainest is the body of the function that stands under the fewest conditions, the first one of
// several, -1 for none: what is added is code of every build with it.
func plainest(f *parse.File) int {
	code, least := -1, 0
	for _, fn := range f.Funcs {
		if n := len(f.Guards(fn.BodyPos)); fn.Macro == nil && (code < 0 || n < least) {
			code, least = fn.BodyPos, n
		}
	}
	return code
}

// isTestOrExample reports whether a file's program is a test or an example.
func (m *maker) isTestOrExample(file string) bool {
	if m.opt.Index == nil {
		return knowledge.IsTestOrExample(file)
	}
	return m.opt.Index.IsTestOrExample(file)
}

// switchSite names a site for the switch.
func switchSite(s *result.Site) argswitch.Site {
	site := argswitch.Site{File: s.File, Func: s.Function}
	f, fn, off := anchor.Locate(s)
	if fn != nil {
		site.Func, site.At = fn.Name, fn.Start
	}
	if f != nil {
		for _, g := range f.Guards(off) {
			if knowledge.IsDebugMacro(g) {
				site.Only = g
			}
		}
	}
	return site
}

// guarded puts the switch before a test.
func guarded(on, test string) string {
	switch {
	case on == "":
		return test
	case test == "":
		return on
	}
	return on + " && " + test
}

// negated is a condition's opposite.
func negated(on string) string {
	depth := 0
	for _, c := range on {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth == 0 {
				return "!(" + on + ")"
			}
		}
	}
	if rest, ok := strings.CutPrefix(on, "!"); ok {
		return rest
	}
	return "!" + on
}

// addSwitch extends the programs of the patched sites, and takes the patch of
// those back whose program cannot be extended.
func (m *maker) addSwitch(plan *Plan) {
	if m.sw == nil {
		return
	}
	var patched []argswitch.Site
	for _, fix := range plan.Fixes {
		if fix.Status == result.FixPatch {
			patched = append(patched, switchSite(fix.Site))
		}
	}
	for _, r := range m.sw.Results(patched) {
		for _, fix := range plan.Fixes {
			if !r.Sites[switchSite(fix.Site)] || fix.Status != result.FixPatch {
				continue
			}
			if r.Reason != "" {
				fix.Drop("no switch: " + r.Reason)
				continue
			}
			for _, c := range r.Changes {
				m.keep(c)
				fix.take(c)
			}
		}
		if r.Reason == "" {
			plan.Notes = append(plan.Notes, r.Notes...)
			plan.addHints(r.Hints)
			plan.Remarks = append(plan.Remarks, r.Remarks...)
		}
	}
}

// keep holds the bytes of a file that has no site.
func (m *maker) keep(c argswitch.Change) {
	if m.proj.extra == nil {
		m.proj.extra = map[string][]byte{}
	}
	for _, f := range m.proj.Files {
		if f.Path == c.Path {
			return
		}
	}
	m.proj.extra[c.Path] = c.Src
}

// take adds the edits of the switch to a fix; its own block stays last in its
// own file.
func (f *Fix) take(c argswitch.Change) {
	for i := range f.Files {
		if fe := &f.Files[i]; fe.Path == c.Path {
			n := len(fe.Edits) - 1
			all := append([]edit.Edit(nil), fe.Edits[:n]...)
			for _, e := range c.Edits {
				if !containsEditAt(all, e) {
					all = append(all, e)
				}
			}
			fe.Edits = append(all, fe.Edits[n])
			sortEdits(fe.Edits)
			return
		}
	}
	f.Files = append(f.Files, FileEdits{Path: c.Path, Edits: append([]edit.Edit(nil), c.Edits...)})
}

func containsEditAt(list []edit.Edit, e edit.Edit) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

// switchTimers are the timers with their values in the switch's variable. A
// quiet block says nothing of a socket that has no such timers.
func switchTimers(v string, b templates.Block, quiet, apple bool) []templates.Timer {
	var out []templates.Timer
	members := map[knowledge.TimerKind]string{knowledge.TimerIdle: "idle",
		knowledge.TimerInterval: "interval", knowledge.TimerCount: "count"}
	for _, t := range timers.Blocks(timers.Timers{Idle: 1, Interval: 1, Count: 1}, b, apple) {
		val := v + "." + members[knowledge.TimerKinds[t.Option]]
		swap := func(s string) string {
			s = strings.ReplaceAll(s, "&"+b.Value, "&"+val)
			return strings.ReplaceAll(strings.ReplaceAll(s, "("+b.Value+")", "("+val+")"), "sizeof "+b.Value, "sizeof "+val)
		}
		t.Set, t.Assign, t.Number = swap(t.Set), "", 0
		if quiet {
			t.Failed, t.Report = "", nil
		}
		if t.Failed != "" {
			t.Failed = val + " > 0 && " + swap(t.Failed)
		} else {
			t.Test = val + " > 0"
		}
		out = append(out, t)
	}
	return out
}

// switchStyle provides the rewriter's style.
type switchStyle struct {
	st *style.Style
	p  *ctree.Program
	f  *parse.File
	at int // where it was asked for
}

func (s *switchStyle) Layout(base, canonical string) []string {
	if unit := s.blanks(base); unit > 0 {
		return s.st.WithBlanks(unit).Layout(base, canonical)
	}
	return s.st.Layout(base, canonical)
}

// blanks is how many blanks more a level has where the lines around an indentation of blanks
// alone are indented so, in a file that uses tabs otherwise; else 0.
func (s *switchStyle) blanks(base string) int {
	if base == "" || strings.Trim(base, " ") != "" || !bytes.Contains(s.f.Src, []byte("\n\t")) {
		return 0
	}
	less := 0 // the next indentation below it
	for at, n := text.LineStart(s.f.Src, s.at), 0; at < len(s.f.Src) && n < 40; at, n = text.LineEnd(s.f.Src, at), n+1 {
		ind := text.IndentAt(s.f.Src, at)
		if strings.Trim(ind, " ") == "" && len(ind) < len(base) && !text.BlankLine(s.f.Src, at) {
			less = max(less, len(ind))
		}
	}
	return len(base) - less
}

func (s *switchStyle) Call(name string, args ...string) string {
	if len(args) == 0 {
		return name + s.st.CallGap + "()"
	}
	return name + s.st.CallGap + "(" + s.st.Pad + strings.Join(args, ", ") + s.st.Pad + ")"
}

func (s *switchStyle) Deeper(base string) string { return s.st.Indent(base, s.st.Unit) }

func (s *switchStyle) Head(result, name, params string, body []string) []string {
	lines := newfunc.Head(s.p, s.f, s.st, "void", name, params, body)
	for !strings.HasPrefix(lines[0], "static void") { // the comment of the other helper
		lines = lines[1:]
	}
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(l, "static void"); ok {
			lines[i] = result + rest
		}
	}
	return lines
}

func (s *switchStyle) Comment(text string) string {
	if s.st.LineComments {
		return "// " + text
	}
	return "/* " + text + " */"
}

func (s *switchStyle) EOL() string { return s.st.EOL }
