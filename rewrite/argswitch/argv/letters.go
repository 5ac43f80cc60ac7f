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

// letters is a hand-written reader of clusters of letters: a loop over the
// characters of one argument with a switch inside, as
//
//	for (j = 1; (c = argv[i][j]) != '\0'; j++)
//		switch (c) {
//
// or the same with a pointer. Where one letter alone is read into a variable
// (readFlag), nothing is to be passed over.
type letters struct {
	n     *program.Node
	fn    *parse.Func
	sw    *parse.Stmt
	rest  string // the text after the letter
	skip  string // the statement that passes over it
	shown string // what a message shows
	loose bool   // the next word may be the argument, too
	used  map[byte]bool
}

// findLetters looks for it in functions that get a list of arguments.
func findLetters(nodes []*program.Node, p *program.Program) *letters {
	var best *letters
	for _, n := range nodes {
		if p.Steps[n] > 3 && n.File != p.Main.File || !TakesArgs(n) {
			continue
		}
		for _, fn := range n.Forms {
			fn.Body().Walk(func(s *parse.Stmt) bool {
				if inPairs(fn.File, s) {
					return true
				}
				for _, l := range []*letters{readLetters(n, fn, s), readFlag(n, fn, s)} {
					if l != nil && (best == nil || len(l.used) > len(best.used)) {
						best = l
					}
				}
				return true
			})
		}
	}
	return best
}

// readLetters takes a loop whose body is, or ends with, the switch.
func readLetters(n *program.Node, fn *parse.Func, s *parse.Stmt) *letters {
	if s.Kind != parse.SFor && s.Kind != parse.SWhile || s.Expr == nil || s.Body == nil {
		return nil
	}
	sw := s.Body
	if sw.Kind == parse.SBlock && len(sw.List) > 0 {
		sw = sw.List[len(sw.List)-1]
	}
	if sw.Kind != parse.SSwitch || sw.Body == nil || sw.Expr == nil {
		return nil
	}
	l := &letters{n: n, fn: fn, sw: sw, used: map[byte]bool{}}
	if !l.iterates(s) {
		return nil
	}
	arms := 0
	for _, a := range getopt.ArmsOf(sw) {
		if a.Letter() != 0 {
			arms++
		}
	}
	if arms < 2 {
		return nil
	}
	// The letters of every build.
	getopt.Labels(n, sw, text.StripSpace(parse.ExprText(fn.File, sw.Expr.Strip())), l.used)
	return l
}

// iterates reports whether the loop goes over the characters of one argument, and
// what stands after the letter at hand.
func (l *letters) iterates(s *parse.Stmt) bool {
	f := l.fn.File
	on := l.sw.Expr.Strip()
	if on == nil {
		return false
	}
	// switch (*p++)
	if p, ok := stepped(on, parse.XPostfix); ok && s.Kind == parse.SWhile && l.setFromArg(s, p) && derefs(f, s.Expr, p) {
		l.rest, l.skip, l.shown = p, p+" += strlen("+p+");", p
		return true
	}
	var place *parse.Expr
	s.Expr.Walk(func(e *parse.Expr) bool {
		if place != nil {
			return false
		}
		isChar := e.Kind == parse.XIndex || e.Kind == parse.XUnary && e.Op == token.Mul
		if !isChar {
			return true
		}
		cond := text.StripSpace(parse.ExprText(f, e))
		if cond == text.StripSpace(parse.ExprText(f, on)) {
			place = e
		}
		for up := e.Up; up != nil; up = up.Up {
			if up.Kind == parse.XAssign && up.Op == token.Assign && up.Y.Strip() == e &&
				text.StripSpace(parse.ExprText(f, up.X.Strip())) == text.StripSpace(parse.ExprText(f, on)) {
				place = e
			}
		}
		return place == nil
	})
	if place == nil {
		return false
	}
	if place.Kind == parse.XIndex {
		word, i := place.X.Strip(), place.Y.Strip()
		if word == nil || i == nil || i.Kind != parse.XIdent || s.Kind != parse.SFor || !steps(f, s.Post, i.Name) || !l.isArg(word) {
			return false
		}
		w := text.StripSpace(parse.ExprText(f, word))
		if word.Kind == parse.XUnary {
			w = "(" + w + ")"
		}
		l.rest = fmt.Sprintf("&%s[%s + 1]", w, i.Name)
		l.skip, l.shown = fmt.Sprintf("%s += strlen(%s);", i.Name, l.rest), strings.Trim(w, "()")
		return true
	}
	// *p, stepped by the loop, or *++p.
	p, ok := stepped(place, parse.XUnary)
	if !ok {
		if x := place.X.Strip(); x != nil && x.Kind == parse.XIdent && s.Kind == parse.SFor && steps(f, s.Post, x.Name) {
			p, ok = x.Name, true
		}
	}
	if !ok || !l.setFromArg(s, p) {
		return false
	}
	l.rest, l.skip, l.shown = p+" + 1", p+" += strlen("+p+" + 1);", p+" + 1"
	return true
}

