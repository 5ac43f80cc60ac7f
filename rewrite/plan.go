// Package rewrite turns sites that lack keepalive into patches. For each site it
// has the place found (anchor), the block written (compose) and the result proven
// (proof), decides between inline blocks, helpers and the callers of a wrapper, and
// merges the fixes of each file into one diff. What is not certain ends in a reason
// instead of a patch.
//
// A fix is all or nothing, and inserts only. Sites are planned in rounds, since the
// blocks of one function share a variable; a round costs one look at the functions
// that hold sites.
package rewrite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/argswitch"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/include"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/rewrite/proof"
	"github.com/keepatch/keepatch/rewrite/style"
	"github.com/keepatch/keepatch/rewrite/timers"
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
	Timers     timers.Timers
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
	// DiffPath is the path that diffs name a file by; nil means its own.
	DiffPath func(path string) string
	// Only limits what is printed to some sites; nil means all. All of them are
	// planned: what is left of the others decides what becomes of these.
	Only func(*result.Site) bool
}

// TemplateFailed begins the reason of a site for which the user's template failed.
const TemplateFailed = "the template failed: "

// Fix is what is done about one site.
type Fix struct {
	Site   *result.Site
	Status string // result.FixPatch, FixElsewhere or FixNone
	Reason string
	Files  []FileEdits

	target *task // of a patch, nil when another fix wrote its block
	lines  int   // of the block
	same   *Fix  // the fix whose block serves this site too
	parent *Fix  // the fix of a wrapper's site, of which this one is a part
	loose  bool  // no block fits, as where no variable holds what the call returns
	oneArm bool  // a function around the call would have no use in some builds
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
	// Hints tell how its option is given.
	Hints []string
	// Remarks are what else there is to say of them.
	Remarks []string

	src      map[string][]byte // of the files that fixes change
	diffPath func(path string) string
}

// Make plans the patch for the sites of a report. It sets Site.Fix of each
// site it looks at.
func Make(sites []*result.Site, opt Options) *Plan {
	if opt.Templates == nil {
		opt.Templates = templates.Default()
	}
	m := &maker{
		opt: &opt, decls: map[string]*optval.Value{}, tops: map[string]topUse{}, prover: proof.NewProver(),
		proj: &project{Composer: compose.NewComposer(ctree.NewProgram(sites, opt.Files, opt.Read, opt.Index))},
	}
	var wanted []*result.Site
	for _, s := range sites {
		if s.Role == result.Accepted && !listenerKnown(s) {
			m.listenerUnknown = append(m.listenerUnknown, s)
		}
		if s.Verdict != result.Missing && s.Fix.Status == "" {
			s.Fix = result.Fix{Status: result.FixNone, Reason: noPatchReason[s.Verdict]}
		}
		if s.Verdict == result.Missing {
			wanted = append(wanted, s)
		}
	}
	m.newSwitch(wanted)
	for _, s := range sites {
		if hasUncoveredCalls(s) {
			wanted = append(wanted, s)
		}
	}
	// The first round only learns which functions get a variable of their own,
	// so that all blocks of a function use the same one.
	plan := m.round(wanted)
	if opt.Draft {
		m.share(plan)
		plan.fold()
		m.share(plan)
		plan.keep(opt.Only)
		plan.settle()
		return plan
	}
	m.proj.MixedDecls = m.mixedDecls
	m.topUses()
	m.proj.OnlyReport = mixedCleanup(plan)
	for n := -1; n != len(m.decls); {
		n = len(m.decls)
		plan = m.round(wanted)
	}
	m.intoSetups(plan)
	m.helpers(plan)
	m.share(plan)
	plan.fold()
	m.share(plan) // what a wrapper's callers do for another call of it
	plan.keep(opt.Only)
	m.addSwitch(plan)
	plan.diffPath = opt.DiffPath
	plan.sources(m.proj)
	plan.merge()
	plan.settle()
	return plan
}

// topUse is a function and the #if conditions of its blocks that want a variable at its top.
type topUse struct {
	file *parse.File
	body int
	at   []ctree.GuardSet
}

// topUses hands on what the first round has learnt of them. Where every build has one of the
// blocks, they share a variable under no condition: those that their arms got are forgotten.
func (m *maker) topUses() {
	uses := optval.TopUses{}
	for key, u := range m.tops {
		uses[key] = u.at
	}
	for key := range m.decls {
		top := strings.Join(strings.SplitN(key, "\x00", 4)[:3], "\x00")
		if u, ok := m.tops[top]; ok && uses.InAllBuilds(u.file, u.body, top) {
			delete(m.decls, key)
		}
	}
	m.proj.TopUses = uses
}

