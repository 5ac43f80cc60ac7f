// Package argswitch gives a patched program a switch for keepalive: an option
// on its command line, in the manner in which the program reads its other
// ones, or variables in its environment.
//
// It finds the programs that hold a site (program), recognises how each reads its
// arguments and extends it there (getopt, argv, table), declares one variable that
// the blocks at the sockets look at, and adds the option to the usage text and the
// manuals (usage, manual). Everything is an insertion. What is not certain ends in a
// reason, and then nothing of it is done: the sites of one variable get the switch
// together or not at all.
package argswitch

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// group is programs that share sites, and the variable they share for it.
type group struct {
	programs []*program.Program
	sites    []*program.Node
	name     string // of the variable
	reason   string
	choice   *choice  // of the program, which decides instead of a new one
	lazy     bool     // no main(): each file reads the environment by itself
	skipped  []string // remarks on programs that don't get the switch
	unbuilt  bool     // some of them as no build file names them
}

const onlyTests = "only programs among tests or examples reach it (--switch-main takes one)"

// onlyLeftOut is why a socket gets none that programs reach which were left out.
func (g *group) onlyLeftOut() error {
	if g.unbuilt {
		return errors.New("only programs that are left out reach it (--switch-main takes one)")
	}
	return errors.New(onlyTests)
}

// Switch is a program tree with its sites sorted to the main() functions that
// reach them.
type Switch struct {
	opt    Options
	ctx    *Context
	t      *program.Tree
	groups []*group
	// programs are all that the tree has.
	programs   []*program.Program
	bySite     map[Site]*group
	hasProduct bool // there are programs that lie not among tests or examples
}

// New looks for the programs of the sites.
func New(ctx *Context, opt Options, sites []Site) *Switch {
	s := &Switch{opt: opt, ctx: ctx, bySite: map[Site]*group{}}
	if len(sites) == 0 {
		return s
	}
	s.t = program.NewTree(ctx.Files, ctx.Parsed, ctx.Read, ctx.Builds, ctx.Grammars, ctx.IsTestOrExample)
	var progs []*program.Program
	mains := s.t.Funcs["main"]
	for k, n := range mains {
		if !n.Macro && strings.HasSuffix(n.File.Path, ".c") && n.File.Foreign(n.Forms[0].BodyPos, "linux") == "" {
			if s.t.IsSelfTestMain(n) || k > 0 && mains[k-1].File == n.File && mains[k-1].Last() == n.Last() { // one body with two heads
				continue
			}
			p := &program.Program{Main: n, Steps: s.t.Reach(n)}
			s.t.ReachFromPlugIns(p)
			progs = append(progs, p)
		}
	}
	for _, p := range progs {
		s.hasProduct = s.hasProduct || !s.isTest(p)
	}
	sort.Slice(progs, func(a, b int) bool { return progs[a].Main.File.Path < progs[b].Main.File.Path })
	s.programs = progs
	seen := map[Site]bool{}
	byNode := map[*program.Node]*group{}
	for _, site := range sites {
		if seen[site] {
			continue
		}
		seen[site] = true
		if m := site.Only; m != "" && !s.defines(m) {
			s.bySite[site] = &group{reason: "only a build with -D" + m + " has the socket"}
			continue
		}
		n := s.node(site)
		if n == nil {
			s.bySite[site] = &group{reason: "the function of the socket was not found"}
			continue
		}
		if byNode[n] == nil {
			g := &group{sites: []*program.Node{n}}
			for _, p := range progs {
				if _, ok := p.Steps[n]; ok {
					g.programs = append(g.programs, p)
				}
			}
			byNode[n] = g
			s.groups = append(s.groups, g)
		}
		s.bySite[site] = byNode[n]
	}
	s.mergeGroups()
	existing := s.existingSettings()
	for _, g := range s.groups {
		s.selectPrograms(g)
		if s.useExisting(g, existing); g.choice == nil {
			s.pickName(g)
		}
	}
	return s
}

