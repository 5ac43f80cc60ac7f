package flow

import (
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// element returns which element of an array the variable or member e is of, or
// which element of itself is meant where it stands: "0" for fds[0] and for
// pfds[0].fd. It is "" where the index is no constant, and for pointers, since it is
// unknown to which element they point.
func element(p *program.Program, fi *program.FuncInfo, e *parse.Expr) string {
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
	c := value.ConstName(at.Y)
	if c == "" || !fi.IsArray(at.X) {
		return ""
	}
	if !value.IsNumeral(c) {
		l := eval.New(p, fixpoint.NewSession()).Eval(fi, at.Y, nil).List()
		if len(l) != 1 || l[0] == "?" {
			return ""
		}
		c = l[0]
	}
	return c
}

// otherElement reports whether e is of another element of an array than what
// stands in the place.
func (f *Flow) otherElement(at Location, fi *program.FuncInfo, e *parse.Expr) bool {
	if at.elem == "" {
		return false
	}
	x := element(f.Prog, fi, e)
	return x != "" && x != at.elem && value.IsNumeral(x) == value.IsNumeral(at.elem)
}
