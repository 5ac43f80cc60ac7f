// Package noreturn says what control does around a descriptor: which calls and
// statements never return, which macros handle a failure, and what a condition
// implies about a descriptor. The states of a descriptor are unknown, valid and
// invalid; join and meet combine what the operands of || and && imply.
//
// A definition in the program decides first, knowledge of the C library next,
// words in a name last. Definitions are followed at most 4 deep.
package noreturn

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// Exits decides whether calls return.
type Exits struct {
	*ctree.Program
	busy map[string]bool
	// assumed are functions that must end the program, as the code after them makes no sense
	// otherwise (AssumeEnds). Whether a name gets in here is decided by all of the program's calls
	// of it (hasCodeAfter), so that the order in which branches are asked about changes nothing but
	// what NeverReturns said before; places are looked for in the order of the sites.
	assumed  map[string]bool
	followed map[string]bool // functions by whether their calls have statements after them
}

// NeverReturns reports whether a call never returns.
func (x *Exits) NeverReturns(f *parse.File, e *parse.Expr) bool {
	name := e.Callee()
	if name == "" {
		// host->exit(1)
		m := e.X.Bare()
		return m != nil && m.Kind == parse.XMember && knowledge.NoReturn.Has(m.Name) && knowledge.ExitWords.In(m.Name)
	}
	return x.neverReturns(f, e, name, maxAliases)
}

// maxAliases bounds the macros that a name is followed through.
const maxAliases = 4

// neverReturns is NeverReturns for a call of the function that name means, through at most
// depth macros in the manner of #define crash set_place(__FILE__, __LINE__), do_crash.
func (x *Exits) neverReturns(f *parse.File, e *parse.Expr, name string, depth int) bool {
	if knowledge.NoReturn.Has(name) {
		return true
	}
	if x.assumed[name] {
		return true
	}
	for i := range min(max(ctree.LiteralIndex(e), 0), len(e.Args)) {
		if x.FatalLevel(parse.ExprText(f, e.Args[i]), 3) {
			return true // msg(M_FATAL, "...")
		}
	}
	if i, ok := knowledge.EndsUnlessZero.Lookup(name); ok && x.Definition(f, name) == nil && x.FnMacro(f, name) == nil {
		if len(e.Args) < i+3 {
			return false // programs' own error() takes a string first
		}
		a := e.Args[i].Strip()
		status, known := ctree.Number(a)
		return known && status != 0 || ctree.IsConstName(a) && strings.Contains(a.Name, "FAIL")
	}
	low := strings.ToLower(name)
	named := knowledge.StevensWords.Begin(low) // even where it may be told not to
	for _, fn := range x.Funcs[name] {
		if fn.Macro == nil {
			return x.neverEndsBody(fn) || named && x.mayEnd(fn) || x.endsForKind(fn, f, e)
		}
	}
	if fn := x.Src.Function(name); fn != nil {
		return x.neverEndsBody(fn) || named && x.mayEnd(fn) || x.endsForKind(fn, f, e)
	}
	if m := x.MacroFunc(f, name); m != nil && x.leavesBy(m) {
		return true
	}
	if last := lastOfCalls(x.FnMacro(f, name)); last != "" && last != name && depth > 0 && x.neverReturns(f, e, last, depth-1) {
		return true
	}
	if to := lastName(x.Src.Macro(name)); depth > 0 && to != "" && to != name {
		return x.neverReturns(f, e, to, depth-1)
	}
	if m := x.FnMacro(f, name); knowledge.UnlessWords.In(low) || m != nil && TestsParameter(m) {
		return false // DIE_IF(fd < 0)
	}
	if knowledge.ExitWords.In(low) && !knowledge.AtExitWords.In(low) {
		return true
	}
	if low == "die" || strings.HasPrefix(low, "die_") || strings.HasSuffix(low, "_die") || strings.HasPrefix(low, "xdie") {
		return true
	}
	// Wrappers in the manner of err.h: event_err(1, ...), p_errx(1, ...), err_quit(...).
	if strings.HasSuffix(low, "_err") || strings.HasSuffix(low, "_errx") {
		if len(e.Args) > 1 {
			a := e.Args[0].Strip()
			return a.Kind == parse.XNumber && a.Name != "0" ||
				ctree.IsConstName(a) && (strings.HasPrefix(a.Name, "EX") || strings.Contains(a.Name, "FAIL"))
		}
	}
	return named
}

