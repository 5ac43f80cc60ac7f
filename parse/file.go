// Package parse turns one C source file, as it comes out of the tarball, into
// trees: no header is opened, no macro expanded, no compiler needed.
//
// A File is tokens (package token), the #if groups and the selections of their
// branches (package cond), and the functions and declarations of every selection,
// found by brackets. A function's tree is built when it is asked for, by a tolerant
// recursive-descent parser that turns what it does not know into opaque nodes and
// records a Repair, so that no function is ever lost. Of the selections after the
// first only what differs is split again.
//
// All positions are byte offsets into the file as read. Time is linear in the
// tokens of the selections; nesting is bounded.
package parse

import (
	"slices"
	"sort"
	"sync"

	"github.com/keepatch/keepatch/parse/cond"
	"github.com/keepatch/keepatch/parse/token"
)

// File is one source file, lexed, with its tree of #if groups and its
// top-level items over all passes. It is read-only after New, but for what is
// built on first use with a lock, so goroutines may share it.
type File struct {
	cond.Tree
	Funcs  []*Func // definitions, and function-like macros, in order of offset
	Macros []*Macro

	reach []int32  // for each of Funcs, the largest End up to it
	tmp   *scratch // for New alone

	decls fileDecls
	rooms rooms

	nameMacros map[string]bool // those that make the names of functions, see isNameMacro

	namedOnce sync.Once
	named     map[string][]*Func

	typeOnce sync.Once
	types    map[string]bool
}

// New lexes and splits a file. It does not fail: what is wrong with the bytes
// is in Problems, and everything else is there all the same.
func New(path string, src []byte) *File {
	tmp := scratches.Get().(*scratch)
	f := &File{tmp: tmp}
	tmp.lexed = f.Lex(path, src, tmp.lexed)
	tmp.words = f.SelectBranches(tmp.words)
	f.macros()
	f.splitAll()
	f.SettleProblems()
	f.tmp = nil
	f.rooms.put(tmp.head.room)
	tmp.head = parser{endRoom: tmp.head.endRoom} // nothing of this file stays in the next one's memory
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

// FuncsNamed returns those of Funcs that have a name, in their order.
func (f *File) FuncsNamed(name string) []*Func {
	f.namedOnce.Do(func() {
		f.named = make(map[string][]*Func, len(f.Funcs))
		for _, fn := range f.Funcs {
			f.named[fn.Name] = append(f.named[fn.Name], fn)
		}
	})
	return f.named[name]
}

// SameGuards reports whether two offsets are compiled by the same builds.
func (f *File) SameGuards(a, b int) bool { return slices.Equal(f.Guards(a), f.Guards(b)) }

// Between returns the tokens in a range of the file, directives included.
func (f *File) Between(from, to int) []token.Token {
	i := f.TokAt(from)
	k := i
	for k < len(f.Toks) && int(f.Toks[k].Off) < to {
		k++
	}
	return f.Toks[i:k]
}
