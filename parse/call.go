package parse

import "github.com/keepatch/keepatch/parse/token"

func (p *parser) postfix(x *Expr) *Expr {
	if x == nil {
		return nil
	}
	for n := 0; ; n++ {
		t := p.tok()
		switch {
		case n > maxChain:
			return x
		case t.Op == token.LParen:
			x = p.callOf(x)
		case t.Op == token.LBrack:
			p.i++
			e := p.node(Expr{Kind: XIndex, Pos: x.Pos, X: x})
			e.Y = p.expr(precComma)
			if p.tok().Op != token.RBrack {
				e.Y = p.loose(e.Y, token.RBrack)
			}
			if p.tok().Op == token.RBrack {
				p.i++
			}
			e.End = p.lastEnd()
			x = e
		case (t.Op == token.Dot || t.Op == token.Arrow) && (p.peek(1).Kind == token.Ident || p.peek(1).Kind == token.Keyword):
			n := p.peek(1)
			p.i += 2
			x = p.node(Expr{Kind: XMember, Op: t.Op, Pos: x.Pos, End: int(n.End), X: x, Name: p.f.Text(n), NamePos: int(n.Off)})
		case t.Op == token.Inc || t.Op == token.Dec:
			p.i++
			x = p.node(Expr{Kind: XPostfix, Op: t.Op, Pos: x.Pos, End: int(t.End), X: x})
		default:
			return x
		}
	}
}

// maxChoices is how many calls of one function or another stand within each other's
// arguments, each of which is read once a function.
const maxChoices = 3

// callOf reads the arguments of a call. One of the functions of a choice,
// (c ? f : g)(x), is read as c ? f(x) : g(x).
func (p *parser) callOf(fun *Expr) *Expr {
	c := fun.Bare()
	if fun.Kind != XParen || c == nil || c.Kind != XCond || c.Y == nil || !isChoice(c) || p.choices >= maxChoices {
		return p.call(fun)
	}
	p.choices++
	defer func() { p.choices-- }()
	e := p.node(Expr{Kind: XCond, Op: c.Op, Pos: fun.Pos, X: c.X})
	from := p.i
	e.Y = p.callOf(c.Y)
	p.i = from
	e.Z = p.callOf(c.Z)
	e.End = p.lastEnd()
	return e
}

// isChoice reports whether both arms are names, or choices of names.
func isChoice(c *Expr) bool {
	arm := func(e *Expr) bool {
		b := e.Bare()
		return b != nil && (b.Kind == XIdent || e.Kind == XParen && b.Kind == XCond && b.Y != nil && isChoice(b))
	}
	return arm(c.Y) && arm(c.Z)
}

func (p *parser) call(fun *Expr) *Expr {
	e := p.node(Expr{Kind: XCall, Pos: fun.Pos, NamePos: fun.Bare().pos(fun.Pos), X: fun})
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	from := len(p.args)
	for p.i < end-1 && p.tok().Kind != token.EOF {
		at := p.i
		a := p.expr(precAssign)
		if o := p.tok().Op; o != token.Comma && p.i < end-1 {
			a = p.argument(a, end)
		}
		if a == nil {
			a = p.node(Expr{Kind: XOpaque, Pos: p.lastEnd(), End: p.lastEnd()}) // empty
		}
		p.args = append(p.args, a)
		if p.tok().Op == token.Comma && p.i < end-1 {
			p.i++
		} else if p.i == at {
			p.i++
		}
	}
	e.Args = append(e.Args, p.args[from:]...)
	p.args = p.args[:from]
	p.i, p.toks = end, all
	e.End = p.lastEnd()
	return e
}

// argument reads the rest of a macro's argument that is no expression: a
// statement, a type, an operator. Statements inside are read as such, so that
// BAD_SOCKET(s = socket(...)) and DO({ ... }) keep their calls.
func (p *parser) argument(first *Expr, end int) *Expr {
	o := p.node(Expr{Kind: XOpaque})
	if first != nil {
		o.Pos = first.Pos
		o.Args = append(o.Args, first)
	} else {
		o.Pos = int(p.tok().Off)
	}
	for p.i < end-1 && p.tok().Op != token.Comma {
		at := p.i
		if p.tok().Op == token.LBrace {
			s := p.block()
			o.Args = append(o.Args, p.node(Expr{Kind: XBlock, Pos: s.Pos, End: s.End, Block: s}))
			continue
		}
		if x := p.expr(precAssign); x != nil {
			o.Args = append(o.Args, x)
		}
		if p.i == at {
			p.i++
		}
	}
	o.End = max(p.lastEnd(), o.Pos)
	return o
}

// pos is where e begins, or else where there is no e.
func (e *Expr) pos(other int) int {
	if e == nil {
		return other
	}
	return e.Pos
}
