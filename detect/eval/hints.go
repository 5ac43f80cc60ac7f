package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// hintsOf returns the index of the argument that is the hints of a call that
// fills an addrinfo list through argument out: getaddrinfo, or a function of
// the tree with the same two parameters. It returns -1 for other calls.
func hintsOf(call *parse.Expr, fns []*parse.Func, out int) int {
	name := call.Callee()
	if name == "GetAddrInfo" || strings.HasSuffix(name, "getaddrinfo") && len(fns) == 0 {
		if out == 3 {
			return 2
		}
		return -1
	}
	for _, fn := range fns {
		if out >= len(fn.Params) || fn.Params[out].Type == nil || fn.Params[out].Type.Ptr < 2 || !knowledge.IsAddrinfo(fn.Params[out].Type.Base) {
			continue
		}
		for i, q := range fn.Params {
			if i != out && q.Type != nil && q.Type.Ptr == 1 && knowledge.IsAddrinfo(q.Type.Base) {
				return i
			}
		}
	}
	return -1
}

// fromHints evaluates a member of a getaddrinfo result by the hints it was
// asked with. POSIX: an ai_socktype of 0 means any type, AF_UNSPEC any family
// that the name resolves to; both are Internet families in practice, since
// getaddrinfo knows no name service for others.
func (ev *Evaluator) fromHints(fi *program.FuncInfo, call *parse.Expr, hints int, suffix string, fr *callgraph.Frame) value.Values {
	var v value.Values
	if hints >= len(call.Args) {
		return value.Unknown("called with fewer arguments")
	}
	h := call.Args[hints].Strip()
	null := h == nil || h.Kind == parse.XNumber || h.Kind == parse.XIdent && (h.Name == "NULL" || h.Name == "nullptr")
	mark := ev.Trail.Mark()
	if null {
		v = value.Single("0")
	} else {
		v = ev.object(fi, h, suffix, fr)
	}
	usual := suffix == ".ai_protocol" && v.Only("0")   // says nothing
	if !usual && (len(v.Set) > 0 || v.Unknown != "") { // another way of the call has its value
		ev.Trail.NoteAt(mark, fi, call.NamePos, "%s with hints%s = %s", orExpr(call.Callee(), fi, call), suffix, v.Spelled())
	}
	out := value.Values{Unknown: v.Unknown}
	for _, k := range v.Set {
		switch {
		case suffix == ".ai_family" && (k == "0" || k == "AF_UNSPEC" || k == "-1"):
			out.Add("AF_INET")
			out.Add("AF_INET6")
		case suffix == ".ai_socktype" && k == "0":
			out.Add("SOCK_STREAM")
			out.Add("SOCK_DGRAM")
		case suffix == ".ai_family" && knowledge.DomainNumbers[k] != "":
			out.Add(knowledge.DomainNumbers[k])
		default:
			out.Add(k)
		}
	}
	if suffix == ".ai_family" && (out.Unknown != "" || len(out.Set) == 0) {
		// Whatever was asked for, a name resolves to an Internet address.
		out.Unknown = ""
		out.Add("AF_INET")
		out.Add("AF_INET6")
	}
	return out
}
