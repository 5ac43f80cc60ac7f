package config

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// texts describes the keywords in the sample configuration and in the manual,
// where the boolean one's sibling stands there.
func (x *index) texts(p *Patch, s *sibling) {
	name := p.Keywords[0]
	if x.prog.Texts == nil {
		return
	}
	for _, file := range x.prog.Texts() {
		src, err := x.prog.Read(file)
		if err != nil || isGrammarName(file) || !bytes.Contains(src, []byte(s.name)) || indexWord(string(src), name) >= 0 {
			continue
		}
		var at int
		var text string
		if isManual.MatchString(path.Base(file)) {
			at, text = manualEntry(src, s, p.Keywords, x.prog.On)
		} else {
			at, text = sampleEntry(src, s, p.Keywords)
		}
		if text != "" {
			p.Texts = append(p.Texts, TextInsert{Path: file, Src: src, At: at, Text: text})
		}
	}
}

var isManual = regexp.MustCompile(`\.[1-9](\.in)?$`)

// sampleEntry copies the sibling's line of a sample configuration, as a
// comment: what is off by default stays off.
func sampleEntry(src []byte, s *sibling, names []string) (int, string) {
	line := regexp.MustCompile(`(?m)^([ \t]*)([#;]?)([ \t]*)` + regexp.QuoteMeta(s.name) + `([ \t]*[=:]?[ \t]*)(\S*)[ \t]*\r?\n`)
	found := line.FindAllSubmatchIndex(src, -1)
	if len(found) != 1 {
		return 0, ""
	}
	m := found[0]
	part := func(i int) string { return string(src[m[2*i]:m[2*i+1]]) }
	value := part(5)
	if s.arm.flag != (value == "") || strings.ContainsAny(value, "#;<{[") {
		return 0, ""
	}
	for no, yes := range map[string]string{"no": "yes", "off": "on", "false": "true", "0": "1", "No": "Yes", "Off": "On", "False": "True", "NO": "YES", "OFF": "ON", "FALSE": "TRUE"} {
		if value == no {
			value = yes
		}
	}
	mark, gap := part(2), part(3)
	if mark == "" {
		mark = "#"
		if bytes.HasPrefix(src, []byte(";")) {
			mark = ";"
		}
	}
	eol := eolOf(src)
	at := m[1]
	text := part(1) + mark + " Send keepalive probes on idle TCP connections." + eol + part(1) + mark + gap + names[0] + part(4) + value + eol
	if len(names) == 4 {
		quote := ""
		if strings.HasPrefix(value, `"`) {
			quote = `"`
		}
		text += part(1) + mark + " Seconds before the first one, seconds between them, and how many may stay unanswered." + eol
		sep := part(4)
		if s.arm.flag { // it has no argument to be set off
			sep = " "
		}
		for i, number := range []string{"7200", "75", "9"} {
			text += part(1) + mark + gap + names[i+1] + sep + quote + number + quote + eol
		}
	}
	if at >= len(src) || blank(src, at) {
		text = eol + text
	} else {
		text = eol + text + eol
	}
	return at, text
}

// manualEntry puts an entry behind the sibling's: the line or lines with its
// name in the same macros, and what the keyword does.
func manualEntry(src []byte, s *sibling, names []string, on bool) (int, string) {
	lines := bytes.SplitAfter(src, []byte("\n"))
	at := make([]int, len(lines)+1)
	for i, l := range lines {
		at[i+1] = at[i] + len(l)
	}
	first, head := -1, 0
	for i, l := range lines {
		if indexWord(string(l), s.name) < 0 {
			continue
		}
		tagged := i > 0 && bytes.HasPrefix(lines[i-1], []byte(".TP")) && bytes.HasPrefix(l, []byte(".B"))
		switch {
		case tagged:
			if first >= 0 {
				return 0, ""
			}
			first, head = i-1, 2
		case bytes.HasPrefix(l, []byte(".It ")), bytes.HasPrefix(l, []byte(".IP ")):
			if first >= 0 {
				return 0, ""
			}
			first, head = i, 1
			for mark := []byte(" Xo"); bytes.Contains(l, mark) && i+head < len(lines); head++ { // it goes on to the mark's end
				if bytes.HasPrefix(lines[i+head], []byte(".Xc")) {
					mark, l = []byte("\x00"), nil
				}
			}
		}
	}
	if first < 0 {
		return 0, ""
	}
	macro := lines[first][:3]
	end := first + head
	for end < len(lines) && !bytes.HasPrefix(lines[end], macro) && !bytes.HasPrefix(lines[end], []byte(".SH")) &&
		!bytes.HasPrefix(lines[end], []byte(".Sh")) && !bytes.HasPrefix(lines[end], []byte(".El")) && !bytes.HasPrefix(lines[end], []byte(".SS")) && len(bytes.TrimSpace(lines[end])) > 0 {
		if bytes.HasPrefix(lines[end], []byte(".RS")) || bytes.HasPrefix(lines[end], []byte(".Bl")) {
			return 0, "" // a list within
		}
		end++
	}
	if end >= len(lines) || end == first+head {
		return 0, "" // the text was not found
	}
	var b strings.Builder
	for _, l := range lines[first : first+head] {
		text := string(l)
		if i := indexWord(text, s.name); i >= 0 {
			text = text[:i] + names[0] + text[i+len(s.name):]
		}
		b.WriteString(text)
	}
	eol := eolOf(src)
	b.WriteString("Send keepalive probes on idle TCP connections, to notice peers that are gone." + eol)
	state := "Off"
	if on {
		state = "On"
	}
	b.WriteString(state + " by default." + eol)
	if len(names) == 4 {
		esc := func(name string) string { return strings.ReplaceAll(name, "-", `\-`) }
		b.WriteString(esc(names[1]) + " is the number of seconds before the first probe," + eol + esc(names[2]) + " that between probes, and" + eol +
			esc(names[3]) + " how many may stay unanswered." + eol)
	}
	if len(bytes.TrimSpace(lines[end])) == 0 {
		return at[end], eol + b.String()
	}
	return at[end], b.String()
}
