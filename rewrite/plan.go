// Package rewrite turns sites that lack keepalive into patches.
//
// For each site it finds the place behind the creation block (find.go,
// anchor.go, ahead.go, settle.go), reads how the code around it sets options,
// reports errors and leaves (habit.go, model.go, idiom.go, logcall.go,
// wording.go, leavetaking.go), how it is laid out (style.go), which variable
// can be used (value.go, declare.go), fills in a template (block.go,
// layout.go) and proves the result (proof.go). Whatever is not certain ends in
// a reason instead of a patch.
package rewrite

import (
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/templates"
)

// Options steer what is inserted. The zero value is what apply does by
// default.
type Options struct {
	Listeners string // auto, all, none; "" is auto
	OnError   string // match, warn, ignore; "" is match
	Style     string // auto, inline, helper; "" is auto
	// HelperFile takes one function for all files, with Style helper.
	HelperFile string
	Timers     Timers
	// Switch adds a run-time switch to the programs of the sites.
	Switch    *argswitch.Options
	Templates *templates.Set
	// Files are all files of the program, for what the ones with sites leave
	// open; Read reads them, nil means os.ReadFile.
	Files []string
	Read  func(path string) ([]byte, error)

	// Index is that of the analysis; without it the files are read again.
	Index *detect.Index
	// Draft is for those who only want to know what can be patched, not how: a
	// place for the block is looked for, and nothing is written or proven. What
	// the proof refuses then is few: none of the sites of 44 packages.
	Draft bool
	// Only limits the patch to some sites; nil means all.
	Only func(*detect.Site) bool
}

// Fix is what is done about one site.
type Fix struct {
	Site   *detect.Site
	Status string // detect.FixPatch, FixElsewhere or FixNone
	Reason string
	Files  []FileEdits

	target *task // of a patch, nil when another fix wrote its block
	lines  int   // of the block
	same   *Fix  // the fix whose block serves this site too
	parent *Fix  // the fix of a wrapper's site, of which this one is a part
	loose  bool  // no block fits, as where no variable holds what the call returns
}

// FileEdits are the edits of one fix in one file.
type FileEdits struct {
	Path  string
	Edits []edit.Edit
}

// File is one file with all its fixes applied.
type File struct {
	Path     string
	Src, New []byte
	Edits    []edit.Edit
	Diff     []byte // unified, with a/ and b/
	Fixes    []*Fix
}

// Plan is the outcome: one Fix a site that needs one, in the order of the
// sites, and the files they change.
type Plan struct {
	Fixes []*Fix
	Files []*File
	// Notes tell which programs got a switch: one line each.
	Notes []string
	// Remarks are what else there is to say of them.
	Remarks []string

	src map[string][]byte // of the files that fixes change
}

// Make plans the patch for the sites of a report. It sets Site.Fix of each
// site it looks at.
func Make(sites []*detect.Site, opt Options) *Plan {
	if opt.Templates == nil {
		opt.Templates = templates.Default()
	}
	m := &maker{
		wrappers: map[*parse.File]edit.Edit{}, opt: &opt, decls: map[string]*value{}, prover: newProver(),
		proj: &project{composer: newComposer(newProgram(sites, opt.Files, opt.Read, opt.Index))},
	}
	var wanted []*detect.Site
	for _, s := range sites {
		if s.Role == detect.Accepted && !tied(s) {
			m.untied = append(m.untied, s)
		}
		if s.Verdict != detect.Missing && s.Fix.Status == "" {
			s.Fix = detect.Fix{Status: detect.FixNone, Reason: nothing[s.Verdict]}
		}
		if s.Verdict == detect.Missing && (opt.Only == nil || opt.Only(s)) {
			wanted = append(wanted, s)
		}
	}
	m.newSwitch(wanted)
	// The first round only learns which functions get a variable of their own,
	// so that all blocks of a function use the same one.
	plan := m.round(wanted)
	if opt.Draft {
		m.share(plan)
		plan.fold()
		plan.settle()
		return plan
	}
	m.proj.mids = m.mids
	m.proj.mild = torn(plan)
	for n := -1; n != len(m.decls); {
		n = len(m.decls)
		plan = m.round(wanted)
	}
	m.intoSetups(plan)
	m.helpers(plan)
	m.share(plan)
	plan.fold()
	m.addSwitch(plan)
	plan.sources(m.proj)
	plan.merge()
	plan.settle()
	return plan
}