// mixedCleanup lists the functions in which one block would give its descriptor up and
// another, whose descriptor may not be given up, would only report.
func mixedCleanup(p *Plan) map[*parse.Func]bool {
	type place struct {
		file  *parse.File
		start int // one function, whatever selection of #if shows it
	}
	kinds, forms := map[place][2]bool{}, map[place][]*parse.Func{}
	mild := map[*parse.Func]bool{}
	for _, fix := range p.Fixes {
		t := fix.target
		if fix.Status != result.FixPatch || t == nil || t.Idiom == nil {
			continue
		}
		at := place{t.Spot.File, t.Spot.Func.Start}
		k := kinds[at]
		if t.Idiom.Policy == compose.PolicyLeave {
			k[0] = true
		} else {
			k[1] = true
		}
		kinds[at], forms[at] = k, append(forms[at], t.Spot.Func)
		for _, fn := range forms[at] {
			mild[fn] = mild[fn] || k[0] && k[1]
		}
	}
	return mild
}

// keep drops the fixes of all sites but some; nil means all.
func (p *Plan) keep(only func(*result.Site) bool) {
	if only != nil {
		p.Fixes = slices.DeleteFunc(p.Fixes, func(f *Fix) bool { return !only(f.Site) })
	}
}

// settle tells the sites what became of them.
func (p *Plan) settle() {
	for _, fix := range p.Fixes {
		fix.Site.Fix = result.Fix{Status: fix.Status, Reason: fix.Reason}
	}
}

// noPatchReason says why a site needs no patch.
var noPatchReason = map[result.Verdict]string{
	result.Covered:    "keepalive is on",
	result.NotTCP:     "not a TCP socket",
	result.Exempt:     "keepalive has no point here",
	result.Suppressed: "suppressed by a comment",
	result.Undecided:  "the analysis could not decide",
}

type maker struct {
	proj            *project
	opt             *Options
	decls           map[string]*optval.Value // variables that fixes declare, by function
	sw              *argswitch.Switch
	prover          *proof.Prover
	blocks          map[string]*Fix              // by place and descriptor: two calls may share one
	mixedDecls      map[string]int               // declarations among statements, by list
	tops            map[string]topUse            // blocks of the first round with a variable at the function's top
	listenerUnknown []*result.Site               // accepted sockets whose listener is not known
	views           map[*parse.Expr]*result.Site // sites as callers of their function see them, by call

	wrappers map[*parse.File][]wrapper
	sockets  map[*parse.File]bool // files that see the declaration of setsockopt()
}

// round plans all sites once.
func (m *maker) round(sites []*result.Site) *Plan {
	m.blocks, m.mixedDecls, m.wrappers = map[string]*Fix{}, map[string]int{}, map[*parse.File][]wrapper{}
	plan := &Plan{}
	for _, s := range sites {
		plan.Fixes = append(plan.Fixes, m.all(s)...)
	}
	m.returned(plan)
	m.arms(plan)
	m.listeners(plan)
	dropJoined(plan)
	return plan
}

// listenerKnown reports whether the listener of an accepted socket is known.
func listenerKnown(s *result.Site) bool {
	for _, l := range s.Node.Listeners {
		if l.Role == result.Listener {
			return true
		}
	}
	return false
}

func none(s *result.Site, why string) *Fix {
	return &Fix{Site: s, Status: result.FixNone, Reason: why}
}

// site plans one site, listeners left for later.
func (m *maker) site(s *result.Site) *Fix {
	if s.Role == result.Listener {
		return none(s, "")
	}
	return m.patch(s)
}

// all plans one site; what comes behind its own fix are the parts of that.
func (m *maker) all(s *result.Site) []*Fix {
	if hasUncoveredCalls(s) {
		return m.atUncoveredCalls(s)
	}
	fix := m.site(s)
	if !fix.loose {
		return []*Fix{fix}
	}
	if parts := m.atCallers(s, fewCallers, false); len(parts) > 0 {
		return parts
	}
	wrapped := m.wrap(s, everyBuild)
	if wrapped.Status == result.FixPatch {
		return []*Fix{wrapped}
	}
	if !wrapped.oneArm {
		if parts := m.atCallers(s, manyCallers, true); len(parts) > 0 {
			return parts
		}
	}
	if wrapped.Reason != noVariable {
		return []*Fix{wrapped}
	}
	fix.oneArm = wrapped.oneArm
	return []*Fix{fix}
}

