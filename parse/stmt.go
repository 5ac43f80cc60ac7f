package parse

import "github.com/keepatch/keepatch/parse/token"

// block reads { ... }; what is left open ends with the tokens.
func (p *parser) block() *Stmt {
	s := p.stmtAt(p.tok())
	s.Kind = SBlock
	from := len(p.list)
	if p.tok().Op == token.LBrace {
		p.i++
	}
	p.depth++
	defer func() { p.depth-- }()
	for p.tok().Kind != token.EOF && p.tok().Op != token.RBrace {
		if p.depth > maxDepth {
			p.i = len(p.toks)
			p.repair(RepairOpaque)
			break
		}
		at := p.i
		if x := p.stmt(); x != nil {
			p.list = append(p.list, x)
		}
		if p.i == at {
			p.i++
			p.repair(RepairOpaque)
		}
	}
	s.List = append(s.List, p.list[from:]...)
	p.list = p.list[:from]
	if p.tok().Op == token.RBrace {
		p.i++
	}
	s.End = p.lastEnd()
	return s
}

// stmtAt makes a statement that begins at a token.
func (p *parser) stmtAt(t token.Token) *Stmt {
	s := p.stmts.make()
	s.Pos = int(t.Off)
	return s
}

// macroBody reads the replacement of a function-like macro as statements; the
// last one may lack its semicolon.
func (p *parser) macroBody() *Stmt {
	s := &Stmt{Kind: SBlock}
	if len(p.toks) > 0 {
		s.Pos = int(p.toks[0].Off)
	}
	for p.tok().Kind != token.EOF {
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
	t := p.tok()
	if p.depth > maxDepth || t.Op == token.RBrace || t.Kind == token.EOF {
		return nil
	}
	if t.Op == token.LBrace {
		return p.block()
	}
	s := p.stmtAt(t)
	switch t.Op {
	case token.Semi:
		p.i++
		s.Kind = SEmpty
	case token.KwIf:
		return p.ifChain(s)
	case token.KwElse: // its if was lost in a dropped branch
		p.i++
		p.repair(RepairElse)
		return p.stmt()
	case token.KwWhile:
		p.i++
		s.Kind = SWhile
		p.cond(s)
		s.Body = p.stmt()
	case token.KwDo:
		p.i++
		s.Kind = SDo
		s.Body = p.stmt()
		if p.tok().Op == token.KwWhile {
			p.i++
			p.cond(s)
		}
		p.semi()
	case token.KwFor:
		p.forHead(s)
		s.Body = p.stmt()
	case token.KwSwitch:
		p.i++
		s.Kind = SSwitch
		p.cond(s)
		s.Body = p.stmt()
	case token.KwCase, token.KwDefault:
		p.caseLabel(s, t.Op)
	case token.KwReturn, token.KwGoto, token.KwBreak, token.KwContinue:
		p.jump(s, t.Op)
	case token.KwAsm:
		p.i++
		s.Kind = SAsm
		for p.tok().Op == token.KwStorage || p.tok().Op == token.KwGoto {
			p.i++
		}
		if p.tok().Op == token.LParen || p.tok().Op == token.LBrace {
			p.skipGroup()
		}
		if p.tok().Op == token.Semi {
			p.i++
		}
	default:
		return p.simple(s)
	}
	s.End = p.lastEnd()
	return s
}

// caseLabel reads the label of a switch and what it stands before.
func (p *parser) caseLabel(s *Stmt, op token.Op) {
	p.i++
	if s.Kind = SDefault; op == token.KwCase {
		s.Kind = SCase
		s.Expr = p.expr(precCond)
		if p.tok().Op == token.Ellipsis {
			p.i++
			p.expr(precCond)
		}
	}
	p.colon()
	s.Body = p.labelled()
}

// jump reads return, goto, break or continue.
func (p *parser) jump(s *Stmt, op token.Op) {
	p.i++
	switch op {
	case token.KwReturn:
		s.Kind = SReturn
		if p.tok().Op != token.Semi {
			s.Expr = p.expr(precComma)
		}
	case token.KwGoto:
		s.Kind = SGoto
		if p.tok().Kind == token.Ident {
			s.Label = p.f.Text(p.tok())
			p.i++
		}
	case token.KwBreak:
		s.Kind = SBreak
	case token.KwContinue:
		s.Kind = SContinue
	}
	p.semi()
}

// ifChain reads if ... else if ... else. A chain may be longer than nesting may
// be deep, so it is no recursion.
func (p *parser) ifChain(first *Stmt) *Stmt {
	chain := []*Stmt{first}
	for s := first; ; {
		p.i++
		s.Kind = SIf
		p.cond(s)
		s.Body = p.stmt()
		if p.tok().Op != token.KwElse {
			break
		}
		s.ElsePos = int(p.tok().Off)
		p.i++
		if p.tok().Op != token.KwIf {
			s.Else = p.stmt()
			break
		}
		s.Else = p.stmtAt(p.tok())
		s = s.Else
		chain = append(chain, s)
	}
	for _, s := range chain {
		s.End = p.lastEnd()
	}
	return first
}

// labelled reads the statement after a label, nil at the end of a block.
func (p *parser) labelled() *Stmt {
	if p.tok().Op == token.RBrace || p.tok().Kind == token.EOF {
		return nil
	}
	return p.stmt()
}

// semi consumes the semicolon of a jump; without one, what follows on the
// line is passed over.
func (p *parser) semi() {
	if p.tok().Op == token.Semi {
		p.i++
		return
	}
	if p.tok().Op == token.RBrace || p.tok().Kind == token.EOF || p.tok().Bol {
		if p.tok().Kind != token.EOF {
			p.repair(RepairSemicolon)
		}
		return
	}
	p.repair(RepairOpaque)
	p.recover()
}

// recover passes to the end of the statement.
func (p *parser) recover() {
	for p.tok().Kind != token.EOF {
		switch p.tok().Op {
		case token.Semi:
			p.i++
			return
		case token.RBrace:
			return
		case token.LParen, token.LBrack, token.LBrace:
			p.skipGroup()
		default:
			p.i++
		}
	}
}
