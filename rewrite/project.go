package rewrite

import (
	"path"
	"sort"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// program is what the rewriter sees of a program beyond one function: the files
// that hold sites, their functions, and the other files on demand.
type program struct {
	files []*parse.File
	funcs map[string][]*parse.Func // definitions and function-like macros by name
	src   sources
}

// newProgram returns the view of the files that hold the sites, their callers
// and setters. Names that these leave open are looked up in the index, or without
// one in all files of the program, which read reads.
func newProgram(sites []*detect.Site, files []string, read func(string) ([]byte, error), index *detect.Index) *program {
	p := &program{funcs: map[string][]*parse.Func{}, src: sources{files: files, read: read, index: index}}
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

// others returns the files of the project without f, those in its folder
// first.
func (p *program) others(f *parse.File) []*parse.File {
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
func (p *program) function(f *parse.File, name string) *parse.Func {
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

// fnMacro is the function-like macro that a name means in a file.
func (p *program) fnMacro(f *parse.File, name string) *parse.Macro {
	for _, m := range f.Macros {
		if m.Name == name && m.FnLike {
			return m
		}
	}
	for _, fn := range p.funcs[name] {
		if fn.Macro != nil && fn.Macro.FnLike {
			return fn.Macro
		}
	}
	if p.src.index != nil && p.definition(f, name) == nil {
		return p.src.index.FnMacro(name)
	}
	return nil
}

// definition is the function that a name means in a file.
func (p *program) definition(f *parse.File, name string) *parse.Func {
	if fn := p.function(f, name); fn != nil {
		return fn
	}
	return p.src.function(name)
}
