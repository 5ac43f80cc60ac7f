// Package lookup finds keywords that the program asks for by their names, through functions
// of its own or of a library, and adds a look-up where it runs before the sockets are made. The
// cost is linear in the calls with a keyword.
package lookup

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// lookups are the keywords that a program asks for by name:
//
//	quiet = config_bool(cfg, "quiet", 0);
//
// The statement is copied; where the siblings are asked for only in conditions, the
// new keyword is compared before one.
type lookups struct {
	x              *Finder
	fn             *keyword.Func
	callee         string
	names          []string
	bools, numbers []*keyword.Sibling
}

// lookup is one call with a keyword.
type lookup struct {
	fn        *keyword.Func
	stmt      *parse.Stmt
	call      *parse.Expr
	lit       *parse.Expr
	name      string
	section   string // before the name in the literal: the section
	converter string // the function that makes a yes, no or number of it
	end       int    // of the last statement that is about it
	row       *registered
}

// Finder sorts the calls and the tables of a program by the keywords in them, on demand.
type Finder struct {
	*keyword.Index
	byFunc   map[string][]*lookup     // by the function that is called
	literals map[string]int           // keywords in the program's text
	rows     map[string][]*registered // of tables with the keywords, by the literal
}

// findLookups sorts the program's calls with a keyword by the function that is
// called.
func (x *Finder) findLookups() {
	x.byFunc, x.literals = map[string][]*lookup{}, map[string]int{}
	seen := map[*parse.File]bool{}
	options := x.OptionRows()
	for _, fn := range x.Prog.Funcs {
		f := fn.File
		if seen[f] {
			continue
		}
		seen[f] = true
		for _, t := range f.Toks {
			if s := f.Text(t); strings.HasPrefix(s, `"`) && !options[source.Place{File: f, At: int(t.Off)}] &&
				(words.IsKeyword(s) || words.Sectioned.MatchString(s)) {
				x.literals[s]++
			}
		}
	}
	for _, fn := range x.Prog.Funcs {
		if source.IsGenerated(fn.File) {
			continue
		}
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if l := x.readLookup(fn, s, e); l != nil {
						x.byFunc[l.converter] = append(x.byFunc[l.converter], l)
					}
					return true
				})
			})
			return true
		})
	}
}

