package detect

import (
	"fmt"
	"os"
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