// leavesBy reports whether what a macro stands for always leaves the function that it
// is used in: { printf("%s", m); return; }.
func (x *Exits) leavesBy(macro *parse.Func) bool {
	leave, ok := x.enter(macro)
	if !ok {
		return false
	}
	defer leave()
	return x.Leaves(macro.File, macro.Body())
}

// lastOfCalls is the last of the calls that a macro with arguments consists of, with or without
// semicolons between them; "" for a macro that is anything else.
//
//	#define fail(fmt, args...) TO_SYSLOG(syslog(LOG_ERR, fmt, ##args); closelog();) print_and_exit(fmt, ##args)
func lastOfCalls(m *parse.Macro) (name string) {
	if m == nil {
		return ""
	}
	calls := 0
	for i := 0; i < len(m.Body); i++ {
		if m.Body[i].Op == token.Semi && i > 0 {
			continue
		}
		if m.Body[i].Kind != token.Ident || i+1 >= len(m.Body) || m.Body[i+1].Op != token.LParen {
			return ""
		}
		name = m.File.Text(m.Body[i])
		calls++
		open := 0
		for i++; i < len(m.Body); i++ {
			if m.Body[i].Op == token.LParen {
				open++
			} else if m.Body[i].Op == token.RParen {
				if open--; open == 0 {
					break
				}
			}
		}
	}
	if calls < 2 {
		return "" // one call is read as a function's body is
	}
	return name
}

// lastName is the function that an object-like macro names last: do_crash of
// "set_place(__FILE__, __LINE__), do_crash"; "" where it names none.
func lastName(body string) string {
	i := len(body)
	for i > 0 && text.IsWordByte(body[i-1]) {
		i--
	}
	if front := strings.TrimSpace(body[:i]); i == len(body) || body[i] >= '0' && body[i] <= '9' ||
		front != "" && !strings.HasSuffix(front, ",") {
		return ""
	}
	return body[i:]
}

// TestsParameter reports whether a macro tests one of its parameters.
func TestsParameter(m *parse.Macro) bool {
	depth, in := 0, false
	for _, k := range m.Body {
		switch {
		case k.Op == token.KwIf:
			depth, in = 0, true
		case in && k.Op == token.LParen:
			depth++
		case in && k.Op == token.RParen:
			if depth--; depth == 0 {
				in = false
			}
		case in && k.Kind == token.Ident && slices.Contains(m.Params, m.File.Text(k)):
			return true
		}
	}
	return false
}

// maxEntered is how many functions are read within each other.
const maxEntered = 5

// enter notes that a function is being read; ok is false where it is already, or where
// too many are.
func (x *Exits) enter(fn *parse.Func) (leave func(), ok bool) {
	key := fn.File.Path + ":" + fn.Name
	if x.busy[key] || len(x.busy) >= maxEntered {
		return nil, false
	}
	if x.busy == nil {
		x.busy = map[string]bool{}
	}
	x.busy[key] = true
	return func() { delete(x.busy, key) }, true
}

// mayEnd reports whether a function ends the program on some way.
func (x *Exits) mayEnd(fn *parse.Func) bool {
	leave, ok := x.enter(fn)
	if !ok {
		return false
	}
	defer leave()
	found := false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) { found = found || x.NeverReturns(fn.File, c) })
	return found
}