func (s *Switch) node(site Site) *program.Node {
	f := s.t.ByPath[path.Clean(site.File)]
	var first *program.Node
	for _, n := range s.t.Funcs[site.Func] {
		if n.File != f {
			continue
		}
		if slices.ContainsFunc(n.Forms, func(fn *parse.Func) bool { return fn.Start == site.At }) {
			return n
		}
		if first == nil {
			first = n
		}
	}
	return first
}

// defines reports whether a file of the tree, or one that builds it, defines a macro.
func (s *Switch) defines(macro string) bool {
	for _, f := range s.t.Files {
		for _, d := range f.Dirs {
			if d.Name == "define" && text.HasWord(d.Text, macro) {
				return true
			}
		}
	}
	return s.t.BuildMentions(macro)
}

// mergeGroups joins the groups that have a program or a file in common.
func (s *Switch) mergeGroups() {
	var out []*group
	for _, g := range s.groups {
		for i := 0; i < len(out); i++ {
			if !related(out[i], g) {
				continue
			}
			g.sites = append(out[i].sites, g.sites...)
			for _, p := range out[i].programs {
				if !contains(g.programs, p) {
					g.programs = append(g.programs, p)
				}
			}
			for k, v := range s.bySite {
				if v == out[i] {
					s.bySite[k] = g
				}
			}
			out = append(out[:i], out[i+1:]...)
			i = -1
		}
		out = append(out, g)
	}
	s.groups = out
	for _, g := range out {
		sort.Slice(g.programs, func(a, b int) bool { return g.programs[a].Main.File.Path < g.programs[b].Main.File.Path })
		sort.Slice(g.sites, func(a, b int) bool {
			x, y := g.sites[a], g.sites[b]
			return x.File.Path < y.File.Path || x.File == y.File && x.Forms[0].Start < y.Forms[0].Start
		})
	}
}

func contains(list []*program.Program, p *program.Program) bool {
	for _, q := range list {
		if q == p {
			return true
		}
	}
	return false
}

func related(a, b *group) bool {
	if links(a.programs, b.sites) || links(b.programs, a.sites) {
		return true
	}
	for _, p := range b.programs {
		if contains(a.programs, p) {
			return true
		}
	}
	for _, x := range a.sites {
		for _, y := range b.sites {
			if x.File == y.File {
				return true
			}
		}
	}
	return false
}

// links reports whether one of the programs runs code of the sites' files.
func links(programs []*program.Program, sites []*program.Node) bool {
	for _, p := range programs {
		for n := range p.Steps {
			for _, s := range sites {
				if n.File == s.File && !n.Macro {
					return true
				}
			}
		}
	}
	return false
}

