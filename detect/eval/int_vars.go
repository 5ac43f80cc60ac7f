package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// local folds a local variable or parameter: what reaches the use, and whatever
// is done to it by operators like |= anywhere in the function.
func (f *IntEval) local(fi *program.FuncInfo, d *parse.Decl, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	if d.Type.Array || d.Type.Func {
		return value.Ints{Open: true}
	}
	fold := f.Eval
	if d.Type.Ptr > 0 {
		fold = f.null
	}
	var w writes
	for u := range fi.Named(d.Name) {
		if u.Kind == parse.XIdent && fi.Lookup(d.Name, u.Pos) == d {
			w.note(fi, u)
		}
	}
	if w.lost {
		return value.Ints{Open: true}
	}
	var v value.Ints
	switch i := fi.ParamIndex(d); {
	case d.Static && d.Type.Ptr > 0:
		return value.Ints{Open: true}
	case d.Static:
		v.Join(f.initial(fi, d.Init))
		v.Join(f.assigned(w, nil))
	case fi.Func.Macro != nil && i >= 0:
		v = f.param(fi, i, fr, fold)
	default:
		defs, entry := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, d.Name)
		for _, x := range defs {
			if fr != nil && x.Expr != nil && (!f.CanReach(fi, x.Expr, fr) || len(defs) > 1 && !f.mayReach(fi, x.Expr, e, defs, fr)) {
				continue
			}
			switch x.Kind {
			case defuse.DefValue:
				v.Join(fold(fi, x.Expr, fr))
			case defuse.DefZero:
				v.Add(0)
			case defuse.DefUnset: // not set on this way
			default:
				return value.Ints{Open: true}
			}
		}
		if entry && i >= 0 {
			v.Join(f.param(fi, i, fr, fold))
		}
	}
	return f.afterOperators(v, w, fr)
}

// null folds a pointer: to 0 where it is the null pointer, and to no number where
// it may be another.
func (f *IntEval) null(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	e = e.Strip()
	switch {
	case program.IsNull(e):
		return value.IntOf(0)
	case e != nil && e.Kind == parse.XIdent:
		if d := fi.Lookup(e.Name, e.Pos); d != nil && d.Type.Ptr > 0 {
			return f.Eval(fi, e, fr)
		}
	}
	return value.Ints{Open: true}
}

// mayReach reports whether what is assigned at the expression from can still be there
// at the use, and is not overwritten on all ways that are open on this way of
// calling: int on = 1; if (off) on = 0;
func (f *IntEval) mayReach(fi *program.FuncInfo, from, use *parse.Expr, defs []defuse.Def, fr *callgraph.Frame) bool {
	start, target := fi.NodeOf(from), fi.NodeOf(use)
	if start == nil || target == nil || start == target {
		return true
	}
	g := fi.Graph()
	over := g.NewSet()
	for _, x := range defs {
		if x.Expr == nil || x.Expr == from {
			continue
		}
		if n := fi.NodeOf(x.Expr); n != nil && n != target {
			over.Add(n)
		}
	}
	return g.Reachable(start, target, func(e *cfg.Edge) bool { return !over.Has(e.To) && f.edgeTaken(fi, e, fr) }).Has(target)
}

func (f *IntEval) initial(fi *program.FuncInfo, init *parse.Expr) value.Ints {
	if init == nil {
		return value.IntOf(0)
	}
	return f.Eval(fi, init, nil)
}

// writes are the places that change one variable or member.
type writes struct {
	assigns []program.Ref // x = v
	ops     []program.Ref // x |= v
	lost    bool          // its address is taken, or it is changed in another way
}

// note looks at one use of the variable.
func (w *writes) note(fi *program.FuncInfo, e *parse.Expr) {
	x := e
	for x.Up != nil && x.Up.Kind == parse.XParen {
		x = x.Up
	}
	up := x.Up
	if up == nil {
		return
	}
	switch up.Kind {
	case parse.XAssign:
		switch {
		case up.X != x:
		case up.Op == token.Assign:
			w.assigns = append(w.assigns, program.Ref{In: fi, Expr: up})
		default:
			w.ops = append(w.ops, program.Ref{In: fi, Expr: up})
		}
	case parse.XPostfix:
		w.lost = true
	case parse.XCall:
		w.lost = w.lost || up.X != x && fi.File.Prog.MayAssign(fi.File, up.Callee())
	case parse.XUnary:
		switch up.Op {
		case token.Inc, token.Dec:
			w.lost = true
		case token.And:
			call, i := program.ArgOf(x)
			outs, lib := "", false
			if call != nil {
				outs, lib = knowledge.Outputs.Lookup(call.Callee())
			}
			reads := call != nil &&
				(knowledge.FDUses.Get(call.Callee()).Event == knowledge.SetOption || knowledge.External.Has(call.Callee()) && !lib)
			w.lost = w.lost || !reads && !(lib && i < 10 && !knowledge.HasIndex(outs, i))
		}
	}
}

