package parse

import "github.com/keepatch/keepatch/parse/token"

// aggregate reads struct or union with or without a body.
func (p *parser) aggregate(ty *Type) *Struct {
	union := p.tok().Op == token.KwUnion
	word := "struct "
	if union {
		word = "union "
	}
	start := p.tok()
	p.i++
	for p.tok().Op == token.KwAttribute || p.tok().Kind == token.Ident && p.peek(1).Kind == token.Ident && p.peek(2).Op == token.LBrace {
		p.i++
		if p.tok().Op == token.LParen {
			p.skipGroup()
		}
	}
	tag := ""
	if p.tok().Kind == token.Ident {
		tag = p.f.Text(p.tok())
		p.i++
	}
	ty.Base = word + tag
	if p.tok().Op != token.LBrace {
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
	for p.tok().Op != token.RBrace && p.tok().Kind != token.EOF {
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
	if p.tok().Kind == token.Ident {
		tag = p.f.Text(p.tok())
		p.i++
	}
	ty.Base = "enum " + tag
	if p.tok().Op != token.LBrace {
		return
	}
	p.i++
	for n := 0; p.tok().Op != token.RBrace && p.tok().Kind != token.EOF; n++ {
		at := p.i
		if t := p.tok(); t.Kind == token.Ident {
			e := &Decl{Name: p.f.Text(t), NamePos: int(t.Off), Pos: int(t.Off),
				End: int(t.End), Enum: true, Index: n, Type: &Type{Base: ty.Base}}
			p.i++
			if p.tok().Op == token.Assign {
				p.i++
				e.Init = p.expr(precAssign)
			}
			p.enums = append(p.enums, e)
		}
		for p.tok().Op != token.Comma && p.tok().Op != token.RBrace && p.tok().Kind != token.EOF {
			if p.tok().Op == token.LParen {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == token.Comma {
			p.i++
		}
		if p.i == at {
			p.i++
		}
	}
	p.i++
}
