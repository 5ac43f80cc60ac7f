package argswitch

import (
	"regexp"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// A usage text is a run of string literals whose lines begin with options.
// Where they are one literal, one call or one row of an array a line is told
// from what stands around each of them.

// usageLine is a line inside a string literal, its escapes as they stand.
type usageLine struct {
	lit   literal
	off   int    // of the line in the file
	text  string // without the newline
	first bool   // it begins the literal
	nl    bool   // it ends with \n
	entry *entry
}

// entry is an option's line taken apart.
type entry struct {
	lead  string // white space
	short string // "-k", or ""
	sep   string // ", " between the names
	long  string // "--keep", or ""
	arg   string // "=FILE"
	gap   string // white space in front of the description
	desc  string
}

var entryForm = regexp.MustCompile(`^((?:\s|\\t)*)(?:(-[A-Za-z0-9?])(?:(,?\s*|\s?[|/]\s?)(--?[A-Za-z][\w-]+))?|(--?[A-Za-z0-9][\w-]+))((?:\[?=\S+| ?<[^>]*>|\[[^\]]*\]| [A-Z][A-Z_:.-]*| \[[^\]]*\]| [a-z][\w.:-]*)*?)((?:\s+[-:=]+\s+|\s{2,}|\s*(?:\\t)+\s*)|$)(.*)$`)

func readEntry(s string) *entry {
	m := entryForm.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	e := &entry{lead: m[1], short: m[2], sep: m[3], long: m[4], arg: m[6], gap: m[7], desc: m[8]}
	if e.long == "" {
		e.long = m[5]
	}
	if e.short == "" {
		e.sep = ""
	}
	return e
}

func (e *entry) names() []string {
	var out []string
	for _, n := range []string{e.short, e.long} {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}

// key orders entries.
func (e *entry) key() string {
	name := e.short
	if name == "" {
		name = e.long
	}
	return sortKey(name)
}

func sortKey(name string) string {
	s := strings.TrimLeft(name, "-")
	if len(s) == 1 && isLetter(s[0]) {
		if s == strings.ToUpper(s) {
			return strings.ToLower(s) + "\x01"
		}
		return s + "\x00"
	}
	return strings.ToLower(s)
}

// entryKey is the option's own.
func (sp *spelling) key(e *entry) string {
	if e != nil && e.short == "" && e.long != "" && sp.long != "" || sp.short == "" {
		return sortKey(sp.long)
	}
	return sortKey("-" + sp.short)
}

// colWidth is the number of columns that source text of a literal takes when
// printed.
func colWidth(s string) int {
	s = strings.NewReplacer(`\t`, "\t", `\"`, `"`, `\\`, `\`, "%%", "%").Replace(s)
	return width(s)
}

// usageLines splits a literal into lines.
func usageLines(l literal) []*usageLine {
	var out []*usageLine
	src := l.text()
	base := l.off + 1
	start := 0
	for i := 0; i < len(src); i++ {
		if src[i] != '\\' || i+1 >= len(src) {
			continue
		}
		if src[i+1] == 'n' {
			out = append(out, &usageLine{lit: l, off: base + start, text: src[start:i], first: start == 0, nl: true})
			start = i + 2
			// A literal that runs on over a backslash at the end of a line.
			if strings.HasPrefix(src[start:], "\\\n") {
				start += 2
			}
		}
		i++
	}
	if start < len(src) {
		out = append(out, &usageLine{lit: l, off: base + start, text: src[start:], first: start == 0})
	}
	for _, u := range out {
		u.entry = readEntry(u.text)
	}
	return out
}

// block is the literals of one function, macro or variable.
type block struct {
	f     *parse.File
	from  int
	lines []*usageLine
	score int
}

// blocks gathers the program's literals by what they stand in.
func (j *job) blocks(sp *spelling) []*block {
	files := map[*parse.File]bool{}
	for n := range sp.near {
		files[n.file] = true
	}
	known := map[string]bool{}
	for _, p := range sp.peers {
		known[p] = true
	}
	var out []*block
	var order []*parse.File
	for f := range files {
		order = append(order, f)
	}
	sort.Slice(order, func(a, b int) bool { return order[a].Path < order[b].Path })
	for _, f := range order {
		byFrom := map[int]*block{}
		for _, t := range f.Toks {
			lits := []literal{}
			from := 0
			switch {
			case t.Kind == parse.String && f.Src[t.Off] == '"':
				lits = append(lits, literal{f, int(t.Off), int(t.End)})
				from = -1 - itemStart(f, int(t.Off))
				for _, fn := range f.FuncsAt(int(t.Off)) {
					from = fn.Start
				}
			default:
				continue
			}
			b := byFrom[from]
			if b == nil {
				b = &block{f: f, from: from}
				byFrom[from] = b
				out = append(out, b)
			}
			for _, l := range lits {
				b.lines = append(b.lines, usageLines(l)...)
			}
		}
		for _, m := range f.Macros {
			b := &block{f: f, from: m.Off}
			for _, t := range m.Body {
				if t.Kind == parse.String && f.Src[t.Off] == '"' {
					b.lines = append(b.lines, usageLines(literal{f, int(t.Off), int(t.End)})...)
				}
			}
			if len(b.lines) > 0 {
				out = append(out, b)
			}
		}
	}
	for _, b := range out {
		seen := map[string]bool{}
		for _, l := range b.lines {
			if l.entry == nil {
				continue
			}
			for _, n := range l.entry.names() {
				if known[n] && !seen[n] {
					seen[n] = true
					b.score++
				}
			}
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].score > out[b].score })
	return out
}

// itemStart tells the declarations at file scope apart.
func itemStart(f *parse.File, off int) int {
	for _, d := range f.Decls() {
		if d.Init != nil && d.Init.Pos <= off && off < d.Init.End {
			return d.Init.Pos
		}
	}
	return 0
}

// usage adds the option to the usage text. told says what was found.
func (j *job) usage(sp *spelling) (added bool) {
	for _, b := range j.blocks(sp) {
		if b.score >= 2 || b.score == 1 && len(sp.peers) <= 2 {
			if j.entryIn(b, sp) {
				added = true
				break
			}
		} else {
			break
		}
	}
	if j.synopsis(sp, added) {
		added = true
	}
	return added
}

// wantsLast are the entries that stand at the end of a list by custom.
func wantsLast(e *entry) bool {
	for _, n := range []string{"--help", "--version", "--usage"} {
		if e.long == n {
			return true
		}
	}
	return e.short == "-?" || e.long == "" && (e.short == "-h" || e.short == "-V")
}

// entryIn adds a line to one list.
func (j *job) entryIn(b *block, sp *spelling) bool {
	known := map[string]bool{}
	for _, p := range sp.peers {
		known[p] = true
	}
	var list []*usageLine
	for _, l := range b.lines {
		if l.entry == nil || l.entry.gap == "" && l.entry.desc == "" && l.entry.arg == "" && l.entry.long == "" {
			continue
		}
		for _, n := range l.entry.names() {
			if known[n] {
				list = append(list, l)
				break
			}
		}
	}
	if len(list) == 0 {
		return false
	}
	sorted, turns := true, 0
	for i := 1; i < len(list); i++ {
		if list[i-1].entry.key() > list[i].entry.key() {
			turns++
		}
	}
	sorted = len(list) > 3 && turns*5 <= len(list)
	var tries []int
	if sorted {
		for i, l := range list {
			if l.entry.key() > sp.key(l.entry) && !wantsLast(l.entry) {
				tries = append(tries, i)
				break
			}
		}
	}
	end := len(list)
	for end > 1 && wantsLast(list[end-1].entry) {
		end--
	}
	if end < len(list) {
		tries = append(tries, end)
	}
	// A group of its own may follow them.
	for i, l := range list {
		if i > 1 && wantsLast(l.entry) && !wantsLast(list[i-1].entry) {
			tries = append(tries, i)
			break
		}
	}
	// What is akin.
	for i, l := range list {
		if strings.Contains(strings.ToLower(l.entry.long), "keepalive") || strings.Contains(strings.ToLower(l.entry.long), "keep-alive") {
			tries = append(tries, i)
			break
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		tries = append(tries, i)
	}
	for _, i := range tries {
		if at, text, ok := j.place(b, list[i], j.lines(list, sp)); ok {
			j.insert(b.f, at, text)
			return true
		}
	}
	return false
}

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
	if sp.must {
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
