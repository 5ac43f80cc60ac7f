package parse

// initializer reads what stands behind =.
func (p *parser) initializer() *Expr {
	if p.tok().Op != LBrace {
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
			item = p.hole() // those behind it keep their numbers
		}
		x.Args = append(x.Args, item)
		for p.i < end-1 && p.tok().Op != Comma {
			if o := p.tok().Op; o == LParen || o == LBrace || o == LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == Comma && p.i < end-1 {
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
	case t.Op == Dot && p.peek(1).Kind == Ident:
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(p.peek(1)), NamePos: int(p.peek(1).Off)})
		p.i += 2
		for p.tok().Op == Dot || p.tok().Op == LBrack {
			if p.tok().Op == Dot {
				p.i++
				d.Name = p.f.Text(p.tok())
				p.i++
			} else {
				p.skipGroup()
			}
		}
		if p.tok().Op == Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Op == LBrack:
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off)})
		p.i++
		d.Y = p.expr(precCond)
		for p.tok().Op != RBrack && p.tok().Kind != EOF && p.tok().Op != Semi {
			p.i++
		}
		p.i++
		if p.tok().Op == Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Kind == Ident && p.peek(1).Op == Colon: // gcc's old designator
		d := p.node(Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(t), NamePos: int(t.Off)})
		p.i += 2
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	}
	return p.initializer()
}
