package argswitch

import (
	"strconv"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// countedFirst is the function that allows certain numbers of arguments alone before the options
// are read, as by `if (argc != 3) exit(1);`: with one more, the program would only complain. ""
// for none. It looks at main() and at the function that reads the options.
func (j *extension) countedFirst(p *program.Program, sp *patch.Spelling) string {
	for _, fn := range []*parse.Func{p.Main.Forms[0], sp.Func} {
		if fn == nil {
			continue
		}
		at := j.lastEdit(fn)
		if fn != sp.Func && sp.Func != nil {
			at = j.wayTo(p, sp.Func)
		}
		c := counter{j: j, f: fn.File, name: countParam(fn)}
		if at >= 0 && c.name != "" && c.refuses(fn.Body().List, at) {
			return fn.Name
		}
	}
	return ""
}

// lastEdit is the last place in a function that is changed so far, -1 for none.
func (j *extension) lastEdit(fn *parse.Func) int {
	at := -1
	for _, e := range j.Edits[fn.File] {
		if fn.BodyPos < e.Start && e.Start < fn.End {
			at = max(at, e.Start)
		}
	}
	return at
}

// wayTo is where main() first names a function, or one that leads to it; -1 for nowhere.
func (j *extension) wayTo(p *program.Program, to *parse.Func) int {
	f := p.Main.File
	toks := f.Between(p.Main.Forms[0].BodyPos, p.Main.Last())
	for _, t := range toks {
		if t.Kind == token.Ident && f.Text(t) == to.Name {
			return int(t.Off)
		}
	}
	for _, t := range toks {
		if t.Kind != token.Ident {
			continue
		}
		for _, n := range j.Tree.Find(f.Text(t), f) {
			if n.Macro || n == p.Main {
				continue
			}
			for m := range j.Tree.Reach(n) {
				if m.File == to.File && m.Name == to.Name {
					return int(t.Off)
				}
			}
		}
	}
	return -1
}

// countParam is the parameter that stands before a list of arguments.
func countParam(fn *parse.Func) string {
	for i := 1; i < len(fn.Params); i++ {
		n, t := fn.Params[i-1], fn.Params[i].Type
		if t != nil && t.Base == "char" && n.Type != nil && n.Type.Base == "int" && n.Type.Ptr == 0 {
			return n.Name
		}
	}
	return ""
}

// counter looks for conditions on the number of arguments.
type counter struct {
	j    *extension
	f    *parse.File
	name string
}

// refuses reports whether statements before a place leave for another number of arguments, or the
// place stands under a condition on it.
func (c counter) refuses(list []*parse.Stmt, at int) bool {
	for _, s := range list {
		if s.Pos > at {
			break
		}
		if at < s.End {
			switch {
			case s.Kind == parse.SBlock:
				return c.refuses(s.List, at)
			case s.Kind == parse.SIf && s.Body != nil && s.Body.Pos <= at && at < s.Body.End:
				return c.is(s.Expr, token.EqEq) || c.refuses([]*parse.Stmt{s.Body}, at)
			case s.Kind == parse.SIf && s.Else != nil && s.Else.Pos <= at:
				return c.is(s.Expr, token.NotEq) || c.refuses([]*parse.Stmt{s.Else}, at)
			}
			return false
		}
		if s.Kind == parse.SIf && s.Body != nil && c.is(s.Expr, token.NotEq) && c.j.s.ctx.Leaves(c.f, s.Body) {
			return true
		}
	}
	return false
}

// is reports whether a condition asks for one number of arguments (==), or for any other (!=, or a
// small number that is exceeded).
func (c counter) is(e *parse.Expr, op token.Op) bool {
	e = e.Strip()
	if e == nil || e.Kind != parse.XBinary {
		return false
	}
	switch e.Op {
	case token.OrOr:
		return c.is(e.X, op) || c.is(e.Y, op)
	case token.AndAnd:
		if op == token.EqEq {
			return c.is(e.X, op) || c.is(e.Y, op)
		}
		return c.is(e.X, op) && c.is(e.Y, op)
	}
	x, y := e.X.Strip(), e.Y.Strip()
	if x == nil || y == nil {
		return false
	}
	exceeds := e.Op == token.Gt || e.Op == token.Ge
	if y.Kind == parse.XIdent && y.Name == c.name {
		x, y, exceeds = y, x, e.Op == token.Lt || e.Op == token.Le
	}
	if x.Kind != parse.XIdent || x.Name != c.name || y.Kind != parse.XNumber {
		return false
	}
	n, err := strconv.Atoi(y.Name)
	return e.Op == op || op == token.NotEq && exceeds && err == nil && n < 8
}