// refusal says why no block can be right at a site, whatever stands around the call; "" where one
// may be.
func refusal(s *result.Site, f *parse.File) string {
	_, into := knowledge.AcceptsInto.Lookup(s.Call)
	switch {
	case s.Node.SwitchedOff != "":
		return "the program itself turns SO_KEEPALIVE off, in " + s.Node.SwitchedOff + "()"
	case s.Transport == result.MaybeTCP && (s.Role == result.Accepted && !listenerKnown(s) || !s.Accepts() && anyKind(s)) &&
		exemplar.AnyOption(f) != nil:
		return "the program lets its users make sockets of any kind and set any option of them"
	case redefined(f, s.Node.Call):
		return "the file undefines a replacement for the call; setsockopt() may still be replaced"
	case into:
		return s.Call + "() makes a library's handle, which has options of its own"
	}
	return ""
}

func (m *maker) patch(s *result.Site) *Fix {
	if m.sw != nil {
		if why := m.sw.Refusal(switchSite(s)); why != "" {
			return none(s, "no switch: "+why)
		}
	}
	f, fn, off := anchor.Locate(s)
	if f == nil {
		return none(s, "the file was not parsed")
	}
	if why := refusal(s, f); why != "" {
		return none(s, why)
	}
	if h := include.OwnSockets(m.proj.Program, f); h != "" {
		return none(s, "visible: SO_KEEPALIVE is not among the options of the program's own "+h)
	}
	sp, why := m.proj.FindSpot(f, fn, off)
	if why != "" {
		fix := none(s, why)
		fix.loose = sp != nil || fn != nil && fn.Macro != nil
		return fix
	}
	if n := len(sp.Call.Args); sp.Call.Callee() == "socket" && n > 3 {
		return none(s, "socket() has "+strconv.Itoa(n)+" arguments here: that is another interface, with options of its own")
	}
	pl, why := m.proj.FindPlace(sp)
	if why != "" {
		fix := none(s, why)
		fix.loose = true // nothing needs a line of its own around the call
		return fix
	}
	pl, breach := m.livePlace(sp, pl)
	if breach != nil {
		fix := none(s, breach.Why())
		fix.loose = !breach.AboutErrno()
		return fix
	}
	if joined := m.proj.AfterArms(sp, pl); joined != nil && m.misplaced(sp, joined) == nil {
		pl = joined
	}
	if joined := m.proj.AfterBranches(sp, pl); joined != nil && m.misplaced(sp, joined) == nil {
		pl = joined
	}
	if n := anchor.NextStmt(pl); n != nil && (anchor.ClosesAtOnce(f, n, sp.Key) ||
		n == pl.Tested && !anchor.Compound(n.Expr) && anchor.ClosesAtOnce(f, n.Body, sp.Key)) {
		return none(s, "the descriptor is closed at once")
	}
	if m.proj.SetNext(sp, pl) {
		return none(s, setAfter)
	}
	kind, inet := "", false
	if !s.Accepts() {
		test, in := m.proj.SeparateArm(sp, pl)
		if kind = test; in != nil && proof.Compiled(sp, in) == nil {
			pl = in
		}
	}
	if arm, test := m.proj.FamilyArm(sp, pl); arm != nil && kind == "" && proof.Compiled(sp, arm) == nil {
		pl, kind, inet = arm, test, true
	}
	if s.Transport == result.MaybeTCP && kind == "" && !inet {
		if late := m.proj.TCPArm(sp, pl); late != nil && m.misplaced(sp, late) == nil {
			pl, inet = late, true
		}
	}
	if at := m.proj.PastNextOption(sp, pl); proof.Compiled(sp, at) == nil {
		pl = at
	}
	key := f.Path + "\x00" + strconv.Itoa(pl.Offset) + "\x00" + sp.Key
	if shared := m.blocks[key]; shared != nil {
		return &Fix{Site: s, Status: result.FixPatch, same: shared}
	}
	t := m.task(s, sp, pl, kind)
	t.Inet = inet
	fix := m.build(t)
	if fix.Status == result.FixPatch {
		m.blocks[key] = fix
	}
	return fix
}

