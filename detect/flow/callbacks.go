package flow

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// descriptorMembers are the names that event libraries give to the member which
// holds the descriptor, in structs that they define.
var descriptorMembers = []string{"fd", "sock", "socket"}

// watcher follows a descriptor that is registered together with a function and an
// object of a struct that the tree does not define, as in ev_io_init(&w, cb, fd,
// EV_READ): the function finds it in the object.
func (f *Flow) watcher(fi *program.FuncInfo, call *parse.Expr, k int, fn *parse.Func, j Context) {
	gi := f.Prog.InfoOf(fn)
	for i, q := range fn.Params {
		if q.Type == nil || q.Type.Ptr != 1 || callgraph.IsUserData(q.Type) || f.Prog.StructOf(gi.File, q.Type.Base) != nil {
			continue
		}
		if callgraph.CallbackArg(f.Prog, fi, call, k, q, i == len(fn.Params)-1) == nil {
			continue
		}
		for _, name := range descriptorMembers {
			for m := range gi.Named(name) {
				if m.Kind == parse.XMember && value.PathOf(m.X) == q.Name {
					f.value(gi, m, f.enterCall(j, fi, call))
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
	return lhs != nil && fi.IsPointer(lhs) || d != nil && d.Type.Ptr == 1
}
