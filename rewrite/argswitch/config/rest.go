package config

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// What the program does about a keyword besides reading it: where its siblings get their
// defaults, which a reload falls back to, and where they are written out.

// defaultsAndDump adds the defaults and the output.
func (x *extender) defaultsAndDump(p *keyword.Patch, c *candidate) {
	f, r := c.File(), c.Reader()
	if r != nil {
		f = r.File
		x.defaults(p, c, f, r)
	} else {
		x.defaults(p, c, f, c.fn.Forms[0])
	}
	dumped := x.dump(p, f, r, p.First, 0, nil)
	if dumped != nil && p.Second != nil {
		for i := 1; i < len(p.Keywords); i++ {
			x.dump(p, f, r, p.Second, i, dumped)
		}
	}
}

// statement is a statement of a function.
type statement struct {
	fn *keyword.Func
	s  *parse.Stmt
}

// defaults sets the new members where a function sets the siblings before the file is
// read.
func (x *extender) defaults(p *keyword.Patch, c keyword.Form, f *parse.File, reader *parse.Func) {
	targets, roots := map[string]bool{}, map[string]bool{}
	yes := map[string]bool{}
	first := len(f.Src) // of the siblings in the reader
	for i, list := range [][]*keyword.Sibling{c.Bools(), c.Numbers()} {
		for _, s := range list {
			if name, member := s.Target(f); name != "" && (member || !localName(reader, name)) {
				targets[name] = member
				yes[name] = i == 0
				if s.Fn == nil || s.Fn == reader {
					first = min(first, s.Arm.Target[0].From)
				}
				if root := rootOf(f, s); member {
					roots[root] = true
				}
			}
		}
	}
	var best []statement
	word := "0"
	for _, fn := range x.Prog.Funcs {
		if fn.Forms[0] == reader || fn.Forms[0].Macro != nil {
			continue
		}
		var list []statement
		off := "0"
		for _, s := range fn.Forms[0].Body().List {
			if s.Kind != parse.SExpr || s.Expr.Kind != parse.XAssign || s.Expr.Op != token.Assign ||
				!fn.File.SameGuards(s.Pos, fn.Forms[0].BodyPos) {
				continue
			}
			to := s.Expr.X.Strip()
			member, known := targets[to.Name]
			if known && keyword.EndsWithTarget(to, to.Name, member) &&
				source.IsDefault(s.Expr.Y) && text.FirstOnLine(fn.File.Src, s.Pos) {
				list = append(list, statement{fn, s})
				switch v := parse.ExprText(fn.File, s.Expr.Y); {
				case !yes[to.Name]:
				case strings.EqualFold(v, "false"), strings.EqualFold(v, "true"):
					off = map[bool]string{true: "FALSE", false: "false"}[v == strings.ToUpper(v)]
				}
			}
		}
		if len(list) > 1 && len(list) > len(best) && x.beforeReading(list[len(list)-1], reader, first) {
			best, word = list, off
		}
	}
	if best == nil {
		best = x.cleared(roots, reader, first)
	}
	if best == nil {
		return
	}
	last := best[len(best)-1]
	at, ok := source.LineAfter(last.fn.File, last.s.End)
	if !ok {
		return
	}
	var b strings.Builder
	for i := range p.Keywords {
		value := word
		switch {
		case i > 0:
			value = x.Prog.Timers[i-1]
		case x.Prog.On:
			value = map[string]string{"0": "1", "false": "true", "FALSE": "TRUE"}[word]
		}
		b.WriteString(source.Assignment(last.fn.File, last.s, x.Prog.Var+keyword.MemberOf[i], value))
	}
	p.InsertIn(last.fn, at, b.String())
}

// rootOf is the variable before a sibling's target.
func rootOf(f *parse.File, s *keyword.Sibling) string {
	if s.Fn != nil {
		f = s.Fn.File
	}
	text := text.StripSpace(string(f.Src[s.Arm.Target[0].From:s.Arm.Target[0].To]))
	if i := strings.IndexAny(text, ".-"); i >= 0 {
		return text[:i]
	}
	return text
}

// cleared is a statement that clears the object with the siblings before the file is read.
func (x *extender) cleared(roots map[string]bool, reader *parse.Func, first int) []statement {
	if reader == nil {
		return nil
	}
	for _, fn := range x.Prog.Funcs {
		if fn.Forms[0].Macro != nil {
			continue
		}
		for _, s := range fn.Forms[0].Body().List {
			if s.Kind != parse.SExpr || s.Expr.Kind != parse.XCall || len(s.Expr.Args) == 0 {
				continue
			}
			if name := s.Expr.Callee(); name != "memset" && name != "bzero" {
				continue
			}
			to := s.Expr.Args[0].Strip()
			if to.Kind == parse.XUnary && to.Op == token.And {
				to = to.X.Strip()
			}
			if pl := (statement{fn, s}); to.Kind == parse.XIdent && roots[to.Name] &&
				typeIn(fn.Forms[0], to.Name) == typeIn(reader, to.Name) &&
				text.FirstOnLine(fn.File.Src, s.Pos) && x.beforeReading(pl, reader, first) {
				return []statement{pl}
			}
		}
	}
	return nil
}

