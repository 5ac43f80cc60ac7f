package argv

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
)

// words is a chain of comparisons with option names whose hyphens are off:
//
//	else if (streq(p[0], "name") && p[1] && !p[2])
//
// The arguments of the option are the words after it. What compares is the
// program's own; the new link is written like the others.
type words struct {
	n     *program.Node
	fn    *parse.Func
	p     string // the list of words
	links []*wordLink
	chain *chainOf
	names map[string]bool
}

// wordLink is one comparison.
type wordLink struct {
	s     *parse.Stmt
	test  *parse.Expr // the conjunct that compares
	lit   *parse.Expr
	terms []*parse.Expr // the other conjuncts
}

// FindWords looks for the chain in functions that get a list of words, and
// wants two witnesses: a caller that takes "--" off, and a usage text that
// shows the names with it.
func FindWords(j *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	for _, n := range nodes {
		if !TakesArgs(n) {
			continue
		}
		for _, fn := range n.Forms {
			for _, d := range fn.Params {
				if w := readWords(n, fn, d.Name); w != nil && callerStripsDashes(w, nodes) && shownWithDashes(j, w, p) {
					return w, nil
				}
			}
		}
	}
	return nil, nil
}

// readWords reads the comparisons of p[0] in a function.
func readWords(n *program.Node, fn *parse.Func, p string) *words {
	if p == "" {
		return nil
	}
	f := fn.File
	w := &words{n: n, fn: fn, p: p, names: map[string]bool{}}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind != parse.SIf || s.Expr == nil {
			return true
		}
		terms := conjuncts(s.Expr)
		for i, t := range terms {
			if lit := comparesWord(f, t, p+"[0]"); lit != nil {
				w.names[strings.Trim(lit.Name, `"`)] = true
				w.links = append(w.links, &wordLink{s, t, lit, append(append([]*parse.Expr(nil), terms[:i]...), terms[i+1:]...)})
				break
			}
		}
		return true
	})
	if len(w.names) < 5 {
		return nil
	}
	l := &loop{n: n, fn: fn}
	for _, x := range w.links {
		l.links = append(l.links, x.s)
	}
	w.chain = l.chain()
	if w.chain.standalone || len(w.chain.links) < 5 {
		return nil
	}
	return w
}

// conjuncts takes a && b && c apart.
func conjuncts(e *parse.Expr) []*parse.Expr {
	e = e.Bare()
	if e.Kind == parse.XBinary && e.Op == token.AndAnd {
		return append(conjuncts(e.X), conjuncts(e.Y)...)
	}
	return []*parse.Expr{e}
}

// comparesWord recognises cmp(x, "word") with one of the tests around it that
// comparisons have: none, ! or == 0.
func comparesWord(f *parse.File, e *parse.Expr, x string) *parse.Expr {
	switch {
	case e.Kind == parse.XUnary && e.Op == token.Not:
		e = e.X.Bare()
	case e.Kind == parse.XBinary && e.Op == token.EqEq:
		e = e.X.Bare()
	}
	if e == nil || e.Kind != parse.XCall || e.Callee() == "" || len(e.Args) != 2 {
		return nil
	}
	a, lit := e.Args[0].Strip(), e.Args[1].Strip()
	if lit.Kind != parse.XString || text.StripSpace(parse.ExprText(f, a)) != x || !isOptionWord(strings.Trim(lit.Name, `"`)) {
		return nil
	}
	return lit
}

func isOptionWord(s string) bool {
	for i := range len(s) {
		if !text.IsWordByte(s[i]) && s[i] != '-' {
			return false
		}
	}
	return s != "" && s[0] != '-'
}

// callerStripsDashes reports whether a caller of the function, itself one that gets the
// arguments, looks for "--" before the words.
func callerStripsDashes(w *words, nodes []*program.Node) bool {
	for _, n := range nodes {
		if n == w.n || !TakesArgs(n) || len(patch.CallsIn(n, w.fn.Name)) == 0 {
			continue
		}
		for _, t := range n.File.Between(n.Forms[0].BodyPos, n.Last()) {
			if t.Kind == token.String && n.File.Text(t) == `"--"` {
				return true
			}
		}
	}
	return false
}