// assigned joins what is assigned anywhere.
func (f *IntEval) assigned(w writes, fr *callgraph.Frame) (v value.Ints) {
	for _, a := range w.assigns {
		v.Join(f.Eval(a.In, a.Expr.Y, fr))
	}
	return v
}

// afterOperators is v with the operators applied any number of times.
func (f *IntEval) afterOperators(v value.Ints, w writes, fr *callgraph.Frame) value.Ints {
	for round := 0; len(w.ops) > 0 && round < value.MaxInts; round++ {
		n := len(v.Set)
		for _, a := range w.ops {
			if a.Expr.Op != token.OrAssign && a.Expr.Op != token.AndAssign {
				return value.Ints{Open: true}
			}
			v.Join(value.Pairwise(v, f.Eval(a.In, a.Expr.Y, fr), func(x, y int64) (int64, bool) { return value.Compute(a.Expr.Op, x, y) }))
		}
		if v.Open || len(v.Set) == n {
			break
		}
	}
	return v
}

// param folds parameter i: what the call passes through which the function was
// entered, else what all of its callers do.
func (f *IntEval) param(fi *program.FuncInfo, i int, fr *callgraph.Frame,
	fold func(*program.FuncInfo, *parse.Expr, *callgraph.Frame) value.Ints) value.Ints {
	f.Sess.DependsOn(fr)
	if fr != nil {
		if c := fr.Call; c.Expr != nil && i < len(c.Expr.Args) {
			return fold(c.In, c.Expr.Args[i], fr.Up)
		}
		return value.Ints{Open: true}
	}
	f.CallerDependent[fi.Func] = true
	calls := f.callers(fi.Func)
	if len(calls) == 0 {
		return value.Ints{Open: true}
	}
	var v value.Ints
	for _, c := range calls {
		if i >= len(c.Expr.Args) {
			return value.Ints{Open: true}
		}
		v.Join(fold(c.In, c.Expr.Args[i], nil))
	}
	return v
}

// callers returns the calls of a function, none where there may be others: the
// users of a library call what it offers, and lex and yacc make code as well.
func (f *IntEval) callers(fn *parse.Func) []program.Ref {
	if fn.Macro == nil && !fn.Static {
		return nil
	}
	calls := f.Prog.Callers(fn)
	if fn.Macro == nil && len(f.Prog.AddressesTaken(fn)) > 0 {
		return nil
	}
	return calls
}

// global folds a variable of one file by all that is stored there. What other
// files can reach may be set by whom the tree does not show.
func (f *IntEval) global(g *program.Global) value.Ints {
	if !g.Decl.Static || strings.HasSuffix(g.File.Path, ".h") {
		return value.Ints{Open: true}
	}
	return f.fromMemory(g.Key, func() value.Ints { return f.stored(g) })
}

// fromMemory finds out once what memory holds.
func (f *IntEval) fromMemory(key string, find func() value.Ints) value.Ints {
	if v, ok := f.held[key]; ok {
		return v
	}
	f.held[key] = value.Ints{Loop: true}
	var v value.Ints
	f.Sess.Untracked(func() { v = find() })
	if delete(f.held, key); !v.Loop {
		f.held[key] = v
	}
	return v
}

func (f *IntEval) stored(g *program.Global) value.Ints {
	if g.Decl.Type.Array || g.Decl.Type.Ptr > 0 {
		return value.Ints{Open: true}
	}
	name := g.Decl.Name
	if g.File.MayPaste(name) {
		return value.Ints{Open: true}
	}
	var w writes
	for _, u := range f.Prog.FilesSeeing(g) {
		funcs, outside := u.FuncsUsing(name, program.AnyUse)
		if outside && u.NamedOutsideFuncs(name) {
			return value.Ints{Open: true}
		}
		for _, fi := range funcs {
			for e := range fi.Named(name) {
				if e.Kind == parse.XIdent && fi.Lookup(name, e.Pos) == nil {
					w.note(fi, e)
				}
			}
		}
	}
	return f.kept(w, f.initial(&program.FuncInfo{Func: &parse.Func{File: g.File.Tree()}, File: g.File}, g.Decl.Init))
}

// kept is what memory holds that begins with v.
func (f *IntEval) kept(w writes, v value.Ints) value.Ints {
	if w.lost {
		return value.Ints{Open: true}
	}
	v.Join(f.assigned(w, nil))
	return f.afterOperators(v, w, nil)
}

