package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/keepatch/keepatch/detect/rules"
)

var severityColor = map[rules.Severity]string{
	rules.Error:   red,
	rules.Warning: yellow,
	rules.Note:    cyan,
}

// Check prints what check complains about, in the manner of compilers, so that
// editors and log viewers find the place. A clean run prints nothing.
type Check struct {
	Color bool
}

// Write prints d.
func (c Check) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for _, f := range d.open(true) {
		at := fmt.Sprintf("%s:%d:%d:", clean(f.File), f.Line, f.Column)
		fmt.Fprintf(out, "%s %s %s %s\n", paint(c.Color, bold, at),
			paint(c.Color, severityColor[f.Severity], string(f.Severity)+":"), clean(f.Message),
			paint(c.Color, dim, "["+f.Rule.ID+"]"))
		excerpt(out, d.Sources, f.File, f.Line, f.Column, width(f), "    ", c.Color)
		fmt.Fprintf(out, "    hint: %s\n", clean(f.Hint))
	}
	return out.Flush()
}
