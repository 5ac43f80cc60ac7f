package ctree

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// Arm is one arm of an #if that holds an offset.
type Arm struct {
	Start   int // of the #if
	Arm     int // of the directive that opens the arm
	End     int // of the #endif, 0 when there is none
	HasElse bool
}

// Arms returns the #if arms that hold an offset, outermost first; include
// guards are among them, as both offsets compared stand in them.
func Arms(f *parse.File, off int) []Arm {
	var open []Arm
	cut := -1 // depth at which off was passed
	var held []Arm
	for _, d := range f.Dirs {
		t := f.Toks[d.Tok]
		if cut < 0 && int(t.Off) >= off {
			cut = len(open)
			held = append([]Arm(nil), open...)
		}
		switch d.Name {
		case "if", "ifdef", "ifndef":
			open = append(open, Arm{Start: int(t.Off), Arm: int(t.Off)})
		case "elif", "else", "elifdef", "elifndef":
			if len(open) > 0 {
				x := &open[len(open)-1]
				x.Arm = int(t.Off)
				if d.Name == "else" {
					x.HasElse = true
					if cut >= len(open) {
						held[len(open)-1].HasElse = true
					}
				}
			}
		case "endif":
			if n := len(open); n > 0 {
				open = open[:n-1]
				if cut >= 0 && n <= cut && n <= len(held) && held[n-1].End == 0 {
					held[n-1].End = int(t.Off)
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

// Within reports whether everything under the arms of outer is compiled
// wherever inner is.
func Within(inner, outer []Arm) bool {
	if len(outer) > len(inner) {
		return false
	}
	for i := range outer {
		if outer[i].Start != inner[i].Start || outer[i].Arm != inner[i].Arm {
			return false
		}
	}
	return true
}

// GuardSet are the #if conditions that hold at a place.
type GuardSet map[string]bool

// GuardsAt returns the #if conditions that an offset is under.
func GuardsAt(f *parse.File, off int) GuardSet {
	s := GuardSet{}
	for _, g := range f.Guards(InsertedAt(f, off)) {
		s[g] = true
	}
	return s
}

// InsertedAt is the offset of code in whose #if arms text stands that is inserted at an
// offset: at the line of a directive it stands before that.
func InsertedAt(f *parse.File, off int) int {
	for _, d := range f.Dirs {
		if at := int(f.Toks[d.Tok].Off); at >= off {
			if d.Tok > 0 && len(bytes.TrimSpace(f.Src[off:at])) == 0 {
				off = int(f.Toks[d.Tok-1].Off)
			}
			break
		}
	}
	return off
}

// Covers reports whether one of the places, each given by the conditions it
// stands under, is compiled wherever here is: its conditions hold here, or both
// it and one under the opposite condition are there.
func Covers(here GuardSet, places []GuardSet) bool {
	return coversBelow(here, places, 4)
}

func coversBelow(here GuardSet, places []GuardSet, depth int) bool {
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

func (s GuardSet) with(g string) GuardSet {
	out := GuardSet{g: true}
	for k := range s {
		out[k] = true
	}
	return out
}

// Holds reports whether the conditions of s hold wherever those of g do.
func (s GuardSet) Holds(g GuardSet) bool {
	for c := range s {
		if !g[c] {
			return false
		}
	}
	return true
}

// GuardLines are the directives, outermost first, that put text at an offset under
// the #if conditions that another offset stands under beyond it. There are none where
// one of them is an #elif, or asks for a macro that is defined between the two.
func GuardLines(f *parse.File, inner, outer int) (lines []string) {
	in, out := Arms(f, inner), Arms(f, outer)
	if len(in) <= len(out) || !Within(in, out) {
		return nil
	}
	for _, arm := range in[len(out):] {
		line := guardLine(f, arm, inner)
		if line == "" || setBetween(f, line, outer, inner) {
			return nil
		}
		lines = append(lines, line)
	}
	return lines
}

// guardLine is the directive of one arm.
func guardLine(f *parse.File, arm Arm, inner int) string {
	line := strings.TrimSpace(string(f.Src[arm.Start:text.LineEnd(f.Src, arm.Start)]))
	if arm.Arm == arm.Start {
		if strings.HasSuffix(line, "\\") {
			return ""
		}
		return line
	}
	word, name, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), " ")
	if name = strings.TrimSpace(name); !IsName(name) ||
		!strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(string(f.Src[arm.Arm:text.LineEnd(f.Src, arm.Arm)]), "#")), "else") {
		return ""
	}
	for _, g := range f.Guards(inner) {
		switch {
		case word == "ifdef" && g == "!"+name:
			return "#ifndef " + name
		case word == "ifndef" && g == name:
			return "#ifdef " + name
		}
	}
	return ""
}

// setBetween reports whether a macro that a directive asks for is defined, or taken
// away, between two offsets.
func setBetween(f *parse.File, line string, from, to int) bool {
	for _, d := range f.Dirs {
		off := int(f.Toks[d.Tok].Off)
		if off < from || off >= to || d.Name != "define" && d.Name != "undef" {
			continue
		}
		if w := strings.FieldsFunc(d.Text, func(r rune) bool { return r == ' ' || r == '\t' || r == '(' }); len(w) > 0 &&
			text.HasWord(line, w[0]) {
			return true
		}
	}
	return false
}

// opposite is the condition under which an arm with condition g is left out, as
// Guard spells it.
func opposite(g string) string {
	if rest, ok := strings.CutPrefix(g, "!"); ok {
		if IsName(rest) {
			return rest
		}
		if in, ok := strings.CutPrefix(rest, "("); ok && strings.HasSuffix(in, ")") && strings.IndexByte(in, ')') == len(in)-1 {
			return strings.TrimSuffix(in, ")")
		}
	}
	if IsName(g) || !strings.ContainsAny(g, "&|<>= ") {
		return "!" + g
	}
	return "!(" + g + ")"
}

// Without drops the condition that a macro is not defined yet, under which its
// default is given.
func (s GuardSet) Without(name string) GuardSet {
	delete(s, "!"+name)
	return s
}

// HasDirective reports whether a directive stands between two offsets: what is there differs
// with the build.
func HasDirective(f *parse.File, from, to int) bool {
	for _, d := range f.Dirs {
		if at := int(f.Toks[d.Tok].Off); from < at && at < to {
			return true
		}
	}
	return false
}
