package parse

import "strings"

// This file makes C of what the own parser took for C with macros in it:
// first everything that the tree says, then, round by round, what cc objects
// to. Each change is recorded, and none covers a held range.

// callAt finds the call whose name stands at off, with the innermost
// statement around it.
func callAt(fn *Func, off int) (call *Expr, stmt *Stmt) {
	walkAll(fn.Body(), func(s *Stmt) bool { return s.Pos <= off && off < s.End }, func(s *Stmt, e *Expr) bool {
		if e.Kind == XCall && e.NamePos == off {
			call, stmt = e, s
		}
		return e.Pos <= off && off < e.End
	})
	return call, stmt
}

// walkAll visits all statements, those of statement expressions too, and
// their expressions, outer first; false passes over what is below.
func walkAll(root *Stmt, stmt func(*Stmt) bool, expr func(*Stmt, *Expr) bool) {
	root.Walk(func(s *Stmt) bool {
		if !stmt(s) {
			return false
		}
		s.Exprs(func(e *Expr) {
			e.Walk(func(x *Expr) bool {
				if x.Kind == XBlock && x.Block != nil {
					walkAll(x.Block, stmt, expr)
					return false
				}
				return expr(s, x)
			})
		})
		return true
	})
}

// mend applies what the own tree knows.
func (t *isolated) mend() {
	root := t.fn.Body()
	t.collectTypes(root)
	walkAll(root, t.mendStmt, func(_ *Stmt, e *Expr) bool { return t.mendExpr(e) })
	for _, r := range t.fn.Repairs {
		if r.Kind == RepairElse {
			t.blank(r.Off-len("else"), r.Off, "", r.Kind)
		}
	}
}

// collectTypes notes every name that the tree takes for a type.
func (t *isolated) collectTypes(root *Stmt) {
	var decl func(d *Decl)
	typ := func(ty *Type) {
		if ty == nil {
			return
		}
		if s := plainName(ty.Base); s != "" && s != "typeof" && !strings.Contains(s, " ") && keywords[s] == NoOp && !ccWords[s] {
			t.types[s] = true
		}
		if ty.Def != nil {
			for _, d := range ty.Def.Fields {
				decl(d)
			}
		}
	}
	decl = func(d *Decl) {
		typ(d.Type)
		for _, q := range d.Params {
			typ(q.Type)
		}
	}
	walkAll(root, func(s *Stmt) bool {
		for _, d := range s.Decls {
			decl(d)
		}
		return true
	}, func(_ *Stmt, e *Expr) bool {
		typ(e.Type)
		return true
	})
	// A name that the function declares is a variable in it, whatever the
	// parser made of a line such as "x * y;".
	delete(t.types, "")
}

// mendStmt mends the frame of one statement; false when nothing of it is left.
func (t *isolated) mendStmt(s *Stmt) bool {
	switch s.Kind {
	case SOpaque:
		return !t.blank(s.Pos, s.End, ";", RepairOpaque)
	case SMacro:
		t.mendMacroHead(s)
	case SIf, SWhile, SSwitch:
		// if UNLIKELY(x): the macro brings the parentheses.
		if e := s.Expr; e != nil && s.HeadEnd == e.End {
			if e.Kind == XCall && e.X.Kind == XIdent {
				t.blank(e.X.Pos, e.X.End, "", RepairWord)
			} else if e.Kind == XIdent {
				t.blank(e.Pos, e.End, "(1)", RepairWord)
			}
		}
	case SLabel, SCase, SDefault:
		if e := s.Expr; e != nil && e.Pos == s.Pos && e.Kind == XCall {
			t.blank(e.X.Pos, e.X.End, "case", RepairWord)
		}
		if s.Body == nil { // at a block's end, as C23 allows
			t.putSemi(s.End)
		}
	case SDecl:
		if t.needsSemi(s) && t.putSemi(s.End) {
			t.edits = append(t.edits, Repair{s.End, RepairSemicolon, s.End + 1})
		}
		t.mendDecl(s)
	case SExpr, SReturn, SGoto, SBreak, SContinue, SDo:
		t.mendEnd(s)
	}
	return true
}

// needsSemi reports whether a simple statement ends without a semicolon.
func (t *isolated) needsSemi(s *Stmt) bool {
	return s.End > s.Pos && t.at(s.End-1) != ';' && !(s.Parent != nil && s.Parent.Init == s)
}

