package report

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

var hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+`)

// siteDiff is what the proposed diffs have for a site: the hunks that its edits
// fall into, in every file that its fix touches.
func siteDiff(d *Document, s *result.Site) []htmlDiffLine {
	var out []htmlDiffLine
	for _, fe := range d.Fixes[s.ID] {
		var at []int
		for _, e := range fe.Edits {
			if line, _, ok := d.Sources.Position(fe.Path, e.Start); ok {
				at = append(at, line)
			}
		}
		out = append(out, hunksAt(d.Diffs[fe.Path], at)...)
	}
	return out
}

// hunksAt picks those hunks of a unified diff that cover one of the lines of
// the old file, with the file's names before them.
func hunksAt(diff []byte, lines []int) []htmlDiffLine {
	var head, out []htmlDiffLine
	inside, wanted := false, false
	for _, l := range bytes.SplitAfter(diff, []byte("\n")) {
		text := clean(string(bytes.TrimRight(l, "\r\n")))
		if m := hunkHead.FindStringSubmatch(text); m != nil {
			inside = true
			if wanted = covers(m, lines); wanted && len(out) == 0 {
				out = append(out, head...)
			}
		}
		switch {
		case len(l) == 0:
		case !inside:
			head = append(head, htmlDiffLine{"hunk", text})
		case wanted:
			out = append(out, htmlDiffLine{diffClass(text), text})
		}
	}
	return out
}

// covers says whether a hunk of old lines has one of the lines in it or right
// behind it, where an insertion stands.
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
	case strings.HasPrefix(line, "+"):
		return "add"
	case strings.HasPrefix(line, "-"):
		return "del"
	case strings.HasPrefix(line, "@@"):
		return "hunk"
	}
	return "same"
}
