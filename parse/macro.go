package parse

import (
	"strings"

	"github.com/keepatch/keepatch/parse/token"
)

// Macro is one #define.
type Macro struct {
	File   *File
	Name   string
	Off    int           // of the name
	FnLike bool          // NAME(...), no blank between
	Params []string      // of a function-like macro
	Body   []token.Token // the replacement
	End    int           // of the directive
}

// macros reads every #define.
func (f *File) macros() {
	for _, d := range f.Dirs {
		if d.Name != "define" {
			continue
		}
		t := f.Toks[d.Tok]
		sub := lexAt(f.Src, d.Body, int(t.End))
		if len(sub) == 0 || sub[0].Kind != token.Ident && sub[0].Kind != token.Keyword {
			continue
		}
		m := &Macro{File: f, Name: f.Text(sub[0]), Off: int(sub[0].Off), End: int(t.End)}
		rest := sub[1:]
		if len(rest) > 0 && rest[0].Op == token.LParen && rest[0].Off == sub[0].End {
			m.FnLike = true
			k := 1
			for k < len(rest) && rest[k].Op != token.RParen {
				if rest[k].Kind == token.Ident || rest[k].Op == token.Ellipsis {
					m.Params = append(m.Params, f.Text(rest[k]))
				}
				k++
			}
			if k < len(rest) {
				k++
			}
			rest = rest[k:]
		}
		m.Body = rest
		f.Macros = append(f.Macros, m)
	}
}

// lexAt lexes a part of src in place, so that offsets stay those of the file.
func lexAt(src []byte, from, to int) []token.Token {
	l := token.Lexer{Src: src[:to]}
	bol := false
	for i := from; i < to; {
		c := src[i]
		switch {
		case c == '\n':
			i++
		case token.IsBlankByte(c):
			i++
		case c == '\\' && l.NewlineAt(i+1) > 0:
			i += 1 + l.NewlineAt(i+1)
		case c == '/' && i+1 < to && (src[i+1] == '*' || src[i+1] == '/'):
			i = l.Comment(i)
		default:
			i = l.Token(i, bol)
		}
	}
	return l.Toks
}

// function makes a Func of a function-like macro that calls something, names a
// member or an element or is a statement expression, and of any macro that makes a
// socket; nil of others.
func (m *Macro) function(f *File) *Func {
	if !m.FnLike && !m.holdsSite() {
		return nil
	}
	// ({ ... }) has a value that its statements make.
	works := len(m.Body) > 1 && m.Body[0].Op == token.LParen && m.Body[1].Op == token.LBrace
	for i := 0; i+1 < len(m.Body); i++ {
		switch t := m.Body[i]; t.Op {
		case token.Arrow, token.Dot, token.LBrack:
			works = true
		case token.Mul:
			works = works || m.pointsAt(i)
		default:
			works = works || t.Kind == token.Ident && m.Body[i+1].Op == token.LParen
		}
	}
	if !works {
		return nil
	}
	fn := &Func{
		File: f, Name: m.Name, NamePos: m.Off, Start: m.Off, BodyPos: int(m.Body[0].Off), End: m.End,
		Macro: m, body: pasted(m.Body), Result: &Type{},
	}
	for _, p := range m.Params {
		fn.Params = append(fn.Params, &Decl{Name: p, Type: &Type{}, Pos: m.Off, NamePos: m.Off})
	}
	return fn
}

// pointsAt reports whether the * at token i of the replacement stands before what it points
// with, as in (*((long *)(p) + 8)).
func (m *Macro) pointsAt(i int) bool {
	next := m.Body[i+1]
	return (i == 0 || m.Body[i-1].Op == token.LParen) && (next.Op == token.LParen || next.Kind == token.Ident)
}

// pasted joins the words of a replacement that ## makes one of: a ## b is one
// name then, spelled as it stands.
func pasted(body []token.Token) []token.Token {
	var out []token.Token
	for i := 0; i < len(body); i++ {
		t := body[i]
		if n := len(out); t.Op == token.HashHash && n > 0 && i+1 < len(body) && out[n-1].Kind == token.Ident {
			if next := body[i+1]; next.Kind == token.Ident || next.Kind == token.Keyword || next.Kind == token.Number {
				out[n-1].End = next.End
				i++
				continue
			}
		}
		if out == nil {
			out = make([]token.Token, 0, len(body))
		}
		out = append(out, t)
	}
	return out
}