// torn lists the functions in which one block would give its descriptor up and
// another, whose descriptor may not be given up, would only report.
func torn(p *Plan) map[*parse.Func]bool {
	kinds := map[*parse.Func][2]bool{}
	mild := map[*parse.Func]bool{}
	for _, fix := range p.Fixes {
		t := fix.target
		if fix.Status != detect.FixPatch || t == nil || t.id == nil {
			continue
		}
		k := kinds[t.sp.fn]
		if t.id.policy == policyLeave {
			k[0] = true
		} else {
			k[1] = true
		}
		kinds[t.sp.fn] = k
		if k[0] && k[1] {
			mild[t.sp.fn] = true
		}
	}
	return mild
}

// settle tells the sites what became of them.
func (p *Plan) settle() {
	for _, fix := range p.Fixes {
		fix.Site.Fix = detect.Fix{Status: fix.Status, Reason: fix.Reason}
	}
}

// nothing says why a site needs no patch.
var nothing = map[detect.Verdict]string{
	detect.Covered:    "keepalive is on",
	detect.NotTCP:     "not a TCP socket",
	detect.Exempt:     "keepalive has no point here",
	detect.Suppressed: "suppressed by a comment",
	detect.Undecided:  "the analysis could not decide",
}

type maker struct {
	proj   *project
	opt    *Options
	decls  map[string]*value // variables that fixes declare, by function
	sw     *argswitch.Switch
	prover *prover
	blocks map[string]*Fix              // by place and descriptor: two calls may share one
	mids   map[string]int               // declarations among statements, by list
	untied []*detect.Site               // accepted sockets whose listener is not known
	views  map[*parse.Expr]*detect.Site // sites as callers of their function see them, by call

	wrappers map[*parse.File]edit.Edit // functions that turn keepalive on for what they are given
}

// round plans all sites once.
func (m *maker) round(sites []*detect.Site) *Plan {
	m.blocks, m.mids = map[string]*Fix{}, map[string]int{}
	plan := &Plan{}
	for _, s := range sites {
		plan.Fixes = append(plan.Fixes, m.all(s)...)
	}
	m.listeners(plan)
	m.once(plan)
	return plan
}

// tied reports whether the listener of an accepted socket is known.
func tied(s *detect.Site) bool {
	for _, l := range s.Node.Listeners {
		if l.Role == detect.Listener {
			return true
		}
	}
	return false
}

func none(s *detect.Site, why string) *Fix {
	return &Fix{Site: s, Status: detect.FixNone, Reason: why}
}

// site plans one site, listeners left for later.
func (m *maker) site(s *detect.Site) *Fix {
	if s.Role == detect.Listener {
		return none(s, "")
	}
	return m.patch(s)
}

// all plans one site; what comes behind its own fix are the parts of that.
func (m *maker) all(s *detect.Site) []*Fix {
	fix := m.site(s)
	if !fix.loose {
		return []*Fix{fix}
	}
	if parts := m.atCallers(s); len(parts) > 0 {
		fix = &Fix{Site: s, Status: detect.FixPatch}
		for _, p := range parts {
			p.parent = fix
		}
		return append([]*Fix{fix}, parts...)
	}
	if wrapped := m.wrap(s); wrapped.Status == detect.FixPatch || wrapped.Reason != noVariable {
		return []*Fix{wrapped}
	}
	return []*Fix{fix}
}

func (m *maker) patch(s *detect.Site) *Fix {
	if m.sw != nil {
		if why := m.sw.Refusal(switchSite(s)); why != "" {
			return none(s, "no switch: "+why)
		}
	}
	f, fn, off := locate(s)
	if f == nil {
		return none(s, "the file's tree is not at hand")
	}
	if replaced(f, s.Node.Call) {
		return none(s, "the file takes the system's own function from under a replacement, which setsockopt() may be here")
	}
	sp, why := m.proj.findSpot(f, fn, off)
	if why != "" {
		fix := none(s, why)
		fix.loose = sp != nil
		return fix
	}
	if idleSocket(s) {
		return none(s, "neither connected nor listening anywhere in the tree: keepalive would have no effect")
	}
	pl, why := m.proj.anchor(sp)
	if why != "" {
		fix := none(s, why)
		fix.loose = true // nothing needs a line of its own around the call
		return fix
	}
	if n := following(pl); n != nil && (closesAtOnce(f, n, sp.key) || n == pl.tested && !compound(n.Expr) && closesAtOnce(f, n.Body, sp.key)) {
		return none(s, "the descriptor is closed at once")
	}
	if m.proj.setBehind(sp, pl) {
		return none(s, "SO_KEEPALIVE is set right behind")
	}
	kind := ""
	if s.Call == "socket" {
		test, in := m.proj.apart(sp, pl)
		if kind = test; in != nil {
			pl = in
		}
	}
	pl = m.proj.behindSibling(sp, pl)
	key := f.Path + "\x00" + strconv.Itoa(pl.at) + "\x00" + sp.key
	if shared := m.blocks[key]; shared != nil {
		return &Fix{Site: s, Status: detect.FixPatch, same: shared}
	}
	fix := m.build(m.task(s, sp, pl, kind))
	if fix.Status == detect.FixPatch {
		m.blocks[key] = fix
	}
	return fix
}

