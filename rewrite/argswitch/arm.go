package argswitch

import (
	"fmt"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// dispatch is the code that tells the options of a getopt loop apart: a
// switch, or a chain of ifs.
type dispatch struct {
	fn    *parse.Func
	forms []*parse.Func
	sw    *parse.Stmt // a switch
	chain *parse.Stmt // the first if of a chain
	v     string
	then  string // a statement at the end of the new arm
}

// dispatchOf finds it.
func (j *job) dispatchOf(g *getopt, v string) (*dispatch, error) {
	f := g.n.file
	for _, c := range g.calls {
		fn := c.fn
		var sw, chain *parse.Stmt
		switches := 0
		fn.Body().Walk(func(s *parse.Stmt) bool {
			switch {
			case s.Kind == parse.SSwitch && s.Body != nil && (v == "switch" && s == c.stmt || v != "switch" && squeeze(textOf(f, s.Expr.Strip())) == v):
				if s.Pos < c.call.Pos && s != c.stmt {
					return true // of something before the loop
				}
				if sw == nil {
					sw = s
				}
				switches++
			case s.Kind == parse.SIf && chain == nil && s.Pos > c.call.Pos && testsLetter(f, s.Expr, v):
				chain = s
			}
			return true
		})
		if switches > 1 {
			return nil, fmt.Errorf("%s: %s() looks at its options in more than one switch", f.Path, fn.Name)
		}
		if sw != nil || chain != nil {
			d := &dispatch{fn: fn, forms: g.n.forms, sw: sw, v: v}
			if sw == nil {
				d.chain = chain
			}
			return d, nil
		}
	}
	return nil, fmt.Errorf("%s: no switch over the options of %s() was found", f.Path, g.n.name)
}

// testsLetter recognises opt == 'x'.
func testsLetter(f *parse.File, e *parse.Expr, v string) bool {
	e = e.Bare()
	return e != nil && e.Kind == parse.XBinary && e.Op == token.EqEq && squeeze(textOf(f, e.X.Strip())) == v && e.Y.Strip().Kind == parse.XChar
}

// add puts the option's arm into the code.
func (d *dispatch) add(j *job, val, read, arg string, sp *spelling) error {
	if d.sw == nil {
		return d.addIf(j, val, read, arg, sp)
	}
	return d.addCaseOf(j, val, read, arg, arg, sp)
}

// arms returns the groups of labels of a switch, with the statements of each.
func armsOf(sw *parse.Stmt) []*armOf {
	var out []*armOf
	for _, s := range sw.Body.List {
		if s.Kind == parse.SCase || s.Kind == parse.SDefault {
			a := &armOf{label: s}
			x := s
			for x != nil && (x.Kind == parse.SCase || x.Kind == parse.SDefault) {
				a.labels = append(a.labels, x)
				x = x.Body
			}
			if x != nil {
				a.stmts = append(a.stmts, x)
			}
			out = append(out, a)
		} else if len(out) > 0 {
			out[len(out)-1].stmts = append(out[len(out)-1].stmts, s)
		}
	}
	return out
}

type armOf struct {
	label  *parse.Stmt   // the first one
	labels []*parse.Stmt // all that stand on each other
	stmts  []*parse.Stmt
}

// letter is the character of the first label, 0 for default and others.
func (a *armOf) letter() byte {
	for _, l := range a.labels {
		if l.Kind == parse.SCase && l.Expr != nil {
			if x := l.Expr.Strip(); x.Kind == parse.XChar && len(x.Name) == 3 {
				return x.Name[1]
			}
		}
	}
	return 0
}

func (a *armOf) last() bool {
	for _, l := range a.labels {
		if l.Kind == parse.SDefault {
			return true
		}
		if x := l.Expr.Strip(); x != nil && x.Kind == parse.XChar && (x.Name == "'?'" || x.Name == "':'") {
			return true
		}
	}
	return false
}

// ends reports whether the arm never runs on into the next one.
func (j *job) ends(f *parse.File, a *armOf) bool {
	if len(a.stmts) == 0 {
		return false
	}
	s := a.stmts[len(a.stmts)-1]
	if s.Kind == parse.SBlock && len(s.List) > 0 {
		s = s.List[len(s.List)-1]
	}
	switch s.Kind {
	case parse.SBreak, parse.SContinue, parse.SReturn, parse.SGoto:
		return true
	}
	return j.ctx.Leaves(f, s)
}

// spot picks the arm in front of which the new one goes; len(arms) is the end
// of the switch.
func (d *dispatch) spot(j *job, letter byte) (int, []*armOf, error) {
	f := d.fn.File
	arms := armsOf(d.sw)
	if len(arms) == 0 {
		return 0, nil, fmt.Errorf("%s: the switch over the options has no cases", f.Path)
	}
	var order []byte
	last := len(arms)
	for i, a := range arms {
		if a.last() {
			if i > 0 && i >= len(arms)-2 {
				last = min(last, i)
			}
			continue
		}
		if c := a.letter(); c != 0 {
			order = append(order, c)
		}
	}
	sorted := len(order) > 2
	for i := 1; i < len(order); i++ {
		sorted = sorted && !after(order[i-1], order[i])
	}
	var tries []int
	if sorted && letter != 0 {
		for i, a := range arms {
			if c := a.letter(); c != 0 && !a.last() && after(c, letter) {
				tries = append(tries, i)
				break
			}
		}
	}
	tries = append(tries, last)
	for i := len(arms); i >= 0; i-- {
		tries = append(tries, i)
	}
	for _, i := range tries {
		if j.fits(d, arms, i) {
			return i, arms, nil
		}
	}
	return 0, nil, fmt.Errorf("%s: no place in the switch over the options where one arm ends and the next begins", f.Path)
}

// fits reports whether an arm can stand in front of the i-th one, in every
// build.
func (j *job) fits(d *dispatch, arms []*armOf, i int) bool {
	f := d.fn.File
	pos := d.sw.Body.End - 1
	if i < len(arms) {
		pos = arms[i].label.Pos
	}
	if !ctree.FirstOnLine(f.Src, pos) || !sameGuards(f, pos, d.sw.Body.Pos) {
		return false
	}
	if i > 0 && !j.ends(f, arms[i-1]) {
		return false
	}
	for _, fn := range d.forms {
		ok := true
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch && s.Pos == d.sw.Pos && s.Body != nil {
				others := armsOf(s)
				for k, a := range others {
					at := a.label.Pos
					if k > 0 && at == pos && !j.ends(f, others[k-1]) {
						ok = false
					}
				}
				if n := len(others); n > 0 && pos == s.Body.End-1 && !j.ends(f, others[n-1]) {
					ok = false
				}
			}
			return ok
		})
		if !ok {
			return false
		}
	}
	return true
}

