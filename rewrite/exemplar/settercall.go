package exemplar

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Some programs set options through a function or macro of their own that is
// given the option: set_opt(fd, SOL_SOCKET, SO_REUSEADDR, 1). A call of it is a
// habit like one of setsockopt().

// SetterCall is how such a call is written.
type SetterCall struct {
	args           []string
	fd, level, opt int    // indices among args; level and opt are -1 where the function knows them
	head, sep      string // "set_opt(" and ", "
	tail           string
}

// Text is the call for a descriptor.
func (o *SetterCall) Text(fd string) string {
	args := append([]string(nil), o.args...)
	args[o.fd] = fd
	if o.opt >= 0 {
		args[o.opt] = "SO_KEEPALIVE"
	}
	if o.level >= 0 {
		args[o.level] = "SOL_SOCKET"
	}
	return o.head + strings.Join(args, o.sep) + o.tail
}

// SetterCalls returns the habits of a file that go through the program's own
// functions.
func (p *Exemplars) SetterCalls(f *parse.File) []*OptionCall {
	if h, ok := p.setterCalls[f]; ok {
		return h
	}
	out := eachCall(f, func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *OptionCall {
		if c.Callee() == "" || c.Callee() == "setsockopt" || len(c.Args) < 2 || len(c.Args) > 4 {
			return nil
		}
		o := p.readSetterCall(f, c)
		if o == nil {
			return nil
		}
		h := &OptionCall{File: f, Func: fn, Stmt: s, Call: c, Form: FormOther, Through: o,
			FD: ctree.Normalize(parse.ExprText(f, c.Args[o.fd].Strip())), Level: "SOL_SOCKET", Opt: o.args[o.opt]}
		h.readForm()
		return h
	})
	p.setterCalls[f] = out
	return out
}

// CallsOf returns the calls in a file of a function that turns keepalive on for its
// argument fd.
func (p *Exemplars) CallsOf(f *parse.File, name string, fd int) []*OptionCall {
	return eachCall(f, func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *OptionCall {
		if c.Callee() != name || fd >= len(c.Args) {
			return nil
		}
		o := &SetterCall{fd: fd, level: -1, opt: -1}
		for _, a := range c.Args {
			o.args = append(o.args, ctree.OneLine(parse.ExprText(f, a)))
		}
		o.frame(f, c)
		h := &OptionCall{File: f, Func: fn, Stmt: s, Call: c, Form: FormOther, Through: o,
			FD: ctree.Normalize(parse.ExprText(f, c.Args[fd].Strip())), Level: "SOL_SOCKET", Opt: "SO_KEEPALIVE"}
		h.readForm()
		return h
	})
}

// readSetterCall reads a call that hands a switched option, and 1 for it, to a
// function or macro that gives both to setsockopt(). One that knows SO_KEEPALIVE by name
// shows by any option how it is called.
func (p *Exemplars) readSetterCall(f *parse.File, c *parse.Expr) *SetterCall {
	var params []string
	body := p.Definition(f, c.Callee())
	if body != nil {
		for _, d := range body.Params {
			params = append(params, d.Name)
		}
	} else if m := p.FnMacro(f, c.Callee()); m != nil {
		params = m.Params
		for _, fn := range m.File.Funcs {
			if fn.Macro == m {
				body = fn
			}
		}
	}
	if body == nil || len(params) != len(c.Args) {
		return nil
	}
	o := &SetterCall{fd: -1, level: -1, opt: -1}
	at := func(e *parse.Expr) int {
		if e = e.Strip(); e != nil && e.Kind == parse.XIdent {
			for i, name := range params {
				if name == e.Name {
					return i
				}
			}
		}
		return -1
	}
	good, knowsOne := false, false
	ctree.Calls(body.Body(), func(x *parse.Expr, _ *parse.Stmt) {
		if x.Callee() != "setsockopt" || len(x.Args) != 5 || at(x.Args[2]) < 0 || at(x.Args[0]) < 0 || good {
			return
		}
		o.fd, o.level, o.opt = at(x.Args[0]), at(x.Args[1]), at(x.Args[2])
		good = o.level >= 0 || parse.ExprText(body.File, x.Args[1]) == "SOL_SOCKET"
		if v := x.Args[3].Strip(); v != nil && v.Kind == parse.XUnary && v.Op == token.And {
			n, ok := ctree.Number(initial(body, v.X))
			knowsOne = ok && n == 1
		}
	})
	if !good {
		return nil
	}
	ones := 0
	if len(params) == 2 && knowsOne {
		ones = 1 // set_option(fd, SO_REUSEADDR)
	}
	for i, a := range c.Args {
		text := parse.ExprText(f, a)
		v, isNum := ctree.Number(a)
		switch {
		case i == o.fd:
		case i == o.opt:
			if !knowledge.SwitchedOptions[text] && (!ctree.IsUpper(text) || !namesKeepalive(body)) {
				return nil
			}
		case i == o.level:
			if !knowledge.OptionLevels[text] {
				return nil
			}
		case isNum && v == 1, strings.HasSuffix(strings.ToUpper(text), "TRUE"):
			ones++
		}
		o.args = append(o.args, ctree.OneLine(text))
	}
	if ones != 1 {
		return nil
	}
	o.frame(f, c)
	return o
}

