// Package compare finds keywords that are compared one by one, in a chain or in a row of ifs,
// and adds a link to it. The cost is linear in the statements of the function.
package compare

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// chain is a function's comparisons of one text with keywords:
//
//	if (!strcasecmp(key, "port")) ... else if (!strcasecmp(key, "quiet")) ...
//
// or a row of such ifs.
type chain struct {
	fn             *parse.Func
	x              *keyword.Index
	links          []*link
	bools, numbers []*keyword.Sibling
}

// link is one comparison with what is done about it.
type link struct {
	s          *parse.Stmt // the if
	call       *parse.Expr
	lit        *parse.Expr
	key        string // the other argument
	name       string
	terminator string // what ends the name within the literal: a colon or an equals sign
	section    string // a section before the name, as "server:"
	// sections are the texts before the name in the call.
	sections int
	parent   *parse.Stmt // the if whose else it is, nil for the first
	// outer is an if that takes several keywords to read their values alike; the link then
	// stands in it.
	outer *parse.Stmt
}

// Chains are the comparisons of a function, by the text that is compared.
func Chains(x *keyword.Index, fn *keyword.Func) []keyword.Form {
	form0 := fn.Forms[0]
	f := form0.File
	byKey := map[string]*chain{}
	var order []string
	form0.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf {
			return true
		}
		l := readLink(x, f, s)
		if l == nil {
			return true
		}
		if p := s.Parent; p != nil && p.Kind == parse.SIf && p.Else == s {
			l.parent = p
		}
		c := byKey[l.key]
		if c == nil {
			c = &chain{fn: form0, x: x}
			byKey[l.key] = c
			order = append(order, l.key)
		}
		c.links = append(c.links, l)
		return true
	})
	var out []keyword.Form
	for _, k := range order {
		c := byKey[k]
		if len(c.links) < 3 || strings.Contains(k, "argv") {
			continue
		}
		dashes := 0
		names := map[string]bool{}
		for _, l := range c.links {
			names[l.name] = true
			if strings.HasPrefix(l.name, "-") {
				dashes++
			}
		}
		// What is asked for the same names over and over is the section.
		if dashes > 0 || len(names)*2 <= len(c.links) || keyword.SectionName.MatchString(k[strings.Index(k, "/")+1:]) {
			continue
		}
		c.sort()
		out = append(out, c)
	}
	return out
}

// readLink takes an if whose condition compares a text with one keyword, and at most another
// one with the section that it stands in.
func readLink(x *keyword.Index, f *parse.File, s *parse.Stmt) *link {
	var l *link
	strs, sections := 0, 0
	bad := false
	s.Expr.Walk(func(e *parse.Expr) bool {
		switch e.Kind {
		case parse.XString:
			strs++
		case parse.XBinary:
			bad = bad || e.Op == token.OrOr
		case parse.XCall:
			found := readComparison(x, f, s, e)
			switch {
			case found == nil:
			case keyword.SectionName.MatchString(found.key[strings.Index(found.key, "/")+1:]):
				sections++
			case l == nil:
				l = found
				sections += found.sections
			}
		}
		return true
	})
	if l == nil || bad || strs > sections+1 {
		return nil
	}
	return l
}

// readComparison takes a call that compares a text with a keyword; a macro may get the section
// before it, as those of inih's handlers do:
//
//	#define MATCH(s, n) strcmp(section, s) == 0 && strcmp(name, n) == 0
func readComparison(x *keyword.Index, f *parse.File, s *parse.Stmt, e *parse.Expr) *link {
	if len(e.Args) < 1 || len(e.Args) > 3 || !keyword.CompareName.MatchString(e.Callee()) {
		return nil
	}
	var lits []*parse.Expr
	key := "" // none for a macro that knows the text
	for _, a := range e.Args {
		switch lit := x.Literal(a); {
		case lit != nil:
			lits = append(lits, lit)
		case a.Strip().Kind != parse.XNumber && a.Strip().Kind != parse.XSizeof && key == "":
			key = text.StripSpace(parse.ExprText(f, a))
		}
	}
	if len(lits) == 0 || len(lits) > 2 || len(lits) == 2 && !x.IsMacro(e.Callee()) {
		return nil
	}
	lit := lits[len(lits)-1]
	part := ""
	if i := strings.LastIndexByte(lit.Name, ':'); words.Sectioned.MatchString(lit.Name) {
		part = lit.Name[1 : i+1]
	} else if !words.IsKeyword(lit.Name) {
		return nil
	}
	l := &link{s: s, call: e, lit: lit, key: e.Callee() + "/" + key, sections: len(lits) - 1}
	l.section, l.name = part, strings.TrimRight(strings.Trim(lit.Name[1+len(part):], `"`), ":=")
	if len(part)+len(l.name)+2 < len(lit.Name) {
		l.terminator = lit.Name[1+len(part)+len(l.name) : len(lit.Name)-1]
	}
	return l
}

