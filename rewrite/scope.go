package rewrite

import (
	"github.com/keepatch/keepatch/parse"
)

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

// declares reports whether a function has a local of that name anywhere.
func declares(fn *parse.Func, name string) bool {
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
	return d.Type != nil && d.Type.Base == "int" && d.Type.Ptr == 0 && !d.Type.Array && !d.Type.Func
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

// dead reports whether nobody looks at the variable's value after the place
// before it is set anew. It is sure only where the next mention, in the order
// of the text, is a whole assignment that is reached on every way; all else
// counts as alive.
func dead(fn *parse.Func, pl *place, name string) bool {
	members := pl.list.List
	i := 0
	for j, s := range members {
		if pl.after == s {
			i = j + 1
		}
	}
	list := pl.list
	for {
		for ; i < len(members); i++ {
			switch firstUse(members[i], name) {
			case useWrite:
				return true
			case useRead:
				return false
			}
			if jumps(members[i]) {
				// A way out in the middle: what it reaches must not read.
				if readsAfterLoop(fn, list, name) {
					return false
				}
			}
		}
		up := list
		for up != nil && up.Parent != nil && up.Parent.Kind != parse.SBlock {
			up = up.Parent
			if k := up.Kind; k == parse.SWhile || k == parse.SFor || k == parse.SDo {
				// Round again: the head, then the body from its start.
				if firstUseExprs(up, name) == useRead {
					return false
				}
				switch firstUse(up.Body, name) {
				case useWrite:
					return !readsAfterLoop(fn, up.Body, name)
				case useRead:
					return false
				}
			}
			if k := up.Kind; k == parse.SSwitch || k == parse.SMacro {
				return false
			}
		}
		if up == nil || up.Parent == nil {
			return true // the end of the function
		}
		list = up.Parent
		members = list.List
		for j, s := range members {
			if s == up {
				i = j + 1
			}
		}
	}
}

type use int8

const (
	useNone use = iota
	useWrite
	useRead
)

// firstUse tells what a statement does with the variable first. A write that
// is not certain to happen, before any read, counts as none; a read that is
// not certain counts as a read.
func firstUse(s *parse.Stmt, name string) use {
	if s == nil || !stmtNames(s, name) {
		return useNone
	}
	switch s.Kind {
	case parse.SExpr, parse.SReturn:
		return useOf(s.Expr, name)
	case parse.SBlock:
		for _, c := range s.List {
			if u := firstUse(c, name); u != useNone {
				return u
			}
		}
		return useNone
	case parse.SIf:
		if u := useOf(s.Expr, name); u != useNone {
			return u
		}
		yes, no := firstUse(s.Body, name), firstUse(s.Else, name)
		switch {
		case yes == useRead || no == useRead:
			return useRead
		case yes == useWrite && no == useWrite:
			return useWrite
		}
		return useNone
	case parse.SWhile:
		if u := useOf(s.Expr, name); u != useNone {
			return u
		}
		if firstUse(s.Body, name) == useRead {
			return useRead
		}
		return useNone
	case parse.SLabel, parse.SCase, parse.SDefault:
		return firstUse(s.Body, name)
	case parse.SFor:
		if s.Init != nil {
			if u := firstUse(s.Init, name); u != useNone {
				return u
			}
		}
	}
	return useRead // somewhere inside: assume the worst
}

func firstUseExprs(s *parse.Stmt, name string) use {
	u := useNone
	s.Exprs(func(e *parse.Expr) {
		if x := useOf(e, name); x == useRead {
			u = useRead
		}
	})
	return u
}

func useOf(e *parse.Expr, name string) use {
	if e == nil {
		return useNone
	}
	writes, readsIt := false, false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XAssign && x.Op == parse.Assign {
			if t := x.X.Bare(); t != nil && t.Kind == parse.XIdent && t.Name == name {
				if useOf(x.Y, name) == useNone {
					writes = true
				} else {
					readsIt = true
				}
				return false
			}
		}
		if x.Kind == parse.XBinary && (x.Op == parse.AndAnd || x.Op == parse.OrOr) {
			u := useOf(x.X, name)
			switch {
			case u == useWrite:
				writes = true
			case u == useRead, u == useNone && useOf(x.Y, name) != useNone:
				readsIt = true
			}
			return false
		}
		if x.Kind == parse.XIdent && x.Name == name {
			readsIt = true
		}
		return true
	})
	switch {
	case writes: // (v = f()) < 0: the reads are of the new value
		return useWrite
	case readsIt:
		return useRead
	}
	return useNone
}

func stmtNames(s *parse.Stmt, name string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XIdent && y.Name == name {
					found = true
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// jumps reports whether control may leave the statement by break, continue or
// goto.
func jumps(s *parse.Stmt) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		switch x.Kind {
		case parse.SBreak, parse.SContinue, parse.SGoto:
			found = true
		}
		return !found
	})
	return found
}

// readsAfterLoop reports whether code behind the outermost loop around the
// list mentions the variable; a goto can reach any of it.
func readsAfterLoop(fn *parse.Func, list *parse.Stmt, name string) bool {
	end := list.End
	for p := list; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SSwitch:
			end = p.End
		}
	}
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos >= end && s.Kind != parse.SBlock {
			if u := firstUse(s, name); u == useRead {
				found = true
			}
		}
		return !found
	})
	return found
}
