package program

import (
	"sync"

	"github.com/keepatch/keepatch/parse"
)

// declaredArgs are the arguments that the configuration gives for a function
// that makes sockets, parsed.
type declaredArgs struct {
	once sync.Once
	args map[string][]*parse.Expr // by the function's name; nil stands for what is not known
}

// Creates returns the arguments that the configuration tells for a function.
func (p *Program) Creates(name string) ([]*parse.Expr, bool) {
	p.declaredArgs.once.Do(func() {
		p.declaredArgs.args = map[string][]*parse.Expr{}
		for _, w := range p.Opt.Wrappers.Creates {
			var args []*parse.Expr
			for _, a := range w.Args {
				f := parse.New(w.Name, []byte("#define ARG "+a+"\n"))
				var x *parse.Expr
				if len(f.Macros) == 1 {
					x = f.Macros[0].Expr()
				}
				args = append(args, x)
			}
			p.declaredArgs.args[w.Name] = args
		}
	})
	args, ok := p.declaredArgs.args[name]
	return args, ok
}

// EnablesKeepalive reports whether the configuration says that a function
// turns keepalive on for its argument number i.
func (p *Program) EnablesKeepalive(name string, i int) bool {
	for _, w := range p.Opt.Wrappers.Enables {
		if w.Name == name && w.FD == i {
			return true
		}
	}
	return false
}
