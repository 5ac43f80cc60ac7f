package flow

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// canHold reports whether a place of a type can hold a descriptor or point to one. A
// struct holds one in a member, which is a place of its own: what comes to a pointer
// to a struct came out of a container that others use as well, list_add(l, (void *)fd)
// here and struct job *j = list_next(l) there. A byte is too small. A library's handle
// is of any type.
func (f *Flow) canHold(u *program.File, t *parse.Type, ctx Context) bool {
	switch {
	case t == nil || ctx.handle || t.Base == "" || t.Base == "void":
		return true
	case program.IsByte(t.Base):
		return t.Ptr > 0 || t.Array
	}
	return program.IsBuiltin(t.Base) || !knowledge.IsSystemStruct(t.Base) && f.Prog.StructOf(u, t.Base) == nil
}
