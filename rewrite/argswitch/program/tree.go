// Package program knows who names whom in a source tree: the functions of all
// files, which of them run from a main(), and which files a program is linked with.
// A name that is only mentioned counts as a call, since it may be a callback; a
// main() never reaches into the folder of another one. Reaching is one breadth-first
// walk a program, linear in the names.
package program

import (
	"path"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/link"
)

// Tree is the program's files and who names whom in them.
type Tree struct {
	Files       []*parse.File
	ByPath      map[string]*parse.File
	Funcs       map[string][]*Node
	fileScope   map[*parse.File][]string // names used outside functions
	vars        map[string][]*parse.File // initialised variables that other files can name
	mainFolders map[string]bool          // folders that hold a main()
	mains       map[*parse.File]bool     // Files that do in every build
	links       map[*Node]map[*parse.File]bool
	includedBy  map[*parse.File]*parse.File // a .c file that just one other includes, and that one
	byFile      map[*parse.File][]*Node     // functions, no macros, in order

	grammars []*grammar

	graph           *link.Graph
	sets            map[*Node]*linkedSet
	listed          map[*parse.File]bool // Files that the build files list
	includedSources map[*parse.File]bool // .c files that others include
}

// Node is one function, or function-like macro, over all selections of #if
// branches.
type Node struct {
	Name   string
	File   *parse.File
	Forms  []*parse.Func
	Macro  bool
	static bool
	Uses   []string
	locals map[string]bool // parameters and variables, which hide functions
}

// NewTree reads the files, on all processors; isTest tells which programs are tests or
// examples.
func NewTree(all []string, parsed []*parse.File, read func(string) ([]byte, error), builds,
	grammars func() []string, isTest func(file string) bool) *Tree {
	t := &Tree{ByPath: map[string]*parse.File{}, Funcs: map[string][]*Node{}, fileScope: map[*parse.File][]string{},
		vars: map[string][]*parse.File{}, mainFolders: map[string]bool{}, mains: map[*parse.File]bool{},
		byFile: map[*parse.File][]*Node{}}
	have := map[string]*parse.File{}
	for _, f := range parsed {
		have[path.Clean(f.Path)] = f
	}
	names := append([]string(nil), all...)
	sort.Strings(names)
	files := make([]*parse.File, len(names))
	nodes := make([][]*Node, len(names))
	loose := make([][]string, len(names))
	vars := make([][]string, len(names))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, name := range names {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer func() { <-slots; wg.Done() }()
			f := have[path.Clean(name)]
			if f == nil {
				src, err := read(name)
				if err != nil {
					return // the analysis has told
				}
				f = parse.New(name, src)
			}
			files[i] = f
			nodes[i], loose[i], vars[i] = index(f)
		}()
	}
	wg.Wait()
	for i, f := range files {
		if f == nil {
			continue
		}
		t.Files = append(t.Files, f)
		t.ByPath[path.Clean(f.Path)] = f
		t.fileScope[f] = loose[i]
		for _, v := range vars[i] {
			t.vars[v] = append(t.vars[v], f)
		}
		for _, n := range nodes[i] {
			t.Funcs[n.Name] = append(t.Funcs[n.Name], n)
			if !n.Macro {
				t.byFile[f] = append(t.byFile[f], n)
			}
			if n.Name == "main" && !n.Macro && len(f.Guards(n.Forms[0].Start)) == 0 {
				t.mains[f] = true
				t.mainFolders[path.Dir(f.Path)] = t.mainFolders[path.Dir(f.Path)] || !isTest(f.Path)
			}
		}
	}
	t.readUnits()
	t.alias()
	t.readGrammars(grammars, read)
	t.readLinks(builds, read)
	return t
}

// alias makes functions whose head is a macro known by the names in it, as in
// THREAD_ENTRY(send_value, args) { ... }.
func (t *Tree) alias() {
	more, headed := map[string][]*Node{}, map[string]bool{}
	for name, nodes := range t.Funcs {
		isMacro := false
		for _, n := range nodes {
			isMacro = isMacro || n.Macro
		}
		if !isMacro {
			continue
		}
		for _, n := range nodes {
			if n.Macro || name != strings.ToUpper(name) {
				continue
			}
			depth := 0
			for _, tok := range n.Forms[0].HeadTokens() {
				switch w := n.File.Text(tok); {
				case tok.Op == token.LParen:
					depth++
				case tok.Op == token.RParen:
					depth--
				case depth == 1 && tok.Kind == token.Ident:
					headed[name] = true
					more[w] = append(more[w], n)
				}
			}
		}
	}
	for name := range headed { // its name is no function's
		var macros []*Node
		for _, n := range t.Funcs[name] {
			if n.Macro {
				macros = append(macros, n)
			}
		}
		t.Funcs[name] = macros
	}
	for w, nodes := range more {
		sort.Slice(nodes, func(a, b int) bool {
			x, y := nodes[a], nodes[b]
			return x.File.Path < y.File.Path || x.File == y.File && x.Forms[0].Start < y.Forms[0].Start
		})
		t.Funcs[w] = append(t.Funcs[w], nodes...)
	}
}

