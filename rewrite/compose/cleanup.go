package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/message"
)

// leaveOnFailure turns a warning into giving up the descriptor, where the program
// does so for its other options and the clean-up is certain. An accepted
// socket is not given up where a warning can be said instead: a server does not lose a peer
// over an option. Without words it is where the same function closes it over another option.
func (p *Composer) leaveOnFailure(t *Target, id *Idiom) {
	m := id.Model
	silent := id.near && len(id.Report) == 0
	if t.Site.Role != result.Client && !silent || m == nil || m.Body == nil || t.Place.Test || m.Ignored() {
		return
	}
	if !p.Exits.Leaves(m.File, m.Body) || p.doesWithout(t) {
		return
	}
	if id.near && m.Func.Start == t.Spot.Func.Start {
		if stmts, ok := p.wayOut(t, m.Body, m.Opt, m.Result); ok && t.sameStage(m.Stmt, stmts) && (!t.Site.Accepts() || t.closes(stmts) && onlyCleans(stmts)) {
			if p.FindMessage(m.File, m.Func, m.Body, m.Opt, m.FD) == nil {
				id.Report = nil // it leaves without a word
			}
			p.useCleanup(t, id, stmts)
			return
		}
		// The sibling's own way out is that of another stage: the next check of the
		// descriptor has the one of this stage.
		if stmts := p.nextWayOut(t, m.Result); stmts != nil && len(id.Report) > 0 {
			p.useCleanup(t, id, stmts)
			return
		}
	}
	// The function's other checks of this descriptor agree on one way out.
	var agreed []string
	set := m.Result
	ok := true
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf || s.Pos < t.Place.Offset || !ctree.CallOn(t.Spot.File, s.Expr, t.Spot.Key) ||
			s.Body == nil || !p.Exits.Leaves(t.Spot.File, s.Body) {
			return true
		}
		stmts, sure := p.wayOut(t, s.Body, "", set)
		switch {
		case !sure || !t.sameStage(s, stmts):
			ok = false
		case agreed == nil:
			agreed = stmts
		case strings.Join(agreed, "\n") != strings.Join(stmts, "\n"):
			ok = false
		}
		return true
	})
	if ok && agreed != nil && len(id.Report) > 0 && (m.File == t.Spot.File || t.Setter != nil) {
		p.useCleanup(t, id, agreed)
	}
}

// onlyCleans reports whether a way out gives things back and leaves, and keeps no
// error of the other step.
func onlyCleans(out []string) bool {
	for _, s := range out[:len(out)-1] {
		if name, _, _ := strings.Cut(s, "("); !releases(name) && strings.TrimSpace(name) != "shutdown" {
			return false
		}
	}
	return true
}

// doesWithout reports whether the function goes on where another option of the
// descriptor cannot be set: it can do without this one, too.
func (p *Composer) doesWithout(t *Target) bool {
	return slices.ContainsFunc(p.OptionCalls(t.Spot.File), func(h *exemplar.OptionCall) bool {
		return h.Func.NamePos == t.Spot.Func.NamePos && h.FD == t.Spot.Key && h.Form != exemplar.FormOther &&
			(h.Ignored() || h.Body != nil && !p.Exits.Leaves(h.File, h.Body))
	})
}

// nextWayOut is the way out of the nearest check of the descriptor after the
// block, nil when that is not certain or of another stage.
func (p *Composer) nextWayOut(t *Target, set string) (out []string) {
	f, asked := t.Spot.File, false
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if asked || s.End <= t.Place.Offset {
			return false
		}
		if s.Kind != parse.SIf || s.Pos < t.Place.Offset || s.Body == nil || !ctree.CallOn(f, s.Expr, t.Spot.Key) || !p.Exits.Leaves(f, s.Body) {
			return true
		}
		asked = true
		if stmts, sure := p.wayOut(t, s.Body, "", set); sure && t.sameStage(s, stmts) {
			out = stmts
		}
		return false
	})
	return out
}

func (p *Composer) useCleanup(t *Target, id *Idiom, stmts []string) {
	if p.OnlyReport[t.Spot.Func] {
		return
	}
	if len(id.Report) > 0 && id.unsoftened != "" {
		at := len(id.Report) - 1
		if id.pattern != nil && id.pattern.Close != "" {
			at--
		}
		id.Report[at] = id.unsoftened // an error, now that it ends something
	}
	id.Policy = PolicyLeave
	id.Leave = stmts
	id.Cond = ""
}

