package parse

import "github.com/keepatch/keepatch/parse/token"

func (p *parser) cond(s *Stmt) {
	// A macro may stand between the keyword and its parenthesis: if UNLIKELY(x).
	if p.tok().Kind == token.Ident && p.peek(1).Op == token.LParen {
		s.Expr = p.expr(precComma)
		s.HeadEnd = p.lastEnd()
		return
	}
	if p.tok().Kind == token.Ident { // if HAS_IT { ... }
		s.Expr = p.primary()
		s.HeadEnd = p.lastEnd()
		return
	}
	if p.tok().Op != token.LParen {
		s.HeadEnd = p.lastEnd()
		return
	}
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	s.Expr = p.expr(precComma)
	if p.i < end-1 {
		s.Expr = p.loose(s.Expr, token.RParen)
	}
	p.i, p.toks = end, all
	s.HeadEnd = p.lastEnd()
}

func (p *parser) forHead(s *Stmt) {
	p.i++
	s.Kind = SFor
	if p.tok().Op != token.LParen {
		s.HeadEnd = p.lastEnd()
		return
	}
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	switch {
	case p.tok().Op == token.Semi:
		p.i++
	case p.atDecl():
		d := p.stmtAt(p.tok())
		d.Kind = SDecl
		d.Decls = p.declaration(false)
		d.End = p.lastEnd()
		s.Init = d
	default:
		d := p.stmtAt(p.tok())
		d.Kind = SExpr
		d.Expr = p.expr(precComma)
		if p.tok().Op == token.Semi {
			p.i++
		}
		if d.End = p.lastEnd(); d.End > d.Pos && p.tok().Kind != token.EOF {
			s.Init = d
		}
	}
	if p.i < end && p.tok().Op != token.Semi {
		s.Expr = p.expr(precComma)
	}
	if p.i < end && p.tok().Op == token.Semi {
		p.i++
	}
	if p.i < end-1 {
		s.Post = p.expr(precComma)
	}
	p.i, p.toks = end, all
	s.HeadEnd = p.lastEnd()
}

func (p *parser) colon() {
	for p.tok().Op != token.Colon && p.tok().Op != token.Semi && p.tok().Op != token.RBrace && p.tok().Kind != token.EOF {
		p.i++
	}
	if p.tok().Op == token.Colon {
		p.i++
	}
}
