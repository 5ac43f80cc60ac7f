package ctree

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Dead reports whether the variable is dead after after, or at the start of the list if
// that is nil: its value is not read before it is set again. It is sure only where the
// next mention, in the order of the text, is a whole assignment that is reached on every
// way; all else counts as live.
func Dead(fn *parse.Func, list, after *parse.Stmt, name string) bool {
	members := list.List
	i := 0
	for j, s := range members {
		if after == s {
			i = j + 1
		}
	}
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
		if x.Kind == parse.XAssign && x.Op == token.Assign {
			if t := x.X.Bare(); t != nil && t.Kind == parse.XIdent && t.Name == name {
				if useOf(x.Y, name) == useNone {
					writes = true
				} else {
					readsIt = true
				}
				return false
			}
		}
		if x.Kind == parse.XBinary && (x.Op == token.AndAnd || x.Op == token.OrOr) {
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

// readsAfterLoop reports whether code after the outermost loop around the
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

const (
	useNone use = iota
	useWrite
	useRead
)