// stepped recognises *++p (kind XUnary) or *p++ (kind XPostfix).
func stepped(e *parse.Expr, kind parse.ExprKind) (string, bool) {
	if e == nil || e.Kind != parse.XUnary || e.Op != token.Mul || e.X.Strip() == nil {
		return "", false
	}
	x := e.X.Strip()
	if x.Kind != kind || x.Op != token.Inc || x.X.Strip() == nil {
		return "", false
	}
	if y := x.X.Strip(); y.Kind == parse.XIdent || y.Kind == parse.XIndex && y.X.Strip() != nil && y.X.Strip().Kind == parse.XIdent {
		return text.StripSpace(exprText(y)), true
	}
	return "", false
}

// exprText spells a name or an element of an array.
func exprText(e *parse.Expr) string {
	if e.Kind == parse.XIndex {
		return exprText(e.X.Strip()) + "[" + exprText(e.Y.Strip()) + "]"
	}
	return e.Name
}

// derefs reports whether a condition looks at *p.
func derefs(f *parse.File, e *parse.Expr, p string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		found = found || x.Kind == parse.XUnary && x.Op == token.Mul && text.StripSpace(parse.ExprText(f, x.X)) == p
		return !found
	})
	return found
}

// steps recognises j++, ++j and j += 1.
func steps(f *parse.File, e *parse.Expr, name string) bool {
	if e == nil {
		return false
	}
	switch text.StripSpace(parse.ExprText(f, e)) {
	case name + "++", "++" + name, name + "+=1":
		return true
	}
	return false
}

// isArg recognises an element of a parameter that is a list of arguments:
// argv[i] or *argv.
func (l *letters) isArg(e *parse.Expr) bool {
	if e == nil || e.Kind != parse.XIndex && !(e.Kind == parse.XUnary && e.Op == token.Mul) {
		return false
	}
	x := e.X.Strip()
	if x == nil || x.Kind != parse.XIdent {
		return false
	}
	for _, d := range l.fn.Params {
		if t := d.Type; d.Name == x.Name && t != nil && t.Base == "char" && (t.Ptr >= 2 || t.Ptr >= 1 && (t.Array || len(t.Dims) > 0)) {
			return true
		}
	}
	return false
}

// setFromArg reports whether a pointer is an argument itself, or set from one where
// the loop begins: in its head, or right before it.
func (l *letters) setFromArg(s *parse.Stmt, p string) bool {
	found := false
	look := func(e *parse.Expr) {
		e.Walk(func(x *parse.Expr) bool {
			found = found || l.isArg(x)
			return !found
		})
	}
	if strings.Contains(p, "[") {
		s.Expr.Walk(func(x *parse.Expr) bool {
			found = found || l.isArg(x) && text.StripSpace(parse.ExprText(l.fn.File, x)) == p
			return !found
		})
		return found
	}
	set := func(s *parse.Stmt) {
		s.Exprs(func(e *parse.Expr) {
			if e.Kind == parse.XAssign && e.Op == token.Assign && e.X.Strip().Name == p {
				look(e.Y)
			}
		})
		for _, d := range s.Decls {
			if d.Name == p && d.Init != nil {
				look(d.Init)
			}
		}
	}
	if s.Init != nil {
		set(s.Init)
	}
	if up := s.Parent; !found && up != nil && up.Kind == parse.SBlock {
		for i, x := range up.List {
			if x == s && i > 0 {
				set(up.List[i-1])
			}
		}
	}
	return found
}

func (l *letters) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := l.fn.File
	sp := &patch.Spelling{Dash: "--", Func: l.fn, Near: p.Steps, Loose: l.loose}
	for c := range l.used {
		sp.Peers = append(sp.Peers, "-"+string(c))
	}
	letter, err := j.Letter(f.Path, l.used, false)
	if err != nil {
		return nil, err
	}
	sp.Short = letter
	read, err := j.Reader(l.fn)
	if err != nil {
		return nil, err
	}
	if err := j.Include(f, "string.h"); err != nil && !usesStrings(f) {
		return nil, err
	}
	d := &getopt.Dispatch{Fn: l.fn, Forms: l.n.Forms, Sw: l.sw}
	d.Then = l.skip
	has := strings.TrimPrefix(l.rest, "&") + ` != '\0'`
	if !strings.HasPrefix(l.rest, "&") {
		if q, ok := strings.CutSuffix(l.rest, " + 1"); ok {
			has = q + `[1] != '\0'`
		} else {
			has = "*" + l.rest + ` != '\0'`
		}
	}
	return sp, d.AddCaseOf(j, "'"+letter+"'", read, has+" ? "+l.rest+" : NULL", l.shown, sp)
}
