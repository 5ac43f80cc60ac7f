package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/report"
)

// formats are the names of the formats, as --format takes them.
var formats = []string{"text", "json", "sarif", "github", "html", "markdown"}

// outputFlags say what is printed where.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text",
			Usage: "print as `FORMAT`: " + strings.Join(formats, ", ")},
		&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"},
			Usage: "write a report to a file as well: `FORMAT=FILE` (repeatable)"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour the text: `WHEN` is auto, always or never"},
	}
}

// target is one report that a run writes.
type target struct {
	format string
	file   string // "" is standard output
}

// readTargets resolves the output flags, so that a slip is told before a long
// analysis and not after it.
func readTargets(c *cli.Context) ([]target, error) {
	list := []target{{format: c.String("format")}}
	for _, o := range c.StringSlice("output") {
		format, file, ok := strings.Cut(o, "=")
		if !ok || file == "" {
			return nil, fmt.Errorf("--output %s: write FORMAT=FILE, such as sarif=keepatch.sarif", o)
		}
		list = append(list, target{format, file})
	}
	for _, t := range list {
		if !slices.Contains(formats, t.format) {
			return nil, fmt.Errorf("unknown format %q: use %s", t.format, strings.Join(formats, ", "))
		}
	}
	if when := c.String("color"); !slices.Contains([]string{"auto", "always", "never"}, when) {
		return nil, fmt.Errorf("--color %s: use auto, always or never", when)
	}
	return list, nil
}

// view is what the commands do differently with the same document.
type view struct {
	check    bool // print only what is new and wrong
	color    bool
	verdicts map[result.Verdict]bool
}

func (v view) format(name string) report.Format {
	switch name {
	case "json":
		return report.JSON{OnlyNew: v.check}
	case "sarif":
		return report.SARIF{}
	case "github":
		return report.GitHub{OnlyNew: v.check}
	case "html":
		return report.HTML{OnlyNew: v.check}
	case "markdown":
		return report.Markdown{OnlyNew: v.check}
	}
	if v.check {
		return report.Check{Color: v.color}
	}
	return report.Text{Color: v.color, Verdicts: v.verdicts}
}

// write prints a document to all targets. A file that cannot be written is told
// and does not stop the others.
func (e *env) write(targets []target, d *report.Document, v view) {
	for _, t := range targets {
		if t.file == "" {
			if err := v.format(t.format).Write(e.stdout, d); err != nil {
				e.complain("standard output: %v", err)
			}
			continue
		}
		plain := v
		plain.color = false
		if err := writeFile(t.file, plain.format(t.format), d); err != nil {
			e.complain("%s", fileError(t.file, err))
		}
	}
}

func writeFile(name string, f report.Format, d *report.Document) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	err = f.Write(out, d)
	if ferr := out.Flush(); err == nil {
		err = ferr
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	return err
}

// colored decides whether text on w is coloured: the flag first, then NO_COLOR
// (no-color.org), FORCE_COLOR and TERM=dumb, then whether w is a terminal.
func colored(when string, w io.Writer) bool {
	switch {
	case when == "always":
		return true
	case when == "never" || os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "" && os.Getenv("FORCE_COLOR") != "0":
		return true
	}
	return os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// textOnly says whether all targets show findings only, and nothing of what was
// looked at.
func textOnly(targets []target) bool {
	for _, t := range targets {
		if t.format != "text" && t.format != "github" {
			return false
		}
	}
	return true
}

func pathsExist(paths []string) bool {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return false
		}
	}
	return true
}
