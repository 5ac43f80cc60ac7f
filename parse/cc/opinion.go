// Package cc asks a second parser, modernc.org/cc/v4, about single functions. A
// function's body is isolated: everything else is blanked in place, so that offsets
// stay what they are, literals are emptied, and what the own parser repaired is
// blanked or completed. cc only gets text with balanced, bounded nesting and no
// directive, as a goroutine that hangs cannot be killed.
//
// An opinion costs up to maxRounds parses of the one function.
package cc

import (
	"fmt"

	"github.com/keepatch/keepatch/parse"
)

// Opinion is what a second parser, modernc.org/cc/v4, says of one call.
type Opinion struct {
	// Agrees is true when cc finds a call at the very offset, with as many
	// arguments, in a statement of the same kind and the same span.
	Agrees bool
	// Reason says what stands against it; "" when Agrees.
	Reason string
	// Edits are the places of the function that had to be blanked or mended
	// before cc could read it, in order of offset. A patch beside one of them
	// rests on a guess.
	Edits []parse.Repair
}

// Touched reports whether an edit lies in the byte range [from, to).
func (o Opinion) Touched(from, to int) bool {
	for _, e := range o.Edits {
		if e.Off < to && e.End > from {
			return true
		}
	}
	return false
}

// Confirm asks cc about the call whose name stands at byte offset off of fn.
// It costs one or a few parses of this function alone. Where the text is not
// safe to hand over it says so and does not agree.
func Confirm(fn *parse.Func, off int) Opinion {
	call, stmt := callAt(fn, off)
	if call == nil {
		return Opinion{Reason: "no call at this offset"}
	}
	t, err := isolate(fn)
	if err != nil {
		return Opinion{Reason: err.Error()}
	}
	t.keep = [][2]int{{off, off + 1}}
	ast, err := t.parse()
	o := Opinion{Edits: t.sortedEdits()}
	if err == nil {
		err = t.compare(ast, call, stmt)
	}
	if err != nil {
		o.Reason = err.Error()
	}
	o.Agrees = err == nil
	return o
}

// Parses reports whether cc can read the body of fn. The byte ranges in
// keep, such as an inserted block, must parse as they stand: nothing in them
// may be blanked or mended.
func Parses(fn *parse.Func, keep ...[2]int) error {
	t, err := isolate(fn)
	if err != nil {
		return err
	}
	t.keep = keep
	_, err = t.parse()
	for _, e := range t.edits {
		for _, k := range keep {
			if err == nil && e.Off < k[1] && e.End > k[0] {
				err = fmt.Errorf("line %d: %s", fn.File.Lines().Line(e.Off), e.Kind)
			}
		}
	}
	return err
}
