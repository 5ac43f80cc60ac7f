package manual

import (
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
	"github.com/keepatch/keepatch/rewrite/edit"
)

func insertPoint(at int, text string) edit.Edit { return edit.Insert(at, text) }

// What manuals say of the option, a sentence a line.
var optionSentences = []string{
	"Turn on TCP keepalive, so that a peer that vanished is noticed.",
	"The numbers are the seconds without traffic before the first probe, the",
	"seconds between probes, and how many probes may stay unanswered; those left",
	"out are the system's own.",
}

// optionText is the text for a program.
func optionText(j *patch.Patch, sp *patch.Spelling) []string {
	if sp.Flag {
		return optionSentences[:1]
	}
	if !j.Settings.On {
		return optionSentences
	}
	return append([]string{"Set the times of TCP keepalive, which is on by default, or turn it off with", "the word off."},
		optionSentences[1:]...)
}

// entryText writes the option's entry in the form of its neighbours.
func entryText(j *patch.Patch, m *manual, sp *patch.Spelling) (int, string) {
	it := m.before(sp)
	eol := text.EOL(m.src, 0)
	var lines []string
	switch m.kind {
	case mdocPage:
		lines = append([]string{mdocHead(m, sp)}, optionText(j, sp)...)
	case manPage:
		lines = append(manHead(m, it, sp), optionText(j, sp)...)
	case texinfo:
		lines = append(texiHead(it, sp), optionText(j, sp)...)
		lines = append(lines, "")
	case plainText:
		var list []*usage.Line
		for _, x := range m.items {
			list = append(list, x.line)
		}
		lines = usage.Lines(j, list, sp)
	}
	// Entries that stand apart stay so.
	if at := it.at; m.kind == manPage || m.kind == mdocPage {
		if at > 0 && text.BlankLine(m.src, text.LineStart(m.src, at-1)) {
			lines = append(lines, "")
		} else if n := len(m.items); n > 1 && at > m.items[n-1].at && text.BlankLine(m.src, text.LineStart(m.src, m.items[n-1].at-1)) {
			lines = append([]string{""}, lines...)
		}
	}
	return it.at, strings.Join(lines, eol) + eol
}

// joinNames is what stands between the names of the option and its argument.
func joinNames(sp *patch.Spelling) string {
	if sp.Detach {
		return " "
	}
	if sp.Long != "" || sp.Equal {
		return "="
	}
	return ""
}

// manHead is the tag of a man page's entry.
func manHead(m *manual, it *manualItem, sp *patch.Spelling) []string {
	model := it
	for _, x := range m.items { // one that shows an argument tells the case of it
		if len(x.names) == len(it.names) && regexp.MustCompile(`[A-Za-z]{3}`).MatchString(lastOf(x.head)) && len(x.head) == len(it.head) {
			model = x
		}
	}
	tag := lastOf(model.head)
	dash := `\-`
	if !strings.Contains(tag, `\-`) {
		dash = "-"
	}
	word := func(s string) string { return strings.ReplaceAll(s, "-", dash) }
	idle, interval, count := m.argNames()
	arg := `[` + strings.TrimSpace(joinNames(sp)) + `\fI` + idle + `\fR[:\fI` + interval + `\fR[:\fI` + count + `\fR]]]`
	if sp.Detach {
		arg = " " + arg
	}
	if sp.Must {
		arg = ` \fI` + idle + `\fR[:\fI` + interval + `\fR[:\fI` + count + `\fR]]`
	}
	if sp.Flag {
		arg = ""
	}
	var names []string
	if sp.Short != "" {
		names = append(names, word("-"+sp.Short))
	}
	if sp.Long != "" {
		names = append(names, word(sp.Dash+sp.Long))
	}
	inline := `\fB` + strings.Join(names, `\fR, \fB`) + `\fR` + arg
	if strings.HasPrefix(tag, ".IP ") {
		tail := ""
		if f := regexp.MustCompile(`"?\s(\d+\w?)$`).FindStringSubmatch(tag); f != nil {
			tail = " " + f[1]
		}
		return []string{`.IP "` + inline + `"` + tail}
	}
	out := append([]string(nil), it.head[:len(it.head)-1]...)
	if !strings.HasPrefix(tag, ".") {
		return append(out, inline)
	}
	if arg != "" {
		arg = ` "` + arg + `"`
	}
	return append(out, `.BR `+strings.Join(names, ` ", " `)+arg)
}

// argNames are the argument's parts in the case of the page's other arguments.
func (m *manual) argNames() (idle, interval, count string) {
	upper := 0
	for _, x := range m.items {
		t := fonts.ReplaceAllString(lastOf(x.head), "")
		for _, w := range argWord.FindAllStringSubmatch(t, -1) {
			if w[1] == strings.ToUpper(w[1]) {
				upper++
			} else {
				upper--
			}
		}
	}
	if upper > 0 {
		return "IDLE", "INTERVAL", "COUNT"
	}
	return "idle", "interval", "count"
}

var argWord = text.NewPattern(`[\s"=<](\w{3,})[>"]?$`)

func lastOf(s []string) string { return s[len(s)-1] }

