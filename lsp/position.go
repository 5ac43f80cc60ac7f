package lsp

import (
	"slices"
	"sort"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"github.com/keepatch/keepatch/parse/text"
)

// The encodings of positions that are understood.
const (
	utf8Encoding  = "utf-8"
	utf16Encoding = "utf-16"
)

// mapper converts between the byte offsets of a text and the protocol's positions.
type mapper struct {
	src    []byte
	starts []int       // offsets of lines as the protocol counts them: LF, CRLF and a lone CR end one
	lines  *text.Lines // lines as reports count them
	utf8   bool        // positions count bytes
}

func newMapper(src []byte, utf8 bool) *mapper {
	m := &mapper{src: src, starts: []int{0}, lines: text.NewLines(src), utf8: utf8}
	for i, b := range src {
		if b == '\n' || b == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			m.starts = append(m.starts, i+1)
		}
	}
	return m
}

// position is that of a byte offset.
func (m *mapper) position(off int) protocol.Position {
	off = min(max(off, 0), len(m.src))
	line := sort.SearchInts(m.starts, off+1) - 1
	return protocol.Position{Line: uint32(line), Character: uint32(m.units(m.src[m.starts[line]:off]))}
}

// units is the length of a part of a line. Bytes that are not UTF-8 count one each,
// as clients replace them by one character.
func (m *mapper) units(part []byte) (n int) {
	if m.utf8 {
		return len(part)
	}
	for len(part) > 0 {
		r, size := utf8.DecodeRune(part)
		n++
		if r > 0xffff {
			n++
		}
		part = part[size:]
	}
	return n
}

// offset is the byte offset of a position. One behind a line's end is that end.
func (m *mapper) offset(p protocol.Position) int {
	if int(p.Line) >= len(m.starts) {
		return len(m.src)
	}
	from, to := m.starts[p.Line], len(m.src)
	if int(p.Line)+1 < len(m.starts) {
		to = m.starts[p.Line+1]
	}
	for to > from && (m.src[to-1] == '\n' || m.src[to-1] == '\r') {
		to--
	}
	left := int(p.Character)
	if m.utf8 {
		return min(from+left, to)
	}
	for left > 0 && from < to {
		r, size := utf8.DecodeRune(m.src[from:to])
		if left--; r > 0xffff {
			left--
		}
		from += size
	}
	return from
}

// span is the range of n bytes from a report's line and column (1-based, in bytes) on.
func (m *mapper) span(line, column, n int) protocol.Range {
	from := m.lines.Start(line) + column - 1
	return protocol.Range{Start: m.position(from), End: m.position(from + n)}
}

// change is an edit of a document; without a range it is the whole text.
type change struct {
	Range *protocol.Range `json:"range"`
	Text  string          `json:"text"`
}

// apply returns a text with a client's changes, each made in what the one before
// it has left.
func apply(src []byte, changes []change, utf8 bool) []byte {
	for _, c := range changes {
		if c.Range == nil {
			src = []byte(c.Text)
			continue
		}
		m := newMapper(src, utf8)
		from, to := m.offset(c.Range.Start), m.offset(c.Range.End)
		src = slices.Concat(src[:from], []byte(c.Text), src[max(from, to):])
	}
	return src
}
