package message

import (
	"maps"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// maxElsewhere bounds the patterns from other functions that are tried for a block.
const maxElsewhere = 40

// Elsewhere are the messages of failures in other functions, for a block whose own
// has none to follow though it reports: those by the functions that it reports with,
// or, where these all end the program, by any that its file calls. Those of the file
// come first, then those of the folder; of each those about socket calls, then those
// with the reason. What a message names of its own function is not there: RepeatedBy
// tells whether the new one does without.
func (p *Messages) Elsewhere(t *anchor.Point) (out []*Message) {
	voices, fatal := p.reporters(t)
	if len(voices) == 0 && !fatal {
		return nil
	}
	f := t.Spot.File
	key := messageKey{file: f, arg: strings.Join(slices.Sorted(maps.Keys(voices)), " ")}
	for _, m := range p.elsewhere.Get(key, func() []*Message { return p.findElsewhere(f, voices) }) {
		own := *m // the block may change it
		own.stale, own.saved = maps.Clone(m.stale), slices.Clone(m.saved)
		out = append(out, &own)
	}
	return out
}

// findElsewhere are the messages by some functions, none for all, that blocks of
// the file f may follow.
func (p *Messages) findElsewhere(f *parse.File, voices map[string]bool) (out []*Message) {
	files := append([]*parse.File{f}, p.Src.FilesNaming("errno", ctree.Dir(f.Path))...)
	for i, g := range files {
		if i > 0 && g.Path == f.Path {
			continue
		}
		var ranks [3][]*Message
		for _, r := range p.inFile(g).reports {
			if r.body == nil || len(voices) > 0 && !voices[r.call.Callee()] || g != f && len(f.Idents(r.call.Callee())) == 0 {
				continue
			}
			rank := 2
			switch why := slices.ContainsFunc(r.call.Args, func(a *parse.Expr) bool { return isErrnoText(parse.ExprText(g, a)) }); {
			case r.socket:
				rank = 0
			case why || r.call.Callee() == "perror":
				rank = 1
			case g != f || !tellsFailure(g, r.call):
				continue
			}
			if m := p.FindMessage(g, r.fn, r.body, "", r.fd); m != nil && m.Cond == "" && m.Lead == "" && m.Call.Pos == r.call.Pos {
				ranks[rank] = append(ranks[rank], m)
			}
		}
		for _, r := range ranks {
			out = append(out, r...)
		}
	}
	return out[:min(len(out), maxElsewhere)]
}

// reporters are the functions by which a function tells of failures and goes on, or
// leaves; fatal is set where others end the program. None where the creation's failure
// is passed on without a word.
func (p *Messages) reporters(t *anchor.Point) (names map[string]bool, fatal bool) {
	f := t.Spot.File
	if c := t.Place.Check; c != nil && c.Kind == parse.SIf && c.Body != nil && c.Body != t.Place.Body && p.Exits.Leaves(f, c.Body) {
		quiet := true
		ctree.Calls(c.Body, func(x *parse.Expr, _ *parse.Stmt) {
			quiet = quiet && !p.IsLog(f, x) && !p.Exits.NeverReturns(f, x)
		})
		if quiet {
			return nil, false
		}
	}
	names = map[string]bool{}
	for _, r := range p.functionMessages(t.Spot.Func) {
		switch {
		case r.body == nil && !tellsFailure(f, r.call):
		case p.Exits.NeverReturns(f, r.call):
			fatal = true
		case p.IsLog(f, r.call):
			names[r.call.Callee()] = true
		}
	}
	return names, fatal
}

// OnlyKeepsErrors reports whether a function keeps its errors for its caller, that of the
// creation and all others, and prints none: words of another function that prints some
// are not in its manner.
func (p *Messages) OnlyKeepsErrors(t *anchor.Point) bool {
	f, keeps := t.Spot.File, false
	for _, c := range t.Place.Checks() {
		if c.Kind != parse.SIf || c.Body == nil || c.Body == t.Place.Body {
			continue
		}
		ctree.Calls(c.Body, func(x *parse.Expr, s *parse.Stmt) {
			words := s.Kind == parse.SExpr && s.Expr.Strip() == x && ctree.LiteralIndex(x) >= 0
			keeps = keeps || words && (keepsError(f, x) && !p.prints(f, x.Callee()) || p.onlyStoresError(f, x.Callee()))
		})
	}
	if !keeps {
		return false
	}
	return !slices.ContainsFunc(p.functionMessages(t.Spot.Func), func(r *report) bool { return p.IsLog(f, r.call) })
}

// DropPrep lets a message do without the statements before it; where one keeps errno, errno itself
// is the reason.
func (m *Message) DropPrep() {
	for _, s := range m.Prep {
		made := firstMade(m, s)
		if _, value, ok := strings.Cut(s, "="); ok && made != "" && strings.Trim(value, " ;") == "errno" {
			m.saved = append(m.saved, made)
			continue
		}
		if m.stale == nil {
			m.stale = map[string]bool{}
		}
		m.stale[made] = true
	}
	m.Prep = nil
}

// RepeatedBy reports whether a message that was made of m names nothing that only
// the function of m has, and means what it says at the block.
func (p *Messages) RepeatedBy(t *anchor.Point, m *Message, made string) bool {
	if p.numbered(m.File, m.Call) || p.errnoOnly(t, m, made) {
		return false
	}
	if m.File != t.Spot.File {
		for _, fn := range p.Funcs[m.Call.Callee()] {
			if fn.File == m.File && fn.Static {
				return false
			}
		}
	}
	return p.SeesAll(t, m.Func, ctree.WithoutStrings(made))
}

// errnoOnly reports whether a message gives errno for the reason, as its pattern does in an arm of an #if that
// tells Windows from the rest, and the block stands in no such arm: there the other arm
// gives it in another way, since the calls of sockets do not set errno.
func (p *Messages) errnoOnly(t *anchor.Point, m *Message, made string) bool {
	f := t.Spot.File
	return m.File == f && underWindows(f, m.Call.Pos) && !underWindows(f, t.Place.Offset) &&
		(m.appendsReason(p) || text.HasWord(ctree.WithoutStrings(made), "errno"))
}

// messageNumber matches the number that a message has in a catalogue: "NET050E no socket".
var messageNumber = text.NewPattern(`^(?:[A-Z]{2,8}-?[0-9]{3,6}[A-Z]? |ERR[ -][0-9A-F]{4}: )`)

// numbered reports whether the messages of a file by a function have numbers of their own: a
// new one would need another.
func (p *Messages) numbered(f *parse.File, c *parse.Expr) bool {
	number := func(c *parse.Expr) string {
		at := ctree.LiteralIndex(c)
		if at < 0 {
			return ""
		}
		text, _ := ctree.JoinLiterals(ctree.LiteralIn(c.Args[at]).Name)
		return messageNumber.FindString(text)
	}
	own := number(c)
	return own != "" && slices.ContainsFunc(p.inFile(f).reports, func(r *report) bool {
		n := number(r.call)
		return r.call.Callee() == c.Callee() && n != "" && n != own
	})
}
