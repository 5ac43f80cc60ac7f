package report

import (
	"path"
	"strings"
)

type (
	htmlExcerpt struct {
		File  string
		Lines []htmlLine
	}
	htmlLine struct {
		No    int
		Hit   bool
		Spans []htmlSpan
	}
	htmlDiffLine struct {
		Class string
		Sign  string // "+", "-" or " " of a unified diff
		Spans []htmlSpan
	}
)

// contextLines is the number of lines shown before and after a hit.
const contextLines = 3

// codeAround returns the source around a line; with brief, the line alone. If
// length is positive, that many bytes at the column are marked.
func (d *Document) codeAround(file string, line, column, length int, brief bool) htmlExcerpt {
	x := htmlExcerpt{File: clean(d.displayPath(file))}
	around := contextLines
	if brief {
		around = 0
	}
	var text []string
	for n := max(1, line-around); n <= line+around; n++ {
		src, ok := d.Sources.Line(file, n)
		if !ok {
			continue
		}
		x.Lines = append(x.Lines, htmlLine{No: n, Hit: n == line})
		text = append(text, clip(clean(string(src))))
	}
	if len(x.Lines) == 0 {
		return x
	}
	for i, spans := range highlight(text, d.Sources.InComment(file, x.Lines[0].No)) {
		l := &x.Lines[i]
		l.Spans = spans
		src, _ := d.Sources.Line(file, l.No)
		if l.Hit && length > 0 && column >= 1 && column-1+length <= len(src) {
			from := len(clean(string(src[:column-1])))
			l.Spans = markRange(spans, from, from+len(clean(string(src[column-1:column-1+length]))))
		}
	}
	return x
}

// clip cuts a very long line.
func clip(s string) string {
	const most = 400
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + " ..."
	}
	return s
}

// displayRoot returns the folder that the page's paths are relative to: the
// scanned one, or the deepest that holds all scanned paths. "" is the working
// directory.
func (d *Document) displayRoot() string {
	if len(d.Paths) == 0 {
		return ""
	}
	base := strings.Split(path.Clean(d.Paths[0]), "/")
	for _, p := range d.Paths[1:] {
		parts := strings.Split(path.Clean(p), "/")
		n := 0
		for n < min(len(base), len(parts)) && base[n] == parts[n] {
			n++
		}
		base = base[:n]
	}
	if b := strings.Join(base, "/"); b != "." {
		return b
	}
	return ""
}

// displayPath returns a path relative to displayRoot.
func (d *Document) displayPath(file string) string {
	if base := d.displayRoot(); base != "" {
		if rest, ok := strings.CutPrefix(file, strings.TrimSuffix(base, "/")+"/"); ok {
			return rest
		}
		if file == base {
			return path.Base(file)
		}
	}
	return file
}

// shellWord quotes a word for a shell if necessary.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
