package parse

import "github.com/keepatch/keepatch/parse/token"

// castAt reports whether the parenthesis at the current token holds a type.
func (p *parser) castAt() bool {
	end := p.groupEnd(p.i)
	n := p.peek(1)
	if p.isTypeStart(n) {
		return true
	}
	if n.Kind != token.Ident {
		return false
	}
	// ( A ), ( A * ), ( A const * ), ( A B * )
	k, stars := p.i+1, 0
	for k < end-1 {
		switch t := p.toks[k]; {
		case t.Op == token.Mul:
			stars++
		case t.Op == token.KwConst || t.Op == token.KwStorage || t.Op == token.KwTypeSpec:
		case t.Kind == token.Ident && stars == 0 && (k-p.i <= 2 || k-p.i == 3 && p.toks[k-1].Op == token.KwConst):
		case t.Op == token.LBrack && k > p.i+1:
			k = p.groupEnd(k) - 1
		case t.Op == token.LParen && k > p.i+1 && k+2 < len(p.toks) && p.toks[k+1].Op == token.Mul && p.toks[k+2].Op == token.RParen:
			k = p.groupEnd(k) - 1 // A (*)(B), but not the call f(*a)
			stars++
		case t.Op == token.LParen && k == p.i+2 && p.peek(p.groupEnd(k)-p.i).Op == token.Mul:
			k = p.groupEnd(k) - 1 // STACK_OF(X) *
		case t.Op == token.LParen && stars > 0 && p.toks[k-1].Op == token.RParen:
			k = p.groupEnd(k) - 1 // its parameters
		default:
			return false
		}
		k++
	}
	if stars > 0 {
		return true
	}
	if end >= len(p.toks) {
		return false
	}
	known := p.f.isTypeName(p.f.Text(n))
	operand := p.afterOperator()
	switch t := p.toks[end]; {
	case t.Kind == token.Ident && (operand || !t.Bol), t.Kind == token.Number, t.Kind == token.String, t.Kind == token.Char,
		t.Op == token.KwSizeof, t.Op == token.LBrace && (known || operand):
		return true
	case t.Op == token.LParen && end+1 < len(p.toks) && p.isTypeStart(p.toks[end+1]):
		return true // (A)(int)x
	case t.Op == token.LParen, t.Op == token.And, t.Op == token.Mul, t.Op == token.Sub,
		t.Op == token.Not, t.Op == token.Tilde, t.Op == token.Add:
		return known
	case t.Op == token.RParen || t.Op == token.Semi || t.Op == token.Comma:
		return known && p.i > 0 && p.toks[p.i-1].Op == token.KwSizeof
	}
	return false
}

// afterOperator reports whether the token before asks for an operand, so that
// what follows can be no statement of its own.
func (p *parser) afterOperator() bool {
	switch t := p.peek(-1); t.Op {
	case token.RParen, token.RBrack, token.RBrace, token.LBrace, token.Semi, token.Colon, token.Inc, token.Dec:
		return false
	case token.KwReturn:
		return true
	default:
		return t.Kind == token.Punct
	}
}

func (p *parser) castType() *Type {
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	var d Decl
	ty := p.specs(&d)
	d.Type = ty
	if p.tok().Op == token.LParen && p.peek(p.groupEnd(p.i)-p.i).Op == token.Mul {
		p.skipGroup() // the argument of a macro that builds a type
	}
	p.declarator(&d)
	p.i, p.toks = end, all
	return ty
}
