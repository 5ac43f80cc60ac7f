package message

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Message is a logging call that serves as the pattern of a new one.
type Message struct {
	File    *parse.File
	Func    *parse.Func
	Call    *parse.Expr
	opt     string // the socket option it reports, "" for the creation call's
	FD      string // the descriptor that the failed call works on, where that has a name
	subject string // that name, or the member's
	leaves  bool   // the code around it gives up after the message
	Cond    string // the condition the message stands under: debug, logging
	name    string // what to call instead of the pattern's own function: warn for err
	// Prep are statements before the message that make what it prints,
	// stale are variables that get their value there in another way.
	Prep []string
	// Open and Close are the calls before it and after it that guard it:
	// lock(); log("..."); unlock();
	Open, Close string
	// Begin is the call before it that prints the beginning of the same line:
	// fprintf(stderr, program); perror(": socket");
	Begin string
	Lead  string // a macro without semicolon before it: DEBUG(D_net)
	// then is the call after it that tells the reason behind the failed call's name:
	// log("cannot open a socket"); perror("socket");
	then string
	// again stands around the text in the call after it that says the same elsewhere:
	// perror("setsockopt"); syslog(LOG_ERR, "setsockopt").
	again  [2]string
	stale  map[string]bool
	saved  []string // variables that got errno in front of the pattern's check
	result string   // the variable that holds the reason: what the program's own function returned
	// head and tail stand around the text and its arguments where those are an
	// argument themselves: DEBUG(0, ("socket: %s\n", strerror(errno))).
	head, tail string
	maker      *parse.Macro   // around the report, that makes the reason for it
	softLevels map[int]string // levels to be given instead of ones that end the program
}

// FindMessage returns the message of an error branch, nil when it has none
// that a warning could be made of.
func (p *Messages) FindMessage(f *parse.File, fn *parse.Func, body *parse.Stmt, opt, fd string) *Message {
	var found *Message
	inArm := false // an #if of its own holds a message
	aside := false // the one found tells of one kind of failure
	home := ctree.Arms(f, body.Pos)
	body.Walk(func(s *parse.Stmt) bool {
		if found != nil && !aside || s.Kind != parse.SExpr && s.Kind != parse.SReturn {
			return found == nil || aside
		}
		c := s.Expr.Strip()
		if c == nil || c.Kind != parse.XCall {
			return true
		}
		if len(ctree.Arms(f, c.Pos)) != len(home) {
			inArm = inArm || p.IsLog(f, c)
			return true
		}
		if s.Kind == parse.SReturn && (!logMember(c.Callee()) || ctree.LiteralIndex(c) < 0) {
			return true // return log_error(errno, "...") reports on the way
		}
		m := &Message{File: f, Func: fn, Call: c, opt: opt, leaves: p.Exits.Leaves(f, body)}
		if ctree.IsName(fd) {
			m.FD = fd
		}
		m.subject = lastName(fd)
		if in := ArgumentList(c); in != nil && ctree.LiteralIndex(c) < 0 && !p.fatalIn(f, c) {
			m.Call = in
			m.head, m.tail = ctree.OneLine(string(f.Src[c.Pos:in.Args[0].Pos])),
				ctree.OneLine(string(f.Src[in.Args[len(in.Args)-1].End:c.End]))
		}
		if in := p.wrapped(f, c); in != nil {
			m.Call, m.maker = in, p.FnMacro(f, c.Callee())
			open := ctree.OneLine(string(f.Src[c.Pos:in.Pos]))
			m.head, m.tail = strings.TrimRight(open, " ")+ctree.OneLine(string(f.Src[in.Pos:in.Args[0].Pos])),
				ctree.OneLine(string(f.Src[in.Args[len(in.Args)-1].End:c.End]))
		}
		if !p.IsLog(f, m.Call) || inArm && !ofFailure(m.Call) {
			return true // what is said after the failure goes on about it
		}
		if n := ctree.Next(s); n != nil && n.Kind == parse.SExpr && p.beginsLine(f, c, n.Expr.Strip()) {
			return true
		}
		if !m.condition(s, body, fd) {
			return true
		}
		m.preparation(s, body)
		m.Begin = p.lineBegun(f, s, body)
		if prev := ctree.Prev(s); prev != nil && prev != body && ctree.Ancestor(body, prev) &&
			prev.Kind == parse.SExpr && f.Src[prev.End-1] != ';' {
			m.Lead = ctree.OneLine(string(f.Src[prev.Pos:prev.End])) + style.LeadMark
		}
		m.name = knowledge.FatalMessages.Get(c.Callee()).Warns
		m.then = p.reasonAfter(f, s, body)
		m.again = p.saidAgain(f, c, s, body)
		if found == nil || m.appendsReason(p) {
			found, aside = m, found == nil && s.Parent != body && !ofFailure(m.Call) && !m.appendsReason(p)
		}
		return aside
	})
	return found
}

