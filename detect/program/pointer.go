package program

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// IsPointer reports whether an argument is a pointer: an address, a variable
// of that type, or a number that is cast to one, as pthread_create() wants it.
func (fi *FuncInfo) IsPointer(e *parse.Expr) bool {
	for x := e; x != nil && (x.Kind == parse.XParen || x.Kind == parse.XCast); x = x.X {
		if x.Kind == parse.XCast && x.Type.Ptr > 0 {
			return true
		}
	}
	x := e.Strip()
	if x == nil {
		return false
	}
	if x.Kind == parse.XUnary && x.Op == token.And {
		return true
	}
	_, ptr := fi.TypeOf(x)
	return ptr > 0
}
