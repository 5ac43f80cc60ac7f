package parse

import "github.com/keepatch/keepatch/parse/token"

// atDecl reports whether a declaration begins at the current token of a block.
func (p *parser) atDecl() bool {
	t := p.tok()
	if p.isTypeStart(t) {
		return t.Op != token.KwExtension || p.isTypeStart(p.peek(1))
	}
	if t.Op == token.KwAttribute {
		return p.peek(1).Op != token.NoOp
	}
	if t.Kind != token.Ident {
		return false
	}
	n := p.peek(1)
	switch {
	case n.Kind == token.Ident:
		if n.Bol && !p.f.isTypeName(p.f.Text(t)) {
			return false // a macro on a line of its own
		}
		switch a := p.peek(2); a.Op {
		case token.Semi, token.Assign, token.Comma, token.LBrack, token.Colon:
			return true
		case token.LParen:
			return p.f.isTypeName(p.f.Text(t)) && !p.f.isTypeName(p.f.Text(n))
		case token.Mul:
			return p.peek(3).Kind == token.Ident // SPEC type *x
		default:
			return a.Kind == token.Ident && !a.Bol || a.Op == token.KwAttribute
		}
	case n.Op == token.KwAttribute && p.peek(2).Op == token.LParen: // T __attribute__((x)) a
		return p.peek(p.groupEnd(p.i+2)-p.i).Kind == token.Ident
	case n.Op == token.Mul && n.Bol && isUpper(p.f.Text(t)) && !p.f.isTypeName(p.f.Text(t)):
		return false // a macro on a line of its own
	case n.Op == token.Mul:
		k := 1
		for p.peek(k).Op == token.Mul || p.peek(k).Op == token.KwConst || p.peek(k).Op == token.KwStorage {
			k++
		}
		if p.peek(k).Kind == token.Ident {
			switch p.peek(k + 1).Op {
			case token.Semi, token.Assign, token.Comma, token.LBrack, token.RParen, token.KwAttribute:
				return true
			case token.LParen:
				return p.f.isTypeName(p.f.Text(t))
			}
			return p.peek(k+1).Kind == token.Ident && p.f.isTypeName(p.f.Text(t))
		}
	case p.isTypeStart(n):
		return true // SPEC int x
	case n.Op == token.LParen && p.peek(2).Op == token.Mul && p.peek(3).Kind == token.Ident &&
		p.peek(4).Op == token.RParen && p.peek(5).Op == token.LParen:
		return true // T (*f)(...)
	case n.Op == token.LParen && !n.Bol:
		return p.macroType(p.i)
	}
	return false
}

// specs reads declaration specifiers into a base type.
func (p *parser) specs(d *Decl) *Type {
	ty := p.types.make()
	for {
		t := p.tok()
		switch t.Op {
		case token.KwStatic:
			d.Static = true
		case token.KwExtern:
			d.Extern = true
			if p.peek(1).Kind == token.String {
				p.i++
			}
		case token.KwTypedef:
			d.Typedef = true
		case token.KwConst:
			ty.Const = true
		case token.KwStorage, token.KwExtension:
		case token.KwAttribute:
			p.i++
			if p.tok().Op == token.LParen {
				p.skipGroup()
			}
			continue
		case token.KwTypeof:
			p.i++
			if p.tok().Op == token.LParen {
				p.skipGroup()
			}
			ty.Base = "typeof"
			continue
		case token.KwTypeSpec:
			if ty.Base == "" {
				ty.Base = p.f.Text(t)
			} else if len(ty.Base) < 40 { // unsigned long long int, and then some
				ty.Base += " " + p.f.Text(t)
			}
		case token.KwStruct, token.KwUnion:
			ty.Def = p.aggregate(ty)
			continue
		case token.KwEnum:
			p.enum(d, ty)
			continue
		default:
			if t.Kind != token.Ident || !p.typeName(ty, t) {
				return ty
			}
			continue
		}
		p.i++
	}
}

// typeName reads a name among the specifiers: that of a type, or of a macro before
// it. It reports false for the declarator's, and leaves that where it is.
func (p *parser) typeName(ty *Type, t token.Token) bool {
	n := p.peek(1)
	switch {
	case ty.Base != "":
		// A second word: the declarator, unless the first was a macro
		// such as API or UNUSED before the real type.
		switch {
		case n.Kind == token.Ident && attributeWord(p.f.Text(t), p.f.Text(n)):
			return false // int x UNUSED;
		case n.Kind == token.Ident && !n.Bol && p.peek(2).Op != token.LParen ||
			n.Op == token.Mul && !isBuiltinBase(ty.Base) && p.peek(2).Kind == token.Ident && p.f.isTypeName(p.f.Text(t)):
			if !isBuiltinBase(ty.Base) {
				ty.Base = p.f.Text(t)
			}
		case p.isTypeStart(n): // a macro before the real type, or in it
			if !isBuiltinBase(ty.Base) {
				ty.Base = ""
			}
		default:
			return false
		}
	case p.isTypeStart(n) && n.Op != token.KwConst && n.Op != token.KwStorage: // a macro before the real type
	default:
		if ty.Base = p.f.Text(t); n.Op == token.LParen && p.macroType(p.i) {
			p.i = p.groupEnd(p.i + 1)
			return true
		}
	}
	p.i++
	return true
}