// mdocArg is the argument in mdoc's words.
const mdocArg = `Ar idle Ns Op \&: Ns Ar interval Ns Op \&: Ns Ar count`

func mdocNamesOf(sp *patch.Spelling) string {
	var names []string
	if sp.Short != "" {
		names = append(names, "Fl "+sp.Short)
	}
	if sp.Long != "" {
		names = append(names, "Fl "+strings.TrimPrefix(sp.Dash, "-")+sp.Long)
	}
	s := strings.Join(names, " , ")
	if sp.Flag {
		return s
	}
	switch joinNames(sp) {
	case "=":
		return s + " Ns Op = Ns " + mdocArg
	case " ":
		return s + " Op " + mdocArg
	}
	return s + " Ns Op " + mdocArg
}

func mdocHead(_ *manual, sp *patch.Spelling) string { return ".It " + mdocNamesOf(sp) }

// manualSynopsis adds the option to the synopsis of a man page: to a line with
// several options in brackets, or as a line of its own in an mdoc page, where
// each option has one.
func manualSynopsis(m *manual, sp *patch.Spelling) (int, string) {
	if m.kind == manPage {
		return manSynopsis(m, sp)
	}
	if m.kind != mdocPage {
		return 0, ""
	}
	off, in := 0, false
	own := usage.SortKey("-" + sp.Short)
	if sp.Short == "" {
		own = usage.SortKey(sp.Long)
	}
	last := -1
	for _, l := range splitLines(m.src) {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		if strings.HasPrefix(s, ".Sh ") {
			if in {
				break
			}
			in = strings.Contains(s, "SYNOPSIS")
		}
		if !in || !strings.HasPrefix(s, ".Op Fl ") {
			continue
		}
		f := mdocNames.FindStringSubmatch(s)
		if f == nil {
			continue
		}
		last = off
		if len(f[1]) == 1 && len(strings.Fields(s)) > 3 && usage.SortKey("-"+f[1]) > own {
			last = at
			break
		}
	}
	if last < 0 {
		return 0, ""
	}
	entry := ".Op Fl " + sp.Short + " Ns Op " + mdocArg
	if sp.Flag {
		entry = ".Op Fl " + sp.Short
	} else if sp.Short == "" {
		entry = ".Op " + mdocNamesOf(&patch.Spelling{Long: sp.Long, Dash: sp.Dash})
	}
	return last, entry + text.EOL(m.src, 0)
}

// texiHead are the lines of an item of a texinfo table.
func texiHead(it *manualItem, sp *patch.Spelling) []string {
	wrap := func(s string) string { return s }
	for _, h := range it.head {
		for _, w := range []string{"@option{", "@samp{", "@code{"} {
			if strings.Contains(h, w) {
				wrap = func(s string) string { return w + s + "}" }
			}
		}
	}
	const arg = "@var{idle}[:@var{interval}[:@var{count}]]]"
	var out []string
	add := func(s string) {
		at := "@itemx "
		if len(out) == 0 {
			at = "@item "
		}
		out = append(out, at+wrap(s))
	}
	if sp.Short != "" {
		if sp.Long == "" && !sp.Flag {
			add("-" + sp.Short + "[" + joinNames(sp) + arg)
		} else {
			add("-" + sp.Short)
		}
	}
	if sp.Long != "" && sp.Flag {
		add(sp.Dash + sp.Long)
	} else if sp.Long != "" {
		add(sp.Dash + sp.Long + "[=" + arg)
	}
	for _, h := range it.head {
		if strings.HasPrefix(h, "@opindex") {
			if sp.Short != "" {
				out = append(out, "@opindex -"+sp.Short)
			}
			if sp.Long != "" {
				out = append(out, "@opindex "+sp.Dash+sp.Long)
			}
			break
		}
	}
	return out
}

// manSynopsis is for the man macros.
func manSynopsis(m *manual, sp *patch.Spelling) (int, string) {
	off, in := 0, false
	for _, l := range splitLines(m.src) {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		if strings.HasPrefix(s, ".SH") {
			if in {
				break
			}
			in = strings.Contains(s, "SYNOPSIS")
			continue
		}
		if !in || strings.Contains(s, `\f[`) {
			continue
		}
		groups := usage.GroupsOf(s, plainRoff)
		if _, options := usage.Known(s, nil, plainRoff); options < 2 {
			continue
		}
		dash := "-"
		if strings.Contains(s, `\-`) {
			dash = `\-`
		}
		name := "-" + sp.Short
		if sp.Short == "" {
			name = sp.Dash + sp.Long
		}
		glue := ""
		if sp.Short == "" || sp.Equal {
			glue = "="
		}
		if sp.Detach {
			name, glue = name+" ", ""
		}
		idle, interval, count := m.argNames()
		text := "[" + strings.ReplaceAll(name, "-", dash) + "[" + glue + `\fI` + idle +
			`\fR[:\fI` + interval + `\fR[:\fI` + count + `\fR]]]]`
		if sp.Flag {
			text = "[" + strings.ReplaceAll(name, "-", dash) + "]"
		}
		to, ok := usage.GroupPlace(s, groups, sp)
		if !ok {
			break
		}
		if to.After {
			return at + to.I, " " + text
		}
		return at + to.I, text + " "
	}
	return 0, ""
}