// lineBegun is the call right before a message that prints the beginning of its line, ""
// where the line begins with the message.
func (p *Messages) lineBegun(f *parse.File, s, body *parse.Stmt) string {
	prev := ctree.Prev(s)
	if prev == nil || prev == body || !ctree.Ancestor(body, prev) || prev.Kind != parse.SExpr {
		return ""
	}
	c := prev.Expr.Strip()
	if c == nil || !PrintsOnly(f, c) || p.Exits.NeverReturns(f, c) ||
		len(ctree.Arms(f, prev.Pos)) != len(ctree.Arms(f, s.Pos)) {
		return ""
	}
	if ctree.LiteralIndex(c) >= 0 && !p.beginsLine(f, c, s.Expr.Strip()) {
		return ""
	}
	return ctree.OneLine(string(f.Src[prev.Pos:prev.End]))
}

// callAfter is the call that is the whole statement right after another of a branch, in the same arms
// of #if, and that statement; nil where there is none that returns.
func (p *Messages) callAfter(f *parse.File, s, body *parse.Stmt) (*parse.Stmt, *parse.Expr) {
	n := ctree.Next(s)
	if n == nil || !ctree.Ancestor(body, n) || n.Kind != parse.SExpr || len(ctree.Arms(f, n.Pos)) != len(ctree.Arms(f, s.Pos)) {
		return nil, nil
	}
	c := n.Expr.Strip()
	if c == nil || c.Kind != parse.XCall || p.Exits.NeverReturns(f, c) {
		return nil, nil
	}
	return n, c
}

// reasonAfter is the call right after a message that is given nothing but the name of the
// failed call, as it is for setsockopt(); "" where there is none.
func (p *Messages) reasonAfter(f *parse.File, s, body *parse.Stmt) string {
	n, c := p.callAfter(f, s, body)
	if c == nil || len(c.Args) != 1 || c.Callee() == "" {
		return ""
	}
	lit := c.Args[0].Strip()
	name := strings.Trim(lit.Name, `"`)
	if _, ok := knowledge.SocketCall(name); lit.Kind != parse.XString || !ok && name != "setsockopt" {
		return ""
	}
	return ctree.OneLine(string(f.Src[c.Pos:lit.Pos])) + `"setsockopt"` + ctree.OneLine(string(f.Src[lit.End:n.End]))
}

// After is the statement that follows a message, spelled as call; "" for none.
func (m *Message) After(call string) string {
	if lit := ctree.StringLiteral.FindString(call); lit != "" && m.again[1] != "" {
		return m.again[0] + lit + m.again[1]
	}
	return m.then
}

// saidAgain is what stands around the text in the call right after a message that says the same,
// which has nothing but the text.
func (p *Messages) saidAgain(f *parse.File, c *parse.Expr, s, body *parse.Stmt) (around [2]string) {
	n, again := p.callAfter(f, s, body)
	if again == nil || again.Callee() == c.Callee() {
		return around
	}
	i, k := ctree.LiteralIndex(c), ctree.LiteralIndex(again)
	if i < 0 || k < 0 || i != len(c.Args)-1 || k != len(again.Args)-1 {
		return around
	}
	text, same := c.Args[i].Strip(), again.Args[k].Strip()
	if parse.ExprText(f, text) != parse.ExprText(f, same) {
		return around
	}
	before := ctree.OneLine(string(f.Src[again.Pos:same.Pos]))
	if f.Src[same.Pos-1] == ' ' {
		before += " "
	}
	return [2]string{before, ctree.OneLine(string(f.Src[same.End:n.End]))}
}

