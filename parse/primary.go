package parse

import (
	"strings"

	"github.com/keepatch/keepatch/parse/token"
)

func (p *parser) primary() *Expr {
	if p.tok().Op == token.ColonColon && p.peek(1).Kind == token.Ident {
		p.i++ // C++: the name at global scope, as opposed to the method
	}
	t := p.tok()
	pos := int(t.Off)
	switch {
	case t.Kind == token.Ident || t.Op == token.KwGeneric || t.Op == token.KwTypeof:
		p.i++
		e := p.node(Expr{Kind: XIdent, Pos: pos, NamePos: pos, Name: p.f.Text(t), End: int(t.End)})
		if p.madeName(e.Name) {
			name := p.peek(1)
			e.Name, e.NamePos, e.End = p.f.Text(name), int(name.Off), int(p.peek(2).End)
			p.i += 3
		}
		if n := p.tok(); n.Kind == token.String { // PRIu64 "..."
			return p.literal(e)
		}
		return e
	case t.Kind == token.Number:
		p.i++
		return p.node(Expr{Kind: XNumber, Pos: pos, Name: p.f.Text(t), End: int(t.End)})
	case t.Kind == token.Char:
		p.i++
		return p.node(Expr{Kind: XChar, Pos: pos, Name: p.f.Text(t), End: int(t.End)})
	case t.Kind == token.String:
		return p.literal(p.node(Expr{Pos: pos}))
	case t.Op == token.LParen:
		p.i++
		if p.tok().Op == token.LBrace {
			e := p.node(Expr{Kind: XBlock, Pos: pos, Block: p.block()})
			for p.tok().Op != token.RParen && p.tok().Kind != token.EOF {
				p.i++
			}
			p.i++
			e.End = p.lastEnd()
			return e
		}
		e := p.node(Expr{Kind: XParen, Pos: pos})
		e.X = p.expr(precComma)
		if p.tok().Op != token.RParen { // not an expression: keep the calls in it
			e.X = p.loose(e.X, token.RParen)
		}
		if p.tok().Op == token.RParen {
			p.i++
		}
		if e.X == nil {
			e.Kind = XOpaque
		}
		e.End = p.lastEnd()
		return e
	case t.Op == token.KwTypeSpec || t.Op == token.KwStruct || t.Op == token.KwUnion || t.Op == token.KwEnum || t.Op == token.KwConst:
		// A type as a macro's argument: va_arg(ap, struct x *).
		var d Decl
		d.Type = p.specs(&d)
		p.declarator(&d)
		return p.node(Expr{Kind: XSizeof, Pos: pos, End: p.lastEnd(), Type: d.Type})
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
		if t.Kind == token.String {
			p.i++
			continue
		}
		if t.Kind == token.Ident && p.i > start && p.peek(1).Op != token.LParen &&
			(p.peek(1).Kind == token.String || p.peek(1).Op == token.Comma || p.peek(1).Op == token.RParen ||
				p.peek(1).Op == token.Semi || p.peek(1).Kind == token.Ident && !p.peek(1).Bol) {
			p.i++
			p.repair(RepairMacroWord)
			continue
		}
		if t.Kind == token.Ident && p.peek(1).Op == token.LParen && p.i > start {
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
func (p *parser) loose(first *Expr, stop token.Op) *Expr {
	o := p.node(Expr{Kind: XOpaque, Pos: p.lastEnd()})
	if first != nil {
		o.Pos = first.Pos
		o.Args = append(o.Args, first)
	} else if t := p.tok(); t.Kind != token.EOF && t.Op != stop && t.Op != token.RBrace {
		o.Pos = int(t.Off)
	}
	for p.tok().Kind != token.EOF && p.tok().Op != stop && p.tok().Op != token.RBrace {
		at := p.i
		if x := p.expr(precAssign); x != nil {
			o.Args = append(o.Args, x)
		}
		if p.tok().Op == token.Semi && stop == token.Semi {
			break
		}
		if p.i == at {
			if op := p.tok().Op; op == token.LBrace {
				b := p.block()
				o.Args = append(o.Args, p.node(Expr{Kind: XBlock, Pos: b.Pos, End: b.End, Block: b}))
			} else {
				p.i++
			}
		}
	}
	o.End = p.lastEnd()
	return o
}

// madeName reports whether a macro makes a function's name of the only word in its parentheses, which
// come next: it heads a function of the file so.
func (p *parser) madeName(macro string) bool {
	return p.f.nameMacros[macro] && p.tok().Op == token.LParen && p.peek(1).Kind == token.Ident && p.peek(2).Op == token.RParen
}
