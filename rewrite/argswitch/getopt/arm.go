package getopt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// Dispatch is the code that tells the options of a getopt loop apart: a
// switch, or a chain of ifs.
type Dispatch struct {
	Fn    *parse.Func
	Forms []*parse.Func
	Sw    *parse.Stmt // a switch
	chain *parse.Stmt // the first if of a chain
	loop  *parse.Stmt // the body of a loop that tells nothing apart: its table stores by itself
	v     string
	Then  string // a statement at the end of the new arm
}

// fullest is the switch that tells most options apart, where the others let those pass that
// they do not know: a loop may look for the configuration file first.
func fullest(list []*parse.Stmt) *parse.Stmt {
	var best *parse.Stmt
	if named := slices.DeleteFunc(slices.Clone(list), numbersAlone); len(named) > 0 {
		list = named // the variable may count other words afterwards
	}
	for _, s := range list {
		if best == nil || len(ArmsOf(s)) > len(ArmsOf(best)) {
			best = s
		}
	}
	for _, s := range list {
		if s == best {
			continue
		}
		for _, a := range ArmsOf(s) {
			for _, l := range a.labels {
				if l.Kind != parse.SDefault {
					continue
				}
				for _, x := range patch.Flat(a.Stmts) {
					if x.Kind != parse.SBreak && x.Kind != parse.SEmpty && x.Kind != parse.SContinue {
						return nil
					}
				}
			}
		}
	}
	return best
}

// numbersAlone reports whether a switch has numbers for its labels, and no option.
func numbersAlone(sw *parse.Stmt) bool {
	for _, a := range ArmsOf(sw) {
		for _, l := range a.labels {
			if l.Kind != parse.SDefault && (l.Expr.Strip() == nil || l.Expr.Strip().Kind != parse.XNumber) {
				return false
			}
		}
	}
	return true
}

// DispatchOf finds it.
func DispatchOf(j *patch.Patch, g *Getopt, v string) (*Dispatch, error) {
	f := g.N.File
	for _, c := range g.Calls {
		fn := c.Func
		var sw, chain *parse.Stmt
		var switches []*parse.Stmt
		fn.Body().Walk(func(s *parse.Stmt) bool {
			switch {
			case s.Kind == parse.SSwitch && s.Body != nil &&
				(v == "switch" && s == c.Stmt || v != "switch" && text.StripSpace(parse.ExprText(f, s.Expr.Strip())) == v):
				if s.Pos < c.Call.Pos && s != c.Stmt {
					return true // of something before the loop
				}
				switches = append(switches, s)
			case s.Kind == parse.SIf && chain == nil && s.Pos > c.Call.Pos && testsLetter(f, s.Expr, v):
				chain = s
			}
			return true
		})
		if sw = fullest(switches); sw == nil && len(switches) > 0 {
			return nil, fmt.Errorf("%s: %s() looks at its options in more than one switch", f.Path, fn.Name)
		}
		if sw != nil || chain != nil {
			d := &Dispatch{Fn: fn, Forms: g.N.Forms, Sw: sw, v: v}
			if sw == nil {
				d.chain = chain
			}
			return d, nil
		}
	}
	if d := delegatedSwitch(j, g, v); d != nil {
		return d, nil
	}
	if g.lookalike && v != "optopt" { // which such a function sets as well
		if d, err := DispatchOf(j, g, "optopt"); err == nil {
			return d, nil
		}
	}
	if d := storingLoop(g, v); d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("%s: no switch over the options of %s() was found", f.Path, g.N.Name)
}

// delegatedSwitch finds the switch in a function of the same file that each call's result is
// handed to.
func delegatedSwitch(j *patch.Patch, g *Getopt, v string) *Dispatch {
	f := g.N.File
	var taker *program.Node
	param := ""
	for _, c := range g.Calls {
		c.Func.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind != parse.XCall || x.Pos < c.Call.Pos {
						return true
					}
					for i, a := range x.Args {
						if text.StripSpace(parse.ExprText(f, a.Strip())) != v {
							continue
						}
						for _, n := range j.Tree.Find(x.Callee(), f) {
							if n.File == f && !n.Macro && i < len(n.Forms[0].Params) && taker == nil {
								taker, param = n, n.Forms[0].Params[i].Name
							}
						}
					}
					return true
				})
			})
			return true
		})
	}
	if taker == nil {
		return nil
	}
	fn := taker.Forms[0]
	var sw *parse.Stmt
	count := 0
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SSwitch && s.Body != nil && text.StripSpace(parse.ExprText(f, s.Expr.Strip())) == param {
			sw = s
			count++
		}
		return true
	})
	if count != 1 {
		return nil
	}
	return &Dispatch{Fn: fn, Forms: taker.Forms, Sw: sw, v: param}
}

