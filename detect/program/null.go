package program

import "github.com/keepatch/keepatch/parse"

// NullName is the macro that the C library defines in six of its headers (C17,
// 7.19). It is no name of the tree's, whatever in it says the same once more: to
// look for it took the trees of one file in eight.
const NullName = "NULL"

// IsNull reports whether an expression is the null pointer: NULL, 0, nullptr.
func IsNull(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	switch e.Kind {
	case parse.XNumber:
		return e.Name == "0"
	case parse.XIdent:
		return e.Name == NullName || e.Name == "nullptr"
	}
	return false
}
