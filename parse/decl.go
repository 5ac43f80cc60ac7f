package parse

// typeNames returns the names that the file uses as types: typedefs of its
// own and words that stand where only a type can.
func (f *File) typeNames() map[string]bool {
	f.typeOnce.Do(func() {
		f.types = map[string]bool{}
		toks := f.Toks
		for i := 0; i+1 < len(toks); i++ {
			t := toks[i]
			if t.Kind != Ident {
				continue
			}
			n := toks[i+1]
			prev := Token{}
			if i > 0 {
				prev = toks[i-1]
			}
			switch {
			case prev.Op == Dot || prev.Op == Arrow || prev.Op == KwGoto || prev.Op == KwStruct || prev.Op == KwUnion || prev.Op == KwEnum:
			case n.Kind == Ident && i+2 < len(toks) && n.Bol == false && prev.Kind != Ident:
				switch toks[i+2].Op {
				case Semi, Assign, Comma, LBrack, RParen:
					f.types[f.Text(t)] = true
				}
			case n.Op == Mul && (prev.Op == LParen || prev.Op == Semi || prev.Op == LBrace || prev.Op == Comma || prev.Op == RBrace || prev.Op == KwConst || prev.Op == KwStatic):
				k := i + 1
				for k < len(toks) && (toks[k].Op == Mul || toks[k].Op == KwConst) {
					k++
				}
				if k+1 < len(toks) && toks[k].Op == RParen && prev.Op == LParen {
					f.types[f.Text(t)] = true // (T *)
				}
				if k+1 < len(toks) && toks[k].Kind == Ident && prev.Op != LParen && prev.Op != Comma {
					switch toks[k+1].Op {
					case Semi, Assign, Comma, LBrack:
						f.types[f.Text(t)] = true
					}
				}
			case n.Op == KwConst:
				f.types[f.Text(t)] = true
			}
		}
	})
	return f.types
}

// isTypeName guesses from the name: what ends in _t, or what the file uses as
// a type elsewhere.
func (f *File) isTypeName(s string) bool {
	if len(s) > 2 && s[len(s)-2:] == "_t" {
		return true
	}
	switch s {
	case "FILE", "DIR", "SOCKET", "BOOL", "DWORD", "HANDLE", "bool", "u_char", "u_int", "u_short", "u_long", "uint", "ulong":
		return true
	}
	return f.typeNames()[s]
}

func (p *parser) isTypeStart(t Token) bool {
	switch t.Op {
	case KwTypeSpec, KwStruct, KwUnion, KwEnum, KwConst, KwStorage, KwStatic, KwExtern, KwTypedef, KwTypeof, KwExtension:
		return true
	}
	return false
}

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
	}
	return false
}

// specs reads declaration specifiers into a base type.
func (p *parser) specs(d *Decl) *Type {
	ty := &Type{}
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
			if ty.Base != "" {
				ty.Base += " "
			}
			ty.Base += p.f.Text(t)
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
				if n.Kind == Ident && !n.Bol && p.peek(2).Op != LParen || n.Op == Mul && !isBuiltinBase(ty.Base) && p.peek(2).Kind == Ident && p.f.isTypeName(p.f.Text(t)) {
					if !isBuiltinBase(ty.Base) {
						ty.Base = p.f.Text(t)
					}
					p.i++
					continue
				}
				if p.isTypeStart(n) && !isBuiltinBase(ty.Base) {
					ty.Base = ""
					p.i++
					continue
				}
				return ty
			}
			if p.isTypeStart(p.peek(1)) && p.peek(1).Op != KwConst && p.peek(1).Op != KwStorage {
				p.i++ // a macro before the real type
				continue
			}
			ty.Base = p.f.Text(t)
		}
		p.i++
	}
}

func isBuiltinBase(s string) bool {
	switch s {
	case "int", "char", "short", "long", "unsigned", "signed", "float", "double", "void", "unsigned int", "unsigned char", "unsigned short", "unsigned long":
		return true
	}
	return len(s) > 7 && (s[:7] == "struct " || s[:6] == "union " || s[:5] == "enum ")
}

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