// anyKind reports whether a socket is made with a family and a type that its function
// reads from elsewhere.
func anyKind(s *result.Site) bool {
	c, fn := s.Node.Call, s.Node.Func
	return c != nil && fn != nil && len(c.Args) == 3 && exemplar.ReadFrom(fn, c.Args[0]) && exemplar.ReadFrom(fn, c.Args[1])
}

// misplaced is the obligation about its place that a block would not meet there.
func (m *maker) misplaced(sp *anchor.Spot, pl *anchor.Place) *proof.Breach {
	if b := proof.Live(m.proj.Exits, sp, pl); b != nil {
		return b
	}
	return proof.Compiled(sp, pl)
}

// livePlace is the place that meets the obligations: the given one or the first of the
// others, else the breach of the given one.
func (m *maker) livePlace(sp *anchor.Spot, pl *anchor.Place) (*anchor.Place, *proof.Breach) {
	breach := m.misplaced(sp, pl)
	if breach == nil {
		return pl, nil
	}
	for pl.Earlier != nil {
		if pl = pl.Earlier; m.misplaced(sp, pl) == nil {
			return pl, nil
		}
	}
	for _, other := range m.proj.OtherPlaces(sp) {
		if m.misplaced(sp, other) == nil {
			return other, nil
		}
	}
	return nil, breach
}

// form writes the block of a target in one form and proves it. It returns the
// obligation that the form does not meet.
func (m *maker) form(t *task) (*Fix, *proof.Breach) {
	s, f, fn := t.Site, t.Spot.File, t.Spot.Func
	if m.opt.Draft {
		return &Fix{Site: s, Status: result.FixPatch, target: t}, nil
	}
	t.Style = m.proj.StyleAt(fn, t.Place.Offset)
	test := m.proj.TCPTest(&t.Target)
	t.Style = m.proj.StyleAt(fn, t.Place.Offset)
	if m.sw != nil {
		t.sw, t.swOn = m.sw.Variable(switchSite(s)), m.sw.Guard(switchSite(s))
	}
	if t.timers = m.timersWanted(t); t.timers.Any() {
		test = m.timersTest(t, test)
	}
	t.gateTest = test
	b, v := m.orElse(t, test)
	if t.Place.Else != nil && !t.OrElse {
		t.Place = t.Place.Earlier
		if t.Place == nil || proof.Live(m.proj.Exits, t.Spot, t.Place) != nil {
			return none(s, anchor.NoElse), nil
		}
		return m.form(t)
	}
	if !t.OrElse {
		b, v = m.block(t, guarded(t.swOn, test))
	}
	if before := t.Place.Valueless; b.Helper != "" && before != nil {
		t.Place = before // not between a value and the call that gets it
		return m.form(t)
	}
	canonical, err := m.opt.Templates.Render(b)
	if err != nil {
		return none(s, TemplateFailed+err.Error()), nil
	}
	canonical = compose.PadDirectives(canonical, f, t.Place.Offset)
	m.styleAsModel(t, &b, v)
	lines := t.Style.Layout(t.Place.Base, canonical)
	if len(lines) == 0 {
		return none(s, "the template produced no text"), nil
	}
	var edits []edit.Edit
	if v.Edit != nil {
		edits = append(edits, *v.Edit)
	}
	if len(b.Timers) > 0 {
		inc, ok := include.Timers(m.proj.Program, f, t.Place.Offset, t.Style.EOL)
		if !ok {
			return none(s, "no safe place for #include <netinet/tcp.h>"), nil
		}
		edits = append(edits, inc...)
	}
	if t.OrElse {
		edits = append(edits, t.ElseEdit(canonical))
	} else {
		edits = append(append(edits, t.Place.Braces...), t.Insertion(lines, b.Helper != ""))
	}
	if b.Helper == "" && !m.declaresSockets(f) {
		inc, ok := include.Header(m.proj.Program, f, "sys/socket.h", t.Place.Offset, t.Style.EOL)
		if !ok {
			return nil, proof.Hidden("no safe place for #include <sys/socket.h>")
		}
		edits = append(inc, edits...)
	}
	sortEdits(edits)
	fix := &Fix{Site: s, Status: result.FixPatch, Files: []FileEdits{{Path: f.Path, Edits: edits}}, target: t, lines: len(lines)}
	fix.Reason = m.timersLeft(t, b.Helper)
	if refused := breachOf(t, &b, v); refused != nil {
		return nil, refused
	}
	if why := m.prover.Prove(&t.Target, edits, 0); why != "" {
		return none(s, why), nil
	}
	m.declared(t, v)
	return fix, nil
}

