package argswitch

import (
	"path"
	"runtime"
	"sort"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/link"
)

// tree is the program's files and who names whom in them.
type tree struct {
	files  []*parse.File
	byPath map[string]*parse.File
	funcs  map[string][]*node
	loose  map[*parse.File][]string // names used outside functions
	homes  map[string]bool          // folders that hold a main()
	mains  map[*parse.File]bool     // files that do in every build
	links  map[*node]map[*parse.File]bool
	byFile map[*parse.File][]*node

	graph   *link.Graph
	sets    map[*node]*linkedSet
	claimed map[*parse.File]bool // files that the build files list
}

// node is one function, or function-like macro, over all selections of #if
// branches.
type node struct {
	name   string
	file   *parse.File
	forms  []*parse.Func
	macro  bool
	static bool
	uses   []string
	own    map[string]bool // parameters and variables, which hide functions
}

// newTree reads the files, on all processors.
func newTree(all []string, parsed []*parse.File, read func(string) ([]byte, error), builds func() []string) *tree {
	t := &tree{byPath: map[string]*parse.File{}, funcs: map[string][]*node{}, loose: map[*parse.File][]string{}, homes: map[string]bool{}, mains: map[*parse.File]bool{}}
	have := map[string]*parse.File{}
	for _, f := range parsed {
		have[path.Clean(f.Path)] = f
	}
	names := append([]string(nil), all...)
	sort.Strings(names)
	files := make([]*parse.File, len(names))
	nodes := make([][]*node, len(names))
	loose := make([][]string, len(names))
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
			nodes[i], loose[i] = index(f)
		}()
	}
	wg.Wait()
	for i, f := range files {
		if f == nil {
			continue
		}
		t.files = append(t.files, f)
		t.byPath[path.Clean(f.Path)] = f
		t.loose[f] = loose[i]
		for _, n := range nodes[i] {
			t.funcs[n.name] = append(t.funcs[n.name], n)
			if n.name == "main" && !n.macro && len(f.Guards(n.forms[0].Start)) == 0 {
				t.mains[f] = true
				t.homes[path.Dir(f.Path)] = t.homes[path.Dir(f.Path)] || !isAside(f.Path)
			}
		}
	}
	t.alias()
	t.readLinks(builds, read)
	return t
}

