package ctree

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
)

// Local is one name that a function declares.
type Local struct {
	Decl  *parse.Decl
	Stmt  *parse.Stmt // its declaration statement, nil for a parameter
	Block *parse.Stmt // the statement it is visible in
}

// Locals returns the parameters and variables of a function.
func Locals(fn *parse.Func) []Local {
	var out []Local
	for _, p := range fn.Params {
		if p.Name != "" && p.Name != "..." {
			out = append(out, Local{Decl: p, Block: fn.Body()})
		}
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl {
			for _, d := range s.Decls {
				if d.Name != "" {
					out = append(out, Local{d, s, s.Parent})
				}
			}
		}
		return true
	})
	return out
}

// Visible returns the local of that name that code at off in the list sees,
// the innermost one.
func Visible(fn *parse.Func, list *parse.Stmt, off int, name string) (Local, bool) {
	var best Local
	found := false
	for _, l := range Locals(fn) {
		if l.Decl.Name != name || !Ancestor(l.Block, list) || l.Stmt != nil && l.Stmt.End > off {
			continue
		}
		if !found || Ancestor(best.Block, l.Block) {
			best, found = l, true
		}
	}
	return best, found
}

// Declares reports whether a function has a local of that name anywhere,
// under any selection of #if branches.
func Declares(fn *parse.Func, name string) bool {
	if declaresHere(fn, name) {
		return true
	}
	for _, g := range fn.File.FuncsNamed(fn.Name) {
		if g != fn && g.SameBody(fn) && declaresHere(g, name) {
			return true
		}
	}
	return false
}

func declaresHere(fn *parse.Func, name string) bool {
	for _, l := range Locals(fn) {
		if l.Decl.Name == name {
			return true
		}
	}
	return false
}

// Taken reports whether the name means something already where fn stands: a
// local, a macro, or a name of the file's scope that the compiler would see
// shadowed.
func Taken(fn *parse.Func, name string) bool {
	return Declares(fn, name) || TakenOutside(fn, name)
}

// TakenOutside is taken for the names outside the function.
func TakenOutside(fn *parse.Func, name string) bool {
	for _, m := range fn.File.Macros {
		if m.Name == name {
			return true
		}
	}
	for _, d := range fn.File.DeclsNaming(name) {
		if d.Name == name {
			return true
		}
	}
	return len(fn.File.FuncsNamed(name)) > 0
}

// IsPlainInt reports whether a variable is one int.
func IsPlainInt(d *parse.Decl) bool {
	return d.Type != nil && (d.Type.Base == "int" || d.Type.Base == "gint") && d.Type.Ptr == 0 && !d.Type.Array && !d.Type.Func
}

// IsNamedInt reports whether a variable is of a type by a name for int: net_int_t, Int32, uint32_t.
func IsNamedInt(d *parse.Decl) bool {
	return d.Type != nil && namedInt.MatchString(d.Type.Base) && d.Type.Ptr == 0 && !d.Type.Array && !d.Type.Func
}

var namedInt = text.NewPattern(`(?i)^(?:\w+_)?(?:s?int(?:32)?|uint32)(?:_t)?$`)

// ConstantOne reports whether a local int holds 1 wherever it is visible: it
// is initialised to it and nothing in the function can change it.
func ConstantOne(fn *parse.Func, l Local) bool {
	d := l.Decl
	if l.Stmt == nil || d.Init == nil {
		return false
	}
	if v, ok := Number(d.Init); !ok || v != 1 {
		return false
	}
	return d.Type.Const || !Changed(fn, d.Name)
}

// AssignedOne reports whether a local int gets 1 on every way to an offset in a
// list and never another value, but for what it gets after that and no way leads back from.
func AssignedOne(fn *parse.Func, list *parse.Stmt, off int, l Local) bool {
	d := l.Decl
	if JustSet(fn, list, off, d.Name) {
		return true
	}
	if l.Stmt == nil || d.Init != nil || d.Static {
		return false
	}
	var at *parse.Stmt // the last assignment that is on the way for certain
	other, once := false, metOnce(fn, list, off)
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			if !ChangedIn(e, d.Name) || once && e.Pos >= off {
				return
			}
			x := e.Bare()
			v, ok := Number(x.Y)
			if s.Kind != parse.SExpr || x.Kind != parse.XAssign || x.Op != token.Assign ||
				!IsLvalue(fn.File, x.X, d.Name) || !ok || v != 1 {
				other = true
			} else if s.End <= off && s.Parent != nil && Ancestor(s.Parent, list) && Within(Arms(fn.File, off), Arms(fn.File, s.Pos)) {
				at = s
			}
		})
		return true
	})
	if other || at == nil {
		return false
	}
	labels := false // between, that others jump to
	fn.Body().Walk(func(s *parse.Stmt) bool {
		labels = labels || (s.Kind == parse.SLabel || s.Kind == parse.SCase || s.Kind == parse.SDefault) && s.Pos > at.Pos && s.Pos < off
		return !labels
	})
	return !labels
}

