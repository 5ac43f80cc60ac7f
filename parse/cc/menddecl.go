package cc

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// mendTypeName blanks the macros in the type of a cast: (struct x FAR *)p.
func (t *isolated) mendTypeName(e *parse.Expr) {
	i := t.index(e.Pos)
	for i < len(t.toks) && t.toks[i].Op != token.LParen && int(t.toks[i].Off) < e.End {
		i++
	}
	if e.Type == nil || i >= len(t.toks) || t.toks[i].Op != token.LParen {
		return
	}
	base := e.Type.Base
	for end := t.match(i) - 1; i < end; i++ {
		switch tok := t.toks[i]; {
		case tok.Op == token.KwStruct || tok.Op == token.KwUnion || tok.Op == token.KwEnum:
			i++
		case tok.Op == token.KwTypeof && i+1 < end && t.toks[i+1].Op == token.LParen, tok.Op == token.LBrack, tok.Op == token.LBrace:
			if tok.Op == token.KwTypeof {
				i++
			}
			i = t.match(i) - 1
		case tok.Kind == token.Ident && t.fn.File.Text(tok) == base:
			base = ""
		case tok.Kind == token.Ident:
			t.blank(int(tok.Off), int(tok.End), "", RepairWord)
		}
	}
}

// mendDecl blanks the words in a declaration that are neither type nor
// declarator: attribute macros before, between and after.
func (t *isolated) mendDecl(s *parse.Stmt) {
	names := map[int]bool{}
	for _, d := range s.Decls {
		names[d.NamePos] = true
	}
	from, to := t.index(s.Pos), t.index(s.End)
	var words []int // candidates before the first declarator
	builtin := false
	i := from
head:
	for ; i < to; i++ {
		switch tok := t.toks[i]; {
		case tok.Op == token.KwAttribute, tok.Op == token.KwTypeof:
			builtin = builtin || tok.Op == token.KwTypeof
			if i+1 < to && t.toks[i+1].Op == token.LParen {
				i = t.match(i+1) - 1
			}
		case tok.Op == token.KwTypeSpec:
			builtin = true
		case tok.Op == token.KwStruct || tok.Op == token.KwUnion || tok.Op == token.KwEnum:
			builtin = true
			if i+1 < to && t.toks[i+1].Kind == token.Ident {
				i++
			}
			if i+1 < to && t.toks[i+1].Op == token.LBrace {
				i = t.match(i+1) - 1
			}
		case tok.Kind == token.Ident && names[int(tok.Off)]:
			break head
		case tok.Kind == token.Ident:
			words = append(words, i)
			if i+1 < to && t.toks[i+1].Op == token.LParen && !names[int(tok.Off)] {
				if end := t.match(i + 1); end < to && (t.toks[end].Op == token.Mul || t.toks[end].Kind == token.Ident) {
					t.blank(int(tok.End), int(t.toks[end-1].End), "", RepairWord) // STACK_OF(X)
					i = end - 1
				}
			}
		case tok.Kind == token.Keyword || tok.Op == token.Mul:
		default:
			break head
		}
	}
	if n := len(words); !builtin && n > 0 {
		if s := plainName(t.fn.File.Text(t.toks[words[n-1]])); !ccWords[s] {
			t.types[s] = true
		}
		words = words[:n-1]
	}
	for _, w := range words {
		t.blank(int(t.toks[w].Off), int(t.toks[w].End), "", RepairWord)
	}
	t.mendDeclTail(i, to, names)
}

// mendDeclTail blanks the words after declarators: int x UNUSED, y ALIGN(4).
func (t *isolated) mendDeclTail(i, to int, names map[int]bool) {
	for i < to {
		switch tok := t.toks[i]; {
		case tok.Op == token.Assign: // an initialiser is left alone
			for i < to && t.toks[i].Op != token.Comma && t.toks[i].Op != token.Semi {
				if o := t.toks[i].Op; o == token.LParen || o == token.LBrack || o == token.LBrace {
					i = t.match(i)
				} else {
					i++
				}
			}
		case tok.Op == token.LParen || tok.Op == token.LBrack || tok.Op == token.LBrace:
			if i+2 < to && t.toks[i+1].Kind == token.Ident && t.toks[i+2].Op == token.Mul { // (WINAPI *f)(...)
				t.blank(int(t.toks[i+1].Off), int(t.toks[i+1].End), "", RepairWord)
			}
			i = t.match(i)
		case tok.Kind == token.Ident && !names[int(tok.Off)]:
			end := i + 1
			if end < to && t.toks[end].Op == token.LParen {
				end = t.match(end)
			}
			t.blank(int(tok.Off), int(t.toks[end-1].End), "", RepairWord)
			i = end
		default:
			i++
		}
	}
}