// wayOut returns the clean-up and the jump of an error branch. It is sure of
// them when the branch closes the descriptor, or jumps to a label that others
// use once the descriptor is open, and holds nothing but plain statements. What
// the sibling on the same descriptor leaves to the code after a loop, or to
// the owner of the structure or the global that has the descriptor, is left to that here. opt
// is the option of that sibling, "" for another check of the function: what its
// branch says of it is said of SO_KEEPALIVE, and where that cannot be done the way
// out is not taken.
func (p *Composer) wayOut(t *Target, body *parse.Stmt, opt, set string) ([]string, bool) {
	sibling := opt != ""
	list := []*parse.Stmt{body}
	if body.Kind == parse.SBlock {
		list = body.List
	}
	f := t.Spot.File
	if len(ctree.Arms(f, body.Pos)) != len(ctree.Arms(f, body.End-1)) {
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
				if p.Exits.NeverReturns(f, c) {
					return nil, false // ends the program
				}
				if in := message.ArgumentList(c); p.IsLog(f, c) || message.PrintsOnly(f, c) || in != nil && p.IsLog(f, in) {
					continue
				}
				name := strings.ToLower(c.Callee())
				if len(c.Args) == 1 && ctree.IsLvalue(f, c.Args[0], t.Spot.Key) &&
					(ctree.NamesClose(name) || strings.Contains(name, "shutdown")) {
					closed = true
				}
			}
			text, ok := aboutKeepalive(ctree.OneLine(string(f.Src[s.Pos:s.End])), opt)
			if !ok {
				if text, ok = p.callKeepingError(t, t.Spot.Func, s, c, opt); !ok {
					return nil, false
				}
			}
			out = append(out, text)
		case parse.SReturn, parse.SContinue, parse.SBreak, parse.SGoto:
			jump = true
			text, ok := aboutKeepalive(ctree.OneLine(string(f.Src[s.Pos:s.End])), opt)
			if !ok {
				return nil, false
			}
			out = append(out, text)
			switch {
			case s.Kind == parse.SGoto:
				closed = true // the label's code is the function's own clean-up
			case sibling && s.Kind == parse.SBreak,
				sibling && s.Kind == parse.SReturn &&
					(!ctree.IsName(t.Spot.FD) || t.parameter() || !ctree.Declares(t.Spot.Func, t.Spot.FD)):
				closed = true // the code behind closes it for the sibling option, too
			}
			if (s.Kind == parse.SContinue || s.Kind == parse.SBreak) &&
				ctree.EnclosingBreakable(s) != ctree.EnclosingBreakable(anchor.FirstStmt(t.Place)) {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	if !closed || !jump || t.tellsByResult(body, list[len(list)-1], set) {
		return nil, false
	}
	// Every name must mean the same at the insertion.
	for _, s := range out {
		if !p.SeesAll(&t.Point, t.Spot.Func, ctree.WithoutStrings(s)) {
			return nil, false
		}
	}
	return out, true
}

// tellsByResult reports whether a branch leaves, other than by a return, with the failure in
// the variable that its check tests, for code that follows to read. A block that does
// not set the variable would leave as a success. set is the variable that the block sets
// as its model does.
func (t *Target) tellsByResult(body, last *parse.Stmt, set string) bool {
	check := body.Parent
	if last.Kind == parse.SReturn || check == nil || check.Kind != parse.SIf || check.Body != body {
		return false
	}
	f, tells := t.Spot.File, false
	check.Expr.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XCall {
			return false
		}
		if x.Kind != parse.XIdent || x.Name == set || x.Name == t.Spot.Key || ctree.IsConstName(x) || !ctree.Declares(t.Spot.Func, x.Name) {
			return true
		}
		t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
			if s.Pos >= check.End && s.Kind != parse.SBlock {
				s.Exprs(func(e *parse.Expr) {
					tells = tells || ctree.Mentions(f, e, x.Name) && !(e.Bare().Kind == parse.XAssign &&
						e.Bare().Op == token.Assign && ctree.IsLvalue(f, e.Bare().X, x.Name))
				})
			}
			return !tells
		})
		return !tells
	})
	return tells
}

// parameter reports whether the descriptor is the function's parameter.
func (t *Target) parameter() bool {
	return slices.ContainsFunc(t.Spot.Func.Params, func(d *parse.Decl) bool { return d.Name == t.Spot.Key })
}

// aboutKeepalive is a statement whose texts name an option, with SO_KEEPALIVE in its
// place; ok is false for a text that names anything else.
func aboutKeepalive(stmt, opt string) (text string, ok bool) {
	ok = true
	text = ctree.StringLiteral.Regexp().ReplaceAllStringFunc(stmt, func(lit string) string {
		in := lit[1 : len(lit)-1]
		if opt != "" {
			if s, found := message.ReplaceOption(in, opt); found {
				return `"` + s + `"`
			}
			if begins := strings.ToLower(in); strings.HasPrefix(begins, "no ") {
				return `"` + in[:3] + `SO_KEEPALIVE"`
			}
		}
		if strings.ContainsAny(in, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			ok = false
		}
		return lit
	})
	return text, ok
}