// addCaseOf inserts a case. arg is what the reader gets, said what a message
// shows.
func (d *dispatch) addCaseOf(j *job, val, read, arg, said string, sp *spelling) error {
	fail := j.failure(d, armsOf(d.sw), said)
	return d.insertCase(j, val, read, arg, fail, sp)
}

// insertCase is the same with what happens to a wrong argument.
func (d *dispatch) insertCase(j *job, val, read, arg string, fail []string, sp *spelling) error {
	f := d.fn.File
	letter := byte(0)
	if sp.short != "" {
		letter = sp.short[0]
	}
	i, arms, err := d.spot(j, letter)
	if err != nil {
		return err
	}
	st := j.ctx.Style(d.fn, d.sw.Pos)
	eol := st.EOL()
	model := arms[max(i-1, 0)]
	labelIndent, base := armIndents(f, arms, model)
	if base == "" {
		base = st.Deeper(labelIndent)
	}
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n"
	if sp.flag {
		body = j.name + ".on = 1;\n"
	}
	if d.then != "" {
		body += d.then + "\n"
	}
	body += "break;"
	lines := append([]string{labelIndent + "case " + val + ":"}, st.Layout(base, body)...)
	at := d.sw.Body.End - 1
	if i < len(arms) {
		at = arms[i].label.Pos
	}
	at = ctree.LineStart(f.Src, at)
	if i < len(arms) {
		at = aboveComments(f, at)
	}
	text := strings.Join(lines, eol) + eol
	// Arms that stand apart stay so.
	if at > 0 && ctree.BlankLine(f.Src, ctree.LineStart(f.Src, at-1)) {
		text += eol
	} else if i == len(arms) && apart(f, arms) {
		text = eol + text
	}
	j.insert(f, at, text)
	return nil
}

// apart reports whether blank lines stand between arms.
func apart(f *parse.File, arms []*armOf) bool {
	n := 0
	for _, a := range arms[1:] {
		at := aboveComments(f, ctree.LineStart(f.Src, a.label.Pos))
		if at > 0 && ctree.BlankLine(f.Src, ctree.LineStart(f.Src, at-1)) {
			n++
		}
	}
	return n*2 > len(arms)-1 && len(arms) > 1
}

