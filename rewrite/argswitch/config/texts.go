package config

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// texts describes the keyword in the sample configuration and in the manual,
// where its sibling stands there.
func (x *index) texts(p *Patch, s *sibling, name string) {
	if x.prog.Texts == nil {
		return
	}
	for _, file := range x.prog.Texts() {
		src, err := x.prog.Read(file)
		if err != nil || !bytes.Contains(src, []byte(s.name)) || indexWord(string(src), name) >= 0 {
			continue
		}
		var at int
		var text string
		if isManual.MatchString(path.Base(file)) {
			at, text = manualEntry(src, s, name)
		} else {
			at, text = sampleEntry(src, s, name)
		}
		if text != "" {
			p.Texts = append(p.Texts, TextInsert{Path: file, Src: src, At: at, Text: text})
		}
	}
}

var isManual = regexp.MustCompile(`\.[1-9](\.in)?$`)

// sampleEntry copies the sibling's line of a sample configuration, as a
// comment: what is off by default stays off.
func sampleEntry(src []byte, s *sibling, name string) (int, string) {
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
	text := part(1) + mark + " Turn on TCP keepalive." + eol + part(1) + mark + gap + name + part(4) + value + eol
	if at >= len(src) || blank(src, at) {
		text = eol + text
	} else {
		text = eol + text + eol
	}
	return at, text
}

// manualEntry puts an entry behind the sibling's: the line or lines with its
// name in the same macros, and what the keyword does.
func manualEntry(src []byte, s *sibling, name string) (int, string) {
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
			text = text[:i] + name + text[i+len(s.name):]
		}
		b.WriteString(text)
	}
	eol := eolOf(src)
	b.WriteString("Turn on TCP keepalive for the connections of the program." + eol)
	if len(bytes.TrimSpace(lines[end])) == 0 {
		return at[end], eol + b.String()
	}
	return at[end], b.String()
}
