package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// LinePlace turns a place in the tree into a line of the file, and refuses where
// no whole line fits.
func (a *Search) LinePlace(pl *Place) (*Place, string) {
	f := a.spot.File
	src := f.Src
	end := 0 // of the last byte that the block must stand after
	if pl.After != nil {
		// Not between declarations: the call initialises one of them.
		for n := ctree.Next(pl.After); pl.After.Kind == parse.SDecl && n != nil &&
			n.Kind == parse.SDecl && !pl.After.IsMixedDecl(); n = ctree.Next(n) {
			pl.After = n
		}
		end = pl.After.End
	} else {
		if len(pl.List.List) > 0 {
			// Declarations come first in C89 blocks.
			for _, s := range pl.List.List {
				if s.Kind != parse.SDecl || a.servedIn(s) {
					break
				}
				pl.After = s
			}
		}
		end = pl.List.Pos + 1
		if pl.After != nil {
			end = pl.After.End
		}
	}
	if end <= 0 || end > len(src) {
		return nil, "the end of the creation block is outside the file"
	}
	line, ok := ctree.LineAfter(f, end)
	if n := a.saidOnLine(pl); !ok && n != nil {
		pl.After = n
		line, ok = ctree.LineAfter(f, n.End)
	}
	if !ok {
		return nil, "other code follows the creation block on the same line"
	}
	// A check under an #if of its own ends with the #endif.
	mine, there := ctree.Arms(f, a.spot.Call.Pos), ctree.Arms(f, line)
	last := pl.After
	shared := 0
	for shared < len(mine) && shared < len(there) && mine[shared].Start == there[shared].Start {
		if mine[shared].Arm != there[shared].Arm {
			break
		}
		shared++
	}
	if shared < len(there) && (shared >= len(mine) || mine[shared].Start != there[shared].Start) {
		g := there[shared]
		if g.End == 0 {
			return nil, "an unclosed #if surrounds the check"
		}
		line = a.pastBodies(pl, g)
		if pl.List.End > 0 && pl.List.End < line {
			return nil, "the #if around the check ends behind its block"
		}
		pl.Moved = true
		if !g.HasElse && pl.Check != nil && pl.Check.Pos > g.Start {
			pl.Test = true // a build without the #if has no check
		}
	} else if shared < len(mine) && shared < len(there) {
		return nil, "the call and its check are in different arms of an #if"
	}
	pl.Offset = line
	pl.Base = a.indent(&Place{List: pl.List, After: last})
	if a.fallsThrough(pl) {
		pl.Test = true
	}
	return pl, ""
}

// pastBodies is the line after the #endif of an arm that the creation block ends in, and after
// the arms that follow it at once where all hold the body of the check, each in its own way:
//
//	if ((fd = socket(...)) < 0)
//	#ifdef ENGLISH
//		fatal("no socket");
//	#endif
//	#ifdef FRENCH
//		fatal("pas de socket");
//	#endif
func (a *Search) pastBodies(pl *Place, g ctree.Arm) int {
	f := a.spot.File
	line := text.LineEnd(f.Src, g.End)
	c := pl.After
	if c == nil || c.Kind != parse.SIf || c.Else != nil || c.Body == nil || c.Pos > g.Start || c.Body.Pos < g.Start {
		return line
	}
	for n := ctree.Next(c); n != nil; n = ctree.Next(n) {
		arms := ctree.Arms(f, n.Pos)
		if len(arms) == 0 {
			break
		}
		own := arms[len(arms)-1]
		if own.End == 0 || own.Start < line || len(strings.TrimSpace(string(f.Src[line:own.Start]))) > 0 || n.End > own.End {
			break
		}
		if after := ctree.Next(n); after != nil && after.Pos < own.End {
			break // more than a body
		}
		pl.After, line = n, text.LineEnd(f.Src, own.End)
	}
	return line
}

// saidOnLine is the message that begins on the line on which the creation block ends:
// if (fd < 0) { ... } trace("new descriptor %d", fd);
func (a *Search) saidOnLine(pl *Place) *parse.Stmt {
	if pl.After == nil {
		return nil
	}
	n := ctree.Next(pl.After)
	if n == nil || n.Kind != parse.SExpr || !a.logsDescriptor(n.Expr) && ctree.Mentions(a.spot.File, n.Expr, a.spot.Key) ||
		ctree.LiteralIndex(n.Expr.Strip()) < 0 {
		return nil
	}
	return n
}

// fallsThrough reports whether a build with other #if branches comes out of
// the error check with a bad descriptor.
func (a *Search) fallsThrough(pl *Place) bool {
	c := pl.Check
	if c == nil || c != pl.After || c.Kind != parse.SIf || !a.exits.Leaves(a.spot.File, c.Body) {
		return false
	}
	found := false
	for _, fn := range a.spot.File.FuncsAt(c.Pos) {
		if fn.Macro != nil || fn == a.spot.Func {
			continue
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SIf && s.Pos == c.Pos && s.End == c.End && !a.exits.Leaves(a.spot.File, s.Body) {
				found = true
			}
			return !found
		})
	}
	return found
}

// indent is the white space that statements of the list begin with.
func (a *Search) indent(pl *Place) string {
	src := a.spot.File.Src
	if s := unlabelled(pl.After); s != nil && s.Kind != parse.SLabel && text.FirstOnLine(src, s.Pos) {
		return usualIndent(src, pl.List, text.IndentAt(src, s.Pos))
	}
	// A neighbour that begins its line.
	for _, s := range pl.List.List {
		if s.Kind != parse.SLabel && s.Kind != parse.SCase && s.Kind != parse.SDefault && text.FirstOnLine(src, s.Pos) {
			return text.IndentAt(src, s.Pos)
		}
	}
	if pl.After != nil {
		return text.IndentAt(src, pl.After.Pos)
	}
	return text.IndentAt(src, pl.List.Pos) + "\t"
}

// usualIndent is an indentation, or the one that all other statements of a list have where it is
// the only one that reaches the same column by other blanks.
func usualIndent(src []byte, list *parse.Stmt, own string) string {
	other, n := "", 0
	for _, s := range list.List {
		if !text.FirstOnLine(src, s.Pos) {
			continue
		}
		switch in := text.IndentAt(src, s.Pos); {
		case in == own:
			n--
		case other == "" || in == other:
			other, n = in, n+1
		default:
			return own
		}
	}
	if n < 2 || text.Width(other, 8) != text.Width(own, 8) {
		return own
	}
	return other
}

// unlabelled is the statement after the labels before it.
func unlabelled(s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Body != nil && (s.Kind == parse.SLabel || s.Kind == parse.SCase || s.Kind == parse.SDefault) {
		s = s.Body
	}
	return s
}
