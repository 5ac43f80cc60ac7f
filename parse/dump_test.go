package parse

import (
	"fmt"
	"strings"
)

// DumpStmt writes a statement as a list, so that a test can say a tree in one
// line: (if (< fd 0) (block (return 1))).
func DumpStmt(s *Stmt) string {
	if s == nil {
		return "-"
	}
	x := func(e *Expr) string {
		if e == nil {
			return ""
		}
		return " " + dumpExpr(e)
	}
	body := func(b *Stmt) string {
		if b == nil {
			return ""
		}
		return " " + DumpStmt(b)
	}
	switch s.Kind {
	case SBlock:
		var b strings.Builder
		b.WriteString("(block")
		for _, c := range s.List {
			b.WriteString(" " + DumpStmt(c))
		}
		return b.String() + ")"
	case SExpr:
		return dumpExpr(s.Expr)
	case SDecl:
		var b strings.Builder
		b.WriteString("(decl")
		for _, d := range s.Decls {
			b.WriteString(" " + dumpDecl(d))
		}
		return b.String() + ")"
	case SIf:
		out := "(if" + x(s.Expr) + body(s.Body)
		if s.Else != nil {
			out += " else" + body(s.Else)
		}
		return out + ")"
	case SWhile:
		return "(while" + x(s.Expr) + body(s.Body) + ")"
	case SDo:
		return "(do" + body(s.Body) + x(s.Expr) + ")"
	case SFor:
		return "(for " + DumpStmt(s.Init) + ";" + x(s.Expr) + ";" + x(s.Post) + body(s.Body) + ")"
	case SSwitch:
		return "(switch" + x(s.Expr) + body(s.Body) + ")"
	case SCase:
		return "(case" + x(s.Expr) + body(s.Body) + ")"
	case SDefault:
		return "(default" + body(s.Body) + ")"
	case SLabel:
		return "(label " + s.Label + body(s.Body) + ")"
	case SReturn:
		return "(return" + x(s.Expr) + ")"
	case SGoto:
		return "(goto " + s.Label + ")"
	case SBreak:
		return "(break)"
	case SContinue:
		return "(continue)"
	case SEmpty:
		return "(;)"
	case SMacro:
		return "(macro" + x(s.Expr) + body(s.Body) + ")"
	case SAsm:
		return "(asm)"
	}
	return "(opaque" + x(s.Expr) + ")"
}

func dumpType(t *Type) string {
	if t == nil {
		return "?"
	}
	s := t.Base + strings.Repeat("*", t.Ptr)
	if t.Func {
		s += "()"
	}
	if t.Array {
		s += "[]"
	}
	if t.Def != nil {
		s += "{"
		for i, f := range t.Def.Fields {
			if i > 0 {
				s += ";"
			}
			s += dumpDecl(f)
		}
		s += "}"
	}
	return s
}

func dumpDecl(d *Decl) string {
	s := dumpType(d.Type) + " " + d.Name
	for _, p := range []struct {
		on   bool
		word string
	}{{d.Static, "static "}, {d.Extern, "extern "}, {d.Typedef, "typedef "}} {
		if p.on {
			s = p.word + s
		}
	}
	if d.Init != nil {
		s += "=" + dumpExpr(d.Init)
	}
	return s
}

func dumpExpr(e *Expr) string {
	if e == nil {
		return "nil"
	}
	list := func(head string, xs ...*Expr) string {
		for _, a := range xs {
			head += " " + dumpExpr(a)
		}
		return "(" + head + ")"
	}
	switch e.Kind {
	case XIdent, XNumber, XString, XChar:
		return e.Name
	case XCall:
		return list("call", append([]*Expr{e.X}, e.Args...)...)
	case XIndex:
		return list("index", e.X, e.Y)
	case XMember:
		return "(" + e.Op.String() + " " + dumpExpr(e.X) + " " + e.Name + ")"
	case XUnary:
		return list(e.Op.String(), e.X)
	case XPostfix:
		return list("post"+e.Op.String(), e.X)
	case XBinary, XAssign:
		return list(e.Op.String(), e.X, e.Y)
	case XCond:
		return list("?", e.X, e.Y, e.Z)
	case XCast:
		return "(cast " + dumpType(e.Type) + " " + dumpExpr(e.X) + ")"
	case XSizeof:
		if e.Type != nil {
			return "(sizeof " + dumpType(e.Type) + ")"
		}
		return list("sizeof", e.X)
	case XComma:
		return list(",", e.Args...)
	case XParen:
		return dumpExpr(e.X)
	case XInit:
		return list("init", e.Args...)
	case XDesig:
		if e.Y != nil {
			return list("desig []", e.Y, e.X)
		}
		return list("desig ."+e.Name, e.X)
	case XCompound:
		return "(compound " + dumpType(e.Type) + " " + dumpExpr(e.X) + ")"
	case XBlock:
		return "(expr " + DumpStmt(e.Block) + ")"
	}
	return list("opaque", e.Args...)
}

// dumpFile writes everything that a file's parse says: what the golden files
// under testdata hold.
func dumpFile(f *File) string {
	var b strings.Builder
	l := f.Lines()
	fmt.Fprintf(&b, "passes %d\n", f.Passes)
	for _, p := range f.Problems {
		fmt.Fprintf(&b, "problem %d: %s\n", l.Line(p.Off), p.Msg)
	}
	for _, d := range f.Decls() {
		fmt.Fprintf(&b, "decl %d: %s\n", l.Line(d.Pos), dumpDecl(d))
	}
	for _, fn := range f.Funcs {
		kind := "func"
		if fn.Macro != nil {
			kind = "macro"
		}
		fmt.Fprintf(&b, "%s %d-%d: %s %s(", kind, l.Line(fn.Start), l.Line(fn.End-1), dumpType(fn.Result), fn.Name)
		for i, p := range fn.Params {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(dumpType(p.Type) + " " + p.Name)
		}
		b.WriteString(")")
		if g := f.Guards(fn.Start); len(g) > 0 {
			fmt.Fprintf(&b, " guards %q", g)
		}
		b.WriteString("\n")
		body := fn.Body()
		for _, s := range body.List {
			fmt.Fprintf(&b, "\t%d: %s\n", l.Line(s.Pos), DumpStmt(s))
		}
		for _, r := range fn.Repairs {
			fmt.Fprintf(&b, "\trepair %d: %s\n", l.Line(r.Off), r.Kind)
		}
	}
	return b.String()
}