// testsLetter recognises opt == 'x'.
func testsLetter(f *parse.File, e *parse.Expr, v string) bool {
	e = e.Bare()
	return e != nil && e.Kind == parse.XBinary && e.Op == token.EqEq &&
		text.StripSpace(parse.ExprText(f, e.X.Strip())) == v && e.Y.Strip().Kind == parse.XChar
}

// add puts the option's arm into the code.
func (d *Dispatch) add(j *patch.Patch, val, read, arg string, sp *patch.Spelling) error {
	if d.loop != nil {
		return d.addLast(j, val, read, arg, sp)
	}
	if d.Sw == nil {
		return d.addIf(j, val, read, arg, sp)
	}
	return d.AddCaseOf(j, val, read, arg, arg, sp)
}

// ArmsOf returns the arms of a switch in order, without those of inner switches.
func ArmsOf(sw *parse.Stmt) []*Arm {
	var out []*Arm
	for _, s := range sw.Body.List {
		if s.Kind == parse.SCase || s.Kind == parse.SDefault {
			a := &Arm{label: s}
			x := s
			for x != nil && (x.Kind == parse.SCase || x.Kind == parse.SDefault) {
				a.labels = append(a.labels, x)
				x = x.Body
			}
			if x != nil {
				a.Stmts = append(a.Stmts, x)
			}
			out = append(out, a)
		} else if len(out) > 0 {
			out[len(out)-1].Stmts = append(out[len(out)-1].Stmts, s)
		}
	}
	return out
}

// Arm is a group of labels of a switch with the statements that follow it.
type Arm struct {
	label  *parse.Stmt   // the first one
	labels []*parse.Stmt // all that stand on each other
	Stmts  []*parse.Stmt
}

// Letter is the character of the first label, 0 for default and others.
func (a *Arm) Letter() byte {
	for _, l := range a.labels {
		if l.Kind == parse.SCase && l.Expr != nil {
			if x := l.Expr.Strip(); x.Kind == parse.XChar && len(x.Name) == 3 {
				return x.Name[1]
			}
		}
	}
	return 0
}

