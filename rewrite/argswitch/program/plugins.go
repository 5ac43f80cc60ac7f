package program

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/link"
)

// pluginSteps is how far functions are that plug-ins call: behind all that main() reaches.
const pluginSteps = 1000

// ReachFromPlugIns adds to the steps of a program the functions of its own files that run
// from a plug-in alone: a library of the tree that the program is not linked with, and that
// calls functions which only the program has.
func (t *Tree) ReachFromPlugIns(p *Program) {
	s := t.linkedWith(p.Main)
	if s == nil {
		return
	}
	var entries []*Node
	entered := map[*Node]bool{}
	for _, u := range t.graph.Finals() {
		if u.Kind != link.Shared || t.uses(p, u, s) {
			continue
		}
		for name := range u.Sources {
			f := t.ByPath[name]
			if f == nil {
				continue
			}
			for _, n := range t.ByFileOf(f) {
				for _, used := range n.Uses {
					if n.locals[used] {
						continue
					}
					for _, m := range t.Find(used, f) {
						if m.Macro || m.static || !s.files[m.File] || !strings.HasSuffix(m.File.Path, ".c") || t.otherwise(used, u, s) {
							continue
						}
						if _, ok := p.Steps[m]; !ok && !entered[m] {
							entered[m], entries = true, append(entries, m)
						}
					}
				}
			}
		}
	}
	if len(entries) == 0 {
		return
	}
	slices.SortFunc(entries, func(a, b *Node) int {
		return cmp.Or(strings.Compare(a.File.Path, b.File.Path), strings.Compare(a.Name, b.Name))
	})
	for n, steps := range t.Reach(entries...) {
		if _, ok := p.Steps[n]; !ok && (s.files[n.File] || strings.HasSuffix(n.File.Path, ".h")) {
			p.Steps[n] = pluginSteps + steps
		}
	}
}

// uses reports whether a program calls a library, or has copies of a part of it. One that
// it is linked with and never calls is loaded by its name, as -dlopen does.
func (t *Tree) uses(p *Program, u *link.Unit, s *linkedSet) bool {
	of, all := map[*parse.File]bool{}, true
	for name := range u.Sources {
		if f := t.ByPath[name]; f != nil {
			of[f] = true
			all = all && s.files[f]
		}
	}
	for f := range of {
		if s.files[f] && !all {
			return true
		}
	}
	for n := range p.Steps {
		if of[n.File] && p.Steps[n] < pluginSteps && strings.HasSuffix(n.File.Path, ".c") {
			return true
		}
	}
	return false
}

// otherwise reports whether a plug-in finds a name without the program: it defines a function of that
// name, or another file outside the program does.
func (t *Tree) otherwise(name string, u *link.Unit, s *linkedSet) bool {
	for _, m := range t.Funcs[name] {
		if !m.Macro && !m.static && (u.Sources[path.Clean(m.File.Path)] || !s.files[m.File] && strings.HasSuffix(m.File.Path, ".c")) {
			return true
		}
	}
	return false
}
