package token

// Nesting tells how deeply brackets are nested, the index of the token that
// first closes all that are open, -1 for none, and whether they pair up kind by
// kind. It stops at the first that does not.
func Nesting(toks []Token) (deepest, closed int, ok bool) {
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
