// Package manual adds an option, or the variables of the environment, to the
// manuals of a program: man and mdoc pages, texinfo tables, lists in a README. A
// manual is the program's if it lists the options that the program reads. The entry
// is written in the form of the one beside it.
package manual

import (
	"bytes"
	"path"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
)

// manual is a list of options in a manual: a man page, a table of a texinfo
// file, a list in a README.
type manual struct {
	path    string
	src     []byte
	kind    manualKind
	items   []*manualItem
	matches int  // options of the program that it lists
	names   int  // options that it lists
	named   bool // it bears the program's name
}

// namedForProgram reports whether a page bears the name of the file or folder that
// holds a program's main().
func namedForProgram(name string, sp *patch.Spelling) bool {
	base, _, _ := strings.Cut(path.Base(name), ".")
	for n, steps := range sp.Near {
		if steps == 0 {
			p := n.File.Path
			return base == strings.TrimSuffix(path.Base(p), ".c") || base == path.Base(path.Dir(p))
		}
	}
	return false
}

// better prefers pages of the program's name, those that are not a
// distribution's, and then those that fit best.
func (m *manual) better(b *manual) bool {
	if m.named != b.named {
		return m.named
	}
	if x, y := strings.Contains("/"+m.path, "/debian/"), strings.Contains("/"+b.path, "/debian/"); x != y {
		return y
	}
	return m.matches*b.names > b.matches*m.names || m.matches*b.names == b.matches*m.names && m.matches > b.matches
}

// taken reports whether another program's option went into the list already.
func (m *manual) taken(j *patch.Patch) bool {
	c := j.Other[m.path]
	if c == nil || len(m.items) == 0 {
		return false
	}
	for _, e := range c.Edits {
		if e.Start >= m.items[0].at && e.Start <= m.items[len(m.items)-1].at {
			return true
		}
	}
	return false
}

type manualKind int

const (
	manPage manualKind = iota // man macros
	mdocPage
	texinfo
	plainText
)

// manualItem is one entry.
type manualItem struct {
	at    int // of its first line
	head  []string
	names []string
	line  *usage.Line // of plain text
}

// Add adds the option to the manuals that describe the program's other
// options.
func Add(j *patch.Patch, sp *patch.Spelling) (added []string) {
	if j.Host.Manuals == nil {
		return nil
	}
	known := map[string]bool{}
	for _, p := range sp.Peers {
		known[p] = true
	}
	best := map[manualKind]*manual{}
	for _, name := range j.Host.Manuals() {
		if translated.MatchString(name) {
			continue // an entry in English would be a stranger there
		}
		src, err := j.Host.Read(name)
		if err != nil || bytes.IndexByte(src, 0) >= 0 || !inEnglish(src) {
			continue
		}
		for _, m := range readManual(name, src) {
			seen := map[string]bool{}
			for _, it := range m.items {
				for _, n := range it.names {
					if !seen[n] {
						seen[n] = true
						m.names++
						if known[n] {
							m.matches++
						}
					}
				}
			}
			m.named = namedForProgram(name, sp)
			if m.matches < 2 && (m.matches < 1 || len(sp.Peers) > 2) || m.taken(j) {
				continue
			}
			// A page of another name must list just these options.
			if m.named && (m.matches*2 < m.names || m.matches*3 < len(sp.Peers)) ||
				!m.named && (m.matches*10 < m.names*8 || m.matches*10 < len(sp.Peers)*7) {
				continue
			}
			kind := m.kind
			if kind == mdocPage {
				kind = manPage
			}
			if b := best[kind]; b == nil || m.better(b) {
				best[kind] = m
			}
		}
	}
	for _, kind := range []manualKind{manPage, texinfo, plainText} {
		m := best[kind]
		if m == nil || strings.Contains(string(m.src), sp.String()+" ") {
			continue
		}
		if at, text := entryText(j, m, sp); text != "" {
			c := j.Other[m.path]
			if c == nil {
				c = &patch.FileChange{Path: m.path, Src: m.src}
				j.Other[m.path] = c
			}
			c.Edits = append(c.Edits, insertPoint(at, text))
			if at, text := manualSynopsis(m, sp); text != "" {
				c.Edits = append(c.Edits, insertPoint(at, text))
			}
			added = append(added, m.path)
		}
	}
	return added
}

