package udiff

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrMismatch is wrapped by the errors of Apply when the diff is well formed
// but was not made for this text.
var ErrMismatch = errors.New("diff does not fit the text")

// Apply applies the unified diff of one file to old and returns the new text.
// It is strict, as it serves to prove a diff before it is printed: every hunk
// must fit at the very line it names, both line numbers and counts must be
// right, and nothing may stand before the --- line or after the last hunk. An
// empty diff gives a copy of old. The error names the line of the diff.
func Apply(diff []byte, old []byte) ([]byte, error) {
	if len(diff) == 0 {
		return bytes.Clone(old), nil
	}
	a := &applier{diff: split(diff), old: split(old), read: 1}
	a.out.Grow(len(old) + len(diff))
	if !ended(a.diff[len(a.diff)-1]) {
		a.read = len(a.diff)
		return nil, a.errorf("cut off")
	}
	if len(a.diff) < 3 || !bytes.HasPrefix(a.diff[0], []byte("--- ")) || !bytes.HasPrefix(a.diff[1], []byte("+++ ")) {
		return nil, a.errorf("no --- and +++ lines, or no hunk")
	}
	for a.next = 2; a.next < len(a.diff); {
		if err := a.hunk(); err != nil {
			return nil, err
		}
	}
	if err := a.copyTo(len(a.old)); err != nil {
		return nil, err
	}
	return a.out.Bytes(), nil
}

type applier struct {
	diff, old [][]byte
	next      int // the line of diff read next, 0-based
	read      int // the line of diff judged now, 1-based
	at        int // the line of old consumed next, 0-based
	out       bytes.Buffer
	outLines  int
	bare      bool // the last line of out has no line ending
}

func (a *applier) errorf(format string, args ...any) error {
	return fmt.Errorf("diff line %d: "+format, append([]any{a.read}, args...)...)
}

// emit adds a line to the output.
func (a *applier) emit(line []byte) error {
	if a.bare {
		return a.errorf("%w: a line follows one without line ending", ErrMismatch)
	}
	a.out.Write(line)
	a.outLines++
	a.bare = !ended(line)
	return nil
}

// copyTo emits the lines of old up to the 0-based line end.
func (a *applier) copyTo(end int) error {
	for ; a.at < end; a.at++ {
		if err := a.emit(a.old[a.at]); err != nil {
			return err
		}
	}
	return nil
}

// hunk applies the hunk whose header is read next.
func (a *applier) hunk() error {
	a.read = a.next + 1
	oldStart, oldCount, newStart, newCount, ok := header(string(a.diff[a.next]))
	if !ok {
		return a.errorf("not a hunk header: %q", a.diff[a.next])
	}
	if oldStart < a.at || oldStart > len(a.old) {
		return a.errorf("%w: hunk at line %d is out of order or range", ErrMismatch, oldStart+1)
	}
	if err := a.copyTo(oldStart); err != nil {
		return err
	}
	if newStart != a.outLines {
		return a.errorf("%w: hunk at new line %d, should be %d", ErrMismatch, newStart+1, a.outLines+1)
	}
	a.next++
	for oldCount > 0 || newCount > 0 {
		mark, line, err := a.line()
		if err != nil {
			return err
		}
		if mark != '+' {
			if oldCount--; oldCount < 0 || a.at >= len(a.old) || !bytes.Equal(line, a.old[a.at]) {
				return a.errorf("%w: %q is not line %d", ErrMismatch, line, a.at+1)
			}
			a.at++
		}
		if mark != '-' {
			if newCount--; newCount < 0 {
				return a.errorf("more new lines than the header says")
			}
			if err := a.emit(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// line reads one line of a hunk and the remark on a missing line ending that
// may follow it.
func (a *applier) line() (mark byte, line []byte, err error) {
	a.read = a.next + 1
	if a.next >= len(a.diff) {
		return 0, nil, a.errorf("hunk is cut off")
	}
	mark, line = a.diff[a.next][0], a.diff[a.next][1:]
	if mark != ' ' && mark != '-' && mark != '+' {
		return 0, nil, a.errorf("unexpected line in a hunk: %q", a.diff[a.next])
	}
	a.next++
	if a.next < len(a.diff) && a.diff[a.next][0] == '\\' {
		line = line[:len(line)-1]
		a.next++
	}
	return mark, line, nil
}

// header reads a hunk header. The starts are returned 0-based: the number of
// lines before the hunk.
func header(s string) (oldStart, oldCount, newStart, newCount int, ok bool) {
	s, ok = strings.CutPrefix(s, "@@ -")
	if !ok {
		return
	}
	s, _, ok = strings.Cut(s, " @@")
	if !ok {
		return
	}
	o, n, ok := strings.Cut(s, " +")
	if !ok {
		return
	}
	oldStart, oldCount, ok1 := number(o)
	newStart, newCount, ok2 := number(n)
	return oldStart, oldCount, newStart, newCount, ok1 && ok2 && oldCount+newCount > 0
}

// number reads "start,count" or "start" of a hunk header.
func number(s string) (start, count int, ok bool) {
	first, second, both := strings.Cut(s, ",")
	if !both {
		second = "1"
	}
	start, err1 := strconv.Atoi(first)
	count, err2 := strconv.Atoi(second)
	if count > 0 {
		start-- // an empty side names the line before it instead
	}
	return start, count, err1 == nil && err2 == nil && start >= 0 && count >= 0
}
