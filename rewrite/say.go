package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// creationMessage is what the program says when the call itself fails.
func (p *messages) creationMessage(t *point) *message {
	c := t.pl.check
	if c == nil {
		return nil
	}
	f := t.sp.file
	branches := []*parse.Stmt{c.Body, c.Else}
	if c.Kind == parse.SIf && implied(f, c.Expr, t.sp.key).no == valid && p.exits.leaves(f, c.Body) {
		ends := false
		calls(c.Body, func(x *parse.Expr, _ *parse.Stmt) { ends = ends || p.exits.call(f, x) })
		if !ends {
			branches = branches[:1] // what the else says is no failure
		}
	}
	for _, b := range branches {
		if b != nil && b != t.pl.body && !ancestor(b, t.pl.list) {
			if m := p.findMessage(f, t.sp.fn, b, "", t.sp.key); m != nil {
				return m
			}
		}
	}
	for _, up := range t.pl.checks()[1:] {
		if m := p.findMessage(f, t.sp.fn, up.Body, "", t.sp.key); m != nil {
			return m
		}
	}
	// if (fd >= 0) break; and what is said of the failure comes behind.
	if up := c.Parent; c.Kind == parse.SIf && up != nil && up.Kind == parse.SBlock && implied(f, c.Expr, t.sp.key).yes == valid && p.exits.leaves(f, c.Body) {
		if m := p.findMessage(f, t.sp.fn, up, "", t.sp.key); m != nil && m.call.Pos > c.End {
			return m
		}
	}
	return nil
}

// anyMessage is another error message of the function, one that reports a
// system call.
func (p *messages) anyMessage(t *point) *message {
	f := t.sp.file
	var found *message
	fds := descriptors(f, t.sp.fn)
	t.sp.fn.Body().Walk(func(s *parse.Stmt) bool {
		if found == nil && s.Kind == parse.SIf && s.Body != nil {
			fd, socket := failing(f, s, fds)
			if m := p.findMessage(f, t.sp.fn, s.Body, "", t.sp.key); m != nil && (m.call.Callee() == "perror" || strings.Contains(exprText(f, m.call), "errno") || strings.Contains(exprText(f, m.call), "%m") || socket && warns(m.call.Callee())) &&
				(fd != "" || socket || testsCall(s.Expr) || strings.Contains(exprText(f, s.Expr), "errno") || ofFailure(f, m.call)) {
				found = m // others tell what is going on, not what failed
			}
		}
		return found == nil
	})
	return found
}

// warns reports whether a function is called after a warning.
func warns(name string) bool { return strings.Contains(strings.ToLower(name), "warn") }

// ofFailure reports whether a message is about something that failed, by its
// words or by the name of the function that takes it.
func ofFailure(f *parse.File, c *parse.Expr) bool {
	lit, _ := plainLiteral(literalOf(c.Args[literal(c)]).Name)
	low := strings.ToLower(c.Callee())
	return saysFailure(lit) || strings.Contains(low, "err") || strings.Contains(low, "warn")
}

// canSay reports whether everything that a message names can be named at the
// insertion.
func (p *messages) canSay(t *point, m *message) bool {
	f := t.sp.file
	if m.file != f {
		if len(f.Idents(m.call.Callee())) == 0 {
			return false
		}
		for _, fn := range p.funcs[m.call.Callee()] {
			if fn.File == m.file && fn.Static {
				return false
			}
		}
	}
	ok := true
	for _, s := range m.prep {
		ok = ok && p.seesAll(t, m.fn, withoutStrings(s)) && p.freeFor(t, m, s)
	}
	if !ok { // the message has to do without what they make
		for _, s := range m.prep {
			m.stale[firstMade(m, s)] = true
		}
		m.prep, ok = nil, true
	}
	m.call.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && x != m.call.X.Bare() && !p.sees(t, m.fn, x.Name) {
			ok = false
		}
		return ok
	})
	return ok
}

// firstMade is the variable that a statement in front of a message makes.
func firstMade(m *message, stmt string) string {
	for _, l := range locals(m.fn) {
		if n := l.decl.Name; strings.HasPrefix(stmt, n+" ") || strings.HasPrefix(stmt, n+"=") || strings.Contains(stmt, ", "+n+",") {
			return n
		}
	}
	return ""
}

// freeFor reports whether a statement in front of a message may be repeated:
// what it assigns is not needed any more.
func (p *messages) freeFor(t *point, m *message, stmt string) bool {
	name, _, assigned := strings.Cut(stmt, "=")
	if name = strings.TrimSpace(name); !assigned || strings.ContainsAny(name, "([ ") {
		return true
	}
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
	return ok && (v.decl.Type.Array || dead(t.sp.fn, t.pl.list, t.pl.after, name))
}

// sees reports whether a name that means something in from means the same at
// the insertion.
func (p *messages) sees(t *point, from *parse.Func, name string) bool {
	f := t.sp.file
	there := declares(from, name)
	if from.File == f && from.Start == t.sp.fn.Start {
		if !there {
			return true
		}
		_, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
		return ok
	}
	if there {
		return false // the same name may be another thing
	}
	if declares(t.sp.fn, name) {
		return false
	}
	if from.File == f {
		return true
	}
	return len(f.Idents(name)) > 0 || isUpper(name) || name == "errno" || name == "strerror" || strings.HasPrefix(name, "__func") || name == "stderr"
}

func (p *messages) seesAll(t *point, from *parse.Func, text string) bool {
	for i := 0; i < len(text); {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && isWordByte(text[j]) {
			j++
		}
		if c := text[i]; c < '0' || c > '9' {
			if !p.sees(t, from, text[i:j]) {
				return false
			}
		}
		i = j
	}
	return true
}

// levels collects the severities that the project's messages use.
func (p *messages) levels() *levelWords {
	if p.words == nil {
		p.words = &levelWords{map[string]bool{}}
		for _, f := range p.files {
			for _, w := range []string{"LOG_WARNING"} {
				if len(f.Idents(w)) > 0 {
					p.words.words[w] = true
				}
			}
		}
	}
	return p.words
}