// AssumeEnds reports whether the last thing an error branch does is to call a
// function that nothing is known of and whose name promises no return. Such a
// branch, with the descriptor used right after it, ends the program: from now on
// NeverReturns says so of each call of that function.
func (x *Exits) AssumeEnds(f *parse.File, body *parse.Stmt) bool {
	if body == nil {
		return false // an if that ends its file
	}
	last := body
	if body.Kind == parse.SBlock {
		if len(body.List) == 0 {
			return false
		}
		last = body.List[len(body.List)-1]
	}
	if last.Kind != parse.SExpr {
		return false
	}
	c := last.Expr.Strip()
	name := c.Callee()
	if name == "" || c.Kind != parse.XCall {
		return false
	}
	if fn := x.Definition(f, name); fn != nil {
		return fn.Macro == nil && x.endsAtLast(fn) && !x.hasCodeAfter(name) && x.assume(name)
	}
	low := strings.ToLower(name)
	if knowledge.ReportWords.In(low) {
		return false
	}
	if low == "error" || !knowledge.GiveUpWords.In(low) {
		return false
	}
	if x.hasCodeAfter(name) {
		return false
	}
	return x.assume(name)
}

// assume notes that a function ends the program.
func (x *Exits) assume(name string) bool {
	if x.assumed == nil {
		x.assumed = map[string]bool{}
	}
	x.assumed[name] = true
	return true
}

// endsAtLast reports whether a function ends the program where it is not told to come
// back on the way: a statement of its own does, under no condition.
func (x *Exits) endsAtLast(fn *parse.Func) bool {
	for _, s := range fn.Body().List {
		if s.Kind == parse.SExpr && x.Leaves(fn.File, s) {
			return true
		}
	}
	return false
}

// hasCodeAfter reports whether the program's other calls of a function have statements
// after them in their block: where a third of them do, it comes back, and a branch
// with nothing after it was forgotten.
func (x *Exits) hasCodeAfter(name string) bool {
	if v, known := x.followed[name]; known {
		return v
	}
	behind, all := 0, 0
	for _, f := range x.Files {
		seen := map[int]bool{}
		for _, i := range f.Idents(name) {
			fns := f.FuncsAt(int(f.Toks[i].Off))
			if len(fns) == 0 || fns[0].Macro != nil || seen[fns[0].Start] {
				continue
			}
			seen[fns[0].Start] = true
			ctree.Calls(fns[0].Body(), func(c *parse.Expr, s *parse.Stmt) {
				if c.Callee() == name && s.Kind == parse.SExpr {
					if all++; ctree.Next(s) != nil {
						behind++
					}
				}
			})
		}
	}
	if x.followed == nil {
		x.followed = map[string]bool{}
	}
	x.followed[name] = 3*behind > all
	return x.followed[name]
}

// neverEndsBody reports whether a function of the project does not return.
func (x *Exits) neverEndsBody(fn *parse.Func) bool {
	leave, ok := x.enter(fn)
	if !ok {
		return false
	}
	defer leave()
	for _, s := range fn.Body().List {
		// A return after the exit is there for the compiler alone.
		returns := false
		s.Walk(func(c *parse.Stmt) bool {
			returns = returns || c.Kind == parse.SReturn
			return !returns
		})
		if returns {
			return false
		}
		if x.Leaves(fn.File, s) {
			return true
		}
	}
	return false
}

