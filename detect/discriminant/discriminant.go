// Package discriminant tells objects of one type apart by a member that says their kind.
//
// Where descriptors of several kinds lie in one member, a member beside it often
// tells the kind:
//
//	l->fd = fd; l->kind = K_LOCAL;           where it is stored
//	case K_LOCAL: c = accept(l->fd, 0, 0);   where it is loaded
//
// What the branches say of an object where its descriptor is loaded has to fit
// what is known of it where the descriptor was stored. FactsAt is computed backwards over
// the branches of a function and of up to maxKindCallers of its callers; what is not known
// rules nothing out.
package discriminant

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// maxKindCallers is how many callers of one function are asked what they know of
// an object.
const maxKindCallers = 8

// Facts are what is known of the members of an object, by their paths below it.
type Facts map[string]*value.Fact

// FactsAt returns what branches say of the object x where e is evaluated, in this
// function and in all that call it.
func FactsAt(p *program.Program, fi *program.FuncInfo, x, e *parse.Expr, depth int) Facts {
	x = program.Pointee(x)
	base, n := value.PathOf(x), fi.NodeOf(e)
	if base == "" || n == nil || !oneElement(fi, base) {
		return nil
	}
	out := Facts{}
	for _, asked := range askedBelow(fi, base) {
		path, _, _ := strings.Cut(asked, "&")
		if f := defuse.FactsAtNode(fi, n, path, asked); !f.Top() {
			out[asked[len(base)+1:]] = f
		}
	}
	d := fi.Lookup(value.RootOf(base), e.Pos)
	if x.Kind != parse.XIdent || d == nil || depth > 1 {
		return out
	}
	i := fi.ParamIndex(d)
	calls := p.Callers(fi.Func)
	if i < 0 || fi.Func.Macro != nil || len(calls) == 0 || len(calls) > maxKindCallers || len(p.AddressesTaken(fi.Func)) > 0 ||
		len(defuse.DefNodes(fi)[base]) > 0 && reassigned(fi, d) {
		return out
	}
	var above Facts
	for k, c := range calls {
		if i >= len(c.Expr.Args) {
			return out
		}
		own := FactsAt(p, c.In, c.Expr.Args[i], c.Expr, depth+1)
		if k == 0 {
			above = own
			continue
		}
		for below, f := range above {
			if g := own[below]; g == nil || value.Join(f, g).Top() {
				delete(above, below)
			} else {
				above[below] = value.Join(f, g)
			}
		}
	}
	for below, f := range above {
		if out[below] == nil {
			out[below] = f
		}
	}
	return out
}

// reassigned reports whether a parameter is given another value.
func reassigned(fi *program.FuncInfo, d *parse.Decl) bool {
	for u := range fi.Named(d.Name) {
		if up := u.Up; up != nil && fi.Lookup(d.Name, u.Pos) == d && (up.Kind == parse.XAssign && up.X == u ||
			up.Kind == parse.XPostfix || up.Kind == parse.XUnary && up.Op != token.Mul && up.Op != token.Not) {
			return true
		}
	}
	return false
}

// oneElement reports whether a path means one object wherever the function spells
// it: it goes through no array, or always with the same index.
func oneElement(fi *program.FuncInfo, path string) bool {
	if !strings.Contains(path, "[]") {
		return true
	}
	index := ""
	for u := range fi.Named(value.RootOf(path)) {
		for x := u; x.Up != nil && x.Up.Kind != parse.XCall; x = x.Up {
			if x.Up.Kind == parse.XIndex && x.Up.X == x {
				if x.Up.Y == nil {
					return false
				}
				s := fi.Text(x.Up.Y)
				if index != "" && s != index {
					return false
				}
				index = s
			}
		}
	}
	return true
}

// askedBelow lists what the conditions of the function ask for of the object base.
func askedBelow(fi *program.FuncInfo, base string) (out []string) {
	var all []string
	for _, n := range fi.Graph().Nodes {
		if len(n.Succ) > 1 && n.Succ[0].Cond != nil {
			all = value.TestedPaths(all, n.Succ[0].Cond)
		}
	}
	for _, asked := range all {
		if strings.HasPrefix(asked, base+".") && len(out) < eval.MaxBranchFacts {
			out = append(out, asked)
		}
	}
	return out
}