// selectPrograms decides which of the programs get the switch.
func (s *Switch) selectPrograms(g *group) {
	if s.opt.Main != "" && !(s.opt.Env && len(g.programs) == 0) {
		want := map[string]bool{}
		for _, name := range strings.Split(s.opt.Main, ",") {
			want[path.Clean(filepath.ToSlash(name))] = true
		}
		var kept []*program.Program
		for _, p := range g.programs {
			if want[path.Clean(p.Main.File.Path)] {
				kept = append(kept, p)
			}
		}
		if len(kept) == 0 {
			g.reason = fmt.Sprintf("the main() of %s does not reach it", s.opt.Main)
			if len(g.programs) > 0 {
				g.reason += "; " + mainsOf(g.programs) + " does"
			}
		}
		g.programs = kept
		return
	}
	var kept, left []*program.Program
	tests := false
	for _, p := range g.programs {
		if s.isTest(p) {
			left = append(left, p)
		} else {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 && len(left) > 0 && (s.hasProduct || s.isLibrary(g)) {
		if !s.isLibrary(g) || !s.opt.Env && !s.opt.Auto {
			g.reason = onlyTests
			return
		}
		g.programs, tests = nil, true
	}
	kept = s.built(g, kept)
	if len(kept) > 0 {
		g.programs = kept
		if len(left) > 3 {
			g.skipped = append(g.skipped,
				fmt.Sprintf("%d programs, as %s, are left out, as they lie among tests or examples (--switch-main takes one)",
					len(left), left[0].Main.File.Path))
			left = nil
		}
		for _, p := range left {
			g.skipped = append(g.skipped, p.Main.File.Path+": left out, as it lies among tests or examples (--switch-main takes it)")
		}
	}
	if s.opt.Env || s.opt.Auto {
		why := ""
		if g.lazy = len(g.programs) == 0; g.lazy {
			why = s.siteFiles(g) + ": no main() reaches the sockets: this is a library, or its program was not among the files"
			if tests {
				why = s.siteFiles(g) + ": only programs among tests or examples reach the sockets (--switch-main takes one)"
			}
		}
		for _, p := range g.programs {
			for _, n := range g.sites {
				if name := s.hides(n.File, p.Main.File); name != "" && why == "" {
					why = fmt.Sprintf("%s hides the symbols of the library with %s", name, n.File.Path)
				}
			}
		}
		if g.lazy = why != ""; g.lazy {
			if s.opt.Auto {
				g.skipped = append(g.skipped, "no option: "+why)
			}
			return
		}
	}
	if len(g.programs) == 0 {
		g.reason = "no main() reaches it: this is a library, or its program was not among the files; " +
			"--switch=env reads the environment where the sockets are made"
	}
}

// siteFiles names the files with the sockets of a group.
func (s *Switch) siteFiles(g *group) string {
	var names []string
	for _, n := range g.sites {
		if !slices.Contains(names, n.File.Path) {
			names = append(names, n.File.Path)
		}
	}
	slices.Sort(names)
	if len(names) > 3 {
		return fmt.Sprintf("%s and %d other files", names[0], len(names)-1)
	}
	return strings.Join(names, ", ")
}

// built leaves out the programs that no build file names, where it names others.
func (s *Switch) built(g *group, programs []*program.Program) []*program.Program {
	var kept, left []*program.Program
	for _, p := range programs {
		if s.t.Unnamed(p.Main) {
			left = append(left, p)
		} else {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return programs
	}
	g.unbuilt = len(left) > 0
	for _, p := range left {
		g.skipped = append(g.skipped, p.Main.File.Path+": left out, as no build file names it (--switch-main takes it)")
	}
	return kept
}

// isTest reports whether a program is a test or an example: by its folder, or by the build files.
func (s *Switch) isTest(p *program.Program) bool {
	return s.ctx.IsTestOrExample(p.Main.File.Path) || s.t.IsTest(p.Main)
}

// isLibrary reports whether a socket of the group is made by code that is no test and no
// example.
func (s *Switch) isLibrary(g *group) bool {
	return slices.ContainsFunc(g.sites, func(n *program.Node) bool { return !s.ctx.IsTestOrExample(n.File.Path) })
}

func mainsOf(list []*program.Program) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Main.File.Path)
	}
	return strings.Join(names, ", ")
}

// Refusal is why a site cannot have a switch, "" when it can so far.
func (s *Switch) Refusal(site Site) string {
	if g := s.bySite[site]; g != nil {
		return g.reason
	}
	return ""
}

// Guard is the condition under which a site's socket gets keepalive.
func (s *Switch) Guard(site Site) string {
	g := s.bySite[site]
	switch {
	case g == nil:
		return ""
	case g.choice != nil:
		return g.choice.at(s.node(site))
	case g.lazy:
		return "read_" + g.name + "()"
	case s.opt.Both:
		return "use_" + g.name + "()"
	}
	return g.name + ".on"
}

// Variable is what the block at a site is to look at: a struct with the
// members on, idle, interval and count.
func (s *Switch) Variable(site Site) string {
	if g := s.bySite[site]; g != nil {
		return g.name
	}
	return ""
}

// What the rewriter hands over and gets back.
type (
	Options = patch.Settings
	Style   = patch.Layout
	Context = patch.Host
	Change  = patch.FileChange
)

// Site is a place that is to look at the switch.
type Site struct {
	File, Func string
	At         int    // where the function begins: each arm of an #if may have one of its name
	Only       string // a macro for debugging that compiles it, empty where there is none
}

// Outcome is the patch of one group of programs that share sites.
type Outcome struct {
	Changes []Change
	Notes   []string // one line a program
	Hints   []string // how the option is given, where that may surprise
	Remarks []string // what else is worth telling
	Reason  string   // why there is no patch
}
