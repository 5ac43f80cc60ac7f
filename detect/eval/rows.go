package eval

import (
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// rowsOfCaller evaluates a member of a table's row, in a function that is only called
// through a pointer of that very row: t->dial(t, host). It has the values of the
// rows that hold the function. rest is the path below parameter i.
func (ev *Evaluator) rowsOfCaller(fi *program.FuncInfo, i int, e *parse.Expr, suffix, rest string) (v value.Values, ok bool) {
	p := ev.Prog
	k := strings.LastIndexByte(rest, '.')
	chain, _ := ev.pathSteps(fi, e, suffix)
	if k < 0 || strings.Contains(rest, "[]") || len(chain) == 0 {
		return v, false
	}
	name, key := rest[k+1:], p.StructKeyOr(fi.File, chain[len(chain)-1].owner)
	mentions := p.AddressesTaken(fi.Func)
	if len(mentions) == 0 {
		return v, false
	}
	if p.MemberAssigned(key, name) {
		return v, false
	}
	for _, c := range callgraph.CallSites(p, fi.Func) {
		through := c.Expr.X.Strip()
		for through != nil && through.Kind == parse.XUnary && through.Op == token.Mul {
			through = through.X.Strip()
		}
		if through == nil || through.Kind != parse.XMember || i >= len(c.Expr.Args) {
			return v, false
		}
		if a := value.PathOf(c.Expr.Args[i]); a == "" || a+rest[:k] != value.PathOf(through.X) {
			return v, false
		}
	}
	for _, m := range mentions {
		row := m.Expr.Up
		if row != nil && row.Kind == parse.XDesig {
			row = row.Up
		}
		if m.Decl == nil || row == nil || row.Kind != parse.XInit {
			return v, false
		}
		base, _ := program.DeclType(m.Decl)
		if p.StructKeyOr(m.File, base) != key {
			return v, false
		}
		host := &program.FuncInfo{Func: &parse.Func{File: m.File.Tree()}, File: m.File}
		if x := host.FieldInit(row, base, name); x != nil {
			v.Join(ev.Eval(host, x, nil))
		} else {
			v.Add("0")
		}
	}
	return v, true
}
