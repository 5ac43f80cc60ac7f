package cc

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// This file makes C of what the own parser took for C with macros in it:
// first everything that the tree says, then, round by round, what cc objects
// to. Each change is recorded, and none covers a held range.

// walkAll visits all statements, those of statement expressions too, and
// their expressions, outer first; false passes over what is below.
func walkAll(root *parse.Stmt, stmt func(*parse.Stmt) bool, expr func(*parse.Stmt, *parse.Expr) bool) {
	root.Walk(func(s *parse.Stmt) bool {
		if !stmt(s) {
			return false
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XBlock && x.Block != nil {
					walkAll(x.Block, stmt, expr)
					return false
				}
				return expr(s, x)
			})
		})
		return true
	})
}

// mend repairs what the own tree knows.
func (t *isolated) mend() {
	root := t.fn.Body()
	t.collectTypes(root)
	walkAll(root, t.mendStmt, func(_ *parse.Stmt, e *parse.Expr) bool { return t.mendExpr(e) })
	for _, r := range t.fn.Repairs {
		if r.Kind == parse.RepairElse {
			t.blank(r.Off-len("else"), r.Off, "", r.Kind)
		}
	}
}

// collectTypes notes every name that the tree takes for a type.
func (t *isolated) collectTypes(root *parse.Stmt) {
	var decl func(d *parse.Decl)
	typ := func(ty *parse.Type) {
		if ty == nil {
			return
		}
		if s := plainName(ty.Base); s != "" && s != "typeof" && !strings.Contains(s, " ") &&
			token.Keywords[s] == token.NoOp && !ccWords[s] {
			t.types[s] = true
		}
		if ty.Def != nil {
			for _, d := range ty.Def.Fields {
				decl(d)
			}
		}
	}
	decl = func(d *parse.Decl) {
		typ(d.Type)
		for _, q := range d.Params {
			typ(q.Type)
		}
	}
	walkAll(root, func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			decl(d)
		}
		return true
	}, func(_ *parse.Stmt, e *parse.Expr) bool {
		typ(e.Type)
		return true
	})
	// A name that the function declares is a variable in it, whatever the
	// parser made of a line such as "x * y;".
	delete(t.types, "")
}

// mendStmt mends the frame of one statement; false when nothing of it is left.
func (t *isolated) mendStmt(s *parse.Stmt) bool {
	switch s.Kind {
	case parse.SOpaque:
		return !t.blank(s.Pos, s.End, ";", parse.RepairOpaque)
	case parse.SMacro:
		t.mendMacroHead(s)
	case parse.SIf, parse.SWhile, parse.SSwitch:
		// if UNLIKELY(x): the macro brings the parentheses.
		if e := s.Expr; e != nil && s.HeadEnd == e.End {
			if e.Kind == parse.XCall && e.X.Kind == parse.XIdent {
				t.blank(e.X.Pos, e.X.End, "", RepairWord)
			} else if e.Kind == parse.XIdent {
				t.blank(e.Pos, e.End, "(1)", RepairWord)
			}
		}
	case parse.SLabel, parse.SCase, parse.SDefault:
		if e := s.Expr; e != nil && e.Pos == s.Pos && e.Kind == parse.XCall {
			t.blank(e.X.Pos, e.X.End, "case", RepairWord)
		}
		if s.Body == nil { // at a block's end, as C23 allows
			t.putSemi(s.End)
		}
	case parse.SDecl:
		if t.needsSemi(s) && t.putSemi(s.End) {
			t.edits = append(t.edits, parse.Repair{Off: s.End, Kind: parse.RepairSemicolon, End: s.End + 1})
		}
		t.mendDecl(s)
	case parse.SExpr, parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue, parse.SDo:
		t.mendEnd(s)
	}
	return true
}

// needsSemi reports whether a simple statement ends without a semicolon.
func (t *isolated) needsSemi(s *parse.Stmt) bool {
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
func (t *isolated) mendEnd(s *parse.Stmt) {
	if !t.needsSemi(s) {
		return
	}
	kind := parse.RepairSemicolon
	if s.Kind == parse.SExpr && s.Expr != nil && (s.Expr.Kind == parse.XCall || s.Expr.Kind == parse.XIdent) {
		kind = parse.RepairMacroStmt
	}
	if t.putSemi(s.End) {
		t.edits = append(t.edits, parse.Repair{Off: s.Pos, Kind: kind, End: s.End})
		return
	}
	// No room after it. M(x) becomes x; when it holds the call, else nothing.
	if !t.held(s.Pos, s.End) {
		t.blank(s.Pos, s.End, ";", kind)
		return
	}
	if e := s.Expr; kind == parse.RepairMacroStmt && e.Kind == parse.XCall && t.at(s.End-1) == ')' && t.at(e.X.End) == '(' {
		if t.blank(e.X.Pos, e.X.End+1, "", kind) {
			t.buf[s.End-1-t.base] = ';'
			t.semi[s.End-1] = true
		}
	}
}

// mendMacroHead makes an if of a macro that heads a block.
func (t *isolated) mendMacroHead(s *parse.Stmt) {
	e := s.Expr
	if e.Kind == parse.XCall && len(e.Args) > 0 {
		// The name at least; of the arguments what is an expression may stay.
		t.blank(e.X.Pos, e.X.End, "if", parse.RepairMacroBlock)
		for _, a := range e.Args {
			if t.isTypeArg(a) || a.Kind == parse.XOpaque {
				if t.blank(e.X.End, e.End, "(1)", parse.RepairMacroBlock) {
					t.gone = [2]int{e.Pos, e.End}
				}
				break
			}
		}
		return
	}
	if t.blank(e.Pos, e.End, "if(1)", parse.RepairMacroBlock) || t.blank(e.Pos, e.End, "", parse.RepairMacroBlock) {
		t.gone = [2]int{e.Pos, e.End}
	}
}

// isTypeArg reports whether an argument is a type, as in va_arg(ap, int).
func (t *isolated) isTypeArg(a *parse.Expr) bool {
	switch a.Kind {
	case parse.XSizeof:
		s := string(t.fn.File.Src[a.Pos:min(a.Pos+11, len(t.fn.File.Src))])
		return !strings.HasPrefix(s, "sizeof") && !strings.HasPrefix(s, "_Alignof") && !strings.HasPrefix(s, "__alignof")
	case parse.XIdent:
		return t.types[a.Name]
	}
	return false
}

// mendExpr mends what is no expression inside one; false when nothing below
// is left.
func (t *isolated) mendExpr(e *parse.Expr) bool {
	if t.gone[0] <= e.Pos && e.Pos < t.gone[1] {
		return false
	}
	switch e.Kind {
	case parse.XString:
		if strings.Trim(string(t.buf[e.Pos-t.base:e.End-t.base]), "\" \n") != "" {
			t.blank(e.Pos, e.End, `""`, parse.RepairMacroWord)
		}
		return false
	case parse.XOpaque:
		if e.End > e.Pos {
			return !t.blank(e.Pos, e.End, "0", RepairArgs)
		}
	case parse.XCall:
		// Both a type and a macro: FD_SET. Names are free, only shapes count.
		if x := e.X; x.Kind == parse.XIdent && t.types[plainName(x.Name)] && t.at(x.Pos) != ' ' {
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
	case parse.XIdent:
		return false
	case parse.XSizeof:
		if t.at(e.Pos) == '0' { // an argument, replaced above
			return false
		}
		t.mendTypeName(e)
	case parse.XCast, parse.XCompound:
		t.mendTypeName(e)
	}
	return true
}
