package usage

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// synopsis adds the option to a line of the form "usage: prog [-ab] [-c FILE]".
// Where a list of the options has told of it already, only if the line stays
// short.
func synopsis(j *patch.Patch, sp *patch.Spelling, listed bool) bool {
	known := map[string]bool{}
	for _, p := range sp.Peers {
		known[p] = true
	}
	added := false
	for _, b := range Blocks(j, sp) {
		told, lastRun := false, 0
		if b.ofLiterals(j, sp, known, listed) {
			added = true
			continue
		}
		for k, l := range b.Lines {
			run := b.textID(l)
			in := strings.TrimLeft(strings.ReplaceAll(l.text, `\t`, " "), " ")
			if told && (run == lastRun || strings.HasPrefix(in, "[")) {
				continue // the same synopsis goes on
			}
			told = false
			groups := optionGroups(l.text)
			hits := 0
			for _, g := range groups {
				hits += g.hits(known)
			}
			if !b.f.SameGuards(l.lit.Off, b.anchor()) {
				continue // of one build
			}
			if hits < 2 && !(hits == 1 && strings.Contains(strings.ToLower(l.text), "usage")) ||
				strings.HasSuffix(b.f.Path, ".h") && inMacro(b.f, l.off) {
				continue
			}
			text := synopsisText(sp, b.lowerCase(k))
			at := b.lineWithRoom(k, len(text)+1)
			if listed && at.width+len(text)+1 > 79 {
				continue
			}
			spot, ok := GroupPlace(at.line.text, at.groups, sp)
			if !ok {
				continue
			}
			if spot.After {
				text = " " + text
			} else {
				text += " "
			}
			j.Insert(b.f, at.line.off+spot.I, text)
			added, told, lastRun = true, true, run
		}
	}
	return added
}

// ofLiterals adds the option to a synopsis that has a literal for each of its options, on a
// line of its own: as one more of them.
func (b *Block) ofLiterals(j *patch.Patch, sp *patch.Spelling, known map[string]bool, listed bool) bool {
	own := SortKey("-" + sp.Short)
	if sp.Short == "" {
		own = SortKey(sp.Long)
	}
	var run []*Line
	try := func() bool {
		hits, sorted := 0, true
		var before *Line // which the option belongs before
		for i, l := range run {
			g := optionGroups(l.text)[0]
			hits += g.hits(known)
			sorted = sorted && (i == 0 || SortKey(optionGroups(run[i-1].text)[0].key) <= SortKey(g.key))
			if before == nil && SortKey(g.key) > own {
				before = l
			}
		}
		if hits < 2 || listed && len(run) > 8 {
			return false
		}
		model := run[0]
		entry := `"` + strings.Repeat(" ", len(model.text)-len(strings.TrimLeft(model.text, " "))) +
			synopsisText(sp, lowerArgs(model.text) || strings.ToLower(model.text) == model.text) + `"`
		f := b.f
		if sorted && before != nil {
			j.Insert(f, before.lit.Off, entry+text.EOL(f.Src, 0)+text.IndentAt(f.Src, before.lit.Off))
			return true
		}
		last := run[len(run)-1]
		j.Insert(f, last.lit.End, text.EOL(f.Src, 0)+text.IndentAt(f.Src, last.lit.Off)+entry)
		return true
	}
	for k, l := range b.Lines {
		alone := !l.newline && l.first && l.lit.Text() == l.text && len(optionGroups(l.text)) == 1 && strings.HasPrefix(l.text, " [") &&
			strings.HasSuffix(l.text, "]") && text.FirstOnLine(b.f.Src, l.lit.Off) && b.f.SameGuards(l.lit.Off, b.anchor())
		if alone && (len(run) == 0 || b.textID(run[0]) == b.textID(l) && run[len(run)-1] == b.Lines[k-1]) {
			run = append(run, l)
			continue
		}
		if len(run) > 1 && try() {
			return true
		}
		run = nil
	}
	return len(run) > 1 && try()
}

