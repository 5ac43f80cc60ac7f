package parse

// block reads { ... }; what is left open ends with the tokens.
func (p *parser) block() *Stmt {
	s := &Stmt{Kind: SBlock, Pos: int(p.tok().Off)}
	if p.tok().Op == LBrace {
		p.i++
	}
	p.depth++
	defer func() { p.depth-- }()
	for p.tok().Kind != EOF && p.tok().Op != RBrace {
		if p.depth > maxDepth {
			p.i = len(p.toks)
			p.repair(RepairOpaque)
			break
		}
		at := p.i
		if x := p.stmt(); x != nil {
			s.List = append(s.List, x)
		}
		if p.i == at {
			p.i++
			p.repair(RepairOpaque)
		}
	}
	if p.tok().Op == RBrace {
		p.i++
	}
	s.End = p.lastEnd()
	return s
}

// macroBody reads the replacement of a function-like macro as statements; the
// last one may lack its semicolon.
func (p *parser) macroBody() *Stmt {
	s := &Stmt{Kind: SBlock}
	if len(p.toks) > 0 {
		s.Pos = int(p.toks[0].Off)
	}
	for p.tok().Kind != EOF {
		at := p.i
		if x := p.stmt(); x != nil {
			s.List = append(s.List, x)
		}
		if p.i == at {
			p.i++
		}
	}
	s.End = p.lastEnd()
	return s
}

// stmt reads one statement.
func (p *parser) stmt() *Stmt {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil
	}
	t := p.tok()
	s := &Stmt{Pos: int(t.Off)}
	switch t.Op {
	case LBrace:
		return p.block()
	case Semi:
		p.i++
		s.Kind = SEmpty
	case KwIf:
		p.i++
		s.Kind = SIf
		p.cond(s)
		s.Body = p.stmt()
		if p.tok().Op == KwElse {
			s.ElsePos = int(p.tok().Off)
			p.i++
			s.Else = p.stmt()
		}
	case KwElse: // its if was lost in a dropped branch
		p.i++
		p.repair(RepairElse)
		return p.stmt()
	case KwWhile:
		p.i++
		s.Kind = SWhile
		p.cond(s)
		s.Body = p.stmt()
	case KwDo:
		p.i++
		s.Kind = SDo
		s.Body = p.stmt()
		if p.tok().Op == KwWhile {
			p.i++
			p.cond(s)
		}
		p.semi()
	case KwFor:
		p.forHead(s)
		s.Body = p.stmt()
	case KwSwitch:
		p.i++
		s.Kind = SSwitch
		p.cond(s)
		s.Body = p.stmt()
	case KwCase:
		p.i++
		s.Kind = SCase
		s.Expr = p.expr(precCond)
		if p.tok().Op == Ellipsis {
			p.i++
			p.expr(precCond)
		}
		p.colon()
		s.Body = p.labelled()
	case KwDefault:
		p.i++
		s.Kind = SDefault
		p.colon()
		s.Body = p.labelled()
	case KwReturn:
		p.i++
		s.Kind = SReturn
		if p.tok().Op != Semi {
			s.Expr = p.expr(precComma)
		}
		p.semi()
	case KwGoto:
		p.i++
		s.Kind = SGoto
		if p.tok().Kind == Ident {
			s.Label = p.f.Text(p.tok())
			p.i++
		}
		p.semi()
	case KwBreak:
		p.i++
		s.Kind = SBreak
		p.semi()
	case KwContinue:
		p.i++
		s.Kind = SContinue
		p.semi()
	case KwAsm:
		p.i++
		s.Kind = SAsm
		for p.tok().Op == KwStorage || p.tok().Op == KwGoto {
			p.i++
		}
		if p.tok().Op == LParen || p.tok().Op == LBrace {
			p.skipGroup()
		}
		if p.tok().Op == Semi {
			p.i++
		}
	default:
		return p.simple(s)
	}
	s.End = p.lastEnd()
	return s
}

// labelled reads the statement behind a label, nil at the end of a block.
func (p *parser) labelled() *Stmt {
	if p.tok().Op == RBrace || p.tok().Kind == EOF {
		return nil
	}
	return p.stmt()
}

func (p *parser) cond(s *Stmt) {
	// A macro may stand between the keyword and its parenthesis: if UNLIKELY(x).
	if p.tok().Kind == Ident && p.peek(1).Op == LParen {
		s.Expr = p.expr(precComma)
		s.HeadEnd = p.lastEnd()
		return
	}
	if p.tok().Op != LParen {
		s.HeadEnd = p.lastEnd()
		return
	}
	end := p.groupEnd(p.i)
	p.i++
	s.Expr = p.expr(precComma)
	if p.i < end-1 {
		s.Expr = p.loose(s.Expr, RParen)
	}
	p.i = end
	s.HeadEnd = p.lastEnd()
}

