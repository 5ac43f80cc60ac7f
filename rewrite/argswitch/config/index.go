package config

import (
	"path"
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// index answers questions about the program's functions.
type index struct {
	prog     *Program
	byName   map[string][]*Func
	callers  map[string][]*Func // by the name that is used
	bools    map[string]bool    // functions that read a yes or no
	reads    map[*Func]bool
	decls    map[string][]*parse.Decl // by name, those of files
	members  map[string][]*parse.Type // of structs, by name
	arrays   map[string][]*tableDecl  // initialized ones, by name
	asked    map[string][]*lookup     // by the function that is called
	literals map[string]int           // keywords in the program's text
	toSites  map[string]bool          // names that lead to a socket
	rows     map[string][]*registered // of tables with the keywords, by the literal
	several  string                   // a target that each of several objects has
	single   map[string]bool          // names in functions that stand for one object
}

func newIndex(p *Program) *index {
	x := &index{prog: p, byName: map[string][]*Func{}, callers: map[string][]*Func{}, bools: map[string]bool{}, reads: map[*Func]bool{}, single: map[string]bool{}}
	for _, f := range p.Funcs {
		x.byName[f.Name] = append(x.byName[f.Name], f)
		seen := map[string]bool{}
		for _, u := range f.Uses {
			if !seen[u] {
				seen[u] = true
				x.callers[u] = append(x.callers[u], f)
			}
		}
	}
	return x
}

// tableDecl is an array with its file.
type tableDecl struct {
	f *parse.File
	d *parse.Decl
}

// declare lists what the files declare, on demand.
func (x *index) declare() {
	if x.decls != nil {
		return
	}
	x.decls, x.members, x.arrays = map[string][]*parse.Decl{}, map[string][]*parse.Type{}, map[string][]*tableDecl{}
	seen := map[*parse.Struct]bool{}
	for _, f := range x.prog.Files {
		made := source.IsGenerated(f)
		for _, d := range f.Decls() {
			if d.Type == nil {
				continue
			}
			if s := d.Type.Def; s != nil && !seen[s] {
				seen[s] = true
				for _, m := range s.Fields {
					x.members[m.Name] = append(x.members[m.Name], m.Type)
				}
			}
			if !d.Typedef && !d.Enum {
				x.decls[d.Name] = append(x.decls[d.Name], d)
			}
			if d.Init != nil && d.Init.Kind == parse.XInit && !made && !optionTypes[d.Type.Base] {
				x.arrays[d.Name] = append(x.arrays[d.Name], &tableDecl{f, d})
			}
		}
	}
}

// readsFile reports whether a function works on what was read from a file: one
// of its callers, a few calls up, opens one, itself or by a function that it
// calls.
func (x *index) readsFile(fn *Func) bool {
	known, ok := x.reads[fn]
	if !ok {
		known = x.searchFile(fn)
		x.reads[fn] = known
	}
	return known
}

func (x *index) searchFile(fn *Func) bool {
	seen := map[*Func]bool{fn: true}
	level := []*Func{fn}
	for depth := 0; depth < 6 && len(level) > 0; depth++ {
		var next []*Func
		for _, f := range level {
			if x.opens(f, 2) {
				return true
			}
			for _, c := range x.callers[f.Name] {
				if c.Name == "main" { // it may have opened any file, unless it goes through one
					if x.opens(c, 0) && x.inLoopOf(c, f.Name) {
						return true
					}
					continue
				}
				if !seen[c] {
					seen[c] = true
					next = append(next, c)
				}
			}
		}
		level = next
	}
	return false
}

// inLoopOf reports whether a function calls another one in a loop that reads lines.
func (x *index) inLoopOf(fn *Func, name string) bool {
	for _, c := range x.callsOf(name) {
		if c.fn != fn {
			continue
		}
		for s := c.s; s != nil; s = s.Parent {
			lines := false
			if s.Kind == parse.SWhile || s.Kind == parse.SFor || s.Kind == parse.SDo {
				for _, t := range fn.File.Between(s.Pos, s.End) {
					lines = lines || readsLines.MatchString(fn.File.Text(t))
				}
			}
			if lines {
				return true
			}
		}
	}
	return false
}

// readsLines are the functions that take a line of a file: C11 7.21.7, POSIX.
var readsLines = regexp.MustCompile(`^(fgets|fgetc|getc|getline|getdelim|fscanf)$`)

// isConfig reports whether a function is about configuration by its name or its file's.
func isConfig(fn *Func) bool {
	return aboutConfig.MatchString(fn.Name) || aboutConfig.MatchString(path.Base(fn.File.Path))
}

// handed reports whether a function of a table gets what another function read from
// the configuration file, as main() hands it on.
func (x *index) handed(fn *Func) bool {
	for _, m := range x.byName["main"] {
		if isConfig(fn) && x.loads(m) {
			return true
		}
	}
	return false
}

// loads reports whether main() calls a function that opens a configuration file.
func (x *index) loads(main *Func) bool {
	for _, u := range main.Uses {
		for _, g := range x.byName[u] {
			if isConfig(g) && x.opens(g, 2) {
				return true
			}
		}
	}
	return false
}

func (x *index) opens(f *Func, depth int) bool {
	for _, u := range f.Uses {
		if knowledge.OpensFile[u] {
			return true
		}
		if depth == 0 || !strings.Contains(strings.ToLower(u), "open") {
			continue
		}
		for _, g := range x.byName[u] {
			if g != f && x.opens(g, depth-1) {
				return true
			}
		}
	}
	return false
}

// grammar is the file that runs a parser of the configuration made out of a grammar, or the
// grammar that defines the function for it, "" for none: yacc, bison, peg and leg call the
// parser yyparse() unless a prefix is given.
func (x *index) grammar() string {
	missing := map[string]bool{}
	for _, f := range x.prog.Funcs {
		for _, u := range f.Uses {
			if (u == "yyparse" || strings.HasSuffix(u, "_yyparse")) && (isConfig(f) || x.calledForConfig(f)) {
				return f.File.Path
			}
			if len(x.byName[u]) == 0 && aboutConfig.MatchString(u) {
				missing[u] = true
			}
		}
	}
	if x.prog.Texts == nil {
		return ""
	}
	for _, name := range x.prog.Texts() {
		if !words.IsGrammarName(name) {
			continue
		}
		src, err := x.prog.Read(name)
		if err != nil {
			continue
		}
		for _, m := range definition.FindAllSubmatch(src, -1) {
			if missing[string(m[1])] {
				return name
			}
		}
	}
	return ""
}

func (x *index) calledForConfig(f *Func) bool {
	for _, c := range x.callers[f.Name] {
		if isConfig(c) {
			return true
		}
	}
	return false
}

// definition is the head of a function at the beginning of a line.
var definition = regexp.MustCompile(`(?m)^(?:[a-z][\w \t*]*[ \t*])?(\w+)[ \t]*\([^;{}]*\)\s*\{`)

// readsBool reports whether a function turns a text into a yes or no: by its
// name, or because it compares with such words.
func (x *index) readsBool(name string) bool {
	if name == "" {
		return false
	}
	if words.BoolName.MatchString(name) {
		return true
	}
	known, ok := x.bools[name]
	if ok {
		return known
	}
	x.bools[name] = false
	for _, fn := range x.byName[name] {
		n := 0
		lits := 0
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if e.Kind == parse.XString {
						lits++
						if words.BoolWord.MatchString(e.Name) {
							n++
						}
					}
					return true
				})
			})
			return true
		})
		if n >= 1 && lits <= 14 {
			x.bools[name] = true
		}
	}
	return x.bools[name]
}

// typeOf is the declared type of a variable or member, nil when it is not
// certain. A local is no target, as it does not outlive the function.
func (x *index) typeOf(e *parse.Expr) *parse.Type {
	x.declare()
	e = e.Strip()
	var types []*parse.Type
	switch e.Kind {
	case parse.XIdent:
		for _, d := range x.decls[e.Name] {
			types = append(types, d.Type)
		}
	case parse.XMember:
		types = x.members[e.Name]
	}
	var t *parse.Type
	for _, u := range types {
		if u == nil || t != nil && (t.Base != u.Base || t.Ptr != u.Ptr || t.Array != u.Array) {
			return nil
		}
		t = u
	}
	return t
}
