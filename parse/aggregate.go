package parse

// aggregate reads struct or union with or without a body.
func (p *parser) aggregate(ty *Type) *Struct {
	union := p.tok().Op == KwUnion
	word := "struct "
	if union {
		word = "union "
	}
	start := p.tok()
	p.i++
	for p.tok().Op == KwAttribute || p.tok().Kind == Ident && p.peek(1).Kind == Ident && p.peek(2).Op == LBrace {
		p.i++
		if p.tok().Op == LParen {
			p.skipGroup()
		}
	}
	tag := ""
	if p.tok().Kind == Ident {
		tag = p.f.Text(p.tok())
		p.i++
	}
	ty.Base = word + tag
	if p.tok().Op != LBrace {
		return nil
	}
	if p.depth > maxDepth {
		p.skipGroup()
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	def := &Struct{Tag: tag, Union: union, Pos: int(start.Off), File: p.f}
	p.i++
	for p.tok().Op != RBrace && p.tok().Kind != EOF {
		at := p.i
		ds := p.declaration(true)
		def.Fields = append(def.Fields, ds...)
		if p.i == at {
			p.i++
		}
	}
	p.i++
	return def
}

// enum reads an enum; its enumerators are collected for the file.
func (p *parser) enum(d *Decl, ty *Type) {
	p.i++
	tag := ""
	if p.tok().Kind == Ident {
		tag = p.f.Text(p.tok())
		p.i++
	}
	ty.Base = "enum " + tag
	if p.tok().Op != LBrace {
		return
	}
	p.i++
	for n := 0; p.tok().Op != RBrace && p.tok().Kind != EOF; n++ {
		at := p.i
		if t := p.tok(); t.Kind == Ident {
			e := &Decl{Name: p.f.Text(t), NamePos: int(t.Off), Pos: int(t.Off), End: int(t.End), Enum: true, Index: n, Type: &Type{Base: ty.Base}}
			p.i++
			if p.tok().Op == Assign {
				p.i++
				e.Init = p.expr(precAssign)
			}
			p.enums = append(p.enums, e)
		}
		for p.tok().Op != Comma && p.tok().Op != RBrace && p.tok().Kind != EOF {
			if p.tok().Op == LParen {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == Comma {
			p.i++
		}
		if p.i == at {
			p.i++
		}
	}
	p.i++
}
