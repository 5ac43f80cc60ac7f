package argswitch

import (
	"github.com/keepatch/keepatch/rewrite/ctree"
	"regexp"
	"strings"
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
	return ctree.Width(s, 8)
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
