package flow

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// watcher follows a descriptor that is registered together with a function and an
// object of a struct that the tree does not define, as in ev_io_init(&w, cb, fd,
// EV_READ): the function finds it in the object.
func (f *Flow) watcher(fi *program.FuncInfo, call *parse.Expr, k int, fn *parse.Func, ctx Context) {
	gi := f.Prog.InfoOf(fn)
	for i, q := range fn.Params {
		if q.Type == nil || f.Prog.PointerLevels(gi.File, q.Type) != 1 || callgraph.IsUserData(q.Type) || f.Prog.StructOf(gi.File, q.Type.Base) != nil {
			continue
		}
		if callgraph.CallbackArg(f.Prog, fi, call, k, q, i == len(fn.Params)-1) == nil {
			continue
		}
		for _, name := range knowledge.DescriptorMembers.All() {
			for m := range gi.Named(name) {
				if m.Kind == parse.XMember && value.PathOf(m.X) == q.Name {
					f.value(gi, m, f.enterCall(ctx, fi, call))
				}
			}
		}
	}
}

// makesHandle reports whether a call outside the tree makes of a descriptor something
// that stands for it, g_io_channel_unix_new(fd), or gives it back again,
// g_io_channel_unix_get_fd(channel), by the types and the name.
func (f *Flow) makesHandle(fi *program.FuncInfo, call, arg *parse.Expr) bool {
	if fi.IsPointer(arg) {
		return knowledge.NamesDescriptor(call.Callee())
	}
	lhs, d := program.AssignedTo(call)
	return lhs != nil && fi.IsPointer(lhs) || d != nil && f.Prog.PointerLevels(fi.File, d.Type) == 1
}

// paired follows a descriptor from a function that a library calls for a new one to the
// function that it calls next with it, where both are set on one handle:
//
//	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_cb);
//	curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, sockopt_cb);
func (f *Flow) paired(fi *program.FuncInfo, ctx Context) {
	for _, a := range f.Prog.AddressesTaken(fi.Func) {
		set := a.Expr.Up
		if a.In == nil || set == nil || set.Kind != parse.XCall || len(set.Args) < 3 {
			continue
		}
		other, ok := knowledge.PairedCallbacks[value.ConstName(set.Args[1])]
		if !ok {
			continue
		}
		for c := range a.In.CallsOf(set.Callee()) {
			if len(c.Args) < 3 || value.ConstName(c.Args[1]) != other.Name || a.In.Text(c.Args[0]) != a.In.Text(set.Args[0]) {
				continue
			}
			x := program.Pointee(c.Args[2])
			if x == nil || x.Kind != parse.XIdent {
				continue
			}
			for _, fn := range f.Prog.FuncsNamed(a.In.File, x.Name) {
				if fn.Macro == nil && other.Arg < len(fn.Params) {
					f.enqueue(Location{kind: inLocal, fn: fn, decl: fn.Params[other.Arg]},
						nil, f.Prog.InfoOf(fn), f.enterCall(ctx, a.In, c))
				}
			}
		}
	}
}
