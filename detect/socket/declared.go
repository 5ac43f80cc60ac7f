package socket

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// declaredArgs completes the arguments of a socket() call by what the
// configuration says of the function around it, or gives those of a call of
// such a function. What the sources themselves say goes before.
func declaredArgs(p *program.Program, s *fixpoint.Session, r program.Ref, t Args) Args {
	name := r.Expr.Callee()
	own := !sites.Has(name)
	if !own {
		name = r.In.Func.Name
	}
	args, ok := p.Creates(name)
	if !ok {
		return t
	}
	if own {
		t = Args{value.Unknown("not in the configuration"), value.Unknown("not in the configuration"), value.Single("0")}
	}
	host := &program.FuncInfo{Func: &parse.Func{File: r.In.Func.File, Name: name}, File: r.In.File}
	for i, v := range []*value.Values{&t.Domain, &t.Type, &t.Protocol} {
		if i < len(args) && args[i] != nil && (own || v.Unknown != "" || len(v.Set) == 0) {
			*v = eval.New(p, s).Eval(host, args[i], nil)
		}
	}
	return t
}
