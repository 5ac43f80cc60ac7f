package rewrite

import (
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/include"
)

// fewCallers is how many callers of a wrapper are better patched than the
// wrapper itself, manyCallers how many are patched where it cannot be.
const (
	fewCallers  = 2
	manyCallers = 16
)

// atCallers plans a call whose result is returned at once where the result
// arrives: in the functions that call its wrapper, each of which checks it,
// reports and goes on in a manner of its own. It gives nothing unless all of
// them can be patched. A file that knows nothing of sockets so far is left alone,
// unless anywhere is set. The fix of the site comes first, its parts after it.
func (m *maker) atCallers(s *result.Site, most int, anywhere bool) []*Fix {
	if !s.Node.AllCallersKnown || s.Node.Func == nil || s.Node.Call == nil || m.sw != nil {
		return nil // a switch is planned for the site's own function
	}
	var parts []*Fix
	for _, t := range s.Node.CallerUses {
		args := callerArgs(s, t.Call)
		if s.Role != result.Accepted {
			if t.Listens && !t.Connects || len(args) > 1 && anchor.NeverStream(args[1]) {
				continue // as a listener it is served by its accept()
			}
			if !t.Connects || t.Listens {
				return nil
			}
		}
		if !anywhere && !m.declaresSockets(t.Func.File) {
			return nil
		}
		part := m.patch(m.siteAt(s, t, args))
		if part.Status != result.FixPatch {
			return nil
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 || len(parts) > most {
		return nil
	}
	whole := &Fix{Site: s, Status: result.FixPatch}
	for _, p := range parts {
		p.parent = whole
	}
	return append([]*Fix{whole}, parts...)
}

// socketHeaders declare setsockopt() and its constants. The C libraries' other
// socket headers include <sys/socket.h> (glibc 2.39, musl 1.2: netinet/in.h and
// what includes it, net/if.h, ifaddrs.h).
var socketHeaders = []string{"sys/socket.h", "netinet/in.h", "arpa/inet.h", "netdb.h",
	"netinet/tcp.h", "net/if.h", "ifaddrs.h", "resolv.h", "winsock2.h"}

// declaresSockets reports whether setsockopt() is declared in a file, as far as
// can be seen: it names what is declared with it, or includes a header for it.
func (m *maker) declaresSockets(f *parse.File) bool {
	if known, ok := m.sockets[f]; ok {
		return known
	}
	known := include.OtherStack(f)
	for _, w := range []string{"setsockopt", "SOL_SOCKET", "sockaddr", "sockaddr_in",
		"sockaddr_storage", "AF_INET", "SOCK_STREAM", "socklen_t", "addrinfo"} {
		known = known || len(f.Idents(w)) > 0
	}
	for _, h := range socketHeaders {
		known = known || m.proj.Includes(f, h)
	}
	if m.sockets == nil {
		m.sockets = map[*parse.File]bool{}
	}
	m.sockets[f] = known
	return known
}

// siteAt is the site as it looks from a caller of its function. It is one and
// the same in every round, so that what is learnt about it holds.
func (m *maker) siteAt(s *result.Site, t result.CallerUse, args []*parse.Expr) *result.Site {
	if v := m.views[t.Call]; v != nil {
		return v
	}
	v := *s
	f := t.Func.File
	v.File, v.Function = f.Path, t.Func.Name
	v.Line, v.Column = f.Lines().Line(t.Call.NamePos), f.Lines().Col(t.Call.NamePos)
	v.Node.File, v.Node.Func, v.Node.Call = f, t.Func, t.Call
	v.Node.CallerUses, v.Node.AllCallersKnown = nil, false
	if v.Role != result.Accepted {
		v.Role = result.Client
	}
	if len(args) > 1 && ctree.IsConstName(args[1]) {
		v.Node.Types = []string{parse.ExprText(f, args[1])}
	}
	if m.views == nil {
		m.views = map[*parse.Expr]*result.Site{}
	}
	m.views[t.Call] = &v
	m.proj.Args[t.Call] = args
	return &v
}

// callerArgs gives the arguments of a site's call as a caller of its function
// names them, nil for each that is made in the function itself.
func callerArgs(s *result.Site, call *parse.Expr) []*parse.Expr {
	fn := s.Node.Func
	var out []*parse.Expr
	for _, a := range s.Node.Call.Args {
		var got *parse.Expr
		if x := a.Strip(); x != nil && x.Kind == parse.XIdent && !ctree.Changed(fn, x.Name) {
			for i, d := range fn.Params {
				if d.Name == x.Name && i < len(call.Args) {
					got = call.Args[i]
				}
			}
		}
		out = append(out, got)
	}
	return out
}

// fold puts the blocks at the callers of a wrapper together as the fix of the
// wrapper's own site.
func (plan *Plan) fold() {
	var out []*Fix
	for _, fix := range plan.Fixes {
		if fix.parent == nil {
			out = append(out, fix)
			continue
		}
		for _, fe := range fix.Files {
			fix.parent.addEdits(fe)
		}
		if fix.Reason != "" {
			fix.parent.Reason = fix.Reason
		}
		if fix.Status != result.FixPatch {
			fix.parent.Status = fix.Status
		}
	}
	plan.Fixes = out
	for _, fix := range out {
		if fix.Status != result.FixPatch {
			fix.Files = nil
		}
	}
}

// addEdits adds edits of one file, each once.
func (f *Fix) addEdits(fe FileEdits) {
	for i := range f.Files {
		if f.Files[i].Path != fe.Path {
			continue
		}
		for _, e := range fe.Edits {
			if !containsEdit(f.Files[i].Edits, e) {
				f.Files[i].Edits = append(f.Files[i].Edits, e)
			}
		}
		return
	}
	f.Files = append(f.Files, FileEdits{fe.Path, append([]edit.Edit(nil), fe.Edits...)})
}

func containsEdit(list []edit.Edit, e edit.Edit) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}
