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
	start := source(p, param{fn, i})
	return memo.Of[argMemos](&p.Memos).initialized.Get(start, func() (out []program.Ref) {
		seen := map[param]bool{start: true}
		for queue := []param{start}; len(queue) > 0; queue = queue[1:] {
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

// maxForwarded is how many functions with one call each are passed over. Functions that call each
// other alone are a circle; beyond the bound an answer is worked out once more, and is the same.
const maxForwarded = 100

// source goes up from a parameter as long as its function has a single call, which passes a
// parameter of the caller, and returns the last one. All handlers that one function calls have the
// same source, so that their answers are worked out once.
func source(p *program.Program, to param) param {
	for range maxForwarded {
		sites := CallSites(p, to.fn)
		if len(sites) != 1 {
			break
		}
		k, filled := PassedAlong(sites[0], to.i)
		if k < 0 || filled {
			break
		}
		to = param{sites[0].In.Func, k}
	}
	return to
}
