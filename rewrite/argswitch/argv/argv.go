// Package argv extends programs that read their arguments by hand: loops over argv
// that compare whole words, switches over the letters of a word, look-ups of a name
// by a function of the program, and chains over words without hyphens.
package argv

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// loop is a hand-written reader of arguments: comparisons of one expression
// with option names, or a switch over its second character.
type loop struct {
	n     *program.Node
	fn    *parse.Func
	x     string        // the argument, as argv[i]
	links []*parse.Stmt // the ifs that compare it, in order
	names map[string]bool
	sw    *parse.Stmt
	sum   bool // whether the switch is over *(argv[i] + 1)
	used  map[byte]bool
}

// FindLoop looks for it in functions that get a list of arguments: main()'s, if that can be told, as
// a program may read the words of its own commands in the same manner.
func FindLoop(j *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	if own, certain := handed(j, nodes, p); certain {
		nodes = own
	}
	var found *loop
	for _, n := range nodes {
		if p.Steps[n] > 3 && n.File != p.Main.File {
			continue
		}
		if !TakesArgs(n) {
			continue
		}
		l := readLoop(n)
		if l == nil {
			continue
		}
		if found == nil || len(l.names)+len(l.used) > len(found.names)+len(found.used) {
			found = l
		}
	}
	if l := findLetters(nodes, p); l != nil && (found == nil || len(l.used) > len(found.names)+len(found.used)) {
		return l, nil
	}
	if l := findLookup(j, nodes, p); l != nil && (found == nil || len(l.names) > len(found.names)+len(found.used)) {
		return l, nil
	}
	if found == nil || found.byPosition() && found.fn.Name == "main" {
		return nil, nil
	}
	if getopt.IsGenerated(found.n.File) {
		return nil, patch.EnvInstead("%s: the parser of the arguments is generated; its source is to be changed", found.n.File.Path)
	}
	if found.exclusive(j, p) {
		if f := Leading(j, p, found.longNames()*2 > len(found.names)); f != nil {
			return f, nil
		}
	}
	return found, nil
}

// TakesArgs reports whether a parameter is an array of strings.
func TakesArgs(n *program.Node) bool {
	for _, fn := range n.Forms {
		for _, d := range fn.Params {
			if t := d.Type; t != nil && t.Base == "char" && (t.Ptr >= 2 || t.Ptr >= 1 && (t.Array || len(t.Dims) > 0)) {
				return true
			}
		}
	}
	return false
}

// NamesArgs reports whether that parameter is certainly a list of arguments: by its name, or by the
// number before it.
func NamesArgs(n *program.Node) bool {
	for _, fn := range n.Forms {
		for i, d := range fn.Params {
			if t := d.Type; t == nil || t.Base != "char" || t.Ptr+len(t.Dims) < 2 && !(t.Ptr == 1 && t.Array) {
				continue
			}
			if argsName.MatchString(d.Name) || i > 0 && fn.Params[i-1].Type != nil && fn.Params[i-1].Type.Base == "int" && fn.Params[i-1].Type.Ptr < 2 {
				return true
			}
		}
	}
	return false
}

var argsName = text.NewPattern(`(?i)arg|^(av|opts?|words?|params?)$`)

// readLoop reads the comparisons of a function.
func readLoop(n *program.Node) *loop {
	var best *loop
	for _, fn := range n.Forms {
		byExpr := map[string]*loop{}
		at := func(x string) *loop {
			l := byExpr[x]
			if l == nil {
				l = &loop{n: n, fn: fn, x: x, names: map[string]bool{}, used: map[byte]bool{}}
				byExpr[x] = l
			}
			return l
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SIf && !inPairs(fn.File, s) {
				s.Expr.Walk(func(e *parse.Expr) bool {
					if x, name, ok := compares(fn.File, e); ok {
						l := at(x)
						l.names[name] = true
						if k := len(l.links); k == 0 || l.links[k-1] != s {
							l.links = append(l.links, s)
						}
					}
					return true
				})
			}
			if s.Kind == parse.SSwitch && s.Body != nil && !inPairs(fn.File, s) {
				if x, ok := secondChar(fn.File, s.Expr); ok && len(getopt.ArmsOf(s)) > 1 {
					l := at(x)
					if l.sw == nil {
						l.sw, l.sum = s, s.Expr.Strip().Kind == parse.XUnary
						getopt.Labels(n, s, text.StripSpace(parse.ExprText(fn.File, s.Expr.Strip())), l.used)
					}
				}
			}
			return true
		})
		for _, l := range byExpr {
			score := len(l.names) + len(l.used)
			if score < 2 && !(score == 1 && (l.hyphenTested() || l.stepping())) {
				continue
			}
			if best == nil || score > len(best.names)+len(best.used) || score == len(best.names)+len(best.used) && l.x < best.x {
				best = l
			}
		}
	}
	return best
}