// firstInSynopsis adds an option that comes first to the lines that show the arguments after
// the program's name.
func firstInSynopsis(j *patch.Patch, sp *patch.Spelling) bool {
	type place struct {
		f    *parse.File
		from int
	}
	near := map[place]bool{} // functions that main() calls
	for n, steps := range sp.Near {
		for _, fn := range n.Forms {
			near[place{n.File, fn.Start}] = steps < 3
		}
	}
	added := false
	for _, b := range Blocks(j, sp) {
		if b.ofCommands() {
			continue
		}
		for k, l := range b.Lines {
			m := nameInSynopsis.FindString(l.text)
			if s := statementOf(b.f, l.lit.Off); s != nil && s.Expr != nil && (!near[place{b.f, b.from}] || !prints.MatchString(s.Expr.Bare().Callee())) {
				continue // the texts of commands that the program gets later
			}
			if m == "" || !b.f.SameGuards(l.lit.Off, b.anchor()) || l.compared() {
				continue
			}
			j.Insert(b.f, l.off+len(m), " "+synopsisText(sp, b.lowerCase(k)))
			added = true
		}
	}
	return added
}

// ofCommands reports whether texts show how to use several things, each by its own name: those are
// commands that the program reads, and not the program.
func (b *Block) ofCommands() bool {
	names := map[string]bool{}
	for _, l := range b.Lines {
		if m := nameInSynopsis.FindString(l.text); m != "" && !strings.HasSuffix(m, "%s") {
			names[m] = true
		}
	}
	return len(names) > 1
}

// prints matches the functions that show the user of a command line a text.
var prints = text.NewPattern(`(?i)print|puts|write|die|fatal|err|warn|usage|exit|quit|fail|abort|panic|log|msg|message`)

// nameInSynopsis matches the beginning of a synopsis up to the program's name.
var nameInSynopsis = text.NewPattern(`^(?:\\[nt]|[^\w%])*(?:(?:error|Error): )?(?i:usage|syntax) *(?:: *| (?:%))` +
	`(?:\\?['"])?(?:\./)?(?:%?s|[\w.+-]*[\w+])(?:\\?['"])?`)

// synopsisText is the option as a synopsis shows it.
func synopsisText(sp *patch.Spelling, lower bool) string {
	name, arg := "-"+sp.Short, patch.ArgShown
	if lower {
		arg = strings.ToLower(arg)
	}
	equal := ""
	if sp.Short == "" {
		name, equal = sp.Dash+sp.Long, "="
	} else if sp.Equal {
		equal = "="
	}
	switch {
	case sp.Flag:
		return "[" + name + "]"
	case sp.Must:
		return "[" + name + " " + arg + "]"
	case sp.Detach:
		return "[" + name + " [" + arg + "]]"
	}
	return "[" + name + "[" + equal + arg + "]]"
}

// lowerCase reports whether a synopsis that begins with the k-th line shows arguments in
// lower case.
func (b *Block) lowerCase(k int) bool {
	text := b.Lines[k].text
	for _, l := range b.following(k) {
		text += " " + l.text
	}
	return strings.ToLower(b.Lines[k].text) == b.Lines[k].text || lowerArgs(text)
}

// following are the lines after the k-th one that the same synopsis has.
func (b *Block) following(k int) []*Line {
	run := b.textID(b.Lines[k])
	for i, l := range b.Lines[k+1:] {
		if b.textID(l) != run || len(optionGroups(l.text)) == 0 || !b.f.SameGuards(l.lit.Off, b.anchor()) {
			return b.Lines[k+1 : k+1+i]
		}
	}
	return b.Lines[k+1:]
}

// synopsisLine is a line of a synopsis with the columns that it takes.
type synopsisLine struct {
	line   *Line
	groups []OptionGroup
	width  int
}

