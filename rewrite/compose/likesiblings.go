package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/message"
)

// step is a check of the descriptor after the block whose branch leaves.
type step struct {
	stmt   *parse.Stmt
	call   *parse.Expr
	option bool // it sets an option, itself or in the function that it calls
	setup  bool // it sets the socket up, and could be done without: no connect(), no bind()
}

// leaveAsSiblings gives a client's descriptor up where the function does so in each of
// its steps, one that sets the socket up among them, and drops no result, but has no words that a warning could be made
// of: it keeps the error for its caller, or just leaves. What the nearest step that sets an
// option does is done here, else the nearest step of this stage.
func (p *Composer) leaveAsSiblings(t *Target, id *Idiom) {
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
			out, ok := p.wayOut(t, s.stmt.Body, "", "")
			if !ok || !t.sameStage(s.stmt, out) || !s.option && setsErrno(out) {
				continue
			}
			inside := p.insideStep(t, id, s, out)
			if inside == nil && !strings.Contains(strings.Join(out, ""), `"`) && p.helperKeeps(t, s) {
				continue // the caller would look for a reason that was not kept
			}
			out = append(inside, out...)
			if !t.closes(out) {
				continue // the step's function closes it, where that fails
			}
			id.Policy, id.Leave, id.Cond = PolicyLeave, out, ""
			return
		}
	}
}

// setsErrno reports whether a way out gives a reason of its own step: errno = EACCES.
func setsErrno(out []string) bool {
	return slices.ContainsFunc(out, func(s string) bool { return strings.HasPrefix(ctree.Normalize(s), "errno=") })
}

// endAsSiblings ends the program as the check of the creation does, for a client all of
// whose steps do so by the same function, once, and where nothing else can be said: no result
// is dropped there. A function that connects to itself has two such descriptors.
func (p *Composer) endAsSiblings(t *Target, id *Idiom) {
	f, c := t.Spot.File, t.Place.Check
	itself := t.Site.Role == result.Accepted && connects(t.Spot.Func)
	if t.Site.Role != result.Client && !itself || t.Place.Test || p.OnlyReport[t.Spot.Func] || id.Model != nil && id.Model.Ignored() ||
		c == nil || c.Kind != parse.SIf || ctree.EnclosingLoop(c) != nil {
		return
	}
	end := p.ending(f, c)
	steps, dropped := p.steps(t)
	if end == nil || dropped || len(steps) == 0 && !itself {
		return
	}
	for _, s := range steps {
		if other := p.ending(f, s.stmt); other == nil || other.Callee() != end.Callee() {
			return
		}
	}
	m := p.Final(f, t.Spot.Func, end)
	if text, ok := m.Adapt(p.plainWording(t)); ok && p.CanRepeat(&t.Point, m) {
		id.Policy, id.Leave, id.Cond = PolicyLeave, []string{text + ";"}, ""
	}
}

// connects reports whether a function makes a connection.
func connects(fn *parse.Func) bool {
	found := false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		found = found || knowledge.FDUses.Get(c.Callee()).Event == knowledge.Connect
	})
	return found
}

// ending is the call that is all that a check does, and that ends the program with a text;
// nil without one.
func (p *Composer) ending(f *parse.File, check *parse.Stmt) *parse.Expr {
	s := check.Body
	if s != nil && s.Kind == parse.SBlock && len(s.List) == 1 {
		s = s.List[0]
	}
	if s == nil || s.Kind != parse.SExpr || check.Else != nil || len(ctree.Arms(f, s.Pos)) != len(ctree.Arms(f, check.Pos)) {
		return nil
	}
	if c := s.Expr.Strip(); c != nil && c.Kind == parse.XCall && ctree.LiteralIndex(c) >= 0 && p.Exits.NeverReturns(f, c) {
		return c
	}
	return nil
}

