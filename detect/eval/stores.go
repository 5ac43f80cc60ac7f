package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// fieldStores evaluates the path e+rest (e with members below it), which lives in a structure that
// others fill in: all that the tree stores to that member of that struct.
func (ev *Evaluator) fieldStores(fi *program.FuncInfo, e *parse.Expr, rest string) value.Values {
	// Walk the path: x (a struct of the tree) .f (its member) .ai_family (of a
	// system struct): the member f decides, and the rest stays a suffix.
	chain, base := ev.pathSteps(fi, e, rest)
	for i := len(chain) - 1; i >= 0; i-- {
		st := chain[i]
		if knowledge.IsSystemStruct(st.owner) || st.owner == "" && i > 0 {
			continue
		}
		suffix := ""
		for _, x := range chain[i+1:] {
			suffix += "." + x.name
		}
		if st.name == "ar_result" {
			st.name = "ar_request" // getaddrinfo_a() answers what was asked with those hints
		}
		return ev.storesTo(fi, ev.Prog.StructKeyOr(fi.File, st.owner), st.owner, st.name, suffix)
	}
	if base == "" {
		return value.Unknown("the type of %s is not known", fi.Text(e))
	}
	return value.Unknown("nothing in the tree sets %s", fi.Text(e)+rest)
}

type pathStep struct {
	owner string // base type that has the member
	name  string
}

// pathSteps lists the members of the path e+rest with the types that own them.
func (ev *Evaluator) pathSteps(fi *program.FuncInfo, e *parse.Expr, rest string) ([]pathStep, string) {
	var out []pathStep
	var walk func(x *parse.Expr)
	walk = func(x *parse.Expr) {
		x = x.Strip()
		if x == nil {
			return
		}
		switch x.Kind {
		case parse.XMember:
			walk(x.X)
			b, _ := fi.TypeOf(x.X)
			out = append(out, pathStep{b, x.Name})
		case parse.XUnary, parse.XIndex:
			walk(x.X)
		}
	}
	walk(e)
	base, _ := fi.TypeOf(e)
	for _, name := range strings.Split(strings.ReplaceAll(rest, "[]", ""), ".") {
		if name == "" {
			continue
		}
		out = append(out, pathStep{base, name})
		next := ""
		if s := ev.Prog.StructOf(fi.File, base); s != nil {
			if d := s.Field(name); d != nil {
				next, _ = program.DeclType(d)
			}
		}
		base = next
	}
	return out, base
}

// storesTo evaluates everything that is stored to member name of the struct
// key, with suffix below it.
func (ev *Evaluator) storesTo(from *program.FuncInfo, key, base, name, suffix string) value.Values {
	id := key + "\x00" + name + "\x00" + suffix
	if key == "?" {
		id += "\x00" + from.File.Path
	}
	return ev.fromMemory(id, func() value.Values { return ev.allStores(from, key, base, name, suffix) })
}

func (ev *Evaluator) allStores(from *program.FuncInfo, key, base, name, suffix string) value.Values {
	var v value.Values
	found := false
	members := ev.Prog.MembersIn(from.File, name)
	if key != "?" {
		members = ev.Prog.MembersOf(key, name, from.File)
	}
	for _, m := range members {
		if !m.Written || key != "?" && m.Owner != key {
			continue
		}
		w, ok := ev.storeAt(m.In, m.Expr, suffix)
		if !ok {
			continue
		}
		found = true
		v.Join(w)
	}
	zero := false
	for _, row := range ev.Prog.RowsOf(from.File, key, base) {
		switch x := row.In.FieldInit(row.Expr, base, name); {
		case x == nil:
			zero = zero || suffix == "" && row.In.OmitsMember(row.Expr, base, name)
		case suffix == "":
			found = true
			v.Join(ev.Eval(row.In, x, nil))
		default:
			found = true
			v.Join(ev.object(row.In, x, suffix, nil))
		}
	}
	if !found {
		return value.Unknown("nothing in the tree sets .%s", name)
	}
	if zero {
		v.Add("0")
	}
	return v
}