// sort tells the siblings apart: the last ones come first.
func (c *chain) sort() {
	var list []*keyword.Sibling
	habit := c.checks()
	for i := len(c.links) - 1; i >= 0; i-- {
		l := c.links[i]
		if words.Negative.MatchString(l.name) || !c.copyable(l) {
			continue
		}
		a := c.x.ReadArm(c.fn, []*parse.Stmt{l.s.Body}, habit)
		if a == nil {
			a = c.shared(l, habit)
		}
		if a == nil {
			continue
		}
		list = append(list, &keyword.Sibling{Name: l.name, Lit: l.lit, Arm: a, Pos: l.s.Pos, Entry: l})
	}
	c.bools, c.numbers = c.x.Divide(c.fn.File, list)
}

// checks are functions that several links call for their own sake: checks of
// the keyword's argument.
func (c *chain) checks() map[string]bool {
	count := map[string]int{}
	for _, l := range c.links {
		l.s.Body.Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SExpr && (s.Parent == l.s.Body || s == l.s.Body) {
				count[s.Expr.Bare().Callee()]++
			}
			return true
		})
	}
	return keyword.CommonCalls(count)
}

// copyable reports whether a link's text can be copied: it stands in the same
// builds as the function, and no comment or directive stands within.
func (c *chain) copyable(l *link) bool {
	f := c.fn.File
	from, to := l.s.Pos, l.s.Body.End
	switch {
	case l.s.Else != nil:
		to = l.s.ElsePos
	case l.parent != nil:
		// The last link looks like the one before it.
		from = l.parent.Body.End
		if (l.parent.Body.Kind == parse.SBlock) != (l.s.Body.Kind == parse.SBlock) {
			return false
		}
	case !text.FirstOnLine(f.Src, l.s.Pos):
		return false
	}
	if !f.SameGuards(from, c.fn.BodyPos) || !f.SameGuards(to, c.fn.BodyPos) || c.fn.Macro != nil || !source.PlainText(f, from, to) {
		return false
	}
	// A length goes with the name.
	if len(l.call.Args) == 3 {
		n := l.call.Args[2].Strip()
		v, err := strconv.Atoi(n.Name)
		if whole := len(l.section + l.name + l.terminator); n.Kind == parse.XNumber && (err != nil || v != whole && v != whole+1) {
			return false
		}
		if n.Kind != parse.XNumber {
			return false
		}
	}
	return true
}

// newSection is the section for the new keyword: one of the whole program where there is one, else
// the sibling's.
func (c *chain) newSection(like *link) string {
	if like.section == "" {
		return ""
	}
	for _, l := range c.links {
		if wholeProgram.MatchString(l.section) {
			return l.section
		}
	}
	return like.section
}

// wholeProgram are names of sections about the program or its sockets.
var wholeProgram = text.NewPattern(`(?i)^(server|global|general|main|network|net|daemon|tcp|sockets?):$`)

func (c *chain) File() *parse.File { return c.fn.File }

func (c *chain) Bools() []*keyword.Sibling { return c.bools }

func (c *chain) Numbers() []*keyword.Sibling { return c.numbers }

func (c *chain) Names() []string {
	var out []string
	for _, l := range c.links {
		out = append(out, l.name)
	}
	return out
}

func (c *chain) Sorted() bool { return false }

func (c *chain) FromFile(fn *keyword.Func) bool { return c.x.ReadsFile(fn) }

