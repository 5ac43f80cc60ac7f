package eval

import (
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

// param evaluates parameter i (and the path rest below it) from what callers
// pass.
func (ev *Evaluator) param(fi *program.FuncInfo, i int, rest string, fr *callgraph.Frame) value.Values {
	ev.Sess.DependsOn(fr)
	if fr != nil {
		return ev.argument(fr.Call, i, rest, fr.Up)
	}
	ev.OpenParams[fi.Func] = true
	return ev.answer(fixpoint.Query{Decl: fi.Func.Params[i], Path: rest, Kind: queryPassed}, nil, func() value.Values {
		return ev.fromCallers(fi, i, rest)
	})
}

// fromCallers joins what all callers pass.
func (ev *Evaluator) fromCallers(fi *program.FuncInfo, i int, rest string) value.Values {
	calls := callgraph.CallSites(ev.Prog, fi.Func)
	if len(calls) == 0 {
		return value.Unknown("%s() has no caller in the tree", fi.Func.Name)
	}
	var v value.Values
	for _, c := range calls {
		v.Join(ev.argument(c, i, rest, nil))
	}
	if ev.Prog.OnlyTried(fi.Func) {
		v.Join(value.Unknown("only tests and examples call %s()", fi.Func.Name))
	}
	return v
}

func (ev *Evaluator) argument(c program.Ref, i int, rest string, up *callgraph.Frame) value.Values {
	if c.Expr == nil || i >= len(c.Expr.Args) {
		return value.Unknown("called with fewer arguments")
	}
	a := c.Expr.Args[i]
	const how = "called from %s(): %s"
	if rest == "" {
		ev.note(c.In, c.Expr.NamePos, how, c.In.Func.Name, c.Expr)
		return ev.NarrowTypes(c, ev.Eval(c.In, a, up))
	}
	mark := ev.Trail.Mark()
	v := ev.object(c.In, a, rest, up)
	if len(v.Set) > 0 && ev.Trail.Mark() > mark { // something was found there
		ev.Trail.NoteAt(mark, c.In, c.Expr.NamePos, how, c.In.Func.Name, c.Expr)
	}
	return ev.NarrowTypes(c, v)
}

// initialized joins what the path rest below parameter i holds where callers
// pass the address of a variable of their own that has a braced initializer.
func (ev *Evaluator) initialized(fi *program.FuncInfo, i int, rest string, fr *callgraph.Frame) (v value.Values) {
	for ; fr != nil; fr = fr.Up {
		ev.Sess.DependsOn(fr)
		k, filled := callgraph.PassedAlong(fr.Call, i)
		if filled {
			return ev.object(fr.Call.In, fr.Call.Expr.Args[i], rest, fr.Up)
		}
		if k < 0 {
			return v
		}
		fi, i = fr.Call.In, k
	}
	ev.Sess.DependsOn(nil)
	for _, r := range callgraph.InitializedArgs(ev.Prog, fi.Func, i) {
		v.Join(ev.object(r.In, r.Expr, rest, nil))
	}
	return v
}

// NarrowTypes narrows socket types by the branches that lead to a call, whatever
// variable they ask: if (udp_type == SOCK_DGRAM) s = make(ai->ai_socktype).
func (ev *Evaluator) NarrowTypes(c program.Ref, v value.Values) value.Values {
	if len(v.Set) < 2 || !value.HasAny(v, knowledge.StreamTypes) || !value.HasAny(v, knowledge.OtherTypes) || c.In.Func.End == 0 {
		return v
	}
	for _, path := range typePaths(c.In) {
		f := defuse.FactsAt(c.In, c.Expr, path)
		out := value.Values{Unknown: v.Unknown}
		for _, k := range v.Set {
			if !f.Excluded.Has(k) && (f.Allowed == nil || f.Allowed.Has(k)) {
				out.Add(k)
			}
		}
		if len(out.Set) > 0 && len(out.Set) < len(v.Set) {
			ev.note(c.In, c.Expr.NamePos, "only where %s is %s", path, out)
			return out
		}
	}
	return v
}

// typePaths lists the paths that the function compares with socket types.
func typePaths(fi *program.FuncInfo) []string {
	found := map[string]bool{}
	for _, name := range []string{"SOCK_STREAM", "SOCK_DGRAM"} {
		for e := range fi.Named(name) {
			if up := e.Up; up != nil && up.Kind == parse.XBinary && (up.Op == token.EqEq || up.Op == token.NotEq) {
				other := up.X
				if other.Strip() == e {
					other = up.Y
				}
				found[value.PathOf(value.Compared(other))] = true
			} else if up == nil && e.In != nil && e.In.Kind == parse.SCase {
				for s := e.In.Parent; s != nil; s = s.Parent {
					if s.Kind == parse.SSwitch {
						found[value.PathOf(s.Expr)] = true
						break
					}
				}
			}
		}
	}
	delete(found, "")
	var out []string
	for p := range found {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// callResult evaluates what a function of the tree returns.
func (ev *Evaluator) callResult(fi *program.FuncInfo, e *parse.Expr, suffix string, fr *callgraph.Frame) value.Values {
	name := e.Callee()
	if knowledge.SameValue.Has(name) && len(e.Args) == 1 {
		return ev.Eval(fi, e.Args[0], fr)
	}
	if knowledge.Allocators.Has(name) {
		return value.Values{}
	}
	fns := ev.Prog.FuncsNamed(fi.File, name)
	if m, ok := ev.Prog.ExprMacro(fi.File, name); ok && len(fns) == 0 && ev.Reachability != nil {
		return ev.Eval(m.Host, m.Expr, ev.Sess.Enter(program.Ref{In: fi, Expr: e}, fr))
	}
	if len(e.Args) == 1 && ev.Prog.PassesThrough(fi, e, e.Args[0]) {
		if suffix != "" {
			return ev.object(fi, e.Args[0], suffix, fr)
		}
		return ev.Eval(fi, e.Args[0], fr)
	}
	if len(fns) == 0 {
		return value.Unknown("%s() is not in the tree", orExpr(name, fi, e))
	}
	if fr.Depth() > value.Bound.Frames {
		return ev.Sess.MarkIncomplete(tooNested)
	}
	var v value.Values
	for _, fn := range fns {
		gi := ev.Prog.InfoOf(fn)
		sub := ev.Sess.Into(fn, program.Ref{In: fi, Expr: e}, fr)
		for _, r := range gi.Results() {
			if suffix == "" {
				v.Join(ev.Eval(gi, r, sub))
			} else {
				v.Join(ev.object(gi, r, suffix, sub))
			}
		}
	}
	return v
}

func orExpr(name string, fi *program.FuncInfo, e *parse.Expr) string {
	if name != "" {
		return name
	}
	return fi.Text(e.X)
}

// outParam evaluates what a call stores through one of its arguments.
func (ev *Evaluator) outParam(fi *program.FuncInfo, call *parse.Expr, arg int, suffix string, fr *callgraph.Frame) value.Values {
	name := call.Callee()
	fns := ev.Prog.FuncsNamed(fi.File, name)
	if hints := hintsOf(call, fns, arg); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
		return ev.fromHints(fi, call, hints, suffix, fr)
	}
	if len(fns) == 0 {
		return value.Unknown("set by %s()", orExpr(name, fi, call))
	}
	if fr.Depth() > value.Bound.Frames {
		return ev.Sess.MarkIncomplete(tooNested)
	}
	var v value.Values
	for _, fn := range fns {
		if arg >= len(fn.Params) {
			continue
		}
		gi := ev.Prog.InfoOf(fn)
		sub := ev.Sess.Into(fn, program.Ref{In: fi, Expr: call}, fr)
		v.Join(ev.storedInParam(gi, fn.Params[arg], suffix, sub))
	}
	return v
}

// storedInParam evaluates all that a function stores to the path
// param+suffix.
func (ev *Evaluator) storedInParam(gi *program.FuncInfo, d *parse.Decl, suffix string, fr *callgraph.Frame) value.Values {
	if ev.OverBudget(gi, d.NamePos) {
		return ev.Sess.MarkIncomplete(tooMuch)
	}
	return ev.answer(fixpoint.Query{Decl: d, Path: suffix, Kind: queryStored}, fr, func() value.Values {
		return ev.storesInParam(gi, d, suffix, fr)
	})
}

func (ev *Evaluator) storesInParam(gi *program.FuncInfo, d *parse.Decl, suffix string, fr *callgraph.Frame) value.Values {
	var v value.Values
	path := d.Name + suffix
	var defs []defuse.Def
	if len(defuse.DefNodes(gi)[d.Name]) > 0 {
		defs, _ = defuse.Reaching(gi, gi.Graph().Exit, 1<<30, path)
		// The end is reached from the returns as well.
		for _, n := range gi.Graph().Nodes {
			if n.Stmt != nil && n.Stmt.Kind == parse.SReturn {
				ds, _ := defuse.Reaching(gi, n, 1<<30, path)
				defs = append(defs, ds...)
			}
		}
	}
	seen := map[int]bool{}
	for _, x := range defs {
		if seen[x.Off] {
			continue
		}
		seen[x.Off] = true
		v.Join(ev.definition(gi, x, path, fr))
	}
	// Handed on: f(p, ...) with p itself the pointer.
	for r := range gi.Named(d.Name) {
		call, i := program.ArgOf(r)
		if call == nil || gi.Lookup(d.Name, r.Pos) != d {
			continue
		}
		if fr.Depth() > value.Bound.Frames {
			v.Join(ev.Sess.MarkIncomplete(tooNested))
			continue
		}
		targets := ev.Prog.FuncsNamed(gi.File, call.Callee())
		if hints := hintsOf(call, targets, i); hints >= 0 && strings.HasPrefix(suffix, ".ai_") {
			v.Join(ev.fromHints(gi, call, hints, suffix, fr))
			continue
		}
		for _, fn := range targets {
			if i < len(fn.Params) && fn != gi.Func {
				v.Join(ev.storedInParam(ev.Prog.InfoOf(fn), fn.Params[i], suffix, ev.Sess.Into(fn, program.Ref{In: gi, Expr: call}, fr)))
			}
		}
	}
	return v
}