// JustSet reports whether the statement before an offset of a list gives 1 to a variable.
func JustSet(fn *parse.Func, list *parse.Stmt, off int, name string) bool {
	var last *parse.Stmt
	for _, s := range list.List {
		if s.End <= off {
			last = s
		}
	}
	if last == nil || last.Kind != parse.SExpr || !Within(Arms(fn.File, off), Arms(fn.File, last.Pos)) {
		return false
	}
	x := last.Expr.Bare()
	v, ok := Number(x.Y)
	return x.Kind == parse.XAssign && x.Op == token.Assign && IsLvalue(fn.File, x.X, name) && ok && v == 1
}

// InitialOne reports whether a local int that the list of an offset declares with 1 still
// holds it there, whatever it gets after that.
func InitialOne(fn *parse.Func, list *parse.Stmt, off int, l Local) bool {
	d := l.Decl
	if v, ok := Number(d.Init); !ok || v != 1 || d.Static || l.Stmt == nil || l.Stmt.Parent != list || l.Stmt.End > off {
		return false
	}
	same := true
	for _, s := range list.List {
		if s.Pos < l.Stmt.End || s.Pos >= off {
			continue
		}
		s.Walk(func(x *parse.Stmt) bool {
			same = same && x.Kind != parse.SLabel && x.Kind != parse.SCase && x.Kind != parse.SDefault
			x.Exprs(func(e *parse.Expr) { same = same && !ChangedIn(e, d.Name) })
			return same
		})
	}
	return same
}

// metOnce reports whether no way leads back to an offset in a list: there is no loop around
// it, and no label before it.
func metOnce(fn *parse.Func, list *parse.Stmt, off int) bool {
	for s := list; s != nil; s = s.Parent {
		switch s.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro:
			return false
		}
	}
	labels := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		labels = labels || s.Kind == parse.SLabel && s.Pos < off
		return !labels
	})
	return !labels
}

// Changed reports whether a function may give the variable another value than
// its first one.
func Changed(fn *parse.Func, name string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) { found = found || ChangedIn(e, name) })
		return !found
	})
	return found
}

// ChangedIn reports whether an expression stores to a variable, steps it or takes its address.
func ChangedIn(e *parse.Expr, name string) bool {
	is := func(x *parse.Expr) bool {
		x = x.Strip()
		return x != nil && x.Kind == parse.XIdent && x.Name == name
	}
	found := false
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XAssign:
			found = found || is(x.X)
		case parse.XPostfix:
			found = found || is(x.X)
		case parse.XCast:
			if a := x.X.Bare(); isNumber(x.Type) && a != nil && a.Kind == parse.XUnary && a.Op == token.And {
				return false // (unsigned long)&on: printed, not written to
			}
		case parse.XUnary:
			found = found || is(x.X) && (x.Op == token.Inc || x.Op == token.Dec || x.Op == token.And)
		case parse.XCall:
			if i, ok := knowledge.OptionValue.Lookup(x.Callee()); ok && i < len(x.Args) {
				for j, a := range x.Args {
					if j != i {
						found = found || ChangedIn(a, name)
					}
				}
				return false
			}
		}
		return !found
	})
	return found
}

// isNumber reports whether a type is one of C's own for integers.
func isNumber(t *parse.Type) bool {
	return t != nil && t.Ptr == 0 && !t.Array && !t.Func && integerType.MatchString(t.Base)
}

var integerType = text.NewPattern(`^(?:(?:signed|unsigned|long|short|int|char)(?: |$))+|^u?intptr_t$`)

// IsPlainIntStmt reports whether a declaration starts with a plain int that is not static.
func IsPlainIntStmt(s *parse.Stmt) bool {
	return len(s.Decls) > 0 && IsPlainInt(s.Decls[0]) && !s.Decls[0].Static
}

// DeclaredWithin reports whether a list or a block in it declares the name.
func DeclaredWithin(list *parse.Stmt, name string) bool {
	found := false
	list.Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			found = found || d.Name == name
		}
		return !found
	})
	return found
}

// DecidesCondition reports whether a function asks for the variable's value in a condition:
// it is there for that then, and not to be handed to a call.
func DecidesCondition(fn *parse.Func, name string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			asks := s.Kind == parse.SIf || s.Kind == parse.SWhile || s.Kind == parse.SFor || s.Kind == parse.SDo || s.Kind == parse.SSwitch
			e.Walk(func(x *parse.Expr) bool {
				switch x.Kind {
				case parse.XCall, parse.XSizeof:
					return false // what a call is given is the call's
				case parse.XCond:
					asks = true
				case parse.XIdent:
					found = found || asks && x.Name == name
				}
				return !found
			})
		})
		return !found
	})
	return found
}
