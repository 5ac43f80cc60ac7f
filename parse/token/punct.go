package token

// punct returns the punctuator at i and its length in bytes.
func punct(s []byte, i int) (Op, int) {
	at := func(k int) byte {
		if i+k < len(s) {
			return s[i+k]
		}
		return 0
	}
	pick := func(one Op, pairs ...any) (Op, int) {
		for k := 0; k+1 < len(pairs); k += 2 {
			p := pairs[k].(string)
			if len(p) == 2 && at(1) == p[0] && at(2) == p[1] || len(p) == 1 && at(1) == p[0] {
				return pairs[k+1].(Op), 1 + len(p)
			}
		}
		return one, 1
	}
	switch s[i] {
	case '(':
		return LParen, 1
	case ')':
		return RParen, 1
	case '{':
		return LBrace, 1
	case '}':
		return RBrace, 1
	case '[':
		return LBrack, 1
	case ']':
		return RBrack, 1
	case ';':
		return Semi, 1
	case ',':
		return Comma, 1
	case '?':
		return Question, 1
	case '~':
		return Tilde, 1
	case '=':
		return pick(Assign, "=", EqEq)
	case '!':
		return pick(Not, "=", NotEq)
	case '*':
		return pick(Mul, "=", MulAssign)
	case '/':
		return pick(Div, "=", DivAssign)
	case '^':
		return pick(Xor, "=", XorAssign)
	case '+':
		return pick(Add, "+", Inc, "=", AddAssign)
	case '-':
		return pick(Sub, ">", Arrow, "-", Dec, "=", SubAssign)
	case '&':
		return pick(And, "&", AndAnd, "=", AndAssign)
	case '|':
		return pick(Or, "|", OrOr, "=", OrAssign)
	case '%':
		return pick(Mod, "=", ModAssign, ">", RBrace, ":", HashOp)
	case '<':
		return pick(Lt, "<=", ShlAssign, "<", Shl, "=", Le, "%", LBrace, ":", LBrack)
	case '>':
		return pick(Gt, ">=", ShrAssign, ">", Shr, "=", Ge)
	case '.':
		return pick(Dot, "..", Ellipsis)
	case ':':
		return pick(Colon, ">", RBrack, ":", ColonColon)
	case '#':
		return pick(HashOp, "#", HashHash)
	}
	return NoOp, 1
}
