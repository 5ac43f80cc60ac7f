// Package usage adds an option to the usage text of a program. The text is found
// by the options that it lists: literals of one function, macro or table whose lines
// begin with options that the program reads. The new line takes the columns, the
// order and the punctuation of its neighbours; a synopsis gets it in brackets.
package usage

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// A usage text is a run of string literals whose lines begin with options.
// Where they are one literal, one call or one row of an array a line is told
// from what stands around each of them.

// Line is a line inside a string literal, its escapes as they stand.
type Line struct {
	lit     patch.Literal
	off     int    // of the line in the file
	text    string // without the newline
	first   bool   // it begins the literal
	newline bool   // it ends with \n
	Entry   *Entry
	below   string // white space that the next line begins with, if it is deeper
	under   string // the rest of that line
}

// Entry is an option's line taken apart.
type Entry struct {
	lead  string // white space
	Short string // "-k", or ""
	sep   string // ", " between the names
	Long  string // "--keep", or ""
	arg   string // "=FILE"
	Gap   string // white space before the description
	Desc  string
}

var entryForm = text.NewPattern(`^((?:\s|\\t)*)(?:(-[A-Za-z0-9?])(?:(,?\s*|\s?[|/]\s?)(--?[A-Za-z][\w-]+))?|` +
	`(--?[A-Za-z0-9][\w-]+))((?:\[?=\S+| ?<[^>]*>|\[[^\]]*\]| [A-Z][A-Z_.-]*(?::[A-Z_.-]+)*|` +
	` \[[^\]]*\]| [a-z][\w.-]*(?::[\w.-]+)*)*?)((?::\s+|\s+[-:=]+\s+|\s{2,}|\s*(?:\\t)+\s*)|\s*$)(.*)$`)

// twiceForm matches the argument that stands after both names: -h HOST, --host HOST.
var twiceForm = text.NewPattern(`^(\s*-[A-Za-z0-9])(\s<?[A-Za-z][\w:.-]*>?)(,\s*--[A-Za-z][\w-]+[ =]<?[A-Za-z][\w:.-]*>?)`)

// argColumn matches the argument and the description where arguments stand in a column of their own.
var argColumn = text.NewPattern(`^(<[^>]*>|\[<[^>]*>\])(\s{2,}|\s*(?:\\t)+\s*)(\S.*)$`)

// ReadEntry takes an option's line apart; nil if the line shows no option.
func ReadEntry(s string) *Entry {
	twice := ""
	if m := twiceForm.FindStringSubmatch(s); m != nil {
		s, twice = m[1]+m[3]+s[len(m[0]):], m[2]
	}
	m := entryForm.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	e := &Entry{lead: m[1], Short: m[2], sep: m[3], Long: m[4], arg: m[6] + twice, Gap: m[7], Desc: m[8]}
	if m := argColumn.FindStringSubmatch(e.Desc); m != nil && e.arg == "" {
		e.arg, e.Gap, e.Desc = e.Gap+m[1], m[2], m[3]
	}
	if e.lead == "" && e.Desc == "" && e.Gap == " " {
		return nil // a part of a synopsis
	}
	if e.Desc == "" && saysWrong.MatchString(e.arg) {
		return nil // a message about the option
	}
	if e.Long == "" {
		e.Long = m[5]
	}
	if e.Short == "" {
		e.sep = ""
	}
	return e
}

// saysWrong matches what a message says of an option that it names.
var saysWrong = text.NewPattern(`\b(requires?|needs?|wants?|expects?|must|cannot|missing|without|not)\b`)

