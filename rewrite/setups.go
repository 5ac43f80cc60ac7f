package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// A program that gives its sockets their options in one function wants the new
// one there, once instead of at each socket. It goes there when all calls of
// the function are met by sockets that get a block anyway: whatever else
// passes through keeps its options.

// setup is such a function, with the parameter that is the descriptor.
type setup struct {
	fn *parse.Func
	fd int
}

// intoSetups moves blocks into the functions that set up their sockets.
func (m *maker) intoSetups(plan *Plan) {
	if m.opt.Index == nil || m.opt.Style == "inline" || m.opt.HelperFile != "" || m.sw != nil {
		return
	}
	type group struct {
		setup
		fixes []*Fix
		spots map[callSpot]bool
	}
	groups := map[callSpot]*group{}
	var order []*group
	for _, fix := range plan.Fixes {
		t := fix.target
		if fix.Status != result.FixPatch || t == nil || t.Idiom == nil || t.Setter != nil || t.gateTest != "" || t.Place.Test || t.OrElse {
			continue
		}
		if s, c, ok := m.setupOf(t); ok {
			key := callSpot{s.fn.File.Path, s.fn.NamePos}
			g := groups[key]
			if g == nil {
				g = &group{setup: s, spots: map[callSpot]bool{}}
				groups[key] = g
				order = append(order, g)
			}
			if g.fd != s.fd {
				g.fd = -1
			}
			g.fixes = append(g.fixes, fix)
			g.spots[callSpot{t.Spot.File.Path, c.NamePos}] = true
		}
	}
	for _, g := range order {
		uses, sealed := m.opt.Index.Calls(g.fn)
		for _, u := range uses {
			sealed = sealed && g.spots[callSpot{u.Func.File.Path, u.Call.NamePos}]
		}
		if !sealed || g.fd < 0 || len(g.fixes) < 2 && !m.proj.madeForOptions(g.fn, g.fd) {
			continue
		}
		into := m.inSetup(g.setup, g.fixes)
		if into == nil {
			continue
		}
		for _, fix := range g.fixes[1:] {
			fix.same, fix.target = g.fixes[0], nil
		}
		g.fixes[0].Files, g.fixes[0].target, g.fixes[0].lines = into.Files, into.target, into.lines
	}
}

// callSpot is a call by the place of its name.
type callSpot struct {
	path string
	off  int
}

// setupOf finds the function that sets up the socket of a target, called among
// the statements after the block on every way that goes on.
func (m *maker) setupOf(t *task) (setup, *parse.Expr, bool) {
	f := t.Spot.File
	n := anchor.NextStmt(t.Place)
	for i := 0; n != nil && i < anchor.MaxSteps; i++ {
		var e *parse.Expr
		switch n.Kind {
		case parse.SExpr, parse.SIf:
			e = n.Expr
		case parse.SReturn, parse.SGoto, parse.SBreak, parse.SContinue, parse.SOpaque, parse.SLabel, parse.SCase, parse.SDefault:
			return setup{}, nil, false
		}
		var s setup
		var at *parse.Expr
		used := false
		e.Walk(func(c *parse.Expr) bool {
			if c.Kind != parse.XCall {
				return at == nil
			}
			for i, a := range c.Args {
				if !ctree.IsLvalue(f, a, t.Spot.Key) {
					continue
				}
				used = used || knowledge.NeedsConnection(c.Callee())
				if fn := m.proj.Definition(f, c.Callee()); fn != nil && fn.Start != t.Spot.Func.Start &&
					m.proj.setsUp(fn, i) && !conditional(e, c) {
					s, at = setup{fn, i}, c
				}
			}
			return true
		})
		if at != nil && !used {
			return s, at, true
		}
		if used || ctree.Assigns(f, n, t.Spot.Key) {
			return setup{}, nil, false
		}
		n = ctree.Next(n)
	}
	return setup{}, nil, false
}

// conditional reports whether a call is made only where something before it in
// the expression says so.
func conditional(e, c *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		switch {
		case x.Kind == parse.XBinary && (x.Op == token.AndAnd || x.Op == token.OrOr):
			found = found || x.Y.Pos <= c.Pos && c.End <= x.Y.End
		case x.Kind == parse.XCond:
			found = found || x.X.End <= c.Pos
		}
		return true
	})
	return found
}

