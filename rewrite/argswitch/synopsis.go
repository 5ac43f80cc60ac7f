package argswitch

import (
	"strings"
)

// synopsis adds the option to a line of the form "usage: prog [-ab] [-c FILE]".
// Where a list of the options has told of it already, only if the line stays
// short.
func (j *job) synopsis(sp *spelling, listed bool) bool {
	known := map[string]bool{}
	for _, p := range sp.peers {
		known[p] = true
	}
	added := false
	for _, b := range j.blocks(sp) {
		told, lastRun := false, 0
		for _, l := range b.lines {
			run := b.run(l)
			in := strings.TrimLeft(strings.ReplaceAll(l.text, `\t`, " "), " ")
			if told && (run == lastRun || strings.HasPrefix(in, "[")) {
				continue // the same synopsis goes on
			}
			told = false
			groups := optionGroups(l.text)
			hits := 0
			for _, g := range groups {
				if known[g.key] {
					hits++
				}
			}
			if hits < 2 && !(hits == 1 && strings.Contains(strings.ToLower(l.text), "usage")) || strings.HasSuffix(b.f.Path, ".h") && inMacro(b.f, l.off) {
				continue
			}
			text := "-" + sp.short
			if sp.short == "" {
				text = sp.dash + sp.long
				text += "[=" + argShown + "]"
			} else {
				text += "["
				if sp.equal {
					text += "="
				}
				text += argShown + "]"
			}
			if sp.flag {
				text, _, _ = strings.Cut(text, "[")
			} else if sp.must {
				text = strings.NewReplacer("[=", " ", "[I", " I", "]]]", "]]").Replace(text)
			} else if sp.detach {
				text = strings.TrimSuffix(strings.Replace(strings.Replace(text, "[=", " [", 1), "[I", " [I", 1), "")
			}
			if strings.ToLower(l.text) == l.text || lowerArgs(l.text) {
				text = text[:2] + strings.ToLower(text[2:])
			}
			text = "[" + text + "]"
			if listed && len(l.text)+len(text)+1 > 79 {
				continue
			}
			at, ok := groupPlace(l.text, groups, sp)
			if !ok {
				continue
			}
			if at.after {
				text = " " + text
			} else {
				text += " "
			}
			j.insert(b.f, l.off+at.i, text)
			added, told, lastRun = true, true, run
		}
	}
	return added
}

// lowerArgs reports whether arguments are shown in lower case.
func lowerArgs(s string) bool {
	low, up := 0, 0
	for _, g := range optionGroups(s) {
		if len(g.arg) > 1 {
			if g.arg == strings.ToLower(g.arg) {
				low++
			} else {
				up++
			}
		}
	}
	return low > up
}

// optionGroup is one [-x ARG] of a synopsis.
type optionGroup struct {
	from, to int
	key      string // "-x", the first one of a cluster, or "--name"
	cluster  bool
	arg      string
}

func optionGroups(s string) []optionGroup { return groupsOf(s, func(in string) string { return in }) }

// groupsOf is the same for a text in which other words stand for the plain
// ones.
func groupsOf(s string, plain func(string) string) []optionGroup {
	var out []optionGroup
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '[':
			if depth == 0 {
				from = i
			}
			depth++
		case ']':
			if depth == 0 {
				continue
			}
			depth--
			if depth > 0 {
				continue
			}
			in := strings.TrimSpace(plain(s[from+1 : i]))
			if !strings.HasPrefix(in, "-") || len(in) < 2 {
				continue
			}
			g := optionGroup{from: from, to: i + 1}
			word, arg, _ := strings.Cut(in, " ")
			if len(word) < 2 {
				continue // a hyphen by itself, for the standard input
			}
			g.arg = strings.Trim(arg, "<> ")
			if strings.HasPrefix(in, "--") {
				g.key, _, _ = strings.Cut(word, "=")
			} else {
				g.key = word[:2]
				g.cluster = len(word) > 2 && arg == "" && !strings.ContainsAny(word, "[=|:<")
			}
			out = append(out, g)
		}
	}
	return out
}

type groupSpot struct {
	i     int
	after bool
}

// groupPlace is the option's place among the groups.
func groupPlace(s string, groups []optionGroup, sp *spelling) (groupSpot, bool) {
	own := sortKey("-" + sp.short)
	if sp.short == "" {
		own = sortKey(sp.long)
	}
	sorted := true
	var prev string
	var single []optionGroup
	for _, g := range groups {
		if g.cluster {
			continue
		}
		k := sortKey(g.key)
		sorted = sorted && prev <= k
		prev = k
		single = append(single, g)
	}
	if sorted && len(single) > 1 {
		for _, g := range single {
			if sortKey(g.key) > own {
				return groupSpot{g.from, false}, true
			}
		}
	}
	if len(groups) == 0 {
		return groupSpot{}, false
	}
	return groupSpot{groups[len(groups)-1].to, true}, true
}

// run tells the texts of a function apart: one is what a statement prints, or
// what a variable or macro holds.
func (b *block) run(l *usageLine) int {
	if s := statementOf(b.f, l.lit.off); s != nil {
		return s.Pos
	}
	return b.from
}
