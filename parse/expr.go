package parse

import "strings"

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

func binaryPrec(op Op) int {
	switch op {
	case Comma:
		return precComma
	case Assign, MulAssign, DivAssign, ModAssign, AddAssign, SubAssign, ShlAssign, ShrAssign, AndAssign, XorAssign, OrAssign:
		return precAssign
	case Question:
		return precCond
	case OrOr:
		return precOrOr
	case AndAnd:
		return precAndAnd
	case Or:
		return precOr
	case Xor:
		return precXor
	case And:
		return precAnd
	case EqEq, NotEq:
		return precEq
	case Lt, Gt, Le, Ge:
		return precRel
	case Shl, Shr:
		return precShift
	case Add, Sub:
		return precAdd
	case Mul, Div, Mod:
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
	for {
		op := p.tok().Op
		prec := binaryPrec(op)
		if prec == 0 || prec < min {
			return x
		}
		at := p.i
		p.i++
		switch {
		case op == Question:
			e := &Expr{Kind: XCond, Op: op, Pos: x.Pos, X: x}
			if p.tok().Op != Colon {
				e.Y = p.expr(precComma)
			}
			if p.tok().Op == Colon {
				p.i++
				e.Z = p.expr(precCond)
			}
			e.End = p.lastEnd()
			x = e
		case op == Comma:
			y := p.expr(precAssign)
			if y == nil {
				p.i = at
				return x
			}
			if x.Kind != XComma {
				x = &Expr{Kind: XComma, Pos: x.Pos, Args: []*Expr{x}}
			}
			x.Args = append(x.Args, y)
			x.End = p.lastEnd()
		case prec == precAssign:
			y := p.expr(precAssign)
			if p.tok().Op == LBrace && y == nil {
				y = p.initializer()
			}
			x = &Expr{Kind: XAssign, Op: op, Pos: x.Pos, End: p.lastEnd(), X: x, Y: y}
		default:
			y := p.expr(prec + 1)
			if y == nil {
				// An operator as a macro's argument, CMP(a, <, b): keep what there is.
				return &Expr{Kind: XOpaque, Pos: x.Pos, End: p.lastEnd(), Args: []*Expr{x}}
			}
			x = &Expr{Kind: XBinary, Op: op, Pos: x.Pos, End: p.lastEnd(), X: x, Y: y}
		}
	}
}

func (p *parser) unary() *Expr {
	if p.depth > maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	t := p.tok()
	switch t.Op {
	case Not, Tilde, Sub, Add, Mul, And, Inc, Dec, AndAnd, KwExtension:
		p.i++
		x := p.unary()
		return &Expr{Kind: XUnary, Op: t.Op, Pos: int(t.Off), End: p.lastEnd(), X: x}
	case KwSizeof, KwAlignof:
		p.i++
		e := &Expr{Kind: XSizeof, Pos: int(t.Off)}
		if p.tok().Op == LParen && p.castAt() {
			e.Type = p.castType()
		} else {
			e.X = p.unary()
		}
		e.End = p.lastEnd()
		return e
	case LParen:
		if p.castAt() {
			end := p.groupEnd(p.i)
			if end < len(p.toks) && p.toks[end].Op == LBrace {
				ty := p.castType()
				x := p.initializer()
				return p.postfix(&Expr{Kind: XCompound, Pos: int(t.Off), End: p.lastEnd(), Type: ty, X: x})
			}
			ty := p.castType()
			x := p.unary()
			return &Expr{Kind: XCast, Pos: int(t.Off), End: p.lastEnd(), Type: ty, X: x}
		}
	}
	return p.postfix(p.primary())
}

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
		case t.Kind == Ident && stars == 0 && k-p.i <= 2:
		case t.Op == LBrack && k > p.i+1:
			k = p.groupEnd(k) - 1
		case t.Op == LParen && k > p.i+1 && k+1 < len(p.toks) && p.toks[k+1].Op == Mul:
			k = p.groupEnd(k) - 1
			stars++
		case t.Op == LParen && stars > 0:
			k = p.groupEnd(k) - 1
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
	switch t := p.toks[end]; {
	case t.Kind == Ident && !t.Bol, t.Kind == Number, t.Kind == String, t.Kind == Char, t.Op == KwSizeof, t.Op == LBrace && known:
		return true
	case t.Op == LParen, t.Op == And, t.Op == Mul, t.Op == Sub, t.Op == Not, t.Op == Tilde, t.Op == Add:
		return known
	case t.Op == RParen || t.Op == Semi || t.Op == Comma:
		return known && p.i > 0 && p.toks[p.i-1].Op == KwSizeof
	}
	return false
}

