package rewrite

import "github.com/keepatch/keepatch/parse"

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

// within reports whether everything under the arms of outer is compiled
// wherever inner is.
func within(inner, outer []arm) bool {
	if len(outer) > len(inner) {
		return false
	}
	for i := range outer {
		if outer[i].start != inner[i].start || outer[i].arm != inner[i].arm {
			return false
		}
	}
	return true
}

// guardSet are the #if conditions that hold at a place.
type guardSet map[string]bool

func guardsAt(f *parse.File, off int) guardSet {
	s := guardSet{}
	for _, g := range f.Guards(off) {
		s[g] = true
	}
	return s
}

// covers reports whether one of the places, each given by the conditions it
// stands under, is compiled wherever here is: its conditions hold here, or both
// it and one under the opposite condition are there.
func covers(here guardSet, places []guardSet) bool {
	return coversBelow(here, places, 4)
}

func coversBelow(here guardSet, places []guardSet, depth int) bool {
	open := ""
	for _, p := range places {
		missing := 0
		for g := range p {
			if !here[g] {
				missing++
				if open == "" || g < open {
					open = g
				}
			}
		}
		if missing == 0 {
			return true
		}
	}
	if open == "" || depth == 0 {
		return false
	}
	return coversBelow(here.with(open), places, depth-1) && coversBelow(here.with(opposite(open)), places, depth-1)
}

func (s guardSet) with(g string) guardSet {
	out := guardSet{g: true}
	for k := range s {
		out[k] = true
	}
	return out
}

// opposite is the condition under which an arm with condition g is left out, as
// Guard spells it.
func opposite(g string) string {
	if len(g) > 0 && g[0] == '!' {
		return g[1:]
	}
	return "!" + g
}

// without drops the condition that a macro is not defined yet, under which its
// default is given.
func (s guardSet) without(name string) guardSet {
	delete(s, "!"+name)
	return s
}
