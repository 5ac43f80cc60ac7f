package parse

import "github.com/keepatch/keepatch/parse/token"

// initializer reads what stands after =.
func (p *parser) initializer() *Expr {
	if p.tok().Op != token.LBrace {
		return p.expr(precAssign)
	}
	x := p.node(Expr{Kind: XInit, Pos: int(p.tok().Off)})
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	p.depth++
	for p.i < end-1 && p.depth <= maxDepth {
		at := p.i
		item := p.initItem()
		if item == nil {
			item = p.hole() // those after it keep their numbers
		}
		x.Args = append(x.Args, item)
		for p.i < end-1 && p.tok().Op != token.Comma {
			if o := p.tok().Op; o == token.LParen || o == token.LBrace || o == token.LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == token.Comma && p.i < end-1 {
			p.i++
		}
		if p.i == at {
			p.i++
		}
	}
	p.depth--
	p.i, p.toks = end, all
	x.End = p.lastEnd()
	return x
}

func (p *parser) initItem() *Expr {
	t := p.tok()
	switch {
	case t.Op == token.Dot && p.peek(1).Kind == token.Ident:
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(p.peek(1)), NamePos: int(p.peek(1).Off)})
		p.i += 2
		for p.tok().Op == token.Dot || p.tok().Op == token.LBrack {
			if p.tok().Op == token.Dot {
				p.i++
				d.Name = p.f.Text(p.tok())
				p.i++
			} else {
				p.skipGroup()
			}
		}
		if p.tok().Op == token.Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Op == token.LBrack:
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off)})
		p.i++
		d.Y = p.expr(precCond)
		for p.tok().Op != token.RBrack && p.tok().Kind != token.EOF && p.tok().Op != token.Semi {
			p.i++
		}
		p.i++
		if p.tok().Op == token.Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Kind == token.Ident && p.peek(1).Op == token.Colon: // gcc's old designator
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(t), NamePos: int(t.Off)})
		p.i += 2
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	}
	return p.initializer()
}
