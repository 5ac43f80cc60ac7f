package argv

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// stepped reports whether the function moves along its list of arguments, or changes it.
func (l *loop) stepped(list string) bool {
	found := false
	l.fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.X.Bare() == nil {
					return true
				}
				switch {
				case x.Kind == parse.XAssign && (x.X.Bare().Name == list || ofList(x.X.Strip(), list)),
					(x.Kind == parse.XPostfix || x.Kind == parse.XUnary && (x.Op == token.Inc || x.Op == token.Dec)) && x.X.Bare().Name == list:
					found = true
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// exclusive reports whether main() compares one argument at a fixed place with words of
// which a user can give just one: a number of arguments belongs to each, or a word is a
// command that makes the sockets. An option among them would stand alone, too, and do nothing.
func (l *loop) exclusive(j *patch.Patch, p *program.Program) bool {
	list, index, ok := strings.Cut(strings.TrimSuffix(l.x, "]"), "[")
	if !ok || index == "" || strings.Trim(index, "0123456789") != "" || l.sw != nil || l.n != p.Main ||
		len(l.fn.Params) == 0 || l.stepped(list) {
		return false
	}
	for _, s := range l.links {
		if equalsNumber(s.Expr, l.fn.Params[0].Name) || leadsToSite(j, l.n.File, s.Body) {
			return true
		}
		for up := s.Parent; up != nil; up = up.Parent {
			if up.Kind == parse.SIf && up.Body.Pos <= s.Pos && s.End <= up.Body.End && equalsNumber(up.Expr, l.fn.Params[0].Name) {
				return true
			}
		}
	}
	return false
}

// equalsNumber recognises argc == 2 in a condition.
func equalsNumber(e *parse.Expr, name string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XBinary && x.Op == token.EqEq && x.X.Strip() != nil && x.Y.Strip() != nil {
			a, b := x.X.Strip(), x.Y.Strip()
			found = found || a.Kind == parse.XIdent && a.Name == name && b.Kind == parse.XNumber ||
				b.Kind == parse.XIdent && b.Name == name && a.Kind == parse.XNumber
		}
		return !found
	})
	return found
}

// leadsToSite reports whether a statement calls what makes one of the sockets.
func leadsToSite(j *patch.Patch, f *parse.File, s *parse.Stmt) bool {
	for _, t := range f.Between(s.Pos, s.End) {
		if t.Kind != token.Ident {
			continue
		}
		for _, n := range j.Tree.Find(f.Text(t), f) {
			if n.Macro || n.Name == "main" {
				continue
			}
			steps := j.Tree.Reach(n)
			for _, site := range j.Sites {
				if _, ok := steps[site]; ok {
					return true
				}
			}
		}
	}
	return false
}
