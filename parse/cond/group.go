// Package cond reads the #if groups of a file: their tree, the conditions as
// formulas over macros, and the selections of branches under which the file is read.
//
// Every branch that anybody could compile, and each that holds a site, is in some
// selection, up to a bound of selections. A condition that is not understood is an
// atom of its own: it can be on or off. Which branch belongs to another platform
// follows from a table of macros, evaluated in three values.
package cond

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse/token"
)

// Directive is one preprocessing directive.
type Directive struct {
	Tok  int    // index of its token in File.Toks
	Name string // if, ifdef, define, include ...; "" for a lone #
	Text string // the rest of the line, comments and continuations replaced by a blank
	Body int    // offset at which the rest of the line begins
}

// Group is one #if ... #endif.
type Group struct {
	Branches []*Branch
	Parent   *Branch // nil at the top
	Off, End int     // from the # of #if to the end of #endif (or of the file)
	certain  bool    // an arm so far is certainly taken
}

// Branch is one arm of a Group: the tokens between two of its directives.
type Branch struct {
	Group    *Group
	From, To int // token indices of what stands in it, half open
	Subs     []*Group
	Number   int   // its number in the file
	cond     *cond // nil for #else
	dead     bool  // #if 0 and the like: never compiled by anybody
	always   bool  // the inside of an include guard
}

// Tree is a file with its tree of #if groups and the selections of branches
// under which it is read.
type Tree struct {
	token.File
	Dirs   []Directive
	Passes int // how many selections of branches it took to see everything

	Root       *Branch
	branches   int // how many arms it has, top left out
	Selections []*Selection

	siteToks []int32 // see words
	wordRoom []int32

	// Own reports whether the sources have a header of their own by a name that one of
	// another platform has; nil where they have none.
	Own func(name string) bool

	foreignOnce sync.Once
	foreign     string
}

// SelectBranches reads the directives and chooses the selections of branches. room
// is memory that is used meanwhile, and returned to be used again.
func (f *Tree) SelectBranches(room []int32) []int32 {
	f.wordRoom = room
	f.directives()
	f.selectPasses()
	room, f.wordRoom = f.wordRoom, nil
	return room
}

