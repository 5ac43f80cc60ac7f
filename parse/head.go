package parse

import "github.com/keepatch/keepatch/parse/token"

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
	all := p.within(end)
	for p.i < end-1 && p.tok().Kind != token.EOF {
		at := p.i
		if p.moreParams() {
			p.i++
			p.skipGroup()
		}
		d := p.decls.make()
		d.Pos = int(p.tok().Off)
		if p.tok().Op == token.Ellipsis {
			p.i++
			d.Name = "..."
			d.Type = &Type{}
		} else {
			d.Type = p.specs(d)
			p.declarator(d)
			if d.Name == "" && d.Type.Base != "" && d.Type.Ptr == 0 && !p.f.isTypeName(d.Type.Base) &&
				!isBuiltinBase(d.Type.Base) && (p.tok().Op == token.Comma || p.i == end-1) {
				d.Name, d.NamePos = d.Type.Base, d.Pos // an identifier list
			}
		}
		d.End = p.lastEnd()
		for p.i < end-1 && p.tok().Op != token.Comma {
			if p.tok().Op == token.LParen || p.tok().Op == token.LBrack {
				p.skipGroup()
			} else {
				p.i++
			}
		}
		if p.tok().Op == token.Comma {
			p.i++
		}
		if d.Type.Base != "void" || d.Name != "" || d.Type.Ptr > 0 {
			out = append(out, d)
		}
		if p.i == at {
			p.i++
		}
	}
	p.i, p.toks = end, all
	return out
}

// readHead fills in what the head of a function says: group is the index of
// the parenthesis that opens the parameter list.
func (fn *Func) readHead(group int) {
	p := &fn.File.tmp.head // for all heads: their declarations share memory
	*p = parser{f: fn.File, toks: fn.head, fn: fn, room: p.room, endRoom: p.endRoom}
	switch {
	case group > 0 && int(fn.head[group-1].Off) == fn.NamePos:
		p.toks = fn.head[:group-1]
	case group > 3 && int(fn.head[group-2].Off) == fn.NamePos && fn.File.nameMacros[fn.File.Text(fn.head[group-4])]:
		p.toks = fn.head[:group-4]
	}
	var d Decl
	if fn.Result = p.specs(&d); fn.Result.Base == "" {
		fn.Result.Base = "int" // as it was before C99
	}
	fn.Static = d.Static
	for p.tok().Op == token.Mul {
		fn.Result.Ptr++
		p.i++
	}
	for _, t := range fn.head {
		if t.Op == token.KwStatic {
			fn.Static = true
		}
	}
	p.toks, p.ends, p.i = fn.head, nil, group
	fn.Params = p.params()
	// K&R: the declarations after the list tell the types.
	if p.i < len(p.toks) && p.toks[len(p.toks)-1].Op == token.Semi {
		fn.KR = true
		byName := map[string]*Decl{}
		for _, q := range fn.Params {
			byName[q.Name] = q
		}
		for p.i < len(p.toks) {
			at := p.i
			for _, q := range p.declaration(false) {
				if have := byName[q.Name]; have != nil {
					have.Type, have.Params, have.IsFunc = q.Type, q.Params, q.IsFunc
				}
			}
			if p.i == at {
				p.i++
			}
		}
	}
}

// moreParams reports whether a macro stands before a parameter, which makes others in
// some builds or none: TRACE_PARAM(const char *who) int fd.
func (p *parser) moreParams() bool {
	if p.tok().Kind != token.Ident || p.peek(1).Op != token.LParen {
		return false
	}
	k := p.groupEnd(p.i+1) - p.i
	switch next := p.peek(k); {
	case next.Kind == token.Keyword:
		return true
	case next.Kind == token.Ident:
		n := p.peek(k + 1)
		return n.Kind == token.Ident || n.Op == token.Mul
	}
	return false
}
