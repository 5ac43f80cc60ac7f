// Package source reads what C text says by itself: lines, constants, types and statements,
// as the search for keywords asks for them.
package source

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
)

// Place is an offset of a file.
type Place struct {
	File *parse.File
	At   int
}

// LineAfter is the line after the one that holds end, when at most a comment
// follows on it.
func LineAfter(f *parse.File, end int) (int, bool) {
	le := text.LineEnd(f.Src, end)
	rest := bytes.TrimLeft(f.Src[end:le], " \t,")
	if len(bytes.TrimSpace(rest)) > 0 {
		c, ok := f.CommentAt(le - len(rest))
		if !ok {
			return 0, false
		}
		if le = text.LineEnd(f.Src, int(c.End)-1); len(bytes.TrimSpace(f.Src[c.End:le])) > 0 {
			return 0, false
		}
	}
	return le, le > 0 && f.Src[le-1] == '\n'
}

// PlainText reports whether a range holds no directive and no comment, which could be
// about the sibling alone.
func PlainText(f *parse.File, from, to int) bool {
	for _, t := range f.Between(from, to) {
		if t.Kind == token.Hash {
			return false
		}
	}
	for _, m := range f.Comments {
		if int(m.Off) >= from && int(m.End) <= to {
			return false
		}
	}
	return true
}

// Assignment is a statement like another one, the equals sign below its.
func Assignment(f *parse.File, like *parse.Stmt, target, value string) string {
	src := f.Src
	indent := string(src[text.LineStart(src, like.Pos):like.Pos])
	if like.Expr.Kind != parse.XAssign {
		return indent + target + " = " + value + ";" + text.EOL(src, 0)
	}
	left, right := like.Expr.X, like.Expr.Y
	between := string(src[left.End:right.Pos])
	i := strings.IndexByte(between, '=')
	gap := between[:i]
	switch old, now := text.Width(indent+parse.ExprText(f, left)+gap, 8), text.Width(indent+target, 8); {
	case strings.Contains(gap, "\t"):
		gap = "\t"
		for text.Width(indent+target+gap, 8) < old {
			gap += "\t"
		}
	case len(gap) > 1:
		gap = strings.Repeat(" ", max(1, old-now))
	}
	return indent + target + gap + between[i:] + value + string(src[right.End:like.End]) + text.EOL(src, 0)
}

// IsDefault reports whether a value is fixed.
func IsDefault(e *parse.Expr) bool {
	e = e.Strip()
	if e.Kind == parse.XUnary && e.Op == token.Sub {
		e = e.X.Strip()
	}
	return e.Kind == parse.XNumber || e.Kind == parse.XIdent && (strings.ToUpper(e.Name) == e.Name || e.Name == "true" || e.Name == "false")
}

// IsConst reports whether an expression is a yes or no by itself.
func IsConst(f *parse.File, e *parse.Expr) bool {
	switch strings.ToLower(parse.ExprText(f, e)) {
	case "0", "1", "true", "false", "yes", "no", "on", "off":
		return true
	}
	return false
}

// IsOff reports whether a constant is a no.
func IsOff(f *parse.File, e *parse.Expr) bool {
	switch strings.ToLower(parse.ExprText(f, e)) {
	case "0", "false", "no", "off":
		return true
	}
	return false
}

// LocalsOf returns the names of a function's parameters and local variables.
func LocalsOf(fn *parse.Func) map[string]bool {
	out := map[string]bool{}
	for _, p := range fn.Params {
		out[p.Name] = true
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if !d.Static {
				out[d.Name] = true
			}
		}
		return true
	})
	return out
}

// IsInt reports whether a type is int, as the variable's members are.
func IsInt(t *parse.Type) bool {
	return t != nil && t.Ptr == 0 && !t.Array && !t.Func && len(t.Dims) == 0 &&
		(t.Base == "int" || t.Base == "signed int" || t.Base == "signed")
}

