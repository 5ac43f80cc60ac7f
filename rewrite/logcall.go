package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// message is a logging call that serves as the pattern of a new one.
type message struct {
	file *parse.File
	fn   *parse.Func
	call *parse.Expr
	opt  string // the socket option it reports, "" for the creation call's
	left bool   // the code around it gives up after the message
	cond string // the condition the message stands under: debug, logging
	name string // what to call instead of the pattern's own function: warn for err
	// prep are statements in front of the message that make what it prints,
	// stale are variables that get their value there in another way.
	prep  []string
	lead  string // a macro without semicolon in front of it: DEBUG(D_net)
	stale map[string]bool
	// head and tail stand around the text and its arguments where those are an
	// argument themselves: DEBUG(0, ("socket: %s\n", strerror(errno))).
	head, tail string
	tame       map[int]string // levels to be given instead of ones that end the program
}

// noLog are functions that take a string and report nothing.
var noLog = []string{"snprintf", "sprintf", "strcpy", "strlcpy", "strcat", "strdup", "strcmp", "memcpy", "open", "getenv", "asprintf"}

// findMessage returns the message of an error branch, nil when it has none
// that a warning could be made of.
func (p *messages) findMessage(f *parse.File, fn *parse.Func, body *parse.Stmt, opt, fd string) *message {
	var found *message
	home := arms(f, body.Pos)
	body.Walk(func(s *parse.Stmt) bool {
		if found != nil || s.Kind != parse.SExpr && s.Kind != parse.SReturn {
			return found == nil
		}
		c := s.Expr.Strip()
		if c == nil || c.Kind != parse.XCall || len(arms(f, c.Pos)) != len(home) {
			return true
		}
		if s.Kind == parse.SReturn && (!logMember(c.Callee()) || literal(c) < 0) {
			return true // return log_error(errno, "...") reports on the way
		}
		m := &message{file: f, fn: fn, call: c, opt: opt, left: p.exits.leaves(f, body)}
		if in := listed(c); in != nil && literal(c) < 0 && !p.fatalIn(f, c) {
			m.call = in
			m.head, m.tail = collapse(string(f.Src[c.Pos:in.Args[0].Pos])), collapse(string(f.Src[in.Args[len(in.Args)-1].End:c.End]))
		}
		if !p.isLog(f, m.call) {
			return true
		}
		if !m.condition(s, body, fd) {
			return true
		}
		m.preparation(s, body)
		if prev := before(s); prev != nil && prev != body && ancestor(body, prev) && prev.Kind == parse.SExpr && f.Src[prev.End-1] != ';' {
			m.lead = collapse(string(f.Src[prev.Pos:prev.End])) + leadMark
		}
		if n := c.Callee(); exitNames[n] {
			m.name = strings.Replace(n, "err", "warn", 1)
		}
		found = m
		return false
	})
	return found
}

// listed is a call with the arguments of the list that holds the text, where
// that is no argument of c itself; nil without one.
func listed(c *parse.Expr) *parse.Expr {
	if len(c.Args) == 0 {
		return nil
	}
	var find func(e *parse.Expr) []*parse.Expr
	find = func(e *parse.Expr) []*parse.Expr {
		e = e.Strip()
		if e == nil || e.Kind != parse.XComma && e.Kind != parse.XCall {
			return nil
		}
		for _, a := range e.Args {
			if literalOf(a) != nil {
				return e.Args
			}
		}
		for _, a := range e.Args {
			if found := find(a); found != nil {
				return found
			}
		}
		return nil
	}
	if last := c.Args[len(c.Args)-1]; last.Kind == parse.XParen {
		if list := find(last); list != nil {
			in := *c
			in.Args = list
			return &in
		}
	}
	return nil
}

// fatalIn reports whether a level among the arguments ends the program.
func (p *messages) fatalIn(f *parse.File, c *parse.Expr) bool {
	for _, a := range c.Args[:len(c.Args)-1] {
		if p.fatalLevel(exprText(f, a), 3) {
			return true
		}
	}
	return p.exits.call(f, c)
}

// tamed is the message of an error branch that ends the program, with the
// level that the file gives to failures of socket calls that do not.
func (p *messages) tamed(h *habit) *message {
	var found *message
	h.body.Walk(func(s *parse.Stmt) bool {
		if found != nil || s.Kind != parse.SExpr {
			return found == nil
		}
		c := s.Expr.Strip()
		if c == nil || c.Kind != parse.XCall || literal(c) < 1 {
			return true
		}
		tame := map[int]string{}
		for i, a := range c.Args[:literal(c)] {
			if !p.fatalLevel(exprText(h.file, a), 3) {
				continue
			}
			votes, best := map[string]int{}, ""
			for _, r := range p.talk(h.file).reports {
				if !r.socket || r.call.Callee() != c.Callee() || i >= literal(r.call) {
					continue
				}
				if w := collapse(exprText(h.file, r.call.Args[i])); !p.fatalLevel(w, 3) && isUpper(w) && strings.Contains(w, "WARN") {
					votes[w]++
					if n := votes[w]; best == "" || n > votes[best] || n == votes[best] && w < best {
						best = w
					}
				}
			}
			if best == "" {
				return true
			}
			tame[i] = best
		}
		if len(tame) > 0 {
			found = &message{file: h.file, fn: h.fn, call: c, opt: h.opt, left: true, tame: tame}
		}
		return found == nil
	})
	return found
}

