package proof

import (
	"slices"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/cond"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// markCall stands for the block where the text of a function is read anew.
const markCall = "keepatch_block"

// Compiled holds that the block is compiled wherever the call is, and that it is a statement
// of its own there. The trees of a function know the arms of its #if groups, not what is left
// where a group without #else is taken out:
//
//	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
//	#ifdef ENGLISH
//		fatal("no socket");
//	#endif
//	#ifdef FRENCH
//		fatal("pas de socket");
//	#endif
//
// Between the two a block would be what is done on failure.
func Compiled(sp *anchor.Spot, pl *anchor.Place) *Breach {
	f := sp.File
	if guard := besides(f, pl.Offset, sp.Call.Pos); guard != "" {
		return &Breach{obligation: "compiled", why: "without " + guard + " the socket is made and the block left out"}
	}
	if pl.Braces != nil || pl.Else != nil {
		return nil
	}
	for _, g := range groupsBetween(f, sp.Call.Pos, pl) {
		if !ownStatement(sp, pl, g) {
			return &Breach{obligation: "compiled", why: "without " + g.Branches[0].Guard() + " the block would become the body of another statement"}
		}
	}
	return nil
}

// besides returns a condition under which the code at an offset stands and that at another
// does not, "" where it is compiled wherever the other is. What asks for the option itself, or
// always holds on Linux, is no condition of that kind.
func besides(f *parse.File, off, other int) string {
	here, arms := ctree.GuardsAt(f, other), f.Chain(f.TokAt(other))
	for _, b := range f.Chain(f.TokAt(ctree.InsertedAt(f, off))) {
		guard := b.Guard()
		if guard == "" || here[guard] || slices.Contains(arms, b) || b.Holds("linux") == cond.Yes ||
			text.HasWord(guard, "SO_KEEPALIVE") || text.HasWord(guard, "SOL_SOCKET") {
			continue
		}
		return guard
	}
	return ""
}

// groupsBetween returns the #if groups without #else that begin between the call and the
// statement after the place.
func groupsBetween(f *parse.File, call int, pl *anchor.Place) (list []*cond.Group) {
	end := pl.Offset
	if n := anchor.NextStmt(pl); n != nil {
		end = max(end, n.Pos)
	}
	f.Arms(func(b *cond.Branch, _ int) {
		if g := b.Group; g.Off > call && g.Off < end && len(g.Branches) == 1 {
			list = append(list, g)
		}
	})
	return list
}

// ownStatement reports whether the block is a statement of a list where a group is left out.
func ownStatement(sp *anchor.Spot, pl *anchor.Place, g *cond.Group) bool {
	f := sp.File
	if pl.Offset > g.Off && pl.Offset < g.End {
		return true // it is left out as well
	}
	a, b := text.LineStart(f.Src, sp.Func.Start), max(sp.Func.End, pl.Offset) // a function may lack its brace
	src := append([]byte(nil), f.Src[a:pl.Offset]...)
	src = append(src, markCall+"();\n"...)
	src = append(src, f.Src[pl.Offset:b]...)
	src = append(src, '\n')
	shift := -a
	if g.Off >= pl.Offset {
		shift += len(markCall + "();\n")
	}
	for i := max(g.Off+shift, 0); i < min(g.End+shift, len(src)); i++ {
		if src[i] != '\n' {
			src[i] = ' '
		}
	}
	own := true
	for _, fn := range parse.New(f.Path, src).Funcs {
		if fn.Macro != nil {
			continue
		}
		ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if c.Callee() == markCall && (s == nil || s.Parent == nil || s.Parent.Kind != parse.SBlock) {
				own = false
			}
		})
	}
	return own
}
