package detect

import "github.com/keepatch/keepatch/parse"

// isNull reports whether an expression is the null pointer: NULL, 0, nullptr.
func isNull(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	switch e.Kind {
	case parse.XNumber:
		return e.Name == "0"
	case parse.XIdent:
		return e.Name == "NULL" || e.Name == "nullptr"
	}
	return false
}
