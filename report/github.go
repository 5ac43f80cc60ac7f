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

// GitHub prints workflow commands, which GitHub Actions turns into annotations
// of the changed lines
// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
// Of one step GitHub shows ten errors, ten warnings and ten notices.
type GitHub struct {
	OnlyNew bool // only what check complains about
}

var githubLevel = map[rules.Severity]string{
	rules.Error: "error", rules.Warning: "warning", rules.Note: "notice",
}

// Write prints d.
func (g GitHub) Write(w io.Writer, d *Document) error {
	out := bufio.NewWriter(w)
	for _, f := range d.open(g.OnlyNew) {
		col := d.utf16(f.File, f.Line, f.Column)
		fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n",
			githubLevel[f.Severity], property(d.inRepo(f.File)), f.Line, f.Line, col, col+width(f)-1,
			property(f.Rule.ID+" "+f.Rule.Title), data(clean(f.Message)+"\nhint: "+clean(f.Hint)))
	}
	for _, e := range d.Report.Errors {
		fmt.Fprintf(out, "::warning file=%s,line=%d,title=keepatch::%s\n", property(d.inRepo(e.File)), max(e.Line, 1), data(clean(e.Message)))
	}
	return out.Flush()
}

// data escapes the text of a workflow command, property the value of one of its
// properties; otherwise a file's name could start a command of its own. The
// runner undoes exactly these.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return clean(strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s))
}
