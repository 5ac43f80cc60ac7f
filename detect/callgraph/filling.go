package callgraph

import (
	"strings"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// eachFilling calls visit for each value that a braced initializer of an object of type t
// gives to a member, with the key of the struct that has it, however deep the braces are.
func (r *pointsTo) eachFilling(u *program.File, t *parse.Type, init *parse.Expr, visit func(owner, name string, x *parse.Expr)) {
	if init != nil && init.Kind == parse.XInit {
		r.fill(u, &parse.Decl{Type: t}, init, "", "", visit)
	}
}

// fill goes through what fills an object, which is the member name of owner.
func (r *pointsTo) fill(u *program.File, d *parse.Decl, x *parse.Expr, owner, name string, visit func(owner, name string, x *parse.Expr)) {
	switch {
	case x == nil:
		return
	case x.Kind != parse.XInit:
		if owner != "" {
			visit(owner, name, x)
		}
		return
	}
	base, _ := program.DeclType(d)
	s := r.p.StructOf(u, base)
	if d.Type.Array || s == nil && base == "" || d.Type.Ptr > 0 {
		one := *d
		t := *d.Type
		t.Array = false
		one.Type = &t
		flat := s != nil && d.Type.Ptr == 0 && len(s.Fields) > 0
		for i, a := range x.Args {
			if a.Kind == parse.XDesig && a.Name == "" {
				a = a.X
			}
			if flat && a != nil && a.Kind != parse.XInit && a.Kind != parse.XDesig {
				m := s.Fields[i%len(s.Fields)] // the inner braces are left out
				r.fill(u, m, a, r.p.StructKey(u, base), m.Name, visit)
				continue
			}
			r.fill(u, &one, a, owner, name, visit)
		}
		return
	}
	at := 0
	for _, a := range x.Args {
		var m *parse.Decl
		if a.Kind == parse.XDesig && a.Name != "" {
			m, a = &parse.Decl{Name: a.Name, Type: &parse.Type{}}, a.X
			if s != nil {
				if f := s.Field(m.Name); f != nil {
					m = f
				}
				for i, f := range s.Fields {
					if f.Name == m.Name {
						at = i
					}
				}
			}
		} else if s != nil && at < len(s.Fields) {
			m = s.Fields[at]
		}
		at++
		if m != nil {
			r.fill(u, m, a, r.p.StructKey(u, base), m.Name, visit)
		}
	}
}

// fillingsOf returns the values that initialized objects of the struct with that key give to
// its members, by their names: in the objects that hold it and in functions, too.
func (r *pointsTo) fillingsOf(owner string) map[string][]program.Initializer {
	if out, ok := r.fillings[owner]; ok {
		return out
	}
	out := map[string][]program.Initializer{}
	r.fillings[owner] = out
	if owner == "" || owner[0] == '?' {
		return out
	}
	words := r.holderNames(owner)
	var files, inner []*program.File
	for _, w := range words {
		files = program.MergeFiles(files, r.p.FilesInitializing(w))
		inner = program.MergeFiles(inner, r.p.FilesInitializingWithin(w))
	}
	if s := r.p.StructAt(owner); s != nil {
		files = program.MergeFiles(files, []*program.File{r.p.FileAt(s.File)})
	}
	collect := func(host *program.FuncInfo, d *parse.Decl) {
		r.eachFilling(host.File, d.Type, d.Init, func(of, name string, x *parse.Expr) {
			if of == owner {
				out[name] = append(out[name], program.Initializer{In: host, Expr: x})
			}
		})
	}
	for _, u := range files {
		for _, d := range u.Filled() {
			collect(fileScope(u), d)
		}
	}
	for _, u := range inner {
		seen := map[*program.FuncInfo]bool{}
		for _, w := range words {
			funcs, _ := u.FuncsUsing(w, program.InitializedUse)
			for _, fi := range funcs {
				if seen[fi] {
					continue
				}
				seen[fi] = true
				for _, l := range fi.Locals {
					if l.Decl.Init != nil && l.Decl.Init.Kind == parse.XInit {
						collect(fi, l.Decl)
					}
				}
			}
		}
	}
	return out
}

// holderNames returns the names of a struct, and of those that have one as a member.
func (r *pointsTo) holderNames(owner string) []string {
	words := r.p.NamesOf(owner)
	seen := map[string]bool{}
	for _, w := range words {
		seen[w] = true
	}
	for i := 0; i < len(words) && len(words) < maxHolders; i++ { // the list grows
		program.EachDecl(r.p.FilesWithField(words[i]), words[i], func(d *parse.Decl) {
			holds := false
			program.EachField(d, func(m *parse.Decl) { holds = holds || m.Type.Ptr == 0 && lastWord(m.Type.Base) == words[i] })
			if !holds {
				return
			}
			for _, w := range []string{d.Type.Def.Tag, d.Name, lastWord(d.Type.Base)} {
				if w != "" && !seen[w] {
					seen[w] = true
					words = append(words, w)
				}
			}
		})
	}
	return words
}

// maxHolders is how many names of structs that have others as members are looked for.
const maxHolders = 64

func lastWord(base string) string { return base[strings.LastIndexByte(base, ' ')+1:] }
