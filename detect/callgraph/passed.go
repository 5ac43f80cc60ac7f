package callgraph

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// PassedAlong looks at argument i of a call: it is parameter k of the caller, or
// filled, the address of a variable that has a braced initializer; k is -1 for
// anything else.
func PassedAlong(c program.Ref, i int) (k int, filled bool) {
	if c.Expr == nil || i >= len(c.Expr.Args) {
		return -1, false
	}
	a := c.Expr.Args[i].Strip()
	taken := a != nil && a.Kind == parse.XUnary && a.Op == token.And
	if taken {
		a = a.X.Strip()
	}
	if a == nil || a.Kind != parse.XIdent {
		return -1, false
	}
	d := c.In.Lookup(a.Name, a.Pos)
	if d == nil {
		return -1, false
	}
	if k = c.In.ParamIndex(d); k >= 0 && !taken {
		return k, false
	}
	return -1, d.Init != nil && d.Init.Kind == parse.XInit
}

type argMemos struct {
	initialized memo.Once[param, []program.Ref]
	handings    memo.Once[param, *handings]
}

type param struct {
	fn *parse.Func
	i  int
}

// InitializedArgs returns the arguments, in all calls that lead to parameter i of a
// function with what they pass, that are addresses of initialized variables.
func InitializedArgs(p *program.Program, fn *parse.Func, i int) []program.Ref {
	return memo.Of[argMemos](&p.Memos).initialized.Get(param{fn, i}, func() (out []program.Ref) {
		if from, ok := onlySource(p, param{fn, i}); ok {
			return InitializedArgs(p, from.fn, from.i) // the same for all handlers that one function calls
		}
		seen := map[param]bool{{fn, i}: true}
		for queue := []param{{fn, i}}; len(queue) > 0; queue = queue[1:] {
			to := queue[0]
			for _, c := range CallSites(p, to.fn) {
				k, filled := PassedAlong(c, to.i)
				if filled {
					out = append(out, program.Ref{In: c.In, Expr: c.Expr.Args[to.i]})
				}
				if from := (param{c.In.Func, k}); k >= 0 && !seen[from] {
					seen[from] = true
					queue = append(queue, from)
				}
			}
		}
		return out
	})
}

// onlySource returns the parameter from which alone another one comes, where that one is not
// of a function which such calls lead back to.
func onlySource(p *program.Program, to param) (from param, ok bool) {
	for at, n := to, 0; ; n++ {
		sites := CallSites(p, at.fn)
		if len(sites) != 1 {
			return from, n > 0
		}
		k, filled := PassedAlong(sites[0], at.i)
		if k < 0 || filled || n > 100 {
			return from, n > 0 && n <= 100
		}
		at = param{sites[0].In.Func, k}
		from = at
	}
}
