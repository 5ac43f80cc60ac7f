package compose

import (
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/message"
)

// step is a check of the descriptor behind the block whose branch leaves.
type step struct {
	stmt   *parse.Stmt
	call   *parse.Expr
	option bool // it sets an option, itself or in the function that it calls
	setup  bool // it sets the socket up, and could be done without: no connect(), no bind()
}

// asCareful gives a client's descriptor up where the function does so in each of
// its steps, one that sets the socket up among them, and drops no result, but has no words that a warning could be made
// of: it keeps the error for its caller, or just leaves. What the nearest step that sets an
// option does is done here, else the nearest step of this stage.
func (p *Composer) asCareful(t *Target, id *Idiom) {
	if t.Site.Role != result.Client || t.Place.Test || p.OnlyReport[t.Spot.Func] || id.Model != nil && id.Model.Ignored() {
		return
	}
	steps, dropped := p.steps(t)
	setup := false
	for _, s := range steps {
		setup = setup || s.setup
	}
	if dropped || !setup || len(steps) < 2 {
		return
	}
	for _, options := range []bool{true, false} {
		for _, s := range steps {
			if s.option != options {
				continue
			}
			out, ok := p.wayOut(t, s.stmt.Body, "")
			if !ok || !t.sameStage(s.stmt, out) {
				continue
			}
			if kept := p.keptWords(t, id, s, out); kept != "" {
				out = append([]string{kept}, out...)
			}
			id.Policy, id.Leave, id.Cond = PolicyLeave, out, ""
			return
		}
	}
}

// steps are the checks of the descriptor behind the block that leave, in the order
// of the text; dropped reports whether a call with the descriptor has a result that
// nobody looks at.
func (p *Composer) steps(t *Target) (steps []step, dropped bool) {
	f := t.Spot.File
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.End <= t.Place.Offset {
			return false
		}
		if s.Pos < t.Place.Offset {
			return true
		}
		switch s.Kind {
		case parse.SExpr:
			if c := uncast(s.Expr); c != nil && c.Kind == parse.XCall && callOn(f, c, t.Spot.Key) && !releases(c.Callee()) && c.Callee() != "shutdown" && !p.voidCall(f, c) {
				dropped = true
			}
		case parse.SIf:
			if s.Body == nil || !p.Exits.Leaves(f, s.Body) {
				break
			}
			e := s.Expr
			if !callOn(f, e, t.Spot.Key) {
				if e = resultOf(f, s); e == nil || !callOn(f, e, t.Spot.Key) {
					break
				}
			}
			steps = append(steps, p.stepOf(t, s, e))
			return s.Else != nil
		}
		return !p.Exits.Leaves(f, s) || s.Kind == parse.SBlock
	})
	return steps, dropped
}

// uncast is an expression without a cast to void.
func uncast(e *parse.Expr) *parse.Expr {
	if e = e.Bare(); e != nil && e.Kind == parse.XCast {
		return e.X.Bare()
	}
	return e
}

// voidCall reports whether a call returns nothing, as far as the program says.
func (p *Composer) voidCall(f *parse.File, c *parse.Expr) bool {
	fn := p.Definition(f, c.Callee())
	return fn != nil && strings.HasPrefix(strings.TrimPrefix(strings.TrimSpace(string(fn.File.Src[fn.Start:fn.NamePos])), "static "), "void") &&
		!strings.Contains(string(fn.File.Src[fn.Start:fn.NamePos]), "*")
}

// resultOf is the call whose result an if tests through a variable: the value of the
// assignment in front of it.
func resultOf(f *parse.File, s *parse.Stmt) *parse.Expr {
	prev := ctree.Prev(s)
	if prev == nil || prev.Kind != parse.SExpr {
		return nil
	}
	if a := prev.Expr.Bare(); a.Kind == parse.XAssign && a.Op == parse.Assign && ctree.PureLvalue(a.X.Bare()) && ctree.Mentions(f, s.Expr, ctree.Normalize(ctree.ExprText(f, a.X.Bare()))) {
		return a.Y
	}
	return nil
}

// stepOf reads what a check is about.
func (p *Composer) stepOf(t *Target, s *parse.Stmt, e *parse.Expr) step {
	out := step{stmt: s}
	e.Walk(func(c *parse.Expr) bool {
		if c.Kind != parse.XCall || !callOn(t.Spot.File, c, t.Spot.Key) {
			return true
		}
		out.call = c
		out.option = out.option || c.Callee() == "setsockopt"
		if _, ok := exemplar.SocketCalls[c.Callee()]; !ok && c.Callee() != "" || c.Callee() == "setsockopt" {
			out.setup = true
		}
		if fn := p.Definition(t.Spot.File, c.Callee()); fn != nil {
			for _, h := range p.OptionCalls(fn.File) {
				out.option = out.option || h.Func.Start == fn.Start
			}
		}
		return true
	})
	return out
}

// keptWords is the statement that keeps the error for the caller, made after the
// one of the helper that a step calls: return fail(c, "setsockopt(TCP_NODELAY)"). What
// the helper's parameters are is read from the step. "" where the way out has words, or there
// are none.
func (p *Composer) keptWords(t *Target, id *Idiom, like step, out []string) string {
	m := id.Model
	for _, s := range out {
		if strings.Contains(s, `"`) {
			return ""
		}
	}
	if m == nil || m.Body == nil || m.File != t.Spot.File || like.call == nil || like.call.Callee() != m.Func.Name || len(like.call.Args) != len(m.Func.Params) {
		return ""
	}
	given := map[string]string{}
	for i, d := range m.Func.Params {
		given[d.Name] = ctree.OneLine(ctree.ExprText(t.Spot.File, like.call.Args[i]))
	}
	kept := ""
	m.Body.Walk(func(s *parse.Stmt) bool {
		c := s.Expr.Strip()
		if s.Kind != parse.SReturn && s.Kind != parse.SExpr || c == nil || c.Kind != parse.XCall || kept != "" {
			return true
		}
		k := p.Kept(m.File, m.Func, s, c, m.Opt)
		if k == nil {
			return true
		}
		known := true
		for _, a := range c.Args {
			a.Walk(func(x *parse.Expr) bool {
				known = known && (x.Kind != parse.XIdent || given[x.Name] != "" || !ctree.Declares(m.Func, x.Name))
				return known
			})
		}
		if text, ok := k.Adapt(p.plainWording(t)); ok && known {
			kept = exchange(text, given) + ";"
		}
		return true
	})
	return kept
}

// exchange replaces names outside the literals of a statement, all at once.
func exchange(text string, given map[string]string) string {
	return literalOrName.ReplaceAllStringFunc(text, func(s string) string {
		if arg, ok := given[s]; ok {
			return arg
		}
		return s
	})
}

var literalOrName = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*`)

// keeps is a call that keeps an error, said of SO_KEEPALIVE.
func (p *Composer) keeps(t *Target, fn *parse.Func, s *parse.Stmt, c *parse.Expr, opt string) (string, bool) {
	m := p.Kept(t.Spot.File, fn, s, c, opt)
	if m == nil || !p.CanRepeat(&t.Point, m) {
		return "", false
	}
	text, ok := m.Adapt(p.plainWording(t))
	return text + ";", ok
}

// plainWording keeps the level of a pattern, since what fails here ends something
// too.
func (p *Composer) plainWording(t *Target) message.Wording {
	return message.Wording{Style: t.Style, FuncName: t.Spot.Func.Name, Messages: p.Messages, File: t.Spot.File, Func: t.Spot.Func,
		Known: func(name string) bool { return len(p.Funcs[name]) > 0 }}
}
