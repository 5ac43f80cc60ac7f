package message

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// CreationMessage is what the program says when the call itself fails.
func (p *Messages) CreationMessage(t *anchor.Point) *Message {
	c := t.Place.Check
	if c == nil {
		return nil
	}
	f := t.Spot.File
	branches := []*parse.Stmt{c.Body, c.Else}
	if c.Kind == parse.SIf && noreturn.Implied(f, c.Expr, t.Spot.Key).No == noreturn.Valid && p.Exits.Leaves(f, c.Body) {
		ends := false
		ctree.Calls(c.Body, func(x *parse.Expr, _ *parse.Stmt) { ends = ends || p.Exits.NeverReturns(f, x) })
		if !ends {
			branches = branches[:1] // what the else says is no failure
		}
	}
	for _, b := range branches {
		if b != nil && b != t.Place.Body && !ctree.Ancestor(b, t.Place.List) {
			if m := p.FindMessage(f, t.Spot.Func, b, "", t.Spot.Key); m != nil {
				return m
			}
		}
	}
	for _, up := range t.Place.Checks()[1:] {
		if m := p.FindMessage(f, t.Spot.Func, up.Body, "", t.Spot.Key); m != nil {
			return m
		}
	}
	// if (fd >= 0) break; and what is said of the failure comes behind.
	if up := c.Parent; c.Kind == parse.SIf && up != nil && up.Kind == parse.SBlock &&
		noreturn.Implied(f, c.Expr, t.Spot.Key).Yes == noreturn.Valid && p.Exits.Leaves(f, c.Body) {
		if m := p.FindMessage(f, t.Spot.Func, up, "", t.Spot.Key); m != nil && m.Call.Pos > c.End {
			return m
		}
	}
	return nil
}

// AnyMessage is another error message of the function, one that reports a
// system call, and that the caller does not pass over.
func (p *Messages) AnyMessage(t *anchor.Point, pass func(*Message) bool) *Message {
	f := t.Spot.File
	var found *Message
	fds := noreturn.Descriptors(f, t.Spot.Func)
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if found == nil && s.Kind == parse.SIf && s.Body != nil {
			fd, socket := noreturn.TestedCall(f, s, fds)
			if m := p.FindMessage(f, t.Spot.Func, s.Body, "", t.Spot.Key); m != nil && !pass(m) &&
				(m.Call.Callee() == "perror" || strings.Contains(parse.ExprText(f, m.Call), "errno") ||
					strings.Contains(parse.ExprText(f, m.Call), "%m") || socket && afterWarning(m.Call.Callee())) &&
				(fd != "" || socket || ctree.TestsCall(s.Expr) || strings.Contains(parse.ExprText(f, s.Expr), "errno") || ofFailure(m.Call)) {
				found = m // others tell what is going on, not what failed
			}
		}
		return found == nil
	})
	return found
}

// afterWarning reports whether a function is called after a warning.
func afterWarning(name string) bool { return strings.Contains(strings.ToLower(name), "warn") }

// ofFailure reports whether a message is about something that failed, by its
// words or by the name of the function that takes it.
func ofFailure(c *parse.Expr) bool {
	lit := ""
	if i := ctree.LiteralIndex(c); i >= 0 { // perror(name) has none
		lit, _ = ctree.JoinLiterals(ctree.LiteralIn(c.Args[i]).Name)
	}
	low := strings.ToLower(c.Callee())
	return saysFailure(lit) || strings.Contains(low, "err") || strings.Contains(low, "warn")
}

// CanRepeat reports whether everything that a message names can be named at the
// insertion.
func (p *Messages) CanRepeat(t *anchor.Point, m *Message) bool {
	f := t.Spot.File
	if m.File != f {
		if len(f.Idents(m.Call.Callee())) == 0 {
			return false
		}
		for _, fn := range p.Funcs[m.Call.Callee()] {
			if fn.File == m.File && fn.Static {
				return false
			}
		}
	}
	if m.Open != "" && !p.SeesAll(t, m.Func, ctree.WithoutStrings(m.Open+m.Close)) {
		return false
	}
	ok := true
	for _, s := range m.Prep {
		ok = ok && p.SeesAll(t, m.Func, ctree.WithoutStrings(s)) && p.mayRepeat(t, s)
	}
	if !ok { // the message has to do without what they make
		m.DropPrep()
		ok = true
	}
	for i, e := range append([]*parse.Expr{m.Call.X}, m.Call.Args...) {
		if i > 0 && i <= ctree.LiteralIndex(m.Call) && p.ownInPlace(f, m, i-1) != "" {
			continue
		}
		e.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XIdent && x != m.Call.X.Bare() && x.Name != m.FD && !p.sees(t, m.Func, x.Name) && (m.File == f || reasonHeaders[x.Name] == "") {
				ok = false // a reason can be left out
			}
			return ok
		})
	}
	return ok
}

// firstMade is the variable that a statement before a message makes.
func firstMade(m *Message, stmt string) string {
	for _, l := range ctree.Locals(m.Func) {
		if n := l.Decl.Name; strings.HasPrefix(stmt, n+" ") || strings.HasPrefix(stmt, n+"=") || strings.Contains(stmt, ", "+n+",") {
			return n
		}
	}
	return ""
}

// mayRepeat reports whether a statement before a message may be repeated:
// what it assigns is not needed any more.
func (p *Messages) mayRepeat(t *anchor.Point, stmt string) bool {
	name, _, assigned := strings.Cut(stmt, "=")
	if name = strings.TrimSpace(name); !assigned || strings.ContainsAny(name, "([ ") {
		return true
	}
	v, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, name)
	return ok && (v.Decl.Type.Array || ctree.Dead(t.Spot.Func, t.Place.List, t.Place.After, name))
}

// sees reports whether a name that means something in from means the same at
// the insertion.
func (p *Messages) sees(t *anchor.Point, from *parse.Func, name string) bool {
	f := t.Spot.File
	there := ctree.Declares(from, name)
	if from.File == f && from.Start == t.Spot.Func.Start {
		if !there {
			return true
		}
		_, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, name)
		return ok
	}
	if there {
		return false // the same name may be another thing
	}
	if ctree.Declares(t.Spot.Func, name) {
		return false
	}
	return from.File == f || p.visibleFrom(f, from.File, name)
}

// SeesAll reports whether each name of a text from one function means the same at the
// place of the block.
func (p *Messages) SeesAll(t *anchor.Point, from *parse.Func, content string) bool {
	for _, w := range text.Words(content) {
		if (w[0] < '0' || w[0] > '9') && !p.sees(t, from, w) {
			return false
		}
	}
	return true
}

// Levels collects the severities that the project's messages use.
func (p *Messages) Levels() *LevelWords {
	if p.words == nil {
		p.words = &LevelWords{map[string]bool{}}
		for _, f := range p.Files {
			for _, w := range []string{"LOG_WARNING"} {
				if len(f.Idents(w)) > 0 {
					p.words.words[w] = true
				}
			}
		}
	}
	return p.words
}