func (p *parser) castType() *Type {
	end := p.groupEnd(p.i)
	p.i++
	var d Decl
	ty := p.specs(&d)
	d.Type = ty
	p.declarator(&d)
	p.i = end
	return ty
}

func (p *parser) primary() *Expr {
	t := p.tok()
	pos := int(t.Off)
	switch {
	case t.Kind == Ident || t.Op == KwGeneric || t.Op == KwTypeof:
		p.i++
		e := &Expr{Kind: XIdent, Pos: pos, NamePos: pos, Name: p.f.Text(t), End: int(t.End)}
		if n := p.tok(); n.Kind == String { // PRIu64 "..."
			return p.literal(e)
		}
		return e
	case t.Kind == Number:
		p.i++
		return &Expr{Kind: XNumber, Pos: pos, Name: p.f.Text(t), End: int(t.End)}
	case t.Kind == Char:
		p.i++
		return &Expr{Kind: XChar, Pos: pos, Name: p.f.Text(t), End: int(t.End)}
	case t.Kind == String:
		return p.literal(&Expr{Pos: pos})
	case t.Op == LParen:
		p.i++
		if p.tok().Op == LBrace {
			e := &Expr{Kind: XBlock, Pos: pos, Block: p.block()}
			for p.tok().Op != RParen && p.tok().Kind != EOF {
				p.i++
			}
			p.i++
			e.End = p.lastEnd()
			return e
		}
		e := &Expr{Kind: XParen, Pos: pos}
		e.X = p.expr(precComma)
		if p.tok().Op != RParen { // not an expression: keep the calls in it
			e.X = p.loose(e.X, RParen)
		}
		if p.tok().Op == RParen {
			p.i++
		}
		if e.X == nil {
			e.Kind = XOpaque
		}
		e.End = p.lastEnd()
		return e
	case t.Op == KwTypeSpec || t.Op == KwStruct || t.Op == KwUnion || t.Op == KwEnum || t.Op == KwConst:
		// A type as a macro's argument: va_arg(ap, struct x *).
		var d Decl
		d.Type = p.specs(&d)
		p.declarator(&d)
		return &Expr{Kind: XSizeof, Pos: pos, End: p.lastEnd(), Type: d.Type}
	}
	return nil
}

// literal reads adjacent strings, and the macros between them that stand for
// strings, into one.
func (p *parser) literal(e *Expr) *Expr {
	start := p.i
	if e.Kind == XIdent {
		start--
	}
	e.Kind = XString
	for {
		t := p.tok()
		if t.Kind == String {
			p.i++
			continue
		}
		if t.Kind == Ident && p.i > start && p.peek(1).Op != LParen && (p.peek(1).Kind == String || p.peek(1).Op == Comma || p.peek(1).Op == RParen || p.peek(1).Kind == Ident && !p.peek(1).Bol) {
			p.i++
			p.repair(RepairMacroWord)
			continue
		}
		if t.Kind == Ident && p.peek(1).Op == LParen && !t.Bol && p.i > start {
			p.i++
			p.skipGroup() // XSTR(x) between literals
			p.repair(RepairMacroWord)
			continue
		}
		break
	}
	var b strings.Builder
	for k := start; k < p.i; k++ {
		if k > start {
			b.WriteByte(' ')
		}
		b.WriteString(p.f.Text(p.toks[k]))
	}
	e.Name = b.String()
	e.End = p.lastEnd()
	return e
}

