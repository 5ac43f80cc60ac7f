// Package socket tells what the arguments of a socket() call can be, and what transport
// they make.
//
// The arguments are evaluated backwards on every way of calling: by caller where they
// depend on parameters, by row where they are members of a table's element, so that the
// domain of one is never combined with the type of another. What the configuration says
// about a function completes what the sources leave open. The ways are bounded by
// maxTriples and by the calls above one another; beyond, the arguments are joined, which
// is less exact and leaves nothing out.
package socket

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/value"
)

// Args is what the arguments of a socket() call can be on one way of
// calling.
type Args struct {
	Domain, Type, Protocol value.Values
}

// Transport judges a triple. certain is false where an argument is not known
// and other evidence may say more.
func (t Args) Transport() (tr result.Transport, certain bool) {
	dom, typ, proto := specified(value.NameNumbers(t.Domain, knowledge.DomainNumbers)),
		value.NameNumbers(t.Type, knowledge.TypeNumbers), t.Protocol
	inet, otherDom, unknownDom := value.HasAny(dom, knowledge.InetDomains), value.HasAny(dom, knowledge.OtherDomains),
		value.MayDecideForTCP(dom, knowledge.InetDomains, knowledge.OtherDomains)
	stream, otherTyp, unknownTyp := value.HasAny(typ, knowledge.StreamTypes), value.HasAny(typ, knowledge.OtherTypes),
		value.MayDecideForTCP(typ, knowledge.StreamTypes, knowledge.OtherTypes)
	tcp, otherPro, unknownPro := value.HasAny(proto, knowledge.TcpProtocols), value.HasAny(proto, knowledge.OtherProtocols),
		value.MayDecideForTCP(proto, knowledge.TcpProtocols, knowledge.OtherProtocols)
	canTCP := (inet || unknownDom) && (stream || unknownTyp) && (tcp || unknownPro)
	if !canTCP {
		return result.OtherTransport, true
	}
	if value.OnlyOf(proto, knowledge.NothingButTCP) {
		return result.TCP, true // nothing else is made with it: socket() fails (tcp(7), unix(7))
	}
	if otherDom || otherTyp || otherPro && !onlyTCP(proto) && !stream {
		return result.MaybeTCP, !unknownDom || !unknownTyp
	}
	if unknownDom && unknownTyp {
		return result.UnknownTransport, false
	}
	if unknownDom || unknownTyp {
		return result.MaybeTCP, false
	}
	return result.TCP, true
}

// specified drops what no socket is made with: AF_UNSPEC stands in hints, and
// in variables before they are set; AF_LINK is the family of interfaces in the
// same union. Alone AF_UNSPEC means what a name resolves to.
func specified(v value.Values) value.Values {
	out := value.Values{Unknown: v.Unknown}
	for _, k := range v.Set {
		if k != "AF_UNSPEC" && k != "-1" && (k != "AF_LINK" || len(v.Set) == 1) {
			out.Add(k)
		}
	}
	if len(out.Set) == 0 && v.Set.Has("AF_UNSPEC") {
		out.Add("AF_INET")
		out.Add("AF_INET6")
	}
	return out
}

func onlyTCP(v value.Values) bool { return value.OnlyOf(v, knowledge.TcpProtocols) }

// Merge joins the transports of several ways.
func Merge(a, b result.Transport) result.Transport {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	case a == result.UnknownTransport && b == result.OtherTransport, a == result.OtherTransport && b == result.UnknownTransport:
		return result.MaybeTCP
	case a == result.UnknownTransport || b == result.UnknownTransport, a == result.MaybeTCP || b == result.MaybeTCP:
		return result.MaybeTCP
	}
	return result.MaybeTCP // tcp and other
}

// Of evaluates the arguments of a socket() call on every way that leads
// to it: where they depend on parameters, once a caller, so that a domain is
// never combined with another caller's type.
func Of(p *program.Program, s *fixpoint.Session, r program.Ref, fr *callgraph.Frame) ([]Args, []result.Evidence) {
	return onWays(p, s, r, fr, nil, 0)
}

// On evaluates them where control goes on by a way that is known.
func On(p *program.Program, s *fixpoint.Session, r program.Ref, fr *callgraph.Frame, on []eval.Step) ([]Args, []result.Evidence) {
	return onWays(p, s, r, fr, on, 0)
}

// maxOuter is how many callers above one another are told apart.
const maxOuter = 4

