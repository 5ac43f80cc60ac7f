package argswitch

import "strings"

// lines are the option's lines in the form of its neighbours.
func (j *job) lines(list []*usageLine, sp *spelling) []string {
	cols := map[int]int{}
	var model, lone *entry
	both := false
	for _, l := range list {
		e := l.entry
		if e.desc != "" && e.gap != "" {
			cols[colWidth(e.lead+e.short+e.sep+e.long+e.arg+e.gap)]++
		}
		both = both || e.short != "" && e.long != ""
		if e.short == "" && e.long != "" && lone == nil {
			lone = e
		}
	}
	for _, l := range list {
		e := l.entry
		if model == nil || better(e, model) {
			model = e
		}
	}
	col, n := 0, 0
	for c, k := range cols {
		if k > n || k == n && c < col {
			col, n = c, k
		}
	}
	spec := model.lead
	arg := argShown
	shape := model.arg
	switch {
	case strings.Contains(shape, "<"):
		arg = "<" + strings.ToLower(argShown) + ">"
	case shape != "" && shape == strings.ToLower(shape):
		arg = strings.ToLower(argShown)
	}
	opt := "[" + arg + "]"
	switch {
	case sp.short != "" && sp.long != "" && both:
		sep := model.sep
		if sep == "" {
			sep = ", "
		}
		spec += "-" + sp.short + sep + sp.dash + sp.long
		opt = "[=" + arg + "]"
	case sp.long != "" && (model.short == "" || sp.short == ""):
		if sp.short == "" && lone != nil {
			spec = lone.lead
		} else if sp.short == "" && both {
			// Long names stand in a column of their own.
			spec += strings.Repeat(" ", len("-x")+len(strings.ReplaceAll(model.sep, `\t`, " ")))
		}
		spec += sp.dash + sp.long
		opt = "[=" + arg + "]"
	default:
		spec += "-" + sp.short
		if sp.equal {
			opt = "[=" + arg + "]"
		}
	}
	if sp.flag {
		opt = ""
	} else if sp.must {
		opt = " " + arg
	} else if sp.detach {
		opt = " [" + arg + "]"
	}
	spec += opt
	desc := "turn on TCP keepalive"
	if j.opt.On {
		desc = "set the times of TCP keepalive, or turn it off"
	}
	upper, dots := 0, 0
	for _, l := range list {
		d := l.entry.desc
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
	if n == 0 {
		return []string{spec + "  " + desc}
	}
	// "--name : what it does"
	if mark := strings.TrimSpace(model.gap); mark != "" && !strings.Contains(mark, `\t`) {
		pad := max(1, col-colWidth(spec)-len(mark)-1)
		if line := spec + strings.Repeat(" ", pad) + mark + " " + desc; colWidth(line) < 80 {
			return []string{line}
		}
	}
	if tabbed := strings.Contains(model.gap, `\t`) || strings.Contains(model.gap, "\t"); tabbed {
		tab := `\t`
		if !strings.Contains(model.gap, `\t`) {
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
	if w := colWidth(spec); w+1 <= col {
		return []string{spec + strings.Repeat(" ", col-w) + desc}
	}
	return []string{spec, strings.Repeat(" ", col) + desc}
}

// better prefers entries with both names, an argument and a description.
func better(a, b *entry) bool { return worth(a) > worth(b) }

func worth(e *entry) int {
	n := 0
	for i, s := range []string{e.desc, e.arg, e.long, e.short} {
		if s != "" {
			n += 1 << i
		}
	}
	return n
}
