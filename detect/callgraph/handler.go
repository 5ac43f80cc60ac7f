package callgraph

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Handed chooses among the callers of function host: those that pass function fn as argument arg.
// What fn hands back to host goes on to them alone. each(), called by each(list, store, &fd), calls
// store(item, &fd): host is each, fn is store. The zero value and nil choose all callers.
type Handed struct {
	host *parse.Func
	arg  int
	fn   *parse.Func
}

// handedBack returns what is known of the callers of c's function, after fn has returned to
// the call c.
func handedBack(c program.Ref, fn *parse.Func) Handed {
	if c.Expr == nil || c.In.Func.Macro != nil {
		return Handed{}
	}
	if k := paramCalled(c.In, c.Expr); k >= 0 {
		return Handed{c.In.Func, k, fn}
	}
	return Handed{}
}

// paramCalled returns the number of the parameter that a call goes through, else -1.
func paramCalled(fi *program.FuncInfo, call *parse.Expr) int {
	x := call.X.Strip()
	for x != nil && x.Kind == parse.XUnary && (x.Op == token.Mul || x.Op == token.And) {
		x = x.X.Strip()
	}
	return ownParam(fi, x)
}

// Callees returns the functions that a call can enter where its function was entered so.
func (h *Handed) Callees(p *program.Program, fi *program.FuncInfo, call *parse.Expr, path *CallPath) []*parse.Func {
	if h != nil && h.host == fi.Func && paramCalled(fi, call) == h.arg && canEnter(p, program.Ref{In: fi, Expr: call}, h.fn) {
		return []*parse.Func{h.fn}
	}
	return Callees(p, fi, call, path)
}

// Caller is a call that a function can return to.
type Caller struct {
	program.Ref
	Handed Handed // what is known of the callers of the function that it stands in
}

// Callers returns the calls that can enter a function where it is entered so, in the order of
// CallSites.
func (h *Handed) Callers(p *program.Program, fn *parse.Func) (out []Caller) {
	sites := CallSites(p, fn)
	add := func(c program.Ref, up Handed) {
		if back := handedBack(c, fn); back != (Handed{}) {
			up = back
		}
		out = append(out, Caller{c, up})
	}
	if h == nil || h.host != fn {
		for _, c := range sites {
			add(c, Handed{})
		}
		return out
	}
	by := handing(p, h.host, h.arg)
	mine := by.passing[h.fn]
	for i, k := 0, 0; i < len(mine) || k < len(by.others); {
		if k == len(by.others) || i < len(mine) && mine[i] < by.others[k] {
			add(sites[mine[i]], Handed{})
			i++
			continue
		}
		c, up := sites[by.others[k]], Handed{}
		if n := passedOn(c, h.arg); n >= 0 {
			up = Handed{c.In.Func, n, h.fn}
		}
		add(c, up)
		k++
	}
	return out
}

// handings are the calls of a function by what they pass as one of its arguments, each by
// its number among the CallSites.
type handings struct {
	passing map[*parse.Func][]int
	others  []int // those that pass a parameter of their own, or what is not known
}

func handing(p *program.Program, fn *parse.Func, arg int) *handings {
	return memo.Of[argMemos](&p.Memos).handings.Get(param{fn, arg}, func() *handings {
		out := &handings{passing: map[*parse.Func][]int{}}
		for i, c := range CallSites(p, fn) {
			if c.Expr == nil || arg >= len(c.Expr.Args) || passedOn(c, arg) >= 0 {
				out.others = append(out.others, i)
				continue
			}
			a := c.Expr.Args[arg]
			if program.IsNull(a) {
				continue
			}
			fns := pointees(p, c.In, a)
			if len(fns) == 0 {
				out.others = append(out.others, i)
			}
			for _, f := range fns {
				out.passing[f] = append(out.passing[f], i)
			}
		}
		return out
	})
}

// passedOn returns the number of the caller's own parameter that argument arg of a call is,
// else -1.
func passedOn(c program.Ref, arg int) int {
	if c.Expr == nil || arg >= len(c.Expr.Args) || c.In.Func.Macro != nil {
		return -1
	}
	return ownParam(c.In, c.Expr.Args[arg].Strip())
}

// ownParam returns the number of the parameter that an expression is as it was passed, else
// -1.
func ownParam(fi *program.FuncInfo, x *parse.Expr) int {
	if x == nil || x.Kind != parse.XIdent {
		return -1
	}
	d := fi.Lookup(x.Name, x.Pos)
	if d == nil || assignsHere(fi, x) {
		return -1
	}
	return fi.ParamIndex(d)
}
