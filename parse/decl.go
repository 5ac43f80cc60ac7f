package parse

// atDecl reports whether a declaration begins at the current token of a block.
func (p *parser) atDecl() bool {
	t := p.tok()
	if p.isTypeStart(t) {
		return t.Op != KwExtension || p.isTypeStart(p.peek(1))
	}
	if t.Op == KwAttribute {
		return p.peek(1).Op != NoOp
	}
	if t.Kind != Ident {
		return false
	}
	n := p.peek(1)
	switch {
	case n.Kind == Ident:
		if n.Bol && !p.f.isTypeName(p.f.Text(t)) {
			return false // a macro on a line of its own
		}
		switch a := p.peek(2); a.Op {
		case Semi, Assign, Comma, LBrack, Colon:
			return true
		case LParen:
			return p.f.isTypeName(p.f.Text(t)) && !p.f.isTypeName(p.f.Text(n))
		case Mul:
			return p.peek(3).Kind == Ident // SPEC type *x
		default:
			return a.Kind == Ident && !a.Bol || a.Op == KwAttribute
		}
	case n.Op == KwAttribute && p.peek(2).Op == LParen: // T __attribute__((x)) a
		return p.peek(p.groupEnd(p.i+2)-p.i).Kind == Ident
	case n.Op == Mul && n.Bol && isUpper(p.f.Text(t)) && !p.f.isTypeName(p.f.Text(t)):
		return false // a macro on a line of its own
	case n.Op == Mul:
		k := 1
		for p.peek(k).Op == Mul || p.peek(k).Op == KwConst || p.peek(k).Op == KwStorage {
			k++
		}
		if p.peek(k).Kind == Ident {
			switch p.peek(k + 1).Op {
			case Semi, Assign, Comma, LBrack, RParen, KwAttribute:
				return true
			case LParen:
				return p.f.isTypeName(p.f.Text(t))
			}
			return p.peek(k+1).Kind == Ident && p.f.isTypeName(p.f.Text(t))
		}
	case p.isTypeStart(n):
		return true // SPEC int x
	case n.Op == LParen && p.peek(2).Op == Mul && p.peek(3).Kind == Ident && p.peek(4).Op == RParen && p.peek(5).Op == LParen:
		return true // T (*f)(...)
	case n.Op == LParen && !n.Bol:
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
		case KwStatic:
			d.Static = true
		case KwExtern:
			d.Extern = true
			if p.peek(1).Kind == String {
				p.i++
			}
		case KwTypedef:
			d.Typedef = true
		case KwConst:
			ty.Const = true
		case KwStorage, KwExtension:
		case KwAttribute:
			p.i++
			if p.tok().Op == LParen {
				p.skipGroup()
			}
			continue
		case KwTypeof:
			p.i++
			if p.tok().Op == LParen {
				p.skipGroup()
			}
			ty.Base = "typeof"
			continue
		case KwTypeSpec:
			if ty.Base == "" {
				ty.Base = p.f.Text(t)
			} else if len(ty.Base) < 40 { // unsigned long long int, and then some
				ty.Base += " " + p.f.Text(t)
			}
		case KwStruct, KwUnion:
			ty.Def = p.aggregate(ty)
			continue
		case KwEnum:
			p.enum(d, ty)
			continue
		default:
			if t.Kind != Ident {
				return ty
			}
			if ty.Base != "" {
				// A second word: the declarator, unless the first was a macro
				// such as API or UNUSED before the real type.
				n := p.peek(1)
				if n.Kind == Ident && attributeWord(p.f.Text(t), p.f.Text(n)) {
					return ty // int x UNUSED;
				}
				if n.Kind == Ident && !n.Bol && p.peek(2).Op != LParen || n.Op == Mul && !isBuiltinBase(ty.Base) && p.peek(2).Kind == Ident && p.f.isTypeName(p.f.Text(t)) {
					if !isBuiltinBase(ty.Base) {
						ty.Base = p.f.Text(t)
					}
					p.i++
					continue
				}
				if p.isTypeStart(n) { // a macro before the real type, or in it
					if !isBuiltinBase(ty.Base) {
						ty.Base = ""
					}
					p.i++
					continue
				}
				return ty
			}
			if p.isTypeStart(p.peek(1)) && p.peek(1).Op != KwConst && p.peek(1).Op != KwStorage {
				p.i++ // a macro before the real type
				continue
			}
			if ty.Base = p.f.Text(t); p.peek(1).Op == LParen && p.macroType(p.i) {
				p.i = p.groupEnd(p.i + 1)
				continue
			}
		}
		p.i++
	}
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
		for p.tok().Op == KwAttribute || p.tok().Op == KwAsm || p.tok().Kind == Ident {
			p.i++ // attributes, and macros that stand for them
			if p.tok().Op == LParen {
				p.skipGroup()
			}
		}
		if p.tok().Op == Colon { // bit-field
			p.i++
			p.expr(precCond)
		}
		if p.tok().Op == Assign {
			p.i++
			d.Init = p.initializer()
		}
		if d.Name != "" || member && base.Def != nil {
			out = append(out, d)
		}
		if p.tok().Op != Comma {
			break
		}
		p.i++
	}
	if p.tok().Op == Semi {
		p.i++
	} else {
		for p.tok().Kind != EOF && p.tok().Op != Semi && p.tok().Op != RBrace {
			if o := p.tok().Op; o == LParen || o == LBrace || o == LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == Semi {
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
	for {
		switch t := p.tok(); {
		case t.Op == Mul:
			d.Type.Ptr++
			p.i++
			continue
		case t.Op == KwConst || t.Op == KwStorage:
			p.i++
			continue
		case t.Op == KwAttribute:
			p.i++
			if p.tok().Op == LParen {
				p.skipGroup()
			}
			continue
		case t.Kind == Ident && (p.peek(1).Op == Mul || p.peek(1).Kind == Ident) && d.Type.Ptr == 0 && p.peek(1).Kind != EOF && !p.peek(1).Bol && p.peek(1).Op == Mul:
			p.i++ // a calling convention or an attribute macro
			continue
		}
		break
	}
	if p.depth > maxDepth {
		return
	}
	switch t := p.tok(); {
	case t.Kind == Ident:
		d.Name, d.NamePos = p.f.Text(t), int(t.Off)
		p.i++
	case t.Op == LParen && (p.peek(1).Op == Mul || p.peek(1).Op == LParen || p.peek(1).Kind == Ident && (p.peek(2).Op == RParen || p.peek(2).Op == Mul || p.peek(2).Op == LBrack)):
		if p.peek(1).Kind == Ident && p.peek(2).Op == RParen && p.peek(3).Op != LParen && p.peek(3).Op != LBrack && p.f.isTypeName(p.f.Text(p.peek(1))) {
			break // int (size_t): an abstract function
		}
		p.i++
		p.depth++
		p.declarator(d)
		p.depth--
		if p.tok().Op == RParen {
			p.i++
		}
		if p.tok().Op == LParen {
			d.Type.Func = true
		}
	}
	for {
		switch p.tok().Op {
		case LBrack:
			p.i++
			var dim *Expr
			if p.tok().Op != RBrack {
				dim = p.expr(precAssign)
			}
			for p.tok().Op != RBrack && p.tok().Op != Semi && p.tok().Kind != EOF {
				p.i++
			}
			if p.tok().Op == RBrack {
				p.i++
			}
			d.Type.Array = true
			if dim != nil {
				d.Type.Dims = append(d.Type.Dims, dim)
			}
			continue
		case LParen:
			d.Type.Func = true
			d.Params = p.params()
			continue
		}
		return
	}
}
