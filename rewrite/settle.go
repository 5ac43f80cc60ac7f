package rewrite

import (
	"bytes"
	"sort"

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

// lineAfter returns the start of the line behind the one that holds end, a
// comment that begins on that line included. ok is false when other code
// shares the line.
func lineAfter(f *parse.File, end int) (int, bool) {
	src := f.Src
	for {
		le := lineEnd(src, end)
		rest := src[end:le]
		trimmed := bytes.TrimLeft(rest, " \t")
		off := end + len(rest) - len(trimmed)
		if len(bytes.TrimSpace(trimmed)) == 0 {
			return le, true
		}
		i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].Off) >= off })
		if i < len(f.Comments) && int(f.Comments[i].Off) == off {
			end = int(f.Comments[i].End)
			if f.Comments[i].Line {
				return lineEnd(src, int(f.Comments[i].Off)), true
			}
			continue
		}
		return 0, false
	}
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

// arm is one arm of an #if that holds an offset.
type arm struct {
	start   int // of the #if
	arm     int // of the directive that opens the arm
	end     int // of the #endif, 0 when there is none
	hasElse bool
}

// arms returns the #if arms that hold an offset, outermost first; include
// guards are among them, as both offsets compared stand in them.
func arms(f *parse.File, off int) []arm {
	var open []arm
	cut := -1 // depth at which off was passed
	var held []arm
	for _, d := range f.Dirs {
		t := f.Toks[d.Tok]
		if cut < 0 && int(t.Off) >= off {
			cut = len(open)
			held = append([]arm(nil), open...)
		}
		switch d.Name {
		case "if", "ifdef", "ifndef":
			open = append(open, arm{start: int(t.Off), arm: int(t.Off)})
		case "elif", "else", "elifdef", "elifndef":
			if len(open) > 0 {
				x := &open[len(open)-1]
				x.arm = int(t.Off)
				if d.Name == "else" {
					x.hasElse = true
					if cut >= len(open) {
						held[len(open)-1].hasElse = true
					}
				}
			}
		case "endif":
			if n := len(open); n > 0 {
				open = open[:n-1]
				if cut >= 0 && n <= cut && n <= len(held) && held[n-1].end == 0 {
					held[n-1].end = int(t.Off)
				}
				if cut >= n {
					cut = n - 1
				}
			}
		}
		if cut == 0 {
			break
		}
	}
	return held
}