// storeAt evaluates what the member expression m receives where it stands;
// ok is false where it is only read.
func (ev *Evaluator) storeAt(fi *program.FuncInfo, m *parse.Expr, suffix string) (value.Values, bool) {
	x := m
	for x.Up != nil && (x.Up.Kind == parse.XParen || x.Up.Kind == parse.XIndex && x.Up.X == x ||
		x.Up.Kind == parse.XUnary && x.Up.Op == token.Mul) {
		x = x.Up
	}
	// x.f.g = v stores to a member below: suffix .g
	sub := ""
	for x.Up != nil && x.Up.Kind == parse.XMember {
		sub += "." + x.Up.Name
		x = x.Up
	}
	if sub != "" && sub != suffix {
		return value.Values{}, false
	}
	if up := x.Up; up != nil && up.Kind == parse.XAssign && up.X == x && up.Op == token.Assign {
		ev.note(fi, x.Pos, "%s", up)
		if sub == suffix {
			return ev.Eval(fi, up.Y, nil), true
		}
		return ev.object(fi, up.Y, suffix, nil), true
	}
	call, i := program.ArgOf(x)
	if call == nil {
		return value.Values{}, false
	}
	addr := x.Up != nil && x.Up.Kind == parse.XUnary && x.Up.Op == token.And
	name := call.Callee()
	if c, ok := knowledge.Copies.Lookup(name); ok {
		if i == c.To && len(call.Args) > 1 && suffix != "" {
			return ev.object(fi, call.Args[c.From], suffix, nil), true
		}
		return value.Values{}, false
	}
	if knowledge.External.Has(name) && !knowledge.HasIndex(knowledge.Outputs.Get(name), min(i, 9)) {
		return value.Values{}, false
	}
	if !addr || i < 3 && strings.HasSuffix(name, "getaddrinfo") {
		return value.Values{}, false
	}
	v := ev.outParam(fi, call, i, suffix, nil)
	return v, len(v.Set) > 0 || v.Unknown != ""
}

// globalValue evaluates a variable with file scope: its initializer and all
// stores to it.
func (ev *Evaluator) globalValue(g *program.Global, rest, suffix string, e *parse.Expr, from *program.FuncInfo) value.Values {
	base, _ := program.DeclType(g.Decl)
	if strings.Trim(rest, "[]") != "" && !knowledge.IsSystemStruct(base) {
		return ev.fieldStores(from, e, suffix)
	}
	return ev.fromMemory(g.Key+"\x00"+rest, func() value.Values { return ev.globalStores(g, rest, base) })
}

func (ev *Evaluator) globalStores(g *program.Global, rest, base string) value.Values {
	name := g.Decl.Name
	host := &program.FuncInfo{Func: &parse.Func{File: g.File.Tree()}, File: g.File}
	var v value.Values
	if g.Decl.Init != nil {
		switch {
		case strings.Trim(rest, "[]") == "":
			v.Join(ev.Eval(host, g.Decl.Init, nil))
		case g.Decl.Init.Kind == parse.XInit:
			if x := host.FieldInit(g.Decl.Init, base, strings.TrimPrefix(rest, ".")); x != nil {
				v.Join(ev.Eval(host, x, nil))
			}
		}
	} else if !g.Decl.Extern && rest == "" && g.Decl.Type.Ptr == 0 {
		v.Add("0")
	}
	for _, u := range ev.Prog.FilesSeeing(g) {
		for _, fi := range u.FuncsNaming(name) {
			for m := range fi.Named(name) {
				if m.Kind != parse.XIdent || fi.Lookup(name, m.Pos) != nil {
					continue
				}
				w, ok := ev.storeAt(fi, m, strings.TrimPrefix(rest, "[]"))
				if !ok {
					continue
				}
				v.Join(w)
			}
		}
	}
	if len(v.Set) == 0 && v.Unknown == "" {
		return value.Unknown("nothing in the tree sets %s", name)
	}
	return v
}

// addressEscapes reports whether the address of a variable goes elsewhere than to a call,
// so that others may store to it.
func addressEscapes(fi *program.FuncInfo, d *parse.Decl) bool {
	for m := range fi.Named(d.Name) {
		if m.Kind != parse.XIdent || fi.Lookup(d.Name, m.Pos) != d {
			continue
		}
		x := program.Wrapping(m)
		if x != m && x.Kind == parse.XUnary && x.Op == token.And &&
			(x.Up == nil || x.Up.Kind != parse.XCall && x.Up.Kind != parse.XMember) {
			return true
		}
	}
	return false
}

// staticStores evaluates a static variable of a function, or the member rest of it:
// its initializer, and all stores to it in the function, since each may be of a call
// before.
func (ev *Evaluator) staticStores(fi *program.FuncInfo, d *parse.Decl, rest string, fr *callgraph.Frame) value.Values {
	var v value.Values
	switch def := defuse.Initial(fi, d, rest); {
	case def.Kind == defuse.DefValue:
		v.Join(ev.Eval(fi, def.Expr, fr))
	case def.Kind == defuse.DefObject:
		v.Join(ev.object(fi, def.Expr, def.Suffix, fr))
	case d.Type.Ptr == 0:
		v.Add("0")
	}
	for m := range fi.Named(d.Name) {
		if m.Kind == parse.XIdent && fi.Lookup(d.Name, m.Pos) == d {
			if w, ok := ev.storeAt(fi, m, strings.TrimPrefix(rest, "[]")); ok {
				v.Join(w)
			}
		}
	}
	return v
}