// inPairs reports whether a statement is in a loop that takes arguments two at a time, so that no
// option can stand by itself.
func inPairs(f *parse.File, s *parse.Stmt) bool {
	for up := s.Parent; up != nil; up = up.Parent {
		if up.Kind == parse.SFor && up.Post != nil && pairStep.Match([]byte(text.StripSpace(parse.ExprText(f, up.Post)))) {
			return true
		}
	}
	return false
}

var pairStep = text.NewPattern(`\+=[2-9]$|=[\w*]+\+[2-9]$`)

// hyphenTested reports whether the only option that is known is compared where the argument
// certainly begins with a hyphen, and another one is reported.
func (l *loop) hyphenTested() bool {
	if len(l.links) != 1 || l.links[0].Else == nil {
		return false
	}
	for s := l.links[0].Parent; s != nil; s = s.Parent {
		if s.Kind != parse.SIf || s.Expr == nil {
			continue
		}
		if t := text.StripSpace(parse.ExprText(l.fn.File, s.Expr)); t == l.x+"[0]=='-'" || t == "*"+l.x+"=='-'" {
			return true
		}
	}
	return false
}

// compares recognises strcmp(argv[i], "-x") and its like, and argv[i][1] == 'x'.
func compares(f *parse.File, e *parse.Expr) (x, name string, ok bool) {
	if e.Kind == parse.XBinary && e.Op == token.EqEq && e.Y.Strip() != nil &&
		e.Y.Strip().Kind == parse.XChar && len(e.Y.Strip().Name) == 3 {
		if c := e.Y.Strip().Name[1]; patch.IsLetter(c) {
			x, ok = secondChar(f, e.X)
			return x, "-" + string(c), ok
		}
	}
	if e.Kind != parse.XCall || len(e.Args) < 2 || len(e.Args) > 3 || e.Callee() == "" {
		return "", "", false
	}
	for i := range 2 {
		lit, other := e.Args[i].Strip(), e.Args[1-i].Strip()
		if lit.Kind != parse.XString || !strings.HasPrefix(lit.Name, `"-`) ||
			strings.Trim(lit.Name, `"-`) == "" || strings.ContainsAny(lit.Name, "%\\ ") {
			continue
		}
		if other.Kind != parse.XIndex && other.Kind != parse.XUnary && other.Kind != parse.XIdent {
			continue
		}
		return text.StripSpace(parse.ExprText(f, other)), strings.Trim(lit.Name, `"`), true
	}
	return "", "", false
}

// secondChar recognises argv[i][1] and *(argv[i] + 1).
func secondChar(f *parse.File, e *parse.Expr) (string, bool) {
	e = e.Strip()
	if e != nil && e.Kind == parse.XUnary && e.Op == token.Mul {
		e = e.X.Strip()
		if e == nil || e.Kind != parse.XBinary || e.Op != token.Add {
			return "", false
		}
	} else if e == nil || e.Kind != parse.XIndex {
		return "", false
	}
	if e.X.Strip() == nil || text.StripSpace(parse.ExprText(f, e.Y)) != "1" {
		return "", false
	}
	x := e.X.Strip()
	if x.Kind != parse.XIndex && x.Kind != parse.XUnary {
		return "", false
	}
	return text.StripSpace(parse.ExprText(f, x)), true
}

// byPosition reports whether the argument is one at a fixed place, as argv[1], and
// other code of the function takes arguments by their places: an option before
// them would be taken for one of them.
func (l *loop) byPosition() bool {
	list, index, ok := strings.Cut(strings.TrimSuffix(l.x, "]"), "[")
	if !ok || strings.Trim(index, "0123456789") != "" {
		return false
	}
	inside := func(pos int) bool {
		for _, s := range l.links {
			if s.Expr.Pos <= pos && pos < s.End {
				return true
			}
		}
		return l.sw != nil && l.sw.Pos <= pos && pos < l.sw.End
	}
	taken := false
	l.fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XIndex && x.X.Strip() != nil && x.X.Strip().Name == list && x.X.Strip().Kind == parse.XIdent {
					taken = taken || !inside(x.Pos) && text.StripSpace(parse.ExprText(l.fn.File, x.Y)) != "0"
				}
				return true
			})
		})
		return true
	})
	return taken && !l.stepped(list)
}

// longNames counts the options with a name.
func (l *loop) longNames() int {
	long := 0
	for name := range l.names {
		if len(name) > 2 {
			long++
		}
	}
	return long
}

