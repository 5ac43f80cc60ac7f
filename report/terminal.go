package report

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
)

// Terminal says how a text is shown.
type Terminal struct {
	Color  bool // in colours
	Links  bool // places and rules are links that a terminal opens (OSC 8)
	IDs    bool // with the IDs of sites
	Width  int  // columns; 0 where there is no terminal
	NoTabs bool // blanks in the place of the tabs of source lines, for what shows a tab as ^I
}

// link makes a text a link to an address.
func (t Terminal) link(address, text string) string {
	if !t.Links {
		return text
	}
	return "\x1b]8;;" + address + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}

// fileLink makes a text a link to a file.
func (t Terminal) fileLink(file, text string) string {
	abs, err := filepath.Abs(filepath.FromSlash(file))
	if err != nil || !t.Links {
		return text
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}
	return t.link(u.String(), text)
}

// ruleLink makes of a rule's ID a link to its documentation.
func (t Terminal) ruleLink(id string) string {
	if r := rules.ByID(id); r != nil {
		return t.link(RuleAddress(r), id)
	}
	return id
}

// id is a site's ID after other text, where IDs are to be shown.
func (t Terminal) id(s *result.Site) string {
	if !t.IDs || s == nil {
		return ""
	}
	return " " + paint(t.Color, dim, s.ID)
}

// maxLine is the number of characters shown of a source line; a longer line is
// cut around the column.
const maxLine = 120

// excerpt prints a source line with a caret under a column (1-based, in bytes), as
// compilers do, and nothing when the source lacks the line.
func excerpt(w io.Writer, src *Sources, file string, line, column, length int, indent string, t Terminal) {
	text, ok := src.Line(file, line)
	if !ok || column < 1 || column > len(text) {
		return
	}
	before, after := string(text[:column-1]), string(text[column-1:])
	if n := utf8.RuneCountInString(before); n > maxLine-40 {
		before = "..." + string([]rune(before)[n-(maxLine-40):])
	}
	if r := []rune(after); len(r) > maxLine {
		after = string(r[:maxLine]) + "..."
	}
	number := fmt.Sprintf("%d", line)
	gutter := strings.Repeat(" ", len(number))
	before, after = clean(before), clean(after)
	if room := t.Width - len(indent) - len(number) - len(" | "); t.Width > 0 {
		before, after = fit(before, after, max(room, 20))
	} else if t.NoTabs {
		before, after = untab(before, after)
	}
	marks := "^" + strings.Repeat("~", max(0, min(length, utf8.RuneCountInString(after))-1))
	fmt.Fprintf(w, "%s%s | %s%s\n", indent, paint(t.Color, dim, number), before, after)
	fmt.Fprintf(w, "%s%s | %s%s\n", indent, gutter, blanks(before), paint(t.Color, red, marks))
}

// fit cuts a line to a number of columns and keeps the place in it: of what stands
// before that, the end, in a third of the room at least. Tabs become blanks, as where
// they would stop depends on what is cut.
func fit(before, after string, room int) (string, string) {
	before, after = untab(before, after)
	b, a := []rune(before), []rune(after)
	if len(b)+len(a) <= room {
		return before, after
	}
	if keep := max(room-len(a), room/3); len(b) > keep {
		b = append([]rune("..."), b[len(b)-keep+3:]...)
	}
	if keep := room - len(b); len(a) > keep {
		a = append(a[:keep-3:keep-3], []rune("...")...)
	}
	return string(b), string(a)
}

// untab makes blanks of the tabs of a line whose second part follows the first.
func untab(before, after string) (string, string) {
	before = expand(before, 0)
	return before, expand(after, utf8.RuneCountInString(before))
}

// expand replaces tabs by blanks in what begins at a column.
func expand(s string, column int) string {
	var b strings.Builder
	for _, r := range s {
		if r != '\t' {
			b.WriteRune(r)
			column++
			continue
		}
		for {
			b.WriteByte(' ')
			if column++; column%8 == 0 {
				break
			}
		}
	}
	return b.String()
}

// blanks returns blanks of the width of s; tabs stay tabs.
func blanks(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// Clean makes a text safe to print on a terminal.
func Clean(s string) string { return clean(s) }

// clean replaces what a terminal or a viewer could act on: control characters
// except tabs, characters that change the direction of writing, and bytes that are
// not UTF-8.
func clean(s string) string {
	bad := func(r rune) bool {
		return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 // direction of writing
	}
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// SGR parameters of the terminal's colours.
const (
	bold   = "1"
	dim    = "2"
	red    = "31;1"
	green  = "32"
	yellow = "33"
	blue   = "34;1"
	cyan   = "36"
)

// paint wraps s in a colour if color is set.
func paint(color bool, code, s string) string {
	if !color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// ColorDiff colours a unified diff.
func ColorDiff(diff []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(diff)) {
		text := strings.TrimRight(line, "\r\n")
		code := ""
		switch {
		case strings.HasPrefix(text, "---"), strings.HasPrefix(text, "+++"):
			code = bold
		case strings.HasPrefix(text, "@@"):
			code = cyan
		case strings.HasPrefix(text, "+"):
			code = green
		case strings.HasPrefix(text, "-"):
			code = red
		}
		b.WriteString(paint(true, code, text))
		b.WriteString(line[len(text):])
	}
	return []byte(b.String())
}