// Last reports whether the arm handles default or '?', the options that are not known.
func (a *Arm) Last() bool {
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

// isDefault reports whether the arm is for what no other takes, which may be good options
// where '?' has an arm of its own.
func (a *Arm) isDefault() bool {
	for _, l := range a.labels {
		if l.Kind != parse.SDefault {
			return false
		}
	}
	return true
}

// ends reports whether the arm never runs on into the next one.
func ends(j *patch.Patch, f *parse.File, a *Arm) bool {
	if len(a.Stmts) == 0 {
		return false
	}
	s := a.Stmts[len(a.Stmts)-1]
	if s.Kind == parse.SBlock && len(s.List) > 0 {
		s = s.List[len(s.List)-1]
	}
	switch s.Kind {
	case parse.SBreak, parse.SContinue, parse.SReturn, parse.SGoto:
		return true
	}
	return j.Host.Leaves(f, s)
}

// insertionPoint picks the arm before which the new one goes; len(arms) is the end
// of the switch.
func (d *Dispatch) insertionPoint(j *patch.Patch, letter byte) (int, []*Arm, error) {
	f := d.Fn.File
	arms := ArmsOf(d.Sw)
	if len(arms) == 0 {
		return 0, nil, fmt.Errorf("%s: the switch over the options has no cases", f.Path)
	}
	var order []byte
	last := len(arms)
	for i, a := range arms {
		if a.Last() {
			if i > 0 && i >= len(arms)-2 {
				last = min(last, i)
			}
			continue
		}
		if c := a.Letter(); c != 0 {
			order = append(order, c)
		}
	}
	sorted := len(order) > 2
	for i := 1; i < len(order); i++ {
		sorted = sorted && !letterLess(order[i-1], order[i])
	}
	var tries []int
	if sorted && letter != 0 {
		for i, a := range arms {
			if c := a.Letter(); c != 0 && !a.Last() && letterLess(c, letter) {
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
		if fits(j, d, arms, i) {
			return i, arms, nil
		}
	}
	return 0, nil, fmt.Errorf("%s: no place in the switch over the options where one arm ends and the next begins", f.Path)
}

// fits reports whether an arm can stand before the i-th one, in every
// build.
func fits(j *patch.Patch, d *Dispatch, arms []*Arm, i int) bool {
	f := d.Fn.File
	pos := d.Sw.Body.End - 1
	if i < len(arms) {
		pos = arms[i].label.Pos
	}
	if !text.FirstOnLine(f.Src, pos) || !f.SameGuards(pos, d.Sw.Body.Pos) {
		return false
	}
	if i > 0 && !ends(j, f, arms[i-1]) {
		return false
	}
	for _, fn := range d.Forms {
		ok := true
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == d.Sw.Kind && s.Pos == d.Sw.Pos && s.Body != nil {
				others := ArmsOf(s)
				for k, a := range others {
					at := a.label.Pos
					if k > 0 && at == pos && !ends(j, f, others[k-1]) {
						ok = false
					}
				}
				if n := len(others); n > 0 && pos == s.Body.End-1 && !ends(j, f, others[n-1]) {
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

// AddCaseOf inserts a case. arg is what the reader gets, said what a message
// shows.
func (d *Dispatch) AddCaseOf(j *patch.Patch, val, read, arg, said string, sp *patch.Spelling) error {
	var fail []string
	if !sp.Flag {
		fail = failure(j, d, ArmsOf(d.Sw), said)
	}
	if d.Then == "" {
		d.Then = ofAllArms(d)
	}
	return d.InsertCase(j, val, read, arg, fail, sp)
}

// InsertCase is the same with what happens to a wrong argument.
func (d *Dispatch) InsertCase(j *patch.Patch, val, read, arg string, fail []string, sp *patch.Spelling) error {
	f := d.Fn.File
	letter := byte(0)
	if sp.Short != "" {
		letter = sp.Short[0]
	}
	i, arms, err := d.insertionPoint(j, letter)
	if err != nil {
		return err
	}
	st := j.Host.Style(d.Fn, d.Sw.Pos)
	eol := st.EOL()
	model := arms[max(i-1, 0)]
	labelIndent, base := armIndents(f, arms, model)
	if base == "" {
		base = st.Deeper(labelIndent)
	}
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n"
	if sp.Flag {
		body = j.CommandLineVariable() + ".on = 1;\n"
	}
	if d.Then != "" {
		body += d.Then + "\n"
	}
	body += "break;"
	lines := append([]string{labelIndent + "case " + val + ":"}, st.Layout(base, body)...)
	at := d.Sw.Body.End - 1
	if i < len(arms) {
		at = arms[i].label.Pos
	}
	at = text.LineStart(f.Src, at)
	if above := patch.AboveComments(f, at); i < len(arms) && !commentsDeeper(f, above, at) {
		at = above
	}
	content := strings.Join(lines, eol) + eol
	// Arms that stand apart stay so.
	if at > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
		content += eol
	} else if i == len(arms) && blankLinesBetween(f, arms) {
		content = eol + content
	}
	j.Insert(f, at, content)
	return nil
}

// commentsDeeper reports whether the comments above a label are indented more than it is: they
// speak of the end of the arm before.
func commentsDeeper(f *parse.File, comment, label int) bool {
	return comment < label && text.Width(text.IndentAt(f.Src, comment), 8) > text.Width(text.IndentAt(f.Src, label), 8)
}

// blankLinesBetween reports whether blank lines stand between arms.
func blankLinesBetween(f *parse.File, arms []*Arm) bool {
	n := 0
	for _, a := range arms[1:] {
		at := patch.AboveComments(f, text.LineStart(f.Src, a.label.Pos))
		if at > 0 && text.BlankLine(f.Src, text.LineStart(f.Src, at-1)) {
			n++
		}
	}
	return n*2 > len(arms)-1 && len(arms) > 1
}

// addIf inserts an if before a chain of them.
func (d *Dispatch) addIf(j *patch.Patch, val, read, arg string, sp *patch.Spelling) error {
	f := d.Fn.File
	s := d.chain
	if !text.FirstOnLine(f.Src, s.Pos) {
		return fmt.Errorf("%s: no certain place in the chain of tests for options", f.Path)
	}
	st := j.Host.Style(d.Fn, s.Pos)
	base := text.IndentAt(f.Src, s.Pos)
	body := j.CommandLineVariable() + ".on = 1;\n"
	if !sp.Flag {
		body = "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(failure(j, d, nil, arg), "\n") + "\n}\n"
	}
	cond := d.v + " == " + val
	links, last := []*parse.Stmt{}, 0
	for x := s; x != nil && x.Kind == parse.SIf; x = x.Else {
		if testsLetter(f, x.Expr, d.v) {
			last = len(links)
		}
		links = append(links, x)
	}
	if j.AddLink(f, st, links, last, cond, body) {
		return nil
	}
	lines := st.Layout(base, "if ("+cond+") {\n"+body+"}")
	joined := strings.TrimPrefix(strings.Join(lines, st.EOL()), base)
	switch {
	case s.Else == nil:
		joined += st.EOL() + base
	case strings.HasSuffix(lines[0], "{"):
		joined += " else "
	default:
		joined += st.EOL() + base + "else "
	}
	j.Insert(f, s.Pos, joined)
	return nil
}

// storingLoop finds the loop of a program all of whose long options store by themselves.
func storingLoop(g *Getopt, v string) *Dispatch {
	for _, r := range g.rows {
		for _, row := range r.rows {
			if p := member(row, 2, "flag"); p == nil || isNull(r.f, p) {
				return nil
			}
		}
	}
	for _, c := range g.Calls {
		for s := c.Stmt; s != nil && g.long && len(g.rows) > 0; s = s.Parent {
			loop := s.Parent
			if s.Kind == parse.SBlock && loop != nil && loop.Body == s && (loop.Kind == parse.SWhile || loop.Kind == parse.SFor) {
				return &Dispatch{Fn: c.Func, Forms: g.N.Forms, loop: s, v: v}
			}
		}
	}
	return nil
}

// addLast puts an if at the end of the loop.
func (d *Dispatch) addLast(j *patch.Patch, val, read, arg string, sp *patch.Spelling) error {
	f, s := d.Fn.File, d.loop
	end := s.End - 1
	if !text.FirstOnLine(f.Src, end) || !f.SameGuards(end, s.Pos) || len(s.List) == 0 {
		return fmt.Errorf("%s: no certain place at the end of the loop over the options", f.Path)
	}
	st := j.Host.Style(d.Fn, s.Pos)
	body := j.CommandLineVariable() + ".on = 1;\n"
	if !sp.Flag {
		body = "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(failure(j, d, nil, arg), "\n") + "\n}\n"
	}
	lines := st.Layout(text.IndentAt(f.Src, s.List[len(s.List)-1].Pos), "if ("+d.v+" == "+val+") {\n"+body+"}")
	j.Insert(f, text.LineStart(f.Src, end), strings.Join(lines, st.EOL())+st.EOL())
	return nil
}

// Labels adds the letters that a switch has an arm for, in all its #if
// branches, and those that its value is compared with elsewhere in the
// function. Other character constants, as the suffix of a size, are no
// options.
func Labels(n *program.Node, sw *parse.Stmt, v string, used map[byte]bool) {
	f := n.File
	note := func(t token.Token) {
		if s := f.Text(t); t.Kind == token.Char && len(s) == 3 {
			used[s[1]] = true
		}
	}
	from, to := n.Forms[0].BodyPos, n.Last()
	if sw != nil {
		inner := innerSwitches(n, sw)
		toks := f.Between(sw.Pos, sw.End)
		for i, t := range toks {
			if t.Op == token.KwCase && i+1 < len(toks) && !inner(int(t.Off)) {
				note(toks[i+1])
			}
		}
	}
	// v == 'x', whatever stands around it.
	toks := f.Between(from, to)
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

// endsWith reports whether tokens end with an expression, one bracket after
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
func innerSwitches(n *program.Node, sw *parse.Stmt) func(off int) bool {
	var ranges [][2]int
	for _, fn := range n.Forms {
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
func armIndents(f *parse.File, arms []*Arm, model *Arm) (label, body string) {
	labels, bodies := map[string]int{}, map[string]int{}
	for _, a := range append([]*Arm{model}, arms...) {
		if text.FirstOnLine(f.Src, a.label.Pos) {
			labels[text.IndentAt(f.Src, a.label.Pos)]++
		}
		for _, s := range a.Stmts {
			if text.FirstOnLine(f.Src, s.Pos) && s.Kind != parse.SBlock {
				bodies[text.IndentAt(f.Src, s.Pos)]++
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
		return text.IndentAt(f.Src, model.label.Pos), most(bodies)
	}
	return most(labels), most(bodies)
}
