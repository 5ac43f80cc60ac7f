package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/baseline"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/detect/since"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

// filters are what makes check silent about findings that are not new.
type filters struct {
	write    string // baseline to write
	baseline *baseline.Baseline
	name     string // of the baseline
	change   *since.Change
}

// readFilters reads them before the analysis, so that a mistake is reported at once.
func readFilters(c *cli.Context, o *options) (f filters, err error) {
	f.write = c.String("write-baseline")
	f.name = c.String("baseline")
	if f.name == "" {
		f.name = o.config.Path(o.config.Baseline)
	}
	if f.write != "" {
		if c.String("baseline") != "" || c.String("diff") != "" || c.Bool("staged") {
			return f, fmt.Errorf("--write-baseline writes all findings; --baseline, --diff and --staged do not go with it")
		}
		return f, nil
	}
	if f.name != "" {
		if f.baseline, err = baseline.Read(f.name); err != nil {
			return f, o.baselineError(c, f.name, err)
		}
	}
	if c.Bool("staged") {
		f.change, err = o.readStaged(c)
		return f, err
	}
	if rev := c.String("diff"); rev != "" {
		if f.change, err = since.Since(".", rev); err != nil {
			return f, fmt.Errorf("--diff %s: %v", rev, err)
		}
	}
	return f, nil
}

// baselineError says where a baseline that cannot be read was asked for, and how one is made.
func (o *options) baselineError(c *cli.Context, name string, err error) error {
	text := fileError(name, err)
	if errors.Is(err, fs.ErrNotExist) {
		text += fmt.Sprintf(" (keepatch check --write-baseline %s writes it)", shellQuote(name))
	}
	if c.String("baseline") == "" {
		return fmt.Errorf("%s: %s", o.config.Place("baseline"), text)
	}
	return fmt.Errorf("--baseline: %s", text)
}

func (e *env) writeBaseline(name string, d *report.Document) error {
	b := baseline.New(name, d.Findings, d.Sources.Line)
	if err := b.Write(); err != nil {
		return fmt.Errorf("%s", fileError(name, err))
	}
	finding.Fold(d.Findings) // the baseline holds both of what check counts once
	line := countFindings(d.Findings)
	if line == "" {
		line = "no finding"
	}
	e.note("recorded in %s: %s", name, line)
	return nil
}

// apply marks the findings that are not new.
func (e *env) apply(f filters, o *options, a *driver.Analysis, d *report.Document) {
	if f.baseline != nil {
		seen := a.Files()
		leftOut := func(string) bool { return false }
		if o.ProductOnly {
			kind := o.CodeKinds()
			leftOut = func(file string) bool { return kind(file) != knowledge.Product }
		}
		for _, s := range f.baseline.Mark(d.Findings, d.Sources.Line, func(file string) bool {
			if f.change != nil && f.change.Same(file) {
				return false // told when it became stale, and by a check of all
			}
			_, err := os.Stat(file)
			return seen[file] && !leftOut(file) || err != nil
		}) {
			if r := rules.ByID(s.Rule); r != nil && o.Policy.Of(r) == rules.Off {
				continue
			}
			e.note("%s: stale entry, no longer found: %s %s: %s", f.name, s.Rule, s.Path, s.Text)
		}
	}
	if f.change != nil {
		driver.MarkChange(f.change, &o.Options, a, d.Findings)
	}
}
