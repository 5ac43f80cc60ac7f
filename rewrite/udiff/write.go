package udiff

import (
	"bytes"
	"fmt"
	"strings"
)

// change replaces the del lines of the old text from the 0-based line at on by
// the lines add.
type change struct {
	at, del int
	add     [][]byte
}

// noNewline follows a line that has no LF, in the words GNU diff and git use.
const noNewline = "\\ No newline at end of file\n"

// write prints the changes, which are in order and do not touch each other, as
// a unified diff of the text old.
func write(oldName, newName string, old [][]byte, changes []change, context int) []byte {
	if len(changes) == 0 {
		return nil
	}
	context = max(context, 0)
	var w bytes.Buffer
	w.WriteString("--- " + quote(oldName) + "\n+++ " + quote(newName) + "\n")
	shift := 0 // lines the new text is ahead of the old one before this hunk
	for len(changes) > 0 {
		// Changes whose contexts meet share a hunk; patch refuses hunks that
		// overlap.
		n := 1
		for n < len(changes) && changes[n].at-(changes[n-1].at+changes[n-1].del) <= 2*context {
			n++
		}
		shift += hunk(&w, old, changes[:n], context, shift)
		changes = changes[n:]
	}
	return w.Bytes()
}

// hunk prints changes as one hunk and returns by how many lines it makes the
// text longer.
func hunk(w *bytes.Buffer, old [][]byte, changes []change, context, shift int) int {
	last := changes[len(changes)-1]
	start := max(changes[0].at-context, 0)
	end := min(last.at+last.del+context, len(old))
	grown := 0
	for _, c := range changes {
		grown += len(c.add) - c.del
	}
	fmt.Fprintf(w, "@@ -%s +%s @@\n", extent(start, end-start), extent(start+shift, end-start+grown))
	at := start
	for _, c := range changes {
		side(w, ' ', old[at:c.at])
		side(w, '-', old[c.at:c.at+c.del])
		side(w, '+', c.add)
		at = c.at + c.del
	}
	side(w, ' ', old[at:end])
	return grown
}

// extent prints where a side of a hunk lies. A side without lines names the
// line before it, and a count of 1 is left out.
func extent(start, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	}
	return fmt.Sprintf("%d,%d", start+1, count)
}

func side(w *bytes.Buffer, mark byte, lines [][]byte) {
	for _, l := range lines {
		w.WriteByte(mark)
		w.Write(l)
		if !ended(l) {
			w.WriteString("\n" + noNewline)
		}
	}
}

// quote prints a file name as git does in its --- and +++ lines: names with
// control characters, quotes, backslashes or bytes outside ASCII as a C string,
// and a tab after names with blanks, at which patch would else cut them off.
func quote(name string) string {
	var b strings.Builder
	quoted := false
	for i := range len(name) {
		c := name[i]
		if j := strings.IndexByte("\a\b\t\n\v\f\r\"\\", c); j >= 0 {
			b.WriteByte('\\')
			b.WriteByte("abtnvfr\"\\"[j])
			quoted = true
		} else if c < ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "\\%03o", c)
			quoted = true
		} else {
			b.WriteByte(c)
		}
	}
	out := b.String()
	if quoted {
		out = `"` + out + `"`
	}
	if strings.Contains(name, " ") {
		out += "\t"
	}
	return out
}
