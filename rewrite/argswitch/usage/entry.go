package usage

import (
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// Lines are the option's lines in the form of its neighbours.
func Lines(j *patch.Patch, list []*Line, sp *patch.Spelling) []string {
	n := neighbours{cols: map[int]int{}, leads: map[string]int{}}
	for _, l := range list {
		n.add(l.Entry)
	}
	col, found := n.column()
	spec, desc := n.spec(sp), description(j, list)
	model := n.model
	if strings.HasPrefix(model.Gap, ":") { // "-p: what it does"
		return []string{spec + model.Gap + desc}
	}
	if !found {
		if below := descriptionIndent(list); below != "" {
			return []string{spec, below + desc}
		}
		return []string{spec + "  " + desc}
	}
	// "--name : what it does"
	if mark := strings.TrimSpace(model.Gap); mark != "" && !strings.Contains(mark, `\t`) {
		pad := max(1, col-colWidth(spec)-len(mark)-1)
		if line := spec + strings.Repeat(" ", pad) + mark + " " + desc; colWidth(line) < 80 {
			return []string{line}
		}
	}
	if tabbed := strings.Contains(model.Gap, `\t`) || strings.Contains(model.Gap, "\t"); tabbed {
		tab := `\t`
		if !strings.Contains(model.Gap, `\t`) {
			tab = "\t"
		}
		if colWidth(spec) < col {
			for colWidth(spec) < col {
				spec += tab
			}
			return []string{spec + desc}
		}
		pad := ""
		for colWidth(pad) < col {
			pad += tab
		}
		return []string{spec, pad + desc}
	}
	under := strings.Repeat(" ", col)
	if strings.Contains(model.lead, "t") || strings.Contains(model.lead, "\t") { // tabs stay tabs
		under = model.lead + strings.Repeat(" ", max(0, col-colWidth(model.lead)))
	}
	if w := colWidth(spec); w+1 <= col {
		return []string{spec + strings.Repeat(" ", col-w) + desc}
	}
	return []string{spec, under + desc}
}

// neighbours are the entries of the list that gets a new one.
type neighbours struct {
	model *Entry      // the one that the new one is written after
	both  bool        // some have a letter and a long name
	cols  map[int]int // entries by the column of their description
	// leads are what stands before long names alone, and lone is the commonest.
	leads map[string]int
	lone  string
}

func (n *neighbours) add(e *Entry) {
	if n.model == nil || better(e, n.model) {
		n.model = e
	}
	if e.Short == "" && e.Long != "" {
		if n.leads[e.lead]++; n.leads[e.lead] > n.leads[n.lone] {
			n.lone = e.lead
		}
	}
	n.both = n.both || e.Short != "" && e.Long != ""
	if e.Desc != "" && e.Gap != "" {
		n.cols[colWidth(e.lead+e.Short+e.sep+e.Long+e.arg+e.Gap)]++
	}
}

// column is the column in which most descriptions begin.
func (n *neighbours) column() (col int, ok bool) {
	most := 0
	for c, k := range n.cols {
		if k > most || k == most && c < col {
			col, most = c, k
		}
	}
	return col, most > 0
}

// spec is the new entry up to its description.
func (n *neighbours) spec(sp *patch.Spelling) string {
	model := n.model
	spec := model.lead
	arg := patch.ArgShown
	shape := model.arg
	switch {
	case strings.Contains(shape, "<"):
		arg = bracketed.ReplaceAllString(strings.ToLower(patch.ArgShown), "<$0>")
	case shape != "" && shape == strings.ToLower(shape):
		arg = strings.ToLower(patch.ArgShown)
	}
	opt := "[" + arg + "]"
	switch {
	case sp.Short != "" && sp.Long != "" && n.both:
		sep := model.sep
		if sep == "" {
			sep = ", "
		}
		spec += "-" + sp.Short + sep + sp.Dash + sp.Long
		opt = "[=" + arg + "]"
	case sp.Long != "" && (model.Short == "" || sp.Short == ""):
		if sp.Short == "" && len(n.leads) > 0 {
			spec = n.lone
		} else if sp.Short == "" && n.both {
			// Long names stand in a column of their own.
			spec += strings.Repeat(" ", len("-x")+len(strings.ReplaceAll(model.sep, `\t`, " ")))
		}
		spec += sp.Dash + sp.Long
		opt = "[=" + arg + "]"
	default:
		spec += "-" + sp.Short
		if sp.Equal {
			opt = "[=" + arg + "]"
		}
	}
	switch {
	case sp.Flag:
		opt = ""
	case sp.Must:
		opt = " " + arg
	case sp.Detach:
		opt = " [" + arg + "]"
	}
	return spec + opt
}

// descriptionIndent is the white space before descriptions that stand on the line under the
// option, "" where that is not the custom.
func descriptionIndent(list []*Line) string {
	count := map[string]int{}
	best := ""
	for _, l := range list {
		if l.below == "" {
			continue
		}
		if count[l.below]++; count[l.below] > count[best] {
			best = l.below
		}
	}
	if count[best]*2 > len(list) {
		return best
	}
	return ""
}

// description is what the option's line says, in the case and with the stop of the others.
func description(j *patch.Patch, list []*Line) string {
	desc := "turn on TCP keepalive"
	if j.Settings.On {
		desc = "set the times of TCP keepalive, or turn it off"
	}
	upper, dots := 0, 0
	for _, l := range list {
		d := l.Entry.Desc
		if d == "" {
			d = l.under
		}
		if d == "" {
			continue
		}
		if d[0] >= 'A' && d[0] <= 'Z' {
			upper++
		} else {
			upper--
		}
		if strings.HasSuffix(d, ".") {
			dots++
		} else {
			dots--
		}
	}
	if upper > 0 {
		desc = strings.ToUpper(desc[:1]) + desc[1:]
	}
	if dots > 0 {
		desc += "."
	}
	return desc
}

var bracketed = text.NewPattern(`[a-z]+`)

// better prefers entries with both names, an argument and a description.
func better(a, b *Entry) bool { return rank(a) > rank(b) }

func rank(e *Entry) int {
	n := 0
	for i, s := range []string{e.Desc, e.arg, e.Long, e.Short} {
		if s != "" {
			n += 1 << i
		}
	}
	return n
}