// onWays evaluates them depth callers above the call.
func onWays(p *program.Program, s *fixpoint.Session, r program.Ref, fr *callgraph.Frame, on []eval.Step,
	depth int) ([]Args, []result.Evidence) {
	ev := eval.New(p, s)
	ev.PathPoints, ev.Way = eval.PathPointsOf(r, fr), on
	for _, step := range on {
		if !step.Down {
			ev.PathPoints[step.In] = step.At
		}
	}
	args := r.In.Args(r.Expr)
	arg := func(i int) value.Values {
		if i < len(args) {
			return ev.Eval(args[i].In, args[i].Expr, fr)
		}
		return value.Unknown("no argument")
	}
	t := declaredArgs(p, s, r, Args{arg(0), ev.NarrowTypes(r, arg(1)), arg(2)})
	outer := r.In.Func
	if fr != nil {
		f := fr
		for f.Up != nil {
			f = f.Up
		}
		outer = f.Call.In.Func
	}
	if !ev.OpenParams[outer] || depth >= maxOuter || p.OnlyTried(outer) {
		return byRow(p, ev, r, t), ev.Trail.List()
	}
	calls := callgraph.CallSites(p, outer)
	if len(calls) == 0 || len(calls) > eval.MaxWays {
		return []Args{t}, ev.Trail.List()
	}
	var out []Args
	var trail []result.Evidence
	conds := eval.New(p, s).Conditions()
	for _, c := range calls {
		way := callgraph.ExtendOuter(fr, c)
		if !Feasible(conds, r, way) {
			continue // what this caller passes leads past the call
		}
		ts, tr := onWays(p, s, r, way, on, depth+1)
		for _, t := range ts {
			if !slices.ContainsFunc(out, t.equal) {
				out = append(out, t)
			}
		}
		if len(trail) < 2*fixpoint.MaxTrail {
			trail = append(trail, tr...)
		}
		if len(out) > maxTriples {
			return []Args{t}, ev.Trail.List()
		}
	}
	if len(out) == 0 {
		return []Args{t}, ev.Trail.List()
	}
	return out, trail
}

// Feasible reports whether control comes to a call, and on its way to the calls of
// fr, where the outer ones pass what they do.
func Feasible(f *eval.IntEval, r program.Ref, fr *callgraph.Frame) bool {
	for ; fr != nil; r, fr = fr.Call, fr.Up {
		if !f.CanReach(r.In, r.Expr, fr) {
			return false
		}
	}
	return true
}

// maxTriples bounds the combinations of domain, type and protocol that are kept apart.
const maxTriples = 64

func (t Args) equal(q Args) bool {
	return t.Domain.Equal(q.Domain) && t.Type.Equal(q.Type) && t.Protocol.Equal(q.Protocol)
}

// Join is what the arguments can be on any of the ways.
func Join(ways []Args) (all Args) {
	for _, t := range ways {
		all.Domain.Join(t.Domain)
		all.Type.Join(t.Type)
		all.Protocol.Join(t.Protocol)
	}
	return all
}

// Describe writes the arguments for people.
func (t Args) Describe() string {
	return fmt.Sprintf("domain %s; type %s; protocol %s",
		Describe(amongMany(value.NameNumbers(t.Domain, knowledge.DomainNumbers), knowledge.InetDomains, knowledge.OtherDomains), nil),
		Describe(amongMany(value.NameNumbers(t.Type, knowledge.TypeNumbers), knowledge.StreamTypes, knowledge.OtherTypes), nil),
		Describe(amongMany(t.Protocol, knowledge.TcpProtocols, knowledge.OtherProtocols), nil))
}

// maxDescribed is how many values of an argument are named, whatever they are.
const maxDescribed = 8

// amongMany leaves of many values those that an argument can have: an interpreter of
// scripts keeps the constants of all arguments in one place.
func amongMany(v value.Values, kinds ...map[string]bool) value.Values {
	if len(v.Set) <= maxDescribed {
		return v
	}
	out := value.Values{Unknown: "one of many"}
	for _, k := range v.Set {
		if slices.ContainsFunc(kinds, func(kind map[string]bool) bool { return kind[k] }) {
			out.Add(k)
		}
	}
	return out
}

// Describe writes a value set for people.
func Describe(v value.Values, names map[string]string) string {
	return value.NameNumbers(v, names).Spelled()
}

// Transport joins the transports of all ways. certain is false where other evidence may
// say more about one.
func Transport(ts []Args) (tr result.Transport, certain bool) {
	certain = true
	for _, t := range ts {
		x, ok := t.Transport()
		tr, certain = Merge(tr, x), certain && ok
	}
	return tr, certain
}
