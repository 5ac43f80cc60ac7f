package judge

import (
	"cmp"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// ofPair reports whether the function that makes a socket makes both ends of a connection: it asks a
// listener of its own for the address, connects to it, and accepts from that listener, as a
// socketpair() for internet addresses does. The site is one of the three.
func (j *Judgement) ofPair() bool {
	fi := j.Cand.In
	nameOf := func(e *parse.Expr) string { return cmp.Or(value.PathOf(e), fi.Text(e)) } // sv[0] has no path
	own := ""
	if lhs, d := program.AssignedTo(j.Cand.Call); lhs != nil {
		own = nameOf(lhs)
	} else if d != nil {
		own = d.Name
	}
	follows := func(a, b *parse.Expr) bool {
		from, to := fi.NodeOf(a), fi.NodeOf(b)
		return from != nil && to != nil && a.Pos < b.Pos &&
			fi.Graph().Reachable(from, to, func(*cfg.Edge) bool { return true }).Has(to)
	}
	on := func(c *parse.Expr, path string) bool { return len(c.Args) > 1 && nameOf(c.Args[0]) == path }
	for asked := range fi.CallsOf("getsockname") {
		path := ""
		if len(asked.Args) > 1 {
			path = nameOf(asked.Args[0])
		}
		listens := false
		for c := range fi.CallsOf("listen") {
			listens = listens || on(c, path)
		}
		if path == "" || !listens {
			continue
		}
		for c := range fi.CallsOf("connect") {
			if on(c, path) || !follows(asked, c) {
				continue
			}
			for _, name := range sites.Accepting {
				for taken := range fi.CallsOf(name) {
					if on(taken, path) && follows(c, taken) && (taken == j.Cand.Call || own != "" && (on(c, own) || own == path)) {
						return true
					}
				}
			}
		}
	}
	return false
}
