package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

// outputFlags say what is printed where.
func outputFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Value: "text",
			Usage: "print as `FORMAT`, one of the list above"},
		&cli.StringSliceFlag{Name: "output", Aliases: []string{"o"},
			Usage: "also write a report to a file: `FORMAT=FILE` (repeatable)"},
		&cli.StringFlag{Name: "title", Usage: "project `NAME` in the HTML report (default: the name of its folder)"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour the text: `WHEN` is auto, always or never"},
		noPager(),
	}
}

// formatList is the part of a command's description that lists the formats.
func formatList() string {
	var b strings.Builder
	b.WriteString("\n\nFormats:\n")
	for _, f := range report.Formats() {
		fmt.Fprintf(&b, "  %-13s%s\n", f.Name, f.For)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// target is one report that a run writes.
type target struct {
	format report.Format
	file   string // "" is standard output
}

// readTargets resolves the output flags, so that a mistake is reported before a long
// analysis and not after it.
func readTargets(c *cli.Context) ([]target, error) {
	format, err := report.FormatByName(c.String("format"))
	if err != nil {
		return nil, fmt.Errorf("--format: %v", err)
	}
	list := []target{{format: format}}
	for _, o := range c.StringSlice("output") {
		name, file, ok := strings.Cut(o, "=")
		if !ok || file == "" {
			return nil, fmt.Errorf("--output %s: write FORMAT=FILE, such as sarif=keepatch.sarif", o)
		}
		if format, err = report.FormatByName(name); err != nil {
			return nil, fmt.Errorf("--output %s: %v", o, err)
		}
		list = append(list, target{format, file})
	}
	return list, checkColor(c)
}

func checkColor(c *cli.Context) error {
	if when := c.String("color"); !slices.Contains([]string{"auto", "always", "never"}, when) {
		return fmt.Errorf("--color %s: use auto, always or never", when)
	}
	return nil
}

// needFixes says whether a target shows edits or diffs.
func needFixes(targets []target) bool {
	return slices.ContainsFunc(targets, func(t target) bool { return t.format.Fixes })
}

// maySkip says whether all targets print nothing when there is no finding.
func maySkip(targets []target) bool {
	return !slices.ContainsFunc(targets, func(t target) bool { return t.format.Always })
}

// write prints a document to all targets. A file that cannot be written is reported
// and does not stop the others.
func (e *env) write(targets []target, d *report.Document, v report.View) {
	for _, t := range targets {
		if t.file == "" {
			if err := t.format.New(v).Write(e.stdout, d); err != nil {
				e.errorf("standard output: %v", err)
			}
			continue
		}
		plain := v
		plain.Terminal = report.Terminal{IDs: v.IDs}
		if err := writeFile(t.file, t.format.New(plain), d); err != nil {
			e.errorf("%s", fileError(t.file, err))
		}
	}
}

func writeFile(name string, p report.Printer, d *report.Document) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	err = p.Write(out, d)
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

// terminal says how text is printed on standard output.
func (e *env) terminal(c *cli.Context) report.Terminal {
	t := report.Terminal{Color: colored(c.String("color"), e.stdout), IDs: c.Bool("ids")}
	if f, ok := e.stdout.(*os.File); ok && isTerminal(f) {
		t.Links = t.Color
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			t.Width = width
		}
	}
	return t
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func pathsExist(paths []string) bool {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return false
		}
	}
	return true
}

// readOrigin finds out what a report is about, if a target shows it: the project
// that holds the first path, by its folder's name unless --title is given, its
// commit, and the time, which is SOURCE_DATE_EPOCH where that is set
// (https://reproducible-builds.org/specs/source-date-epoch/).
func readOrigin(c *cli.Context, paths []string, targets []target) (o report.Origin, err error) {
	if !slices.ContainsFunc(targets, func(t target) bool { return t.format.Origin }) {
		return o, nil
	}
	o.Title, o.Date = c.String("title"), time.Now()
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		sec, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return o, fmt.Errorf("SOURCE_DATE_EPOCH: %q is not a number of seconds", epoch)
		}
		o.Date = time.Unix(sec, 0)
	}
	if len(paths) == 0 {
		return o, nil
	}
	dir := driver.Absolute(paths[0])
	if st, err := os.Stat(dir); err == nil && !st.IsDir() {
		dir = filepath.Dir(dir)
	}
	root := driver.RepoRoot(dir)
	if root != "" {
		// Where git is not installed or refuses, there is no revision.
		out, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*").Output()
		if err == nil {
			o.Revision = strings.TrimSpace(string(out))
		}
	}
	if o.Title == "" {
		o.Title = filepath.Base(cmp.Or(root, dir))
	}
	return o, nil
}