// translated matches manuals in another language than English: in a folder of a
// language, or with one in their names.
var translated = text.NewPattern(`(?:^|/)(?:man[./]|po4a/|translations?/)?(?:[a-z]{2}_[A-Z]{2}|ca|cs|` +
	`da|de|el|eo|es|et|fi|fr|gl|hr|hu|it|ja|ko|lt|lv|nb|nl|nn|no|pl|pt|ro|ru|sk|sl|sr|sv|tr|uk|vi|` +
	`zh)(?:\.UTF-8)?/|(?i)[._-](?:[a-z]{2}_[A-Z]{2}|ca|cs|da|de|es|fi|fr|hu|it|ja|jp|ko|nl|pl|pt|ro|ru|sk|` +
	`sv|tr|uk|zh|pt_br)\.(?:[1-9]|txt|md|texi)(?:\.in)?$|(?i)readme[._-](?:ca|cs|da|de|es|fi|fr|hu|it|ja|` +
	`jp|ko|nl|pl|pt|ro|ru|sk|sv|tr|uk|zh|cn)(?:[._-]|$)`)

var (
	manNames  = text.NewPattern(`(?:^|[\s,|/(])(--?[A-Za-z0-9][\w-]*)`)
	mdocNames = text.NewPattern(`\bFl (?:Fl )?([-\w]+)`)
	fonts     = text.NewPattern(`\\f(?:\[[A-Z]*\]|\([A-Z]{2}|.)`)
)

// readManual finds the lists of a file by its look.
func readManual(name string, src []byte) []*manual {
	text := string(src)
	switch {
	case strings.Contains(text, "\n.Sh ") && strings.Contains(text, "\n.It "):
		return []*manual{readRoff(name, src, mdocPage)}
	case strings.Contains(text, ".TH ") && strings.Contains(text, "\n.SH "):
		return []*manual{readRoff(name, src, manPage)}
	case strings.Contains(text, "@table") || strings.Contains(text, "@node"):
		return readTexinfo(name, src)
	case strings.Contains(text, "\n.SH ") || strings.HasPrefix(text, ".\\\""):
		return nil
	}
	return readPlain(name, src)
}

// readRoff reads the entries of a man page.
func readRoff(name string, src []byte, kind manualKind) *manual {
	m := &manual{path: name, src: src, kind: kind}
	off := 0
	lines := splitLines(src)
	for i, l := range lines {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		var head []string
		switch {
		case kind == mdocPage && strings.HasPrefix(s, ".It ") && strings.Contains(s, "Fl "):
			head = []string{s}
		case kind == manPage && (s == ".TP" || strings.HasPrefix(s, ".TP ")) && i+1 < len(lines):
			head = []string{s, strings.TrimRight(string(lines[i+1]), "\r\n")}
		case kind == manPage && strings.HasPrefix(s, ".IP "):
			head = []string{s}
		default:
			continue
		}
		it := &manualItem{at: aboveComments(lines, i, at), head: head}
		if kind == mdocPage {
			for _, f := range mdocNames.FindAllStringSubmatch(s, -1) {
				it.names = append(it.names, "-"+f[1])
			}
		} else {
			tag := head[len(head)-1]
			tag = strings.NewReplacer(`\-`, "-", `"`, "", `\&`, "").Replace(fonts.ReplaceAllString(tag, ""))
			for _, w := range []string{".BI ", ".BR ", ".IR ", ".RB ", ".RI ", ".IB ", ".B ", ".I ", ".IP ", ".SB "} {
				tag = strings.TrimPrefix(tag, w)
			}
			if !strings.HasPrefix(tag, "-") {
				continue
			}
			tag, _, _ = strings.Cut(tag, "  ")
			for _, f := range manNames.FindAllStringSubmatch(tag, -1) {
				it.names = append(it.names, f[1])
			}
		}
		if len(it.names) > 0 {
			m.items = append(m.items, it)
		}
	}
	return m
}

// aboveComments is the start of the comments right above the i-th line, which begins at
// an offset.
func aboveComments(lines [][]byte, i, at int) int {
	for i > 0 && bytes.HasPrefix(lines[i-1], []byte(`.\"`)) {
		i--
		at -= len(lines[i])
	}
	return at
}

func splitLines(src []byte) [][]byte {
	var out [][]byte
	for l := range bytes.Lines(src) {
		out = append(out, l)
	}
	return out
}

