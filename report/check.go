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

// Check prints findings as compilers do, so that editors and log viewers jump to
// the place. Without findings it prints nothing.
type Check struct {
	Terminal
}

// Write prints d.
func (c Check) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for _, f := range d.reported(true) {
		at := fmt.Sprintf("%s:%d:%d:", clean(f.File), f.Line, f.Column)
		fmt.Fprintf(out, "%s %s %s %s%s\n", c.fileLink(f.File, paint(c.Color, bold, at)),
			paint(c.Color, severityColor[f.Severity], string(f.Severity)+":"), clean(f.Message),
			paint(c.Color, dim, "["+c.ruleLink(f.Rule.ID)+"]"), c.id(f.Site))
		excerpt(out, d.Sources, f.File, f.Line, f.Column, markWidth(f), "    ", c.Terminal)
		fmt.Fprintf(out, "    hint: %s\n", clean(f.Hint))
		for _, s := range f.Listeners {
			fmt.Fprintf(out, "    its listener: %s\n",
				c.fileLink(s.File, fmt.Sprintf("%s:%d:%d: %s", clean(s.File), s.Line, s.Column, clean(callIn(s)))))
		}
	}
	return out.Flush()
}
