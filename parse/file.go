package parse

import (
	"slices"
	"sort"
	"sync"
)

// File is one source file, lexed, with its tree of #if groups and its
// top-level items over all passes. It is read-only after New, but for what is
// built on first use behind a lock, so goroutines may share it.
type File struct {
	groupTree
	Funcs  []*Func // definitions, and function-like macros, in order of offset
	Macros []*Macro

	reach []int32  // for each of Funcs, the largest End up to it
	tmp   *scratch // for New alone

	decls fileDecls

	typeOnce sync.Once
	types    map[string]bool
}

// New lexes and splits a file. It does not fail: what is wrong with the bytes
// is in Problems, and everything else is there all the same.
func New(path string, src []byte) *File {
	tmp := scratches.Get().(*scratch)
	f := &File{tmp: tmp}
	tmp.lexed = f.lexFile(path, src, tmp.lexed)
	tmp.words = f.selectBranches(tmp.words)
	f.macros()
	f.splitAll()
	f.settleProblems()
	f.tmp = nil
	tmp.head = parser{room: tmp.head.room} // nothing of this file stays in the next one's memory
	scratches.Put(tmp)
	return f
}

// FuncsAt returns the function instances (one a pass in which its text
// differs) whose body holds the offset.
func (f *File) FuncsAt(off int) []*Func { return f.AppendFuncsAt(nil, off) }

// AppendFuncsAt appends them to out.
func (f *File) AppendFuncsAt(out []*Func, off int) []*Func {
	from := len(out)
	n := sort.Search(len(f.Funcs), func(i int) bool { return f.Funcs[i].Start > off })
	for n--; n >= 0 && int(f.reach[n]) > off; n-- {
		if fn := f.Funcs[n]; off < fn.End {
			out = append(out, fn)
		}
	}
	slices.Reverse(out[from:])
	return out
}