// readTexinfo reads the tables of a texinfo file.
func readTexinfo(name string, src []byte) []*manual {
	var out []*manual
	var m *manual
	off := 0
	last := ""
	for _, l := range splitLines(src) {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		switch {
		case strings.HasPrefix(s, "@table"):
			m = &manual{path: name, src: src, kind: texinfo}
			out = append(out, m)
		case strings.HasPrefix(s, "@end table"):
			m = nil
		case m != nil && (strings.HasPrefix(s, "@item ") || strings.HasPrefix(s, "@itemx ")):
			plain := strings.NewReplacer("@option{", "", "@samp{", "", "@code{", "", "}", "").Replace(s)
			if strings.HasPrefix(s, "@item ") {
				m.items = append(m.items, &manualItem{at: at})
			}
			if len(m.items) == 0 {
				break
			}
			it := m.items[len(m.items)-1]
			it.head = append(it.head, s)
			for _, f := range manNames.FindAllStringSubmatch(plain, -1) {
				it.names = append(it.names, f[1])
			}
		case m != nil && len(m.items) > 0 && strings.HasPrefix(s, "@opindex") && strings.HasPrefix(last, "@"):
			it := m.items[len(m.items)-1]
			it.head = append(it.head, s)
		}
		last = s
	}
	var kept []*manual
	for _, m := range out {
		var items []*manualItem
		for _, it := range m.items {
			if len(it.names) > 0 {
				items = append(items, it)
			}
		}
		if m.items = items; len(items) > 0 {
			kept = append(kept, m)
		}
	}
	return kept
}

// readPlain reads lines that look as those of a usage text. A line of prose ends an
// indented list: configure's options, which come later, are another one.
func readPlain(name string, src []byte) (out []*manual) {
	var m *manual
	off, indented := 0, false
	for _, l := range splitLines(src) {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		prose := s != "" && s[0] != ' ' && s[0] != '\t'
		if e := usage.ReadEntry(s); e != nil && (e.Short != "" || e.Long != "") && (e.Desc == "" || e.Gap != "") {
			if m == nil {
				m = &manual{path: name, src: src, kind: plainText}
				out = append(out, m)
			}
			next := ""
			if end := bytes.IndexByte(src[off:], '\n'); end >= 0 {
				next = strings.TrimRight(string(src[off:off+end]), "\r")
			}
			m.items = append(m.items, &manualItem{at: at, names: e.Names(), line: usage.NewLine(e, next)})
			indented = !prose
		} else if prose && indented {
			m = nil
		}
	}
	return out
}

// before is the entry that the option goes before.
func (m *manual) before(sp *patch.Spelling) *manualItem {
	key := func(it *manualItem) string { return usage.SortKey(it.names[0]) }
	own := usage.SortKey("-" + sp.Short)
	if sp.Short == "" {
		own = usage.SortKey(sp.Long)
	}
	turns := 0
	for i := 1; i < len(m.items); i++ {
		if key(m.items[i-1]) > key(m.items[i]) {
			turns++
		}
	}
	if len(m.items) > 3 && turns*5 <= len(m.items) {
		for _, it := range m.items {
			if key(it) > own {
				return it
			}
		}
	}
	i := len(m.items) - 1
	if at := m.afterLast(); at > 0 && !m.wantsLast(i) {
		return &manualItem{at: at, head: m.items[i].head, names: m.items[i].names}
	}
	for i > 0 && m.wantsLast(i) && m.wantsLast(i-1) {
		i--
	}
	return m.items[i]
}

// wantsLast reports whether the i-th entry stands at the end of a list by custom.
func (m *manual) wantsLast(i int) bool {
	return usage.WantsLast(&usage.Entry{Short: nameOf(m.items[i], 2), Long: nameOf(m.items[i], 3)})
}

// afterLast is where the last entry of a man page ends, 0 where that is not certain.
func (m *manual) afterLast() int {
	if m.kind != manPage && m.kind != mdocPage {
		return 0
	}
	last := m.items[len(m.items)-1]
	off, depth, blank := 0, 0, 0
	for _, l := range splitLines(m.src) {
		at := off
		off += len(l)
		s := strings.TrimRight(string(l), "\r\n")
		if at <= last.at || bytes.HasPrefix(l, []byte(`.\"`)) {
			continue
		}
		if strings.TrimSpace(s) == "" {
			if blank == 0 {
				blank = at
			}
			continue
		}
		word, _, _ := strings.Cut(s, " ")
		switch {
		case word == ".Bl" || word == ".RS":
			depth++
		case word == ".El" && depth > 0 || word == ".RE" && depth > 0:
			depth--
		case depth == 0 && endRequests[word]:
			if blank > 0 {
				return blank
			}
			return at
		}
		blank = 0
	}
	return 0
}

// endRequests are the requests that an entry ends at.
var endRequests = map[string]bool{".SH": true, ".SS": true, ".Sh": true, ".Ss": true, ".El": true, ".RE": true,
	".PP": true, ".LP": true, ".P": true, ".TP": true, ".IP": true, ".It": true}

// nameOf is an entry's short (2) or long (3) name.
func nameOf(it *manualItem, n int) string {
	for _, x := range it.names {
		if n == 2 && len(x) == 2 || n == 3 && len(x) > 2 {
			return x
		}
	}
	return ""
}