func (c *chain) Reader() *parse.Func { return c.fn }

func (c *chain) Finish(p *keyword.Patch) { p.Reader = c.fn }

func (c *chain) Add(p *keyword.Patch, s *keyword.Sibling, name, target string) error {
	f, l := c.fn.File, s.Entry.(*link)
	if p.First != nil && c.sectionsOf(l) != c.sectionsOf(p.First.Entry.(*link)) {
		return fmt.Errorf("%s: the keyword %s stands in another section", f.Path, s.Name)
	}
	subs, ok := s.Arm.Rename(f, s.Name, name, target)
	if !ok {
		return fmt.Errorf("%s: a message about %s is no message about %s", f.Path, s.Name, name)
	}
	subs = append(subs, keyword.Replacement{From: l.lit.Pos, To: l.lit.End, Text: `"` + c.newSection(l) + name + l.terminator + `"`})
	if len(l.call.Args) == 3 {
		n := l.call.Args[2].Strip()
		v, _ := strconv.Atoi(n.Name)
		length := strconv.Itoa(v - len(l.section+s.Name) + len(c.newSection(l)+name))
		subs = append(subs, keyword.Replacement{From: n.Pos, To: n.End, Text: length})
		for _, e := range l.prefixLengths(n.Name) {
			subs = append(subs, keyword.Replacement{From: e.Pos, To: e.End, Text: length})
		}
		if v == len(s.Name) && l.terminator == "" && strings.Count(name, "keepalive") == 1 && len(p.Keywords) > 0 {
			return fmt.Errorf("%s: keywords are matched by their beginnings", f.Path)
		}
	}
	for _, other := range c.links { // an abbreviation that comes first
		if len(other.call.Args) == 3 && strings.HasPrefix(name+l.terminator, other.name+other.terminator) &&
			text.StripSpace(parse.ExprText(f, other.call.Args[2])) == strconv.Itoa(len(other.name+other.terminator)) {
			return fmt.Errorf("%s: %s is taken for %s", f.Path, name, other.name)
		}
	}
	if l.outer != nil {
		in, ok := l.addName(f, name)
		if !ok {
			return fmt.Errorf("%s: the condition that takes %s was not understood", f.Path, s.Name)
		}
		p.Inserts = append(p.Inserts, in)
	}
	behind := l
	if p.First != nil && l.matches(p.First.Entry.(*link)) { // the keywords stand together
		behind = p.First.Entry.(*link)
	}
	if l.parent == nil && l.s.Else == nil { // a row of ifs
		at, ok := source.LineAfter(f, behind.s.Body.End)
		if !ok {
			return fmt.Errorf("%s: no certain place behind the keyword %s", f.Path, s.Name)
		}
		from := text.LineStart(f.Src, l.s.Pos)
		added := keyword.Replaced(f, from, l.s.Body.End, subs) + text.EOL(f.Src, 0)
		if from > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, from-1)) {
			added = text.EOL(f.Src, 0) + added
		}
		p.Inserts = append(p.Inserts, keyword.Insert{File: f, At: at, Text: added})
		return nil
	}
	// The copy stands after its sibling as the next link does.
	p.Inserts = append(p.Inserts, keyword.Insert{File: f, At: behind.s.Body.End,
		Text: behind.separator(f) + keyword.Replaced(f, l.s.Pos, l.s.Body.End, subs)})
	return nil
}

// prefixLengths are the numbers in a link by which the value is found after the name: p + 9.
func (l *link) prefixLengths(length string) []*parse.Expr {
	var out []*parse.Expr
	l.s.Body.Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(e *parse.Expr) bool {
				if e.Kind == parse.XBinary && e.Op == token.Add && e.Y.Strip().Kind == parse.XNumber && e.Y.Strip().Name == length {
					out = append(out, e.Y.Strip())
				}
				return true
			})
		})
		return true
	})
	return out
}

// matches reports whether a copy of a link may stand after another one: in the same
// chain, written the same way.
func (l *link) matches(o *link) bool {
	return l.outer == o.outer && (l.s.Body.Kind == parse.SBlock) == (o.s.Body.Kind == parse.SBlock) &&
		(l.parent == nil && l.s.Else == nil) == (o.parent == nil && o.s.Else == nil) &&
		l.top().Parent == o.top().Parent && (l.row() || l.top() == o.top())
}