func (p *parser) forHead(s *Stmt) {
	p.i++
	s.Kind = SFor
	if p.tok().Op != LParen {
		s.HeadEnd = p.lastEnd()
		return
	}
	end := p.groupEnd(p.i)
	p.i++
	switch {
	case p.tok().Op == Semi:
		p.i++
	case p.atDecl():
		d := &Stmt{Kind: SDecl, Pos: int(p.tok().Off)}
		d.Decls = p.declaration(false)
		d.End = p.lastEnd()
		s.Init = d
	default:
		d := &Stmt{Kind: SExpr, Pos: int(p.tok().Off)}
		d.Expr = p.expr(precComma)
		if p.tok().Op == Semi {
			p.i++
		}
		d.End = p.lastEnd()
		s.Init = d
	}
	if p.i < end && p.tok().Op != Semi {
		s.Expr = p.expr(precComma)
	}
	if p.i < end && p.tok().Op == Semi {
		p.i++
	}
	if p.i < end-1 {
		s.Post = p.expr(precComma)
	}
	p.i = end
	s.HeadEnd = p.lastEnd()
}

func (p *parser) colon() {
	for p.tok().Op != Colon && p.tok().Op != Semi && p.tok().Op != RBrace && p.tok().Kind != EOF {
		p.i++
	}
	if p.tok().Op == Colon {
		p.i++
	}
}

// semi consumes the semicolon of a jump; without one, what follows on the
// line is passed over.
func (p *parser) semi() {
	if p.tok().Op == Semi {
		p.i++
		return
	}
	if p.tok().Op == RBrace || p.tok().Kind == EOF || p.tok().Bol {
		if p.tok().Kind != EOF {
			p.repair(RepairSemicolon)
		}
		return
	}
	p.repair(RepairOpaque)
	p.recover()
}

// recover passes to the end of the statement.
func (p *parser) recover() {
	for p.tok().Kind != EOF {
		switch p.tok().Op {
		case Semi:
			p.i++
			return
		case RBrace:
			return
		case LParen, LBrack, LBrace:
			p.skipGroup()
		default:
			p.i++
		}
	}
}

// simple reads a declaration, a label or an expression statement, and what
// macros make of them.
func (p *parser) simple(s *Stmt) *Stmt {
	t := p.tok()
	if t.Kind == Ident && p.peek(1).Op == Colon {
		s.Kind, s.Label = SLabel, p.f.Text(t)
		p.i += 2
		s.Body = p.labelled()
		s.End = p.lastEnd()
		return s
	}
	if p.atDecl() {
		s.Kind = SDecl
		s.Decls = p.declaration(true)
		s.End = p.lastEnd()
		return s
	}
	s.Kind = SExpr
	at := p.i
	s.Expr = p.expr(precComma)
	n := p.tok()
	switch {
	case s.Expr == nil:
		p.i = at
		return p.opaque(s)
	case n.Op == Semi:
		p.i++
	case n.Op == LBrace && p.headsBlock(s.Expr):
		s.Kind = SMacro
		s.HeadEnd = p.lastEnd()
		p.repair(RepairMacroBlock)
		s.Body = p.stmt()
	case n.Kind == EOF || n.Op == RBrace:
		if p.fn == nil || p.fn.Macro == nil {
			p.repair(RepairSemicolon)
		}
	case s.Expr.Kind == XCall && (n.Op == KwFor || n.Op == KwIf || n.Op == KwWhile || n.Op == KwReturn || n.Bol) && s.Expr.X.Kind == XIdent,
		s.Expr.Kind == XIdent && (n.Bol || n.Op >= KwIf):
		p.repair(RepairMacroStmt)
	default:
		return p.opaque(s)
	}
	s.End = p.lastEnd()
	return s
}

// headsBlock reports whether a brace may follow: FOREACH(a, b) { or forever {.
func (p *parser) headsBlock(e *Expr) bool {
	return e.Kind == XCall && e.X.Kind == XIdent || e.Kind == XIdent
}

// opaque keeps the calls of a statement that is none.
func (p *parser) opaque(s *Stmt) *Stmt {
	p.repair(RepairOpaque)
	s.Kind = SOpaque
	s.Expr = p.loose(s.Expr, Semi)
	if p.tok().Op == Semi {
		p.i++
	}
	s.End = p.lastEnd()
	return s
}