// member folds a member of a struct that one file knows, by all that is stored to
// it in whatever object.
func (f *IntEval) member(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	if x := e.X.Strip(); fr != nil && x != nil && x.Kind == parse.XIdent && e.Op == token.Arrow {
		if rows, ok := f.OptionRows(fi, e, fr); ok {
			var v value.Ints
			for _, r := range rows {
				if gi, y, _ := r.Arg(e, e); y != nil {
					v.Join(f.Eval(gi, y, nil))
				} else {
					v.Add(0)
				}
			}
			return v
		}
	}
	base, _ := fi.TypeOf(e.X)
	s := f.Prog.StructOf(fi.File, base)
	if s == nil || s.Union || knowledge.IsSystemStruct(base) || !f.Prog.IsPrivate(s, base) {
		return value.Ints{Open: true}
	}
	d := s.Field(e.Name)
	if d == nil || d.Type.Array || d.Type.Ptr > 0 || d.Type.Func {
		return value.Ints{Open: true}
	}
	if len(f.Prog.FilesNaming(e.Name)) > maxFoldUnits {
		return value.Ints{Open: true}
	}
	key := f.Prog.StructKey(fi.File, base)
	return f.fromMemory(key+"\x00"+e.Name, func() value.Ints { return f.storedIn(fi, e, key, base) })
}

// storedIn folds the member that e names of the struct key.
func (f *IntEval) storedIn(fi *program.FuncInfo, e *parse.Expr, key, base string) value.Ints {
	var w writes
	for _, m := range f.Prog.Members(e.Name) {
		if m.Owner == key || m.Owner == "?" {
			w.note(m.In, m.Expr)
		}
	}
	for _, u := range f.Prog.FilesNaming(e.Name) {
		// offsetof(struct s, member), a table of what a file can configure.
		if u.NamedOutsideFuncs(e.Name) {
			return value.Ints{Open: true}
		}
		for _, gi := range u.FuncsNaming(e.Name) {
			for x := range gi.Named(e.Name) {
				if x.Kind == parse.XIdent && gi.Lookup(e.Name, x.Pos) == nil &&
					f.Prog.Global(u, e.Name) == nil && len(f.Prog.FuncsNamed(u, e.Name)) == 0 {
					return value.Ints{Open: true}
				}
			}
		}
	}
	v := value.IntOf(0)
	inits := f.Prog.Initializers(fi.File, key, base, e.Name)
	for _, in := range inits {
		v.Join(f.Eval(in.In, in.Expr, nil))
	}
	if len(inits)+len(w.assigns)+len(w.ops) == 0 {
		return value.Ints{Open: true} // it is set in a way that the analysis does not see
	}
	return f.kept(w, v)
}

// result folds a call: what a function of the tree returns, or the next of the
// arguments that the function around it was called with.
func (f *IntEval) result(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) (v value.Ints) {
	switch name := e.Callee(); {
	case name == "va_arg" && fr != nil:
		f.Sess.DependsOn(fr)
		for i := len(fi.Func.Params); i < len(fr.Call.Expr.Args); i++ {
			v.Join(f.Eval(fr.Call.In, fr.Call.Expr.Args[i], fr.Up))
		}
		return v
	case name == "va_arg":
		f.Sess.DependsOn(fr)
		f.CallerDependent[fi.Func] = true
		for _, c := range f.callers(fi.Func) {
			v.Join(f.result(fi, e, f.Sess.Enter(c, nil)))
		}
		return v
	}
	fns := f.Prog.FuncsNamed(fi.File, e.Callee())
	m, isFormula := f.Prog.ExprMacro(fi.File, e.Callee())
	if len(fns) == 0 && !isFormula {
		return value.Ints{Open: true}
	}
	if fr.Depth() > value.Bound.Frames {
		f.Sess.At(fi, e.Pos)
		f.Sess.MarkIncomplete(tooNested)
		return value.Ints{Open: true}
	}
	if len(fns) == 0 {
		return f.Eval(m.Host, m.Expr, f.Sess.Enter(program.Ref{In: fi, Expr: e}, fr))
	}
	for _, fn := range fns {
		if fn.Macro == nil && f.Prog.FileOf(fn) != fi.File && !strings.HasSuffix(fn.File.Path, ".h") {
			return value.Ints{Open: true} // not folded across files: too costly
		}
		gi := f.Prog.InfoOf(fn)
		results := gi.Results()
		if len(results) == 0 {
			return value.Ints{Open: true}
		}
		sub := f.Sess.Into(fn, program.Ref{In: fi, Expr: e}, fr)
		for _, r := range results {
			v.Join(f.Eval(gi, r, sub))
		}
	}
	return v
}
