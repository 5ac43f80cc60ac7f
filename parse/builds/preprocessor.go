package builds

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/cond"
	"github.com/keepatch/keepatch/parse/token"
)

// macro is what is known of a name: whether it is defined, and as what.
type macro struct {
	state cond.Truth
	body  string
	vague bool // the body is not known, or takes arguments
}

// maxDirectives bounds the directives that one command reads, and maxDepth the
// headers within headers. A program that includes the whole of a toolkit has some
// 100,000; of a larger one no arm is left out.
const (
	maxDirectives = 2_000_000
	maxDepth      = 100
)

// preprocessor interprets directives under one command.
type preprocessor struct {
	headers *Headers
	set     *setting
	names   map[string]macro
	wild    bool            // a header was not found: what is not in names is unknown
	once    map[string]bool // headers that are not read again
	depth   int
	budget  int
}

// place is where an #include stands.
type place struct {
	dir string // of the file
	at  int    // the index of the searched folder that it was found in; -1 for none
}

// lookup is what is known of a name. Names that begin with an underscore are the
// compiler's, which defines many.
func (p *preprocessor) lookup(name string) macro {
	if m, ok := p.names[name]; ok {
		return m
	}
	if p.wild || strings.HasPrefix(name, "_") {
		return macro{}
	}
	return macro{state: cond.No}
}

// assign makes a name known, for certain or perhaps.
func (p *preprocessor) assign(name string, m macro, active cond.Truth) {
	if active != cond.Yes && p.lookup(name) != m {
		m = macro{}
	}
	p.names[name] = m
}

// forget makes every name unknown that a header may define: all but those of the
// compiler.
func (p *preprocessor) forget() {
	for name := range p.names {
		if _, fixed := predefined[name]; !fixed && !slices.Contains(notPredefined, name) {
			delete(p.names, name)
		}
	}
	p.wild = true
}

// main interprets a file and marks the arms that may be taken.
func (p *preprocessor) main(f *cond.Tree, dir string, taken map[int]bool) {
	number := map[int]int{}
	f.Arms(func(b *cond.Branch, tok int) { number[tok] = b.Number })
	p.run(f, place{dir, -1}, cond.Yes, func(tok int) {
		if n, ok := number[tok]; ok {
			taken[n] = true
		}
	})
}

// group is an #if that is open.
type group struct {
	around cond.Truth // whether the code around it is read
	before cond.Truth // whether an arm before was taken
	active cond.Truth // whether the arm is read
}

// run interprets the directives of a file. mark gets the token of each directive
// whose arm may be taken.
func (p *preprocessor) run(f *cond.Tree, at place, active cond.Truth, mark func(tok int)) {
	var groups []group
	for i := range f.Dirs {
		if p.budget--; p.budget < 0 {
			return
		}
		d := &f.Dirs[i]
		now := active
		if n := len(groups); n > 0 {
			now = groups[n-1].active
		}
		switch d.Name {
		case "if", "ifdef", "ifndef":
			c := cond.No
			if now != cond.No {
				c = p.condition(d, i == 0 && guards(f))
			}
			groups = append(groups, group{now, c, cond.And(now, c)})
		case "elif", "elifdef", "elifndef", "else":
			if len(groups) == 0 {
				continue
			}
			g := &groups[len(groups)-1]
			c := cond.Yes
			if d.Name != "else" && g.around != cond.No && g.before != cond.Yes {
				c = p.condition(d, false)
			}
			g.active = cond.And(g.around, cond.And(g.before.Not(), c))
			g.before = cond.Or(g.before, c)
		case "endif":
			if len(groups) > 0 {
				groups = groups[:len(groups)-1]
			}
			continue
		default:
			if now != cond.No {
				p.directive(f, d, at, now)
			}
			continue
		}
		if groups[len(groups)-1].active != cond.No {
			mark(d.Tok)
		}
	}
}

