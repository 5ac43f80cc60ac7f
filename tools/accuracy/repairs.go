package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// mends counts functions and those of them in which the parser had to read
// something as other than what stands there.
type mends struct {
	functions, repaired int
	kinds               map[string]int // functions by kind of repair
}

func (m *mends) add(repairs map[string]bool) {
	m.functions++
	if len(repairs) > 0 {
		m.repaired++
	}
	for k := range repairs {
		m.kinds[k]++
	}
}

func (m *mends) print(w io.Writer, what string) {
	fmt.Fprintf(w, "%s %d, repaired %d", what, m.functions, m.repaired)
	if m.repaired > 0 {
		fmt.Fprintf(w, ": %s", m.list())
	}
	fmt.Fprintln(w)
}

// list names the repairs, each with the number of functions that needed it.
func (m *mends) list() string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(m.kinds)) {
		list = append(list, fmt.Sprintf("%s %d", k, m.kinds[k]))
	}
	return strings.Join(list, ", ")
}

// repairs reads the files that hold sites once more, with the parser alone.
type repairs struct {
	around mends // functions that hold a site
	all    mends // every function of those files
}

func newRepairs() *repairs {
	return &repairs{mends{kinds: map[string]int{}}, mends{kinds: map[string]int{}}}
}

// add counts one package, whose report has paths relative to root.
func (r *repairs) add(root string, rep *detect.Report) error {
	sites := map[string][]*result.Site{}
	for _, s := range rep.Sites {
		sites[s.File] = append(sites[s.File], s)
	}
	for _, name := range slices.Sorted(maps.Keys(sites)) {
		src, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		r.file(parse.New(name, src), sites[name])
	}
	return nil
}

func (r *repairs) file(f *parse.File, sites []*result.Site) {
	// A function that reads differently under other #if branches is there once
	// for each of its readings.
	kinds := map[int]map[string]bool{}
	holds := map[int]bool{}
	for _, s := range sites {
		for _, fn := range f.FuncsAt(f.Lines().Start(s.Line) + s.Column - 1) {
			holds[fn.Start] = true
		}
	}
	for _, fn := range f.Funcs {
		if fn.Macro != nil && !holds[fn.Start] {
			continue // a constant, most often
		}
		fn.Body() // repairs are made while the body is read
		if kinds[fn.Start] == nil {
			kinds[fn.Start] = map[string]bool{}
		}
		for _, q := range fn.Repairs {
			kinds[fn.Start][q.Kind] = true
		}
	}
	for start, k := range kinds {
		r.all.add(k)
		if holds[start] {
			r.around.add(k)
		}
	}
}

func (r *repairs) print(w io.Writer) {
	r.around.print(w, "functions with a site")
	r.all.print(w, "functions in their files")
}
