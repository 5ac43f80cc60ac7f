package rewrite

import (
	"github.com/keepatch/keepatch/parse"
)

// settle turns a place in the tree into a line of the file, and refuses where
// no whole line fits.
func (a *anchorer) settle(pl *place) (*place, string) {
	f := a.sp.file
	src := f.Src
	end := 0 // of the last byte that the block must stand behind
	if pl.after != nil {
		// Not between declarations: the call initialises one of them.
		for n := next(pl.after); pl.after.Kind == parse.SDecl && n != nil && n.Kind == parse.SDecl && !midway(pl.after); n = next(n) {
			pl.after = n
		}
		end = pl.after.End
	} else {
		if len(pl.list.List) > 0 {
			// Declarations come first in C89 blocks.
			for _, s := range pl.list.List {
				if s.Kind != parse.SDecl {
					break
				}
				pl.after = s
			}
		}
		end = pl.list.Pos + 1
		if pl.after != nil {
			end = pl.after.End
		}
	}
	if end <= 0 || end > len(src) {
		return nil, "the end of the creation block lies outside the file"
	}
	line, ok := lineAfter(f, end)
	if !ok {
		return nil, "other code stands on the line behind the creation block"
	}
	// A check under an #if of its own ends with the #endif.
	mine, there := arms(f, a.sp.call.Pos), arms(f, line)
	shared := 0
	for shared < len(mine) && shared < len(there) && mine[shared].start == there[shared].start {
		if mine[shared].arm != there[shared].arm {
			break
		}
		shared++
	}
	if shared < len(there) && (shared >= len(mine) || mine[shared].start != there[shared].start) {
		g := there[shared]
		if g.end == 0 {
			return nil, "an #if that is never closed stands around the check"
		}
		line = lineEnd(src, g.end)
		pl.moved = true
		if !g.hasElse && pl.check != nil {
			pl.test = true // a build without the #if has no check
		}
	} else if shared < len(mine) && shared < len(there) {
		return nil, "the call and its check stand in different arms of an #if"
	}
	pl.at = line
	pl.base = a.indent(pl)
	if a.fallsThrough(pl) {
		pl.test = true
	}
	return pl, ""
}

// fallsThrough reports whether a build with other #if branches comes out of
// the error check with a bad descriptor.
func (a *anchorer) fallsThrough(pl *place) bool {
	c := pl.check
	if c == nil || c != pl.after || c.Kind != parse.SIf || !a.exits.leaves(a.sp.file, c.Body) {
		return false
	}
	found := false
	for _, fn := range a.sp.file.FuncsAt(c.Pos) {
		if fn.Macro != nil || fn == a.sp.fn {
			continue
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SIf && s.Pos == c.Pos && s.End == c.End && !a.exits.leaves(a.sp.file, s.Body) {
				found = true
			}
			return !found
		})
	}
	return found
}

// indent is the white space that statements of the list begin with.
func (a *anchorer) indent(pl *place) string {
	src := a.sp.file.Src
	if s := unlabelled(pl.after); s != nil && s.Kind != parse.SLabel && firstOnLine(src, s.Pos) {
		return indentAt(src, s.Pos)
	}
	// A neighbour that begins its line.
	for _, s := range pl.list.List {
		if s.Kind != parse.SLabel && s.Kind != parse.SCase && s.Kind != parse.SDefault && firstOnLine(src, s.Pos) {
			return indentAt(src, s.Pos)
		}
	}
	if pl.after != nil {
		return indentAt(src, pl.after.Pos)
	}
	return indentAt(src, pl.list.Pos) + "\t"
}

// unlabelled is the statement behind the labels in front of it.
func unlabelled(s *parse.Stmt) *parse.Stmt {
	for s != nil && s.Body != nil && (s.Kind == parse.SLabel || s.Kind == parse.SCase || s.Kind == parse.SDefault) {
		s = s.Body
	}
	return s
}
