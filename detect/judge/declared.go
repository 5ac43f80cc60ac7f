package judge

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
)

// declaredCalls lists the calls of functions that make sockets according to the
// configuration and whose text is not in the tree. They are no sites: no
// option can be set inside them. But what accept() takes from their
// descriptors, and the options that these are given, is known with them.
func (a *Analysis) declaredCalls() []*Judgement {
	var out []*Judgement
	p := a.Prog
	for _, w := range p.Opt.Wrappers.Creates {
		for _, c := range site.CallsNamed(p, w.Name, w.Name) { // where it is in the tree, its own socket() is followed
			out = append(out, &Judgement{Cand: c, Site: c.NewSite(), sess: fixpoint.NewSession()})
		}
	}
	return out
}

// isDeclared reports whether it stands for a call that the configuration names.
func isDeclared(c *site.Candidate) bool { return !sites.Has(c.Name) }

// declaredArgs completes the arguments of a socket() call by what the
// configuration says of the function around it, or gives those of a call of
// such a function. What the sources themselves say goes before.
func declaredArgs(p *program.Program, s *fixpoint.Session, r program.Ref, t socketArgs) socketArgs {
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
		t = socketArgs{value.Unknown("not in the configuration"), value.Unknown("not in the configuration"), value.Single("0")}
	}
	host := &program.FuncInfo{Func: &parse.Func{File: r.In.Func.File, Name: name}, File: r.In.File}
	for i, v := range []*value.Values{&t.domain, &t.typ, &t.proto} {
		if i < len(args) && args[i] != nil && (own || v.Unknown != "" || len(v.Set) == 0) {
			*v = eval.New(p, s).Eval(host, args[i], nil)
		}
	}
	return t
}
