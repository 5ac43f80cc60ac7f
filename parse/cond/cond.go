package cond

import (
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse/token"
)

// cond is the condition of an #if: a formula over atoms. An atom is a macro
// (defined or non-zero: on real trees the two mean the same switch) or a
// comparison that is kept as text.
type cond struct {
	op   byte   // 'a' atom, 'n' number, '!', '&', '|'
	atom string // the macro, or the whole comparison
	num  bool   // value of a number
	low  bool   // an atom that is likelier false: X < 5, X == 0
	x, y *cond
}

func (c *cond) String() string {
	if c == nil {
		return ""
	}
	switch c.op {
	case 'a':
		return c.atom
	case 'n':
		if c.num {
			return "1"
		}
		return "0"
	case '!':
		if c.x.op == '&' || c.x.op == '|' || strings.ContainsAny(c.x.atom, "<>=") {
			return "!(" + c.x.String() + ")"
		}
		return "!" + c.x.String()
	case '&':
		return c.sub(c.x) + " && " + c.sub(c.y)
	}
	return c.sub(c.x) + " || " + c.sub(c.y)
}

func (c *cond) sub(x *cond) string {
	if (x.op == '|' || x.op == '&') && x.op != c.op {
		return "(" + x.String() + ")"
	}
	return x.String()
}

func negate(c *cond) *cond {
	if c.op == '!' {
		return c.x
	}
	return &cond{op: '!', x: c}
}

// constant is yes or no where no macro has a say.
func (c *cond) constant() Truth {
	return c.eval(func(c *cond) Truth {
		if neverDefined[c.atom] {
			return No
		}
		return Open
	})
}

// neverDefined are macros that are never defined: by old habit of Unix's sources code
// is put aside with them.
var neverDefined = map[string]bool{
	"notdef": true, "NOTDEF": true, "notyet": true, "NOTYET": true, "not_yet": true, "NOT_YET": true, "never": true, "NEVER": true,
	"notused": true, "NOTUSED": true, "not_used": true, "NOT_USED": true, "undef": true,
}

// eval folds the formula; value gives the truth of an atom.
func (c *cond) eval(value func(*cond) Truth) Truth {
	switch c.op {
	case 'a':
		return value(c)
	case 'n':
		return truthOf(c.num)
	case '!':
		return c.x.eval(value).Not()
	}
	x, y := c.x.eval(value), c.y.eval(value)
	if c.op == '|' {
		return Or(x, y)
	}
	return And(x, y)
}

// atoms calls f for each atom.
func (c *cond) atoms(f func(*cond)) {
	switch {
	case c == nil:
	case c.op == 'a':
		f(c)
	default:
		c.x.atoms(f)
		c.y.atoms(f)
	}
}

// maxCond bounds the conditions that are taken apart, in bytes. Real ones stay
// under 1000.
const maxCond = 4000

func parseCond(d Directive) *cond {
	if len(d.Text) > maxCond {
		return &cond{op: 'a', atom: d.Text}
	}
	switch d.Name {
	case "ifdef", "elifdef":
		return &cond{op: 'a', atom: firstWord(d.Text)}
	case "ifndef", "elifndef":
		return &cond{op: '!', x: &cond{op: 'a', atom: firstWord(d.Text)}}
	}
	p := condParser{token.Lex([]byte(d.Text)).Toks, []byte(d.Text), 0}
	c := p.or()
	if c == nil || p.i < len(p.toks) {
		return &cond{op: 'a', atom: strings.Join(strings.Fields(d.Text), " ")}
	}
	return c
}

func firstWord(s string) string {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i]
	}
	return s
}

// condParser reads the condition of an #if. nil means: not understood, and
// the whole text becomes an atom.
type condParser struct {
	toks []token.Token
	src  []byte
	i    int
}

func (p *condParser) op() token.Op {
	if p.i < len(p.toks) {
		return p.toks[p.i].Op
	}
	return token.NoOp
}

