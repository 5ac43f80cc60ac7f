package program

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// Index answers what a name means anywhere in the analysed tree. It holds the
// trees that the analysis has built; give it up to give up their memory.
type Index struct{ prog *Program }

// NewIndex returns the index of a loaded program.
func NewIndex(p *Program) *Index { return &Index{p} }

// Function returns the first definition of a function in the order of the
// files' paths, nil when the tree has none.
func (x *Index) Function(name string) *parse.Func {
	for _, u := range x.prog.filesDefining(name) {
		u.Tables()
		for _, fn := range u.Funcs[name] {
			if fn.Macro == nil {
				return fn
			}
		}
	}
	return nil
}

// IsTestOrExample reports whether a file's program is a test or an example.
func (x *Index) IsTestOrExample(file string) bool { return x.prog.IsTestOrExample(file) }

// Roots are the folders that were named.
func (x *Index) Roots() []string { return x.prog.Opt.Roots }

// Macro returns the replacement of the first object-like macro of that name,
// "" when the tree has none.
func (x *Index) Macro(name string) string {
	for _, u := range x.prog.FilesWithMacro(name) {
		u.Tables()
		for _, m := range u.Macros[name] {
			if n := len(m.Body); !m.FnLike && n > 0 {
				return strings.TrimSpace(string(m.File.Src[m.Body[0].Off:m.Body[n-1].End]))
			}
		}
	}
	return ""
}

// MayDefine reports whether a file may define a macro of that name.
func (x *Index) MayDefine(name string) bool { return len(x.prog.FilesWithMacro(name)) > 0 }

// FnMacro returns the first function-like macro of that name, nil when the tree
// has none.
func (x *Index) FnMacro(name string) *parse.Macro {
	for _, u := range x.prog.FilesWithMacro(name) {
		u.Tables()
		for _, m := range u.Macros[name] {
			if m.FnLike {
				return m
			}
		}
	}
	return nil
}

// Parsed returns the number of files and of functions that trees were made of.
// The analysis must be over.
func (x *Index) Parsed() (files, functions int) {
	for _, u := range x.prog.Files {
		if u.twin != nil {
			u = u.twin
		}
		if u.file == nil {
			continue
		}
		met := false
		for _, fn := range u.file.Funcs {
			if fn.Parsed() {
				functions++
				met = true
			}
		}
		if met {
			files++
		}
	}
	return files, functions
}

// FilesWith returns the files of the tree that hold a word, in the order of their
// paths.
func (x *Index) FilesWith(word string) (files []*parse.File) {
	for _, u := range x.prog.FilesNaming(word) {
		if f := u.Tree(); len(f.Idents(word)) > 0 {
			files = append(files, f)
		}
	}
	return files
}