// sectionsOf are the sections that a link stands in: what is compared with a section in its
// condition, and in the ifs around it.
func (c *chain) sectionsOf(l *link) string {
	var out []string
	for s := l.s; s != nil; s = s.Parent {
		if s.Kind != parse.SIf || s.Expr == nil || s != l.s && !(s.Body.Pos <= l.s.Pos && l.s.End <= s.Body.End) {
			continue
		}
		s.Expr.Walk(func(e *parse.Expr) bool {
			if e.Kind != parse.XCall {
				return true
			}
			found := readComparison(c.x, c.fn.File, s, e)
			for _, a := range e.Args {
				if lit := c.x.Literal(a); lit != nil && found != nil && (lit.Pos != found.lit.Pos ||
					keyword.SectionName.MatchString(found.key[strings.Index(found.key, "/")+1:])) {
					out = append(out, lit.Name)
				}
			}
			return true
		})
	}
	return strings.Join(out, " ")
}

func (l *link) row() bool { return l.parent == nil && l.s.Else == nil }

// top is the first if of a link's chain.
func (l *link) top() *parse.Stmt {
	s := l.s
	for s.Parent != nil && s.Parent.Kind == parse.SIf && s.Parent.Else == s {
		s = s.Parent
	}
	return s
}

// shared reads a link in an if that takes several keywords, whose values it reads before
// it tells them apart:
//
//	if (!strcmp(key, "quiet") || !strcmp(key, "loud")) { v = yesno(val); if (!strcmp(key, "quiet")) quiet = v; else ... }
func (c *chain) shared(l *link, habit map[string]bool) *keyword.Arm {
	top := l.top()
	body := top.Parent
	if body == nil || body.Kind != parse.SBlock || body.Parent == nil || body.Parent.Kind != parse.SIf || body.Parent.Body != body {
		return nil
	}
	l.outer = body.Parent
	if _, ok := l.addName(c.fn.File, l.name); !ok || l.row() {
		l.outer = nil
		return nil
	}
	var stmts []*parse.Stmt
	for _, s := range body.List {
		if s == top {
			break
		}
		stmts = append(stmts, s)
	}
	a := c.x.ReadArm(c.fn, append(stmts, l.s.Body), habit)
	if a == nil || a.Flag || len(a.Target) != 1 || a.Target[0].From < l.s.Pos || a.Target[0].To > l.s.Body.End {
		l.outer = nil
		return nil
	}
	a.Locals = false // they are not copied
	return a
}

// addName adds a name to the condition of the if around a link, after the link's own.
func (l *link) addName(f *parse.File, name string) (keyword.Insert, bool) {
	var all []*parse.Expr
	var split func(e *parse.Expr)
	split = func(e *parse.Expr) {
		if b := e.Bare(); b.Kind == parse.XBinary && b.Op == token.OrOr {
			split(b.X)
			split(b.Y)
			return
		}
		all = append(all, e)
	}
	split(l.outer.Expr)
	if len(all) < 2 {
		return keyword.Insert{}, false
	}
	for i, e := range all {
		var lit *parse.Expr
		e.Walk(func(e *parse.Expr) bool {
			if e.Kind == parse.XString && e.Name == l.lit.Name {
				lit = e
			}
			return true
		})
		if lit == nil {
			continue
		}
		k := max(i, 1)
		between := string(f.Src[all[k-1].End:all[k].Pos])
		if strings.TrimSpace(between) != "||" {
			return keyword.Insert{}, false
		}
		return keyword.Insert{File: f, At: e.End, Text: between + keyword.Replaced(f, e.Pos, e.End,
			[]keyword.Replacement{{From: lit.Pos, To: lit.End, Text: `"` + name + `"`}})}, true
	}
	return keyword.Insert{}, false
}

// separator is what stands between a link and the next one: the else.
func (l *link) separator(f *parse.File) string {
	if l.s.Else == nil {
		return string(f.Src[l.parent.Body.End:l.s.Pos])
	}
	return string(f.Src[l.s.Body.End:l.s.ElsePos]) + "else "
}
