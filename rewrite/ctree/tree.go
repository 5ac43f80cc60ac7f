package ctree

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
)

// ListMember climbs from s to the statement that stands in a block's list:
// out of unbraced bodies, else arms and labels. It returns nil at the root.
func ListMember(s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Parent != nil {
		if s.Parent.Kind == parse.SBlock {
			return s
		}
		switch s.Parent.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			// An unbraced loop body: what stands after the loop runs once.
			return nil
		}
		s = s.Parent
	}
	return nil
}

// Position returns the list that s is a member of and its index in it, with
// labels before s looked through.
func Position(s *parse.Stmt) (list []*parse.Stmt, i int) {
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

// Next returns the statement that follows s in its list, nil at the end.
func Next(s *parse.Stmt) *parse.Stmt {
	list, i := Position(s)
	if list == nil || i+1 >= len(list) {
		return nil
	}
	return list[i+1]
}

// Prev returns the statement before s in its list, nil at the start.
func Prev(s *parse.Stmt) *parse.Stmt {
	list, i := Position(s)
	if list == nil || i == 0 {
		return nil
	}
	return list[i-1]
}

// Climb goes from the last statement of a list to the statement whose end is
// reached with it: the outermost if of a chain, a plain block, or the do loop
// whose condition comes next. It returns nil at the end of loops, switches and
// the function.
func Climb(s *parse.Stmt) *parse.Stmt {
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

// EnclosingLoop returns the nearest loop around a statement, nil if there is none or a
// switch is nearer.
func EnclosingLoop(s *parse.Stmt) *parse.Stmt {
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

// EnclosingBreakable returns the nearest loop or switch around a statement, which a break would
// leave; nil if there is none.
func EnclosingBreakable(s *parse.Stmt) *parse.Stmt {
	for p := s.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro, parse.SSwitch:
			return p
		}
	}
	return nil
}

// Ancestor reports whether a is s or above it.
func Ancestor(a, s *parse.Stmt) bool {
	for ; s != nil; s = s.Parent {
		if s == a {
			return true
		}
	}
	return false
}

// Number folds the few constants that descriptors are compared with.
func Number(e *parse.Expr) (int, bool) {
	e = e.Strip()
	if e == nil {
		return 0, false
	}
	switch {
	case e.Kind == parse.XNumber && (e.Name == "0" || e.Name == "1"):
		return int(e.Name[0] - '0'), true
	case e.Kind == parse.XUnary && e.Op == token.Sub:
		if v, ok := Number(e.X); ok {
			return -v, true
		}
	}
	return 0, false
}

// IsConstName reports whether e is spelled as C people spell constants.
func IsConstName(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XIdent {
		return false
	}
	return IsUpper(e.Name) || camelConst.MatchString(e.Name)
}

// camelConst matches constants of styles that keep capitals for macros: kInvalidSocket.
var camelConst = text.NewPattern(`^k[A-Z]+[a-z]\w*$`)

// IsUpper reports whether a name has capitals and no small letters.
func IsUpper(s string) bool {
	return s == strings.ToUpper(s) && strings.ContainsAny(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// IsConst reports whether an expression is a number or a name written as constants are.
func IsConst(e *parse.Expr) bool {
	if _, ok := Number(e); ok {
		return true
	}
	return IsConstName(e)
}

// AssignedTo is the lvalue that a statement assigns the call's result to.
func AssignedTo(f *parse.File, s *parse.Stmt, c *parse.Expr) string {
	out := ""
	for _, d := range s.Decls {
		if d.Init != nil && d.Init.Strip() == c {
			return d.Name
		}
	}
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XAssign && x.Op == token.Assign && x.Y.Strip() == c {
				out = Normalize(parse.ExprText(f, x.X.Strip()))
			}
			return out == ""
		})
	})
	return out
}

// Repaired reports whether something between two offsets was read as other than
// it stands.
func Repaired(fn *parse.Func, from, to int) bool {
	for _, r := range fn.Repairs {
		if r.Off < to && max(r.End, r.Off) >= from {
			return true
		}
	}
	return false
}

// CallAt finds the statement that holds the call whose name begins at off, and
// the expressions from the statement's own down to the call.
func CallAt(root *parse.Stmt, off int) (*parse.Stmt, []*parse.Expr) {
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

// PureLvalue reports whether an lvalue may be written twice.
func PureLvalue(lhs *parse.Expr) bool {
	pure := true
	lhs.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XCall:
			// Accessor macros such as FD(x) are common, functions that return
			// an lvalue are not C.
		case parse.XPostfix, parse.XAssign, parse.XBlock, parse.XOpaque:
			pure = false
		case parse.XUnary:
			if x.Op == token.Inc || x.Op == token.Dec {
				pure = false
			}
		}
		return true
	})
	return pure
}

// Stepped spells an lvalue that steps its index as it is named afterwards:
// a[n++] is a[n - 1], a[++n] is a[n]. One step only.
func Stepped(f *parse.File, lhs *parse.Expr) (string, bool) {
	var step *parse.Expr
	steps := 0
	lhs.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XPostfix || x.Kind == parse.XUnary && (x.Op == token.Inc || x.Op == token.Dec) {
			step = x
			steps++
		}
		return true
	})
	if steps != 1 || !PureLvalue(step.X) || step.Up == nil || step.Up.Kind != parse.XIndex || step.Up.Y != step {
		return "", false
	}
	now := parse.ExprText(f, step.X)
	if step.Kind == parse.XPostfix {
		back := " - 1"
		if step.Op == token.Dec {
			back = " + 1"
		}
		if tight := now + strings.ReplaceAll(back, " ", ""); strings.Contains(string(f.Src), tight) {
			now = tight
		} else {
			now += back
		}
	}
	return string(f.Src[lhs.Pos:step.Pos]) + now + string(f.Src[step.End:lhs.End]), true
}

// IsName reports whether a text is one run of word bytes.
func IsName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !text.IsWordByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// TestsCall reports whether a condition compares what a call returns.
func TestsCall(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op != token.AndAnd && x.Op != token.OrOr {
			for _, s := range []*parse.Expr{x.X, x.Y} {
				if s = s.Strip(); s != nil && (s.Kind == parse.XCall || s.Kind == parse.XAssign) &&
					!strings.Contains(strings.ToLower(s.Callee()), "level") {
					found = true
				}
			}
		}
		return !found
	})
	return found
}
