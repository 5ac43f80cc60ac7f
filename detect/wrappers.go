package detect

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

// creates returns the arguments that the configuration tells for a function.
func (p *program) creates(name string) ([]*parse.Expr, bool) {
	p.declaredArgs.once.Do(func() {
		p.declaredArgs.args = map[string][]*parse.Expr{}
		for _, w := range p.opt.Wrappers.Creates {
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

// enablesKeepalive reports whether the configuration says that a function
// turns keepalive on for its argument number i.
func (p *program) enablesKeepalive(name string, i int) bool {
	for _, w := range p.opt.Wrappers.Enables {
		if w.Name == name && w.FD == i {
			return true
		}
	}
	return false
}

// made lists the calls of functions that make sockets according to the
// configuration and whose text is not in the tree. They are no sites: nobody
// could set an option inside them. But what accept() takes from their
// descriptors, and the options that these are given, is known with them.
func (a *analysis) made() []*judged {
	var out []*judged
	p := a.p
	for _, w := range p.opt.Wrappers.Creates {
		for _, c := range p.callsBy(w.Name, w.Name) { // where it is in the tree, its own socket() is followed
			out = append(out, &judged{c: c, site: c.newSite(), sess: newSession()})
		}
	}
	return out
}

// isMade reports whether it stands for a call that the configuration names.
func (c *candidate) isMade() bool { return !isSite(c.name) }

func isSite(name string) bool {
	for _, s := range siteNames {
		if s == name {
			return true
		}
	}
	return false
}

// declared completes the arguments of a socket() call by what the
// configuration says of the function around it, or gives those of a call of
// such a function. What the sources themselves say goes before.
func (p *program) declared(s *session, r ref, t triple) triple {
	name := r.e.Callee()
	own := !isSite(name)
	if !own {
		name = r.fi.fn.Name
	}
	args, ok := p.creates(name)
	if !ok {
		return t
	}
	if own {
		t = triple{dunno("not in the configuration"), dunno("not in the configuration"), one("0")}
	}
	host := &funcInfo{fn: &parse.Func{File: r.fi.fn.File, Name: name}, unit: r.fi.unit}
	for i, v := range []*values{&t.domain, &t.typ, &t.proto} {
		if i < len(args) && args[i] != nil && (own || v.unknown != "" || len(v.set) == 0) {
			*v = p.evaluator(s).eval(host, args[i], nil)
		}
	}
	return t
}
