package detect

import "github.com/keepatch/keepatch/parse"

// element returns which element of an array the variable or member e is of, or
// which element of itself is meant where it stands: "0" for fds[0] and for
// pfds[0].fd. It is "" where the index is no constant, and for pointers, whose
// beginning nobody knows.
func (p *program) element(fi *funcInfo, e *parse.Expr) string {
	x := e
	for x.Up != nil && x.Up.Kind == parse.XParen {
		x = x.Up
	}
	at := x.Up
	if at == nil || at.Kind != parse.XIndex || at.X != x {
		if e.Kind != parse.XMember {
			return ""
		}
		if at = e.X.Strip(); at == nil || at.Kind != parse.XIndex {
			return ""
		}
	}
	c := constName(at.Y)
	if c == "" || !fi.isArray(at.X) {
		return ""
	}
	if !isNumber(c) {
		l := p.evaluator(newSession()).eval(fi, at.Y, nil).list()
		if len(l) != 1 || l[0] == "?" {
			return ""
		}
		c = l[0]
	}
	return c
}

// otherElement reports whether e is of another element of an array than what
// stands in the place.
func (f *flow) otherElement(at place, fi *funcInfo, e *parse.Expr) bool {
	if at.elem == "" {
		return false
	}
	x := f.p.element(fi, e)
	return x != "" && x != at.elem && isNumber(x) == isNumber(at.elem)
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
