// Package cc asks a second parser, modernc.org/cc/v4, about single functions. A
// function's body is isolated: everything else is blanked in place, so that offsets
// stay what they are, literals are emptied, and what the own parser repaired is
// blanked or completed. cc only gets text with balanced, bounded nesting and no
// directive, as a goroutine that hangs cannot be killed.
//
// A question costs up to maxRounds parses of the one function.
package cc

import (
	"fmt"

	"github.com/keepatch/keepatch/parse"
)

// Parses reports whether cc can read the body of fn. The byte ranges in
// keep, such as an inserted block, must parse as they stand: nothing in them
// may be blanked or repaired.
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
