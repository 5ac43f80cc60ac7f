package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/keepatch/keepatch/detect/rules"
)

var _ = register(Format{
	Name: "github", Ext: ".txt", For: "annotations of the changed lines in GitHub Actions",
	New: func(v View) Printer { return GitHub{OnlyNew: v.Check} },
})

// GitHub prints workflow commands, which GitHub Actions shows as annotations
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions):
// at most ten errors, ten warnings and ten notices per step.
type GitHub struct {
	OnlyNew bool // only what check reports
}

var githubLevel = map[rules.Severity]string{
	rules.Error: "error", rules.Warning: "warning", rules.Note: "notice",
}

// Write prints d.
func (g GitHub) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for _, f := range d.reported(g.OnlyNew) {
		col := d.utf16Column(f.File, f.Line, f.Column)
		fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n",
			githubLevel[f.Severity], escapeProperty(d.inRepo(f.File)), f.Line, f.Line, col, col+markWidth(f)-1,
			escapeProperty(f.Rule.ID+" "+f.Rule.Title), escapeData(clean(f.Message)+"\nhint: "+clean(f.Hint)))
	}
	for _, e := range d.Report.Errors {
		fmt.Fprintf(out, "::warning file=%s,line=%d,title=keepatch::%s\n", escapeProperty(d.inRepo(e.File)),
			max(e.Line, 1), escapeData(clean(e.Message)))
	}
	return out.Flush()
}

// escapeData escapes the message of a workflow command, escapeProperty the value
// of a property; a file name could start another command otherwise. The runner
// undoes exactly these escapes.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return clean(strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s))
}