// setsUp reports whether a function gives its parameter the options that the
// program's sockets have: several, or one under a general name.
func (p *project) setsUp(fn *parse.Func, fd int) bool {
	if fn.Macro != nil || fd >= len(fn.Params) || p.DoesMore(fn) || strings.HasSuffix(fn.File.Path, ".h") {
		return false
	}
	d := fn.Params[fd]
	if d.Name == "" || d.Type == nil || d.Type.Ptr > 0 || d.Type.Array || ctree.Changed(fn, d.Name) {
		return false
	}
	low := strings.ToLower(fn.Name)
	if knowledge.OneOptionWords.In(low) {
		return false
	}
	options := map[string]bool{}
	names := namesOf(fn, d.Name)
	for _, h := range p.OptionCalls(fn.File) {
		if h.Func.Start == fn.Start && names[h.FD] {
			options[h.Opt] = true
		}
	}
	if len(options) == 0 || options["SO_KEEPALIVE"] {
		return false
	}
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		if len(c.Args) > 0 && c.Callee() != "setsockopt" && names[ctree.Normalize(parse.ExprText(fn.File, c.Args[0].Strip()))] {
			options[c.Callee()] = true
		}
	})
	general := strings.Contains(low, "opt") || strings.Contains(low, "setup") || strings.Contains(low, "common") ||
		strings.Contains(low, "prepare") || strings.Contains(low, "init")
	return len(options) > 1 || general
}

// madeForOptions reports whether a function is there to set options, so that a single
// socket's goes into it, too: it says so by its name, sets several, and does nothing
// else with the descriptor.
func (p *project) madeForOptions(fn *parse.Func, fd int) bool {
	low, name := strings.ToLower(fn.Name), fn.Params[fd].Name
	if !strings.Contains(low, "opt") {
		return false
	}
	options := map[string]bool{}
	for _, h := range p.OptionCalls(fn.File) {
		if h.Func.Start == fn.Start && h.FD == name {
			options[h.Opt] = true
		}
	}
	return len(options) > 1 && p.OnlySetsOptions(fn, name)
}

// namesOf are the lvalues by which a function knows its parameter: itself, and
// those that it is copied to.
func namesOf(fn *parse.Func, param string) map[string]bool {
	names := map[string]bool{param: true}
	for _, s := range fn.Body().List {
		if e := s.Expr.Bare(); s.Kind == parse.SExpr && e.Kind == parse.XAssign && e.Op == token.Assign &&
			ctree.IsLvalue(fn.File, e.Y, param) && ctree.PureLvalue(e.X.Bare()) {
			names[ctree.Normalize(parse.ExprText(fn.File, e.X.Bare()))] = true
		}
	}
	return names
}

// inSetup plans the block after the options that the function sets on every
// way, nil where there is no certain place.
func (m *maker) inSetup(s setup, fixes []*Fix) *Fix {
	fn := s.fn
	names := namesOf(fn, fn.Params[s.fd].Name)
	var last *exemplar.OptionCall
	for _, h := range m.proj.OptionCalls(fn.File) {
		if h.Func.Start != fn.Start || !names[h.FD] || h.Form == exemplar.FormOther {
			continue
		}
		if l := ctree.ListMember(h.Stmt); l != nil && l == h.Stmt && l.Parent == fn.Body() && h.Before == "" &&
			len(ctree.Arms(fn.File, h.Call.Pos)) == len(ctree.Arms(fn.File, fn.BodyPos)) {
			last = h
		}
	}
	if last == nil || skips(last) {
		return nil
	}
	site := *fixes[0].Site
	for _, fix := range fixes {
		if fix.Site.Role == result.Accepted {
			site.Role = result.Accepted // no server loses a peer over an option
		}
		if fix.target.timers != m.timersWanted(fix.target) {
			return nil
		}
	}
	f := fn.File
	sp := &anchor.Spot{File: f, Func: last.Func, Call: last.Call, Stmt: last.Stmt,
		FD: parse.ExprText(f, last.Call.Args[0].Strip()), Key: last.FD}
	a := m.proj.Search(sp)
	behind := last.Stmt
	if n := ctree.Next(behind); (last.Form == exemplar.FormAssign || last.Form == exemplar.FormCheck && last.Check.Result != "") &&
		n != nil {
		behind = n
	}
	pl, why := a.After(behind, nil, false)
	if why == "" {
		pl, why = a.LinePlace(pl)
	}
	if why != "" || pl.List != last.Func.Body() || pl.Test {
		return nil
	}
	t := m.task(&site, sp, pl, "")
	fix := m.build(t)
	if fix.Status != result.FixPatch {
		return nil
	}
	return fix
}

// skips reports whether the function may return before a call without
// that a call failed.
func skips(h *exemplar.OptionCall) bool {
	for _, s := range h.Func.Body().List {
		if s.Pos >= h.Stmt.Pos {
			return false
		}
		leaves := false
		s.Walk(func(x *parse.Stmt) bool {
			leaves = leaves || x.Kind == parse.SReturn || x.Kind == parse.SGoto
			return !leaves
		})
		if !leaves {
			continue
		}
		prev := ctree.Prev(s)
		if s.Kind != parse.SIf || !hasCall(s.Expr) && (prev == nil || prev.Kind != parse.SExpr || !hasCall(prev.Expr)) {
			return true
		}
	}
	return true
}

func hasCall(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XCall
		return !found
	})
	return found
}