// declared keeps what a block declares, for the others of its function.
func (m *maker) declared(t *task, v *optval.Value) {
	f := t.Spot.File
	if v.Key != "" && m.decls[v.Key] == nil {
		m.decls[v.Key] = v
	}
	if v.Top != "" && m.proj.TopUses == nil {
		u := m.tops[v.Top]
		m.tops[v.Top] = topUse{f, t.Spot.Func.BodyPos, append(u.at, ctree.GuardsAt(f, t.Place.Offset))}
	}
	if v.Mid != "" {
		m.mixedDecls[v.Mid]++
	}
}

// styleAsModel refines the style of a block by what its model and the lines around it show.
func (m *maker) styleAsModel(t *task, b *templates.Block, v *optval.Value) {
	if id := t.Idiom; id != nil && id.Model != nil && v.Own && optval.DeclKindOf(id.Model) == optval.DeclOwn {
		own := style.NewCounts(t.Style.Tab)
		own.Block(id.Model.File.Src, id.Model.Stmt.Parent)
		t.Style.InnerGap = own.InnerGap > 0 // as its model is
	}
	t.BraceAsModel()
	m.proj.BraceMacros(&t.Target, b)
	t.WidenAsModel()
	t.CommasAsSiblings()
	t.Style.UnitNearby(t.Place.List, t.Place.Offset, t.Spot.File.Src)
	t.BreakAsModel()
	t.Style.FollowGaps, t.Style.LeadsBlock = true, anchor.StartsBlock(t.Place) && v.Declare != "" && !v.Own
}

// breachOf returns the first of the obligations about a block's text that it does not meet.
func breachOf(t *task, b *templates.Block, v *optval.Value) *proof.Breach {
	through := b.Helper != "" || t.Setter != nil || t.Idiom != nil && t.Idiom.Model != nil && t.Idiom.Model.Through != nil
	if refused := proof.Visible(&t.Target, b, v); refused != nil {
		return refused
	}
	if refused := proof.Condition(b, through); refused != nil {
		return refused
	}
	if refused := proof.Message(&t.Target, b, v); refused != nil {
		return refused
	}
	return proof.Assigned(&t.Target, b, v)
}

// timersTest adds to a block's test what its timers need, and takes those back that
// cannot be set there.
func (m *maker) timersTest(t *task, test string) string {
	family, ok := t.FamilyTest()
	asked, _, _ := strings.Cut(family, " != ")
	switch {
	case !ok && t.sw != "" && include.NoTimers(m.proj.Program, t.Spot.File) == "":
		t.quiet = true // the user of the switch chose the timers: no warnings for unix sockets
	case !ok:
		t.timers, t.without = timers.Timers{}, "the socket may be a unix one"
	case include.NoTimers(m.proj.Program, t.Spot.File) != "":
		t.timers, t.without = timers.Timers{}, include.NoTimers(m.proj.Program, t.Spot.File)
	case test == "":
		return family
	case strings.HasPrefix(test, asked+" != "):
		return test // the same, in the function's words
	case family != "":
		return test + " && " + family
	}
	return test
}

// timersLeft says which of the timers that were asked for a block does not set, "" where it
// sets all; helper is the program's own function that it calls.
func (m *maker) timersLeft(t *task, helper string) string {
	if n := m.opt.Timers.Number(); helper != "" && t.given < n {
		if t.given > 0 {
			return fmt.Sprintf("the program's own %s() gets %d of the %d timers", helper, t.given, n)
		}
		return "the timers are left to the program's own " + helper + "()"
	}
	if m.setsTimers(t) && !t.timers.Any() {
		return "without the timers: " + t.without
	}
	return ""
}

