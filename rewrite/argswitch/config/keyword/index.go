package keyword

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// Index answers questions about the program's functions.
type Index struct {
	Prog           *Program
	ByName         map[string][]*Func
	Callers        map[string][]*Func // by the name that is used
	bools          map[string]bool    // functions that read a yes or no
	readsFile      map[*Func]bool
	decls          map[string][]*parse.Decl // by name, those of files
	members        map[string][]*parse.Type // of structs, by name
	arrays         map[string][]*tableDecl  // initialized ones, by name
	PerObject      string                   // a target that each of several objects has
	leadingToSites map[string]bool          // names that lead to a socket
	texts          map[string]string        // macros that are one literal
	sameObjects    map[string]bool          // names in functions that stand for one object
}

// NewIndex returns an index of the program's functions; declarations are read on demand.
func NewIndex(p *Program) *Index {
	x := &Index{Prog: p, ByName: map[string][]*Func{}, Callers: map[string][]*Func{}, bools: map[string]bool{},
		readsFile: map[*Func]bool{}, sameObjects: map[string]bool{}}
	for _, f := range p.Funcs {
		x.ByName[f.Name] = append(x.ByName[f.Name], f)
		seen := map[string]bool{}
		for _, u := range f.Uses {
			if !seen[u] {
				seen[u] = true
				x.Callers[u] = append(x.Callers[u], f)
			}
		}
	}
	return x
}

// tableDecl is an array with its file.
type tableDecl struct {
	F *parse.File
	D *parse.Decl
}

// Declare lists what the files declare, on demand.
func (x *Index) Declare() {
	if x.decls != nil {
		return
	}
	x.decls, x.members, x.arrays = map[string][]*parse.Decl{}, map[string][]*parse.Type{}, map[string][]*tableDecl{}
	seen := map[*parse.Struct]bool{}
	for _, f := range x.Prog.Files {
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
			if d.Init != nil && d.Init.Kind == parse.XInit && !made && !IsOptions(d.Type) {
				x.arrays[d.Name] = append(x.arrays[d.Name], &tableDecl{f, d})
			}
		}
	}
}

// ArraysOf are the initialized arrays that a function names and sees, each once.
func (x *Index) ArraysOf(fn *Func) []*tableDecl {
	x.Declare()
	var out []*tableDecl
	seen := map[*parse.Decl]bool{}
	for _, name := range fn.Uses {
		for _, a := range x.arrays[name] {
			if !seen[a.D] && (!a.D.Static || a.F == fn.File) {
				seen[a.D] = true
				out = append(out, a)
			}
		}
	}
	return out
}

// ReadsFile reports whether a function works on what was read from a file: one
// of its callers, a few calls up, opens one, itself or by a function that it
// calls.
func (x *Index) ReadsFile(fn *Func) bool {
	known, ok := x.readsFile[fn]
	if !ok {
		known = x.searchFile(fn)
		x.readsFile[fn] = known
	}
	return known
}