// form writes the block of a target in one form and proves it. It returns the
// obligation that the form does not meet.
func (m *maker) form(t *task) (*Fix, *breach) {
	s, f, fn := t.site, t.sp.file, t.sp.fn
	if m.opt.Draft {
		return &Fix{Site: s, Status: detect.FixPatch, target: t}, nil
	}
	t.st = m.proj.styleAt(fn, t.pl.at)
	test := m.proj.gate(&t.target)
	t.st = m.proj.styleAt(fn, t.pl.at)
	if t.timers = m.wanted(); t.timers.Any() {
		family, ok := t.familyTest()
		switch {
		case !ok && m.sw != nil:
			t.quiet = true // who sets the timers knows of the unix sockets, too
		case !ok:
			t.timers = Timers{}
		case test == "":
			test = family
		case family != "":
			test += " && " + family
		}
	}
	t.gateTest = test
	if m.sw != nil {
		t.sw, t.swOn = m.sw.Variable(switchSite(s)), m.sw.Guard(switchSite(s))
	}
	var b templates.Block
	var v *value
	if m.mayElse(t) {
		t.pl.test, t.orElse = false, true
		b, v = m.block(t, test)
		if v.declare != "" || b.Guard != "" || b.Comment != "" || b.Result != "" || b.Assign != "" || b.Declare != "" {
			t.pl.test, t.orElse = true, false
		}
	}
	if !t.orElse {
		b, v = m.block(t, guarded(t.swOn, test))
	}
	canonical, err := m.opt.Templates.Render(b)
	if err != nil {
		return none(s, "the template failed: "+err.Error()), nil
	}
	if id := t.id; id != nil && id.model != nil && v.own && m.proj.declKindOf(id.model) == declOwn {
		own := newTally(t.st.tab)
		own.block(id.model.file.Src, id.model.stmt.Parent)
		t.st.innerGap = own.innerGap > 0 // as its model is
	}
	t.braceAsModel()
	t.widen()
	t.st.nearby(t.pl.list, t.pl.at, f.Src)
	t.breakAs()
	t.st.fits, t.st.leads = true, startsBlock(t.pl) && v.declare != "" && !v.own
	lines := t.st.layout(t.pl.base, canonical)
	if len(lines) == 0 {
		return none(s, "the template gave nothing to insert"), nil
	}
	var edits []edit.Edit
	if v.edit != nil {
		edits = append(edits, *v.edit)
	}
	if len(b.Timers) > 0 {
		inc, ok := m.proj.includeEdits(f, t.st.eol)
		if !ok {
			return none(s, "no certain place for #include <netinet/tcp.h>"), nil
		}
		edits = append(edits, inc...)
	}
	if t.orElse {
		edits = append(edits, t.elseEdit(canonical))
	} else {
		edits = append(append(edits, t.pl.braces...), t.insertion(lines, b.Helper != ""))
	}
	sortEdits(edits)
	fix := &Fix{Site: s, Status: detect.FixPatch, Files: []FileEdits{{Path: f.Path, Edits: edits}}, target: t, lines: len(lines)}
	if m.timed() && !t.timers.Any() {
		fix.Reason = "without the timers: the socket may be a unix one"
	}
	if b.Helper != "" && m.opt.Timers.Any() {
		fix.Reason = "the timers are left to the program's own " + b.Helper + "()"
	}
	if refused := t.visible(&b, v); refused != nil {
		return nil, refused
	}
	if why := m.prover.prove(&t.target, edits, 0); why != "" {
		return none(s, why), nil
	}
	if v.key != "" && m.decls[v.key] == nil {
		m.decls[v.key] = v
	}
	if v.mid != "" && !v.own {
		m.mids[v.mid]++
	}
	return fix, nil
}

