// Package udiff writes unified diffs that both patch -p1 and git apply take,
// and applies them in memory as a check.
//
// Lines end in LF, as those programs see them; a CR before it is content, so
// CRLF files, Latin-1 and NUL bytes pass through unchanged. It is the only
// package that imports go-diff, which finds the differences; the hunks are
// written here, as go-diff has no unified format (sergi/go-diff#57).
package udiff

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// MaxLines is the number of lines either text given to Unified may have.
// go-diff codes each distinct line as a rune and panics when they run out, at
// 1,112,060.
const MaxLines = 1_000_000

// ErrTooLong is the error of Unified for texts above MaxLines.
var ErrTooLong = errors.New("too many lines to compare")

// ErrNotPlanned is the error of Unified for texts that differ in other lines than
// the planned ones.
var ErrNotPlanned = errors.New("the texts differ in other lines than was planned")

// Unified returns the unified diff that turns old into new, with context lines
// around each change (a negative number means 0), and nothing when they are
// equal. The names are printed as given, quoted where git would; callers add
// the a/ and b/ prefixes.
//
// The result depends on the arguments alone, and where old can be kept whole it
// takes no line away. Time grows with the product of file size and number of
// changed lines. The error is ErrTooLong.
//
// The same text may come from several sets of changes: "}\n}\n" is added before or
// after a "}". Where the planned blocks are one of those that change the fewest
// lines, it is the one that is shown. Planned blocks that do not give new are an
// error.
func Unified(oldName, newName string, old, new []byte, context int, planned ...Insertion) ([]byte, error) {
	oldLines, newLines := split(old), split(new)
	wanted, err := plannedChanges(oldName, oldLines, planned)
	switch {
	case err != nil:
		return nil, err
	case len(planned) > 0 && !gives(oldLines, wanted, new):
		return nil, fmt.Errorf("%s: %w", oldName, ErrNotPlanned)
	case bytes.Equal(old, new):
		return nil, nil
	}
	if len(oldLines) > MaxLines || len(newLines) > MaxLines {
		return nil, fmt.Errorf("%s: %w (limit %d)", oldName, ErrTooLong, MaxLines)
	}
	// Only what lies between the common ends goes to go-diff, so that a long
	// file with few changes meets its limit on neither size nor distinct lines.
	head := commonPrefix(oldLines, newLines)
	tail := commonSuffix(oldLines[head:], newLines[head:])
	oldMid, newMid := oldLines[head:len(oldLines)-tail], newLines[head:len(newLines)-tail]
	if len(oldMid)+len(newMid) > MaxLines {
		return nil, fmt.Errorf("%s: %w (limit %d)", oldName, ErrTooLong, MaxLines)
	}
	changes := wanted
	if len(planned) == 0 || size(wanted) > len(newLines)-len(oldLines) { // else none are fewer
		changes = compare(head, oldMid, newMid)
		if len(planned) > 0 && size(wanted) == size(changes) {
			changes = wanted
		}
	}
	return write(oldName, newName, oldLines, changes, context), nil
}

// compare finds the changes between two runs of lines, the first of which
// starts at the 0-based line at of the old text.
func compare(at int, old, new [][]byte) []change {
	dmp := diffmatchpatch.New()
	// The default gives up after a second and calls the rest replaced: the
	// output would depend on the machine. With checklines true and no timeout
	// the result can be wrong (sergi/go-diff#28).
	dmp.DiffTimeout = 0
	a, b, table := dmp.DiffLinesToRunes(string(bytes.Join(old, nil)), string(bytes.Join(new, nil)))
	var changes []change
	open := false // whether the last change still touches the line at
	for _, d := range dmp.DiffCharsToLines(dmp.DiffMainRunes(a, b, false), table) {
		lines := split([]byte(d.Text))
		if d.Type == diffmatchpatch.DiffEqual {
			at += len(lines)
			open = false
			continue
		}
		if !open {
			changes = append(changes, change{at: at})
			open = true
		}
		c := &changes[len(changes)-1]
		if d.Type == diffmatchpatch.DiffDelete {
			c.del += len(lines)
			at += len(lines)
		} else {
			c.add = append(c.add, lines...)
		}
	}
	return changes
}