func localName(fn *parse.Func, name string) bool { return fn != nil && source.LocalsOf(fn)[name] }

// typeIn is the type of a function's parameter or variable, "" where the name means
// something outside.
func typeIn(fn *parse.Func, name string) string {
	for _, d := range fn.Params {
		if d.Name == name && d.Type != nil {
			return d.Type.Base
		}
	}
	found := ""
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name == name && d.Type != nil && found == "" {
				found = d.Type.Base
			}
		}
		return true
	})
	return found
}

// beforeReading reports whether a statement runs before the code that reads the
// keywords: what follows it in its function leads there, or what follows a call of that,
// as the keywords do where the reader itself calls it; first is the place of these.
func (x *extender) beforeReading(pl statement, reader *parse.Func, first int) bool {
	if reader == nil {
		return false
	}
	leads := map[string]bool{reader.Name: true}
	work := []string{reader.Name}
	for len(work) > 0 {
		name := work[0]
		work = work[1:]
		for _, c := range x.Callers[name] {
			if !leads[c.Name] {
				leads[c.Name] = true
				work = append(work, c.Name)
			}
		}
	}
	fn, at := pl.fn, pl.s.End
	for depth := 0; depth < 4; depth++ {
		if depth > 0 && fn.Forms[0] == reader {
			return at <= first
		}
		for i, from, to := 0, fn.Forms[0].BodyPos, fn.Forms[0].End; i < 2; i++ {
			// Nothing before it may lead there, something after it has to.
			found := false
			lo, hi := from, at
			if i == 1 {
				lo, hi = at, to
			}
			for _, t := range fn.File.Between(lo, hi) {
				found = found || leads[fn.File.Text(t)]
			}
			if i == 0 && found {
				return false
			}
			if i == 1 && found {
				return true
			}
		}
		calls := x.CallsOf(fn.Name)
		if len(calls) == 0 {
			return false
		}
		fn, at = calls[0].Fn, calls[0].S.End
	}
	return false
}

// dump copies the statement that writes a sibling out. Its place is after the sibling's,
// or after another one's.
func (x *extender) dump(p *keyword.Patch, f *parse.File, reader *parse.Func, s *keyword.Sibling, i int, behind *statement) *statement {
	name, member := s.Target(f)
	if name == "" {
		return nil
	}
	var found []statement
	var subs []keyword.Replacement
	for _, fn := range x.Prog.Funcs {
		if fn.Forms[0] == reader || fn.Forms[0].Macro != nil || len(fn.File.Idents(name)) == 0 {
			continue
		}
		fn.Forms[0].Body().Walk(func(st *parse.Stmt) bool {
			if st.Kind != parse.SExpr || st.Expr.Bare().Kind != parse.XCall || st.Parent == nil || st.Parent.Kind != parse.SBlock {
				return true
			}
			if list := dumps(fn.File, st, s, p.Keywords[i], x.Prog.Var+keyword.MemberOf[i], name, member); list != nil {
				found, subs = append(found, statement{fn, st}), list
			}
			return true
		})
	}
	if len(found) != 1 || behind != nil && (behind.fn != found[0].fn || behind.s.Parent != found[0].s.Parent) {
		return nil
	}
	pl := found[0]
	src := pl.fn.File.Src
	if behind == nil {
		behind = &pl
	}
	at, ok := source.LineAfter(pl.fn.File, behind.s.End)
	if !ok || !text.FirstOnLine(src, pl.s.Pos) || !source.PlainText(pl.fn.File, pl.s.Pos, pl.s.End) ||
		!pl.fn.File.SameGuards(pl.s.Pos, pl.fn.Forms[0].BodyPos) {
		return nil
	}
	p.InsertIn(pl.fn, at, keyword.Replaced(pl.fn.File, text.LineStart(src, pl.s.Pos), pl.s.End, subs)+text.EOL(src, 0))
	return behind
}

// dumps are the replacements that make a statement about a sibling one about the new
// keyword, nil when it is no such statement.
func dumps(f *parse.File, st *parse.Stmt, s *keyword.Sibling, name, target, last string, member bool) []keyword.Replacement {
	var subs []keyword.Replacement
	named, valued, odd := false, false, false
	st.Expr.Walk(func(e *parse.Expr) bool {
		switch {
		case e.Kind == parse.XString:
			text := parse.ExprText(f, e)
			i := words.IndexWord(text, s.Name)
			switch {
			case i >= 0 && words.IsGeneric(text[:i]+" "+text[i+len(s.Name):]):
				named = true
				subs = append(subs, keyword.Replacement{From: e.Pos + i, To: e.Pos + i + len(s.Name), Text: name})
			case !words.IsGeneric(text):
				odd = true
			}
		case keyword.EndsWithTarget(e, last, member):
			valued = true
			subs = append(subs, keyword.Replacement{From: e.Pos, To: e.End, Text: target})
			return false
		case e.Kind == parse.XAssign, e.Kind == parse.XPostfix, e.Kind == parse.XUnary && e.Op == token.And:
			odd = true
		}
		return true
	})
	if !named || !valued || odd {
		return nil
	}
	return subs
}