// holdsSite reports whether one of the calls that make a socket stands in the
// replacement.
func (m *Macro) holdsSite() bool {
	for i := 0; i+1 < len(m.Body); i++ {
		if t := m.Body[i]; t.Kind == token.Ident && m.Body[i+1].Op == token.LParen && token.IsSiteName(m.File.Src[t.Off:t.End]) {
			return true
		}
	}
	return false
}

// Expr parses the replacement of an object-like macro as an expression, nil
// when it is none.
func (m *Macro) Expr() *Expr {
	if m.FnLike {
		return nil
	}
	return m.Formula()
}

// IsDefault reports whether the macro is only defined where nobody else has done
// so: #ifndef NAME stands around it.
func (m *Macro) IsDefault() bool {
	for _, b := range m.File.Chain(m.File.TokAt(m.Off)) {
		if strings.Contains(b.Guard(), m.Name) {
			return true
		}
	}
	return false
}

// Formula parses the replacement as an expression over the macro's parameters, nil
// when it is none.
func (m *Macro) Formula() *Expr {
	if len(m.Body) == 0 {
		return nil
	}
	p := &parser{f: m.File, toks: pasted(m.Body)}
	x := p.expr(precComma)
	if p.i < len(p.toks) {
		return nil
	}
	return x
}

// Changes reports whether something is assigned to in the replacement.
func (m *Macro) Changes() bool {
	for _, t := range m.Body {
		if t.Op == token.Inc || t.Op == token.Dec || binaryPrec(t.Op) == precAssign {
			return true
		}
	}
	return false
}

// Compares reports whether a comparison or a logical operator is in the replacement.
func (m *Macro) Compares() bool {
	for _, t := range m.Body {
		switch t.Op {
		case token.EqEq, token.NotEq, token.Lt, token.Gt, token.Le, token.Ge, token.Not, token.AndAnd, token.OrOr:
			return true
		}
	}
	return false
}

// Pastes reports whether the replacement joins words by ## to names one of which
// can be this: by_##what makes by_hand.
func (m *Macro) Pastes(name string) bool {
	for i, t := range m.Body {
		if t.Op != token.HashHash {
			continue
		}
		if i > 0 && m.Body[i-1].Kind == token.Ident && strings.HasPrefix(name, m.File.Text(m.Body[i-1])) {
			return true
		}
		if i+1 < len(m.Body) && m.Body[i+1].Kind == token.Ident && strings.HasSuffix(name, m.File.Text(m.Body[i+1])) {
			return true
		}
	}
	return false
}

// Casts reports whether the replacement is the macro's parameter, in parentheses and after casts.
func (m *Macro) Casts() bool {
	if !m.FnLike || len(m.Params) != 1 {
		return false
	}
	last := ""
	for i, t := range m.Body {
		switch {
		case t.Op == token.Mul && i > 0 && i+1 < len(m.Body) && m.Body[i-1].Op != token.RParen &&
			(m.Body[i+1].Op == token.RParen || m.Body[i+1].Op == token.Mul):
			// of the type
		case t.Kind == token.Ident:
			last = m.File.Text(t)
		case t.Kind == token.Keyword, t.Op == token.LParen, t.Op == token.RParen:
		default:
			return false
		}
	}
	return last == m.Params[0]
}

// Declares returns the variables that the macro declares where it stands as a statement:
// #define DESCRIPTOR(fd) int fd = -1. Their offsets are those of the replacement.
func (m *Macro) Declares() (out []*Decl) {
	if len(m.Body) < 2 || !m.mayDeclare() {
		return nil
	}
	end := last(m.Body).End
	p := &parser{f: m.File, toks: append(pasted(m.Body), token.Token{Kind: token.Punct, Op: token.Semi, Off: end, End: end})}
	for _, s := range p.macroBody().List {
		if s.Kind == SDecl {
			out = append(out, s.Decls...)
		}
	}
	return out
}

// mayDeclare reports whether two words, or a word and a star, begin a statement.
func (m *Macro) mayDeclare() bool {
	word := func(t token.Token) bool { return t.Kind == token.Ident || t.Kind == token.Keyword }
	for i := 0; i+1 < len(m.Body); i++ {
		if next := m.Body[i+1]; (i == 0 || m.Body[i-1].Op == token.Semi) && word(m.Body[i]) && (word(next) || next.Op == token.Mul) {
			return true
		}
	}
	return false
}
