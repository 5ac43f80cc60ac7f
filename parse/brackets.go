package parse

// close returns the index after the bracket that closes the one at i. A brace
// that is never closed ends before the next line that looks like the end of a
// function: a closing brace in the first column.
func (s *splitter) close(i int) int {
	if s.ends == nil {
		s.pair()
	}
	return int(s.ends[i])
}

// pair finds the partner of every bracket in one go.
func (s *splitter) pair() {
	s.ends = make([]int32, len(s.toks))
	var open []int
	pop := func(end int) {
		s.ends[open[len(open)-1]] = int32(end)
		open = open[:len(open)-1]
	}
	top := func() Op {
		if len(open) == 0 {
			return NoOp
		}
		return s.toks[open[len(open)-1]].Op
	}
	for j, t := range s.toks {
		s.ends[j] = int32(len(s.toks))
		switch t.Op {
		case LParen, LBrack, LBrace:
			open = append(open, j)
		case RBrace:
			// A closing brace closes what is open inside it too: a stray
			// parenthesis must not swallow the rest of the file.
			for top() == LParen || top() == LBrack {
				pop(j)
			}
			if top() == LBrace {
				pop(j + 1)
			}
		case RParen, RBrack:
			if top() == LParen || top() == LBrack { // else it is a stray one
				pop(j + 1)
			}
		case Semi:
			if (top() == LParen || top() == LBrack) && s.lineStart(j+1) {
				pop(j) // a parenthesis left open
			}
		}
	}
	next := len(s.toks)
	for j := len(s.toks) - 1; j >= 0 && len(open) > 0; j-- {
		if t := s.toks[j]; t.Op == RBrace && s.column0(t) {
			next = j + 1
		}
		if j == open[len(open)-1] {
			if s.toks[j].Op == LBrace {
				pop(next)
			} else {
				pop(len(s.toks))
			}
		}
	}
}

// lineStart reports whether token j stands in the first column.
func (s *splitter) lineStart(j int) bool { return j < len(s.toks) && s.column0(s.toks[j]) }

func (s *splitter) column0(t Token) bool { return t.Off == 0 || s.f.Src[t.Off-1] == '\n' }

// openOf returns the index of the bracket that the one at i closes.
func (s *splitter) openOf(i int) int {
	depth := 0
	for j := i; j >= 0; j-- {
		switch s.toks[j].Op {
		case RParen, RBrack, RBrace:
			depth++
		case LParen, LBrack, LBrace:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return 0
}

// even reports whether brackets open and close in order.
func even(toks []Token) bool {
	_, _, ok := nesting(toks)
	return ok
}

// nesting tells how deeply brackets are nested, the index of the token that
// first closes all that are open, -1 for none, and whether they pair up kind by
// kind. It stops at the first that does not.
func nesting(toks []Token) (deepest, closed int, ok bool) {
	var open []Op
	closed = -1
	for i := range toks {
		switch op := toks[i].Op; op {
		case LParen, LBrack, LBrace:
			open = append(open, op)
			deepest = max(deepest, len(open))
		case RParen, RBrack, RBrace:
			// An opening bracket and its partner are neighbours among the Ops.
			if len(open) == 0 || open[len(open)-1]+1 != op {
				return deepest, closed, false
			}
			if open = open[:len(open)-1]; len(open) == 0 && closed < 0 {
				closed = i
			}
		}
	}
	return deepest, closed, len(open) == 0
}
