package rewrite

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDbg(t *testing.T) {
	pkg := os.Getenv("PKG")
	id := os.Getenv("SITE")
	sites := readLabels(t, filepath.Join(os.Getenv("KEEPATCH_LABELS"), pkg+".jsonl"), filepath.Join(os.Getenv("KEEPATCH_CORPUS"), pkg))
	m := &maker{proj: newProject(sites), opt: &Options{}, decls: map[string]string{}, blocks: map[string]*Fix{}}
	for _, s := range sites {
		if !strings.Contains(s.ID, id) {
			continue
		}
		f, fn, off := locate(s)
		sp, why := findSpot(f, fn, off)
		fmt.Println(sp, why)
		pl, why := m.proj.anchor(sp)
		fmt.Println(pl, why, f.Lines().Line(pl.at))
		tg := &target{site: s, sp: sp, pl: pl, opt: m.opt}
		tg.st = m.proj.styleAt(fn, pl.at)
		fmt.Printf("%+v\n", tg.st)
		l := newTally()
		l.function(fn)
		fmt.Printf("%+v\n", l)
		idm := m.proj.idiomFor(tg)
		fmt.Printf("%+v\n", idm)
		if idm.model != nil {
			fmt.Printf("%+v line %d\n", idm.model, idm.model.file.Lines().Line(idm.model.call.Pos))
			fmt.Println(idm.model.file.Path)
		}
		v := m.proj.chooseValue(tg, idm, nil)
		fmt.Printf("%+v\n", v)
		fmt.Println(fn.Repairs, fn.Pass)
	}
}
