package judge

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// socketArgsByRow splits the arguments of a socket() call that are members of one
// element of a table by the table's rows, so that the domain of one row is
// never combined with the type of another. It returns t itself where the rows
// do not account for all that the members can hold.
func socketArgsByRow(p *program.Program, ev *eval.Evaluator, r program.Ref, t socketArgs) []socketArgs {
	whole := []socketArgs{t}
	if len(r.Expr.Args) < 3 || len(t.domain.Set) < 2 || len(t.typ.Set) < 2 || t.domain.Unknown != "" || t.typ.Unknown != "" {
		return whole
	}
	dom, typ, proto := r.Expr.Args[0].Strip(), r.Expr.Args[1].Strip(), r.Expr.Args[2].Strip()
	if !value.SameBase(dom, typ) {
		return whole
	}
	base, _ := r.In.TypeOf(dom.X)
	if p.IsAssigned(r.In, dom) || p.IsAssigned(r.In, typ) {
		return whole
	}
	var out []socketArgs
	var all socketArgs
	for _, row := range p.RowsOf(r.In.File, p.StructKeyOr(r.In.File, base), base) {
		host := row.In
		at := func(m *parse.Expr) value.Values {
			if x := host.FieldInit(row.Expr, base, m.Name); x != nil {
				return ev.Eval(host, x, nil)
			}
			return value.Single("0")
		}
		q := socketArgs{at(dom), at(typ), t.proto}
		if value.SameBase(dom, proto) {
			q.proto = at(proto)
		}
		all.domain.Join(q.domain)
		all.typ.Join(q.typ)
		if q.domain.Only("0") && q.typ.Only("0") {
			continue // the row that ends the table
		}
		if !q.domain.Within(t.domain) || !q.typ.Within(t.typ) {
			continue // a row that is not used here
		}
		out = append(out, q)
	}
	if len(out) == 0 || len(out) > 64 || !t.domain.Within(all.domain) || !t.typ.Within(all.typ) {
		return whole
	}
	return out
}
