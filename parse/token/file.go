package token

import (
	"slices"
	"sort"
	"sync"
	"unsafe"

	"github.com/keepatch/keepatch/parse/text"
)

// File is one source file as tokens. It is read-only once it is made, but
// for what is built on first use with a lock, so goroutines may share it.
type File struct {
	Path     string // as reports print it
	Src      []byte // the bytes as read; read-only
	Toks     []Token
	Comments []Comment
	Problems []Problem // in order of offset

	text string // the bytes of Src, so that names need no copy each

	lineOnce sync.Once
	lines    *text.Lines

	identOnce sync.Once
	idents    []int32                // tokens that are identifiers, by bucket
	buckets   [nameBuckets + 1]int32 // where each begins
}

// Lex lexes src. room is memory for the tokens while they are collected; it is
// returned to be used again.
func (f *File) Lex(path string, src []byte, room []Token) []Token {
	l := lexInto(src, Room(room, roomFor(src)))
	f.Path, f.Src, f.text = path, src, unsafe.String(unsafe.SliceData(src), len(src))
	f.Toks, f.Comments, f.Problems = slices.Clone(l.Toks), l.comments, l.problems
	return l.Toks
}

// Room returns memory for n values, room where it has that much. What append would make of it
// grows by a quarter at a time, and the pieces that became too small are a tenth of all memory.
func Room[T any](room []T, n int) []T {
	if cap(room) < n {
		return make([]T, 0, max(n, 2*cap(room)))
	}
	return room[:0]
}

// Slice returns the bytes of a range as a string that shares their memory.
func (f *File) Slice(from, to int) string { return f.text[from:to] }

// Problem records a place where the bytes are not C.
func (f *File) Problem(off int, msg string) {
	f.Problems = append(f.Problems, Problem{off, msg})
}

// Lines returns the line table.
func (f *File) Lines() *text.Lines {
	f.lineOnce.Do(func() { f.lines = text.NewLines(f.Src) })
	return f.lines
}

// CommentAt returns the comment that begins at off.
func (f *File) CommentAt(off int) (c Comment, ok bool) {
	i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].Off) >= off })
	if i < len(f.Comments) && int(f.Comments[i].Off) == off {
		return f.Comments[i], true
	}
	return Comment{}, false
}

// Text returns the bytes of a token as they stand; a continuation inside it
// is taken out.
func (f *File) Text(t Token) string {
	if !t.Spliced {
		return f.text[t.Off:t.End]
	}
	s := f.Src[t.Off:t.End]
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r') {
			for i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r') {
				i++
			}
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// Spells reports whether a token is the name.
func (f *File) Spells(t Token, name string) bool {
	if t.Spliced {
		return f.Text(t) == name
	}
	return int(t.End-t.Off) == len(name) && f.text[t.Off:t.End] == name
}

// TokAt returns the index of the token that begins at or holds off, else of
// the first one after it.
func (f *File) TokAt(off int) int {
	return sort.Search(len(f.Toks), func(i int) bool { return int(f.Toks[i].End) > off })
}

// Idents returns the indices of the tokens that spell name, directives left
// out.
func (f *File) Idents(name string) (list []int32) {
	if name == "" {
		return nil
	}
	f.identOnce.Do(f.sortIdents)
	k := int(BucketOf(name))
	for _, i := range f.idents[f.buckets[k]:f.buckets[k+1]] {
		if f.Spells(f.Toks[i], name) {
			list = append(list, i)
		}
	}
	return list
}

// sortIdents puts the identifiers into buckets by their outermost letters and
// their length: two passes over the tokens, and a look-up has few to compare.
func (f *File) sortIdents() {
	var counts [nameBuckets + 1]int32
	which := make([]uint8, len(f.Toks))
	for i := range f.Toks {
		if t := &f.Toks[i]; t.Kind == Ident {
			name := f.text[t.Off:t.End]
			if t.Spliced {
				name = f.Text(*t)
			}
			which[i] = BucketOf(name)
			counts[int(which[i])+1]++
		}
	}
	for k := range nameBuckets {
		counts[k+1] += counts[k]
	}
	f.buckets = counts
	f.idents = make([]int32, counts[nameBuckets])
	for i := range f.Toks {
		if f.Toks[i].Kind == Ident {
			k := which[i]
			f.idents[counts[k]] = int32(i)
			counts[k]++
		}
	}
}

const nameBuckets = 256

// BucketOf returns a hash of a name that is not empty, for tables of 256 buckets.
func BucketOf[T string | []byte](name T) uint8 {
	n := len(name)
	return name[0]*31 + name[n-1]*7 + name[n/2]*3 + uint8(n)
}