// steps are the checks of the descriptor after the block that leave, in the order
// of the text; dropped reports whether the result of a call with the descriptor is
// ignored.
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
			if c := ctree.Uncast(s.Expr); c != nil && c.Kind == parse.XCall && ctree.CallOn(f, c, t.Spot.Key) &&
				!releases(c.Callee()) && c.Callee() != "shutdown" && !p.voidCall(f, c) {
				dropped = true
			}
		case parse.SIf:
			if s.Body == nil || !p.Exits.Leaves(f, s.Body) {
				break
			}
			e := s.Expr
			if !ctree.CallOn(f, e, t.Spot.Key) {
				if e = resultOf(f, s); e == nil || !ctree.CallOn(f, e, t.Spot.Key) {
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

// voidCall reports whether a call returns nothing, as far as the program says.
func (p *Composer) voidCall(f *parse.File, c *parse.Expr) bool {
	fn := p.Definition(f, c.Callee())
	return fn != nil &&
		strings.HasPrefix(strings.TrimPrefix(strings.TrimSpace(string(fn.File.Src[fn.Start:fn.NamePos])), "static "), "void") &&
		!strings.Contains(string(fn.File.Src[fn.Start:fn.NamePos]), "*")
}

// resultOf is the call whose result an if tests through a variable: the value of the
// assignment before it.
func resultOf(f *parse.File, s *parse.Stmt) *parse.Expr {
	prev := ctree.Prev(s)
	if prev == nil || prev.Kind != parse.SExpr {
		return nil
	}
	if a := prev.Expr.Bare(); a.Kind == parse.XAssign && a.Op == token.Assign && ctree.PureLvalue(a.X.Bare()) &&
		ctree.Mentions(f, s.Expr, ctree.Normalize(parse.ExprText(f, a.X.Bare()))) {
		return a.Y
	}
	return nil
}

// stepOf reads what a check is about.
func (p *Composer) stepOf(t *Target, s *parse.Stmt, e *parse.Expr) step {
	out := step{stmt: s}
	e.Walk(func(c *parse.Expr) bool {
		if c.Kind != parse.XCall || !ctree.CallOn(t.Spot.File, c, t.Spot.Key) {
			return true
		}
		out.call = c
		out.option = out.option || c.Callee() == "setsockopt"
		if _, ok := knowledge.SocketCall(c.Callee()); !ok && c.Callee() != "" || c.Callee() == "setsockopt" {
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

// insideStep is what the function that a step calls does itself when it fails to set
// its option: fail(c, "setsockopt(TCP_NODELAY)"); close(fd). What its
// parameters are is read from the step. nil where the way out has words already, or where
// something of it could not be said here.
func (p *Composer) insideStep(t *Target, id *Idiom, like step, out []string) (stmts []string) {
	var m *exemplar.OptionCall
	for _, h := range p.OptionCalls(t.Spot.File) {
		if h.Body != nil && h.Func.Name == like.call.Callee() && (m == nil || h == id.Model) {
			m = h
		}
	}
	if m == nil || len(like.call.Args) != len(m.Func.Params) || strings.Contains(strings.Join(out, ""), `"`) {
		return nil
	}
	given := map[string]string{}
	for i, d := range m.Func.Params {
		given[d.Name] = ctree.OneLine(parse.ExprText(t.Spot.File, like.call.Args[i]))
	}
	list := []*parse.Stmt{m.Body}
	if m.Body.Kind == parse.SBlock {
		list = m.Body.List
	}
	for _, s := range list {
		c := s.Expr.Strip()
		switch {
		case s.Kind == parse.SReturn && (c == nil || c.Kind != parse.XCall):
			continue
		case s.Kind != parse.SReturn && s.Kind != parse.SExpr || c == nil || c.Kind != parse.XCall || !known(m.Func, c, given):
			return nil
		}
		text, ok := ctree.OneLine(parse.ExprText(m.File, c)), releases(c.Callee())
		if k := p.Kept(m.File, m.Func, s, c, m.Opt); k != nil {
			text, ok = k.Adapt(p.plainWording(t))
		}
		if !ok {
			return nil
		}
		stmts = append(stmts, ctree.ReplaceNames(text, given)+";")
	}
	return stmts
}

// known reports whether what a call is given are parameters with a known value, or
// nothing of the function's own.
func known(fn *parse.Func, c *parse.Expr, given map[string]string) bool {
	ok := true
	for _, a := range c.Args {
		a.Walk(func(x *parse.Expr) bool {
			ok = ok && (x.Kind != parse.XIdent || given[x.Name] != "" || !ctree.Declares(fn, x.Name))
			return ok
		})
	}
	return ok
}

// closes reports whether a way out closes the descriptor, itself or after the label
// that it jumps to.
func (t *Target) closes(out []string) bool {
	for _, s := range out {
		text := s + t.afterLabel(s)
		if strings.Contains(ctree.Normalize(ctree.WithoutStrings(text)), t.Spot.Key) &&
			(releases(text) || strings.Contains(text, "shutdown")) {
			return true
		}
	}
	return false
}

// helperKeeps reports whether the function that a step calls keeps the error itself
// where it fails.
func (p *Composer) helperKeeps(t *Target, s step) bool {
	fn := p.Definition(t.Spot.File, s.call.Callee())
	if fn == nil {
		return false
	}
	found := false
	fn.Body().Walk(func(b *parse.Stmt) bool {
		if b.Kind == parse.SIf && b.Body != nil && p.Exits.Leaves(fn.File, b.Body) {
			ctree.Calls(b.Body, func(c *parse.Expr, in *parse.Stmt) {
				found = found || len(c.Args) > 0 && !p.IsLog(fn.File, c) && p.Kept(fn.File, fn, in, c, "") != nil
			})
		}
		return !found
	})
	return found
}

// callKeepingError is a call that keeps an error, said of SO_KEEPALIVE.
func (p *Composer) callKeepingError(t *Target, fn *parse.Func, s *parse.Stmt, c *parse.Expr, opt string) (string, bool) {
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
