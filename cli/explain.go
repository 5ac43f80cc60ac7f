package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/report"
)

const explainDescription = `With FILE:LINE, or the ID of a socket (scan --ids), shows the evidence for its
verdict: the facts in order, each with its source line. With the ID of a rule,
shows why the rule exists and what correct code looks like. Without an argument,
lists the rules.

The program to analyse is all that is below the PATHs (default: the working
directory, or the folder of a file outside it), as for a file that scan, check
and apply get.

Examples:
  keepatch explain src/sock.c:167
  keepatch explain ka-bbcf9d822061 src
  keepatch explain KA002`

func explainCommand(e *env) *cli.Command {
	flags := append([]cli.Flag{&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour the text: `WHEN` is auto, always or never"},
		noPager()},
		sourceFlags()...)
	return &cli.Command{
		Name: "explain", Usage: "show the evidence for a verdict, or the documentation of a rule",
		UsageText: "keepatch explain [OPTIONS] [FILE:LINE|ID [PATH...] | RULE]", Description: explainDescription, Flags: flags,
		Action: func(c *cli.Context) error { return e.explain(c) },
	}
}

func (e *env) explain(c *cli.Context) error {
	view := e.terminal(c)
	e.startPager(c)
	what := c.Args().First()
	if what == "" {
		return report.Rules{Color: view.Color}.Write(e.stdout)
	}
	if r := rules.ByID(strings.ToUpper(what)); r != nil {
		return report.RuleDoc{Rule: r, Color: view.Color}.Write(e.stdout)
	}
	byID := idPattern.MatchString(what)
	var file string
	var line int
	if !byID {
		var err error
		if file, line, err = placeOf(what); err != nil {
			if st, statErr := os.Stat(what); statErr != nil || !st.Mode().IsRegular() {
				return err
			}
			file = what // its lines are told
		}
		if _, err := os.Stat(file); err != nil {
			hint := ""
			if like := driver.PathEnding(file); like != "" {
				hint = fmt.Sprintf(" (did you mean %s?)", like)
			}
			return errors.New(fileError(file, err) + hint)
		}
	}
	o, err := readOptions(c)
	if err != nil {
		return err
	}
	if o.Paths = c.Args().Tail(); len(o.Paths) == 0 {
		o.Paths = []string{"."}
		if !byID {
			o.Paths = []string{driver.ProgramPath(file)}
		}
	}
	o.Policy.Apply = strings.Join(append([]string{"keepatch apply"}, quoteAll(c.Args().Tail())...), " ") + sourceOptions(c)
	opt, err := readRewrite(patchOptions(nil, o.config))
	if err != nil {
		return err
	}
	d := e.document(o, e.analyze(o, &opt, true).Report)
	at, near := sitesAt(d.Report, file, line)
	if byID {
		at = slices.DeleteFunc(slices.Clone(d.Report.Sites), func(s *result.Site) bool { return s.ID != what })
	}
	if len(at) == 0 && byID {
		return fmt.Errorf("no socket below %s has the ID %s (keepatch scan --ids lists them)", strings.Join(o.Paths, ", "), what)
	}
	if len(at) == 0 && len(near) == 0 && slices.ContainsFunc(d.Report.Errors, func(p result.FileError) bool {
		return driver.Absolute(p.File) == driver.Absolute(file)
	}) {
		return nil // what could be said of its calls is not known, and the error is told
	}
	if len(at) == 0 {
		return noSite(file, line, near)
	}
	return report.Explain{Terminal: view, Sites: at}.Write(e.stdout, d)
}

// idPattern is that of the IDs of sites.
var idPattern = text.NewPattern(`^ka-[0-9a-f]{12}$`)

var placePattern = text.NewPattern(`^(.+?):([0-9]+)(?::[0-9]+)?$`)

// placeOf reads FILE:LINE; a column after the line is taken, too.
func placeOf(s string) (file string, line int, err error) {
	if m := placePattern.FindStringSubmatch(s); m != nil {
		if line, err = strconv.Atoi(m[2]); err == nil && line > 0 {
			return m[1], line, nil
		}
	}
	return "", 0, fmt.Errorf("%q is neither FILE:LINE, nor an ID, nor a rule (keepatch explain lists the rules)", s)
}

// sitesAt returns the sites of a line and the lines of the file that have any.
func sitesAt(rep *detect.Report, file string, line int) (at []*result.Site, near []int) {
	want := driver.Absolute(file)
	for _, s := range rep.Sites {
		if driver.Absolute(s.File) != want {
			continue
		}
		if s.Line == line {
			at = append(at, s)
		}
		if len(near) == 0 || near[len(near)-1] != s.Line {
			near = append(near, s.Line)
		}
	}
	return at, near
}

func noSite(file string, line int, near []int) error {
	if len(near) == 0 {
		return fmt.Errorf("%s has no call of socket(), accept() or accept4()", file)
	}
	var lines []string
	for _, l := range near {
		lines = append(lines, strconv.Itoa(l))
	}
	if line == 0 {
		return fmt.Errorf("name a line: keepatch explain %s:%s; lines with a call: %s", shellQuote(file), lines[0], strings.Join(lines, ", "))
	}
	return fmt.Errorf("%s:%d has no call of socket(), accept() or accept4(); lines that have: %s", file, line, strings.Join(lines, ", "))
}

func quoteAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = shellQuote(w)
	}
	return out
}