func (p *condParser) text(from, to int) string {
	return strings.Join(strings.Fields(string(p.src[p.toks[from].Off:p.toks[to-1].End])), " ")
}

func (p *condParser) or() *cond {
	x := p.and()
	for x != nil && p.op() == token.OrOr {
		p.i++
		y := p.and()
		if y == nil {
			return nil
		}
		x = &cond{op: '|', x: x, y: y}
	}
	return x
}

func (p *condParser) and() *cond {
	x := p.cmp()
	for x != nil && p.op() == token.AndAnd {
		p.i++
		y := p.cmp()
		if y == nil {
			return nil
		}
		x = &cond{op: '&', x: x, y: y}
	}
	return x
}

// cmp reads a unary expression or a comparison of arithmetic, which stays
// text.
func (p *condParser) cmp() *cond {
	start := p.i
	x := p.unary()
	if x == nil {
		return nil
	}
	low, compared := false, false
	for {
		switch op := p.op(); op {
		case token.Lt, token.Le, token.EqEq, token.NotEq, token.Gt, token.Ge, token.Add, token.Sub, token.Mul,
			token.Div, token.Mod, token.Shl, token.Shr, token.And, token.Or, token.Xor:
			compared = true
			p.i++
			rhs := p.i
			if p.unary() == nil {
				return nil
			}
			low = op == token.Lt || op == token.Le || op == token.EqEq && p.text(rhs, p.i) == "0"
			if op == token.NotEq && p.text(rhs, p.i) == "0" && x.op != 'n' {
				return x
			}
		default:
			if compared {
				return &cond{op: 'a', atom: p.text(start, p.i), low: low}
			}
			return x
		}
	}
}

func (p *condParser) unary() *cond {
	if p.i >= len(p.toks) {
		return nil
	}
	t := p.toks[p.i]
	switch {
	case t.Op == token.Not:
		p.i++
		x := p.unary()
		if x == nil {
			return nil
		}
		return negate(x)
	case t.Op == token.Sub || t.Op == token.Add || t.Op == token.Tilde:
		p.i++
		return p.unary()
	case t.Op == token.LParen:
		p.i++
		x := p.or()
		if x == nil || p.op() != token.RParen {
			return nil
		}
		p.i++
		return x
	case t.Kind == token.Number:
		p.i++
		n, err := strconv.ParseInt(strings.TrimRight(string(p.src[t.Off:t.End]), "uUlL"), 0, 64)
		return &cond{op: 'n', num: err != nil || n != 0}
	case t.Kind == token.Char:
		p.i++
		return &cond{op: 'n', num: true}
	case t.Kind == token.Ident || t.Kind == token.Keyword:
		name := string(p.src[t.Off:t.End])
		p.i++
		if name == "defined" {
			paren := p.op() == token.LParen
			if paren {
				p.i++
			}
			if p.i >= len(p.toks) || p.toks[p.i].Kind != token.Ident && p.toks[p.i].Kind != token.Keyword {
				return nil
			}
			name = string(p.src[p.toks[p.i].Off:p.toks[p.i].End])
			p.i++
			if paren {
				if p.op() != token.RParen {
					return nil
				}
				p.i++
			}
			return &cond{op: 'a', atom: name}
		}
		if name == "true" || name == "false" {
			return &cond{op: 'n', num: name == "true"}
		}
		if p.op() == token.LParen { // __has_include(<x>), VERSION_AT_LEAST(1, 2)
			start, depth := p.i-1, 0
			for ; p.i < len(p.toks); p.i++ {
				if p.op() == token.LParen {
					depth++
				} else if p.op() == token.RParen {
					if depth--; depth == 0 {
						p.i++
						return &cond{op: 'a', atom: p.text(start, p.i)}
					}
				}
			}
			return nil
		}
		return &cond{op: 'a', atom: name}
	}
	return nil
}
