package value

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// IsNumeral reports whether a name is written as a number.
func IsNumeral(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// LastWord returns the last member of an access path, without an index.
func LastWord(path string) string {
	path = strings.TrimSuffix(path, "[]")
	return path[strings.LastIndexByte(path, '.')+1:]
}

// PathOf spells an lvalue so that the same object reads the same: a->b, a.b
// and (*a).b are "a.b", elements of an array are "a[]". It is "" for what is
// no path from a variable.
func PathOf(e *parse.Expr) string {
	e = e.Strip()
	if e == nil {
		return ""
	}
	switch e.Kind {
	case parse.XIdent:
		return e.Name
	case parse.XMember:
		if p := PathOf(e.X); p != "" {
			return p + "." + e.Name
		}
	case parse.XIndex:
		if p := PathOf(e.X); p != "" {
			return p + "[]"
		}
	case parse.XUnary:
		if e.Op == token.Mul || e.Op == token.And {
			return PathOf(e.X)
		}
	}
	return ""
}

// RootOf returns the variable that a path begins with.
func RootOf(path string) string {
	for i := 0; i < len(path); i++ {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return path
}

// RootName is the variable that e's path begins with, without the path.
func RootName(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		switch {
		case e.Kind == parse.XIdent:
			return e.Name
		case e.Kind == parse.XMember, e.Kind == parse.XIndex, e.Kind == parse.XUnary && (e.Op == token.Mul || e.Op == token.And):
		default:
			return ""
		}
	}
	return ""
}

// SameBase reports whether two expressions are members of one object.
func SameBase(a, b *parse.Expr) bool {
	return a != nil && b != nil && a.Kind == parse.XMember && b.Kind == parse.XMember && PathOf(a.X) != "" && PathOf(a.X) == PathOf(b.X)
}

// CollapseCycles leaves out of a path below a variable what goes round: the next of the
// next node of a list is a node of it, an element of an element of an element one
// of the elements.
func CollapseCycles(suffix string) string {
	for i := 0; i < len(suffix); i++ {
		if suffix[i] != '.' && suffix[i] != '[' {
			continue
		}
		end := i + 1
		for end < len(suffix) && suffix[end] != '.' && suffix[end] != '[' {
			end++
		}
		sel := suffix[i:end]
		again := sel
		if sel == "[]" {
			again = "[][]" // a table has two dimensions
		}
		for strings.HasPrefix(suffix[end:], again) &&
			(end+len(again) == len(suffix) || strings.IndexByte(".[", suffix[end+len(again)]) >= 0) {
			suffix = suffix[:end] + suffix[end+len(sel):]
		}
	}
	return suffix
}