// OtherKind reports whether what the function stores in the member below, beside
// the descriptor, is never what f says.
func OtherKind(ev *eval.Evaluator, q flow.Store, below string, f *value.Fact) bool {
	member, bit, masked := strings.Cut(below, "&")
	var stored []*parse.Expr
	if q.Expr.Kind == parse.XMember {
		stored = storedBeside(q.In, q.Expr, member)
	} else if row := q.Expr.Up; row != nil && row.Kind == parse.XDesig && row.Up != nil {
		for _, a := range row.Up.Args {
			if a.Kind == parse.XDesig && a.Name == member {
				stored = append(stored, a.X)
			}
		}
	}
	for _, x := range stored {
		var can []string
		var known bool
		if masked {
			can, known = bitOf(ev, q, x, bit)
		} else {
			can, known = kindsStored(ev, q, x)
		}
		if !known ||
			slices.ContainsFunc(can, func(v string) bool { return !ev.Contradicts(q.In, &value.Fact{Allowed: value.NameSet{v}}, f) }) {
			return false
		}
	}
	return len(stored) > 0
}

// kindsStored returns what a value stored beside the descriptor can be.
func kindsStored(ev *eval.Evaluator, q flow.Store, x *parse.Expr) (list []string, known bool) {
	if s := x.Strip(); s != nil && s.Kind == parse.XIdent && (s.Name == "true" || s.Name == "false") {
		return []string{s.Name}, !operates(x)
	}
	v := ev.Eval(q.In, x, q.Frame)
	return v.Set, v.Unknown == "" && len(v.Set) > 0 && !operates(x)
}

// operates reports whether a value is stored by an operator such as |=.
func operates(x *parse.Expr) bool { return x.Up.Kind == parse.XAssign && x.Up.Op != token.Assign }

// bitOf returns what a bit of a stored value can be, "0" or "1": by the numbers
// that the value can be, else by whether the bit is named in it.
func bitOf(ev *eval.Evaluator, q flow.Store, x *parse.Expr, bit string) (list []string, known bool) {
	if list, known = bitByNumber(ev, q, x, bit); known {
		return list, true
	}
	if mentionsName(x, bit) {
		return []string{"1"}, true
	}
	return []string{"0"}, !operates(x)
}

func bitByNumber(ev *eval.Evaluator, q flow.Store, x *parse.Expr, bit string) (out []string, known bool) {
	if operates(x) {
		return nil, false
	}
	mask := ev.NumberOf(q.In, bit)
	v := eval.NewIntEval(ev.Prog, ev.Sess).Eval(q.In, x, q.Frame)
	if len(mask.Set) != 1 || mask.Open || v.Open || v.Loop || len(v.Set) == 0 {
		return nil, false
	}
	for _, n := range v.Set {
		out = append(out, strconv.FormatInt(value.BoolInt(n&mask.Set[0] != 0), 10))
	}
	return out, true
}

// storedBeside returns what is stored in another member of the object that e is a
// member of, on a way that the store to e is on as well.
func storedBeside(fi *program.FuncInfo, e *parse.Expr, member string) (out []*parse.Expr) {
	path := value.PathOf(e.X) + "." + member
	for m := range fi.Named(member[strings.LastIndexByte(member, '.')+1:]) {
		if m.Kind != parse.XMember || m.Up == nil || m.Up.Kind != parse.XAssign || m.Up.X != m || value.PathOf(m) != path {
			continue
		}
		if at := m.Up; fi.NodeOf(at) == fi.NodeOf(e) || defuse.CanFollow(fi, at, e) || defuse.CanFollow(fi, e, at) {
			out = append(out, at.Y)
		}
	}
	return out
}

// mentionsName reports whether a name occurs in an expression.
func mentionsName(e *parse.Expr, name string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XIdent && value.ConstName(x) == name
		return !found
	})
	return found
}
