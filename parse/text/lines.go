// Package text answers questions about a source file as bytes and lines:
// offsets to lines and columns and back, indentation, line endings.
//
// Nothing here decodes the file: a Latin-1 source keeps its bytes, and every
// offset and column counts bytes unless a name says otherwise. No function
// panics on an offset or a line out of range; both are clamped.
package text

import (
	"bytes"
	"slices"
)

// Lines is the line table of one file. It keeps the slice it was made from,
// which must not change while the table is in use. It is safe for concurrent
// use.
type Lines struct {
	src []byte
	// starts holds the offset of each line's first byte, and after a final
	// line ending also that of the empty rest (len(src)), so that the end of
	// the file has a position as well.
	starts []int
	// end is the byte that ends a line: '\n', or '\r' in a file that has no
	// LF at all.
	end byte
}

// NewLines builds the line table of src. Lines end in LF or CRLF. A lone CR
// ends a line only in a file without any LF (old Mac texts); elsewhere it is
// content, as it is for diff, git and compilers.
func NewLines(src []byte) *Lines {
	l := &Lines{src: src, end: '\n'}
	n := bytes.Count(src, []byte{'\n'})
	if n == 0 {
		if n = bytes.Count(src, []byte{'\r'}); n > 0 {
			l.end = '\r'
		}
	}
	l.starts = make([]int, 1, n+1)
	for off := 0; ; {
		i := bytes.IndexByte(src[off:], l.end)
		if i < 0 {
			return l
		}
		off += i + 1
		l.starts = append(l.starts, off)
	}
}

// Line returns the 1-based line of the byte at off. A line ending belongs to
// the line it ends. The end of a file that ends in a line ending lies on line
// Count()+1.
func (l *Lines) Line(off int) int {
	i, found := slices.BinarySearch(l.starts, off)
	if found {
		return i + 1
	}
	return max(i, 1)
}

// Col returns the 1-based column of off, in bytes from the start of its line.
func (l *Lines) Col(off int) int {
	off = min(max(off, 0), len(l.src))
	return off - l.starts[l.Line(off)-1] + 1
}

// Count returns the number of lines as diff and wc count them, with an
// unended last line counted too: 0 for an empty file, 1 for "a" and "a\n".
func (l *Lines) Count() int {
	n := len(l.starts)
	if l.starts[n-1] == len(l.src) {
		n--
	}
	return n
}

// Start returns the byte offset of the first byte of a 1-based line. A line
// past the last one starts at the end of the file, one below 1 at 0.
func (l *Lines) Start(line int) int {
	switch {
	case line < 1:
		return 0
	case line > len(l.starts):
		return len(l.src)
	}
	return l.starts[line-1]
}

// End returns the byte offset just after the content of a 1-based line, before
// its line ending. A line past the last one is empty and lies at the end of the
// file, one below 1 is empty and lies at 0.
func (l *Lines) End(line int) int {
	switch {
	case line < 1:
		return 0
	case line >= len(l.starts):
		return len(l.src)
	}
	e := l.starts[line] - 1
	if l.end == '\n' && e > l.starts[line-1] && l.src[e-1] == '\r' {
		e--
	}
	return e
}

// Text returns the content of a 1-based line without its line ending, as a
// slice of the source. It is empty for a line that does not exist.
func (l *Lines) Text(line int) []byte {
	s, e := l.Start(line), l.End(line)
	return l.src[s:e:e]
}
