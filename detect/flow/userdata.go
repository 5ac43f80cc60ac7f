package flow

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// storesNumber reports whether a descriptor is stored as a number in a pointer:
// h->data = (void *)(intptr_t)fd.
func storesNumber(fi *program.FuncInfo, lhs *parse.Expr) bool {
	up := lhs.Up
	if up == nil || up.Kind != parse.XAssign || up.X != lhs || up.Y == nil {
		return false
	}
	x := up.Y.Strip()
	if x == nil || !castToPointer(up.Y) {
		return false
	}
	base, ptr := fi.TypeOf(x)
	return ptr == 0 && knowledge.IsDescriptorType(base) && fi.File.Prog.StructOf(fi.File, base) == nil
}

func castToPointer(e *parse.Expr) bool {
	for ; e != nil && (e.Kind == parse.XParen || e.Kind == parse.XCast); e = e.X {
		if e.Kind == parse.XCast {
			return e.Type.Ptr > 0
		}
	}
	return false
}

// loadsObject reports whether what is read is a pointer to an object: it is
// cast to one, or assigned to a variable of such a type.
func loadsObject(fi *program.FuncInfo, e *parse.Expr) bool {
	for e.Up != nil && (e.Up.Kind == parse.XParen || e.Up.Kind == parse.XCast) {
		if e = e.Up; e.Kind == parse.XCast {
			return e.Type.Ptr > 0 && e.Type.Base != "void"
		}
	}
	switch lhs, d := program.AssignedTo(e); {
	case d != nil:
		return d.Type.Ptr > 0 && d.Type.Base != "void"
	case lhs != nil:
		base, ptr := fi.TypeOf(lhs)
		return ptr > 0 && base != "void"
	}
	return false
}