// Insertion is a block of whole lines to be added to a text.
type Insertion struct {
	Line  int      // the 1-based line after which the block goes, 0 for the top
	Lines [][]byte // each with its line ending
	Del   int      // lines after Line that the block replaces: those that text was put into
}

// plannedChanges turns blocks, in any order, into changes of the text old; those
// after the same line keep their order.
//
// It is an error if a block lies outside the text, follows a last line that has
// no line ending, or has a line without a line ending (allowed for the very
// last line of the result) or with more than one LF.
func plannedChanges(name string, old [][]byte, ins []Insertion) ([]change, error) {
	sorted := slices.Clone(ins)
	slices.SortStableFunc(sorted, func(a, b Insertion) int { return cmp.Compare(a.Line, b.Line) })
	var changes []change
	bare := false // whether the result's last line so far has no line ending
	for _, in := range sorted {
		switch {
		case len(in.Lines) == 0:
			continue
		case in.Line < 0 || in.Del < 0 || in.Line+in.Del > len(old):
			return nil, fmt.Errorf("%s: insertion after line %d of %d", name, in.Line, len(old))
		case bare || in.Line > 0 && !ended(old[in.Line-1]):
			return nil, fmt.Errorf("%s: line %d has no line ending to insert after", name, in.Line)
		}
		for i, l := range in.Lines {
			bare = !ended(l)
			last := in.Line+in.Del == len(old) && i == len(in.Lines)-1
			if len(l) == 0 || bytes.IndexByte(l[:len(l)-1], '\n') >= 0 || bare && !last {
				return nil, fmt.Errorf("%s: inserted text %q is not one whole line", name, l)
			}
		}
		if n := len(changes); n > 0 && changes[n-1].at+changes[n-1].del >= in.Line {
			last := &changes[n-1]
			if last.at+last.del > in.Line {
				return nil, fmt.Errorf("%s: insertion after line %d, which is replaced", name, in.Line)
			}
			last.add = append(last.add, in.Lines...)
			last.del += in.Del
			continue
		}
		changes = append(changes, change{at: in.Line, del: in.Del, add: slices.Clone(in.Lines)})
	}
	return changes, nil
}

// gives says whether the changes turn old into new.
func gives(old [][]byte, changes []change, new []byte) bool {
	var out bytes.Buffer
	at := 0
	for _, c := range changes {
		for _, l := range slices.Concat(old[at:c.at], c.add) {
			out.Write(l)
		}
		at = c.at + c.del
	}
	for _, l := range old[at:] {
		out.Write(l)
	}
	return bytes.Equal(out.Bytes(), new)
}

// size is how many lines the changes add and take away.
func size(changes []change) (n int) {
	for _, c := range changes {
		n += len(c.add) + c.del
	}
	return n
}

// split cuts a text after each LF. The last line may have none.
func split(text []byte) [][]byte {
	lines := make([][]byte, 0, bytes.Count(text, []byte{'\n'})+1)
	for l := range bytes.Lines(text) {
		lines = append(lines, l)
	}
	return lines
}

// ended reports whether a line has its LF.
func ended(line []byte) bool {
	return len(line) > 0 && line[len(line)-1] == '\n'
}

func commonPrefix(a, b [][]byte) int {
	n := 0
	for n < min(len(a), len(b)) && bytes.Equal(a[n], b[n]) {
		n++
	}
	return n
}

func commonSuffix(a, b [][]byte) int {
	n := 0
	for n < min(len(a), len(b)) && bytes.Equal(a[len(a)-1-n], b[len(b)-1-n]) {
		n++
	}
	return n
}