// declaration reads specifiers and declarators up to and with the semicolon.
// A member without a name (an anonymous struct) yields a Decl with no Name.
func (p *parser) declaration(member bool) []*Decl {
	var out []*Decl
	first := p.tok()
	var proto Decl
	base := p.specs(&proto)
	for {
		d := &Decl{Static: proto.Static, Extern: proto.Extern, Typedef: proto.Typedef, Pos: int(first.Off)}
		ty := *base
		d.Type = &ty
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

// params reads a parenthesised parameter list.
func (p *parser) params() []*Decl {
	var out []*Decl
	end := p.groupEnd(p.i)
	p.i++
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.i = end
		return nil
	}
	for p.i < end-1 && p.tok().Kind != EOF {
		at := p.i
		d := &Decl{Pos: int(p.tok().Off)}
		if p.tok().Op == Ellipsis {
			p.i++
			d.Name = "..."
			d.Type = &Type{}
		} else {
			d.Type = p.specs(d)
			p.declarator(d)
			if d.Name == "" && d.Type.Base != "" && d.Type.Ptr == 0 && !p.f.isTypeName(d.Type.Base) && !isBuiltinBase(d.Type.Base) && (p.tok().Op == Comma || p.i == end-1) {
				d.Name, d.NamePos = d.Type.Base, d.Pos // an identifier list
			}
		}
		d.End = p.lastEnd()
		for p.i < end-1 && p.tok().Op != Comma {
			if p.tok().Op == LParen || p.tok().Op == LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == Comma {
			p.i++
		}
		if d.Type.Base != "void" || d.Name != "" || d.Type.Ptr > 0 {
			out = append(out, d)
		}
		if p.i == at {
			p.i++
		}
	}
	p.i = end
	return out
}

// initializer reads what stands behind =.
func (p *parser) initializer() *Expr {
	if p.tok().Op != LBrace {
		return p.expr(precAssign)
	}
	x := &Expr{Kind: XInit, Pos: int(p.tok().Off)}
	end := p.groupEnd(p.i)
	p.i++
	p.depth++
	for p.i < end-1 && p.depth <= maxDepth {
		at := p.i
		x.Args = append(x.Args, p.initItem())
		for p.i < end-1 && p.tok().Op != Comma {
			if o := p.tok().Op; o == LParen || o == LBrace || o == LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == Comma && p.i < end-1 {
			p.i++
		}
		if p.i == at {
			p.i++
		}
	}
	p.depth--
	p.i = end
	x.End = p.lastEnd()
	return x
}

func (p *parser) initItem() *Expr {
	t := p.tok()
	switch {
	case t.Op == Dot && p.peek(1).Kind == Ident:
		d := &Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(p.peek(1)), NamePos: int(p.peek(1).Off)}
		p.i += 2
		for p.tok().Op == Dot || p.tok().Op == LBrack {
			if p.tok().Op == Dot {
				p.i++
				d.Name = p.f.Text(p.tok())
				p.i++
			} else {
				p.skipGroup()
			}
		}
		if p.tok().Op == Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Op == LBrack:
		d := &Expr{Kind: XDesig, Pos: int(t.Off)}
		p.i++
		d.Y = p.expr(precCond)
		for p.tok().Op != RBrack && p.tok().Kind != EOF && p.tok().Op != Semi {
			p.i++
		}
		p.i++
		if p.tok().Op == Assign {
			p.i++
		}
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	case t.Kind == Ident && p.peek(1).Op == Colon: // gcc's old designator
		d := &Expr{Kind: XDesig, Pos: int(t.Off), Name: p.f.Text(t), NamePos: int(t.Off)}
		p.i += 2
		d.X = p.initializer()
		d.End = p.lastEnd()
		return d
	}
	return p.initializer()
}

// readHead fills in what the head of a function says: group is the index of
// the parenthesis that opens the parameter list.
func (fn *Func) readHead(group int) {
	p := &parser{f: fn.File, toks: fn.head, fn: fn}
	var d Decl
	fn.Result = p.specs(&d)
	fn.Static = d.Static
	for p.tok().Op == Mul {
		fn.Result.Ptr++
		p.i++
	}
	for _, t := range fn.head {
		if t.Op == KwStatic {
			fn.Static = true
		}
	}
	p.i = group
	fn.Params = p.params()
	// K&R: the declarations behind the list tell the types.
	if p.i < len(p.toks) && p.toks[len(p.toks)-1].Op == Semi {
		fn.KR = true
		byName := map[string]*Decl{}
		for _, q := range fn.Params {
			byName[q.Name] = q
		}
		for p.i < len(p.toks) {
			at := p.i
			for _, q := range p.declaration(false) {
				if have := byName[q.Name]; have != nil {
					have.Type = q.Type
				}
			}
			if p.i == at {
				p.i++
			}
		}
	}
}

// Decls returns the file's external declarations over all passes: variables,
// typedefs, structs (as declarations without a name), enumerators, prototypes.
func (f *File) Decls() []*Decl {
	f.declOnce.Do(func() {
		seen := map[[2]int]bool{}
		for n, p := range f.passes {
			for _, it := range f.items[n] {
				q := &parser{f: f, toks: p.toks[it.from:it.to:it.to]}
				pos := int(q.toks[0].Off)
				key := [2]int{pos, len(q.toks)}
				if seen[key] {
					continue
				}
				seen[key] = true
				f.decls = append(f.decls, q.declaration(true)...)
				f.decls = append(f.decls, q.enums...)
			}
		}
		for _, d := range f.decls {
			d.Init.link(nil, nil)
		}
	})
	return f.decls
}
