package rewrite

import "github.com/keepatch/keepatch/parse"

// local is one name that a function declares.
type local struct {
	decl  *parse.Decl
	stmt  *parse.Stmt // its declaration statement, nil for a parameter
	block *parse.Stmt // the statement it is visible in
}

// locals returns the parameters and variables of a function.
func locals(fn *parse.Func) []local {
	var out []local
	for _, p := range fn.Params {
		if p.Name != "" && p.Name != "..." {
			out = append(out, local{decl: p, block: fn.Body()})
		}
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SDecl {
			for _, d := range s.Decls {
				if d.Name != "" {
					out = append(out, local{d, s, s.Parent})
				}
			}
		}
		return true
	})
	return out
}

// visible returns the local of that name that code at off in the list sees,
// the innermost one.
func visible(fn *parse.Func, list *parse.Stmt, off int, name string) (local, bool) {
	var best local
	found := false
	for _, l := range locals(fn) {
		if l.decl.Name != name || !ancestor(l.block, list) || l.stmt != nil && l.stmt.End > off {
			continue
		}
		if !found || ancestor(best.block, l.block) {
			best, found = l, true
		}
	}
	return best, found
}

// declares reports whether a function has a local of that name anywhere,
// under any selection of #if branches.
func declares(fn *parse.Func, name string) bool {
	if declaresHere(fn, name) {
		return true
	}
	for _, g := range fn.File.Funcs {
		if g != fn && g.NamePos == fn.NamePos && declaresHere(g, name) {
			return true
		}
	}
	return false
}

func declaresHere(fn *parse.Func, name string) bool {
	for _, l := range locals(fn) {
		if l.decl.Name == name {
			return true
		}
	}
	return false
}

// taken reports whether the name means something already where fn stands: a
// local, a macro, or a name of the file's scope that the compiler would see
// shadowed.
func taken(fn *parse.Func, name string) bool {
	return declares(fn, name) || takenOutside(fn, name)
}

// takenOutside is taken for the names outside the function.
func takenOutside(fn *parse.Func, name string) bool {
	for _, m := range fn.File.Macros {
		if m.Name == name {
			return true
		}
	}
	for _, d := range fn.File.Decls() {
		if d.Name == name {
			return true
		}
	}
	for _, g := range fn.File.Funcs {
		if g.Name == name {
			return true
		}
	}
	return false
}

// isPlainInt reports whether a variable is one int.
func isPlainInt(d *parse.Decl) bool {
	return d.Type != nil && (d.Type.Base == "int" || d.Type.Base == "gint") && d.Type.Ptr == 0 && !d.Type.Array && !d.Type.Func
}

// constantOne reports whether a local int holds 1 wherever it is visible: it
// is initialised to it and nothing in the function can change it.
func constantOne(fn *parse.Func, l local) bool {
	d := l.decl
	if l.stmt == nil || !isPlainInt(d) || d.Init == nil {
		return false
	}
	if v, ok := number(d.Init); !ok || v != 1 {
		return false
	}
	return d.Type.Const || !changed(fn, d.Name)
}

// assignedOne reports whether a local int gets 1 on every way to an offset in a
// list and never another value.
func assignedOne(fn *parse.Func, list *parse.Stmt, off int, l local) bool {
	d := l.decl
	if l.stmt == nil || !isPlainInt(d) || d.Init != nil || d.Static {
		return false
	}
	var at *parse.Stmt
	n := 0
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			if !changedIn(e, d.Name) {
				return
			}
			n++
			if x := e.Bare(); s.Kind == parse.SExpr && x.Kind == parse.XAssign && x.Op == parse.Assign && same(fn.File, x.X, d.Name) {
				if v, ok := number(x.Y); ok && v == 1 {
					at = s
				}
			}
		})
		return true
	})
	if n != 1 || at == nil || at.End > off || at.Parent == nil || !ancestor(at.Parent, list) ||
		!within(arms(fn.File, off), arms(fn.File, at.Pos)) {
		return false
	}
	for m := at.Parent; m != nil; m = m.Parent { // no label between, that others jump to
		if m.Kind == parse.SSwitch {
			return false
		}
	}
	labels := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		labels = labels || s.Kind == parse.SLabel && s.Pos > at.Pos && s.Pos < off
		return !labels
	})
	return !labels
}

// changed reports whether a function may give the variable another value than
// its first one.
func changed(fn *parse.Func, name string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) { found = found || changedIn(e, name) })
		return !found
	})
	return found
}

// reads are the functions that take a pointer to an int and leave it alone.
var reads = map[string]int{"setsockopt": 3, "ioctl": 2, "ioctlsocket": 2}

func changedIn(e *parse.Expr, name string) bool {
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
		case parse.XUnary:
			found = found || is(x.X) && (x.Op == parse.Inc || x.Op == parse.Dec || x.Op == parse.And)
		case parse.XCall:
			if i, ok := reads[x.Callee()]; ok && i < len(x.Args) {
				for j, a := range x.Args {
					if j != i {
						found = found || changedIn(a, name)
					}
				}
				return false
			}
		}
		return !found
	})
	return found
}

func isPlainIntStmt(s *parse.Stmt) bool {
	return len(s.Decls) > 0 && isPlainInt(s.Decls[0]) && !s.Decls[0].Static
}

// declaredIn reports whether a list declares the name itself.
func declaredIn(list *parse.Stmt, name string) bool {
	for _, s := range list.List {
		for _, d := range s.Decls {
			if d.Name == name {
				return true
			}
		}
	}
	return false
}
