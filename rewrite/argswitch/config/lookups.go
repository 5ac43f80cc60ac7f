package config

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
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
	part string // in front of the name in the literal: the section
	as   string // the function that makes a yes, no or number of it
	row  *registered
}

// findLookups sorts the program's calls with a keyword by the function that is
// called.
func (x *index) findLookups() {
	x.asked, x.literals = map[string][]*lookup{}, map[string]int{}
	for _, f := range x.prog.Files {
		for _, t := range f.Toks {
			if s := f.Text(t); strings.HasPrefix(s, `"`) && (words.IsKeyword(s) || words.Sectioned.MatchString(s)) {
				x.literals[s]++
			}
		}
	}
	for _, fn := range x.prog.Funcs {
		if source.IsGenerated(fn.File) {
			continue
		}
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if l := x.readLookup(fn, s, e); l != nil {
						x.asked[l.as] = append(x.asked[l.as], l)
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
	_, library := knowledge.Settings[name]
	if !library && (len(def) == 0 || !aboutLookups.MatchString(name) && !aboutLookups.MatchString(path.Base(def[0].File.Path))) {
		return nil
	}
	var lit *parse.Expr
	for _, a := range e.Args {
		if a = a.Strip(); a.Kind == parse.XString {
			if !words.IsKeyword(a.Name) && !words.Sectioned.MatchString(a.Name) && !words.BoolWord.MatchString(a.Name) {
				return nil
			}
			if words.IsKeyword(a.Name) || words.Sectioned.MatchString(a.Name) {
				lit = a
			}
		}
	}
	if lit == nil {
		return nil
	}
	l := &lookup{fn: fn, stmt: s, call: e, lit: lit, name: strings.Trim(lit.Name, `"`), as: name}
	if i := strings.LastIndexByte(l.name, ':'); i >= 0 {
		l.part, l.name = l.name[:i+1], l.name[i+1:]
	}
	if up := e.Up; up != nil && up.Kind == parse.XCall && len(up.Args) == 1 && !x.turns(name) && x.turns(up.Callee()) {
		l.as = up.Callee() // the text is turned into a value where it is asked for
	}
	return l
}

// aboutLookups are words of functions that are asked for a keyword by its name.
var aboutLookups = regexp.MustCompile(aboutConfig.String() + `|propert|pref|registry|control|kvar`)

// isBool and isNumber tell what a function makes of a keyword's text.
func (x *index) isBool(name string) bool {
	kind, ok := knowledge.Settings[name]
	return ok && kind == "bool" || !ok && x.readsBool(name)
}

func (x *index) isNumber(name string) bool {
	kind, ok := knowledge.Settings[name]
	return ok && kind == "int" || !ok && (words.NumberName.MatchString(name) || lookedUpNumber.MatchString(name))
}

func (x *index) turns(name string) bool { return x.isBool(name) || x.isNumber(name) }

// lookedUpNumber are names of functions that return a keyword's number.
var lookedUpNumber = regexp.MustCompile(`(?i)as_?(int|integer|number)$|^ato[a-z]$`)

// lookupForms are the look-ups of a function.
func (x *index) lookupForms(fn *Func) []form {
	if x.asked == nil {
		x.findLookups()
	}
	var out []form
	byFn := map[string]*lookups{}
	for callee, list := range x.asked {
		if !x.turns(callee) {
			continue
		}
		distinct := map[string]bool{}
		for _, l := range list {
			distinct[l.name] = true
		}
		for _, l := range list {
			if l.fn != fn || len(distinct) < 2 && x.isBool(callee) {
				continue
			}
			c := byFn[callee]
			if c == nil {
				c = &lookups{x: x, fn: fn, callee: callee}
				byFn[callee] = c
			}
			if s := x.asks(l); s != nil {
				if x.isBool(callee) {
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
	if words.Negative.MatchString(l.name) || form.Macro != nil {
		return nil
	}
	if n := x.literals[l.lit.Name] - x.asksFor(l.name); n > 0 {
		if l.row = x.register(l.lit.Name); n > 1 || l.row == nil {
			return nil // it is registered elsewhere
		}
	}
	if !l.always() {
		return nil
	}
	if l.stmt.Parent == nil || l.stmt.Parent.Kind != parse.SBlock || !source.FirstOnLine(f.Src, l.stmt.Pos) ||
		!f.SameGuards(l.stmt.Pos, form.BodyPos) || !f.SameGuards(l.stmt.End, form.BodyPos) || !x.beforeSites(l) {
		return nil
	}
	off, known := x.unset(f, l)
	if l.row != nil {
		off, known = l.row.off()
	}
	if !x.isBool(l.as) {
		if l.row == nil && !off && l.call.Args[len(l.call.Args)-1].Strip() != l.lit {
			return nil // the timers would not be the system's
		}
	} else if known && off == x.prog.On || !known && x.prog.On {
		return nil // what is not in the file would be the wrong one
	}
	s := &sibling{name: l.name, lit: l.lit, pos: l.stmt.Pos, asks: l}
	if l.stmt.Kind == parse.SExpr && source.PlainText(f, l.stmt.Pos, l.stmt.End) {
		if a := x.readArm(form, []*parse.Stmt{l.stmt}, nil); a != nil && !a.flag {
			a.lits = slices.DeleteFunc(a.lits, func(e *parse.Expr) bool { return e.Pos >= l.call.Pos && e.End <= l.call.End })
			s.arm = a
			return s
		}
	}
	if l.stmt.Parent != form.Body() || l.stmt.Kind == parse.SDecl || !source.PlainText(f, l.call.Pos, l.call.End) {
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

// always reports whether the statement around a look-up runs whenever its function does:
// at most a condition is on it that asks for what the look-up gets, and not for a keyword.
func (l *lookup) always() bool {
	args := map[string]bool{}
	for _, a := range l.call.Args {
		if a = a.Strip(); a.Kind == parse.XIdent {
			args[a.Name] = true
		}
	}
	for s := l.stmt.Parent; s != nil; s = s.Parent {
		if s.Kind == parse.SBlock {
			continue
		}
		about, keyword := false, false
		if s.Kind == parse.SIf {
			s.Expr.Walk(func(e *parse.Expr) bool {
				about = about || e.Kind == parse.XIdent && args[e.Name]
				keyword = keyword || e.Kind == parse.XString
				return true
			})
		}
		if !about || keyword {
			return false
		}
	}
	return true
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
		if a = a.Strip(); a.Pos > l.lit.Pos && source.IsConst(f, a) {
			off, known = source.IsOff(f, a), true
		}
		if a.Kind == parse.XString && words.BoolWord.MatchString(a.Name) {
			off, known = strings.Contains("no off false", strings.ToLower(strings.Trim(a.Name, `"`))), true
		}
	}
	return off, known
}

// beforeSites reports whether a look-up comes before the code with the sockets: on
// the way from main() nothing in front of it leads there.
func (x *index) beforeSites(l *lookup) bool {
	return x.firstAt(l.fn, l.stmt.Pos, 4)
}

// firstAt is the same for an offset of a function. Of several callers one is enough: the
// others come again later, as at a reload.
func (x *index) firstAt(fn *Func, at, depth int) bool {
	if depth == 0 || x.sitesBefore(fn, at) {
		return false
	}
	if fn.Name == "main" {
		return true
	}
	for _, up := range x.callers[fn.Name] {
		for _, off := range up.File.Idents(fn.Name) {
			if p := int(up.File.Toks[off].Off); p > up.Forms[0].BodyPos && p < up.Forms[0].End {
				if x.firstAt(up, p, depth-1) {
					return true
				}
				break
			}
		}
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
	for _, t := range f.Between(fn.Forms[0].BodyPos, at) {
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
	lit := sub{from: s.lit.Pos, to: s.lit.End, text: `"` + s.asks.part + name + `"`}
	if row := s.asks.row; row != nil {
		value := ""
		switch off, _ := row.off(); {
		case strings.HasSuffix(target, ".on"):
			if off == c.x.prog.On {
				return fmt.Errorf("%s: %s has the other default", row.f.Path, s.name)
			}
		default:
			value = "0"
		}
		var behind *registered
		if p.first != nil {
			behind = p.first.asks.row
		}
		in, ok := row.copy(behind, s.asks.part+name, target, value)
		if !ok {
			return fmt.Errorf("%s: no certain place behind the row of %s", row.f.Path, s.name)
		}
		p.Inserts = append(p.Inserts, in)
	}
	indent := string(f.Src[source.LineStart(f.Src, st.Pos):st.Pos])
	if s.asked != nil {
		text := indent + target + " = " + replaced(f, s.asked.Pos, s.asked.End, []sub{lit}) + ";" + source.EolOf(f.Src)
		at := source.LineStart(f.Src, st.Pos)
		for _, m := range f.Comments { // it stays with its statement
			if int(m.End) <= st.Pos && len(bytes.TrimSpace(f.Src[m.End:st.Pos])) == 0 && source.FirstOnLine(f.Src, int(m.Off)) {
				at = min(at, source.LineStart(f.Src, int(m.Off)))
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
	at, end := source.LineAfter(f, behind.End)
	if !ok || !end {
		return fmt.Errorf("%s: the look-up of %s was not understood", f.Path, s.name)
	}
	p.Inserts = append(p.Inserts, Insert{f, at, replaced(f, source.LineStart(f.Src, st.Pos), st.End, append(subs, lit)) + source.EolOf(f.Src)})
	return nil
}
