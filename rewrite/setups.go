package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
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
		if fix.Status != detect.FixPatch || t == nil || t.id == nil || t.gateTest != "" || t.pl.test || t.orElse {
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
			g.spots[callSpot{t.sp.file.Path, c.NamePos}] = true
		}
	}
	for _, g := range order {
		uses, sealed := m.opt.Index.Calls(g.fn)
		for _, u := range uses {
			sealed = sealed && g.spots[callSpot{u.Func.File.Path, u.Call.NamePos}]
		}
		if !sealed || g.fd < 0 || len(g.fixes) < 2 {
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
// the statements behind the block on every way that goes on.
func (m *maker) setupOf(t *task) (setup, *parse.Expr, bool) {
	f := t.sp.file
	n := following(t.pl)
	for i := 0; n != nil && i < maxSteps; i++ {
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
				if !same(f, a, t.sp.key) {
					continue
				}
				switch c.Callee() {
				case "connect", "send", "recv", "read", "write", "sendto", "recvfrom", "sendmsg", "recvmsg":
					used = true
				}
				if fn := m.proj.definition(f, c.Callee()); fn != nil && fn.Start != t.sp.fn.Start && m.proj.setsUp(fn, i) && !conditional(e, c) {
					s, at = setup{fn, i}, c
				}
			}
			return true
		})
		if at != nil && !used {
			return s, at, true
		}
		if used || assigns(f, n, t.sp.key) {
			return setup{}, nil, false
		}
		n = next(n)
	}
	return setup{}, nil, false
}

// conditional reports whether a call is made only where something before it in
// the expression says so.
func conditional(e, c *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		switch {
		case x.Kind == parse.XBinary && (x.Op == parse.AndAnd || x.Op == parse.OrOr):
			found = found || x.Y.Pos <= c.Pos && c.End <= x.Y.End
		case x.Kind == parse.XCond:
			found = found || x.X.End <= c.Pos
		}
		return true
	})
	return found
}

// oneOption are words in the names of functions that are for one option.
var oneOption = []string{"nodelay", "delay", "block", "reuse", "linger", "timeout", "cloexec", "close_on", "buf", "tos", "dscp", "cork", "ttl",
	"v6only", "broadcast", "mark", "priority", "congestion", "fastopen", "defer", "bind", "interface", "device", "multicast", "error"}

// setsUp reports whether a function gives its parameter the options that the
// program's sockets have: several, or one under a general name.
func (p *project) setsUp(fn *parse.Func, fd int) bool {
	if fn.Macro != nil || fd >= len(fn.Params) || p.doesMore(fn) || strings.HasSuffix(fn.File.Path, ".h") {
		return false
	}
	d := fn.Params[fd]
	if d.Name == "" || d.Type == nil || d.Type.Ptr > 0 || d.Type.Array || changed(fn, d.Name) {
		return false
	}
	low := strings.ToLower(fn.Name)
	for _, w := range oneOption {
		if strings.Contains(low, w) {
			return false
		}
	}
	options := map[string]bool{}
	names := namesOf(fn, d.Name)
	for _, h := range p.habitsOf(fn.File) {
		if h.fn.Start == fn.Start && names[h.fd] {
			options[h.opt] = true
		}
	}
	if len(options) == 0 || options["SO_KEEPALIVE"] {
		return false
	}
	calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		if len(c.Args) > 0 && c.Callee() != "setsockopt" && names[norm(exprText(fn.File, c.Args[0].Strip()))] {
			options[c.Callee()] = true
		}
	})
	general := strings.Contains(low, "opt") || strings.Contains(low, "setup") || strings.Contains(low, "common") || strings.Contains(low, "prepare") || strings.Contains(low, "init")
	return len(options) > 1 || general
}

// namesOf are the lvalues by which a function knows its parameter: itself, and
// those that it is copied to.
func namesOf(fn *parse.Func, param string) map[string]bool {
	names := map[string]bool{param: true}
	for _, s := range fn.Body().List {
		if e := s.Expr.Bare(); s.Kind == parse.SExpr && e.Kind == parse.XAssign && e.Op == parse.Assign && same(fn.File, e.Y, param) && pureLvalue(e.X.Bare()) {
			names[norm(exprText(fn.File, e.X.Bare()))] = true
		}
	}
	return names
}

// inSetup plans the block behind the options that the function sets on every
// way, nil where there is no certain place.
func (m *maker) inSetup(s setup, fixes []*Fix) *Fix {
	fn := s.fn
	names := namesOf(fn, fn.Params[s.fd].Name)
	var last *habit
	for _, h := range m.proj.habitsOf(fn.File) {
		if h.fn.Start != fn.Start || !names[h.fd] || h.form == formOther {
			continue
		}
		if l := listMember(h.stmt); l != nil && l == h.stmt && l.Parent == fn.Body() && h.before == "" && len(arms(fn.File, h.call.Pos)) == len(arms(fn.File, fn.BodyPos)) {
			last = h
		}
	}
	if last == nil || skips(last) {
		return nil
	}
	site := *fixes[0].Site
	for _, fix := range fixes {
		if fix.Site.Role == detect.Accepted {
			site.Role = detect.Accepted // no server loses a peer over an option
		}
		if fix.target.timers != m.wanted() {
			return nil
		}
	}
	f := fn.File
	sp := &spot{file: f, fn: last.fn, call: last.call, stmt: last.stmt, fd: exprText(f, last.call.Args[0].Strip()), key: last.fd}
	a := m.proj.anchorer(sp)
	behind := last.stmt
	if n := next(behind); (last.form == formAssign || last.form == formCheck && last.check.result != "") && n != nil {
		behind = n
	}
	pl, why := a.after(behind, nil, false)
	if why == "" {
		pl, why = a.settle(pl)
	}
	if why != "" || pl.list != last.fn.Body() || pl.test {
		return nil
	}
	t := m.task(&site, sp, pl, "")
	fix := m.build(t)
	if fix.Status != detect.FixPatch {
		return nil
	}
	return fix
}

// skips reports whether the function may return in front of a call without
// that a call failed.
func skips(h *habit) bool {
	for _, s := range h.fn.Body().List {
		if s.Pos >= h.stmt.Pos {
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
		prev := before(s)
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
