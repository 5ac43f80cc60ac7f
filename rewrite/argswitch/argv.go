package argswitch

import (
	"fmt"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// loop is a hand-written reader of arguments: comparisons of one expression
// with option names, or a switch over its second character.
type loop struct {
	n     *node
	fn    *parse.Func
	x     string        // the argument, as argv[i]
	links []*parse.Stmt // the ifs that compare it, in order
	names map[string]bool
	sw    *parse.Stmt
	used  map[byte]bool
}

// findLoop looks for it in functions that get a list of arguments.
func (j *job) findLoop(nodes []*node, p *program) (form, error) {
	var found *loop
	for _, n := range nodes {
		if p.steps[n] > 3 && n.file != p.main.file {
			continue
		}
		if !takesArgs(n) {
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
	if l := j.findLetters(nodes, p); l != nil && (found == nil || len(l.used) > len(found.names)+len(found.used)) {
		return l, nil
	}
	if l := j.findLookup(nodes, p); l != nil && (found == nil || len(l.names) > len(found.names)+len(found.used)) {
		return l, nil
	}
	if found == nil {
		return nil, nil
	}
	if isGenerated(found.n.file) {
		return nil, fmt.Errorf("%s: the parser of the arguments is generated; its source is to be changed, or --switch env taken", found.n.file.Path)
	}
	return found, nil
}

// takesArgs reports whether a parameter is an array of strings.
func takesArgs(n *node) bool {
	for _, fn := range n.forms {
		for _, d := range fn.Params {
			if t := d.Type; t != nil && t.Base == "char" && (t.Ptr >= 2 || t.Ptr >= 1 && (t.Array || len(t.Dims) > 0)) {
				return true
			}
		}
	}
	return false
}

// readLoop reads the comparisons of a function.
func readLoop(n *node) *loop {
	var best *loop
	for _, fn := range n.forms {
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
			if s.Kind == parse.SIf {
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
			if s.Kind == parse.SSwitch && s.Body != nil {
				if x, ok := secondChar(fn.File, s.Expr); ok && len(armsOf(s)) > 1 {
					l := at(x)
					if l.sw == nil {
						l.sw = s
						labels(n, s, x+"[1]", l.used)
					}
				}
			}
			return true
		})
		for _, l := range byExpr {
			score := len(l.names) + len(l.used)
			if score < 2 {
				continue
			}
			if best == nil || score > len(best.names)+len(best.used) || score == len(best.names)+len(best.used) && l.x < best.x {
				best = l
			}
		}
	}
	return best
}

// compares recognises strcmp(argv[i], "-x") and its like.
func compares(f *parse.File, e *parse.Expr) (x, name string, ok bool) {
	if e.Kind != parse.XCall || len(e.Args) < 2 || len(e.Args) > 3 || e.Callee() == "" {
		return "", "", false
	}
	for i := range 2 {
		lit, other := e.Args[i].Strip(), e.Args[1-i].Strip()
		if lit.Kind != parse.XString || !strings.HasPrefix(lit.Name, `"-`) || strings.Trim(lit.Name, `"-`) == "" || strings.ContainsAny(lit.Name, "%\\ ") {
			continue
		}
		if other.Kind != parse.XIndex && other.Kind != parse.XUnary && other.Kind != parse.XIdent {
			continue
		}
		return squeeze(textOf(f, other)), strings.Trim(lit.Name, `"`), true
	}
	return "", "", false
}

// secondChar recognises argv[i][1].
func secondChar(f *parse.File, e *parse.Expr) (string, bool) {
	e = e.Strip()
	if e == nil || e.Kind != parse.XIndex || e.X.Strip() == nil || squeeze(textOf(f, e.Y)) != "1" {
		return "", false
	}
	x := e.X.Strip()
	if x.Kind != parse.XIndex && x.Kind != parse.XUnary {
		return "", false
	}
	return squeeze(textOf(f, x)), true
}

func (l *loop) extend(j *job, p *program) (*spelling, error) {
	f := l.n.file
	sp := &spelling{dash: "--", fn: l.fn, equal: l.sw == nil, near: p.steps}
	long := 0
	for name := range l.names {
		sp.peers = append(sp.peers, name)
		if len(name) > 2 {
			long++
			if !strings.HasPrefix(name, "--") {
				sp.dash = "-"
			}
		} else {
			l.used[name[1]] = true
		}
	}
	for c := range l.used {
		sp.peers = append(sp.peers, "-"+string(c))
	}
	if l.sw == nil && long*2 > len(l.names) || l.sw == nil && j.opt.Short == "" && l.used['k'] && l.used['K'] {
		sp.long = j.opt.longName()
		if l.names["--"+sp.long] || l.names["-"+sp.long] {
			return nil, fmt.Errorf("%s: there is an option %s%s already (--switch-long gives it another name)", f.Path, sp.dash, sp.long)
		}
	} else {
		letter, err := j.letter(f.Path, l.used, false)
		if err != nil {
			return nil, err
		}
		sp.short = letter
	}
	for _, t := range tokens(f, l.fn.BodyPos, l.fn.End) {
		if s := f.Text(t); t.Kind == token.String && sp.short != "" && s == `"-`+sp.short+`"` {
			return nil, fmt.Errorf("%s: the option -%s is taken", f.Path, sp.short)
		}
	}
	read, err := j.reader(l.fn)
	if err != nil {
		return nil, err
	}
	if l.sw != nil {
		return sp, l.addArm(j, sp, read)
	}
	return sp, l.addLink(j, sp, read)
}

// part is a character of the argument.
func (l *loop) part(i int) string {
	if strings.HasPrefix(l.x, "*") {
		return fmt.Sprintf("(%s)[%d]", l.x, i)
	}
	return fmt.Sprintf("%s[%d]", l.x, i)
}

// addArm extends the switch.
func (l *loop) addArm(j *job, sp *spelling, read string) error {
	d := &dispatch{fn: l.fn, forms: l.n.forms, sw: l.sw}
	arg := l.part(2) + ` != '\0' ? &` + l.part(2) + " : NULL"
	return d.addCaseOf(j, "'"+sp.short+"'", read, arg, l.x, sp)
}

// addLink extends the chain of comparisons.
func (l *loop) addLink(j *job, sp *spelling, read string) error {
	f := l.fn.File
	name := "-" + sp.short
	if sp.short == "" {
		name = sp.dash + sp.long
	}
	n := len(name)
	st := j.ctx.Style(l.fn, l.links[0].Pos)
	cond := fmt.Sprintf(`%s == 0 && (%s == '\0' || %s == '=')`, st.Call("strncmp", l.x, `"`+name+`"`, fmt.Sprint(n)), l.part(n), l.part(n))
	arg := l.part(n) + ` == '=' ? &` + l.part(n+1) + " : NULL"
	edits, ok := j.ctx.Include(f, "string.h")
	if !ok && !usesStrings(f) {
		return fmt.Errorf("%s: no certain place for #include <string.h>", f.Path)
	}
	if !usesStrings(f) {
		for _, e := range edits {
			j.insert(f, e.Start, e.New)
		}
	}
	last := l.chain()
	fail := j.failureIn(l.fn, last.top, last.unknown(), l.x)
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n"
	return last.add(j, st, cond, body)
}

// usesStrings reports whether a file calls <string.h>'s functions already.
func usesStrings(f *parse.File) bool {
	return len(f.Idents("strcmp"))+len(f.Idents("strncmp"))+len(f.Idents("strlen")) > 0
}

// chainOf is a row of comparisons: links joined by else, or one after the
// other.
type chainOf struct {
	fn     *parse.Func
	top    *parse.Stmt   // the first if
	links  []*parse.Stmt // joined by else
	last   int           // of the links that compare with a name
	hits   int           // how many do
	row    bool          // links that stand by themselves
	leaves bool          // each ends with continue
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
				c.hits++
			}
			c.links = append(c.links, x)
		}
		if best == nil || c.hits > best.hits {
			best = c
		}
	}
	if len(best.links) == 1 && best.top.Else == nil {
		best.row = true
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
		}
	}
	return best
}