// beginsLine reports whether a call prints no more than a name at the beginning of the line
// that another goes on with: fprintf(stderr, "%s", program).
func (p *Messages) beginsLine(f *parse.File, c, next *parse.Expr) bool {
	at := ctree.LiteralIndex(c)
	if at < 0 || next == nil || next.Kind != parse.XCall || !PrintsOnly(f, c) || !PrintsOnly(f, next) || !startsInLine(next) {
		return false
	}
	lit := ctree.LiteralIn(c.Args[at]).Name
	return !strings.HasSuffix(lit, `\n"`) && !strings.Contains(lit, " ")
}

// PrintsOnly reports whether an expression is a call that prints to the terminal.
func PrintsOnly(f *parse.File, c *parse.Expr) bool {
	if c.Kind != parse.XCall || len(c.Args) == 0 || !knowledge.Shows.Has(c.Callee()) {
		return false
	}
	for _, a := range c.Args {
		if t := parse.ExprText(f, a); t == "stderr" || t == "stdout" {
			return true
		}
	}
	return c.Callee() == "printf" || c.Callee() == "perror" || c.Callee() == "puts"
}

// startsInLine reports whether a message begins as the rest of a line does: ": no socket".
func startsInLine(c *parse.Expr) bool {
	at := ctree.LiteralIndex(c)
	if at < 0 {
		return false
	}
	lit := strings.TrimPrefix(ctree.LiteralIn(c.Args[at]).Name, `"`)
	return lit != "" && strings.ContainsAny(lit[:1], " :,;-")
}