func (l *loop) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := l.n.File
	if l.byPosition() {
		return nil, patch.EnvInstead("%s: %s() tells its arguments apart by position, so that an option would shift them",
			f.Path, l.fn.Name)
	}
	sp := &patch.Spelling{Dash: "--", Func: l.fn, Equal: l.sw == nil, Near: p.Steps}
	long := 0
	for name := range l.names {
		sp.Peers = append(sp.Peers, name)
		if len(name) > 2 {
			long++
			if !strings.HasPrefix(name, "--") {
				sp.Dash = "-"
			}
		} else {
			l.used[name[1]] = true
		}
	}
	for c := range l.used {
		sp.Peers = append(sp.Peers, "-"+string(c))
	}
	if l.sw == nil && long*2 > len(l.names) || l.sw == nil && j.Settings.Short == "" && l.used['k'] && l.used['K'] {
		sp.Long = j.Settings.LongName()
		if l.names["--"+sp.Long] || l.names["-"+sp.Long] {
			return nil, fmt.Errorf("%s: there is an option %s%s already (--switch-long gives it another name)", f.Path, sp.Dash, sp.Long)
		}
	} else {
		letter, err := j.Letter(f.Path, l.used, false)
		if err != nil {
			return nil, err
		}
		sp.Short = letter
	}
	for _, t := range f.Between(l.fn.BodyPos, l.fn.End) {
		if s := f.Text(t); t.Kind == token.String && sp.Short != "" && s == `"-`+sp.Short+`"` {
			return nil, fmt.Errorf("%s: the option -%s is taken", f.Path, sp.Short)
		}
	}
	if sp.Flag = l.sw != nil && l.letterAlone(); sp.Flag {
		if j.Settings.On {
			return nil, fmt.Errorf("%s: a letter stands alone in this program, so that nothing can turn off what is on by default", f.Path)
		}
		return sp, l.addArm(j, sp, "")
	}
	read, err := j.Reader(l.fn)
	if err != nil {
		return nil, err
	}
	if l.sw != nil {
		return sp, l.addArm(j, sp, read)
	}
	return sp, l.addLink(j, sp, read)
}

// letterAlone reports whether the function refuses a word with more than one letter: it
// looks at the character after it.
func (l *loop) letterAlone() bool {
	third := text.StripSpace(l.part(2))
	found := false
	l.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf || s.Expr == nil || l.sw.Pos <= s.Pos && s.Pos < l.sw.End {
			return true
		}
		s.Expr.Walk(func(e *parse.Expr) bool {
			if e.Kind == parse.XBinary && (e.Op == token.NotEq || e.Op == token.EqEq) &&
				text.StripSpace(parse.ExprText(l.fn.File, e.X.Strip())) == third {
				found = true
			}
			return !found
		})
		return !found
	})
	return found
}

// part is a character of the argument.
func (l *loop) part(i int) string {
	if l.sum {
		return fmt.Sprintf("*(%s + %d)", l.x, i)
	}
	if strings.HasPrefix(l.x, "*") {
		return fmt.Sprintf("(%s)[%d]", l.x, i)
	}
	return fmt.Sprintf("%s[%d]", l.x, i)
}

// addArm extends the switch.
func (l *loop) addArm(j *patch.Patch, sp *patch.Spelling, read string) error {
	d := &getopt.Dispatch{Fn: l.fn, Forms: l.n.Forms, Sw: l.sw}
	rest := "&" + l.part(2)
	if l.sum {
		rest = l.x + " + 2"
	}
	arg := l.part(2) + ` != '\0' ? ` + rest + " : NULL"
	return d.AddCaseOf(j, "'"+sp.Short+"'", read, arg, l.x, sp)
}

// addLink extends the chain of comparisons.
func (l *loop) addLink(j *patch.Patch, sp *patch.Spelling, read string) error {
	f := l.fn.File
	name := "-" + sp.Short
	if sp.Short == "" {
		name = sp.Dash + sp.Long
	}
	n := len(name)
	st := j.Host.Style(l.fn, l.links[0].Pos)
	cond := fmt.Sprintf(`%s == 0 && (%s == '\0' || %s == '=')`, st.Call("strncmp", l.x, `"`+name+`"`, fmt.Sprint(n)), l.part(n), l.part(n))
	arg := l.part(n) + ` == '=' ? &` + l.part(n+1) + " : NULL"
	edits, ok := j.Host.Include(f, "string.h")
	if !ok && !usesStrings(f) {
		return fmt.Errorf("%s: no safe place for #include <string.h>", f.Path)
	}
	if !usesStrings(f) {
		for _, e := range edits {
			j.Insert(f, e.Start, e.New)
		}
	}
	last := l.chain()
	fail := j.FailureIn(l.fn, last.top, last.unknown(), l.x)
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n"
	if last.standalone {
		guard, steps, err := l.consumes(last)
		if err != nil {
			return err
		}
		cond, body = guard+cond, body+steps
	}
	return last.add(j, st, cond, body)
}