func (x *Index) searchFile(fn *Func) bool {
	seen := map[*Func]bool{fn: true}
	level := []*Func{fn}
	for depth := 0; depth < 6 && len(level) > 0; depth++ {
		var next []*Func
		for _, f := range level {
			if x.opens(f, 2) || x.isLineCallback(f) {
				return true
			}
			for _, c := range x.Callers[f.Name] {
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

// isLineCallback reports whether a function is called for each line of a file: it is an argument of
// a function that opens one, as inih's are.
func (x *Index) isLineCallback(f *Func) bool {
	for _, c := range x.Callers[f.Name] {
		found := false
		c.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if e.Kind != parse.XCall || found {
						return !found
					}
					if slices.ContainsFunc(e.Args, func(a *parse.Expr) bool {
						return a.Strip().Kind == parse.XIdent && a.Strip().Name == f.Name
					}) {
						g := e.Callee()
						found = knowledge.LoadsSettings[g] || slices.ContainsFunc(x.ByName[g], func(g *Func) bool { return x.opens(g, 2) })
					}
					return true
				})
			})
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// inLoopOf reports whether a function calls another one in a loop that reads lines.
func (x *Index) inLoopOf(fn *Func, name string) bool {
	for _, c := range x.CallsOf(name) {
		if c.Fn != fn {
			continue
		}
		for s := c.S; s != nil; s = s.Parent {
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
var readsLines = text.NewPattern(`^(fgets|fgetc|getc|getline|getdelim|fscanf)$`)

// IsConfig reports whether a function is about configuration by its name or its file's.
func IsConfig(fn *Func) bool {
	return AboutConfig.MatchString(fn.Name) || AboutConfig.MatchString(path.Base(fn.File.Path))
}

// GetsConfig reports whether a function of a table gets what another function read from
// the configuration file, as main() hands it on.
func (x *Index) GetsConfig(fn *Func) bool {
	for _, m := range x.ByName["main"] {
		if IsConfig(fn) && x.loads(m) {
			return true
		}
	}
	return false
}

// loads reports whether main() calls a function that opens a configuration file.
func (x *Index) loads(main *Func) bool {
	for _, u := range main.Uses {
		for _, g := range x.ByName[u] {
			if IsConfig(g) && x.opens(g, 2) {
				return true
			}
		}
	}
	return false
}

func (x *Index) opens(f *Func, depth int) bool {
	for _, u := range f.Uses {
		if knowledge.OpensFile.Has(u) || knowledge.LoadsSettings[u] {
			return true
		}
		if depth == 0 || !strings.Contains(strings.ToLower(u), "open") {
			continue
		}
		for _, g := range x.ByName[u] {
			if g != f && x.opens(g, depth-1) {
				return true
			}
		}
	}
	return false
}

// ReadsBool reports whether a function turns a text into a yes or no: by its
// name, or because it compares with such words.
func (x *Index) ReadsBool(name string) bool {
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
	for _, fn := range x.ByName[name] {
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

// TypeOf is the declared type of a variable or member, nil when it is not
// certain. A local is no target, as it does not outlive the function.
func (x *Index) TypeOf(e *parse.Expr) *parse.Type {
	x.Declare()
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

// IsBool and IsNumber tell what a function makes of a keyword's text.
func (x *Index) IsBool(name string) bool {
	kind, ok := knowledge.Settings[name]
	return ok && kind == "bool" || !ok && x.ReadsBool(name)
}

// IsNumber reports whether a function turns a keyword's text into a number.
func (x *Index) IsNumber(name string) bool {
	kind, ok := knowledge.Settings[name]
	return ok && kind == "int" || !ok && (words.NumberName.MatchString(name) || lookedUpNumber.MatchString(name))
}

// IsConversion reports whether a function turns a keyword's text into a boolean or a number.
func (x *Index) IsConversion(name string) bool { return x.IsBool(name) || x.IsNumber(name) }

// lookedUpNumber are names of functions that return a keyword's number.
var lookedUpNumber = text.NewPattern(`(?i)as_?(int|integer|number)$|^ato[a-z]$`)

// optionTypes are rows of command lines: getopt(3), popt(3), argp, GLib.
var optionTypes = map[string]bool{"struct option": true, "struct poptOption": true, "struct argp_option": true, "GOptionEntry": true}

// Literal is the text that an expression is, also by the name of a macro, at its place; nil
// for others.
func (x *Index) Literal(e *parse.Expr) *parse.Expr {
	switch e = e.Strip(); e.Kind {
	case parse.XString:
		return e
	case parse.XIdent:
		if t := x.macroTexts()[e.Name]; t != "" {
			return &parse.Expr{Kind: parse.XString, Name: t, Pos: e.Pos, End: e.End, NamePos: e.Pos, Up: e.Up, In: e.In}
		}
	}
	return nil
}

// macroTexts are the macros that stand for one literal in all files.
func (x *Index) macroTexts() map[string]string {
	if x.texts != nil {
		return x.texts
	}
	x.texts = map[string]string{}
	for _, f := range x.Prog.Files {
		for _, m := range f.Macros {
			text := ""
			if !m.FnLike && len(m.Body) == 1 && m.Body[0].Kind == token.String {
				text = f.Text(m.Body[0])
			}
			if old, ok := x.texts[m.Name]; ok && old != text {
				text = ""
			}
			x.texts[m.Name] = text
		}
	}
	return x.texts
}

// IsMacro reports whether a name is that of a macro with arguments.
func (x *Index) IsMacro(name string) bool {
	for _, f := range x.Prog.Files {
		for _, m := range f.Macros {
			if m.Name == name && m.FnLike {
				return true
			}
		}
	}
	return false
}

// IsOptions reports whether a type is that of a row of command line options.
func IsOptions(t *parse.Type) bool { return optionTypes[t.Base] }

// OptionRows are the places of the literals in tables of command line options: names of
// options, which a keyword may have too.
func (x *Index) OptionRows() map[source.Place]bool {
	out := map[source.Place]bool{}
	add := func(f *parse.File, d *parse.Decl) {
		if d.Type != nil && d.Init != nil && IsOptions(d.Type) {
			d.Init.Walk(func(e *parse.Expr) bool {
				if e.Kind == parse.XString {
					out[source.Place{File: f, At: e.Pos}] = true
				}
				return true
			})
		}
	}
	for _, f := range x.Prog.Files {
		for _, d := range f.Decls() {
			add(f, d)
		}
	}
	for _, fn := range x.Prog.Funcs {
		for _, form := range fn.Forms {
			form.Body().Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					add(fn.File, d)
				}
				return true
			})
		}
	}
	return out
}
