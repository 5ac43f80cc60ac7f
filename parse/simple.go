package parse

import "github.com/keepatch/keepatch/parse/token"

// simple reads a declaration, a label or an expression statement, and what
// macros make of them.
func (p *parser) simple(s *Stmt) *Stmt {
	t := p.tok()
	if t.Kind == token.Ident && p.peek(1).Op == token.Colon {
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
	if p.macroLine() {
		s.Expr = p.primary()
		if p.tok().Op == token.LParen && !p.tok().Bol {
			s.Expr = p.call(s.Expr)
		}
		p.repair(RepairMacroStmt)
		s.End = p.lastEnd()
		return s
	}
	s.Expr = p.expr(precComma)
	n := p.tok()
	switch {
	case s.Expr == nil:
		p.i = at
		return p.opaque(s)
	case n.Op == token.Semi:
		p.i++
	case n.Op == token.LBrace && p.headsBlock(s.Expr):
		s.Kind = SMacro
		s.HeadEnd = p.lastEnd()
		p.repair(RepairMacroBlock)
		s.Body = p.stmt()
	case n.Op == token.Colon && s.Expr.Kind == XCall && s.Expr.X.Kind == XIdent:
		s.Kind = SCase // a macro for a label: S_CASE(X):
		p.i++
		s.Body = p.labelled()
	case n.Kind == token.EOF || n.Op == token.RBrace:
		if p.fn == nil || p.fn.Macro == nil {
			p.repair(RepairSemicolon)
		}
	case s.Expr.Kind == XCall && (n.Op == token.KwFor || n.Op == token.KwIf || n.Op == token.KwWhile ||
		n.Op == token.KwReturn || n.Bol) && s.Expr.X.Kind == XIdent,
		s.Expr.Kind == XIdent && (n.Bol || n.Op >= token.KwIf):
		p.repair(RepairMacroStmt)
	default:
		return p.opaque(s)
	}
	s.End = p.lastEnd()
	return s
}

// macroLine reports whether a macro that stands for a whole statement, without
// a semicolon, begins here: the next line opens with what could go on with the
// expression, but makes no sense so (TRACE(x) and then *p = 1).
func (p *parser) macroLine() bool {
	t, n := p.tok(), p.peek(1)
	if t.Kind != token.Ident {
		return false
	}
	if n.Op != token.LParen || n.Bol {
		return n.Bol && p.startsLine(p.i+1) && isUpper(p.f.Text(t)) && !p.f.isTypeName(p.f.Text(t))
	}
	return p.startsLine(p.groupEnd(p.i + 1))
}

// startsLine reports whether token i is the first on its line and begins a
// statement with an operator or a cast.
func (p *parser) startsLine(i int) bool {
	t := p.peek(i - p.i)
	if !t.Bol {
		return false
	}
	switch t.Op {
	case token.Mul, token.And, token.Inc, token.Dec:
		return true
	case token.LParen:
		n := p.peek(i - p.i + 1)
		return n.Op == token.KwTypeSpec && p.peek(i-p.i+2).Op == token.RParen
	}
	return false
}

// isUpper reports whether a name is written as macros are.
func isUpper(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
	}
	return len(s) > 1
}

// headsBlock reports whether a brace may follow: FOREACH(a, b) { or forever {.
func (p *parser) headsBlock(e *Expr) bool {
	return e.Kind == XCall && e.X.Kind == XIdent || e.Kind == XIdent
}

// opaque keeps the calls of a statement that is none.
func (p *parser) opaque(s *Stmt) *Stmt {
	p.repair(RepairOpaque)
	s.Kind = SOpaque
	s.Expr = p.loose(s.Expr, token.Semi)
	if p.tok().Op == token.Semi {
		p.i++
	}
	s.End = p.lastEnd()
	return s
}
