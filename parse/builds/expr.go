package builds

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse/cond"
	"github.com/keepatch/keepatch/parse/token"
)

// maxExpansion bounds the tokens that a condition has when its macros are replaced.
const maxExpansion = 10_000

// item is a token of a condition whose macros are replaced.
type item struct {
	op    token.Op
	value value // of an operand
}

// value is a number that may not be known.
type value struct {
	n     int64
	known bool
}

func (v value) truth() cond.Truth {
	switch {
	case !v.known:
		return cond.Open
	case v.n != 0:
		return cond.Yes
	}
	return cond.No
}

func valueOf(t cond.Truth) value {
	switch t {
	case cond.Yes:
		return value{1, true}
	case cond.No:
		return value{0, true}
	}
	return value{}
}

// evaluate evaluates the condition of an #if; what cannot be read is open.
func (p *preprocessor) evaluate(text string) cond.Truth {
	x := &expansion{p: p}
	if !x.add(text, nil) {
		return cond.Open
	}
	e := &evaluator{items: x.items}
	v, ok := e.ternary()
	if !ok || e.i < len(e.items) {
		return cond.Open
	}
	return v.truth()
}

// expansion replaces the macros of a condition.
type expansion struct {
	p     *preprocessor
	items []item
}

// add appends the tokens of a text; within are the macros that it comes from.
func (x *expansion) add(text string, within []string) bool {
	src := []byte(text)
	toks := token.Lex(src).Toks
	spell := func(i int) string { return string(src[toks[i].Off:toks[i].End]) }
	is := func(i int, op token.Op) bool { return i < len(toks) && toks[i].Op == op }
	for i := 0; i < len(toks); i++ {
		if len(x.items) > maxExpansion || len(within) > maxDepth {
			return false
		}
		switch t := toks[i]; t.Kind {
		case token.Number:
			x.operand(number(spell(i)))
		case token.Char, token.String, token.Other:
			x.operand(value{})
		case token.Punct:
			x.items = append(x.items, item{op: t.Op})
		case token.Ident, token.Keyword:
			name := spell(i)
			if name == "defined" {
				paren := is(i+1, token.LParen)
				if paren {
					i++
				}
				if i++; i >= len(toks) || toks[i].Kind != token.Ident && toks[i].Kind != token.Keyword {
					return false
				}
				x.operand(valueOf(x.p.lookup(spell(i)).state))
				if paren {
					if i++; !is(i, token.RParen) {
						return false
					}
				}
				continue
			}
			if m := x.p.lookup(name); m.state == cond.Yes && !m.vague && !slices.Contains(within, name) {
				if !x.add(m.body, append(within[:len(within):len(within)], name)) {
					return false
				}
				continue
			} else if m.state == cond.No && !is(i+1, token.LParen) {
				x.operand(value{0, true})
				continue
			}
			if is(i+1, token.LParen) { // a macro with arguments, or __has_include(<x>)
				end := closing(toks, i+1)
				if end < 0 {
					return false
				}
				i = end
			}
			x.operand(value{})
		}
	}
	return true
}

func (x *expansion) operand(v value) { x.items = append(x.items, item{value: v}) }

// closing is the index of the parenthesis that closes the one at i; -1 for none.
func closing(toks []token.Token, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		switch toks[i].Op {
		case token.LParen:
			depth++
		case token.RParen:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// number reads a number; those that are unsigned are left open, as arithmetic with
// them is another one.
func number(s string) value {
	n, err := strconv.ParseInt(strings.TrimRight(s, "lL"), 0, 64)
	return value{n, err == nil}
}

// evaluator evaluates a condition.
type evaluator struct {
	items []item
	i     int
	depth int
}

func (e *evaluator) op() token.Op {
	if e.i < len(e.items) {
		return e.items[e.i].op
	}
	return token.NoOp
}

func (e *evaluator) take(op token.Op) bool {
	if e.op() != op {
		return false
	}
	e.i++
	return true
}

func (e *evaluator) ternary() (value, bool) {
	if e.depth++; e.depth > maxDepth {
		return value{}, false
	}
	defer func() { e.depth-- }()
	c, ok := e.binary(1)
	if !ok || !e.take(token.Question) {
		return c, ok
	}
	x, ok := e.ternary()
	if !ok || !e.take(token.Colon) {
		return x, false
	}
	y, ok := e.ternary()
	switch c.truth() {
	case cond.Yes:
		return x, ok
	case cond.No:
		return y, ok
	}
	if x != y {
		x = value{}
	}
	return x, ok
}

// precedence of the operators, loosest first.
var precedence = map[token.Op]int{
	token.OrOr: 1, token.AndAnd: 2, token.Or: 3, token.Xor: 4, token.And: 5, token.EqEq: 6, token.NotEq: 6,
	token.Lt: 7, token.Gt: 7, token.Le: 7, token.Ge: 7, token.Shl: 8, token.Shr: 8, token.Add: 9, token.Sub: 9,
	token.Mul: 10, token.Div: 10, token.Mod: 10,
}

func (e *evaluator) binary(least int) (value, bool) {
	x, ok := e.unary()
	for ok && precedence[e.op()] >= least {
		op := e.op()
		e.i++
		var y value
		if y, ok = e.binary(precedence[op] + 1); ok {
			x = apply(op, x, y)
		}
	}
	return x, ok
}

func (e *evaluator) unary() (value, bool) {
	if e.depth++; e.depth > maxDepth || e.i >= len(e.items) {
		return value{}, false
	}
	defer func() { e.depth-- }()
	it := e.items[e.i]
	e.i++
	switch it.op {
	case token.NoOp:
		return it.value, true
	case token.LParen:
		v, ok := e.ternary()
		return v, ok && e.take(token.RParen)
	case token.Not:
		v, ok := e.unary()
		return valueOf(v.truth().Not()), ok
	case token.Sub:
		v, ok := e.unary()
		v.n = -v.n
		return v, ok
	case token.Tilde:
		v, ok := e.unary()
		v.n = ^v.n
		return v, ok
	case token.Add:
		return e.unary()
	}
	return value{}, false
}

// apply is the value of x op y.
func apply(op token.Op, x, y value) value {
	switch op {
	case token.AndAnd:
		return valueOf(cond.And(x.truth(), y.truth()))
	case token.OrOr:
		return valueOf(cond.Or(x.truth(), y.truth()))
	}
	if !x.known || !y.known {
		return value{}
	}
	is := func(b bool) value {
		if b {
			return value{1, true}
		}
		return value{0, true}
	}
	a, b := x.n, y.n
	switch op {
	case token.EqEq:
		return is(a == b)
	case token.NotEq:
		return is(a != b)
	case token.Lt:
		return is(a < b)
	case token.Gt:
		return is(a > b)
	case token.Le:
		return is(a <= b)
	case token.Ge:
		return is(a >= b)
	case token.Add:
		return value{a + b, true}
	case token.Sub:
		return value{a - b, true}
	case token.Mul:
		return value{a * b, true}
	case token.And:
		return value{a & b, true}
	case token.Or:
		return value{a | b, true}
	case token.Xor:
		return value{a ^ b, true}
	}
	switch {
	case (op == token.Div || op == token.Mod) && b == 0, (op == token.Shl || op == token.Shr) && (b < 0 || b > 62):
		return value{}
	case op == token.Div:
		return value{a / b, true}
	case op == token.Mod:
		return value{a % b, true}
	case op == token.Shl:
		return value{a << b, true}
	case op == token.Shr:
		return value{a >> b, true}
	}
	return value{}
}