// alias makes functions whose head is a macro known by the names in it, as in
// THREAD_ENTRY(send_value, args) { ... }.
func (t *tree) alias() {
	more, headed := map[string][]*node{}, map[string]bool{}
	for name, nodes := range t.funcs {
		isMacro := false
		for _, n := range nodes {
			isMacro = isMacro || n.macro
		}
		if !isMacro {
			continue
		}
		for _, n := range nodes {
			if n.macro || name != strings.ToUpper(name) {
				continue
			}
			depth := 0
			for _, tok := range n.forms[0].HeadTokens() {
				switch w := n.file.Text(tok); {
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
		var macros []*node
		for _, n := range t.funcs[name] {
			if n.macro {
				macros = append(macros, n)
			}
		}
		t.funcs[name] = macros
	}
	for w, nodes := range more {
		sort.Slice(nodes, func(a, b int) bool {
			x, y := nodes[a], nodes[b]
			return x.file.Path < y.file.Path || x.file == y.file && x.forms[0].Start < y.forms[0].Start
		})
		t.funcs[w] = append(t.funcs[w], nodes...)
	}
}

// index lists the functions of a file and the words in them, over all #if
// branches.
func index(f *parse.File) (nodes []*node, loose []string) {
	byPos := map[int]*node{}
	for _, fn := range f.Funcs {
		n := byPos[fn.NamePos]
		if n == nil {
			n = &node{name: fn.Name, file: f, macro: fn.Macro != nil, own: map[string]bool{}, static: fn.Static && !strings.HasSuffix(f.Path, ".h")}
			byPos[fn.NamePos] = n
			nodes = append(nodes, n)
			if fn.Macro != nil {
				for _, t := range fn.Macro.Body {
					if t.Kind == token.Ident {
						n.uses = append(n.uses, f.Text(t))
					}
				}
			}
		}
		n.forms = append(n.forms, fn)
	}
	inside := make([]*node, 0, len(nodes))
	for _, n := range nodes {
		if !n.macro {
			inside = append(inside, n)
		}
	}
	sort.SliceStable(inside, func(a, b int) bool { return inside[a].forms[0].Start < inside[b].forms[0].Start })
	at := 0
	for i, tok := range f.Toks {
		if tok.Kind != token.Ident || i > 0 && (f.Toks[i-1].Op == token.Dot || f.Toks[i-1].Op == token.Arrow) {
			continue // members are no functions
		}
		off := int(tok.Off)
		for at < len(inside) && inside[at].last() <= off {
			at++
		}
		held := false
		// Two heads, one a build, may share a body.
		for k := at; k < len(inside) && inside[k].forms[0].Start <= off; k++ {
			if off < inside[k].last() {
				held = true
				switch {
				case declares(f, i):
					inside[k].own[f.Text(tok)] = true
				case off > inside[k].forms[0].BodyPos:
					inside[k].uses = append(inside[k].uses, f.Text(tok))
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
	}
	return nodes, loose
}

// declares reports whether the i-th token, a name, is being declared: it
// stands behind a type.
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

func (n *node) last() int {
	end := 0
	for _, fn := range n.forms {
		end = max(end, fn.End)
	}
	return end
}

// find returns what a name means in a file: the file's own function, else
// those of its folder, else all that are visible.
func (t *tree) find(name string, from *parse.File) []*node {
	var own, near, far []*node
	for _, n := range t.funcs[name] {
		switch {
		case n.file == from:
			own = append(own, n)
		case n.static:
		case path.Dir(n.file.Path) == path.Dir(from.Path):
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

// reach returns the functions that run from one, with the number of steps. A
// name that is only mentioned counts: it may be a callback.
func (t *tree) reach(from *node) map[*node]int {
	steps := map[*node]int{from: 0}
	seenFile := map[*parse.File]bool{}
	queue := []*node{from}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		names := n.uses
		if !seenFile[n.file] {
			seenFile[n.file] = true
			names = append(append([]string(nil), names...), t.loose[n.file]...)
		}
		for _, name := range names {
			if n.own[name] {
				continue
			}
			for _, m := range t.find(name, n.file) {
				if !t.mayLink(from, m.file, n.file) {
					continue
				}
				if _, ok := steps[m]; !ok {
					steps[m] = steps[n] + 1
					queue = append(queue, m)
				}
			}
		}
	}
	return steps
}

// macroText returns the replacement tokens of the object-like macros of a
// name, each with its file.
func (t *tree) macros(name string) []*parse.Macro {
	var out []*parse.Macro
	for _, f := range t.files {
		for _, m := range f.Macros {
			if m.Name == name && !m.FnLike {
				out = append(out, m)
			}
		}
	}
	return out
}

// knows reports whether a word stands in any file, in code, comments and
// strings alike.
func (t *tree) knows(word string) bool {
	for _, f := range t.files {
		if hasWord(f.Src, word) {
			return true
		}
	}
	return false
}

// headers are the program's headers that a file includes by itself, in every
// build.
func (t *tree) headers(f *parse.File) []*parse.File {
	var out []*parse.File
	for _, d := range f.Dirs {
		if d.Name != "include" || !strings.HasPrefix(d.Text, "\"") || len(f.Guards(int(f.Toks[d.Tok].Off))) > 0 {
			continue
		}
		name := strings.Trim(d.Text, "\" \t")
		if h := t.byPath[path.Join(path.Dir(f.Path), name)]; h != nil {
			out = append(out, h)
			continue
		}
		var found []*parse.File
		for _, h := range t.files {
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

// program is one main() and what runs from it.
type program struct {
	main  *node
	steps map[*node]int
}

// aside are folders whose programs are run by the makers of a program, not by
// its users.
var aside = []string{"test", "example", "sample", "fuzz", "regress", "bench", "demo"}

func isAside(name string) bool {
	for _, part := range strings.Split(strings.ToLower(path.Dir(path.Clean(name))), "/") {
		for _, w := range aside {
			if strings.HasPrefix(part, w) {
				return true
			}
		}
	}
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(base, "test") || strings.HasSuffix(base, "_test.c")
}

// needed counts for each of some files the others that name its functions.
func (t *tree) needed(files map[*parse.File]bool) map[*parse.File]int {
	out := map[*parse.File]int{}
	pairs := map[[2]*parse.File]bool{}
	for _, nodes := range t.funcs {
		for _, n := range nodes {
			for _, name := range n.uses {
				for _, m := range t.funcs[name] {
					if files[m.file] && m.file != n.file && !m.macro && !m.static && !pairs[[2]*parse.File{n.file, m.file}] {
						pairs[[2]*parse.File{n.file, m.file}] = true
						out[m.file]++
					}
				}
			}
		}
	}
	return out
}

// dragged are the files that a program is linked with: unlike calls, linking
// takes a file as a whole.
func (t *tree) dragged(from *node) map[*parse.File]bool {
	if seen := t.links[from]; seen != nil {
		return seen
	}
	if t.links == nil {
		t.links = map[*node]map[*parse.File]bool{}
		t.byFile = map[*parse.File][]*node{}
		for _, nodes := range t.funcs {
			for _, n := range nodes {
				if !n.macro {
					t.byFile[n.file] = append(t.byFile[n.file], n)
				}
			}
		}
	}
	seen := map[*parse.File]bool{from.file: true}
	for queue := []*parse.File{from.file}; len(queue) > 0; {
		f := queue[0]
		queue = queue[1:]
		pull := func(names []string) {
			for _, name := range names {
				for _, m := range t.find(name, f) {
					if !seen[m.file] && t.mayLink(from, m.file, f) {
						seen[m.file] = true
						queue = append(queue, m.file)
					}
				}
			}
		}
		pull(t.loose[f])
		for _, n := range t.byFile[f] {
			pull(n.uses)
		}
	}
	t.links[from] = seen
	return seen
}