// replaced reports whether the file undefines the name that creates the socket
// and keeps the one that sets options: where a library replaces both by
// functions on descriptors of its own kind, the two no longer fit together.
func replaced(f *parse.File, c *parse.Expr) bool {
	if c == nil {
		return false
	}
	hit, kept := false, true
	for _, d := range f.Dirs {
		if d.Name == "undef" {
			switch undefined(d.Text) {
			case c.Callee():
				hit = true
			case "setsockopt":
				kept = false
			}
		}
	}
	return hit && kept
}

// undefined is the name that an #undef takes away.
func undefined(text string) string {
	if w := strings.Fields(text); len(w) > 0 {
		return w[len(w)-1]
	}
	return ""
}

// block gathers what the template needs, and the variable it uses.
func (m *maker) block(t *task, test string) (templates.Block, *value) {
	if sv := m.proj.findSetter(&t.target); sv != nil && m.opt.Style != "inline" && t.sw == "" {
		return m.proj.composeCall(&t.target, sv, test), &value{}
	}
	id := m.proj.idiomFor(&t.target)
	t.id = id
	if h := id.model; h != nil && len(h.call.Args) > 0 && strings.Contains(string(h.file.Src[h.call.X.End:h.call.Args[0].Pos]), "\n") {
		t.st.wrap.open = true // its arguments begin on a line of their own
	}
	v := &value{}
	if id.model == nil || id.model.through == nil || t.timers.Any() {
		v = m.proj.chooseValue(&t.target, id, id.policy == policyIgnore && t.fullTest(test) != "", m.decls)
	}
	b := m.proj.compose(&t.target, id, v, test)
	if t.timers.Any() {
		// All options share one variable, in a block of its own.
		v = &value{name: "optval", own: true, declare: t.st.one("optval", false)}
		if id.result != "" && id.model != nil {
			// Each call is tested by itself: the result of the first says
			// nothing of the timers.
			direct := *id
			direct.front, direct.test, direct.result = id.model.front, id.model.test, ""
			id = &direct
		}
		b = m.proj.compose(&t.target, id, v, test)
		pattern := b
		if id.check != nil {
			// No program ends over a timer: some kinds of TCP lack one.
			plain := *id
			plain.check = nil
			pattern = m.proj.compose(&t.target, &plain, v, test)
		}
		b.Timers = m.timersOf(t, pattern)
	}
	return b, v
}

// timed reports whether blocks set timers.
func (m *maker) timed() bool { return m.opt.Timers.Any() || m.sw != nil }

// wanted are the timers that blocks set; with a switch all three of it, the
// numbers stand for its variable then.
func (m *maker) wanted() Timers {
	if m.sw != nil {
		return Timers{Idle: 1, Interval: 1, Count: 1}
	}
	return m.opt.Timers
}

// timersOf are the timers of a block: fixed values, or the switch's.
func (m *maker) timersOf(t *task, b templates.Block) []templates.Timer {
	if t.sw != "" {
		return switchTimers(t.sw, b, t.quiet)
	}
	return timerBlocks(t.timers, b)
}

// share gives sites that another one's block serves the same edits.
func (m *maker) share(plan *Plan) {
	for _, fix := range plan.Fixes {
		if fix.same != nil {
			fix.Status, fix.Reason, fix.Files = fix.same.Status, fix.same.Reason, fix.same.Files
		}
	}
}

// listeners settles the listening sockets, now that it is known which accepted
// ones get a block.
func (m *maker) listeners(plan *Plan) {
	patched := map[*detect.Site]bool{}
	for _, f := range plan.Fixes {
		if f.Status == detect.FixPatch {
			patched[f.Site] = true
		}
	}
	for i, f := range plan.Fixes {
		s := f.Site
		if s.Role != detect.Listener {
			continue
		}
		open, reason := false, "the sockets accepted from it get the block"
		feeds := s.Node.Feeds
		if len(feeds) == 0 {
			// Those that nothing ties to a listener may be its own.
			feeds, reason = m.untied, "no accept() could be tied to it; those that could be tied to no listener get the block"
		}
		for _, a := range feeds {
			if a.Verdict == detect.Missing && !patched[a] {
				open = true
			}
		}
		open = open || len(feeds) == 0 || s.Node.Unserved
		switch {
		case m.opt.Listeners == "all", m.opt.Listeners != "none" && open:
			plan.Fixes[i] = m.patch(s)
		case m.opt.Listeners == "none":
			f.Reason = "listening sockets are left alone (--listeners none)"
		default:
			f.Status, f.Reason = detect.FixElsewhere, reason
		}
	}
}
