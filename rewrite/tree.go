package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// listMember climbs from s to the statement that stands in a block's list:
// out of unbraced bodies, else arms and labels. It returns nil at the root.
func listMember(s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Parent != nil {
		if s.Parent.Kind == parse.SBlock {
			return s
		}
		switch s.Parent.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			// An unbraced loop body: what stands behind the loop runs once.
			return nil
		}
		s = s.Parent
	}
	return nil
}

// position returns the list that s is a member of and its index in it, with
// labels in front of s looked through.
func position(s *parse.Stmt) (list []*parse.Stmt, i int) {
	m := s
	for m.Parent != nil && m.Parent.Body == m &&
		(m.Parent.Kind == parse.SLabel || m.Parent.Kind == parse.SCase || m.Parent.Kind == parse.SDefault) {
		m = m.Parent
	}
	if m.Parent == nil || m.Parent.Kind != parse.SBlock {
		return nil, 0
	}
	for i, x := range m.Parent.List {
		if x == m {
			return m.Parent.List, i
		}
	}
	return nil, 0
}

// next returns the statement that follows s in its list, nil at the end.
func next(s *parse.Stmt) *parse.Stmt {
	list, i := position(s)
	if list == nil || i+1 >= len(list) {
		return nil
	}
	return list[i+1]
}

// before returns the statement in front of s in its list, nil at the start.
func before(s *parse.Stmt) *parse.Stmt {
	list, i := position(s)
	if list == nil || i == 0 {
		return nil
	}
	return list[i-1]
}

// climb goes from the last statement of a list to the statement whose end is
// reached with it: the outermost if of a chain, a plain block, or the do loop
// whose condition comes next. It returns nil at the end of loops, switches and
// the function.
func climb(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SIf:
			for p.Parent != nil && p.Parent.Kind == parse.SIf && p.Parent.Else == p {
				p = p.Parent
			}
			return p
		case parse.SBlock:
			if p.Parent != nil && p.Parent.Kind == parse.SBlock {
				return p
			}
			if p.Parent == nil {
				return nil
			}
		case parse.SDo:
			return p
		case parse.SLabel, parse.SCase, parse.SDefault:
			if p.Parent != nil && p.Parent.Kind == parse.SBlock {
				return p
			}
		default:
			return nil
		}
	}
	return nil
}

func enclosingLoop(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro:
			return p
		case parse.SSwitch:
			return nil
		}
	}
	return nil
}

func enclosingBreakable(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			return p
		}
	}
	return nil
}

// ancestor reports whether a is s or above it.
func ancestor(a, s *parse.Stmt) bool {
	for ; s != nil; s = s.Parent {
		if s == a {
			return true
		}
	}
	return false
}

// number folds the few constants that descriptors are compared with.
func number(e *parse.Expr) (int, bool) {
	e = e.Strip()
	if e == nil {
		return 0, false
	}
	switch {
	case e.Kind == parse.XNumber && (e.Name == "0" || e.Name == "1"):
		return int(e.Name[0] - '0'), true
	case e.Kind == parse.XUnary && e.Op == parse.Sub:
		if v, ok := number(e.X); ok {
			return -v, true
		}
	}
	return 0, false
}

// isConstName reports whether e is spelled as C people spell constants.
func isConstName(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XIdent {
		return false
	}
	return isUpper(e.Name)
}

func isUpper(s string) bool {
	return s == strings.ToUpper(s) && strings.ContainsAny(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

func isConst(e *parse.Expr) bool {
	if _, ok := number(e); ok {
		return true
	}
	return isConstName(e)
}

// target0 is the lvalue that a statement assigns the call's result to.
func target0(f *parse.File, s *parse.Stmt, c *parse.Expr) string {
	out := ""
	for _, d := range s.Decls {
		if d.Init != nil && d.Init.Strip() == c {
			return d.Name
		}
	}
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XAssign && x.Op == parse.Assign && x.Y.Strip() == c {
				out = norm(exprText(f, x.X.Strip()))
			}
			return out == ""
		})
	})
	return out
}

// mended reports whether something between two offsets was read as other than
// it stands.
func mended(fn *parse.Func, from, to int) bool {
	for _, r := range fn.Repairs {
		if r.Off < to && max(r.End, r.Off) >= from {
			return true
		}
	}
	return false
}

// owner finds the statement that holds the call whose name begins at off, and
// the expressions from the statement's own down to the call.
func owner(root *parse.Stmt, off int) (*parse.Stmt, []*parse.Expr) {
	var stmt *parse.Stmt
	var path []*parse.Expr
	var inStmt func(s *parse.Stmt)
	var inExpr func(s *parse.Stmt, e *parse.Expr, up []*parse.Expr)
	inExpr = func(s *parse.Stmt, e *parse.Expr, up []*parse.Expr) {
		if e == nil || stmt != nil || off < e.Pos || off >= e.End {
			return
		}
		up = append(up[:len(up):len(up)], e)
		if e.Kind == parse.XCall && e.X != nil && e.X.Bare().NamePos == off && e.X.Bare().Kind == parse.XIdent {
			stmt, path = s, up
			return
		}
		if e.Block != nil {
			inStmt(e.Block)
			return
		}
		for _, c := range []*parse.Expr{e.X, e.Y, e.Z} {
			inExpr(s, c, up)
		}
		for _, c := range e.Args {
			inExpr(s, c, up)
		}
	}
	inStmt = func(s *parse.Stmt) {
		s.Walk(func(x *parse.Stmt) bool {
			if stmt != nil || off < x.Pos || off >= x.End {
				return stmt == nil && x == s
			}
			x.Exprs(func(e *parse.Expr) { inExpr(x, e, nil) })
			return stmt == nil
		})
	}
	inStmt(root)
	return stmt, path
}

// pureLvalue reports whether an lvalue may be written twice.
func pureLvalue(lhs *parse.Expr) bool {
	pure := true
	lhs.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XCall:
			// Accessor macros such as FD(x) are common, functions that return
			// an lvalue are not C.
		case parse.XPostfix, parse.XAssign, parse.XBlock, parse.XOpaque:
			pure = false
		case parse.XUnary:
			if x.Op == parse.Inc || x.Op == parse.Dec {
				pure = false
			}
		}
		return true
	})
	return pure
}

func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isWordByte(s[i]) {
			return false
		}
	}
	return s != ""
}