// condition reads the if that the message stands under within the branch. It
// reports whether the message is about the branch's own failure.
func (m *message) condition(s, body *parse.Stmt, fd string) bool {
	up := s.Parent
	if s == body || up == nil || !ancestor(body, up) {
		return true
	}
	if up.Kind == parse.SBlock && up != body {
		up = up.Parent
	}
	if up == nil || up.Kind != parse.SIf || up == body.Parent || !ancestor(body, up) {
		return true
	}
	if mentions(m.file, up.Expr, fd) || testsCall(up.Expr) {
		return false // another step failed
	}
	if !strings.Contains(exprText(m.file, up.Expr), "errno") && up.Else == nil {
		m.cond = collapse(exprText(m.file, up.Expr)) // else a filter by the kind of error
	}
	return true
}

// testsCall reports whether a condition compares what a call returns.
func testsCall(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op != parse.AndAnd && x.Op != parse.OrOr {
			for _, s := range []*parse.Expr{x.X, x.Y} {
				if s = s.Strip(); s != nil && (s.Kind == parse.XCall || s.Kind == parse.XAssign) && !strings.Contains(strings.ToLower(s.Callee()), "level") {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// preparation finds the statements that make the message's arguments.
func (m *message) preparation(s, body *parse.Stmt) {
	wanted := map[string]bool{}
	for _, a := range m.call.Args {
		a.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XIdent && declares(m.fn, x.Name) {
				wanted[x.Name] = true
			}
			return true
		})
	}
	if len(wanted) == 0 {
		return
	}
	m.stale = map[string]bool{}
	for name := range wanted {
		if assigns(m.file, body, name) || m.holdsResult(body, name) {
			m.stale[name] = true
		}
	}
	list, at := position(s)
	for i := 0; i < at && ancestor(body, s.Parent); i++ {
		if list[i].Kind != parse.SExpr || len(arms(m.file, list[i].Pos)) != len(arms(m.file, s.Pos)) {
			continue
		}
		e := list[i].Expr.Strip()
		makes := ""
		switch {
		case e.Kind == parse.XAssign && e.Op == parse.Assign && e.X.Bare().Kind == parse.XIdent && wanted[e.X.Bare().Name]:
			makes = e.X.Bare().Name
		case e.Kind == parse.XCall && len(e.Args) > 1 && fillsReason(e):
			// sock_errmsg(buf, sizeof buf, "accept() failed"): into a buffer of
			// the function's own, for this call.
			if a := e.Args[0].Strip(); a.Kind == parse.XIdent && wanted[a.Name] && localArray(m.fn, a.Name) {
				text := collapse(string(m.file.Src[list[i].Pos:list[i].End]))
				if lit := literalOf(e.Args[len(e.Args)-1]); lit != nil {
					text = strings.Replace(text, lit.Name, `"setsockopt() failed"`, 1)
				}
				m.prep = append(m.prep, text)
				delete(m.stale, a.Name)
			}
		case e.Kind == parse.XCall && strings.Contains(e.Callee(), "strerror") && len(e.Args) > 1:
			for _, a := range e.Args {
				if a = a.Strip(); a.Kind == parse.XIdent && wanted[a.Name] {
					makes = a.Name
				}
			}
		}
		if makes != "" {
			m.prep = append(m.prep, collapse(string(m.file.Src[list[i].Pos:list[i].End])))
			delete(m.stale, makes)
		}
	}
}

// holdsResult reports whether the check that leads to the branch tests a
// variable: what it holds there belongs to the call that failed.
func (m *message) holdsResult(body *parse.Stmt, name string) bool {
	up := body.Parent
	if up == nil || up.Kind != parse.SIf || up.Body != body {
		return false
	}
	tested := false
	up.Expr.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op != parse.AndAnd && x.Op != parse.OrOr || x.Kind == parse.XUnary && x.Op == parse.Not {
			for _, y := range []*parse.Expr{x.X, x.Y} {
				tested = tested || same(m.file, y, name)
			}
		}
		return !tested
	})
	return tested || same(m.file, up.Expr, name)
}

// fillsReason recognises calls that put what went wrong with a socket into
// their first argument, in front of it a text of the form "accept() failed".
func fillsReason(c *parse.Expr) bool {
	if !readsSocketError(c.Callee()) {
		return false
	}
	lit := literalOf(c.Args[len(c.Args)-1])
	return lit == nil || strings.HasSuffix(lit.Name, `() failed"`)
}