// shownWithDashes reports whether the program's texts list most of the names with "--"
// in front, or many of them.
func shownWithDashes(j *patch.Patch, w *words, p *program.Program) bool {
	sp := &patch.Spelling{Near: p.Steps}
	for name := range w.names {
		sp.Peers = append(sp.Peers, "--"+name)
	}
	seen := map[string]bool{}
	for _, b := range usage.Blocks(j, sp) {
		for _, l := range b.Lines {
			if l.Entry != nil && w.names[strings.TrimPrefix(l.Entry.Long, "--")] {
				seen[l.Entry.Long] = true
			}
		}
	}
	return len(seen) >= 10 || len(seen) >= 3 && len(seen)*2 >= len(w.names)
}

func (w *words) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := w.fn.File
	sp := &patch.Spelling{Long: j.Settings.LongName(), Dash: "--", Detach: true, Func: w.fn, Near: p.Steps}
	for name := range w.names {
		sp.Peers = append(sp.Peers, "--"+name)
	}
	sort.Strings(sp.Peers)
	for _, t := range f.Between(w.fn.BodyPos, w.fn.End) {
		if t.Kind == token.String && f.Text(t) == `"`+sp.Long+`"` {
			return nil, fmt.Errorf("%s: there is an option --%s already (--switch-long gives it another name)", f.Path, sp.Long)
		}
	}
	model, surplus := w.model()
	if model == nil {
		return nil, fmt.Errorf("%s: no comparison in %s() shows where the arguments of an option end", f.Path, w.fn.Name)
	}
	read, err := j.Reader(w.fn)
	if err != nil {
		return nil, err
	}
	st := j.Host.Style(w.fn, w.chain.top.Pos)
	src := f.Src
	cond := string(src[model.test.Pos:model.lit.Pos]) + `"` + sp.Long + `"` + string(src[model.lit.End:model.test.End])
	if surplus {
		cond += " && !" + w.p + "[2]"
	}
	arg := w.p + "[1]"
	fail := j.FailureIn(w.fn, w.chain.top, w.chain.unknown(), arg)
	first, last := w.conventions()
	body := first + "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\n" + last
	return sp, w.chain.add(j, st, cond, body)
}

// model is a link that takes one argument or none and tests for no more, as
// most links do; else one that tests whether there is an argument.
func (w *words) model() (model *wordLink, surplus bool) {
	f := w.fn.File
	var plain *wordLink
	bounded := 0
	for _, l := range w.links {
		only, ends := true, false
		for _, t := range l.terms {
			switch text.StripSpace(parse.ExprText(f, t)) {
			case w.p + "[1]":
			case "!" + w.p + "[1]", "!" + w.p + "[2]":
				ends = true
			default:
				only = false
				ends = ends || strings.HasPrefix(text.StripSpace(parse.ExprText(f, t)), "!"+w.p+"[")
			}
		}
		if ends {
			bounded++
		}
		if !only || len(l.terms) == 0 {
			continue
		}
		if ends && model == nil {
			model = l
		} else if !ends && plain == nil {
			plain = l
		}
	}
	if model != nil && bounded*2 >= len(w.links) {
		return model, true
	}
	if plain == nil {
		plain = model
	}
	return plain, false
}

// conventions are the call that most links begin with and the jump that most end
// with.
func (w *words) conventions() (first, last string) {
	f := w.fn.File
	texts, callees, jumps := map[string]int{}, map[string]int{}, map[string]int{}
	for _, l := range w.links {
		list := patch.Flat([]*parse.Stmt{l.s.Body})
		if len(list) == 0 {
			continue
		}
		if s := list[0]; s.Kind == parse.SExpr && s.Expr != nil && s.Expr.Callee() != "" {
			callees[s.Expr.Callee()]++
			texts[patch.OneLine(patch.TextAt(f, s))]++
		}
		switch s := list[len(list)-1]; s.Kind {
		case parse.SReturn, parse.SContinue, parse.SGoto:
			jumps[patch.OneLine(patch.TextAt(f, s))]++
		}
	}
	for t, k := range texts {
		callee, _, _ := strings.Cut(t, "(")
		if callees[strings.TrimSpace(callee)]*2 > len(w.links) && (first == "" || k > texts[first] || k == texts[first] && t < first) {
			first = t
		}
	}
	for t, k := range jumps {
		if k*2 > len(w.links) {
			last = t + "\n"
		}
	}
	if first != "" {
		first += "\n"
	}
	return first, last
}
