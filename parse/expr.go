package parse

import "github.com/keepatch/keepatch/parse/token"

// Binding powers, weakest first.
const (
	precComma = iota + 1
	precAssign
	precCond
	precOrOr
	precAndAnd
	precOr
	precXor
	precAnd
	precEq
	precRel
	precShift
	precAdd
	precMul
)

func binaryPrec(op token.Op) int {
	switch op {
	case token.Comma:
		return precComma
	case token.Assign, token.MulAssign, token.DivAssign, token.ModAssign, token.AddAssign, token.SubAssign,
		token.ShlAssign, token.ShrAssign, token.AndAssign, token.XorAssign, token.OrAssign:
		return precAssign
	case token.Question:
		return precCond
	case token.OrOr:
		return precOrOr
	case token.AndAnd:
		return precAndAnd
	case token.Or:
		return precOr
	case token.Xor:
		return precXor
	case token.And:
		return precAnd
	case token.EqEq, token.NotEq:
		return precEq
	case token.Lt, token.Gt, token.Le, token.Ge:
		return precRel
	case token.Shl, token.Shr:
		return precShift
	case token.Add, token.Sub:
		return precAdd
	case token.Mul, token.Div, token.Mod:
		return precMul
	}
	return 0
}

// expr reads an expression whose operators bind at least as tightly as min.
// It returns nil where no expression begins.
func (p *parser) expr(min int) *Expr {
	if p.depth > maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	x := p.unary()
	if x == nil {
		return nil
	}
	for n := 0; ; n++ {
		op := p.tok().Op
		prec := binaryPrec(op)
		if prec == 0 || prec < min || n > maxChain {
			return x
		}
		at := p.i
		p.i++
		switch {
		case op == token.Question:
			e := p.node(Expr{Kind: XCond, Op: op, Pos: x.Pos, X: x})
			if p.tok().Op != token.Colon {
				e.Y = p.expr(precComma)
			}
			if p.tok().Op == token.Colon {
				p.i++
				e.Z = p.expr(precCond)
			}
			if e.Z == nil {
				e.Z = p.hole()
			}
			e.End = p.lastEnd()
			x = e
		case op == token.Comma:
			y := p.expr(precAssign)
			if y == nil {
				p.i = at
				return x
			}
			if x.Kind != XComma {
				x = p.node(Expr{Kind: XComma, Pos: x.Pos, Args: []*Expr{x}})
			}
			x.Args = append(x.Args, y)
			x.End = p.lastEnd()
		case prec == precAssign:
			y := p.expr(precAssign)
			if p.tok().Op == token.LBrace && y == nil {
				y = p.initializer()
			}
			if y == nil {
				y = p.hole()
			}
			x = p.node(Expr{Kind: XAssign, Op: op, Pos: x.Pos, End: p.lastEnd(), X: x, Y: y})
		default:
			y := p.expr(prec + 1)
			if y == nil {
				// An operator as a macro's argument, CMP(a, <, b): keep what there is.
				return p.node(Expr{Kind: XOpaque, Pos: x.Pos, End: p.lastEnd(), Args: []*Expr{x}})
			}
			x = p.node(Expr{Kind: XBinary, Op: op, Pos: x.Pos, End: p.lastEnd(), X: x, Y: y})
		}
	}
}

// hole stands where an operand is missing, so that no reader of a tree has
// to ask whether it is there.
func (p *parser) hole() *Expr {
	at := p.lastEnd()
	return p.node(Expr{Kind: XOpaque, Pos: at, End: at})
}

func (p *parser) unary() *Expr {
	if p.depth > maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	t := p.tok()
	switch t.Op {
	case token.Not, token.Tilde, token.Sub, token.Add, token.Mul, token.And, token.Inc, token.Dec, token.AndAnd, token.KwExtension:
		p.i++
		x := p.unary()
		if x == nil {
			x = p.hole()
		}
		return p.node(Expr{Kind: XUnary, Op: t.Op, Pos: int(t.Off), End: p.lastEnd(), X: x})
	case token.KwSizeof, token.KwAlignof:
		p.i++
		e := p.node(Expr{Kind: XSizeof, Pos: int(t.Off)})
		if p.tok().Op == token.LParen && p.castAt() {
			e.Type = p.castType()
		} else {
			e.X = p.unary()
		}
		e.End = p.lastEnd()
		return e
	case token.LParen:
		if p.castAt() {
			end := p.groupEnd(p.i)
			if end < len(p.toks) && p.toks[end].Op == token.LBrace {
				ty := p.castType()
				x := p.initializer()
				return p.postfix(p.node(Expr{Kind: XCompound, Pos: int(t.Off), End: p.lastEnd(), Type: ty, X: x}))
			}
			ty := p.castType()
			x := p.unary()
			if x == nil {
				x = p.hole()
			}
			return p.node(Expr{Kind: XCast, Pos: int(t.Off), End: p.lastEnd(), Type: ty, X: x})
		}
	}
	return p.postfix(p.primary())
}