// readLookup takes a call of a function of the program for a look-up: its last literal
// is the keyword, before it may stand one of a section.
func (x *Finder) readLookup(fn *keyword.Func, s *parse.Stmt, e *parse.Expr) *lookup {
	name := e.Callee()
	if name == "" || len(e.Args) > 6 || keyword.CompareName.MatchString(name) || strings.Contains(name, "getenv") {
		return nil
	}
	def := x.ByName[name]
	_, library := knowledge.Settings[name]
	if !library && (len(def) == 0 || !aboutLookups.MatchString(name) && !aboutLookups.MatchString(path.Base(def[0].File.Path))) {
		return nil
	}
	var lit *parse.Expr
	for _, a := range e.Args {
		if a = x.Literal(a); a != nil {
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
	l := &lookup{fn: fn, stmt: s, call: e, lit: lit, name: strings.Trim(lit.Name, `"`), converter: name}
	if i := strings.LastIndexByte(l.name, ':'); i >= 0 {
		l.section, l.name = l.name[:i+1], l.name[i+1:]
	}
	if up := e.Up; up != nil && up.Kind == parse.XCall && len(up.Args) < 4 && !x.IsConversion(name) && x.IsConversion(up.Callee()) {
		l.converter = up.Callee() // the text is turned into a value where it is asked for
	}
	return l
}

// aboutLookups are words of functions that are asked for a keyword by its name.
var aboutLookups = text.NewPattern(keyword.AboutConfig.String() + `|propert|pref|registry|control|kvar`)

// LookupForms are the look-ups of a function.
func (x *Finder) LookupForms(fn *keyword.Func) []keyword.Form {
	if x.byFunc == nil {
		x.findLookups()
	}
	var out []keyword.Form
	byFn := map[string]*lookups{}
	for callee, list := range x.byFunc {
		distinct := map[string]bool{}
		for _, l := range list {
			distinct[l.name] = true
		}
		for _, l := range list {
			if l.fn != fn || len(distinct) < 2 && !x.IsNumber(callee) {
				continue
			}
			c := byFn[callee]
			if c == nil {
				c = &lookups{x: x, fn: fn, callee: callee}
				byFn[callee] = c
			}
			if s := x.copyable(l); s != nil {
				switch {
				case x.IsBool(callee), s.Arm.Strict && !x.IsConversion(callee):
					c.bools = append(c.bools, s)
				case s.Condition == nil && s.Arm.Numeric:
					c.numbers = append(c.numbers, s)
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
	for _, list := range x.byFunc {
		for _, l := range list {
			all = append(all, l.name)
		}
	}
	sort.Strings(all)
	var numbers []*keyword.Sibling
	for _, callee := range callees {
		numbers = append(numbers, byFn[callee].numbers...)
	}
	for _, callee := range callees {
		c := byFn[callee]
		c.names, c.numbers = all, numbers
		// The last one that is stored comes first.
		sort.SliceStable(c.bools, func(a, b int) bool {
			x, y := c.bools[a], c.bools[b]
			if (x.Condition == nil) != (y.Condition == nil) {
				return x.Condition == nil
			}
			return x.Pos > y.Pos
		})
		if len(c.bools) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// copyable takes a look-up that can be copied: a statement of its own that stores what
// it finds, or the call alone.
func (x *Finder) copyable(l *lookup) *keyword.Sibling {
	f := l.fn.File
	form := l.fn.Forms[0]
	if words.Negative.MatchString(l.name) || form.Macro != nil {
		return nil
	}
	if !l.unconditional() {
		return nil
	}
	if l.stmt.Parent == nil || l.stmt.Parent.Kind != parse.SBlock || !text.FirstOnLine(f.Src, l.stmt.Pos) ||
		!f.SameGuards(l.stmt.Pos, form.BodyPos) || !f.SameGuards(l.stmt.End, form.BodyPos) || !x.Early(l.fn, l.stmt.Pos, false) {
		return nil
	}
	arm := x.armOf(l)
	if n := x.literals[l.lit.Name] - x.countLookups(l.name) - l.repeats(arm); n > 0 {
		if l.row = x.register(l.lit.Name); n > 1 || l.row == nil {
			return nil // it is registered elsewhere
		}
	}
	off, known := x.offByDefault(f, l)
	if l.row != nil {
		off, known = l.row.isOff()
	}
	if !x.IsBool(l.converter) {
		if stored := arm != nil && l.stmt.Kind == parse.SIf; l.row == nil && !off && !stored &&
			l.call.Args[len(l.call.Args)-1].Strip().Pos != l.lit.Pos {
			return nil // the timers would not be the system's
		}
	} else if known && off == x.Prog.On || !known && x.Prog.On {
		return nil // what is not in the file would be the wrong one
	}
	s := &keyword.Sibling{Name: l.name, Lit: l.lit, Pos: l.stmt.Pos, Entry: l}
	if arm != nil {
		s.Arm = arm
		return s
	}
	if !x.IsConversion(l.converter) {
		return nil
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
	s.Arm, s.Condition = &keyword.Arm{Strict: true}, l.call
	return s
}

// armOf is what the statements about a look-up do, nil when that was not understood.
func (x *Finder) armOf(l *lookup) *keyword.Arm {
	f := l.fn.File
	for n := 1; n < 4; n++ {
		run := l.statements(n)
		if run == nil || !source.PlainText(f, l.stmt.Pos, run[len(run)-1].End) {
			continue
		}
		a := x.ReadArm(l.fn.Forms[0], run, nil)
		if a == nil {
			continue
		}
		if !a.Strict && !a.Numeric || !x.Prog.On && turnsOff(f, l.stmt) {
			break
		}
		a.Lits = slices.DeleteFunc(a.Lits, func(e *parse.Expr) bool { return e.Pos >= l.call.Pos && e.End <= l.call.End })
		l.end = run[len(run)-1].End
		return a
	}
	return nil
}

// turnsOff reports whether an if does nothing but to clear what is set by default, as
//
//	if (strcmp(conf_get("list"), "no") == 0)
//		list = 0;
func turnsOff(f *parse.File, s *parse.Stmt) bool {
	if s.Kind != parse.SIf || s.Else != nil || s.Body == nil {
		return false
	}
	stores, off := 0, 0
	s.Body.Walk(func(x *parse.Stmt) bool {
		if x.Kind == parse.SExpr && x.Expr != nil && x.Expr.Strip().Kind == parse.XAssign {
			stores++
			switch text.StripSpace(parse.ExprText(f, x.Expr.Strip().Y)) {
			case "0", "false", "FALSE", "False", "'\\0'":
				off++
			}
		}
		return true
	})
	return stores > 0 && off == stores
}

// repeats counts the other places of a keyword in the statements about its look-up.
func (l *lookup) repeats(a *keyword.Arm) int {
	n := 0
	if a != nil {
		for _, e := range a.Lits {
			if e.Name == l.lit.Name {
				n++
			}
		}
	}
	return n
}

// statements are the statements that are about what a look-up finds, n of them, nil when these are no
// whole: the one with the look-up, and those after it that use the variable that it went into:
//
//	val = conf_get("quiet");
//	if (val != NULL)
//		quiet = yesno(val);
func (l *lookup) statements(n int) []*parse.Stmt {
	if l.stmt.Kind != parse.SExpr && l.stmt.Kind != parse.SIf {
		return nil
	}
	list := l.stmt.Parent.List
	i := slices.Index(list, l.stmt)
	if i < 0 || i+n > len(list) {
		return nil
	}
	run, rest := list[i:i+n], list[i+n:]
	name := l.resultVariable()
	if name == "" && n > 1 {
		return nil
	}
	for _, s := range run[1:] {
		if s.Kind != parse.SExpr && s.Kind != parse.SIf || !uses(s, name) {
			return nil
		}
	}
	for _, s := range rest { // what comes then must not use what the copy leaves there
		if name != "" && uses(s, name) {
			if !sets(s, name) {
				return nil
			}
			break
		}
	}
	return run
}

// resultVariable is the variable of the function that a look-up's value goes into, "" for none.
func (l *lookup) resultVariable() string {
	locals := source.LocalsOf(l.fn.Forms[0])
	for up := l.call.Up; up != nil; up = up.Up {
		if up.Kind == parse.XAssign && up.X.Bare().Kind == parse.XIdent && locals[up.X.Bare().Name] {
			return up.X.Bare().Name
		}
	}
	for _, a := range l.call.Args {
		if a = a.Strip(); a.Kind == parse.XUnary && a.Op == token.And && a.X.Strip().Kind == parse.XIdent && locals[a.X.Strip().Name] {
			return a.X.Strip().Name
		}
	}
	return ""
}

// uses reports whether a statement names a variable.
func uses(s *parse.Stmt, name string) bool {
	found := false
	s.Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(e *parse.Expr) bool {
				found = found || e.Kind == parse.XIdent && e.Name == name
				return !found
			})
		})
		return !found
	})
	return found
}

// sets reports whether a statement gives a variable a new value before it uses it.
func sets(s *parse.Stmt, name string) bool {
	if s.Expr == nil {
		return false
	}
	first := (*parse.Expr)(nil)
	s.Expr.Walk(func(e *parse.Expr) bool {
		if first == nil && e.Kind == parse.XIdent && e.Name == name {
			first = e
		}
		return first == nil
	})
	for e := first; e != nil && e.Up != nil; e = e.Up {
		if up := e.Up; up.Kind == parse.XAssign && up.X.Bare().Kind == parse.XIdent && up.X.Bare().Name == name ||
			up.Kind == parse.XUnary && up.Op == token.And {
			return true
		}
	}
	return false
}

// unconditional reports whether the statement around a look-up runs whenever its function does:
// at most a condition is on it that asks for what the look-up gets, and not for a keyword.
func (l *lookup) unconditional() bool {
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

// countLookups counts the look-ups of a keyword.
func (x *Finder) countLookups(name string) int {
	n := 0
	for _, list := range x.byFunc {
		for _, l := range list {
			if l.name == name {
				n++
			}
		}
	}
	return n
}

// offByDefault is whether a look-up takes a keyword for off that is not in the file, as far as
// an argument after the name says so.
func (x *Finder) offByDefault(f *parse.File, l *lookup) (off, known bool) {
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

func (c *lookups) File() *parse.File { return c.fn.File }

func (c *lookups) Names() []string { return c.names }

func (c *lookups) Bools() []*keyword.Sibling { return c.bools }

func (c *lookups) Numbers() []*keyword.Sibling { return c.numbers }

func (c *lookups) Sorted() bool { return false }

func (c *lookups) FromFile(*keyword.Func) bool { return true }

func (c *lookups) Reader() *parse.Func { return c.fn.Forms[0] }

func (c *lookups) Finish(p *keyword.Patch) { p.Reader = c.fn.Forms[0] }

func (c *lookups) Add(p *keyword.Patch, s *keyword.Sibling, name, target string) error {
	f := c.fn.File
	st := s.Entry.(*lookup).stmt
	lit := keyword.Replacement{From: s.Lit.Pos, To: s.Lit.End, Text: `"` + s.Entry.(*lookup).section + name + `"`}
	if row := s.Entry.(*lookup).row; row != nil {
		value := ""
		switch off, _ := row.isOff(); {
		case strings.HasSuffix(target, ".on"):
			if off == c.x.Prog.On {
				return fmt.Errorf("%s: %s has the other default", row.f.Path, s.Name)
			}
		default:
			value = "0"
		}
		var behind *registered
		if p.First != nil {
			behind = p.First.Entry.(*lookup).row
		}
		in, ok := row.copy(behind, s.Entry.(*lookup).section+name, target, value)
		if !ok {
			return fmt.Errorf("%s: no certain place behind the row of %s", row.f.Path, s.Name)
		}
		p.Inserts = append(p.Inserts, in)
	}
	indent := string(f.Src[text.LineStart(f.Src, st.Pos):st.Pos])
	if s.Condition != nil {
		added := indent + target + " = " + keyword.Replaced(f, s.Condition.Pos, s.Condition.End,
			[]keyword.Replacement{lit}) + ";" + text.EOL(f.Src, 0)
		at := text.LineStart(f.Src, st.Pos)
		for _, m := range f.Comments { // it stays with its statement
			if int(m.End) <= st.Pos && len(bytes.TrimSpace(f.Src[m.End:st.Pos])) == 0 && text.FirstOnLine(f.Src, int(m.Off)) {
				at = min(at, text.LineStart(f.Src, int(m.Off)))
			}
		}
		p.Inserts = append(p.Inserts, keyword.Insert{File: f, At: at, Text: added})
		return nil
	}
	subs, ok := s.Arm.Rename(f, s.Name, name, target)
	last := s.Entry.(*lookup).end
	behind := last
	if p.First != nil && p.First.Condition == nil && p.First.Entry.(*lookup).stmt.Parent == st.Parent {
		behind = p.First.Entry.(*lookup).end
	}
	at, end := source.LineAfter(f, behind)
	if !ok || !end {
		return fmt.Errorf("%s: the look-up of %s was not understood", f.Path, s.Name)
	}
	p.Inserts = append(p.Inserts, keyword.Insert{File: f, At: at,
		Text: keyword.Replaced(f, text.LineStart(f.Src, st.Pos), last, append(subs, lit)) + text.EOL(f.Src, 0)})
	return nil
}
