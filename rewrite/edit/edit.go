// Package edit changes a text by byte offsets. The bytes that no edit covers
// come out identical by construction, whatever their encoding.
package edit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Edit replaces the half-open range [Start, End) of a text, in byte offsets of
// the text as it was read, by New. Start equal to End inserts New before the
// byte at Start, or at the end of the text.
type Edit struct {
	Start, End int
	New        string
}

// Insert returns the edit that inserts text at the byte offset at.
func Insert(at int, text string) Edit {
	return Edit{Start: at, End: at, New: text}
}

// String shows the edit as [start,end) and the quoted new text.
func (e Edit) String() string {
	return fmt.Sprintf("[%d,%d) %q", e.Start, e.End, e.New)
}

// The ways in which a list of edits can be wrong. The errors of Validate and
// Apply wrap them and name the edit.
var (
	ErrRange   = errors.New("edit outside the text")
	ErrOverlap = errors.New("edits overlap")
	ErrDeletes = errors.New("edit takes bytes away")
)

// Validate reports the first edit of a fix that is wrong: one that Apply would refuse, or
// one that covers any byte, since a fix takes nothing away. The order of edits does not
// matter, and the slice is not changed.
func Validate(src []byte, edits []Edit) error {
	_, err := validate(src, edits, true)
	return err
}

// validate returns the edits in the order of application, and the first that lies outside
// src, ends before it starts, overlaps with another one or, with insertOnly, covers a byte.
func validate(src []byte, edits []Edit, insertOnly bool) ([]Edit, error) {
	for _, e := range edits {
		if e.Start < 0 || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("%w of %d bytes: %v", ErrRange, len(src), e)
		}
		if insertOnly && e.Start != e.End {
			return nil, fmt.Errorf("%w: %v", ErrDeletes, e)
		}
	}
	if !slices.IsSortedFunc(edits, compare) {
		edits = slices.Clone(edits) // the caller's order is the caller's
		slices.SortStableFunc(edits, compare)
	}
	for i := 1; i < len(edits); i++ {
		if edits[i].Start < edits[i-1].End {
			return nil, fmt.Errorf("%w: %v and %v", ErrOverlap, edits[i-1], edits[i])
		}
	}
	return edits, nil
}

// compare orders by Start. At one offset the insertions come first, in the
// order given (the sort is stable): text inserted before a byte stands before
// what replaces that byte, whichever edit was listed first.
func compare(a, b Edit) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}

// Apply returns src with edits applied, in a new slice; src and edits are not
// changed. Edits may come in any order. Several insertions at one offset keep
// the order they are listed in. The error is that of Validate.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	edits, err := validate(src, edits, false)
	if err != nil {
		return nil, err
	}
	size := len(src)
	for _, e := range edits {
		size += len(e.New) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	last := 0
	for _, e := range edits {
		out = append(out, src[last:e.Start]...)
		out = append(out, e.New...)
		last = e.End
	}
	return append(out, src[last:]...), nil
}