// ArgumentList is a call with the arguments of the list that holds the text, where
// that is no argument of c itself; nil without one.
func ArgumentList(c *parse.Expr) *parse.Expr {
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
			if ctree.LiteralIn(a) != nil {
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

// wrapped is the report that is the only argument of a macro, which makes the reason for
// it: WITH_REASON(log_warn("socket: %s", reason)); nil without one.
func (p *Messages) wrapped(f *parse.File, c *parse.Expr) *parse.Expr {
	if len(c.Args) != 1 || p.FnMacro(f, c.Callee()) == nil || p.Exits.NeverReturns(f, c) {
		return nil
	}
	if in := c.Args[0].Strip(); in != nil && in.Kind == parse.XCall && len(in.Args) > 0 && p.IsLog(f, in) {
		return in
	}
	return nil
}

// makesReason reports whether an argument of a report is what the macro around it makes
// of errno.
func (m *Message) makesReason(arg string) bool {
	if m.maker == nil || !ctree.IsName(arg) {
		return false
	}
	makes, ofErrno := false, false
	for _, k := range m.maker.Body {
		if k.Kind == token.Ident {
			w := m.maker.File.Text(k)
			makes, ofErrno = makes || w == arg, ofErrno || isErrnoText(w)
		}
	}
	return makes && ofErrno
}

// fatalIn reports whether a level among the arguments ends the program.
func (p *Messages) fatalIn(f *parse.File, c *parse.Expr) bool {
	for _, a := range c.Args[:len(c.Args)-1] {
		if p.FatalLevel(parse.ExprText(f, a), 3) {
			return true
		}
	}
	return p.Exits.NeverReturns(f, c)
}

// Softened is the message of an error branch that ends the program, with the
// level that the file gives to failures of socket calls that do not.
func (p *Messages) Softened(h *exemplar.OptionCall) *Message {
	var found *Message
	h.Body.Walk(func(s *parse.Stmt) bool {
		if found != nil || s.Kind != parse.SExpr {
			return found == nil
		}
		c := s.Expr.Strip()
		if c == nil || c.Kind != parse.XCall || ctree.LiteralIndex(c) < 1 {
			return true
		}
		tame := map[int]string{}
		for i, a := range c.Args[:ctree.LiteralIndex(c)] {
			if !p.FatalLevel(parse.ExprText(h.File, a), 3) {
				continue
			}
			votes, best := map[string]int{}, ""
			for _, r := range p.inFile(h.File).reports {
				if !r.socket || r.call.Callee() != c.Callee() || i >= ctree.LiteralIndex(r.call) {
					continue
				}
				if w := ctree.OneLine(parse.ExprText(h.File, r.call.Args[i])); !p.FatalLevel(w, 3) &&
					ctree.IsUpper(w) && knowledge.SaysWarning(w) {
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
			found = &Message{File: h.File, Func: h.Func, Call: c, opt: h.Opt, leaves: true, softLevels: tame}
		}
		return found == nil
	})
	return found
}

// condition reads the if that the message stands under within the branch. It
// reports whether the message is about the branch's own failure.
func (m *Message) condition(s, body *parse.Stmt, fd string) bool {
	up := s.Parent
	if s == body || up == nil || !ctree.Ancestor(body, up) {
		return true
	}
	if up.Kind == parse.SBlock && up != body {
		up = up.Parent
	}
	if up == nil || up.Kind != parse.SIf || up == body.Parent || !ctree.Ancestor(body, up) {
		return true
	}
	if ctree.Mentions(m.File, up.Expr, fd) || ctree.TestsCall(up.Expr) {
		return false // another step failed
	}
	if !strings.Contains(parse.ExprText(m.File, up.Expr), "errno") && up.Else == nil {
		m.Cond = ctree.OneLine(parse.ExprText(m.File, up.Expr)) // else a filter by the kind of error
	}
	return true
}

// ReasonIsResult notes that a variable takes what the program's own function returns at the
// new block, too, and that it tells the reason there.
func (m *Message) ReasonIsResult(name string) {
	delete(m.stale, name)
	m.result = name
}

// preparation finds the statements that make the message's arguments.
func (m *Message) preparation(s, body *parse.Stmt) {
	m.guarded(s)
	wanted := map[string]bool{}
	for _, a := range m.Call.Args {
		a.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XIdent && ctree.Declares(m.Func, x.Name) {
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
		if ctree.Assigns(m.File, body, name) || m.holdsResult(body, name) {
			m.stale[name] = true
		} else if ctree.SavesErrno(m.Func, body.Pos, name) {
			m.saved = append(m.saved, name)
		}
	}
	list, at := ctree.Position(s)
	for i := 0; i < at && ctree.Ancestor(body, s.Parent); i++ {
		if list[i].Kind != parse.SExpr || len(ctree.Arms(m.File, list[i].Pos)) != len(ctree.Arms(m.File, s.Pos)) {
			continue
		}
		e := list[i].Expr.Strip()
		makes := ""
		switch {
		case e.Kind == parse.XAssign && e.Op == token.Assign && e.X.Bare().Kind == parse.XIdent && wanted[e.X.Bare().Name]:
			makes = e.X.Bare().Name
		case e.Kind == parse.XCall && len(e.Args) > 1 && fillsReason(e):
			// sock_errmsg(buf, sizeof buf, "accept() failed"): into a buffer of
			// the function's own, for this call.
			if a := e.Args[0].Strip(); a.Kind == parse.XIdent && wanted[a.Name] && localArray(m.Func, a.Name) {
				text := ctree.OneLine(string(m.File.Src[list[i].Pos:list[i].End]))
				if lit := ctree.LiteralIn(e.Args[len(e.Args)-1]); lit != nil {
					text = strings.Replace(text, lit.Name, `"setsockopt() failed"`, 1)
				}
				m.Prep = append(m.Prep, text)
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
			m.Prep = append(m.Prep, ctree.OneLine(string(m.File.Src[list[i].Pos:list[i].End])))
			delete(m.stale, makes)
		}
	}
}

// guarded notes the pair of calls that a message stands between.
func (m *Message) guarded(s *parse.Stmt) {
	list, at := ctree.Position(s)
	if at == 0 || at+1 >= len(list) {
		return
	}
	text := func(s *parse.Stmt) string { return ctree.OneLine(string(m.File.Src[s.Pos:s.End])) }
	call := func(s *parse.Stmt) string {
		if s.Kind != parse.SExpr {
			return ""
		}
		return strings.ToLower(s.Expr.Strip().Callee())
	}
	for _, w := range knowledge.GuardWords.All() {
		open, close, _ := strings.Cut(w, "/")
		before, after := call(list[at-1]), call(list[at+1])
		if i := strings.LastIndex(before, open); i >= 0 && after != before && before[:i]+close+before[i+len(open):] == after {
			m.Open, m.Close = text(list[at-1]), text(list[at+1])
			return
		}
	}
}

// holdsResult reports whether the check that leads to the branch tests a
// variable: what it holds there belongs to the call that failed.
func (m *Message) holdsResult(body *parse.Stmt, name string) bool {
	up := body.Parent
	if up == nil || up.Kind != parse.SIf || up.Body != body {
		return false
	}
	tested := false
	up.Expr.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op != token.AndAnd && x.Op != token.OrOr || x.Kind == parse.XUnary && x.Op == token.Not {
			for _, y := range []*parse.Expr{x.X, x.Y} {
				tested = tested || ctree.IsLvalue(m.File, y, name)
			}
		}
		return !tested
	})
	return tested || ctree.IsLvalue(m.File, up.Expr, name)
}

// fillsReason recognises calls that put what went wrong with a socket into
// their first argument, before it a text of the form "accept() failed".
func fillsReason(c *parse.Expr) bool {
	if !readsSocketError(c.Callee()) {
		return false
	}
	lit := ctree.LiteralIn(c.Args[len(c.Args)-1])
	return lit == nil || strings.HasSuffix(lit.Name, `() failed"`)
}

// Kept is the pattern of a statement that keeps an error for the caller: a call
// of the program's own that is given what failed. opt is the option that failed, ""
// where only the text says so. It is nil for calls without words, and for those that
// never return.
func (p *Messages) Kept(f *parse.File, fn *parse.Func, s *parse.Stmt, c *parse.Expr, opt string) *Message {
	if c.Kind != parse.XCall || c.Callee() == "" || len(c.Args) == 0 || p.Exits.NeverReturns(f, c) {
		return nil
	}
	m := &Message{File: f, Func: fn, Call: c}
	at := ctree.LiteralIndex(c)
	if in := c.Args[len(c.Args)-1].Strip(); at < 0 && in.Kind == parse.XCall && in.Callee() != "" && ctree.LiteralIndex(in) >= 0 {
		// keep(c, text("bind: %s", strerror(errno)))
		m.head, m.tail = ctree.OneLine(string(f.Src[c.Pos:in.Args[0].Pos])), ctree.OneLine(string(f.Src[in.Args[len(in.Args)-1].End:c.End]))
		m.Call, at = in, ctree.LiteralIndex(in)
	}
	if at < 0 {
		return nil
	}
	if knowledge.SilentWords.In(c.Callee()) || knowledge.MakesText.Has(strings.ToLower(c.Callee())) {
		return nil
	}
	if opt == "" {
		opt = optionWord.FindString(ctree.LiteralIn(m.Call.Args[at]).Name)
	}
	m.opt = opt
	if s.Parent != nil {
		m.preparation(s, s.Parent)
	}
	return m
}

// Final is the pattern of a call that ends the program with a text.
func (p *Messages) Final(f *parse.File, fn *parse.Func, c *parse.Expr) *Message {
	return &Message{File: f, Func: fn, Call: c, leaves: true}
}

// optionWord matches the name of a socket option.
var optionWord = text.NewPattern(`\b(?:SO|TCP|IP|IPV6)_[A-Z][A-Z0-9_]+\b`)

// localArray reports whether a function declares an array of that name.
func localArray(fn *parse.Func, name string) bool {
	for _, l := range ctree.Locals(fn) {
		if l.Decl.Name == name {
			return l.Stmt != nil && l.Decl.Type != nil && l.Decl.Type.Array
		}
	}
	return false
}

// IsLog recognises a call that reports: a string literal among its arguments,
// or perror.
func (p *Messages) IsLog(f *parse.File, c *parse.Expr) bool {
	name := c.Callee()
	if x := c.X.Bare(); name == "" && x != nil && x.Kind == parse.XMember && logMember(x.Name) {
		name = x.Name // log->error(log, "...")
	}
	if name == "perror" {
		return true
	}
	if w, ok := knowledge.FatalMessages.Lookup(name); ok && p.declares(f, w.Header, name) && ctree.LiteralIndex(c) == w.Text {
		return true
	}
	if name == "" || p.Exits.NeverReturns(f, c) || ctree.LiteralIndex(c) < 0 ||
		ctree.LiteralIn(c.Args[ctree.LiteralIndex(c)]).Name == `""` { // an answer without a text
		return false
	}
	for _, a := range c.Args[:ctree.LiteralIndex(c)] {
		if p.FatalLevel(parse.ExprText(f, a), 3) {
			return false
		}
	}
	if knowledge.SilentWords.In(name) || knowledge.MakesText.Has(strings.ToLower(name)) {
		return false
	}
	return (!keepsError(f, c) && !p.storesCode(f, name) || p.prints(f, name)) && !p.onlyStoresError(f, name) && !p.throwsError(f, name) &&
		(!p.makesFailureResult(f, name) || p.prints(f, name))
}

// logMember reports whether a member by that name is a function that reports.
func logMember(name string) bool {
	return knowledge.ReporterWords.In(strings.ToLower(name))
}

// prints reports whether the definition of a macro or function, as far as the
// program has it, shows what it is given: ERR_LOG(err, errbuf, ...) may need a buffer
// for the reason and keep nothing in it.
func (p *Messages) prints(f *parse.File, name string) bool {
	if m := p.FnMacro(f, name); m != nil {
		for i, k := range m.Body {
			if w := m.File.Text(k); i+1 < len(m.Body) && m.Body[i+1].Op == token.LParen &&
				w != name && (knowledge.Shows.Has(w) || p.printsItself(f, w)) {
				return true
			}
		}
		return false
	}
	return p.printsItself(f, name)
}

// printsItself reports whether a function's own body calls one that shows a text.
func (p *Messages) printsItself(f *parse.File, name string) bool {
	fn := p.Definition(f, name)
	if fn == nil || fn.Macro != nil {
		return false
	}
	found := false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		found = found || knowledge.Shows.Has(c.Callee()) && !printsOnlyText(c)
	})
	return found
}

// printsOnlyText reports whether a call prints a text of its own, and nothing that it was
// given.
func printsOnlyText(c *parse.Expr) bool {
	words := false
	for _, a := range c.Args {
		e := a.Strip()
		switch {
		case ctree.LiteralIn(a) != nil:
			words = true
		case e != nil && e.Kind == parse.XIdent && (e.Name == "stderr" || e.Name == "stdout"):
		default:
			return false
		}
	}
	return words
}

// throwsError reports whether a function of the program hands an error to an interpreter,
// which leaves the code that called it.
func (p *Messages) throwsError(f *parse.File, name string) bool {
	fn := p.Definition(f, name)
	if fn == nil || fn.Macro != nil {
		return false
	}
	found := false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		found = found || knowledge.RaiseWords.In(strings.ToLower(c.Callee()))
	})
	return found
}