// lineWithRoom is the first line of a synopsis that has room for a text, else its shortest
// one.
func (b *Block) lineWithRoom(k, room int) synopsisLine {
	var best synopsisLine
	lines := append([]*Line{b.Lines[k]}, b.following(k)...)
	for i, l := range lines {
		width := colWidth(l.text)
		run := b.textID(l)
		for x := k + i; x > 0 && !b.Lines[x-1].newline && b.textID(b.Lines[x-1]) == run; x-- { // one printed line of several literals
			width += colWidth(b.Lines[x-1].text)
		}
		for x := k + i; !b.Lines[x].newline && x+1 < len(b.Lines) && b.textID(b.Lines[x+1]) == run; x++ {
			width += colWidth(b.Lines[x+1].text)
		}
		if c := (synopsisLine{l, optionGroups(l.text), width}); best.line == nil || best.width+room > 79 && c.width < best.width {
			best = c
		}
	}
	return best
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

// OptionGroup is one [-x ARG] of a synopsis.
type OptionGroup struct {
	from, to int
	key      string // "-x", the first one of a cluster, or "--name"
	cluster  bool
	letters  string // of a cluster
	arg      string
	or       bool     // a "|" stands before it: one of the two is given
	others   []string // those that may be given in its place: -b and -c of [-a|-b|-c]
}

// hits counts the options of the group that a program has.
func (g OptionGroup) hits(known map[string]bool) int {
	n := 0
	if known[g.key] && (!g.cluster || allKnown(g.letters, known)) {
		n++
	}
	for _, o := range g.others {
		if known[o] {
			n++
		}
	}
	return n
}

// allKnown reports whether each letter of a cluster is an option of the reader: else it is
// a word of somebody else's, as [-pubkey].
func allKnown(letters string, known map[string]bool) bool {
	for _, c := range letters {
		if patch.IsLetter(byte(c)) && !known["-"+string(c)] {
			return false
		}
	}
	return true
}

func optionGroups(s string) []OptionGroup { return GroupsOf(s, func(in string) string { return in }) }

// GroupsOf is the same for a text in which other words stand for the plain
// ones.
func GroupsOf(s string, plain func(string) string) []OptionGroup {
	var out []OptionGroup
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
			g := OptionGroup{from: from, to: i + 1, or: strings.HasSuffix(strings.TrimRight(s[:from], " "), "|")}
			first, _, _ := strings.Cut(in, "|")
			word, arg, _ := strings.Cut(strings.TrimSpace(first), " ")
			if len(word) < 2 {
				continue // a hyphen by itself, for the standard input
			}
			g.arg = strings.Trim(arg, "<> ")
			if strings.HasPrefix(in, "--") {
				g.key, _, _ = strings.Cut(word, "=")
			} else {
				g.key = word[:2]
				g.cluster = len(word) > 2 && arg == "" && !strings.ContainsAny(word, "[=|:<")
				g.letters = word[1:]
			}
			g.others = otherKeys(in)
			out = append(out, g)
		}
	}
	return out
}

// otherKeys are the options of a group behind its first one.
func otherKeys(in string) []string {
	var out []string
	for _, o := range strings.Split(in, "|")[1:] {
		o, _, _ = strings.Cut(strings.TrimSpace(o), " ")
		switch name, _, _ := strings.Cut(o, "="); {
		case strings.HasPrefix(o, "--"):
			out = append(out, name)
		case len(o) > 1 && o[0] == '-':
			out = append(out, o[:2])
		}
	}
	return out
}

// Known counts the options that a line shows in brackets, and those of them that a program
// has.
func Known(s string, known map[string]bool, plain func(string) string) (hits, options int) {
	for _, g := range GroupsOf(s, plain) {
		options += 1 + len(g.others)
		hits += g.hits(known)
	}
	return hits, options
}

// GroupSpot is a place in a synopsis: before or after its I-th group.
type GroupSpot struct {
	I     int
	After bool
}

// beside is the place before or behind one of the groups, and not among those that "|"
// joins: [-a]|[-b] is a choice, which another option does not belong to.
func beside(s string, groups []OptionGroup, k int, after bool) GroupSpot {
	first, last := k, k
	for first > 0 && groups[first].or {
		first--
	}
	for last+1 < len(groups) && groups[last+1].or {
		last++
	}
	if first == k && !after || strings.HasPrefix(strings.TrimLeft(s[groups[last].to:], " "), "|") {
		return GroupSpot{groups[first].from, false}
	}
	return GroupSpot{groups[last].to, true}
}

// GroupPlace is the option's place among the groups.
func GroupPlace(s string, groups []OptionGroup, sp *patch.Spelling) (GroupSpot, bool) {
	own := SortKey("-" + sp.Short)
	if sp.Short == "" {
		own = SortKey(sp.Long)
	}
	sorted := true
	var prev string
	single, larger := 0, -1 // the first group that the option stands before in the alphabet
	for i, g := range groups {
		if g.cluster {
			continue
		}
		k := SortKey(g.key)
		sorted = sorted && prev <= k
		prev = k
		single++
		if larger < 0 && k > own {
			larger = i
		}
	}
	if len(groups) == 0 {
		return GroupSpot{}, false
	}
	if sorted && single > 1 && larger >= 0 {
		return beside(s, groups, larger, false), true
	}
	return beside(s, groups, len(groups)-1, true), true
}

// textID tells the texts of a function apart: one is what a statement prints, or
// what a variable or macro holds.
func (b *Block) textID(l *Line) int {
	if s := statementOf(b.f, l.lit.Off); s != nil {
		return s.Pos
	}
	return b.from
}
