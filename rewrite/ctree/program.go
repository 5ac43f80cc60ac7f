package ctree

import (
	"path"
	"sort"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// Program is what the rewriter sees of a program beyond one function: the files
// that hold sites, their functions, and the other files on demand.
type Program struct {
	Files []*parse.File
	Funcs map[string][]*parse.Func // definitions and function-like macros by name
	Src   Sources
}

// NewProgram returns the view of the files that hold the sites and their callers.
// Names that these leave open are looked up in the index, or without
// one in all files of the program, which read reads.
func NewProgram(sites []*result.Site, files []string, read func(string) ([]byte, error), index *detect.Index) *Program {
	p := &Program{Funcs: map[string][]*parse.Func{}, Src: Sources{files: files, read: read, index: index}}
	seen := map[*parse.File]bool{}
	add := func(f *parse.File) {
		if f != nil && !seen[f] {
			seen[f] = true
			p.Files = append(p.Files, f)
		}
	}
	for _, s := range sites {
		add(s.Node.File)
		for _, t := range s.Node.CallerUses {
			add(t.Func.File)
		}
		for _, b := range s.Node.Uncovered {
			add(b.Func.File)
		}
	}
	sort.SliceStable(p.Files, func(i, j int) bool { return p.Files[i].Path < p.Files[j].Path })
	for _, f := range p.Files {
		for _, fn := range f.Funcs {
			p.Funcs[fn.Name] = append(p.Funcs[fn.Name], fn)
		}
	}
	return p
}

// Others returns the files of the project without f, those in its folder
// first.
func (p *Program) Others(f *parse.File) []*parse.File {
	var near, far []*parse.File
	for _, g := range p.Files {
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

// FilesWith returns the files of the program that hold a word, those in the folder
// of f first; without an index those with sites.
func (p *Program) FilesWith(word string, f *parse.File) []*parse.File {
	files := p.Files
	if p.Src.index != nil {
		files = p.Src.index.FilesWith(word)
	}
	var own, near, far []*parse.File
	for _, g := range files {
		switch {
		case len(g.Idents(word)) == 0:
		case g.Path == f.Path:
			own = append(own, f)
		case path.Dir(g.Path) == path.Dir(f.Path):
			near = append(near, g)
		default:
			far = append(far, g)
		}
	}
	return append(append(own, near...), far...)
}

// Function returns the definition that a call in file f reaches by name: one
// of the same file, else the first that is not static elsewhere; nil when there is none.
func (p *Program) Function(f *parse.File, name string) *parse.Func {
	var found *parse.Func
	for _, fn := range p.Funcs[name] {
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

// FnMacro is the function-like macro that a name means in a file.
func (p *Program) FnMacro(f *parse.File, name string) *parse.Macro {
	for _, m := range f.Macros {
		if m.Name == name && m.FnLike {
			return m
		}
	}
	for _, fn := range p.Funcs[name] {
		if fn.Macro != nil && fn.Macro.FnLike {
			return fn.Macro
		}
	}
	if p.Src.index != nil && p.Definition(f, name) == nil {
		return p.Src.index.FnMacro(name)
	}
	return nil
}

// MacroFunc is the body of the function-like macro that a name means in a file, read
// as a function's, nil without one.
func (p *Program) MacroFunc(f *parse.File, name string) *parse.Func {
	m := p.FnMacro(f, name)
	if m == nil {
		return nil
	}
	for _, fn := range m.File.Funcs {
		if fn.Macro == m {
			return fn
		}
	}
	return nil
}

// Definition is the function that a name means in a file.
func (p *Program) Definition(f *parse.File, name string) *parse.Func {
	if fn := p.Function(f, name); fn != nil {
		return fn
	}
	return p.Src.Function(name)
}
