package keyword

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// Divide returns the siblings that are a yes or no, and those that are numbers.
// Where none reads a yes or no, those that are one by being there count, else
// numbers whose names say that they are one.
func (x *Index) Divide(f *parse.File, list []*Sibling) (bools, numbers []*Sibling) {
	var flags []*Sibling
	for _, s := range list {
		switch {
		case s.Arm.Strict:
			bools = append(bools, s)
		case s.Arm.Flag:
			flags = append(flags, s)
		default:
			numbers = append(numbers, s)
		}
	}
	if len(bools) == 0 {
		bools = flags
	}
	if len(bools) == 0 {
		bools = x.boolByName(f, numbers)
	}
	return bools, numbers
}

// CommonCalls are the functions of a count that are called for their own sake.
func CommonCalls(count map[string]int) map[string]bool {
	out := map[string]bool{}
	for name, n := range count {
		out[name] = n > 2 && name != ""
	}
	return out
}

// boolByName picks the numbers that are a yes or no by their names, or because the program asks
// for nothing else of them.
func (x *Index) boolByName(f *parse.File, list []*Sibling) []*Sibling {
	var out []*Sibling
	for _, s := range list {
		if name, member := s.Target(f); words.FlagWord.MatchString(s.Name) || name != "" && x.isTruth(name, member) {
			out = append(out, s)
		}
	}
	return out
}

// isTruth reports whether a variable is only ever asked for as a yes or no.
func (x *Index) isTruth(name string, member bool) bool {
	truth, other := 0, 0
	for _, fn := range x.Prog.Funcs {
		if len(fn.File.Idents(name)) == 0 {
			continue
		}
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			cond := s.Kind == parse.SIf || s.Kind == parse.SWhile
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if e.Kind != parse.XIdent && e.Kind != parse.XMember || !EndsWithTarget(e, name, member) {
						return true
					}
					up := e.Up
					for up != nil && up.Kind == parse.XParen {
						up = up.Up
					}
					switch {
					case up == nil && cond, up != nil && up.Kind == parse.XUnary && up.Op == token.Not,
						up != nil && up.Kind == parse.XBinary && (up.Op == token.AndAnd || up.Op == token.OrOr):
						truth++
					case up != nil && up.Kind == parse.XAssign && up.X.Bare() == e.Bare():
					default:
						other++
					}
					return true
				})
			})
			return true
		})
	}
	return truth > 0 && other == 0
}

// Target is the last name of what a sibling sets, and whether that is a member; f is the file
// with the keywords, which a function of its own may stand outside of.
func (s *Sibling) Target(f *parse.File) (name string, member bool) {
	if s.Arm == nil || len(s.Arm.Target) == 0 {
		return "", false
	}
	if s.Fn != nil {
		f = s.Fn.File
	}
	text := text.StripSpace(string(f.Src[s.Arm.Target[0].From:s.Arm.Target[0].To]))
	if i := strings.LastIndexAny(text, ".>"); i >= 0 {
		return text[i+1:], true
	}
	return text, false
}

// EndsWithTarget reports whether an expression is such a target.
func EndsWithTarget(e *parse.Expr, name string, member bool) bool {
	e = e.Strip()
	return e.Name == name && (member && e.Kind == parse.XMember || !member && e.Kind == parse.XIdent)
}
