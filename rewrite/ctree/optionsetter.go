package ctree

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
)

// maxSetterDepth is how many functions may lie between a call and setsockopt().
const maxSetterDepth = 3

// SetsOptions reports whether a call in file f does nothing with the lvalue fd but
// set options of it, if that: it is such a function of the system, or one of the program that
// hands the parameter on to those alone.
func (p *Program) SetsOptions(f *parse.File, c *parse.Expr, fd string) bool {
	return p.setsOptions(f, c, fd, maxSetterDepth)
}

func (p *Program) setsOptions(f *parse.File, c *parse.Expr, fd string, depth int) bool {
	at := -1
	for i, a := range c.Args {
		if IsLvalue(f, a, fd) {
			if at >= 0 {
				return false
			}
			at = i
		} else if !p.onlyInSetters(f, a, fd, depth) {
			return false
		}
	}
	if at < 0 || c.Callee() == "" || depth == 0 {
		return false
	}
	if knowledge.SetsOptions.Has(c.Callee()) {
		return at == 0
	}
	fn, name := p.parameter(f, c.Callee(), at)
	return name != "" && p.onlySets(fn, name, depth)
}

// onlyInSetters reports whether an expression names the lvalue nowhere but in such calls:
// the flags in fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK).
func (p *Program) onlyInSetters(f *parse.File, e *parse.Expr, fd string, depth int) bool {
	only := true
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XCall && p.setsOptions(f, x, fd, depth) {
			return false
		}
		only = only && !IsLvalue(f, x, fd)
		return only
	})
	return only
}

// OnlySetsOptions reports whether a function does nothing with its parameter but set
// options of it.
func (p *Program) OnlySetsOptions(fn *parse.Func, param string) bool {
	return p.onlySets(fn, param, maxSetterDepth)
}

func (p *Program) onlySets(fn *parse.Func, name string, depth int) bool {
	other := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SOpaque || s.Kind == parse.SReturn && s.Expr != nil && IsLvalue(fn.File, s.Expr, name) {
			other = true
		}
		for _, d := range s.Decls {
			other = other || IsLvalue(fn.File, d.Init, name)
		}
		s.Exprs(func(e *parse.Expr) {
			other = other || ChangedIn(e, name)
			e.Walk(func(x *parse.Expr) bool {
				other = other || x.Kind == parse.XAssign && IsLvalue(fn.File, x.Y, name)
				if x.Kind != parse.XCall || !argument(fn.File, x, name) {
					return !other
				}
				other = other || !isMessageCall(x) && !p.setsOptions(fn.File, x, name, depth-1)
				return !other
			})
		})
		return !other
	})
	return !other
}

// parameter is the function or macro that a name means in a file, and what it calls
// its argument i; "" where that is not known.
func (p *Program) parameter(f *parse.File, callee string, i int) (*parse.Func, string) {
	if fn := p.Definition(f, callee); fn != nil && fn.Macro == nil {
		if i < len(fn.Params) {
			return fn, fn.Params[i].Name
		}
		return nil, ""
	}
	if fn := p.MacroFunc(f, callee); fn != nil && i < len(fn.Macro.Params) {
		return fn, fn.Macro.Params[i]
	}
	return nil, ""
}

// argument reports whether an argument of a call names an lvalue.
func argument(f *parse.File, c *parse.Expr, fd string) bool {
	for _, a := range c.Args {
		if Mentions(f, a, fd) {
			return true
		}
	}
	return false
}

// isMessageCall recognises a call that writes a message.
func isMessageCall(c *parse.Expr) bool {
	name := strings.ToLower(c.Callee())
	return knowledge.ChatterWords.In(name) || strings.Contains(name, "err")
}