// namesKeepalive reports whether a function knows SO_KEEPALIVE.
func namesKeepalive(fn *parse.Func) bool {
	for _, i := range fn.File.Idents("SO_KEEPALIVE") {
		if off := int(fn.File.Toks[i].Off); off > fn.BodyPos && off < fn.End {
			return true
		}
	}
	return false
}

// frame reads what stands around the arguments.
func (o *SetterCall) frame(f *parse.File, c *parse.Expr) {
	first, last := c.Args[0], c.Args[len(c.Args)-1]
	o.head, o.tail = ctree.OneLine(string(f.Src[c.Pos:first.Pos])), ctree.OneLine(string(f.Src[last.End:c.End]))
	if o.sep = ", "; len(c.Args) > 1 && string(f.Src[first.End:c.Args[1].Pos]) == "," {
		o.sep = ","
	}
	if strings.HasSuffix(string(f.Src[c.Pos:first.Pos]), "( ") {
		o.head += " "
	}
	if strings.HasPrefix(string(f.Src[last.End:c.End]), " ") {
		o.tail = " " + o.tail
	}
}

// NamesOtherOption reports whether a variable's name says that it is for another option.
func NamesOtherOption(s string) bool {
	return knowledge.OptionNameWords.In(strings.ToLower(s))
}

// GenericName reports whether a variable's name fits any switched option.
func GenericName(s string) bool {
	if NamesOtherOption(s) {
		return false
	}
	low := strings.Trim(strings.ToLower(s), "_0123456789")
	low = strings.TrimPrefix(strings.TrimPrefix(low, "sock_"), "so_")
	return knowledge.ValueNames.Has(low)
}

// AnyOption is where a file lets the program's users set any option of their sockets, as an
// interpreter does for its scripts: a setsockopt() whose level and option are variables that
// its function reads from elsewhere; nil where there is none. A function that gets the
// two as parameters serves the program itself.
func AnyOption(f *parse.File) *parse.Expr {
	var found *parse.Expr
	for _, fn := range f.Funcs {
		if fn.Macro != nil || found != nil {
			continue
		}
		ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
			if c.Callee() == "setsockopt" && len(c.Args) == 5 && ReadFrom(fn, c.Args[1]) && ReadFrom(fn, c.Args[2]) {
				found = c
			}
		})
	}
	return found
}

// ReadFrom reports whether an expression is a local that gets its value from a call.
func ReadFrom(fn *parse.Func, e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XIdent {
		return false
	}
	local, read := false, false
	for _, l := range ctree.Locals(fn) {
		if l.Stmt != nil && l.Decl.Name == e.Name {
			local = true
			read = read || l.Decl.Init.Strip() != nil && l.Decl.Init.Strip().Kind == parse.XCall
		}
	}
	if !local {
		return false
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(x *parse.Expr) {
			x.Walk(func(y *parse.Expr) bool {
				switch y.Kind {
				case parse.XAssign:
					v := y.Y.Strip()
					read = read || ctree.IsLvalue(fn.File, y.X, e.Name) && v != nil && v.Kind == parse.XCall
				case parse.XCall:
					for _, a := range y.Args {
						a = a.Strip()
						read = read || a != nil && a.Kind == parse.XUnary && a.Op == token.And && ctree.IsLvalue(fn.File, a.X, e.Name)
					}
				}
				return !read
			})
		})
		return !read
	})
	return read
}
