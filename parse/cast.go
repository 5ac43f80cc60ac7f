package parse

// castAt reports whether the parenthesis at the current token holds a type.
func (p *parser) castAt() bool {
	end := p.groupEnd(p.i)
	n := p.peek(1)
	if p.isTypeStart(n) {
		return true
	}
	if n.Kind != Ident {
		return false
	}
	// ( A ), ( A * ), ( A const * ), ( A B * )
	k, stars := p.i+1, 0
	for k < end-1 {
		switch t := p.toks[k]; {
		case t.Op == Mul:
			stars++
		case t.Op == KwConst || t.Op == KwStorage || t.Op == KwTypeSpec:
		case t.Kind == Ident && stars == 0 && (k-p.i <= 2 || k-p.i == 3 && p.toks[k-1].Op == KwConst):
		case t.Op == LBrack && k > p.i+1:
			k = p.groupEnd(k) - 1
		case t.Op == LParen && k > p.i+1 && k+2 < len(p.toks) && p.toks[k+1].Op == Mul && p.toks[k+2].Op == RParen:
			k = p.groupEnd(k) - 1 // A (*)(B), but not the call f(*a)
			stars++
		case t.Op == LParen && k == p.i+2 && p.peek(p.groupEnd(k)-p.i).Op == Mul:
			k = p.groupEnd(k) - 1 // STACK_OF(X) *
		case t.Op == LParen && stars > 0 && p.toks[k-1].Op == RParen:
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
	operand := p.behindOperator()
	switch t := p.toks[end]; {
	case t.Kind == Ident && (operand || !t.Bol), t.Kind == Number, t.Kind == String, t.Kind == Char, t.Op == KwSizeof, t.Op == LBrace && (known || operand):
		return true
	case t.Op == LParen && end+1 < len(p.toks) && p.isTypeStart(p.toks[end+1]):
		return true // (A)(int)x
	case t.Op == LParen, t.Op == And, t.Op == Mul, t.Op == Sub, t.Op == Not, t.Op == Tilde, t.Op == Add:
		return known
	case t.Op == RParen || t.Op == Semi || t.Op == Comma:
		return known && p.i > 0 && p.toks[p.i-1].Op == KwSizeof
	}
	return false
}

// behindOperator reports whether the token before asks for an operand, so that
// what follows can be no statement of its own.
func (p *parser) behindOperator() bool {
	switch t := p.peek(-1); t.Op {
	case RParen, RBrack, RBrace, LBrace, Semi, Colon, Inc, Dec:
		return false
	case KwReturn:
		return true
	default:
		return t.Kind == Punct
	}
}

func (p *parser) castType() *Type {
	end := p.groupEnd(p.i)
	all := p.within(end)
	p.i++
	var d Decl
	ty := p.specs(&d)
	d.Type = ty
	if p.tok().Op == LParen && p.peek(p.groupEnd(p.i)-p.i).Op == Mul {
		p.skipGroup() // the argument of a macro that builds a type
	}
	p.declarator(&d)
	p.i, p.toks = end, all
	return ty
}
