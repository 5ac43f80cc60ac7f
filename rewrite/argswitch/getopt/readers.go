package getopt

import (
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// readers are the readers of a program that picks one of them, by its name or its first
// argument. All of them get the option, under one letter and one name.
type readers []*Getopt

// leadingToSites leaves those readers that a socket is made after: the others are of commands
// that need none. Where that tells none apart, as for functions that return to where the
// sockets are, all stay.
func leadingToSites(j *patch.Patch, found []*Getopt) []*Getopt {
	if len(found) < 2 {
		return found
	}
	var out []*Getopt
	for _, g := range found {
		steps := j.Tree.Reach(g.N)
		for _, s := range j.Sites {
			if _, ok := steps[s]; ok {
				out = append(out, g)
				break
			}
		}
	}
	if len(out) == 0 {
		return found
	}
	return out
}

func (s readers) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	used := map[byte]bool{}
	for _, g := range s {
		if err := g.read(j); err != nil {
			return nil, err
		}
		for c := range g.used {
			used[c] = true
		}
	}
	var first *patch.Spelling
	for i, g := range s {
		own := g.used
		g.used = used
		for k, other := range s {
			if k != i {
				g.otherNames = append(g.otherNames, other.names()...)
			}
		}
		sp, err := g.extend(j, p, own)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = sp
		} else {
			first.More = append(first.More, sp)
		}
	}
	return first, nil
}

// names are the names of the long options, a set a table.
func (g *Getopt) names() []map[string]bool {
	var out []map[string]bool
	for _, r := range g.rows {
		out = append(out, r.names)
	}
	return out
}
