package parse

import "github.com/keepatch/keepatch/parse/token"

// typeNames returns the names that the file uses as types: typedefs of its
// own and words that stand where only a type can.
func (f *File) typeNames() map[string]bool {
	f.typeOnce.Do(func() {
		f.types = map[string]bool{}
		toks := f.Toks
		for i := 0; i+1 < len(toks); i++ {
			t := toks[i]
			if t.Kind != token.Ident {
				continue
			}
			n := toks[i+1]
			prev := token.Token{}
			if i > 0 {
				prev = toks[i-1]
			}
			switch {
			case prev.Op == token.Dot || prev.Op == token.Arrow || prev.Op == token.KwGoto ||
				prev.Op == token.KwStruct || prev.Op == token.KwUnion || prev.Op == token.KwEnum:
			case n.Kind == token.Ident && i+2 < len(toks) && !n.Bol && prev.Kind != token.Ident && !attributeWord(f.Text(t), f.Text(n)):
				switch toks[i+2].Op {
				case token.Semi, token.Assign, token.Comma, token.LBrack, token.RParen:
					f.types[f.Text(t)] = true
				}
			case n.Op == token.Mul && !(n.Bol && isUpper(f.Text(t))) && (prev.Op == token.LParen || prev.Op == token.Semi ||
				prev.Op == token.LBrace || prev.Op == token.Comma || prev.Op == token.RBrace ||
				prev.Op == token.KwConst || prev.Op == token.KwStatic):
				k := i + 1
				for k < len(toks) && (toks[k].Op == token.Mul || toks[k].Op == token.KwConst) {
					k++
				}
				if k+1 < len(toks) && toks[k].Op == token.RParen && prev.Op == token.LParen {
					f.types[f.Text(t)] = true // (T *)
				}
				if k+1 < len(toks) && toks[k].Kind == token.Ident && prev.Op != token.LParen && prev.Op != token.Comma {
					switch toks[k+1].Op {
					case token.Semi, token.Assign, token.Comma, token.LBrack:
						f.types[f.Text(t)] = true
					}
				}
			case n.Op == token.KwConst:
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

func (p *parser) isTypeStart(t token.Token) bool {
	switch t.Op {
	case token.KwTypeSpec, token.KwStruct, token.KwUnion, token.KwEnum, token.KwConst, token.KwStorage, token.KwStatic,
		token.KwExtern, token.KwTypedef, token.KwTypeof, token.KwExtension:
		return true
	}
	return false
}

// macroType reports whether a macro that builds a type stands at token i and a
// declarator after it: STACK_OF(X) *chain = ..., TAILQ_HEAD(, x) list;
func (p *parser) macroType(i int) bool {
	j := p.groupEnd(i + 1)
	t := p.peek(j - p.i)
	if t.Bol {
		return false
	}
	stars := 0
	for ; t.Op == token.Mul || t.Op == token.KwConst; t = p.peek(j - p.i) {
		stars++
		j++
	}
	if t.Kind != token.Ident {
		return false
	}
	switch p.peek(j + 1 - p.i).Op {
	case token.Semi:
		return true
	case token.Assign, token.Comma, token.LBrack:
		return stars > 0
	}
	return false
}

func isBuiltinBase(s string) bool {
	switch s {
	case "int", "char", "short", "long", "unsigned", "signed", "float", "double", "void",
		"unsigned int", "unsigned char", "unsigned short", "unsigned long":
		return true
	}
	return len(s) > 7 && (s[:7] == "struct " || s[:6] == "union " || s[:5] == "enum ")
}

// attributeWord reports whether n, after the word t, is a macro after a
// declarator: it is written as one, and t is not.
func attributeWord(t, n string) bool {
	return (isUpper(n) || len(n) > 2 && n[:2] == "__") && !isUpper(t)
}
