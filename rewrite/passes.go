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
func (p *exits) hands(f *parse.File, e, child *parse.Expr) bool {
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
func (p *exits) deals(f *parse.File, name string) bool {
	if isUpper(name) && anyWord(name, retryWords) {
		return false
	}
	if m := p.fnMacro(f, name); m != nil {
		for i, k := range m.Body {
			w := m.File.Text(k)
			if w == "return" || w == "goto" || w == "break" || w == "continue" || w == "throw" || exitNames[w] || anyWord(w, exitWords) || w == "die" || strings.Contains(w, "assert") {
				return true
			}
			if i+1 < len(m.Body) && m.Body[i+1].Op == parse.LParen && w != name {
				if g := p.definition(f, w); g != nil && p.ever(g) {
					return true
				}
			}
		}
		return false
	}
	if fn := p.definition(f, name); fn != nil {
		return p.ever(fn)
	}
	return isUpper(name) || strings.Contains(strings.ToLower(name), "check") || strings.Contains(strings.ToLower(name), "assert")
}

// leaveWords are words in the names of macros that leave, or end the program,
// by what their condition says.
var leaveWords = []string{"BAIL", "RETURN", "GOTO", "EXIT", "FAIL", "REQUIRE", "ENSURE", "EXPECT", "UNLESS", "PANIC", "RAISE", "CROAK", "JUMP"}

// dealsWith reports whether a macro or function that is handed the test of a
// descriptor leaves where that says it is none. By its name alone one is
// believed only if that speaks of leaving: most of them just report.
func (p *exits) dealsWith(f *parse.File, name string) bool {
	known := p.definition(f, name) != nil || p.fnMacro(f, name) != nil
	if up := strings.ToUpper(name); !known && !anyWord(up, dealWords) && !anyWord(up, leaveWords) {
		return false
	}
	return !known && strings.ToUpper(name) != name || p.deals(f, name)
}
