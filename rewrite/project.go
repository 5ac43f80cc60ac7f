package rewrite

import (
	"path"
	"sort"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// project is what the rewriter knows of the program beyond one function: the
// files that hold sites, their functions, and how they set socket options.
type project struct {
	files    []*parse.File
	funcs    map[string][]*parse.Func // definitions and function-like macros by name
	habits   map[*parse.File][]*habit
	tallies  map[*parse.File]*tally
	styles   map[styleKey]*style
	mild     map[*parse.Func]bool // functions in which no block gives the descriptor up
	limits   map[*parse.File]int
	tabs     map[*parse.File]int // columns of a tab
	optCalls map[*parse.File][]*habit
	talks    map[*parse.File]*fileTalk
	exits    exits
	extra    map[string][]byte // files that fixes change and that hold no site
	mids     map[string]int    // declarations that the first round put among statements, by list
	words    *levelWords
	voids    *bool                         // results are cast to void, see castsVoid
	args     map[*parse.Expr][]*parse.Expr // of the sockets that calls of wrappers make
	src      sources
}

func newProject(sites []*detect.Site, opt *Options) *project {
	p := &project{args: map[*parse.Expr][]*parse.Expr{}, funcs: map[string][]*parse.Func{}, habits: map[*parse.File][]*habit{}, tallies: map[*parse.File]*tally{}, styles: map[styleKey]*style{}, limits: map[*parse.File]int{}, tabs: map[*parse.File]int{}, optCalls: map[*parse.File][]*habit{}, talks: map[*parse.File]*fileTalk{}}
	p.exits.proj = p
	p.src = sources{files: opt.Files, read: opt.Read, index: opt.Index}
	seen := map[*parse.File]bool{}
	add := func(f *parse.File) {
		if f != nil && !seen[f] {
			seen[f] = true
			p.files = append(p.files, f)
		}
	}
	for _, s := range sites {
		add(s.Node.File)
		for _, t := range s.Node.Takers {
			add(t.Func.File)
		}
		for _, st := range s.Node.Setters {
			if st.Func != nil {
				add(st.Func.File)
			}
		}
	}
	sort.SliceStable(p.files, func(i, j int) bool { return p.files[i].Path < p.files[j].Path })
	for _, f := range p.files {
		for _, fn := range f.Funcs {
			p.funcs[fn.Name] = append(p.funcs[fn.Name], fn)
		}
	}
	return p
}

// habitsOf returns the setsockopt calls of a file in the order of the text.
func (p *project) habitsOf(f *parse.File) []*habit {
	if h, ok := p.habits[f]; ok {
		return h
	}
	h := findHabits(f)
	p.habits[f] = h
	return h
}

// others returns the files of the project without f, those in its folder
// first.
func (p *project) others(f *parse.File) []*parse.File {
	var near, far []*parse.File
	for _, g := range p.files {
		switch {
		case g == f:
		case path.Dir(g.Path) == path.Dir(f.Path):
			near = append(near, g)
		default:
			far = append(far, g)
		}
	}
	return append(near, far...)
}

// function returns the definition that a call in file f reaches by name: one
// of the same file first, nil when there is none or more than one elsewhere.
func (p *project) function(f *parse.File, name string) *parse.Func {
	var found *parse.Func
	for _, fn := range p.funcs[name] {
		if fn.Macro != nil {
			continue
		}
		if fn.File == f {
			return fn
		}
		if !fn.Static && found == nil {
			found = fn
		}
	}
	return found
}

// locate fills in the function of a site whose node has none.
func locate(s *detect.Site) (*parse.File, *parse.Func, int) {
	f := s.Node.File
	if f == nil {
		return nil, nil, 0
	}
	off := f.Lines().Start(s.Line) + s.Column - 1
	if s.Node.Call != nil {
		off = s.Node.Call.NamePos
	}
	if s.Node.Func != nil {
		return f, s.Node.Func, off
	}
	for _, fn := range f.FuncsAt(off) {
		if st, _ := owner(fn.Body(), off); st != nil {
			return f, fn, off
		}
	}
	return f, nil, off
}