// index lists the functions of a file and the words in them, over all #if
// branches; loose are the words outside functions, vars the variables with an
// initializer that other files can name.
func index(f *parse.File) (nodes []*Node, loose, vars []string) {
	byPos := map[int]*Node{}
	for _, fn := range f.Funcs {
		n := byPos[fn.NamePos]
		if n == nil {
			n = &Node{Name: fn.Name, File: f, Macro: fn.Macro != nil, locals: map[string]bool{},
				static: fn.Static && !strings.HasSuffix(f.Path, ".h")}
			byPos[fn.NamePos] = n
			nodes = append(nodes, n)
			if fn.Macro != nil {
				for _, t := range fn.Macro.Body {
					if t.Kind == token.Ident {
						n.Uses = append(n.Uses, f.Text(t))
					}
				}
			}
		}
		n.Forms = append(n.Forms, fn)
	}
	inside := make([]*Node, 0, len(nodes))
	for _, n := range nodes {
		if !n.Macro {
			inside = append(inside, n)
		}
	}
	sort.SliceStable(inside, func(a, b int) bool { return inside[a].Forms[0].Start < inside[b].Forms[0].Start })
	at := 0
	for i, tok := range f.Toks {
		if tok.Kind != token.Ident || i > 0 && (f.Toks[i-1].Op == token.Dot || f.Toks[i-1].Op == token.Arrow) {
			continue // members are no functions
		}
		off := int(tok.Off)
		for at < len(inside) && inside[at].Last() <= off {
			at++
		}
		held := false
		// Two heads, one a build, may share a body.
		for k := at; k < len(inside) && inside[k].Forms[0].Start <= off; k++ {
			if off < inside[k].Last() {
				held = true
				switch {
				case declares(f, i):
					inside[k].locals[f.Text(tok)] = true
				case off > inside[k].Forms[0].BodyPos:
					inside[k].Uses = append(inside[k].Uses, f.Text(tok))
				}
			}
		}
		if held {
			continue
		}
		if i+1 < len(f.Toks) && f.Toks[i+1].Op == token.LParen {
			continue // a prototype
		}
		loose = append(loose, f.Text(tok))
		if initialised(f, i) {
			vars = append(vars, f.Text(tok))
		}
	}
	return nodes, loose, vars
}

// initialised reports whether the i-th token, a name outside functions, is that of a
// variable with an initializer in braces, which is not static; a header's static ones are
// those of the files that include it.
func initialised(f *parse.File, i int) bool {
	k := i + 1
	for k+1 < len(f.Toks) && f.Toks[k].Op == token.LBrack {
		for k < len(f.Toks) && f.Toks[k].Op != token.RBrack {
			k++
		}
		k++
	}
	if k+1 >= len(f.Toks) || f.Toks[k].Op != token.Assign || f.Toks[k+1].Op != token.LBrace {
		return false
	}
	header := strings.HasSuffix(f.Path, ".h")
	for k = i - 1; k >= 0; k-- {
		switch t := f.Toks[k]; {
		case header && (t.Op == token.KwStatic || k == i-1 && (t.Op == token.RBrace || t.Op == token.Comma)):
			return true
		case t.Op == token.KwStatic:
			return false
		case t.Kind == token.Ident, t.Kind == token.Keyword, t.Op == token.Mul:
		default:
			return k < i-1
		}
	}
	return i > 0
}

// declares reports whether the i-th token, a name, is being declared: it
// stands after a type.
func declares(f *parse.File, i int) bool {
	if i < 2 || i+1 >= len(f.Toks) {
		return false
	}
	switch f.Toks[i+1].Op {
	case token.Semi, token.Comma, token.Assign, token.LBrack, token.RParen:
	default:
		return false
	}
	k := i - 1
	for k > 1 && f.Toks[k].Op == token.Mul {
		k--
	}
	t, before := f.Toks[k], f.Toks[k-1]
	switch {
	case t.Op == token.KwTypeSpec || t.Op == token.KwConst:
		return true
	case t.Kind == token.Ident:
		return k == i-1 || before.Op == token.Semi || before.Op == token.LBrace || before.Op == token.RBrace || before.Op == token.LParen ||
			before.Op == token.Comma || before.Op == token.KwStruct || before.Op == token.KwConst || before.Kind == token.Hash
	case t.Op == token.Comma: // int a, *help;
		return k < i-1
	}
	return false
}

// Last returns the offset after the last form of the function.
func (n *Node) Last() int {
	end := 0
	for _, fn := range n.Forms {
		end = max(end, fn.End)
	}
	return end
}

// Find returns what a name means in a file: the file's own function, else
// those of its folder, else all that are visible.
func (t *Tree) Find(name string, from *parse.File) []*Node {
	var own, near, far []*Node
	for _, n := range t.Funcs[name] {
		switch {
		case t.Unit(n.File) == t.Unit(from):
			own = append(own, n)
		case n.static:
		case path.Dir(n.File.Path) == path.Dir(from.Path):
			near = append(near, n)
		default:
			far = append(far, n)
		}
	}
	switch {
	case len(own) > 0:
		return own
	case len(near) > 0:
		return near
	}
	return far
}

