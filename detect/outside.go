package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// handleUse tells how a library's function turns a descriptor, which it gets as
// argument fd, into a handle of its own, or such a handle back into a descriptor:
// it returns it, or stores it through argument to.
type handleUse struct {
	fd, to int
	for_   string // a handle is followed where the tree names one of these
}

const returned = -1

// handles are the functions of libraries whose handles have a way to set options,
// or to get at the descriptor again. Sources: the manuals of GLib, libuv, APR
// and OpenSSL.
var handles = map[string]handleUse{
	"g_socket_new_from_fd": {0, returned, "g_socket_set_keepalive g_socket_set_option g_socket_get_fd"},
	"g_socket_get_fd":      {0, returned, ""},
	"uv_tcp_open":          {1, 0, "uv_tcp_keepalive uv_fileno"},
	"uv_fileno":            {0, 1, ""},
	"apr_os_sock_put":      {1, 0, "apr_socket_opt_set apr_os_sock_get"},
	"apr_os_sock_get":      {1, 0, ""},
	"BIO_new_socket":       {0, returned, "BIO_get_fd"},
	"BIO_get_fd":           {0, 1, ""},

	"g_socket_connection_factory_create_connection": {0, returned, "g_socket_connection_get_socket"},
	"g_socket_connection_get_socket":                {0, returned, ""},
}

// handle follows a descriptor into a library's handle and out of it; it reports
// whether the call is one that makes or opens a handle.
func (f *flow) handle(fi *funcInfo, call *parse.Expr, i int, j journey) bool {
	use, ok := handles[call.Callee()]
	if !ok || use.fd != i {
		return ok
	}
	worth := use.for_ == ""
	for _, name := range strings.Fields(use.for_) {
		worth = worth || len(f.p.unitsWith(name)) > 0
	}
	switch {
	case !worth:
	case use.to == returned:
		f.value(fi, call, j)
	case use.to < len(call.Args):
		f.pointed(fi, call.Args[use.to], call, j)
	}
	return true
}

// setsOutside reports whether a call of a function that is not in the tree turns
// keepalive on for its argument i: by a constant among the other arguments, as in
// real_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), or by its name,
// as in uv_tcp_keepalive(handle, 1, 60).
func (f *flow) setsOutside(fi *funcInfo, call *parse.Expr, i int, j journey) bool {
	name := strings.ToLower(calleeName(call))
	direct := call.Callee() != "" && fi.lookup(call.Callee(), call.NamePos) == nil
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
	case direct && (strings.Contains(name, "keepalive") || strings.Contains(name, "keep_alive")):
		for _, w := range []string{"http", "time", "idle", "interval", "intvl", "count", "cnt", "probe", "is_", "has_"} {
			if strings.Contains(name, w) {
				return false
			}
		}
	default:
		return false
	}
	return at+1 >= len(call.Args) || !f.p.folder(f.sess).fold(fi, call.Args[at+1], j.in).only(0)
}

// calleeName is the name of the function, variable or member that is called.
func calleeName(call *parse.Expr) string {
	if n := call.Callee(); n != "" {
		return n
	}
	x := call.X.Strip()
	if x != nil && x.Kind == parse.XUnary && x.Op == parse.Mul {
		x = x.X.Strip()
	}
	if x != nil && (x.Kind == parse.XMember || x.Kind == parse.XIdent) {
		return x.Name
	}
	return ""
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

// message follows a descriptor that is sent to another process of the program, to
// where one is taken out of such a message.
func (f *flow) message(s state) {
	s.j.sent = true
	for _, u := range f.p.unitsWith(messageData) {
		for _, fi := range u.funcsMentioning(messageData) {
			if !fi.passesRights() {
				continue
			}
			for c := range fi.callsOf(messageData) {
				f.value(fi, c, s.j)
			}
		}
	}
}

// messageData is the macro that a descriptor goes into a message by, and comes
// out again: see cmsg(3).
const messageData = "CMSG_DATA"

// passesRights reports whether a function deals with descriptors in messages, not
// with addresses, times or credentials.
func (fi *funcInfo) passesRights() bool {
	for range fi.named("SCM_RIGHTS") {
		return true
	}
	return false
}

// isMessage reports whether an lvalue is the data of such a message, or what a
// pointer to it points to.
func (fi *funcInfo) isMessage(x *parse.Expr) bool {
	if x.Kind == parse.XCall {
		return x.Callee() == messageData && fi.passesRights()
	}
	if x.Kind != parse.XIdent || !fi.passesRights() {
		return false
	}
	d := fi.lookup(x.Name, x.Pos)
	if d == nil || d.Type.Ptr == 0 {
		return false
	}
	defs, _ := fi.reach(fi.nodeOf(x), x.Pos, x.Name)
	for _, def := range defs {
		if def.kind == defValue && def.e.Strip() != nil && def.e.Strip().Callee() == messageData {
			return true
		}
	}
	return false
}
