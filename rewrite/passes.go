package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// Words in the names of macros around a call: those that call again when a
// signal came between, and those that deal with a failure themselves.
var (
	retryWords = []string{"RETRY", "EINTR", "RESTART", "AGAIN", "LOOP"}
	dealWords  = []string{"CHECK", "ASSERT", "VERIFY", "TRY", "SAFE", "DIE", "MUST", "FATAL", "ABORT", "THROW"}
	plainWords = []string{"WRAP", "SYSCALL", "SYS_", "CALL", "ERR", "FAIL", "POSIX", "UNLIKELY"}
)

func anyWord(name string, words []string) bool {
	for _, w := range words {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// hands reports whether a macro or a function of the project around a call
// gives back what the call returned.
func (p *project) hands(f *parse.File, e, child *parse.Expr) bool {
	name := e.Callee()
	if name == "" || len(e.Args) == 0 || e.Args[0] != child {
		return false
	}
	if isUpper(name) {
		return anyWord(name, retryWords) || anyWord(name, dealWords) || anyWord(name, plainWords)
	}
	fn := p.definition(f, name)
	if fn == nil || len(fn.Params) == 0 || len(fn.Params) > 3 || fn.Params[0].Type == nil || fn.Params[0].Type.Ptr > 0 {
		return false
	}
	param := fn.Params[0].Name
	if param == "" || changed(fn, param) {
		return false
	}
	gives, other := false, false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn {
			x := s.Expr.Strip()
			v, isNum := number(x)
			switch {
			case x != nil && x.Kind == parse.XIdent && x.Name == param:
				gives = true
			case isNum && v < 0:
			default:
				other = true
			}
		}
		return true
	})
	return gives && !other
}

// deals reports whether the macro or function around a call deals with its
// failure, so that what comes back is a descriptor.
func (p *project) deals(f *parse.File, name string) bool {
	if isUpper(name) && anyWord(name, retryWords) {
		return false
	}
	for _, fn := range p.funcs[name] {
		if fn.Macro == nil || !fn.Macro.FnLike {
			continue
		}
		for i, k := range fn.Macro.Body {
			w := fn.File.Text(k)
			if w == "return" || w == "goto" || w == "break" || w == "continue" || w == "throw" || exitNames[w] || anyWord(w, exitWords) || w == "die" {
				return true
			}
			if i+1 < len(fn.Macro.Body) && fn.Macro.Body[i+1].Op == parse.LParen && w != name {
				if g := p.definition(f, w); g != nil && p.exits.ever(g) {
					return true
				}
			}
		}
		return false
	}
	if fn := p.definition(f, name); fn != nil {
		return p.exits.ever(fn)
	}
	return isUpper(name) || strings.Contains(strings.ToLower(name), "check") || strings.Contains(strings.ToLower(name), "assert")
}

// definition is the function that a name means in a file.
func (p *project) definition(f *parse.File, name string) *parse.Func {
	if fn := p.function(f, name); fn != nil {
		return fn
	}
	return p.src.function(name)
}
