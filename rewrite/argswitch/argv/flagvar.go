package argv

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// readFlag takes a switch over a variable that holds the letter of an argument, set in
// front of it:
//
//	char *p = argv[0] + 1;
//	int flag = *p++;
//	switch (flag) {
//
// or flag = argv[i][1]. What stands after the letter is where the pointer is then.
func readFlag(n *program.Node, fn *parse.Func, sw *parse.Stmt) *letters {
	if sw.Kind != parse.SSwitch || sw.Body == nil || sw.Expr == nil || sw.Expr.Strip() == nil {
		return nil
	}
	v := sw.Expr.Strip()
	if v.Kind != parse.XIdent || sw.Parent == nil || sw.Parent.Kind != parse.SBlock {
		return nil
	}
	l := &letters{n: n, fn: fn, sw: sw, used: map[byte]bool{}}
	before := upTo(sw.Parent, sw)
	from, at := lastSet(before, v.Name)
	if from == nil {
		return nil
	}
	if x, ok := secondChar(fn.File, from); ok && l.isArg(secondOf(from)) {
		l.rest, l.shown = "&"+x+"[2]", x
		if x[0] == '*' {
			l.rest = "&(" + x + ")[2]"
		}
	} else if p, ok := stepped(from, parse.XPostfix); ok && l.begins(before[:at+1], p, "1") {
		l.rest, l.shown, l.loose = p, p, setsAgain(before[at+1:], p)
	} else if p, ok := stepped(from, parse.XUnary); ok && l.begins(before[:at+1], p, "0") {
		l.rest, l.shown = p+" + 1", p+" + 1"
	} else {
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
	getopt.Labels(n, sw, v.Name, l.used)
	return l
}

// setsAgain reports whether a pointer may be set to another word after the letter was read.
func setsAgain(list []*parse.Stmt, p string) bool {
	found := false
	for _, s := range list {
		s.Walk(func(x *parse.Stmt) bool {
			x.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					if e.Kind == parse.XAssign && e.X.Strip() != nil && e.X.Strip().Name == p && e.Y.Strip() != nil {
						k := e.Y.Strip().Kind
						found = found || k == parse.XUnary || k == parse.XIndex
					}
					return !found
				})
			})
			return !found
		})
	}
	return found
}

// upTo are the statements of a block in front of one.
func upTo(block, s *parse.Stmt) []*parse.Stmt {
	for i, x := range block.List {
		if x == s {
			return block.List[:i]
		}
	}
	return nil
}

// lastSet is the value that a variable was given last, by a statement or a declaration.
func lastSet(list []*parse.Stmt, name string) (*parse.Expr, int) {
	for i := len(list) - 1; i >= 0; i-- {
		s := list[i]
		for _, d := range s.Decls {
			if d.Name == name {
				if d.Init == nil {
					return nil, i
				}
				return d.Init.Strip(), i
			}
		}
		if e := s.Expr.Strip(); s.Kind == parse.SExpr && e != nil && e.Kind == parse.XAssign && e.Op == token.Assign &&
			e.X.Strip() != nil && e.X.Strip().Kind == parse.XIdent && e.X.Strip().Name == name {
			return e.Y.Strip(), i
		}
	}
	return nil, 0
}

// secondOf is the word of argv[i][1] or *(argv[i] + 1).
func secondOf(e *parse.Expr) *parse.Expr {
	if e.Kind == parse.XUnary {
		e = e.X.Strip()
	}
	return e.X.Strip()
}

// begins reports whether a pointer was set to the character of an argument with that index.
func (l *letters) begins(list []*parse.Stmt, p, index string) bool {
	e, _ := lastSet(list, p)
	if e == nil {
		return false
	}
	f := l.fn.File
	switch {
	case index == "0" && l.isArg(e):
		return true
	case e.Kind == parse.XBinary && e.Op == token.Add && l.isArg(e.X.Strip()):
		return text.StripSpace(parse.ExprText(f, e.Y)) == index
	case e.Kind == parse.XUnary && e.Op == token.And && e.X.Strip() != nil && e.X.Strip().Kind == parse.XIndex:
		x := e.X.Strip()
		return l.isArg(x.X.Strip()) && text.StripSpace(parse.ExprText(f, x.Y)) == index
	}
	return false
}
