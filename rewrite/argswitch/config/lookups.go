package config

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// lookups are the keywords that a program asks for by name:
//
//	quiet = config_bool(cfg, "quiet", 0);
//
// The statement is copied; where the siblings are asked for only in conditions, the
// new keyword is compared in front of one.
type lookups struct {
	x      *index
	fn     *Func
	callee string
	names  []string
	b, n   []*sibling
}

// lookup is one call with a keyword.
type lookup struct {
	fn   *Func
	stmt *parse.Stmt
	call *parse.Expr
	lit  *parse.Expr
	name string
}

// findLookups sorts the program's calls with a keyword by the function that is
// called.
func (x *index) findLookups() {
	x.asked, x.literals = map[string][]*lookup{}, map[string]int{}
	for _, f := range x.prog.Files {
		for _, t := range f.Toks {
			if s := f.Text(t); strings.HasPrefix(s, `"`) && isKeyword(s) {
				x.literals[s]++
			}
		}
	}
	for _, fn := range x.prog.Funcs {
		if isGenerated(fn.File) {
			continue
		}
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if l := x.readLookup(fn, s, e); l != nil {
						x.asked[e.Callee()] = append(x.asked[e.Callee()], l)
					}
					return true
				})
			})
			return true
		})
	}
}

// readLookup takes a call of a function of the program for a look-up: its last literal
// is the keyword, in front of it may stand one of a section.
func (x *index) readLookup(fn *Func, s *parse.Stmt, e *parse.Expr) *lookup {
	name := e.Callee()
	if name == "" || len(e.Args) > 4 || compareName.MatchString(name) || strings.Contains(name, "getenv") {
		return nil
	}
	def := x.byName[name]
	if len(def) == 0 || !aboutConfig.MatchString(name) && !aboutConfig.MatchString(path.Base(def[0].File.Path)) {
		return nil
	}
	var lit *parse.Expr
	for _, a := range e.Args {
		if a = a.Strip(); a.Kind == parse.XString {
			if !isKeyword(a.Name) && !boolWord.MatchString(a.Name) {
				return nil
			}
			if isKeyword(a.Name) {
				lit = a
			}
		}
	}
	if lit == nil {
		return nil
	}
	return &lookup{fn, s, e, lit, strings.Trim(lit.Name, `"`)}
}

