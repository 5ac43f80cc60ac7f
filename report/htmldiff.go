package report

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/text"
)

var hunkHead = text.NewPattern(`^@@ -(\d+)(?:,(\d+))? \+`)

// editedLines returns the lines that the fixes of sites change, by path.
func (d *Document) editedLines(sites ...*result.Site) map[string][]int {
	at := map[string][]int{}
	for _, s := range sites {
		for _, fe := range d.Fixes[s.ID] {
			for _, e := range fe.Edits {
				if line, _, ok := d.Sources.Position(fe.Path, e.Start); ok {
					at[fe.Path] = append(at[fe.Path], line)
				}
			}
		}
	}
	return at
}

// diffsOf returns the hunks of the diffs that hold the fixes of sites, by path.
func (d *Document) diffsOf(sites []*result.Site) map[string][]byte {
	diffs := map[string][]byte{}
	for p, at := range d.editedLines(sites...) {
		if diff := hunksAt(d.Diffs[p], at); diff != nil {
			diffs[p] = diff
		}
	}
	return diffs
}

// siteDiff returns the hunks that hold the fix of a site.
func siteDiff(d *Document, s *result.Site) []byte {
	diffs := d.diffsOf([]*result.Site{s})
	var out []byte
	for _, p := range slices.Sorted(maps.Keys(diffs)) {
		out = append(out, diffs[p]...)
	}
	return out
}

// diffLines prepares a diff for the page.
func diffLines(diff []byte) []htmlDiffLine {
	var out []htmlDiffLine
	var code []string // the lines of one hunk
	flush := func() {
		for i, spans := range highlight(code, false) {
			out[len(out)-len(code)+i].Spans = spans
		}
		code = nil
	}
	for l := range bytes.Lines(diff) {
		text := clean(string(bytes.TrimRight(l, "\r\n")))
		class := diffClass(text)
		if class == "hunk" {
			flush()
			out = append(out, htmlDiffLine{Class: class, Spans: []htmlSpan{{Text: text}}})
			continue
		}
		sign := text[:min(1, len(text))]
		out = append(out, htmlDiffLine{Class: class, Sign: sign})
		code = append(code, text[len(sign):])
	}
	flush()
	return out
}

// hunksAt returns the header of a file's unified diff and the hunks that cover one
// of the given lines of the old file.
func hunksAt(diff []byte, lines []int) []byte {
	var head, out []byte
	inside, wanted := false, false
	for l := range bytes.Lines(diff) {
		if m := hunkHead.FindStringSubmatch(string(l)); m != nil {
			inside = true
			if wanted = covers(m, lines); wanted && out == nil {
				out = slices.Clone(head)
			}
		}
		switch {
		case !inside:
			head = append(head, l...)
		case wanted:
			out = append(out, l...)
		}
	}
	return out
}

// covers reports whether a hunk covers one of the lines of the old file. The line
// after the hunk counts: an insertion at its end has that line.
func covers(head []string, lines []int) bool {
	start, _ := strconv.Atoi(head[1])
	n := 1
	if head[2] != "" {
		n, _ = strconv.Atoi(head[2])
	}
	for _, l := range lines {
		if l >= start && l <= start+n {
			return true
		}
	}
	return false
}

func diffClass(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return "hunk" // the file header
	case strings.HasPrefix(line, "+"):
		return "add"
	case strings.HasPrefix(line, "-"):
		return "del"
	case strings.HasPrefix(line, "@@"), strings.HasPrefix(line, `\`):
		return "hunk"
	}
	return "same"
}