// addIf inserts an if in front of a chain of them.
func (d *dispatch) addIf(j *job, val, read, arg string, sp *spelling) error {
	f := d.fn.File
	s := d.chain
	if !ctree.FirstOnLine(f.Src, s.Pos) {
		return fmt.Errorf("%s: no certain place in the chain of tests for options", f.Path)
	}
	st := j.ctx.Style(d.fn, s.Pos)
	base := ctree.IndentAt(f.Src, s.Pos)
	fail := j.failure(d, nil, arg)
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n"
	if sp.flag {
		body = j.name + ".on = 1;\n"
	}
	text := "if (" + d.v + " == " + val + ") {\n" + body + "}"
	lines := st.Layout(base, text)
	joined := strings.TrimPrefix(strings.Join(lines, st.EOL()), base)
	switch {
	case s.Else == nil:
		joined += st.EOL() + base
	case strings.HasSuffix(lines[0], "{"):
		joined += " else "
	default:
		joined += st.EOL() + base + "else "
	}
	j.insert(f, s.Pos, joined)
	return nil
}

// labels adds the letters that a switch has an arm for, in all its #if
// branches, and those that its value is compared with elsewhere in the
// function. Other character constants, as the suffix of a size, are no
// options.
func labels(n *node, sw *parse.Stmt, v string, used map[byte]bool) {
	f := n.file
	note := func(t token.Token) {
		if s := f.Text(t); t.Kind == token.Char && len(s) == 3 {
			used[s[1]] = true
		}
	}
	from, to := n.forms[0].BodyPos, n.last()
	if sw != nil {
		inner := innerSwitches(n, sw)
		toks := tokens(f, sw.Pos, sw.End)
		for i, t := range toks {
			if t.Op == token.KwCase && i+1 < len(toks) && !inner(int(t.Off)) {
				note(toks[i+1])
			}
		}
	}
	// v == 'x', whatever stands around it.
	toks := tokens(f, from, to)
	for i, t := range toks {
		if t.Op != token.EqEq && t.Op != token.NotEq || i == 0 || i+1 >= len(toks) {
			continue
		}
		if toks[i+1].Kind == token.Char && endsWith(f, toks[:i], v) {
			note(toks[i+1])
		}
		if toks[i-1].Kind == token.Char && v == f.Text(toks[i+1]) {
			note(toks[i-1])
		}
	}
}

// endsWith reports whether tokens end with an expression, one bracket behind
// it at most.
func endsWith(f *parse.File, toks []token.Token, v string) bool {
	for range 2 {
		text := ""
		for i := len(toks) - 1; i >= 0 && len(text) < len(v); i-- {
			text = f.Text(toks[i]) + text
			if text == v {
				return i == 0 || toks[i-1].Op != token.Dot && toks[i-1].Op != token.Arrow
			}
		}
		if n := len(toks); n == 0 || toks[n-1].Op != token.RParen {
			return false
		}
		toks = toks[:len(toks)-1]
	}
	return false
}

// innerSwitches tells the switches inside one apart, in all forms.
func innerSwitches(n *node, sw *parse.Stmt) func(off int) bool {
	var ranges [][2]int
	for _, fn := range n.forms {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch && s.Pos > sw.Pos && s.End <= sw.End {
				ranges = append(ranges, [2]int{s.Pos, s.End})
			}
			return true
		})
	}
	return func(off int) bool {
		for _, r := range ranges {
			if r[0] <= off && off < r[1] {
				return true
			}
		}
		return false
	}
}

// armIndents are the indentation of most labels of a switch and of what stands
// below them, "" where nothing does; what the nearest arm has wins a tie.
func armIndents(f *parse.File, arms []*armOf, model *armOf) (label, body string) {
	labels, bodies := map[string]int{}, map[string]int{}
	for _, a := range append([]*armOf{model}, arms...) {
		if ctree.FirstOnLine(f.Src, a.label.Pos) {
			labels[ctree.IndentAt(f.Src, a.label.Pos)]++
		}
		for _, s := range a.stmts {
			if ctree.FirstOnLine(f.Src, s.Pos) && s.Kind != parse.SBlock {
				bodies[ctree.IndentAt(f.Src, s.Pos)]++
				break
			}
		}
	}
	most := func(m map[string]int) string {
		best := ""
		for s, n := range m {
			if n > m[best] || n == m[best] && s < best {
				best = s
			}
		}
		return best
	}
	if len(labels) == 0 {
		return ctree.IndentAt(f.Src, model.label.Pos), most(bodies)
	}
	return most(labels), most(bodies)
}