// loose reads what is left before the closing token as a row of expressions,
// so that calls among tokens that are no C are still found.
func (p *parser) loose(first *Expr, stop Op) *Expr {
	o := &Expr{Kind: XOpaque, Pos: int(p.tok().Off)}
	if first != nil {
		o.Pos = first.Pos
		o.Args = append(o.Args, first)
	}
	for p.tok().Kind != EOF && p.tok().Op != stop && p.tok().Op != RBrace {
		at := p.i
		if x := p.expr(precAssign); x != nil {
			o.Args = append(o.Args, x)
		}
		if p.tok().Op == Semi && stop == Semi {
			break
		}
		if p.i == at {
			if op := p.tok().Op; op == LBrace {
				p.skipGroup()
			} else {
				p.i++
			}
		}
	}
	o.End = p.lastEnd()
	return o
}

func (p *parser) postfix(x *Expr) *Expr {
	if x == nil {
		return nil
	}
	for {
		t := p.tok()
		switch {
		case t.Op == LParen:
			x = p.call(x)
		case t.Op == LBrack:
			p.i++
			e := &Expr{Kind: XIndex, Pos: x.Pos, X: x}
			e.Y = p.expr(precComma)
			if p.tok().Op != RBrack {
				e.Y = p.loose(e.Y, RBrack)
			}
			if p.tok().Op == RBrack {
				p.i++
			}
			e.End = p.lastEnd()
			x = e
		case (t.Op == Dot || t.Op == Arrow) && (p.peek(1).Kind == Ident || p.peek(1).Kind == Keyword):
			n := p.peek(1)
			p.i += 2
			x = &Expr{Kind: XMember, Op: t.Op, Pos: x.Pos, End: int(n.End), X: x, Name: p.f.Text(n), NamePos: int(n.Off)}
		case t.Op == Inc || t.Op == Dec:
			p.i++
			x = &Expr{Kind: XPostfix, Op: t.Op, Pos: x.Pos, End: int(t.End), X: x}
		default:
			return x
		}
	}
}

func (p *parser) call(fun *Expr) *Expr {
	e := &Expr{Kind: XCall, Pos: fun.Pos, NamePos: fun.Bare().pos(fun.Pos), X: fun}
	end := p.groupEnd(p.i)
	p.i++
	for p.i < end-1 && p.tok().Kind != EOF {
		at := p.i
		a := p.expr(precAssign)
		if o := p.tok().Op; o != Comma && p.i < end-1 {
			a = p.argument(a, end)
		}
		if a == nil {
			a = &Expr{Kind: XOpaque, Pos: int(p.toks[at].Off), End: p.lastEnd()}
		}
		e.Args = append(e.Args, a)
		if p.tok().Op == Comma && p.i < end-1 {
			p.i++
		} else if p.i == at {
			p.i++
		}
	}
	p.i = end
	e.End = p.lastEnd()
	return e
}

// argument reads the rest of a macro's argument that is no expression: a
// statement, a type, an operator. Statements inside are read as such, so that
// BAD_SOCKET(s = socket(...)) and DO({ ... }) keep their calls.
func (p *parser) argument(first *Expr, end int) *Expr {
	o := &Expr{Kind: XOpaque}
	if first != nil {
		o.Pos = first.Pos
		o.Args = append(o.Args, first)
	} else {
		o.Pos = int(p.tok().Off)
	}
	for p.i < end-1 && p.tok().Op != Comma {
		at := p.i
		if p.tok().Op == LBrace {
			s := p.block()
			o.Args = append(o.Args, &Expr{Kind: XBlock, Pos: s.Pos, End: s.End, Block: s})
			continue
		}
		if x := p.expr(precAssign); x != nil {
			o.Args = append(o.Args, x)
		}
		if p.i == at {
			p.i++
		}
	}
	o.End = p.lastEnd()
	return o
}

// pos is where e begins, or else where there is no e.
func (e *Expr) pos(other int) int {
	if e == nil {
		return other
	}
	return e.Pos
}
