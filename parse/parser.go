package parse

import (
	"slices"

	"github.com/keepatch/keepatch/parse/token"
)

// maxDepth bounds nesting, so that hostile input costs a message and not the
// stack.
const maxDepth = 400

// maxChain bounds what is no nesting but makes a deep tree all the same:
// a + b + c ..., f()()() ... What is left is read as further expressions.
const maxChain = 10000

// parser reads declarations, statements and expressions from the tokens of
// one function or one external declaration. It consumes at least one token a
// round, whatever stands there, so it ends on any input.
type parser struct {
	choices int // see callOf
	f       *File
	toks    []token.Token
	i       int
	depth   int
	fn      *Func // whose repairs are recorded; nil outside functions
	enums   []*Decl
	room            // memory for what is read
	list    []*Stmt // of the blocks being read, outermost first
	args    []*Expr // of the calls being read, outermost first
	ends    []int32 // by opening bracket: the index after its partner; see groupEnd
	endRoom []int32 // for ends
}

// node puts an expression into memory that it shares with its neighbours.
func (p *parser) node(e Expr) *Expr {
	if len(p.exprs) == 0 {
		// An expression takes about two tokens.
		p.exprs = piece[Expr]((len(p.toks) - p.i) / 2)
	}
	x := &p.exprs[0]
	p.exprs = p.exprs[1:]
	*x = e
	return x
}

var eof = token.Token{Kind: token.EOF}

func (p *parser) tok() token.Token {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return eof
}

func (p *parser) peek(k int) token.Token {
	if p.i+k < len(p.toks) && p.i+k >= 0 {
		return p.toks[p.i+k]
	}
	return eof
}

// lastEnd is the end of the token just consumed.
func (p *parser) lastEnd() int {
	if p.i > 0 && p.i-1 < len(p.toks) {
		return int(p.toks[p.i-1].End)
	}
	if len(p.toks) > 0 {
		return int(p.toks[len(p.toks)-1].End)
	}
	return 0
}

// groupEnd returns the index after the bracket that closes the one at i, or
// where the block ends that holds it. All partners are found at once, on first
// use: looking for each on its own is quadratic on nested text.
func (p *parser) groupEnd(i int) int {
	if i >= len(p.toks) {
		return len(p.toks)
	}
	if p.ends == nil {
		p.endRoom = partners(p.toks, p.endRoom)
		p.ends = p.endRoom
	}
	return min(int(p.ends[i]), len(p.toks))
}

// partners finds the end of every bracket's group. The result is in ends where
// there is room.
func partners(toks []token.Token, ends []int32) []int32 {
	ends = slices.Grow(ends[:0], len(toks))[:len(toks)]
	var open []int32
	for i, t := range toks {
		ends[i] = int32(len(toks))
		n := len(open)
		switch t.Op {
		case token.LParen, token.LBrack, token.LBrace:
			open = append(open, int32(i))
		case token.RBrace:
			ends[i] = int32(i + 1)
			for n > 0 && toks[open[n-1]].Op != token.LBrace {
				n--
				ends[open[n]] = int32(i) // left open in this block
			}
			if n > 0 {
				n--
				ends[open[n]] = int32(i + 1)
			}
			open = open[:n]
		case token.RParen, token.RBrack:
			ends[i] = int32(i + 1)
			if n > 0 && toks[open[n-1]].Op != token.LBrace {
				ends[open[n-1]] = int32(i + 1)
				open = open[:n-1]
			}
		}
	}
	return ends
}

// within hides the tokens from end on while a group that ends there is read:
// brackets of mixed kinds could lead the reader past it. The caller undoes it
// with the slice it gets.
func (p *parser) within(end int) []token.Token {
	all := p.toks
	p.toks = all[:end]
	return all
}

func (p *parser) skipGroup() { p.i = p.groupEnd(p.i) }

func (p *parser) repair(kind string) {
	if p.fn != nil {
		p.fn.Repairs = append(p.fn.Repairs, Repair{p.lastEnd(), kind, p.lastEnd()})
	}
}

// Body returns the function's body, a block. It is parsed on first use.
func (fn *Func) Body() *Stmt {
	fn.parsed.Do(func() {
		p := &parser{f: fn.File, toks: fn.body, fn: fn, room: fn.File.rooms.take()}
		if fn.Macro != nil {
			fn.root = p.macroBody()
		} else {
			fn.root = p.block()
		}
		fn.File.rooms.put(p.room)
		link(fn.root)
	})
	return fn.root
}

// link sets the parents of statements and expressions.
func link(s *Stmt) {
	for _, c := range []*Stmt{s.Init, s.Body, s.Else} {
		if c != nil {
			c.Parent = s
			link(c)
		}
	}
	for _, c := range s.List {
		c.Parent = s
		link(c)
	}
	s.Exprs(func(e *Expr) { e.link(nil, s) })
}

// link sets Up and In of e and everything below it.
func (e *Expr) link(up *Expr, in *Stmt) {
	if e == nil {
		return
	}
	e.Up, e.In = up, in
	e.X.link(e, in)
	e.Y.link(e, in)
	e.Z.link(e, in)
	for _, a := range e.Args {
		a.link(e, in)
	}
	if e.Block != nil {
		e.Block.Parent = in
		link(e.Block)
	}
}

// Tokens returns the tokens of the body, braces included, of this selection
// of branches.
func (fn *Func) Tokens() []token.Token { return fn.body }

// HeadTokens returns the tokens before the body.
func (fn *Func) HeadTokens() []token.Token { return fn.head }