// directives reads every directive token and builds the tree of groups.
func (f *Tree) directives() {
	var open []*Branch // innermost last
	top := &Branch{From: 0, To: len(f.Toks)}
	f.Root = top
	cur := func() *Branch {
		if len(open) == 0 {
			return top
		}
		return open[len(open)-1]
	}
	for i, t := range f.Toks {
		if t.Kind != token.Hash {
			continue
		}
		d := f.readDirective(i)
		f.Dirs = append(f.Dirs, d)
		switch d.Name {
		case "if", "ifdef", "ifndef":
			g := &Group{Off: int(t.Off), End: len(f.Src)}
			if p := cur(); p != top {
				g.Parent = p
			}
			cur().Subs = append(cur().Subs, g)
			b := &Branch{Group: g, From: i + 1, To: len(f.Toks), Number: f.branches}
			f.branches++
			b.cond = parseCond(d)
			b.dead = b.cond.constant() == No
			b.always = b.cond.op == '!' && b.cond.x.op == 'a' && f.definesNext(i, b.cond.x.atom)
			g.Branches = append(g.Branches, b)
			g.certain = b.certain()
			open = append(open, b)
		case "elif", "elifdef", "elifndef", "else":
			if len(open) == 0 {
				f.Problem(int(t.Off), "#"+d.Name+" without #if")
				continue
			}
			b := cur()
			b.To = i
			g := b.Group
			if b.cond == nil {
				f.Problem(int(t.Off), "#"+d.Name+" after #else")
			}
			nb := &Branch{Group: g, From: i + 1, To: len(f.Toks), Number: f.branches}
			f.branches++
			if d.Name != "else" {
				nb.cond = parseCond(d)
			}
			nb.dead = nb.cond != nil && nb.cond.constant() == No || g.certain
			g.Branches = append(g.Branches, nb)
			g.certain = g.certain || nb.certain()
			open[len(open)-1] = nb
		case "endif":
			if len(open) == 0 {
				f.Problem(int(t.Off), "#endif without #if")
				continue
			}
			b := cur()
			b.To = i
			b.Group.End = int(t.End)
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		f.Problem(open[len(open)-1].Group.Off, "unterminated #if")
	}
}

// certain reports whether an arm is taken by everybody, as far as it is asked.
func (b *Branch) certain() bool {
	return b.always || b.cond == nil || b.cond.constant() == Yes
}

// Guard is the condition of an arm as people say it: HAVE_X, !HAVE_X, defined(A)
// && B. For an #else it is that none before it was taken.
func (b *Branch) Guard() string {
	if b.cond != nil {
		return b.cond.String()
	}
	var parts []string
	for _, p := range b.Group.Branches {
		if p == b {
			break
		}
		if p.cond != nil {
			parts = append(parts, negate(p.cond).String())
		}
	}
	return strings.Join(parts, " && ")
}

func (f *Tree) readDirective(tok int) Directive {
	t := f.Toks[tok]
	i, end := int(t.Off)+1, int(t.End)
	for i < end && (f.Src[i] == ' ' || f.Src[i] == '\t') {
		i++
	}
	j := i
	for j < end && token.IsIdentByte(f.Src[j]) {
		j++
	}
	d := Directive{Tok: tok, Name: f.Slice(i, j), Body: j}
	for d.Body < end && (f.Src[d.Body] == ' ' || f.Src[d.Body] == '\t') {
		d.Body++
	}
	d.Text = plain(f.Slice(j, end))
	return d
}

// plain takes comments and continuations out of a directive's text.
func plain(s string) string {
	if !strings.ContainsAny(s, `/\`) {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r'):
			b.WriteByte(' ')
			for i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r') {
				i++
			}
		case s[i] == '/' && i+1 < len(s) && s[i+1] == '/':
			return strings.TrimSpace(b.String())
		case s[i] == '/' && i+1 < len(s) && s[i+1] == '*':
			k := i + 2
			for k+1 < len(s) && !(s[k] == '*' && s[k+1] == '/') {
				k++
			}
			i = k + 1
			b.WriteByte(' ')
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.TrimSpace(b.String())
}

// definesNext reports whether the directive after token i is a #define of
// name: an include guard, or a default for a macro.
func (f *Tree) definesNext(i int, name string) bool {
	for k := i + 1; k < len(f.Toks) && k < i+3; k++ {
		if f.Toks[k].Kind != token.Hash {
			return false
		}
		d := f.readDirective(k)
		if d.Name == "define" {
			def, _, _ := strings.Cut(d.Text, " ")
			def, _, _ = strings.Cut(def, "\t")
			return def == name
		}
	}
	return false
}

// Chain returns the arms that token tok stands in, outermost first.
func (f *Tree) Chain(tok int) []*Branch {
	var out []*Branch
	for b := f.Root; b != nil; {
		// Groups and arms are in order of the text.
		i := sort.Search(len(b.Subs), func(i int) bool { return b.Subs[i].Branches[0].From > tok }) - 1
		if i < 0 {
			break
		}
		arms := b.Subs[i].Branches
		b = arms[sort.Search(len(arms), func(k int) bool { return arms[k].From > tok })-1]
		if tok >= b.To {
			break
		}
		out = append(out, b)
	}
	return out
}

// Guards returns the #if conditions that hold at a byte offset, outermost
// first; include guards are none.
func (f *Tree) Guards(off int) []string {
	var out []string
	for _, b := range f.Chain(f.TokAt(off)) {
		if guard := b.Guard(); !b.always && guard != "" {
			out = append(out, guard)
		}
	}
	return out
}

// Lacked returns the code around the byte offset off, from one offset up to another, that a build which
// holds the code at the offset at can lack, with nothing compiled for it: off stands under an #if that
// at does not, and that has no #else. What an #else holds instead is in another selection.
func (f *Tree) Lacked(at, off int) (from, to int, ok bool) {
	if len(f.Root.Subs) == 0 {
		return 0, 0, false
	}
	var held []string
	for _, b := range f.Chain(f.TokAt(off)) {
		if b.always || b.exhaustive() {
			continue
		}
		if held == nil {
			held = append(f.Guards(at), "")
		}
		if !slices.Contains(held, b.Guard()) {
			return int(f.Toks[b.From].Off), int(f.Toks[b.To-1].End), true
		}
	}
	return 0, 0, false
}

// exhaustive reports whether one arm of the group is taken by everybody.
func (b *Branch) exhaustive() bool {
	return slices.ContainsFunc(b.Group.Branches, (*Branch).certain)
}

// Dead reports whether the code at a byte offset stands in an #if 0.
func (f *Tree) Dead(off int) bool {
	for _, b := range f.Chain(f.TokAt(off)) {
		if b.dead {
			return true
		}
	}
	return false
}

// SettleProblems drops what stands in #if 0, where prose is allowed, and in
// directives such as #error.
func (f *Tree) SettleProblems() {
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

// Directives reads the directives of a text alone: of a header that is looked at
// for what it defines.
func Directives(path string, src []byte) *Tree {
	f := &Tree{}
	f.Lex(path, src, nil)
	f.directives()
	return f
}

// Arms calls visit with each arm of the tree, outer ones first, and the index of
// the directive token that begins it.
func (f *Tree) Arms(visit func(b *Branch, tok int)) {
	var walk func(b *Branch)
	walk = func(b *Branch) {
		for _, g := range b.Subs {
			for _, arm := range g.Branches {
				visit(arm, arm.From-1)
				walk(arm)
			}
		}
	}
	walk(f.Root)
}
