package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// leaveFor turns a warning into giving up the descriptor, where the program
// does so for its other options and the clean-up is certain. An accepted
// socket is never given up: a server does not lose a peer over an option.
func (p *project) leaveFor(t *target, id *idiom) {
	m := id.model
	if t.site.Role != detect.Client || m == nil || m.body == nil || t.pl.test || m.ignored() {
		return
	}
	if !p.exits.leaves(m.file, m.body) {
		return
	}
	if id.near && m.fn.Start == t.sp.fn.Start {
		if stmts, ok := p.wayOut(t, m.body, true); ok {
			if p.findMessage(m.file, m.fn, m.body, m.opt, m.fd) == nil {
				id.report = nil // it leaves without a word
			}
			p.adopt(t, id, stmts)
			return
		}
	}
	// The function's other checks of this descriptor agree on one way out.
	var agreed []string
	ok := true
	t.sp.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf || s.Pos < t.pl.at || !callOn(t.sp.file, s.Expr, t.sp.key) || s.Body == nil || !p.exits.leaves(t.sp.file, s.Body) {
			return true
		}
		stmts, sure := p.wayOut(t, s.Body, false)
		switch {
		case !sure:
			ok = false
		case agreed == nil:
			agreed = stmts
		case strings.Join(agreed, "\n") != strings.Join(stmts, "\n"):
			ok = false
		}
		return true
	})
	if ok && agreed != nil && len(id.report) > 0 && m.file == t.sp.file {
		p.adopt(t, id, agreed)
	}
}

func (p *project) adopt(t *target, id *idiom, stmts []string) {
	if p.mild[t.sp.fn] {
		return
	}
	if len(id.report) > 0 && id.loud != "" {
		id.report[len(id.report)-1] = id.loud // an error, now that it ends something
	}
	id.policy = policyLeave
	id.leave = stmts
	id.cond = ""
}

// callOn reports whether the expression hands the descriptor to a call.
func callOn(f *parse.File, e *parse.Expr, fd string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XCall {
			for _, a := range x.Args {
				found = found || same(f, a, fd)
			}
		}
		return !found
	})
	return found
}

// wayOut returns the clean-up and the jump of an error branch. It is sure of
// them when the branch closes the descriptor, or jumps to a label that others
// use once the descriptor is open, and holds nothing but plain statements. What
// the sibling on the same descriptor leaves to the code behind a loop, or to
// the owner of the structure that has the descriptor, is left to that here.
func (p *project) wayOut(t *target, body *parse.Stmt, sibling bool) ([]string, bool) {
	list := []*parse.Stmt{body}
	if body.Kind == parse.SBlock {
		list = body.List
	}
	f := t.sp.file
	if len(arms(f, body.Pos)) != len(arms(f, body.End-1)) {
		return nil, false
	}
	var out []string
	closed, jump := false, false
	for _, s := range list {
		switch s.Kind {
		case parse.SExpr:
			c := s.Expr.Strip()
			if c == nil {
				return nil, false
			}
			if c.Kind == parse.XCall {
				if p.exits.call(f, c) {
					return nil, false // ends the program
				}
				if in := listed(c); p.isLog(f, c) || in != nil && p.isLog(f, in) {
					continue
				}
				name := strings.ToLower(c.Callee())
				if len(c.Args) == 1 && same(f, c.Args[0], t.sp.key) && (strings.Contains(name, "close") || strings.Contains(name, "shutdown")) {
					closed = true
				}
			}
			out = append(out, collapse(string(f.Src[s.Pos:s.End])))
		case parse.SReturn, parse.SContinue, parse.SBreak, parse.SGoto:
			jump = true
			out = append(out, collapse(string(f.Src[s.Pos:s.End])))
			switch {
			case s.Kind == parse.SGoto:
				closed = true // the label's code is the function's own clean-up
			case sibling && s.Kind == parse.SBreak, sibling && s.Kind == parse.SReturn && !isName(t.sp.fd):
				closed = true // whoever has it then does that for the next option, too
			}
			if (s.Kind == parse.SContinue || s.Kind == parse.SBreak) && enclosingBreakable(s) != enclosingBreakable(firstIn(t.pl)) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	if !closed || !jump {
		return nil, false
	}
	// Every name must mean the same at the insertion.
	for _, s := range out {
		if !p.seesAll(t, t.sp.fn, withoutStrings(s)) {
			return nil, false
		}
	}
	return out, true
}

// firstIn returns a statement of the list that the block joins.
func firstIn(pl *place) *parse.Stmt {
	if pl.after != nil {
		return pl.after
	}
	if len(pl.list.List) > 0 {
		return pl.list.List[0]
	}
	return pl.list
}

func withoutStrings(s string) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