// Names returns the names that the entry shows, the short one first.
func (e *Entry) Names() []string {
	var out []string
	for _, n := range []string{e.Short, e.Long} {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}

// key orders entries.
func (e *Entry) key() string {
	name := e.Short
	if name == "" {
		name = e.Long
	}
	return SortKey(name)
}

// SortKey returns the key by which lists of options are ordered: without hyphens, small letters
// before capitals.
func SortKey(name string) string {
	s := strings.TrimLeft(name, "-")
	if len(s) == 1 && patch.IsLetter(s[0]) {
		if s == strings.ToUpper(s) {
			return strings.ToLower(s) + "\x01"
		}
		return s + "\x00"
	}
	return strings.ToLower(s)
}

// entryKey is the option's own.
func entryKey(sp *patch.Spelling, e *Entry) string {
	if e != nil && e.Short == "" && e.Long != "" && sp.Long != "" || sp.Short == "" {
		return SortKey(sp.Long)
	}
	return SortKey("-" + sp.Short)
}

// colWidth is the number of columns that source text of a literal takes when
// printed.
func colWidth(s string) int {
	s = strings.NewReplacer(`\t`, "\t", `\"`, `"`, `\\`, `\`, "%%", "%").Replace(s)
	return text.Width(s, 8)
}

// linesOf splits a literal into lines.
func linesOf(l patch.Literal) []*Line {
	var out []*Line
	src := l.Text()
	base := l.Off + 1
	start := 0
	for i := 0; i < len(src); i++ {
		if src[i] != '\\' || i+1 >= len(src) {
			continue
		}
		if src[i+1] == 'n' {
			out = append(out, &Line{lit: l, off: base + start, text: src[start:i], first: start == 0, newline: true})
			start = i + 2
			// A literal that runs on over a backslash at the end of a line.
			if strings.HasPrefix(src[start:], "\\\n") {
				start += 2
			}
		}
		i++
	}
	if start < len(src) {
		out = append(out, &Line{lit: l, off: base + start, text: src[start:], first: start == 0})
	}
	for _, u := range out {
		u.Entry = ReadEntry(u.text)
	}
	return out
}

// compared reports whether a line is a whole literal in the condition of a statement, as
// the name of an option that an argument is compared with.
func (l *Line) compared() bool {
	f := l.lit.File
	return f != nil && l.lit.Text() == l.text && len(f.FuncsAt(l.lit.Off)) > 0 &&
		statementOf(f, l.lit.Off) == nil && !inMacro(f, l.lit.Off) && !inDecl(f, l.lit.Off)
}

// inDecl reports whether an offset is in an initializer of a function's variable.
func inDecl(f *parse.File, off int) bool {
	found := false
	for _, fn := range f.FuncsAt(off) {
		if fn.Macro != nil {
			continue
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			for _, d := range s.Decls {
				found = found || d.Init != nil && d.Init.Pos <= off && off < d.Init.End
			}
			return !found
		})
	}
	return found
}

// Add adds the option to the usage text. told says what was found.
func Add(j *patch.Patch, sp *patch.Spelling) (added bool) {
	for _, b := range Blocks(j, sp) {
		if b.score >= 2 || b.score == 1 && (len(sp.Peers) <= 2 || b.isUsage()) {
			if entryIn(j, b, sp) {
				added = true
				break
			}
		} else {
			break
		}
	}
	if synopsis(j, sp, added) {
		added = true
	}
	return added || sp.First && firstInSynopsis(j, sp)
}

// isUsage reports whether a text says of itself that it is about the use of the program.
func (b *Block) isUsage() bool {
	return slices.ContainsFunc(b.Lines, func(l *Line) bool { return usageLine.MatchString(l.text) })
}

var usageLine = text.NewPattern(`^\W*(?i:usage|options)\b`)

// WantsLast are the entries that stand at the end of a list by custom.
func WantsLast(e *Entry) bool {
	for _, n := range []string{"--help", "--version", "--usage"} {
		if e.Long == n {
			return true
		}
	}
	return e.Short == "-?" || e.Long == "" && e.arg == "" && (e.Short == "-h" || e.Short == "-V")
}

// inOrder are the entries of a list before which the option belongs, best first: in the order
// of an ordered list, before what stands last by custom, or beside what is akin.
func inOrder(list []*Line, sp *patch.Spelling) (tries []int) {
	sorted, turns := true, 0
	for i := 1; i < len(list); i++ {
		if list[i-1].Entry.key() > list[i].Entry.key() {
			turns++
		}
	}
	sorted = len(list) > 3 && turns*5 <= len(list)
	if sorted {
		for i, l := range list {
			if l.Entry.key() > entryKey(sp, l.Entry) && !WantsLast(l.Entry) {
				tries = append(tries, i)
				break
			}
		}
	}
	end := len(list)
	for end > 1 && WantsLast(list[end-1].Entry) {
		end--
	}
	if end < len(list) {
		tries = append(tries, end)
	}
	// A group of its own may follow them.
	for i, l := range list {
		if i > 1 && WantsLast(l.Entry) && !WantsLast(list[i-1].Entry) {
			tries = append(tries, i)
			break
		}
	}
	// What is akin.
	for i, l := range list {
		if strings.Contains(strings.ToLower(l.Entry.Long), "keepalive") || strings.Contains(strings.ToLower(l.Entry.Long), "keep-alive") {
			tries = append(tries, i)
			break
		}
	}
	return tries
}

// entryIn adds a line to one list.
func entryIn(j *patch.Patch, b *Block, sp *patch.Spelling) bool {
	known := map[string]bool{}
	for _, p := range sp.Peers {
		known[p] = true
	}
	var list []*Line
	for _, l := range b.Lines {
		if l.Entry == nil || l.Entry.Gap == "" && l.Entry.Desc == "" && l.Entry.arg == "" && (l.Entry.Long == "" || l.compared()) {
			continue
		}
		for _, n := range l.Entry.Names() {
			if known[n] {
				list = append(list, l)
				break
			}
		}
	}
	if len(list) == 0 {
		return false
	}
	tries := inOrder(list, sp)
	always := unconditional(b, list)
	from, to := longestPart(b, list)
	if len(tries) == 0 && to > 1 && always[to-1] {
		if at, text, ok := placeBehind(b, list[to-1], Lines(j, list, sp)); ok {
			j.Insert(b.f, at, text)
			return true
		}
	}
	for i := to - 1; i >= from; i-- {
		tries = append(tries, i)
	}
	for i := len(list) - 1; i >= 0; i-- {
		tries = append(tries, i)
	}
	for _, i := range tries {
		if !always[i] {
			continue // printed under a condition that does not hold for the others
		}
		if at, text, ok := place(b, list[i], Lines(j, list, sp)); ok {
			j.Insert(b.f, at, text)
			return true
		}
	}
	return false
}