// Leaves reports whether control never reaches the end of s: every way out is
// a jump or a call that does not return.
func (x *Exits) Leaves(f *parse.File, s *parse.Stmt) bool {
	if s == nil {
		return false
	}
	switch s.Kind {
	case parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue:
		return true
	case parse.SExpr, parse.SMacro, parse.SOpaque:
		out := false
		e := s.Expr.Strip()
		if e != nil && e.Kind == parse.XComma {
			e = e.Args[len(e.Args)-1].Strip()
		}
		if e != nil && e.Kind == parse.XCall {
			out = x.NeverReturns(f, e)
		}
		if e != nil && e.Kind == parse.XIdent {
			out = strings.HasPrefix(e.Name, "RETURN") || strings.HasPrefix(e.Name, "return") || x.wordLeaves(f, e.Name)
		}
		return out
	case parse.SBlock:
		for _, c := range s.List {
			if x.Leaves(f, c) {
				return true
			}
		}
	case parse.SIf:
		return s.Else != nil && x.Leaves(f, s.Body) && x.Leaves(f, s.Else)
	case parse.SLabel, parse.SCase, parse.SDefault:
		return x.Leaves(f, s.Body)
	case parse.SWhile:
		v, ok := ctree.Number(s.Expr)
		return ok && v != 0 && !Breaks(s.Body)
	case parse.SFor:
		return s.Expr == nil && !Breaks(s.Body)
	case parse.SDo:
		return !Breaks(s.Body) && x.Leaves(f, s.Body)
	case parse.SSwitch:
		return x.switchLeaves(f, s)
	}
	return false
}

// wordLeaves reports whether a macro without arguments stands for a statement that leaves:
// #define Fail return -1. The file's own definitions go before those of the program.
func (x *Exits) wordLeaves(f *parse.File, name string) bool {
	body := ""
	for _, m := range f.Macros {
		if m.Name == name {
			if m.FnLike || len(m.Body) == 0 {
				return false
			}
			body = m.File.Text(m.Body[0])
		}
	}
	if body == "" {
		body = x.Src.Macro(name)
	}
	for _, w := range []string{"return", "goto", "break", "continue"} {
		if rest, ok := strings.CutPrefix(body, w); ok && (rest == "" || !text.IsWordByte(rest[0])) {
			return true
		}
	}
	return false
}

// switchLeaves: it has a default, nothing breaks out of it, and its last
// statement does not fall out at the end. A break behind exit() is never met.
func (x *Exits) switchLeaves(f *parse.File, s *parse.Stmt) bool {
	unmet := func(b *parse.Stmt) bool {
		return b.Kind == parse.SBreak && ctree.Prev(b) != nil && x.Leaves(f, ctree.Prev(b))
	}
	if s.Body == nil || s.Body.Kind != parse.SBlock || len(s.Body.List) == 0 || breaks(s.Body, unmet) {
		return false
	}
	deflt := false
	s.Body.Walk(func(c *parse.Stmt) bool {
		if c.Kind == parse.SDefault {
			deflt = true
		}
		return c.Kind != parse.SSwitch || c == s.Body
	})
	last := s.Body.List[len(s.Body.List)-1]
	return deflt && (unmet(last) || x.Leaves(f, last))
}

// Breaks reports whether a break below s ends the loop or switch that s is
// the body of.
func Breaks(s *parse.Stmt) bool { return breaks(s, func(*parse.Stmt) bool { return false }) }

// breaks is Breaks but for those that are never met.
func breaks(s *parse.Stmt, unmet func(*parse.Stmt) bool) bool {
	found := false
	s.Walk(func(c *parse.Stmt) bool {
		switch c.Kind {
		case parse.SBreak:
			found = found || !unmet(c)
		case parse.SWhile, parse.SFor, parse.SDo, parse.SSwitch:
			return false
		case parse.SMacro:
			return false // a loop macro, most likely
		}
		return !found
	})
	return found
}

// notFatal takes out what says the opposite.
var notFatal = strings.NewReplacer("NONFATAL", "", "NON_FATAL", "", "NOT_FATAL", "")

// FatalLevel reports whether a severity given to a logging call ends the
// program.
func (x *Exits) FatalLevel(expr string, depth int) bool {
	for _, w := range text.Words(expr) {
		if strings.Contains(notFatal.Replace(w), "FATAL") || strings.Contains(w, "PANIC") || strings.Contains(w, "ABORT") {
			return true
		}
		if ctree.IsUpper(w) && depth > 0 && !strings.HasPrefix(w, "LOG_") && x.FatalLevel(x.Src.Macro(w), depth-1) {
			return true
		}
	}
	return false
}
