package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// hintsOf returns the index of the argument that is the hints of a call that
// fills an addrinfo list through argument out: getaddrinfo, or a function of
// the tree with the same two parameters. It returns -1 for other calls.
func (p *program) hintsOf(fi *funcInfo, call *parse.Expr, fns []*parse.Func, out int) int {
	name := call.Callee()
	if name == "GetAddrInfo" || strings.HasSuffix(name, "getaddrinfo") && len(fns) == 0 {
		if out == 3 {
			return 2
		}
		return -1
	}
	for _, fn := range fns {
		if out >= len(fn.Params) || fn.Params[out].Type == nil || fn.Params[out].Type.Ptr < 2 || !isAddrinfo(fn.Params[out].Type.Base) {
			continue
		}
		for i, q := range fn.Params {
			if i != out && q.Type != nil && q.Type.Ptr == 1 && isAddrinfo(q.Type.Base) {
				return i
			}
		}
	}
	return -1
}

func isAddrinfo(base string) bool {
	return strings.HasSuffix(strings.ToLower(base), "addrinfo") || strings.HasSuffix(strings.ToLower(base), "addrinfo_t")
}

// fromHints evaluates a member of a getaddrinfo result by the hints it was
// asked with. POSIX: an ai_socktype of 0 means any type, AF_UNSPEC any family
// that the name resolves to; both are Internet families in practice, since
// getaddrinfo knows no name service for others.
func (ev *evaluator) fromHints(fi *funcInfo, call *parse.Expr, hints int, suffix string, fr *frame) values {
	var v values
	if hints >= len(call.Args) {
		return dunno("called with fewer arguments")
	}
	h := call.Args[hints].Strip()
	null := h == nil || h.Kind == parse.XNumber || h.Kind == parse.XIdent && (h.Name == "NULL" || h.Name == "nullptr")
	if null {
		v = one("0")
	} else {
		v = ev.object(fi, h, suffix, fr)
	}
	ev.note(fi, call.NamePos, "%s with hints%s = %s", orExpr(call.Callee(), fi, call), suffix, v)
	out := values{unknown: v.unknown}
	for _, k := range v.set {
		switch {
		case suffix == ".ai_family" && (k == "0" || k == "AF_UNSPEC" || k == "-1"):
			out.add("AF_INET")
			out.add("AF_INET6")
		case suffix == ".ai_socktype" && k == "0":
			out.add("SOCK_STREAM")
			out.add("SOCK_DGRAM")
		case suffix == ".ai_family" && domainNumbers[k] != "":
			out.add(domainNumbers[k])
		default:
			out.add(k)
		}
	}
	if suffix == ".ai_family" && (out.unknown != "" || len(out.set) == 0) {
		// Whatever was asked for, a name resolves to an Internet address.
		out.unknown = ""
		out.add("AF_INET")
		out.add("AF_INET6")
	}
	return out
}