// lookupForms are the look-ups of a function.
func (x *index) lookupForms(fn *Func) []form {
	if x.asked == nil {
		x.findLookups()
	}
	var out []form
	byFn := map[string]*lookups{}
	for callee, list := range x.asked {
		if !x.readsBool(callee) && !numberName.MatchString(callee) {
			continue
		}
		distinct := map[string]bool{}
		for _, l := range list {
			distinct[l.name] = true
		}
		for _, l := range list {
			if l.fn != fn || len(distinct) < 2 && x.readsBool(callee) {
				continue
			}
			c := byFn[callee]
			if c == nil {
				c = &lookups{x: x, fn: fn, callee: callee}
				byFn[callee] = c
			}
			if s := x.asks(l); s != nil {
				if x.readsBool(callee) {
					c.b = append(c.b, s)
				} else if s.asked == nil {
					c.n = append(c.n, s)
				}
			}
		}
	}
	var callees []string
	for callee := range byFn {
		callees = append(callees, callee)
	}
	sort.Strings(callees)
	var all []string
	for _, list := range x.asked {
		for _, l := range list {
			all = append(all, l.name)
		}
	}
	sort.Strings(all)
	var numbers []*sibling
	for _, callee := range callees {
		numbers = append(numbers, byFn[callee].n...)
	}
	for _, callee := range callees {
		c := byFn[callee]
		c.names, c.n = all, numbers
		// The last one that is stored comes first.
		sort.SliceStable(c.b, func(a, b int) bool {
			x, y := c.b[a], c.b[b]
			if (x.asked == nil) != (y.asked == nil) {
				return x.asked == nil
			}
			return x.pos > y.pos
		})
		if len(c.b) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// asks takes a look-up that can be copied: a statement of its own that stores what
// it finds, or the call alone.
func (x *index) asks(l *lookup) *sibling {
	f := l.fn.File
	form := l.fn.Forms[0]
	if negative.MatchString(l.name) || x.literals[l.lit.Name] > x.asksFor(l.name) || form.Macro != nil {
		return nil // it is registered elsewhere
	}
	if l.stmt.Parent == nil || l.stmt.Parent.Kind != parse.SBlock || !firstOnLine(f.Src, l.stmt.Pos) ||
		!sameGuards(f, l.stmt.Pos, form.BodyPos) || !sameGuards(f, l.stmt.End, form.BodyPos) || !x.beforeSites(l) {
		return nil
	}
	off, known := x.unset(f, l)
	if !x.readsBool(l.call.Callee()) {
		if !off && l.call.Args[len(l.call.Args)-1].Strip() != l.lit {
			return nil // the timers would not be the system's
		}
	} else if known && off == x.prog.On || !known && x.prog.On {
		return nil // what is not in the file would be the wrong one
	}
	s := &sibling{name: l.name, lit: l.lit, pos: l.stmt.Pos, asks: l}
	if l.stmt.Kind == parse.SExpr && plainText(f, l.stmt.Pos, l.stmt.End) {
		if a := x.readArm(form, []*parse.Stmt{l.stmt}, nil); a != nil && !a.flag {
			a.lits = slices.DeleteFunc(a.lits, func(e *parse.Expr) bool { return e.Pos >= l.call.Pos && e.End <= l.call.End })
			s.arm = a
			return s
		}
	}
	if l.stmt.Parent != form.Body() || l.stmt.Kind == parse.SDecl || !plainText(f, l.call.Pos, l.call.End) {
		return nil
	}
	for _, a := range l.call.Args {
		switch a = a.Strip(); {
		case a.Kind == parse.XString, a.Kind == parse.XNumber, a.Kind == parse.XIdent && strings.ToUpper(a.Name) == a.Name:
		default:
			return nil // it may hold in the condition alone
		}
	}
	s.arm, s.asked = &arm{strict: true}, l.call
	return s
}

// asksFor counts the look-ups of a keyword.
func (x *index) asksFor(name string) int {
	n := 0
	for _, list := range x.asked {
		for _, l := range list {
			if l.name == name {
				n++
			}
		}
	}
	return n
}

// unset is whether a look-up takes a keyword for off that is not in the file, as far as
// an argument behind the name says so.
func (x *index) unset(f *parse.File, l *lookup) (off, known bool) {
	for _, a := range l.call.Args {
		if a = a.Strip(); a.Pos > l.lit.Pos && isConst(f, a) {
			off, known = isOff(f, a), true
		}
		if a.Kind == parse.XString && boolWord.MatchString(a.Name) {
			off, known = strings.Contains("no off false", strings.ToLower(strings.Trim(a.Name, `"`))), true
		}
	}
	return off, known
}

// beforeSites reports whether a look-up comes before the code with the sockets: on
// the way from main() nothing in front of it leads there.
func (x *index) beforeSites(l *lookup) bool {
	fn, at := l.fn, l.stmt.Pos
	for depth := 0; depth < 4; depth++ {
		if x.sitesBefore(fn, at) {
			return false
		}
		if fn.Name == "main" {
			return true
		}
		callers := x.callers[fn.Name]
		if len(callers) != 1 {
			return false
		}
		up := callers[0]
		first := -1
		for _, off := range up.File.Idents(fn.Name) {
			if p := int(up.File.Toks[off].Off); p > up.Forms[0].BodyPos && p < up.Forms[0].End && first < 0 {
				first = p
			}
		}
		if first < 0 {
			return false
		}
		fn, at = up, first
	}
	return false
}

// sitesBefore reports whether a function names one that leads to a socket before an
// offset.
func (x *index) sitesBefore(fn *Func, at int) bool {
	if x.toSites == nil {
		x.toSites = map[string]bool{}
		work := append([]string(nil), x.prog.Sites...)
		for len(work) > 0 {
			name := work[0]
			work = work[1:]
			if x.toSites[name] {
				continue
			}
			x.toSites[name] = true
			for _, c := range x.callers[name] {
				work = append(work, c.Name)
			}
		}
	}
	f := fn.File
	for _, t := range tokens(f, fn.Forms[0].BodyPos, at) {
		if x.toSites[f.Text(t)] {
			return true
		}
	}
	for _, s := range x.prog.Sites {
		if s == fn.Name {
			return true
		}
	}
	return false
}

func (c *lookups) file() *parse.File { return c.fn.File }

func (c *lookups) Names() []string { return c.names }

func (c *lookups) bools() []*sibling { return c.b }

func (c *lookups) numbers() []*sibling { return c.n }

func (c *lookups) reader() *parse.Func { return c.fn.Forms[0] }

func (c *lookups) finish(p *Patch) { p.Reader = c.fn.Forms[0] }

func (c *lookups) add(p *Patch, s *sibling, name, target string) error {
	f := c.fn.File
	st := s.asks.stmt
	lit := sub{from: s.lit.Pos, to: s.lit.End, text: `"` + name + `"`}
	indent := string(f.Src[lineStart(f.Src, st.Pos):st.Pos])
	if s.asked != nil {
		text := indent + target + " = " + replaced(f, s.asked.Pos, s.asked.End, []sub{lit}) + ";" + eolOf(f.Src)
		at := lineStart(f.Src, st.Pos)
		for _, m := range f.Comments { // it stays with its statement
			if int(m.End) <= st.Pos && len(bytes.TrimSpace(f.Src[m.End:st.Pos])) == 0 && firstOnLine(f.Src, int(m.Off)) {
				at = min(at, lineStart(f.Src, int(m.Off)))
			}
		}
		p.Inserts = append(p.Inserts, Insert{f, at, text})
		return nil
	}
	subs, ok := s.arm.rename(f, s.name, name, target)
	behind := st
	if p.first != nil && p.first.asked == nil && p.first.asks.stmt.Parent == st.Parent {
		behind = p.first.asks.stmt
	}
	at, end := lineAfter(f, behind.End)
	if !ok || !end {
		return fmt.Errorf("%s: the look-up of %s was not understood", f.Path, s.name)
	}
	p.Inserts = append(p.Inserts, Insert{f, at, replaced(f, lineStart(f.Src, st.Pos), st.End, append(subs, lit)) + eolOf(f.Src)})
	return nil
}