// localArray reports whether a function declares an array of that name.
func localArray(fn *parse.Func, name string) bool {
	for _, l := range locals(fn) {
		if l.decl.Name == name {
			return l.stmt != nil && l.decl.Type != nil && l.decl.Type.Array
		}
	}
	return false
}

// isLog recognises a call that reports: a string literal among its arguments,
// or perror.
func (p *messages) isLog(f *parse.File, c *parse.Expr) bool {
	name := c.Callee()
	if x := c.X.Bare(); name == "" && x != nil && x.Kind == parse.XMember && logMember(x.Name) {
		name = x.Name // log->error(log, "...")
	}
	if name == "perror" {
		return true
	}
	if (name == "err" || name == "errx") && len(c.Args) > 1 && includes(f, "err.h") && literal(c) == 1 {
		return true // as warn and warnx
	}
	if name == "" || p.exits.call(f, c) || literal(c) < 0 {
		return false
	}
	for _, a := range c.Args[:literal(c)] {
		if p.fatalLevel(exprText(f, a), 3) {
			return false
		}
	}
	for _, w := range noLog {
		if strings.Contains(name, w) {
			return false
		}
	}
	return !keepsError(f, c) && !p.onlyStores(f, name)
}

// logMember reports whether a member by that name is a function that reports.
func logMember(name string) bool {
	low := strings.ToLower(name)
	for _, w := range []string{"log", "err", "warn", "print", "report", "msg", "message", "debug"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// makesText are the functions that a text is made with, and nobody reads it.
var makesText = map[string]bool{
	"snprintf": true, "vsnprintf": true, "sprintf": true, "vsprintf": true, "asprintf": true, "vasprintf": true, "strcpy": true, "strncpy": true,
	"strlcpy": true, "strcat": true, "strncat": true, "strlcat": true, "strdup": true, "strerror": true, "strerror_r": true, "strlen": true,
	"va_start": true, "va_end": true, "va_copy": true, "free": true, "malloc": true, "calloc": true, "memcpy": true, "memset": true, "sizeof": true,
}

// onlyStores reports whether a function of the program puts what it is told
// where a caller may look for it, and tells nobody else.
func (p *messages) onlyStores(f *parse.File, name string) bool {
	fn := p.definition(f, name)
	if fn == nil || fn.Macro != nil {
		return false
	}
	made, other, set := false, false, false
	calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		made = made || makesText[c.Callee()]
		other = other || !makesText[c.Callee()]
	})
	for _, d := range fn.Params {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					set = set || x.Kind == parse.XAssign && d.Name != "" && same(fn.File, x.Y, d.Name)
					return !set
				})
			})
			return !set
		})
	}
	return !other && (made || set)
}

// keepWords are parts of the names of functions that keep an error, or hand it
// to an interpreter.
var keepWords = []string{
	"errmsg", "add_err", "adderr", "put_err", "push_err", "append_err", "raise", "throw", "pyerr_", "setresult", "set_result", "appendresult",
	"set_fault", "pushstring", "pushfstring", "set_exception",
}

// keepsError recognises calls that note an error for a caller that is told of
// a failure: there is none when the program goes on.
func keepsError(f *parse.File, c *parse.Expr) bool {
	name := strings.ToLower(c.Callee())
	if i := strings.Index(name, "set"); i >= 0 && strings.Contains(name[i:], "err") {
		return true
	}
	for _, w := range keepWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	for _, a := range c.Args[:max(literal(c), 0)] {
		low := strings.ToLower(exprText(f, a))
		for _, w := range []string{"errbuf", "errmsg", "ebuf", "err_buf", "errstr", "errorbuf"} {
			if strings.Contains(low, w) {
				return true
			}
		}
	}
	return false
}

// includes reports whether a file includes a header by that name.
func includes(f *parse.File, header string) bool {
	for _, d := range f.Dirs {
		if d.Name == "include" && strings.Contains(d.Text, header) {
			return true
		}
	}
	return false
}

// levelWords knows which levels of severity the program's logging calls use.
type levelWords struct{ words map[string]bool }

// soften turns the level of a message about a failure that ended something
// into that of a warning, when the file speaks of other failures so. What the
// file says of its other socket options keeps its level.
func (l *levelWords) soften(arg string, m *message, w wording) string {
	switch arg {
	case "LOG_CRIT", "LOG_ALERT", "LOG_EMERG":
		if l.words["LOG_WARNING"] {
			return "LOG_WARNING"
		}
		return "LOG_ERR"
	}
	if w.proj == nil || !m.left && m.opt != "" || !isUpper(arg) || m.opt != "" && m.file == w.file {
		return arg
	}
	if s := w.proj.warning(w.file, arg, m.call.Callee(), m.file != w.file); s != "" {
		return s
	}
	return arg
}