// putSemi writes a semicolon where the text has a blank.
func (t *isolated) putSemi(off int) bool {
	if c := t.at(off); c != ' ' && c != '\n' || t.held(off, off+1) {
		return false
	}
	t.buf[off-t.base] = ';'
	t.semi[off] = true
	return true
}

// mendEnd ends a macro that stands for a statement, or a jump, with the
// semicolon it lacks.
func (t *isolated) mendEnd(s *Stmt) {
	if !t.needsSemi(s) {
		return
	}
	kind := RepairSemicolon
	if s.Kind == SExpr && s.Expr != nil && (s.Expr.Kind == XCall || s.Expr.Kind == XIdent) {
		kind = RepairMacroStmt
	}
	if t.putSemi(s.End) {
		t.edits = append(t.edits, Repair{s.Pos, kind, s.End})
		return
	}
	// No room behind it. M(x) becomes x; when it holds the call, else nothing.
	if !t.held(s.Pos, s.End) {
		t.blank(s.Pos, s.End, ";", kind)
		return
	}
	if e := s.Expr; kind == RepairMacroStmt && e.Kind == XCall && t.at(s.End-1) == ')' && t.at(e.X.End) == '(' {
		if t.blank(e.X.Pos, e.X.End+1, "", kind) {
			t.buf[s.End-1-t.base] = ';'
			t.semi[s.End-1] = true
		}
	}
}

// mendMacroHead makes an if of a macro that heads a block.
func (t *isolated) mendMacroHead(s *Stmt) {
	e := s.Expr
	if e.Kind == XCall && len(e.Args) > 0 {
		// The name at least; of the arguments what is an expression may stay.
		t.blank(e.X.Pos, e.X.End, "if", RepairMacroBlock)
		for _, a := range e.Args {
			if t.isTypeArg(a) || a.Kind == XOpaque {
				if t.blank(e.X.End, e.End, "(1)", RepairMacroBlock) {
					t.gone = [2]int{e.Pos, e.End}
				}
				break
			}
		}
		return
	}
	if t.blank(e.Pos, e.End, "if(1)", RepairMacroBlock) || t.blank(e.Pos, e.End, "", RepairMacroBlock) {
		t.gone = [2]int{e.Pos, e.End}
	}
}

// isTypeArg reports whether an argument is a type, as in va_arg(ap, int).
func (t *isolated) isTypeArg(a *Expr) bool {
	switch a.Kind {
	case XSizeof:
		s := string(t.fn.File.Src[a.Pos:min(a.Pos+11, len(t.fn.File.Src))])
		return !strings.HasPrefix(s, "sizeof") && !strings.HasPrefix(s, "_Alignof") && !strings.HasPrefix(s, "__alignof")
	case XIdent:
		return t.types[a.Name]
	}
	return false
}

// mendExpr mends what is no expression inside one; false when nothing below
// is left.
func (t *isolated) mendExpr(e *Expr) bool {
	if t.gone[0] <= e.Pos && e.Pos < t.gone[1] {
		return false
	}
	switch e.Kind {
	case XString:
		if strings.Trim(string(t.buf[e.Pos-t.base:e.End-t.base]), "\" \n") != "" {
			t.blank(e.Pos, e.End, `""`, RepairMacroWord)
		}
		return false
	case XOpaque:
		if e.End > e.Pos {
			return !t.blank(e.Pos, e.End, "0", RepairArgs)
		}
	case XCall:
		// Both a type and a macro: FD_SET. Names are free, only shapes count.
		if x := e.X; x.Kind == XIdent && t.types[plainName(x.Name)] && t.at(x.Pos) != ' ' {
			t.buf[x.Pos-t.base] ^= 'a' ^ 'A'
		}
		for i, a := range e.Args {
			switch {
			case a.End <= a.Pos: // an empty argument: drop a comma
				from := e.X.End + 1
				if i > 0 {
					from = e.Args[i-1].End
				}
				for ; from < e.End-1; from++ {
					if t.at(from) == ',' {
						t.blank(from, from+1, "", RepairArgs)
						break
					}
				}
			case t.isTypeArg(a):
				t.blank(a.Pos, a.End, "0", RepairTypeArg)
			}
		}
	case XIdent:
		return false
	case XSizeof:
		if t.at(e.Pos) == '0' { // an argument, replaced above
			return false
		}
		t.mendTypeName(e)
	case XCast, XCompound:
		t.mendTypeName(e)
	}
	return true
}