// makesFailureResult reports whether a function of the program makes what its callers return on a
// failure: the file returns the value of each call, and has at least three.
func (p *Messages) makesFailureResult(f *parse.File, name string) bool {
	if fn := p.Definition(f, name); fn == nil || fn.Macro != nil {
		return false
	}
	return p.answerers.Get(messageKey{file: f, callee: name}, func() bool {
		returned, alone := 0, false
		for _, i := range f.Idents(name) {
			for _, fn := range f.FuncsAt(int(f.Toks[i].Off)) {
				ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
					if c.Callee() == name && c.NamePos == int(f.Toks[i].Off) {
						returned += map[bool]int{true: 1}[s.Kind == parse.SReturn]
						alone = alone || s.Kind == parse.SExpr && s.Expr.Strip() == c
					}
				})
			}
		}
		return !alone && returned > 2
	})
}

// onlyStoresError reports whether a function of the program stores the message for the
// caller instead of printing it.
func (p *Messages) onlyStoresError(f *parse.File, name string) bool {
	fn := p.Definition(f, name)
	if fn == nil || fn.Macro != nil {
		return false
	}
	made, other, set := false, false, false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		made = made || knowledge.MakesText.Has(c.Callee())
		other = other || !knowledge.MakesText.Has(c.Callee())
	})
	for _, d := range fn.Params {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					set = set || x.Kind == parse.XAssign && d.Name != "" && ctree.IsLvalue(fn.File, x.Y, d.Name)
					return !set
				})
			})
			return !set
		})
	}
	return !other && (made || set)
}

