package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
)

const scanDescription = `Reports every socket(), accept() and accept4() call below the PATHs (default: the
working directory) with its verdict. Folders are searched for .c and .h files. A
file that you name is always read; the program around it is analysed with it, and
the file alone is reported.

Examples:
  keepatch scan
  keepatch scan src --verdict missing,undecided
  keepatch scan . --format json >report.json
  keepatch scan - --stdin-name src/net.c <src/net.c
  keepatch scan . --output html=report.html --output sarif=report.sarif`

func scanCommand(e *env) *cli.Command {
	flags := append(outputFlags(), &cli.StringSliceFlag{Name: "verdict", Usage: "in text output, list only `LIST` of " + verdictNames()})
	flags = slices.Concat(flags, policyFlags(), []cli.Flag{filesFrom(), stdinName()}, summaryFlags(), analysisFlags())
	return &cli.Command{
		Name: "scan", Usage: "report every socket and whether it gets SO_KEEPALIVE",
		UsageText: "keepatch scan [OPTIONS] [PATH...]", Description: scanDescription + formatList(), Flags: flags,
		Action: func(c *cli.Context) error {
			e.quiet = c.Bool("quiet")
			targets, err := readTargets(c)
			if err != nil {
				return err
			}
			verdicts, err := readVerdicts(strings.Join(c.StringSlice("verdict"), ","))
			if err != nil {
				return err
			}
			o, err := readOptions(c)
			if err != nil {
				return err
			}
			origin, err := readOrigin(c, o.Paths, targets)
			if err != nil {
				return err
			}
			draft, err := draftOptions(o, targets)
			if err != nil {
				return err
			}
			o.countsShown = targets[0].format.Counts && targets[0].file == "" && isTerminal(e.stdout) && isTerminal(e.stderr)
			a := e.analyze(o, &draft, true)
			d := e.document(o, a.Report)
			e.addFixes(d, a)
			d.Origin = origin
			view := e.terminal(c)
			e.startPager(c)
			e.write(targets, d, report.View{Terminal: view, Verdicts: verdicts})
			e.scanSummary(d, targets)
			if c.Bool("stats") {
				e.printStats(a.Stats)
			}
			return nil
		},
	}
}

// document makes what the printers need of a report.
func (e *env) document(o *options, rep *detect.Report) *report.Document {
	return &report.Document{
		Report: rep, Tool: tool(), Shards: o.Shard.Names(), Findings: finding.List(rep, o.Policy),
		Sources: &report.Sources{Read: o.Detect.Read}, Apply: o.Policy.Apply, Repo: driver.RepoPrefix(), Paths: slashed(o.Paths),
	}
}

func slashed(paths []string) []string {
	list := make([]string, len(paths))
	for i, p := range paths {
		list[i] = filepath.ToSlash(filepath.Clean(p))
	}
	return list
}

func verdictNames() string {
	var names []string
	for _, v := range result.Verdicts {
		names = append(names, string(v))
	}
	return strings.Join(names, ", ")
}

func readVerdicts(list string) (map[result.Verdict]bool, error) {
	if list == "" {
		return nil, nil
	}
	set := map[result.Verdict]bool{}
	for _, name := range strings.Split(list, ",") {
		v := result.Verdict(strings.TrimSpace(name))
		if !slices.Contains(result.Verdicts, v) {
			return nil, fmt.Errorf("unknown verdict %q: use %s", v, verdictNames())
		}
		set[v] = true
	}
	return set, nil
}

// draftOptions are those of the patch that a report shows: as apply would print
// it, and only where it can be made if no target shows it.
func draftOptions(o *options, targets []target) (rewrite.Options, error) {
	draft, err := readRewrite(patchOptions(nil, o.config))
	if err != nil {
		return draft, err
	}
	draft.Draft = !needFixes(targets)
	if root, err := driver.FindPatchRoot(o.Paths, false); err == nil {
		draft.DiffPath = root.Path
	}
	return draft, nil
}
