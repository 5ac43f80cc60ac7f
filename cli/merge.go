package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
)

const mergeDescription = `Merges the reports of several runs, such as the shards of a large archive, into
one: the bytes are those that a single run over everything prints. A shard
that is missing is named, and the exit status is 2. JSON reports
can be printed in any format; SARIF reports are joined as SARIF. "-" reads
standard input.

Examples:
  keepatch scan archive --shard 1/2 --format json >1.json
  keepatch scan archive --shard 2/2 --format json >2.json
  keepatch merge 1.json 2.json >report.json
  keepatch merge *.json --format html >report.html`

func mergeCommand(e *env) *cli.Command {
	flags := append([]cli.Flag{
		&cli.StringFlag{Name: "format", Aliases: []string{"f"}, Usage: "print as `FORMAT` (default: that of the reports)"},
	}, outputFlags()[1:]...)
	return &cli.Command{
		Name: "merge", Usage: "merge the reports of several runs",
		UsageText: "keepatch merge [OPTIONS] REPORT...", Description: mergeDescription + formatList(),
		Flags:  append(flags, policyFlags()...),
		Action: func(c *cli.Context) error { return e.merge(c) },
	}
}

func (e *env) merge(c *cli.Context) error {
	if c.NArg() == 0 {
		return fmt.Errorf("merge: name the reports to join (see keepatch merge --help)")
	}
	var m merger
	for _, name := range c.Args().Slice() {
		data, err := e.readInput(name)
		if err != nil {
			e.errorf("%s", fileError(name, err))
			continue
		}
		if err := m.add(name, data); err != nil {
			e.errorf("%s: %v", name, err)
		}
	}
	if m.from == nil && len(m.sarif) == 0 {
		return errReported
	}
	if c.String("format") == "" {
		if err := c.Set("format", m.kind()); err != nil {
			return err
		}
	}
	targets, err := readTargets(c)
	if err != nil {
		return err
	}
	if len(m.sarif) > 0 {
		return e.mergeSARIF(targets, &m)
	}
	o := &options{}
	if err := o.readPolicy(c); err != nil {
		return err
	}
	o.Policy.Apply = ""
	for _, w := range m.warnings {
		e.note("%s", w)
	}
	shards, missing, err := report.JoinShards(m.shards)
	if err != nil {
		return err
	}
	e.reportShards(missing)
	driver.Sort(&m.report)
	origin, err := readOrigin(c, nil, targets)
	if err != nil {
		return err
	}
	d := &report.Document{
		Report: &m.report, Tool: m.tool, Shards: shards, Findings: finding.List(&m.report, o.Policy), Fixes: m.fixes,
		Sources: &report.Sources{}, Repo: driver.RepoPrefix(), Origin: origin,
	}
	view := e.terminal(c)
	e.startPager(c)
	e.write(targets, d, report.View{Terminal: view})
	return nil
}

// reportShards says that a part of the whole was not given: what is joined is incomplete.
func (e *env) reportShards(missing string) {
	if missing != "" {
		e.errorf("%s: the report is incomplete", missing)
	}
}

func (e *env) readInput(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(e.stdin)
	}
	return os.ReadFile(name)
}

// merger gathers reports of one kind.
type merger struct {
	report   detect.Report
	tool     report.Tool
	fixes    map[string][]report.FileEdits
	from     map[string]string // site ID to the report it came from
	sarif    [][]byte
	warnings []string
	shards   []string
}

func (m *merger) kind() string {
	if len(m.sarif) > 0 {
		return "sarif"
	}
	return "json"
}

// add takes one report. The error does not name it.
func (m *merger) add(name string, data []byte) error {
	if report.IsSARIF(data) {
		if m.from != nil {
			return fmt.Errorf("a SARIF report among JSON reports: join them apart")
		}
		m.sarif = append(m.sarif, data)
		return nil
	}
	if len(m.sarif) > 0 {
		return fmt.Errorf("a JSON report among SARIF reports: join them apart")
	}
	d, err := report.ReadJSON(data)
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		return errors.New("no report of keepatch, or not all of one: --format json and --format sarif write them")
	}
	if err != nil {
		return fmt.Errorf("no report of keepatch: %v", err)
	}
	rep, tool := d.Report, d.Tool
	if m.from == nil {
		m.from, m.tool, m.fixes = map[string]string{}, tool, map[string][]report.FileEdits{}
	}
	if tool != m.tool {
		m.warnings = append(m.warnings, fmt.Sprintf("%s was made by %s %s, the first report by %s %s",
			name, tool.Name, tool.Version, m.tool.Name, m.tool.Version))
	}
	for _, s := range rep.Sites {
		if other, ok := m.from[s.ID]; ok {
			return fmt.Errorf("left out: %s:%d is in %s already; was one shard run twice?", s.File, s.Line, other)
		}
	}
	for _, s := range rep.Sites {
		m.from[s.ID] = name
	}
	maps.Copy(m.fixes, d.Fixes)
	m.shards = append(m.shards, d.Shards...)
	driver.Join(&m.report, rep)
	return nil
}

func (e *env) mergeSARIF(targets []target, m *merger) error {
	merged, missing, err := report.MergeSARIF(m.sarif)
	if err != nil {
		return err
	}
	e.reportShards(missing)
	for _, t := range targets {
		if t.format.Name != "sarif" {
			return fmt.Errorf("SARIF reports are joined as SARIF; for %s, join JSON reports", t.format.Name)
		}
		if t.file == "" {
			_, err = e.stdout.Write(merged)
		} else {
			err = os.WriteFile(t.file, merged, 0o666)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
