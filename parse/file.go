package parse

import (
	"slices"
	"sort"
	"sync"
	"unsafe"

	"github.com/keepatch/keepatch/parse/text"
)

// File is one source file, lexed, with its tree of #if groups and its
// top-level items over all passes. It is read-only after New, but for what is
// built on first use behind a lock, so goroutines may share it.
type File struct {
	Path     string // as reports print it
	Src      []byte // the bytes as read; nobody may change them
	Toks     []Token
	Comments []Comment
	Dirs     []Directive
	Problems []Problem // in order of offset
	Funcs    []*Func   // definitions, and function-like macros, in order of offset
	Macros   []*Macro
	Passes   int // how many selections of branches it took to see everything

	reach    []int32 // for each of Funcs, the largest End up to it
	text     string  // the bytes of Src, so that names need no copy each
	top      *Branch
	branches int // how many arms it has, top left out
	passes   []*pass

	tmp      *scratch // for New alone
	siteToks []int32  // see words

	foreignOnce sync.Once
	foreign     string

	lineOnce sync.Once
	lines    *text.Lines

	identOnce sync.Once
	idents    []int32                // tokens that are identifiers, by bucket
	buckets   [nameBuckets + 1]int32 // where each begins

	decls fileDecls

	typeOnce sync.Once
	types    map[string]bool
}

// New lexes and splits a file. It does not fail: what is wrong with the bytes
// is in Problems, and everything else is there all the same.
func New(path string, src []byte) *File {
	tmp := scratches.Get().(*scratch)
	l := lexInto(src, tmp.lexed[:0])
	tmp.lexed = l.toks
	f := &File{Path: path, Src: src, text: unsafe.String(unsafe.SliceData(src), len(src)), Toks: slices.Clone(l.toks), Comments: l.comments, Problems: l.problems, tmp: tmp}
	f.directives()
	f.macros()
	f.selectPasses()
	f.splitAll()
	f.settleProblems()
	f.tmp = nil
	tmp.head = parser{room: tmp.head.room} // nothing of this file stays in the next one's memory
	scratches.Put(tmp)
	return f
}

func (f *File) problem(off int, msg string) {
	f.Problems = append(f.Problems, Problem{off, msg})
}

// settleProblems drops what stands in #if 0, where prose is allowed, and in
// directives such as #error.
func (f *File) settleProblems() {
	keep := f.Problems[:0]
	for _, p := range f.Problems {
		if p.Msg != "unterminated comment" && f.Dead(p.Off) {
			continue
		}
		keep = append(keep, p)
	}
	f.Problems = keep
	sort.SliceStable(keep, func(i, j int) bool { return keep[i].Off < keep[j].Off })
}

// Lines returns the line table.
func (f *File) Lines() *text.Lines {
	f.lineOnce.Do(func() { f.lines = text.NewLines(f.Src) })
	return f.lines
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
	k := int(bucketOf(name))
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
			which[i] = bucketOf(name)
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

func bucketOf[T string | []byte](name T) uint8 {
	n := len(name)
	return name[0]*31 + name[n-1]*7 + name[n/2]*3 + uint8(n)
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
