package detect

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/keepatch/keepatch/parse/walk"
)

func TestDbg(t *testing.T) {
	if os.Getenv("DBG") == "" {
		t.Skip()
	}
	p := load([]string{os.Getenv("DBG")}, Options{})
	for _, c := range p.sites() {
		if c.call == nil {
			continue
		}
		for _, a := range c.call.Args {
			ev := p.evaluator(p.session())
			v := ev.eval(c.fi, a, nil)
			fmt.Println(c.off, c.fi.src(a), v.list(), v.unknown)
			for _, d := range ev.trail {
				fmt.Println("   ", d)
			}
			if a.Kind == 6 {
				defs, entry := c.fi.reach(c.fi.nodeOf(a), a.Pos, pathOf(a))
				for _, d := range defs {
					fmt.Println("   def", d.kind, d.suffix, d.e != nil && true, entry)
					if d.e != nil {
						fmt.Println(c.fi.src(d.e))
					}
				}
			}
		}
	}
}

func TestDbgTree(t *testing.T) {
	if os.Getenv("DBGTREE") == "" {
		t.Skip()
	}
	res := walk.Expand([]string{os.Getenv("DBGTREE")}, walk.Options{})
	var paths []string
	for _, f := range res.Files {
		paths = append(paths, f.Path)
	}
	r := Analyze(paths, Options{})
	fmt.Println(len(r.Sites))
}

func TestDbgFlow(t *testing.T) {
	if os.Getenv("DBGFLOW") == "" {
		t.Skip()
	}
	res := walk.Expand([]string{os.Getenv("DBGFLOW")}, walk.Options{})
	var paths []string
	for _, f := range res.Files {
		paths = append(paths, f.Path)
	}
	p := load(paths, Options{})
	for _, c := range p.sites() {
		if c.call == nil || os.Getenv("AT") != fmt.Sprintf("%s:%d", filepath.Base(c.u.path), c.u.tree().Lines().Line(c.off)) {
			continue
		}
		f := p.follow(ref{c.fi, c.call})
		for s := range f.seen {
			n := ""
			if s.at.decl != nil {
				n = s.at.fn.Name + "." + s.at.decl.Name
			}
			fmt.Println("PLACE", s.at.kind, n, s.at.key)
		}
		for _, h := range f.happens {
			fmt.Println("HAPPENS", h.what, h.fi.unit.path, h.fi.evidence(h.call.NamePos, h.fi.src(h.call)))
		}
	}
}