// unknown is what is done about an option that nothing else takes.
func (c *chainOf) unknown() []*parse.Stmt {
	for _, s := range c.links[c.last+1:] {
		if hasChar(c.fn.File, s.Expr, '-') {
			return []*parse.Stmt{s.Body}
		}
	}
	if e := c.links[len(c.links)-1].Else; e != nil {
		return []*parse.Stmt{e}
	}
	return nil
}

// hasChar reports whether an expression holds a character constant.
func hasChar(f *parse.File, e *parse.Expr, c byte) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XChar && x.Name == "'"+string(c)+"'"
		return !found
	})
	return found
}

// add puts a new link into the chain.
func (c *chainOf) add(j *job, st Layout, cond, body string) error {
	f := c.fn.File
	src := f.Src
	none := fmt.Errorf("%s: no certain place among the comparisons with options", f.Path)
	if c.row {
		s := c.top
		if !ctree.FirstOnLine(src, s.Pos) || s.Parent == nil || s.Parent.Kind != parse.SBlock || !sameGuards(f, s.Pos, c.fn.BodyPos) {
			return none
		}
		if c.leaves {
			body += "continue;\n"
		}
		lines := st.Layout(ctree.IndentAt(src, s.Pos), "if ("+cond+") {\n"+body+"}")
		at := aboveComments(f, ctree.LineStart(src, s.Pos))
		j.insert(f, at, strings.Join(lines, st.EOL())+st.EOL())
		return nil
	}
	base := ctree.IndentAt(src, c.top.Pos)
	// What follows on the last comparison takes the words that no option is.
	for i := c.last; i >= 0; i-- {
		x := c.links[i]
		if !sameGuards(f, x.Body.End-1, c.top.Pos) || x.Else != nil && !sameGuards(f, x.ElsePos, c.top.Pos) {
			continue
		}
		switch {
		case x.Else == nil, ctree.FirstOnLine(src, x.ElsePos):
			at := 0
			if x.Else != nil {
				at = aboveComments(f, ctree.LineStart(src, x.ElsePos))
			} else if a, ok := lineAfter(f, x.Body.End); ok {
				at = a
			} else {
				continue
			}
			lines := st.Layout(base, "else if ("+cond+") {\n"+body+"}")
			j.insert(f, at, strings.Join(lines, st.EOL())+st.EOL())
			return nil
		case x.Body.Kind == parse.SBlock && len(strings.TrimSpace(string(src[x.Body.End:x.ElsePos]))) == 0 && !strings.Contains(string(src[x.Body.End:x.ElsePos]), "\n"):
			lines := st.Layout(base, "if ("+cond+") {\n"+body+"}")
			gap := string(src[x.Body.End:x.ElsePos])
			text := gap + "else " + strings.TrimLeft(strings.Join(lines, st.EOL()), " \t")
			j.insert(f, x.Body.End, text)
			return nil
		}
	}
	return none
}
