package suppress

import (
	"bytes"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/token"
)

// NotePrefix begins the note of the evidence that a suppressed site carries
// last; the reason follows it.
const NotePrefix = "suppressed: "

// The words that may follow it.
const (
	wordIgnore  = "ignore"
	wordBegin   = "ignore-begin"
	wordEnd     = "ignore-end"
	knownWords  = "ignore, ignore-begin and ignore-end"
	maxReason   = 200 // bytes; a longer one is cut in reports
	commentEnds = "*/"
)

// suppression is one comment that silences lines.
type suppression struct {
	line, column int // of the directive
	first, last  int // the lines it silences
	alone        bool
	region       bool
	reason       string
	used         bool
}

// InFile reads the suppression comments of a file: keepatch:ignore REASON on
// a line of a call or on the line before, or keepatch:ignore-begin REASON up
// to keepatch:ignore-end. The comments are in the order of the file; calls has the
// last line of each call that would be reported without a comment by its first one,
// 1-based.
//
// It returns the reason for each line that is silenced, and notes on comments
// that do not count (no reason, no partner, an unknown word) and on those that
// silence nothing.
//
// A comment after code applies to that line, and to the next one only where its own
// line has no call: a comment on one call does not silence the call below.
func InFile(file string, src []byte, comments []token.Comment, calls map[int]int) (map[int]string, []result.Note) {
	if !bytes.Contains(src, []byte(program.Directive)) {
		return nil, nil
	}
	found, notes := readSuppressions(file, src, comments)
	reasons := map[int]string{}
	for _, s := range found {
		first, last := s.first, s.last
		if !s.region {
			if s.alone && !insideCall(calls, first) || !inCall(calls, first, last) {
				last++
			}
		}
		for l, end := range calls {
			if s.region {
				end = l // a call that begins before a region is not in it
			}
			if end < first || l > last {
				continue
			}
			s.used = true
			if _, ok := reasons[l]; !ok {
				reasons[l] = s.reason
			}
		}
		if !s.used {
			notes = append(notes, result.Note{Rule: rules.Unused, File: file, Line: s.line, Column: s.column,
				Message: "nothing here needs this suppression (" + s.reason + ")"})
		}
	}
	sort.SliceStable(notes, func(i, j int) bool {
		if notes[i].Line != notes[j].Line {
			return notes[i].Line < notes[j].Line
		}
		return notes[i].Column < notes[j].Column
	})
	return reasons, notes
}

// inCall reports whether a call has one of the lines.
func inCall(calls map[int]int, first, last int) bool {
	for l, end := range calls {
		if l <= last && end >= first {
			return true
		}
	}
	return false
}

// insideCall reports whether a line is one of a call, after its first.
func insideCall(calls map[int]int, line int) bool {
	for l, end := range calls {
		if l < line && line <= end {
			return true
		}
	}
	return false
}

// readSuppressions returns the suppressions that count, and notes on the rest.
func readSuppressions(file string, src []byte, comments []token.Comment) (found []*suppression, notes []result.Note) {
	var open *suppression
	bad := func(line, col int, msg string) {
		notes = append(notes, result.Note{Rule: rules.Malformed, File: file, Line: line, Column: col, Message: msg})
	}
	line, at := 1, 0 // line is that of offset at
	for _, c := range comments {
		start, end := int(c.Off), int(c.End)
		body := src[start:end]
		rel := bytes.Index(body, []byte(program.Directive))
		if rel < 0 || !startsComment(body, rel) {
			continue
		}
		line += bytes.Count(src[at:start], []byte("\n"))
		at = start
		begin := bytes.LastIndexByte(src[:start], '\n') + 1
		here := line + bytes.Count(body[:rel], []byte("\n"))
		col := start + rel - bytes.LastIndexByte(src[:start+rel], '\n')
		word, reason := splitDirective(body[rel+len(program.Directive):])
		s := &suppression{
			line: here, column: col, reason: reason, first: line,
			last:  line + bytes.Count(bytes.TrimRight(body, "\r\n"), []byte("\n")),
			alone: len(bytes.TrimSpace(src[begin:start])) == 0,
		}
		switch {
		case word == wordEnd && open == nil:
			bad(here, col, "ignore-end without an ignore-begin before it")
		case word == wordEnd:
			open.last = s.last
			found = append(found, open)
			open = nil
		case word != wordIgnore && word != wordBegin:
			bad(here, col, "unknown word \"keepatch:"+word+"\": the words are "+knownWords)
		case reason == "":
			bad(here, col, "keepatch:"+word+" needs a reason after it; without one it suppresses nothing")
		case toCome(reason):
			bad(here, col, "keepatch:"+word+" needs a reason, and "+firstWord(reason)+" is none; without one it suppresses nothing")
		case word == wordBegin && open != nil:
			bad(here, col, "ignore-begin inside another ignore-begin")
		case word == wordBegin:
			s.region = true
			open = s
		default:
			found = append(found, s)
		}
	}
	if open != nil {
		bad(open.line, open.column, "ignore-begin without an ignore-end; it suppresses nothing")
	}
	return found, notes
}

// toCome says that a reason only promises one.
func toCome(reason string) bool {
	word := firstWord(reason)
	return word == "TODO" || word == "FIXME" || word == "XXX"
}

func firstWord(reason string) string {
	word, _, _ := strings.Cut(reason, " ")
	return strings.Trim(word, ":.,()")
}

// startsComment says whether only the comment's delimiter, blanks and asterisks
// stand before the directive: prose that mentions it is no directive.
func startsComment(body []byte, rel int) bool {
	return len(bytes.Trim(body[:rel], "/*!< \t\r\n")) == 0
}

// splitDirective cuts "ignore-begin REASON */" into the word and the reason,
// which ends with its line.
func splitDirective(b []byte) (word, reason string) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	s := strings.TrimSpace(strings.ToValidUTF8(string(b), "?"))
	s = strings.TrimSpace(strings.TrimSuffix(s, commentEnds))
	word, reason, _ = strings.Cut(s, " ")
	if w, r, tab := strings.Cut(word, "\t"); tab {
		word, reason = w, r+" "+reason
	}
	word = strings.TrimSuffix(word, ":")
	reason = strings.TrimSpace(reason)
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "") + "..."
	}
	return word, reason
}