// declaration reads specifiers and declarators up to and with the semicolon.
// A member without a name (an anonymous struct) yields a Decl with no Name.
func (p *parser) declaration(member bool) []*Decl {
	var out []*Decl
	first := p.tok()
	var proto Decl
	base := p.specs(&proto)
	plain := *base
	for n := 0; ; n++ {
		d := p.decls.make()
		d.Static, d.Extern, d.Typedef, d.Pos = proto.Static, proto.Extern, proto.Typedef, int(first.Off)
		d.Type = base
		if n > 0 { // each has its own pointers and arrays
			d.Type = p.types.make()
			*d.Type = plain
		}
		p.declarator(d)
		for p.tok().Op == token.KwAttribute || p.tok().Op == token.KwAsm || p.tok().Kind == token.Ident {
			p.i++ // attributes, and macros that stand for them
			if p.tok().Op == token.LParen {
				p.skipGroup()
			}
		}
		if p.tok().Op == token.Colon { // bit-field
			p.i++
			p.expr(precCond)
		}
		if p.tok().Op == token.Assign {
			p.i++
			d.Init = p.initializer()
		}
		if d.Name != "" || member && base.Def != nil {
			out = append(out, d)
		}
		if p.tok().Op != token.Comma {
			break
		}
		p.i++
	}
	switch t := p.tok(); {
	case t.Op == token.Semi:
		p.i++
	case t.Bol && len(out) > 0 && out[len(out)-1].Init != nil:
		p.repair(RepairSemicolon)
	default:
		if t.Kind != token.EOF {
			p.repair(RepairOpaque)
		}
		for p.tok().Kind != token.EOF && p.tok().Op != token.Semi && p.tok().Op != token.RBrace {
			if o := p.tok().Op; o == token.LParen || o == token.LBrace || o == token.LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == token.Semi {
			p.i++
		}
	}
	for _, d := range out {
		d.End = p.lastEnd()
	}
	return out
}

// declarator reads one declarator, abstract ones included, into d.
func (p *parser) declarator(d *Decl) {
	p.pointerPart(d)
	if p.depth > maxDepth {
		return
	}
	pointed := false // it is (*name), or (name[n])
	switch t := p.tok(); {
	case t.Kind == token.Ident:
		p.i++
		if p.madeName(p.f.Text(t)) {
			t = p.peek(1)
			p.i += 3
		}
		d.Name, d.NamePos = p.f.Text(t), int(t.Off)
	case t.Op == token.LParen && (p.peek(1).Op == token.Mul || p.peek(1).Op == token.LParen ||
		p.peek(1).Kind == token.Ident && (p.peek(2).Op == token.RParen || p.peek(2).Op == token.Mul || p.peek(2).Op == token.LBrack)):
		if p.peek(1).Kind == token.Ident && p.peek(2).Op == token.RParen && p.peek(3).Op != token.LParen &&
			p.peek(3).Op != token.LBrack && p.f.isTypeName(p.f.Text(p.peek(1))) {
			break // int (size_t): an abstract function
		}
		ptr := d.Type.Ptr
		p.i++
		p.depth++
		p.declarator(d)
		p.depth--
		pointed = d.Type.Ptr > ptr || d.Type.Array
		if p.tok().Op == token.RParen {
			p.i++
		}
		if p.tok().Op == token.LParen {
			d.Type.Func = true
		}
	}
	for {
		switch p.tok().Op {
		case token.LBrack:
			p.i++
			var dim *Expr
			if p.tok().Op != token.RBrack {
				dim = p.expr(precAssign)
			}
			for p.tok().Op != token.RBrack && p.tok().Op != token.Semi && p.tok().Kind != token.EOF {
				p.i++
			}
			if p.tok().Op == token.RBrack {
				p.i++
			}
			d.Type.Array = true
			if dim != nil {
				d.Type.Dims = append(d.Type.Dims, dim)
			}
			continue
		case token.LParen:
			d.Type.Func = true
			d.IsFunc = d.IsFunc || !pointed
			d.Params = p.params()
			continue
		}
		return
	}
}

// pointerPart reads what stands before the name in a declarator: the levels of pointers, and attributes.
func (p *parser) pointerPart(d *Decl) {
	for {
		switch t := p.tok(); {
		case t.Op == token.Mul:
			d.Type.Ptr++
			p.i++
			continue
		case t.Op == token.KwConst || t.Op == token.KwStorage:
			p.i++
			continue
		case t.Op == token.KwAttribute:
			p.i++
			if p.tok().Op == token.LParen {
				p.skipGroup()
			}
			continue
		case t.Kind == token.Ident && (p.peek(1).Op == token.Mul || p.peek(1).Kind == token.Ident) && d.Type.Ptr == 0 &&
			p.peek(1).Kind != token.EOF && !p.peek(1).Bol && p.peek(1).Op == token.Mul:
			p.i++ // a calling convention or an attribute macro
			continue
		}
		break
	}
}
