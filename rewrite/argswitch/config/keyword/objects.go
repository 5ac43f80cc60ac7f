package keyword

import (
	"slices"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
)

// A keyword is the program's when what its siblings set is there once. Where they are
// members of an interface, a host or an account, each of these has its own, and a
// variable for the whole program is no copy of them.

// call is a call of a function by its name.
type call struct {
	Fn *Func
	S  *parse.Stmt
	e  *parse.Expr
}

// CallsOf are the calls of a function by name.
func (x *Index) CallsOf(name string) []call {
	var out []call
	for _, c := range x.Callers[name] {
		c.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if e.Callee() == name {
						out = append(out, call{c, s, e})
					}
					return true
				})
			})
			return true
		})
	}
	return out
}

// sameObject reports whether a name in a function stands for the same object each time:
// a variable of the program, or what is made once.
func (x *Index) sameObject(fn *parse.Func, name string, depth int) bool {
	key := fn.Name + "." + name
	if known, ok := x.sameObjects[key]; ok {
		return known
	}
	x.sameObjects[key] = true // what a function hands to itself is no other
	one := depth > 0
	switch {
	case !one:
	case !source.LocalsOf(fn)[name]:
		one = x.fixedPointer(name)
	default:
		one = x.madeOnce(fn, name, depth-1)
		for i, p := range fn.Params {
			if p.Name != name {
				continue
			}
			for _, c := range x.CallsOf(fn.Name) {
				one = one && i < len(c.e.Args) && (source.IsNothing(c.e.Args[i]) || x.sameRoot(c.Fn.Forms[0], c.e.Args[i], depth-1)) &&
					!(source.InLoop(c.S) && clears(fn, name))
			}
		}
	}
	x.sameObjects[key] = one
	return one
}

// clears reports whether a function begins with an empty object of that name each time: it
// sets several members to nothing.
func clears(fn *parse.Func, name string) bool {
	n := 0
	for _, s := range fn.Body().List {
		if s.Kind != parse.SExpr || s.Expr == nil || s.Expr.Kind != parse.XAssign || s.Expr.Y == nil || s.Expr.X.Strip().Kind != parse.XMember {
			continue
		}
		root := s.Expr.X.Strip()
		for root != nil && root.Kind == parse.XMember {
			root = root.X.Strip()
		}
		if root != nil && root.Kind == parse.XIdent && root.Name == name && source.IsNothing(s.Expr.Y) {
			n++
		}
	}
	return n > 1
}

// sameRoot is the same for what an expression leads to.
func (x *Index) sameRoot(fn *parse.Func, e *parse.Expr, depth int) bool {
	for e = e.Strip(); e.Kind == parse.XUnary || e.Kind == parse.XMember; {
		e = e.X.Strip()
	}
	return e.Kind == parse.XIdent && x.sameObject(fn, e.Name, depth)
}

// madeOnce takes a local for one object when the function that it lives in makes it once,
// or lets it point to a variable of the program.
func (x *Index) madeOnce(fn *parse.Func, name string, depth int) bool {
	made, outside, pointer := 0, true, false
	set := func(v *parse.Expr, s *parse.Stmt) {
		switch v = v.Strip(); {
		case source.IsNothing(v):
		case v.Kind != parse.XCall && x.sameRoot(fn, v, depth):
		default:
			made++
			outside = outside && !source.InLoop(s)
		}
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name == name {
				if pointer = d.Type != nil && d.Type.Ptr > 0; !pointer {
					made++
				} else if d.Init != nil {
					set(d.Init, s)
				}
			}
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(e *parse.Expr) bool {
				switch {
				case e.Kind == parse.XAssign && e.X.Bare().Kind == parse.XIdent && e.X.Bare().Name == name:
					set(e.Y, s)
				case pointer && handsAddress(e, name):
					set(e, s)
				}
				return true
			})
		})
		return true
	})
	return made == 0 || made == 1 && outside && (x.loadsFile(fn.Name) || !x.repeated(fn.Name, 6))
}

// handsAddress reports whether a call gets the address of a pointer: it may let it point to
// another object.
func handsAddress(e *parse.Expr, name string) bool {
	return e.Kind == parse.XCall && slices.ContainsFunc(e.Args, func(a *parse.Expr) bool {
		a = a.Strip()
		return a.Kind == parse.XUnary && a.Op == token.And && a.X.Strip().Kind == parse.XIdent && a.X.Strip().Name == name
	})
}

// fixedPointer reports whether a variable outside functions is no pointer to one object
// after the other.
func (x *Index) fixedPointer(name string) bool {
	x.Declare()
	pointer := false
	for _, d := range x.decls[name] {
		pointer = pointer || d.Type.Ptr > 0
	}
	if !pointer {
		return true
	}
	one := true
	for _, u := range x.Callers[name] {
		u.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if (e.Kind == parse.XAssign && e.X.Bare().Kind == parse.XIdent && e.X.Bare().Name == name ||
						handsAddress(e, name)) && source.InLoop(s) {
						one = false
					}
					return one
				})
			})
			return one
		})
	}
	return one
}

// repeated reports whether a function is called in a loop, or by one that is. A loop of
// main() counts only where main() reads the file itself: else it is the one that waits
// for a reload.
func (x *Index) repeated(name string, depth int) bool {
	if name == "main" {
		return false
	}
	if depth == 0 {
		return true
	}
	for _, c := range x.CallsOf(name) {
		if source.InLoop(c.S) && (c.Fn.Name != "main" || x.opens(c.Fn, 0)) || x.repeated(c.Fn.Name, depth-1) {
			return true
		}
	}
	return false
}

// loadsFile reports whether a function opens a file, itself or by one that it calls: then
// what it makes is there once each time that the file is read.
func (x *Index) loadsFile(name string) bool {
	for _, f := range x.ByName[name] {
		if x.opens(f, 0) {
			return true
		}
		for _, u := range f.Uses {
			for _, g := range x.ByName[u] {
				if g != f && x.opens(g, 0) {
					return true
				}
			}
		}
	}
	return false
}
