// Package baseline remembers the findings that a project lives with for now, so
// that check fails on new ones only.
//
// A finding is known by its rule, its file and the text of its line without
// regard to blanks, not by its line number: code that moves is not new, code
// that changes is (semgrep/semgrep#4571 weighs the two).
package baseline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/finding"
)

// Schema is the version of the file's format.
const Schema = 1

// Entry is one finding, or several alike.
type Entry struct {
	Rule  string `json:"rule"`
	Path  string `json:"path"` // relative to the baseline's folder, with slashes
	Text  string `json:"text"` // the line, blanks joined
	Count int    `json:"count"`
}

// Baseline is the content of a baseline file.
type Baseline struct {
	file    string
	entries []Entry
}

// LineOf returns the text of a line (1-based) of a file, and whether there is
// one.
type LineOf func(file string, line int) ([]byte, bool)

// Read reads a baseline file. Its errors do not name the file.
func Read(name string) (*Baseline, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var in struct {
		Schema  int     `json:"schema"`
		Entries []Entry `json:"entries"`
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("no baseline: %v", err)
	}
	if in.Schema != Schema {
		return nil, fmt.Errorf("baseline of schema %d, but this version reads schema %d", in.Schema, Schema)
	}
	return &Baseline{file: name, entries: in.Entries}, nil
}

// New makes a baseline, to be written to a file of that name, of the findings
// that check would print.
func New(name string, findings []finding.Finding, line LineOf) *Baseline {
	b := &Baseline{file: name}
	count := map[Entry]int{}
	for i := range findings {
		if f := &findings[i]; !f.Suppressed && f.Printed() {
			count[b.key(f, line)]++
		}
	}
	for e, n := range count {
		e.Count = n
		b.entries = append(b.entries, e)
	}
	sort.Slice(b.entries, func(i, j int) bool {
		x, y := b.entries[i], b.entries[j]
		switch {
		case x.Path != y.Path:
			return x.Path < y.Path
		case x.Rule != y.Rule:
			return x.Rule < y.Rule
		}
		return x.Text < y.Text
	})
	return b
}

// Write writes the baseline's file, an entry a line, so that a merge of two
// branches rarely conflicts.
func (b *Baseline) Write() error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"schema\": %d,\n  \"entries\": [", Schema)
	for i, e := range b.entries {
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    ")
		out.Write(bytes.TrimSpace(line.Bytes()))
	}
	if len(b.entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return os.WriteFile(b.file, out.Bytes(), 0o666)
}

// Mark marks the findings that the baseline holds as known, and returns the
// entries that no finding needs any more, with how often they are too many.
// seen says whether a file (as in the findings) was looked at: entries of other
// files are not judged.
func (b *Baseline) Mark(findings []finding.Finding, line LineOf, seen func(file string) bool) []Entry {
	left := map[Entry]int{}
	for _, e := range b.entries {
		n := max(e.Count, 1)
		e.Count = 0
		left[e] += n
	}
	for i := range findings {
		f := &findings[i]
		k := b.key(f, line)
		if !f.Suppressed && f.Printed() && left[k] > 0 {
			left[k]--
			f.Known = true
		}
	}
	var stale []Entry
	for _, e := range b.entries {
		e.Count = 0
		n := left[e]
		if n == 0 || !seen(b.fromBaseline(e.Path)) {
			continue
		}
		left[e] = 0
		e.Count = n
		stale = append(stale, e)
	}
	return stale
}

func (b *Baseline) key(f *finding.Finding, line LineOf) Entry {
	text, _ := line(f.File, f.Line)
	return Entry{Rule: f.Rule.ID, Path: b.inBaseline(f.File),
		Text: strings.ToValidUTF8(strings.Join(strings.Fields(string(text)), " "), "?")}
}

// inBaseline is a path as the baseline's file has it: relative to its folder, so
// that check finds the entries from wherever it is run.
func (b *Baseline) inBaseline(file string) string {
	return relative(filepath.Dir(b.file), filepath.FromSlash(file))
}

// fromBaseline is a path of the baseline as seen from the working directory.
func (b *Baseline) fromBaseline(path string) string {
	return relative(".", filepath.Join(filepath.Dir(b.file), filepath.FromSlash(path)))
}

func relative(dir, file string) string {
	adir, err1 := filepath.Abs(dir)
	afile, err2 := filepath.Abs(file)
	if err1 == nil && err2 == nil {
		if rel, err := filepath.Rel(adir, afile); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(file)
}
