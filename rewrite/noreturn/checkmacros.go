package noreturn

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// ReturnsArgument reports whether a macro or a function of the project around a call
// gives back what the call returned.
func (x *Exits) ReturnsArgument(f *parse.File, e, child *parse.Expr) bool {
	name := e.Callee()
	if name == "" || len(e.Args) == 0 || e.Args[0] != child {
		return false
	}
	if ctree.IsUpper(name) {
		return knowledge.RetryWords.In(name) || knowledge.DealWords.In(name) || knowledge.WrapWords.In(name)
	}
	fn := x.Definition(f, name)
	if fn == nil {
		return false
	}
	gives, other := false, false
	for _, v := range fn.File.Funcs { // one for each #if selection
		if v.Name == name && v.Macro == nil {
			g, ok := givesBack(v)
			gives, other = gives || g, other || !ok
		}
	}
	return gives && !other
}

// givesBack reports whether a function returns its first parameter; ok is false when it
// returns anything but that and negative numbers.
func givesBack(fn *parse.Func) (gives, ok bool) {
	if len(fn.Params) == 0 || len(fn.Params) > 3 || fn.Params[0].Type == nil || fn.Params[0].Type.Ptr > 0 {
		return false, false
	}
	param := fn.Params[0].Name
	if param == "" || ctree.Changed(fn, param) {
		return false, false
	}
	ok = true
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn {
			x := s.Expr.Strip()
			v, isNum := ctree.Number(x)
			switch {
			case x != nil && x.Kind == parse.XIdent && x.Name == param:
				gives = true
			case isNum && v < 0:
			default:
				ok = false
			}
		}
		return ok
	})
	return gives, ok
}

// HandlesFailure reports whether the macro or function around a call deals with its
// failure, so that what comes back is a descriptor.
func (x *Exits) HandlesFailure(f *parse.File, name string) bool {
	if ctree.IsUpper(name) && knowledge.RetryWords.In(name) {
		return false
	}
	if m := x.FnMacro(f, name); m != nil {
		for i, k := range m.Body {
			w := m.File.Text(k)
			if w == "return" || w == "goto" || w == "break" || w == "continue" || w == "throw" || knowledge.NoReturn.Has(w) ||
				knowledge.ExitWords.In(w) || w == "die" || strings.Contains(w, "assert") {
				return true
			}
			if i+1 < len(m.Body) && m.Body[i+1].Op == token.LParen && w != name {
				if g := x.Definition(f, w); g != nil && x.mayEnd(g) {
					return true
				}
			}
		}
		return false
	}
	if fn := x.Definition(f, name); fn != nil {
		return x.mayEnd(fn)
	}
	return ctree.IsUpper(name) || strings.Contains(strings.ToLower(name), "check") || strings.Contains(strings.ToLower(name), "assert")
}

// HandlesTest reports whether a macro or function that is handed the test of a
// descriptor leaves where that says it is none. By its name alone one is
// believed only if that leaves: most of them just report.
func (x *Exits) HandlesTest(f *parse.File, name string) bool {
	known := x.Definition(f, name) != nil || x.FnMacro(f, name) != nil
	if up := strings.ToUpper(name); !known && !knowledge.DealWords.In(up) && !knowledge.LeaveWords.In(up) {
		return false
	}
	return !known && strings.ToUpper(name) != name || x.HandlesFailure(f, name)
}