// guards reports whether a file begins with its include guard: #ifndef X and
// #define X.
func guards(f *cond.Tree) bool {
	if len(f.Dirs) < 2 || f.Dirs[0].Name != "ifndef" || f.Dirs[1].Name != "define" {
		return false
	}
	name, _ := word(f.Dirs[0].Text)
	defined, _ := word(f.Dirs[1].Text)
	return name == defined
}

// condition evaluates an #if; guard is set for an include guard, which no compiler
// defines.
func (p *preprocessor) condition(d *cond.Directive, guard bool) cond.Truth {
	name, _ := word(d.Text)
	switch d.Name {
	case "ifdef", "elifdef":
		return p.lookup(name).state
	case "ifndef", "elifndef":
		if _, known := p.names[name]; guard && !known && !p.wild {
			return cond.Yes
		}
		return p.lookup(name).state.Not()
	}
	return p.evaluate(d.Text)
}

// directive carries out one that is no condition.
func (p *preprocessor) directive(f *cond.Tree, d *cond.Directive, at place, active cond.Truth) {
	name, rest := word(d.Text)
	switch d.Name {
	case "define":
		p.assign(name, macro{cond.Yes, strings.TrimSpace(rest), strings.HasPrefix(rest, "(")}, active)
	case "undef":
		p.assign(name, macro{state: cond.No}, active)
	case "include", "import", "include_next":
		p.include(at, d.Text, active, d.Name == "include_next")
	case "pragma":
		switch name {
		case "once":
			p.once[f.Path] = true
		case "push_macro", "pop_macro":
			p.forget()
		}
	}
}

// include reads a header, as text names it.
func (p *preprocessor) include(at place, text string, active cond.Truth, next bool) {
	if name, rest := word(text); name != "" && rest == "" { // #include HEADER
		m := p.lookup(name)
		if m.state != cond.Yes || m.vague {
			p.forget()
			return
		}
		text = m.body
	}
	name, quoted := headerName(text)
	path, found, tree := p.find(at, name, quoted, next)
	switch {
	case tree == nil || p.depth >= maxDepth:
		p.forget()
	case p.once[path]:
	default:
		// Within a guarded header, and after it where it was certainly read, its
		// guard is defined, even if that was forgotten.
		guarded := guards(tree)
		p.once[path] = guarded
		p.depth++
		p.run(tree, place{filepath.Dir(path), found}, active, func(int) {})
		p.depth--
		if guarded && active != cond.Yes {
			p.once[path] = false
		}
	}
}

// headerName reads "x.h" or <x.h>; "" for anything else.
func headerName(text string) (name string, quoted bool) {
	text = strings.TrimSpace(text)
	if len(text) < 3 {
		return "", false
	}
	inner := text[1 : len(text)-1]
	switch {
	case text[0] == '"' && text[len(text)-1] == '"':
		return inner, true
	case text[0] == '<' && text[len(text)-1] == '>':
		return inner, false
	}
	return "", false
}

// find looks for a header as the compiler does, with the index of its folder.
func (p *preprocessor) find(at place, name string, quoted, next bool) (path string, found int, tree *cond.Tree) {
	if name == "" {
		return "", 0, nil
	}
	folders := append(slices.Clone(p.set.quote), p.set.folders...)
	if p.set.system {
		folders = append(folders, p.headers.system()...)
	}
	folders = append(folders, p.set.after...)
	from := len(p.set.quote)
	if quoted {
		from = 0
	}
	if filepath.IsAbs(name) {
		return name, -1, p.headers.at(name)
	}
	switch {
	case next:
		from = at.at + 1
	case quoted:
		path = filepath.Join(at.dir, name)
		if tree = p.headers.at(path); tree != nil {
			return path, at.at, tree
		}
	}
	for i := from; i < len(folders); i++ {
		path = filepath.Join(folders[i], name)
		if tree = p.headers.at(path); tree != nil {
			return path, i, tree
		}
	}
	return "", 0, nil
}

// word is the name that a text begins with, and what follows.
func word(text string) (name, rest string) {
	i := 0
	for i < len(text) && (token.IsIdentByte(text[i]) || i > 0 && text[i] >= '0' && text[i] <= '9') {
		i++
	}
	return text[:i], text[i:]
}
