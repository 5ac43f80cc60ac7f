package flow

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// canHold reports whether a place of a type can hold a descriptor or point to one. A
// struct holds one in a member, which is a place of its own: what comes to a pointer
// to a struct came out of a container that others use as well, list_add(l, (void *)fd)
// here and struct job *j = list_next(l) there. A byte is too small, a truth value and
// a function are something else. A library's handle is of any type.
func (f *Flow) canHold(u *program.File, t *parse.Type, ctx Context) bool {
	switch {
	case t == nil || ctx.handle:
		return true
	case t.Func:
		return false
	case t.Base == "" || t.Base == "void":
		return true
	case program.IsByte(t.Base):
		return t.Ptr > 0 || t.Array
	}
	return memo.Of[flowMemos](&f.Prog.Memos).holds.Get(program.UseKey{File: u, Name: t.Base}, func() bool { return baseHolds(f.Prog, u, t.Base, 0) })
}

// baseHolds is the same for the name of a type, which typedefs lead on from.
func baseHolds(p *program.Program, u *program.File, base string, depth int) bool {
	switch {
	case knowledge.NoDescriptors[base] || knowledge.IsSystemStruct(base) || p.StructOf(u, base) != nil,
		strings.HasPrefix(base, "struct ") || strings.HasPrefix(base, "union ") || strings.HasPrefix(base, "enum "):
		return false
	case depth > 8 || program.IsBuiltin(base):
		return true
	}
	t := p.TypedefOf(u, base)
	switch {
	case t == nil || t.Base == "" || t.Base == "void":
		return true
	case t.Def != nil || t.Func:
		return false
	}
	return t.Base == base || baseHolds(p, u, t.Base, depth+1)
}

// notePacked notes that the descriptor e goes on in a value of a type that is no number, as
// interpreters put theirs into a pointer: (value)fd.
func (f *Flow) notePacked(fi *program.FuncInfo, e *parse.Expr, t *parse.Type, ctx Context) {
	if t == nil || t.Func || program.IsByte(t.Base) || knowledge.NoDescriptors[t.Base] || strings.HasPrefix(t.Base, "enum ") {
		return
	}
	if !f.canHold(fi.File, t, ctx) && !fi.IsPointer(e) {
		f.noteOtherForm(fi, e)
	}
}

// isText reports whether what has a type points to bytes that are only read: a text. A
// descriptor comes there as the bytes of a message, by its address: put(out, (const char *)&fd,
// sizeof fd).
func isText(t *parse.Type) bool {
	return t != nil && t.Const && t.Ptr == 1 && t.Base != "void" && program.IsByte(t.Base)
}

// isAddress reports whether an argument is the address of something.
func isAddress(arg *parse.Expr) bool {
	x := arg.Strip()
	return x != nil && x.Kind == parse.XUnary && x.Op == token.And
}
