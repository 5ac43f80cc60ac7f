package flow

import (
	"strings"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// libraryHandle follows a descriptor into a library's handle and out of it; it reports
// whether the call is one that makes or opens a handle.
func (f *Flow) libraryHandle(fi *program.FuncInfo, call *parse.Expr, i int, ctx Context) bool {
	use, ok := knowledge.Handles[call.Callee()]
	if !ok || use.FD != i {
		return ok
	}
	worth := use.OnlyWith == ""
	for _, name := range strings.Fields(use.OnlyWith) {
		worth = worth || len(f.Prog.FilesNaming(name)) > 0
	}
	ctx.handle = true
	switch {
	case !worth:
	case use.To == knowledge.Returned:
		f.value(fi, call, ctx)
	case use.To < len(call.Args):
		f.storeThroughArg(fi, call.Args[use.To], call, ctx)
	}
	return true
}

// enabledByLibrary reports whether a call of a function that is not in the tree turns
// keepalive on for its argument i: by a constant among the other arguments, as in
// real_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), or by its name,
// as in uv_tcp_keepalive(handle, 1, 60).
func (f *Flow) enabledByLibrary(fi *program.FuncInfo, call *parse.Expr, i int, ctx Context) bool {
	name := strings.ToLower(program.CalleeName(call))
	direct := call.Callee() != "" && fi.Lookup(call.Callee(), call.NamePos) == nil
	if i != 0 || name == "" || strings.Contains(name, "get") {
		return false
	}
	at := 0
	for k, a := range call.Args {
		if k > 0 && namesKeepalive(a) {
			at = k
		}
	}
	switch {
	case at > 0:
	case direct && knowledge.NamesKeepalive(name):
	default:
		return false
	}
	return at+1 >= len(call.Args) || !eval.NewIntEval(f.Prog, f.Sess).Eval(fi, call.Args[at+1], ctx.Frame).Only(0)
}

// namesKeepalive reports whether an argument is the socket option, by the name
// that POSIX or a library gives it, or has it among its flags.
func namesKeepalive(e *parse.Expr) (found bool) {
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && (strings.HasSuffix(x.Name, "SO_KEEPALIVE") || x.Name == "BIO_SOCK_KEEPALIVE") {
			found = true
		}
		return x.Kind != parse.XCall
	})
	return found
}

// sendMessage follows a descriptor that is sent to another process of the program, to
// where one is taken out of such a message.
func (f *Flow) sendMessage(s state) {
	s.ctx.Sent = true
	for _, u := range f.Prog.FilesNaming(messageData) {
		if s.at.key != "" && u.Path != s.at.key {
			continue
		}
		for _, fi := range u.FuncsNaming(messageData) {
			if !passesRights(fi) {
				continue
			}
			for c := range fi.CallsOf(messageData) {
				f.value(fi, c, s.ctx)
			}
		}
	}
}

// receiverFile is the path of a file that sends descriptors where it also has the function
// to receive them: the two are written side by side, and others in the program have a
// pair of their own. "" where it has none, and any may be meant.
func receiverFile(u *program.File) string {
	for _, fi := range u.FuncsNaming("recvmsg") {
		if passesRights(fi) {
			return u.Path
		}
	}
	return ""
}

// messageData is the macro that a descriptor goes into a message by, and comes
// out again: see cmsg(3).
const messageData = "CMSG_DATA"

// passesRights reports whether a function deals with descriptors in messages, not
// with addresses, times or credentials.
func passesRights(fi *program.FuncInfo) bool {
	for range fi.Named("SCM_RIGHTS") {
		return true
	}
	return false
}

// isMessage reports whether an lvalue is the data of such a message, or what a
// pointer to it points to.
func isMessage(fi *program.FuncInfo, x *parse.Expr) bool {
	if x.Kind == parse.XCall {
		return x.Callee() == messageData && passesRights(fi)
	}
	if x.Kind != parse.XIdent || !passesRights(fi) {
		return false
	}
	d := fi.Lookup(x.Name, x.Pos)
	if d == nil || d.Type.Ptr == 0 {
		return false
	}
	defs, _ := defuse.Reaching(fi, fi.NodeOf(x), x.Pos, x.Name)
	for _, def := range defs {
		if def.Kind == defuse.DefValue && def.Expr.Strip() != nil && def.Expr.Strip().Callee() == messageData {
			return true
		}
	}
	return false
}