// usesStrings reports whether a file calls <string.h>'s functions already.
func usesStrings(f *parse.File) bool {
	return len(f.Idents("strcmp"))+len(f.Idents("strncmp"))+len(f.Idents("strlen")) > 0
}

// chainOf is a row of comparisons: links joined by else, or one after the
// other.
type chainOf struct {
	fn         *parse.Func
	top        *parse.Stmt   // the first if
	links      []*parse.Stmt // joined by else
	last       int           // of the links that compare with a name
	named      int           // how many do
	standalone bool          // links that stand by themselves
	end        *parse.Stmt   // the last one of a row
	leaves     bool          // each ends with continue
}

// chain picks the longest one.
func (l *loop) chain() *chainOf {
	var best *chainOf
	inside, heads := map[*parse.Stmt]bool{}, map[*parse.Stmt]bool{}
	for _, s := range l.links {
		inside[s] = true
	}
	for _, s := range l.links {
		top := s
		for top.Parent != nil && top.Parent.Kind == parse.SIf && top.Parent.Else == top {
			top = top.Parent // which may compare something else
		}
		if heads[top] {
			continue
		}
		heads[top] = true
		c := &chainOf{fn: l.fn, top: top}
		for x := top; x != nil && x.Kind == parse.SIf; x = x.Else {
			if inside[x] {
				c.last = len(c.links)
				c.named++
			}
			c.links = append(c.links, x)
		}
		if len(c.links) == 1 && top.Else == nil { // the comparisons beside it make a row
			c.named = 0
			for _, x := range l.links {
				if x.Parent == top.Parent && x.Else == nil {
					c.named++
				}
			}
		}
		if best == nil || c.named > best.named {
			best = c
		}
	}
	if len(best.links) == 1 && best.top.Else == nil {
		best.standalone = true
		best.leaves = true
		for _, s := range l.links {
			if s.Parent != best.top.Parent {
				continue
			}
			b := s.Body
			if b.Kind == parse.SBlock && len(b.List) > 0 {
				b = b.List[len(b.List)-1]
			}
			best.leaves = best.leaves && b.Kind == parse.SContinue
			best.end = s
		}
	}
	return best
}

// unknown is what is done about an option that nothing else takes.
func (c *chainOf) unknown() []*parse.Stmt {
	for _, s := range c.links[c.last+1:] {
		if hasChar(s.Expr, '-') {
			return []*parse.Stmt{s.Body}
		}
	}
	if e := c.links[len(c.links)-1].Else; e != nil {
		return []*parse.Stmt{e}
	}
	if c.standalone && c.leaves && c.top.Parent != nil { // what comes behind the last one
		list := c.top.Parent.List
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].Kind == parse.SIf {
				return list[i+1:]
			}
		}
	}
	return nil
}

// hasChar reports whether an expression holds a character constant.
func hasChar(e *parse.Expr, c byte) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XChar && x.Name == "'"+string(c)+"'"
		return !found
	})
	return found
}

// add puts a new link into the chain.
func (c *chainOf) add(j *patch.Patch, st patch.Layout, cond, body string) error {
	f := c.fn.File
	src := f.Src
	none := fmt.Errorf("%s: no certain place among the comparisons with options", f.Path)
	if c.standalone {
		s := c.top
		if !text.FirstOnLine(src, s.Pos) || s.Parent == nil || s.Parent.Kind != parse.SBlock || !f.SameGuards(s.Pos, c.fn.BodyPos) {
			return none
		}
		if c.leaves {
			body += "continue;\n"
		}
		lines := st.Layout(text.IndentAt(src, s.Pos), "if ("+cond+") {\n"+body+"}")
		at := patch.AboveComments(f, text.LineStart(src, s.Pos))
		next := text.LineEnd(src, s.End)
		spaced := next < len(src) && text.BlankLine(src, next)
		switch end, ok := patch.LineAfter(f, c.end.End); {
		case c.leaves && ok && f.SameGuards(c.end.End-1, c.fn.BodyPos): // after the others
			at = end
			if spaced {
				lines = append([]string{""}, lines...)
			}
		case spaced:
			lines = append(lines, "")
		}
		j.Insert(f, at, strings.Join(lines, st.EOL())+st.EOL())
		return nil
	}
	if j.AddLink(f, st, c.links, c.last, cond, body) {
		return nil
	}
	return none
}
