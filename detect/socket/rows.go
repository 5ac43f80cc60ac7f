package socket

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// byRow splits the arguments of a socket() call that are members of one
// element of a table by the table's rows, so that the domain of one row is
// never combined with the type of another. It returns t itself where the rows
// do not account for all that the members can hold.
func byRow(p *program.Program, ev *eval.Evaluator, r program.Ref, t Args) []Args {
	whole := []Args{t}
	if len(r.Expr.Args) < 3 || len(t.Domain.Set) < 2 || len(t.Type.Set) < 2 || t.Domain.Unknown != "" || t.Type.Unknown != "" {
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
	var out []Args
	var all Args
	for _, row := range p.RowsOf(r.In.File, p.StructKeyOr(r.In.File, base), base) {
		host := row.In
		at := func(m *parse.Expr) value.Values {
			if x := host.FieldInit(row.Expr, base, m.Name); x != nil {
				return ev.Eval(host, x, nil)
			}
			return value.Single("0")
		}
		q := Args{at(dom), at(typ), t.Protocol}
		if value.SameBase(dom, proto) {
			q.Protocol = at(proto)
		}
		all.Domain.Join(q.Domain)
		all.Type.Join(q.Type)
		if q.Domain.Only("0") && q.Type.Only("0") {
			continue // the row that ends the table
		}
		if !q.Domain.Within(t.Domain) || !q.Type.Within(t.Type) {
			continue // a row that is not used here
		}
		out = append(out, q)
	}
	if len(out) == 0 || len(out) > 64 || !t.Domain.Within(all.Domain) || !t.Type.Within(all.Type) {
		return whole
	}
	return out
}
