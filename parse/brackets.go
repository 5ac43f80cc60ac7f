package parse

import (
	"slices"

	"github.com/keepatch/keepatch/parse/token"
)

// close returns the index after the bracket that closes the one at i. A brace
// that is never closed ends before the next line that looks like the end of a
// function: a closing brace in the first column.
func (s *splitter) close(i int) int {
	if s.ends == nil {
		s.pair()
	}
	return int(s.ends[i])
}

// even reports whether brackets open and close in order.
func (s *splitter) even() bool {
	if s.ends == nil {
		s.pair()
	}
	return !s.uneven
}

// pair finds the partner of every bracket in one go, and whether they all pair up
// kind by kind.
func (s *splitter) pair() {
	tmp, toks, all := s.f.tmp, s.toks, int32(len(s.toks))
	ends := slices.Grow(tmp.ends[:0], len(toks))[:len(toks)]
	open := tmp.open[:0] // what is open: the indices
	top := token.NoOp    // the innermost of them
	pop := func(end int) {
		n := len(open) - 1
		ends[open[n]] = int32(end)
		open = open[:n]
		top = token.NoOp
		if n > 0 {
			top = toks[open[n-1]].Op
		}
	}
	for j := range toks {
		switch op := toks[j].Op; op {
		case token.LParen, token.LBrack, token.LBrace:
			ends[j] = all
			open = append(open, int32(j))
			top = op
		case token.RBrace:
			// A closing brace closes what is open inside it too: a stray
			// parenthesis must not swallow the rest of the file.
			s.uneven = s.uneven || top != token.LBrace
			for top == token.LParen || top == token.LBrack {
				pop(j)
			}
			if top == token.LBrace {
				pop(j + 1)
			}
		case token.RParen, token.RBrack:
			s.uneven = s.uneven || top+1 != op              // partners are neighbours among the Ops
			if top == token.LParen || top == token.LBrack { // else it is a stray one
				pop(j + 1)
			}
		case token.Semi:
			if (top == token.LParen || top == token.LBrack) && s.lineStart(j+1) {
				s.uneven = true
				pop(j) // a parenthesis left open
			}
		}
	}
	s.uneven = s.uneven || len(open) > 0
	next := len(toks)
	for j := len(toks) - 1; j >= 0 && len(open) > 0; j-- {
		if t := toks[j]; t.Op == token.RBrace && s.column0(t) {
			next = j + 1
		}
		if j == int(open[len(open)-1]) {
			if toks[j].Op == token.LBrace {
				pop(next)
			} else {
				pop(len(toks))
			}
		}
	}
	s.ends = ends
	tmp.ends, tmp.open = ends, open
}

// lineStart reports whether token j stands in the first column.
func (s *splitter) lineStart(j int) bool { return j < len(s.toks) && s.column0(s.toks[j]) }

func (s *splitter) column0(t token.Token) bool { return t.Off == 0 || s.f.Src[t.Off-1] == '\n' }

// openOf returns the index of the bracket that the one at i closes.
func (s *splitter) openOf(i int) int {
	depth := 0
	for j := i; j >= 0; j-- {
		switch s.toks[j].Op {
		case token.RParen, token.RBrack, token.RBrace:
			depth++
		case token.LParen, token.LBrack, token.LBrace:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return 0
}
