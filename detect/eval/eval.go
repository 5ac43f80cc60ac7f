package eval

import (
	"math"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// macro evaluates an object-like macro or an enumerator of the tree.
func (ev *Evaluator) macro(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) (value.Values, bool) {
	defs := ev.Prog.Constants(fi.File, e.Name)
	var v value.Values
	for _, c := range defs {
		switch {
		case c.Macro == nil && c.Expr == nil:
			v.Add(e.Name) // an enumerator without a value of its own
		case c.Macro == nil:
			v.Join(ev.Eval(c.Host, c.Expr, fr))
		case c.Expr.Kind == parse.XIdent && c.Expr.Name == e.Name:
			if k, ok := knowledge.Canonical(e.Name); ok {
				v.Add(k)
			}
		case ev.Symbolic && c.Expr.Kind == parse.XNumber:
			v.Add(e.Name)
		default:
			ev.note(c.Host, c.Macro.Off, "#define %s %s", e.Name, c.Expr)
			host := c.FileScope()
			host.Locals = fi.Locals
			v.Join(ev.Eval(host, c.Expr, fr))
		}
	}
	return v, len(defs) > 0
}

// Eval returns the values of e, evaluated where it stands in fi, in a
// function entered through fr.
func (ev *Evaluator) Eval(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	e = e.Strip()
	if e == nil {
		return value.Unknown("not understood")
	}
	if v, ok := ev.literal(fi, e); ok {
		return v // costs nothing
	}
	if ev.OverBudget(fi, e.Pos) {
		return ev.Sess.MarkIncomplete(tooMuch)
	}
	return ev.answer(fixpoint.Query{Expr: e}, fr, func() value.Values { return ev.evalKind(fi, e, fr) })
}

// literal is the value of what says it by itself.
func (ev *Evaluator) literal(fi *program.FuncInfo, e *parse.Expr) (value.Values, bool) {
	switch e.Kind {
	case parse.XNumber:
		return value.Single(strings.TrimRight(e.Name, "uUlL")), true
	case parse.XChar, parse.XString:
		return value.Single(e.Name), true
	case parse.XSizeof:
		return value.Single("sizeof"), true
	case parse.XIdent:
		c, ok := knowledge.Canonical(e.Name)
		return value.Single(c), ok && !strings.Contains(e.Name, "##") && fi.Lookup(e.Name, e.Pos) == nil && !ev.Prog.OwnName(fi.File, e.Name)
	}
	return value.Values{}, false
}

// evalKind evaluates an expression by its kind.
func (ev *Evaluator) evalKind(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	switch e.Kind {
	case parse.XIdent:
		return ev.ident(fi, e, fr)
	case parse.XIndex:
		if b, n := fi.TypeOf(e.X); n == 1 && program.IsByte(b) {
			return value.Unknown("%s is read from bytes", fi.Text(e))
		}
		return ev.object(fi, e, "", fr)
	case parse.XMember:
		return ev.object(fi, e, "", fr)
	case parse.XUnary:
		switch e.Op {
		case token.Mul:
			if b, n := fi.TypeOf(e.X); n == 1 && program.IsByte(b) {
				return value.Unknown("%s is read from bytes", fi.Text(e))
			}
			return ev.Eval(fi, e.X, fr)
		case token.And:
			return ev.Eval(fi, e.X, fr)
		case token.Sub:
			if e.X != nil && e.X.Kind == parse.XNumber {
				return value.Single("-" + e.X.Name)
			}
		case token.Not:
			v := value.Single("0")
			v.Add("1")
			return v
		}
		return value.Unknown("computed: %s", fi.Text(e))
	case parse.XAssign:
		return ev.Eval(fi, e.Y, fr)
	case parse.XComma:
		return ev.Eval(fi, e.Args[len(e.Args)-1], fr)
	case parse.XCond:
		if e.Y == nil {
			v := ev.Eval(fi, e.X, fr)
			v.Join(ev.Eval(fi, e.Z, fr))
			return v
		}
		return ev.choice(fi, e, fr)
	case parse.XBinary:
		return ev.binary(fi, e, fr)
	case parse.XInit:
		var v value.Values
		for _, a := range e.Args {
			if a.Kind == parse.XDesig {
				a = a.X
			}
			if a != nil && a.Kind != parse.XInit && !(a.Kind == parse.XIdent && program.IsNull(a)) {
				v.Join(ev.Eval(fi, a, fr))
			}
		}
		return v
	case parse.XCompound:
		return ev.Eval(fi, e.X, fr)
	case parse.XCall:
		return ev.callResult(fi, e, "", fr)
	}
	return value.Unknown("not understood: %s", fi.Text(e))
}

// choice evaluates x ? y : z.
func (ev *Evaluator) choice(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	switch yes, no := ev.Conditions().Outcome(fi, e.X, fr); {
	case yes && !no:
		return ev.Eval(fi, e.Y, fr)
	case no && !yes:
		return ev.Eval(fi, e.Z, fr)
	}
	switch yes, no := ev.chosenArms(fi, e); {
	case !no:
		return ev.Eval(fi, e.Y, fr)
	case !yes:
		return ev.Eval(fi, e.Z, fr)
	}
	if fr == nil && defuse.TestsParam(fi, e.X) {
		ev.Sess.DependsOn(fr)
		ev.OpenParams[fi.Func] = true // the callers choose
	}
	v := ev.Eval(fi, e.Y, fr)
	v.Join(ev.Eval(fi, e.Z, fr))
	return v
}

// binary folds the operators that flags are made with.
func (ev *Evaluator) binary(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	switch e.Op {
	case token.Or, token.Add, token.Xor:
		x, y := ev.Eval(fi, e.X, fr), ev.Eval(fi, e.Y, fr)
		return value.CombineFlags(x, y)
	case token.And:
		// type & ~FLAGS, type & MASK: the value without its flags.
		if y := e.Y.Strip(); y != nil && (y.Kind == parse.XUnary && y.Op == token.Tilde ||
			y.Kind == parse.XIdent || y.Kind == parse.XNumber) {
			return ev.Eval(fi, e.X, fr)
		}
		return ev.Eval(fi, e.Y, fr)
	case token.EqEq, token.NotEq, token.Lt, token.Gt, token.Le, token.Ge, token.AndAnd, token.OrOr:
		v := value.Single("0")
		v.Add("1")
		return v
	}
	return value.Unknown("computed: %s", fi.Text(e))
}

// ident evaluates a name: a constant, a macro, an enumerator, a variable.
func (ev *Evaluator) ident(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Values {
	d := fi.Lookup(e.Name, e.Pos)
	if d == nil && fi.Func.Macro != nil && strings.Contains(e.Name, "##") {
		return ev.pasted(fi, e.Name, fr)
	}
	if d == nil {
		if v, ok := ev.macro(fi, e, fr); ok {
			return v
		}
	}
	return ev.object(fi, e, "", fr)
}

// object evaluates the path e+suffix: the value stored in a variable, a
// member or an element.
func (ev *Evaluator) object(fi *program.FuncInfo, e *parse.Expr, suffix string, fr *callgraph.Frame) value.Values {
	e = e.Strip()
	for e != nil && e.Kind == parse.XUnary && (e.Op == token.And || e.Op == token.Mul) {
		e = e.X.Strip()
	}
	if e == nil {
		return value.Unknown("not understood")
	}
	if ev.OverBudget(fi, e.Pos) {
		return ev.Sess.MarkIncomplete(tooMuch)
	}
	// The next element of a list of addresses was asked for with the same hints.
	suffix = strings.ReplaceAll(suffix, ".ai_next", "")
	for e.Kind == parse.XMember && e.Name == "ai_next" && e.X.Strip() != nil {
		e = e.X.Strip()
	}
	if e.Kind == parse.XCall {
		return ev.callResult(fi, e, suffix, fr)
	}
	if e.Kind == parse.XCond && e.Y != nil {
		v := ev.object(fi, e.Y, suffix, fr)
		v.Join(ev.object(fi, e.Z, suffix, fr))
		return v
	}
	if suffix != "" && program.IsNull(e) {
		return value.Values{} // nothing lies below a null pointer
	}
	if suffix = value.CollapseCycles(suffix); strings.Count(suffix, ".")+strings.Count(suffix, "[") > maxBelow {
		return ev.fieldStores(fi, e, suffix)
	}
	if strings.HasSuffix(suffix, "[]") {
		if b := ev.pathType(fi, e, suffix); program.IsByte(b) {
			return value.Unknown("%s is read from bytes", fi.Text(e)+suffix)
		}
	}
	return ev.answer(fixpoint.Query{Expr: e, Path: suffix, Kind: queryObject}, fr, func() value.Values {
		return ev.stored(fi, e, suffix, fr)
	})
}

// maxBelow is how many members and elements below a variable are distinguished from
// those of other variables of its type.
const maxBelow = 3

// stored evaluates what the path e+suffix holds.
func (ev *Evaluator) stored(fi *program.FuncInfo, e *parse.Expr, suffix string, fr *callgraph.Frame) value.Values {
	path := value.PathOf(e) + suffix
	if value.PathOf(e) == "" {
		if e.Kind == parse.XMember && e.Name == "p_proto" {
			return ev.protocolByName(fi, e.X)
		}
		return value.Unknown("not understood: %s", fi.Text(e))
	}
	if v, ok := ev.systemMember(fi, e, suffix, path, fr); ok {
		return ev.filter(fi, e, path, v)
	}
	var v value.Values
	var defs []defuse.Def
	entry := true
	if fi.Func.BodyPos != fi.Func.End && e.In != nil {
		n := fi.NodeOf(e)
		defs, entry = defuse.Reaching(fi, n, e.Pos, path)
		if len(defs) > 1 || len(defs) == 1 && entry { // else it is this one, whatever way is taken
			l := ev.feasibleOn(fi, fr)
			if l != nil {
				defs, entry = defuse.ReachingOn(fi, l, n, e.Pos, path)
			}
			if at := ev.PathPoints[fi]; at != nil && slices.ContainsFunc(defs, func(d defuse.Def) bool { return defuse.MayLack(fi, e.Pos, d) }) {
				all, open := len(defs), entry
				defs, entry = defuse.ReachingOn(fi, l.WhereBuilt(at), n, e.Pos, path)
				ev.Narrowed = ev.Narrowed || len(defs) < all || entry != open
			}
			defs, entry = ev.pruneDefs(fi, n, e.Pos, path, defs, entry)
		}
	}
	for _, d := range defs {
		if ev.Reachability == nil || fr == nil || d.Expr == nil || ev.Reachability.CanReach(fi, d.Expr, fr) {
			w := ev.definition(fi, d, path, fr)
			if d.Kind == defuse.DefObject && len(w.Set) == 0 && w.Unknown != "" {
				w = ev.byType(fi, e, suffix, d.Suffix, w)
			}
			v.Join(w)
		}
	}
	if fr == nil && len(v.Set) > 1 && len(defuse.ParamEdges(fi)) > 0 {
		ev.Sess.DependsOn(fr)
		ev.OpenParams[fi.Func] = true // the callers may choose
	}
	if entry {
		v.Join(ev.atEntry(fi, e, suffix, path, fr))
	} else if len(v.Set) == 0 && v.Unknown == "" && path != value.RootOf(path) && ev.isTreeMember(fi, e, suffix) {
		v = ev.fieldStores(fi, e, suffix) // filled in through its address
	}
	return ev.filter(fi, e, path, v)
}

// byType evaluates the path e+suffix by the types on it. Of the object that the path begins with
// nothing is known, as of the private area of another one: the value is what the whole tree stores
// to that member of the type. below is the part of the path below that object; unknown is the
// answer if the tree stores nothing.
func (ev *Evaluator) byType(fi *program.FuncInfo, e *parse.Expr, suffix, below string, unknown value.Values) value.Values {
	chain, _ := ev.pathSteps(fi, e, suffix)
	k := len(chain) - strings.Count(below, ".")
	if k < 0 || k == len(chain) {
		return unknown
	}
	base, name := chain[k].owner, chain[k].name
	if s := ev.Prog.StructOf(fi.File, base); s == nil || knowledge.IsSystemStruct(base) || s.Field(name) == nil {
		return unknown
	}
	rest := ""
	for _, st := range chain[k+1:] {
		rest += "." + st.name
	}
	if v := ev.storesTo(fi, ev.Prog.StructKeyOr(fi.File, base), base, name, rest); len(v.Set) > 0 {
		return v
	}
	return unknown
}

// named returns a fact with the platform's constants in the place of the names that the tree
// gives them. What is not a name of several is perhaps none of them.
func (ev *Evaluator) named(fi *program.FuncInfo, f *value.Fact) *value.Fact {
	ours := func(name string) bool {
		return !knowledge.Listed(name) && len(ev.Prog.PlatformNames(fi.File, name)) > 0
	}
	if !slices.ContainsFunc(f.Allowed, ours) && !slices.ContainsFunc(f.Excluded, ours) {
		return f
	}
	all := func(list value.NameSet, most int) value.NameSet {
		out := list[:0:0]
		for _, name := range list {
			if them := ev.Prog.PlatformNames(fi.File, name); 0 < len(them) && len(them) <= most {
				for _, c := range them {
					out = out.Union(value.NameSet{c})
				}
				continue
			}
			out = out.Union(value.NameSet{name})
		}
		return out
	}
	return &value.Fact{Allowed: all(f.Allowed, math.MaxInt), Excluded: all(f.Excluded, 1)}
}

// filter keeps the values that the branches taken allow.
func (ev *Evaluator) filter(fi *program.FuncInfo, e *parse.Expr, path string, v value.Values) value.Values {
	if e.In == nil || fi.Func.End == 0 {
		return v
	}
	f := defuse.FactsAt(fi, e, path)
	if f.Top() {
		return v
	}
	f = ev.named(fi, f)
	out := value.Values{Unknown: v.Unknown}
	for _, k := range v.Set {
		if f.Excluded.Has(k) || f.Allowed != nil && !f.Allowed.Has(k) &&
			!(k == "AF_UNSPEC" && (f.Allowed.Has("AF_INET") || f.Allowed.Has("AF_INET6"))) {
			continue
		}
		out.Add(k)
	}
	if f.Allowed != nil && (v.Unknown != "" || len(out.Set) == 0 && len(v.Set) == 0 || v.Set.Has("AF_UNSPEC")) {
		// The branches name the values themselves.
		out.Set = out.Set.Without("AF_UNSPEC").Union(f.Allowed)
		out.Unknown = ""
		ev.note(fi, e.Pos, "only where %s is %s", path, out)
	}
	return out
}

// definition evaluates one reaching definition.
func (ev *Evaluator) definition(fi *program.FuncInfo, d defuse.Def, path string, fr *callgraph.Frame) value.Values {
	switch d.Kind {
	case defuse.DefZero:
		return value.Single("0")
	case defuse.DefUnset:
		return value.Values{} // never set on this way
	case defuse.DefObject:
		return ev.object(fi, d.Expr, d.Suffix, fr)
	case defuse.DefOut:
		return ev.outParam(fi, d.Expr, d.Arg, d.Suffix, fr)
	}
	if d.Expr.Kind == parse.XInit {
		return ev.Eval(fi, d.Expr, fr)
	}
	if v := ev.Eval(fi, d.Expr, fr); len(v.Set) > 0 || v.Unknown != "" {
		if x := d.Expr.Strip(); x.Kind == parse.XIdent || x.Kind == parse.XCond || x.Kind == parse.XBinary {
			if _, isConst := knowledge.Canonical(x.Name); isConst || x.Kind != parse.XIdent {
				ev.note(fi, d.Expr.Pos, "%s = %s", path, d.Expr)
			}
		}
		return v
	}
	return value.Values{}
}

// atEntry evaluates a path that nothing in the function defines before its
// use: a parameter, a global, a member of something that lives elsewhere.
func (ev *Evaluator) atEntry(fi *program.FuncInfo, e *parse.Expr, suffix, path string, fr *callgraph.Frame) value.Values {
	root := value.RootOf(path)
	rest := path[len(root):]
	if d := fi.Lookup(root, e.Pos); d != nil {
		if i := fi.ParamIndex(d); i >= 0 {
			if rest != "" && ev.isTreeMember(fi, e, suffix) {
				if v, ok := ev.rowsOfCaller(fi, i, e, suffix, rest); ok {
					return v
				}
				// A member of a struct of the tree: what all of the tree
				// stores to it is found without going through the callers.
				w := ev.fieldStores(fi, e, suffix)
				v := ev.initialized(fi, i, rest, fr)
				if len(w.Set) > 0 || len(v.Set) == 0 {
					v, w = w, v
				} else {
					w = value.Values{} // only the initializers set it
				}
				v.Join(w)
				return v
			}
			return ev.param(fi, i, rest, fr)
		}
		if d.Static && (rest == "" || d.Type.Ptr == 0 && !addressEscapes(fi, d)) {
			return ev.staticStores(fi, d, rest, fr)
		}
		if rest != "" {
			return ev.fieldStores(fi, e, suffix)
		}
		return value.Values{}
	}
	if u, ok := inUser(ev.Prog, ev.Sess, fi, root, fr); ok && rest == suffix {
		return ev.object(u.In, u.Expr, suffix, fr.Up)
	}
	if g := ev.Prog.Global(fi.File, root); g != nil {
		return ev.globalValue(g, rest, suffix, e, fi)
	}
	if rest != "" {
		return ev.fieldStores(fi, e, suffix)
	}
	if fns := ev.Prog.FuncsNamed(fi.File, root); len(fns) > 0 && rest == "" {
		return value.Single(callgraph.FunctionValue(fns[0])) // a function as a value
	}
	if fi.Func.Macro != nil {
		return value.Unknown("%s is what the macro's user has", root)
	}
	return value.Unknown("%s is not declared in the tree", root)
}

// isTreeMember reports whether the path e+suffix goes through a member of a struct
// that the tree defines.
func (ev *Evaluator) isTreeMember(fi *program.FuncInfo, e *parse.Expr, suffix string) bool {
	chain, _ := ev.pathSteps(fi, e, suffix)
	for i := len(chain) - 1; i >= 0; i-- {
		if o := chain[i].owner; o != "" && !knowledge.IsSystemStruct(o) && ev.Prog.StructOf(fi.File, o) != nil {
			return true
		}
	}
	return false
}

// pasted evaluates a name that the macro fi, used on the way fr, puts together:
// SO_##name.
func (ev *Evaluator) pasted(fi *program.FuncInfo, name string, fr *callgraph.Frame) value.Values {
	list, m := program.PasteParts(name), fi.Func.Macro
	for m != nil && program.Depends(m, list) {
		ev.Sess.DependsOn(fr)
		if fr == nil {
			ev.OpenParams[fi.Func] = true
			return value.Unknown("%s is what the macro's user has", name)
		}
		var ok bool
		if list, ok = program.Substitute(m, list, fr.Call.Expr); !ok {
			return value.Unknown("%s cannot be put together", name)
		}
		m, fr = fr.Call.In.Func.Macro, fr.Up
	}
	c, ok := knowledge.Canonical(strings.Join(list, ""))
	if !ok {
		return value.Unknown("%s is not known", strings.Join(list, ""))
	}
	return value.Single(c)
}