// Reach returns the functions that run from some of one program, with the number of
// steps. A name that is only mentioned counts: it may be a callback.
func (t *Tree) Reach(starts ...*Node) map[*Node]int {
	steps, from := map[*Node]int{}, starts[0]
	for _, n := range starts {
		steps[n] = 0
	}
	seenFile := map[*parse.File]bool{}
	queue := slices.Clone(starts)
	var follow func(names []string, in *parse.File, own map[string]bool, step int)
	outside := func(f *parse.File, step int) { // the names outside functions count once
		if !seenFile[f] {
			seenFile[f] = true
			follow(t.fileScope[f], f, nil, step)
		}
	}
	follow = func(names []string, in *parse.File, own map[string]bool, step int) {
		for _, name := range names {
			if own[name] {
				continue
			}
			for _, f := range t.vars[name] { // a table of functions, perhaps in another file
				if t.mayLink(from, f, in) {
					outside(f, step)
				}
			}
			for _, m := range t.Find(name, in) {
				if _, ok := steps[m]; !ok && t.mayLink(from, m.File, in) {
					steps[m] = step
					queue = append(queue, m)
				}
			}
		}
	}
	for _, g := range t.grammarsOf(from) {
		follow(g.words, g.file, nil, 2)
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		follow(n.Uses, n.File, n.locals, steps[n]+1)
		outside(n.File, steps[n]+1)
	}
	return steps
}

// Macros returns the object-like macros of a name, in all files.
func (t *Tree) Macros(name string) []*parse.Macro { return t.macros(name, false) }

// FuncMacros returns the function-like macros of a name, in all files.
func (t *Tree) FuncMacros(name string) []*parse.Macro { return t.macros(name, true) }

func (t *Tree) macros(name string, fnLike bool) []*parse.Macro {
	var out []*parse.Macro
	for _, f := range t.Files {
		for _, m := range f.Macros {
			if m.Name == name && m.FnLike == fnLike {
				out = append(out, m)
			}
		}
	}
	return out
}

// HasWord reports whether a word stands in any file, in code, comments and
// strings alike.
func (t *Tree) HasWord(word string) bool {
	for _, f := range t.Files {
		if text.HasWord(f.Src, word) {
			return true
		}
	}
	return false
}

// Headers are the program's headers that a file includes by itself, in every
// build.
func (t *Tree) Headers(f *parse.File) []*parse.File {
	var out []*parse.File
	for _, d := range f.Dirs {
		if d.Name != "include" || !strings.HasPrefix(d.Text, "\"") || len(f.Guards(int(f.Toks[d.Tok].Off))) > 0 {
			continue
		}
		name := strings.Trim(d.Text, "\" \t")
		if h := t.ByPath[path.Join(path.Dir(f.Path), name)]; h != nil {
			out = append(out, h)
			continue
		}
		var found []*parse.File
		for _, h := range t.Files {
			if h.Path == name || strings.HasSuffix(h.Path, "/"+name) {
				found = append(found, h)
			}
		}
		if len(found) == 1 {
			out = append(out, found[0])
		}
	}
	return out
}

// Program is one main() and what runs from it.
type Program struct {
	Main  *Node
	Steps map[*Node]int
}

// CountUsers counts for each of some files the others that name its functions.
func (t *Tree) CountUsers(files map[*parse.File]bool) map[*parse.File]int {
	out := map[*parse.File]int{}
	pairs := map[[2]*parse.File]bool{}
	for _, nodes := range t.Funcs {
		for _, n := range nodes {
			for _, name := range n.Uses {
				for _, m := range t.Funcs[name] {
					if files[m.File] && m.File != n.File && !m.Macro && !m.static && !pairs[[2]*parse.File{n.File, m.File}] {
						pairs[[2]*parse.File{n.File, m.File}] = true
						out[m.File]++
					}
				}
			}
		}
	}
	return out
}

// LinkClosure are the files that a program is linked with: unlike calls, linking
// takes a file as a whole.
func (t *Tree) LinkClosure(from *Node) map[*parse.File]bool {
	if seen := t.links[from]; seen != nil {
		return seen
	}
	if t.links == nil {
		t.links = map[*Node]map[*parse.File]bool{}
	}
	seen := map[*parse.File]bool{from.File: true}
	for queue := []*parse.File{from.File}; len(queue) > 0; {
		f := queue[0]
		queue = queue[1:]
		pull := func(names []string) {
			for _, name := range names {
				for _, m := range t.Find(name, f) {
					if !seen[m.File] && t.mayLink(from, m.File, f) {
						seen[m.File] = true
						queue = append(queue, m.File)
					}
				}
			}
		}
		pull(t.fileScope[f])
		for _, n := range t.byFile[f] {
			pull(n.Uses)
		}
	}
	t.links[from] = seen
	return seen
}