// IsNumber reports whether a type is that of a number or a yes or no.
func IsNumber(t *parse.Type) bool {
	return t != nil && t.Ptr == 0 && !t.Array && !t.Func && len(t.Dims) == 0 &&
		!strings.HasPrefix(t.Base, "struct ") && !strings.HasPrefix(t.Base, "union ") &&
		!strings.HasPrefix(t.Base, "enum ") && (numberBase.MatchString(t.Base) || BoolType.MatchString(t.Base))
}

// KindOf is a type's name, "" for int.
func KindOf(t *parse.Type) string {
	if IsInt(t) {
		return ""
	}
	return t.Base
}

// IsPlain reports whether an int may replace a type.
func IsPlain(t *parse.Type) bool {
	return t == nil || t.Ptr == 0 && !t.Array && !t.Func && len(t.Dims) == 0 && !strings.HasPrefix(t.Base, "struct ") &&
		!strings.HasPrefix(t.Base, "union ") && t.Base != "double" && t.Base != "float"
}

// InLoop reports whether a statement is a loop or within one; a macro that heads a block
// counts.
func InLoop(s *parse.Stmt) bool {
	for ; s != nil; s = s.Parent {
		switch s.Kind {
		case parse.SWhile, parse.SDo, parse.SFor, parse.SMacro:
			return true
		}
	}
	return false
}

// IsNothing reports whether an expression stands for no object.
func IsNothing(e *parse.Expr) bool {
	e = e.Strip()
	return e.Kind == parse.XIdent && e.Name == "NULL" || e.Kind == parse.XNumber
}

// Member is the value of an initializer's member, without its designator.
func Member(m *parse.Expr) *parse.Expr {
	if m.Kind == parse.XDesig {
		m = m.X
	}
	return m.Strip()
}

var numberBase = text.NewPattern(`^((un)?signed |long )*(char|short|int|long|unsigned|signed)$|^u?int(8|16|32|64)_t$`)

// BoolType are names of types, and of the kinds of keywords, that are a yes or no.
var BoolType = text.NewPattern(`(?i)bool|flag|yes_?no|on_?off|switch|toggle`)

// Case is the part of a switch for one code.
type Case struct {
	Label *parse.Stmt
	List  []*parse.Stmt
}

// CasesOf are the cases of a switch that have one label, are not fallen into and are
// left at their end.
func CasesOf(body *parse.Stmt) map[string]*Case {
	out := map[string]*Case{}
	var open *Case
	left := true // what stands before never falls out of its end
	for i, s := range body.List {
		if s.Kind == parse.SCase || s.Kind == parse.SDefault {
			open = nil
			if e := s.Expr.Bare(); s.Kind == parse.SCase && e != nil && e.Kind == parse.XIdent && left &&
				(s.Body == nil || s.Body.Kind != parse.SCase && s.Body.Kind != parse.SDefault) {
				open = &Case{Label: s}
				out[e.Name] = open
			}
			left = false
			s = s.Body
		}
		if s == nil {
			continue
		}
		if open != nil {
			open.List = append(open.List, s)
		}
		left = s.Jumps()
		next := i+1 == len(body.List) || body.List[i+1].Kind == parse.SCase || body.List[i+1].Kind == parse.SDefault
		if next && open != nil && !left {
			delete(out, open.Label.Expr.Bare().Name)
		}
	}
	return out
}

// grammarWords are what programs that make parsers leave at the head of a file.
var grammarWords = []string{"Bison", "yacc", "Yacc", "YYBISON", "leg ", "peg "}

// IsGenerated reports whether a generator wrote the file.
func IsGenerated(f *parse.File) bool {
	for _, w := range grammarWords { // asked of each function
		if bytes.Contains(f.Src[:min(len(f.Src), 2000)], []byte(w)) {
			return true
		}
	}
	head := bytes.ToLower(f.Src[:min(len(f.Src), 1000)])
	return bytes.Contains(head, []byte("generated by")) || bytes.Contains(head, []byte("do not edit"))
}