// redefined reports whether the file undefines the name that creates the socket
// and keeps the one that sets options: where a library replaces both by
// functions on descriptors of its own kind, the two no longer fit together.
func redefined(f *parse.File, c *parse.Expr) bool {
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
func (m *maker) block(t *task, test string) (templates.Block, *optval.Value) {
	t.Setter, t.given = nil, 0
	t.Idle, t.Interval, t.Count = m.opt.Timers.Idle, m.opt.Timers.Interval, m.opt.Timers.Count
	if sv := m.proj.FindSetter(&t.Target); sv != nil && m.opt.Style != "inline" && t.sw == "" && !t.Plain.Direct {
		t.given = sv.Timers
		if b, ok := m.proj.ComposeChecked(&t.Target, sv, test); ok {
			return b, &optval.Value{}
		}
		return m.proj.ComposeCall(&t.Target, sv, test), &optval.Value{}
	}
	id := m.proj.IdiomFor(&t.Target)
	t.Idiom = id
	t.Place.Test = t.Place.Test && !(t.Place.Fails && id.Policy == compose.PolicyIgnore && id.Check == nil)
	t.OpenAsModel()
	v := &optval.Value{}
	if id.Model == nil || id.Model.Through == nil || t.timers.Any() {
		v = m.proj.ChooseValue(&t.Target, id, id.Policy == compose.PolicyIgnore && t.FullTest(test) != "", m.decls)
	}
	b := m.proj.Compose(&t.Target, id, v, test)
	if t.timers.Any() {
		// All options share one variable, in a block of its own.
		v = &optval.Value{Name: "optval", Own: true, Declare: t.Style.DeclareOne("optval", false)}
		if id.Result != "" && id.Model != nil {
			// Each call is tested by itself: the result of the first says
			// nothing of the timers.
			direct := *id
			direct.Front, direct.Test, direct.Result = id.Model.Front, id.Model.Test, ""
			id = &direct
		}
		b = m.proj.Compose(&t.Target, id, v, test)
		pattern := b
		if id.Check != nil {
			// No program ends over a timer: some kinds of TCP lack one.
			plain := *id
			plain.Check = nil
			pattern = m.proj.Compose(&t.Target, &plain, v, test)
		}
		b.Timers = m.timersOf(t, pattern)
	}
	return b, v
}

// setsTimers reports whether a block sets timers.
func (m *maker) setsTimers(t *task) bool { return m.opt.Timers.Any() || t.sw != "" }

// timersWanted are the timers that a block sets; with a switch all three of it, the
// numbers stand for its variable then.
func (m *maker) timersWanted(t *task) timers.Timers {
	if t.sw != "" {
		return timers.Timers{Idle: 1, Interval: 1, Count: 1}
	}
	return m.opt.Timers
}

// timersOf are the timers of a block: fixed values, or the switch's.
func (m *maker) timersOf(t *task, b templates.Block) []templates.Timer {
	apple := include.BuiltForApple(t.Spot.File, t.Place.Offset)
	if t.sw != "" {
		return switchTimers(t.sw, b, t.quiet, apple)
	}
	return timers.Blocks(t.timers, b, apple)
}

// share gives sites that another one's block serves the same edits.
func (m *maker) share(plan *Plan) {
	for _, fix := range plan.Fixes {
		if fix.same != nil {
			fix.Status, fix.Reason, fix.Files = fix.same.Status, fix.same.Reason, fix.same.Files
		}
	}
}

// setAfter is said where the option is set already, though nothing comes there.
const setAfter = "SO_KEEPALIVE is set right after it"

// listeners settles the listening sockets, now that it is known which accepted
// ones get a block.
func (m *maker) listeners(plan *Plan) {
	patched, everyWay := map[*result.Site]bool{}, map[*result.Site]bool{}
	for _, f := range plan.Fixes {
		if f.Status == result.FixPatch || f.Reason == setAfter {
			patched[f.Site] = true
		}
		if f.parent == nil && f.Status == result.FixPatch && f.Reason == "" && hasUncoveredCalls(f.Site) {
			everyWay[f.Site] = true
		}
	}
	for i, f := range plan.Fixes {
		s := f.Site
		if s.Role != result.Listener {
			continue
		}
		open, reason := false, "the sockets accepted from it get the block"
		feeds := s.Node.Feeds
		if len(feeds) == 0 {
			// Those that nothing ties to a listener may be its own.
			feeds, reason = m.listenerUnknown, "no accept() could be matched to it; all unmatched accept() calls are patched"
		}
		unserved := s.Node.Unserved
		for _, a := range feeds {
			open = open || a.Verdict == result.Missing && !patched[a]
			unserved = unserved && !everyWay[a]
		}
		open = open || len(feeds) == 0 || unserved
		switch {
		case m.opt.Listeners == "all", m.opt.Listeners != "none" && open:
			plan.Fixes[i] = m.patch(s)
		case m.opt.Listeners == "none":
			f.Reason = "listeners are not patched (--listeners none)"
		default:
			f.Status, f.Reason = result.FixElsewhere, reason
		}
	}
}
