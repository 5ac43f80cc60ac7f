package noreturn

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
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

// ReturnsArgument reports whether a macro or a function of the project around a call
// gives back what the call returned.
func (p *Exits) ReturnsArgument(f *parse.File, e, child *parse.Expr) bool {
	name := e.Callee()
	if name == "" || len(e.Args) == 0 || e.Args[0] != child {
		return false
	}
	if ctree.IsUpper(name) {
		return anyWord(name, retryWords) || anyWord(name, dealWords) || anyWord(name, plainWords)
	}
	fn := p.Definition(f, name)
	if fn == nil || len(fn.Params) == 0 || len(fn.Params) > 3 || fn.Params[0].Type == nil || fn.Params[0].Type.Ptr > 0 {
		return false
	}
	param := fn.Params[0].Name
	if param == "" || ctree.Changed(fn, param) {
		return false
	}
	gives, other := false, false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn {
			x := s.Expr.Strip()
			v, isNum := ctree.Number(x)
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

// HandlesFailure reports whether the macro or function around a call deals with its
// failure, so that what comes back is a descriptor.
func (p *Exits) HandlesFailure(f *parse.File, name string) bool {
	if ctree.IsUpper(name) && anyWord(name, retryWords) {
		return false
	}
	if m := p.FnMacro(f, name); m != nil {
		for i, k := range m.Body {
			w := m.File.Text(k)
			if w == "return" || w == "goto" || w == "break" || w == "continue" || w == "throw" || ExitNames[w] || anyWord(w, exitWords) || w == "die" || strings.Contains(w, "assert") {
				return true
			}
			if i+1 < len(m.Body) && m.Body[i+1].Op == token.LParen && w != name {
				if g := p.Definition(f, w); g != nil && p.mayEnd(g) {
					return true
				}
			}
		}
		return false
	}
	if fn := p.Definition(f, name); fn != nil {
		return p.mayEnd(fn)
	}
	return ctree.IsUpper(name) || strings.Contains(strings.ToLower(name), "check") || strings.Contains(strings.ToLower(name), "assert")
}

// leaveWords are words in the names of macros that leave, or end the program,
// by what their condition says.
var leaveWords = []string{"BAIL", "RETURN", "GOTO", "EXIT", "FAIL", "REQUIRE", "ENSURE", "EXPECT", "UNLESS", "PANIC", "RAISE", "CROAK", "JUMP"}

// HandlesTest reports whether a macro or function that is handed the test of a
// descriptor leaves where that says it is none. By its name alone one is
// believed only if that speaks of leaving: most of them just report.
func (p *Exits) HandlesTest(f *parse.File, name string) bool {
	known := p.Definition(f, name) != nil || p.FnMacro(f, name) != nil
	if up := strings.ToUpper(name); !known && !anyWord(up, dealWords) && !anyWord(up, leaveWords) {
		return false
	}
	return !known && strings.ToUpper(name) != name || p.HandlesFailure(f, name)
}