// storesCode reports whether a function of the program keeps one of its arguments as the error of the
// object that it gets: parser->error_code = code.
func (p *Messages) storesCode(f *parse.File, name string) bool {
	fn := p.Definition(f, name)
	if fn == nil || fn.Macro != nil || len(fn.Params) == 0 || fn.Params[0].Name == "" {
		return false
	}
	object, found := fn.Params[0].Name, false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SExpr {
			return !found
		}
		e := s.Expr.Strip()
		if e == nil || e.Kind != parse.XAssign || e.X.Bare().Kind != parse.XMember || !strings.HasPrefix(parse.ExprText(fn.File, e.X), object+"->") {
			return !found
		}
		for _, d := range fn.Params[1:] {
			found = found || d.Name != "" && ctree.IsLvalue(fn.File, e.Y, d.Name) && pushedWord.MatchString(strings.ToLower(e.X.Bare().Name))
		}
		return !found
	})
	return found
}

// pushedWord matches what goes on a stack of errors.
var pushedWord = text.NewPattern("err|cond|status|fault|exception")

// keepsError recognises calls that store an error for the caller, who reads it after a
// failure: a block that goes on reports none.
func keepsError(f *parse.File, c *parse.Expr) bool {
	name := strings.ToLower(c.Callee())
	if i := strings.Index(name, "set"); i >= 0 && strings.Contains(name[i:], "err") {
		return true
	}
	if knowledge.KeepWords.In(name) {
		return true
	}
	if i := strings.Index(name, "push"); i >= 0 && pushedWord.MatchString(name[i:]) {
		return true
	}
	for _, a := range c.Args[:max(ctree.LiteralIndex(c), 0)] {
		if knowledge.ReasonBufferWords.In(strings.ToLower(parse.ExprText(f, a))) {
			return true
		}
	}
	return false
}

// declares reports whether a function is a system header's, which a file includes by itself or
// through others; the program's own by that name is not.
func (p *Messages) declares(f *parse.File, header, name string) bool {
	return includes(f, header) || p.Includes(f, header) && p.FnMacro(f, name) == nil && p.Definition(f, name) == nil
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

// LevelWords knows which levels of severity the program's logging calls use.
type LevelWords struct{ words map[string]bool }

// soften turns the level of a message about a failure that ended something
// into that of a warning, when the file reports other failures so. What the file
// says about its other socket options keeps its level.
func (l *LevelWords) soften(arg string, m *Message, w Wording) string {
	if knowledge.GraveSyslog[arg] {
		if l.words["LOG_WARNING"] {
			return "LOG_WARNING"
		}
		return "LOG_ERR"
	}
	if w.Messages == nil || !m.leaves && m.opt != "" || !ctree.IsUpper(arg) || m.opt != "" && m.File == w.File {
		return arg
	}
	if s := w.Messages.warningLevel(w.File, arg, m.Call.Callee(), m.File != w.File); s != "" {
		return s
	}
	return arg
}
