package cli

import (
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/finding"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
)

const checkDescription = `Runs the analysis of scan for CI: prints sockets that lack SO_KEEPALIVE, and
nothing if there are none. A file that you name is judged with the program around
it. Findings of KA001 and KA002 fail. KA009, KA100 and KA101 are warnings, which
are printed and do not fail; the other rules are notes. --rules, --severity and
.keepatch.yaml change that.

To suppress a finding, put a comment with a reason on its line or the line before,
/* keepatch:ignore lives for one request */, or record it in a baseline. --diff
and --staged report only what the change introduces.

Examples:
  keepatch check
  keepatch check src --strict
  keepatch check --fix
  keepatch check --format github
  keepatch check --output sarif=keepatch.sarif --no-exit-code
  keepatch check --write-baseline keepatch-baseline.json
  keepatch check --baseline keepatch-baseline.json
  keepatch check --diff origin/main
  keepatch check --staged
  keepatch check - --stdin-name src/net.c . <buffer

Exit status: 0 clean, 1 a socket lacks SO_KEEPALIVE, 2 bad usage, a PATH
without a C file, or an input that could not be read.`

func checkCommand(e *env) *cli.Command {
	flags := append(outputFlags(),
		&cli.BoolFlag{Name: "strict", Usage: "also fail on undecided sites, KA009 and C++, yacc or lex files with socket calls"},
		&cli.BoolFlag{Name: "fix", Usage: "patch the files as apply --write does, then report what is left"},
		&cli.IntFlag{Name: "max", Usage: "fail only if there are more than `N` findings"},
		&cli.StringFlag{Name: "baseline", Usage: "ignore findings recorded in `FILE`"},
		&cli.StringFlag{Name: "write-baseline", Usage: "record current findings in `FILE` and exit 0"},
		&cli.StringFlag{Name: "diff", Usage: "report only what changed since git revision `REV`, or since the merge base (REV...)"},
		&cli.BoolFlag{Name: "staged", Usage: "check git's index, and report only what the next commit changes"},
		&cli.BoolFlag{Name: "no-exit-code", Usage: "exit 0 instead of 1, for jobs that upload the report"},
	)
	flags = slices.Concat(flags, policyFlags(), []cli.Flag{filesFrom(), stdinName()}, summaryFlags(), analysisFlags())
	return &cli.Command{
		Name: "check", Usage: "fail if a socket lacks SO_KEEPALIVE, for CI",
		UsageText: "keepatch check [OPTIONS] [PATH...]", Description: checkDescription + formatList(), Flags: flags,
		Action: func(c *cli.Context) error { return e.check(c) },
	}
}

func (e *env) check(c *cli.Context) error {
	e.quiet = c.Bool("quiet")
	targets, err := readTargets(c)
	if err != nil {
		return err
	}
	o, err := readOptions(c)
	if err != nil {
		return err
	}
	o.eachHasC = true
	if c.Int("max") < 0 {
		return fmt.Errorf("--max %d: give the number of findings to allow", c.Int("max"))
	}
	strict := c.Bool("strict") || o.config.Strict
	if strict {
		if err := o.Policy.Strict(); err != nil {
			return err
		}
	}
	filter, err := readFilters(c, o)
	if err != nil {
		return err
	}
	if filter.change != nil {
		o.Select = filter.change.Under
		if maySkip(targets) && (c.Bool("staged") || pathsExist(o.Paths)) && driver.FindingsUnchanged(filter.change) && !c.Bool("stats") {
			return nil
		}
	}
	if c.Bool("fix") {
		if filter.write != "" || filter.change != nil || filter.baseline != nil {
			return fmt.Errorf("--fix patches all that is missing; --diff, --staged, --baseline and --write-baseline do not go with it")
		}
		if err := e.fix(o); err != nil {
			return err
		}
	}
	origin, err := readOrigin(c, o.Paths, targets)
	if err != nil {
		return err
	}
	draft, err := draftOptions(o, targets)
	if err != nil {
		return err
	}
	a := e.analyze(o, &draft, filter.change == nil)
	if filter.write != "" {
		return e.writeBaseline(filter.write, e.document(o, a.Report))
	}
	o.Policy.Each = filter.change != nil || filter.baseline != nil
	if c.Bool("staged") {
		o.Policy.Then = " --write, then git add"
	}
	d := e.document(o, a.Report)
	e.addFixes(d, a)
	d.Origin = origin
	e.apply(filter, o, a, d)
	finding.Fold(d.Findings)
	view := e.terminal(c)
	e.startPager(c)
	e.write(targets, d, report.View{Check: true, Terminal: view})
	e.checkSummary(d)
	if c.Bool("stats") {
		e.printStats(a.Stats)
	}
	e.setStatus(d, c.Int("max"), c.Bool("no-exit-code"))
	if strict && !c.Bool("no-exit-code") && len(d.Report.Coverage.NotUnderstood) > 0 {
		e.fail(ExitMissing)
	}
	return nil
}

// fix writes the patch into the files.
func (e *env) fix(o *options) error {
	opt, err := readRewrite(patchOptions(nil, o.config))
	if err != nil {
		return err
	}
	quiet := &env{stdin: e.stdin, stdout: e.stdout, stderr: io.Discard} // the check that follows tells what cannot be read
	plan := rewrite.Join(quiet.analyze(o, &opt, false).Plans...)
	e.writeFiles(plan)
	e.printPlan(plan, "patched")
	return nil
}

// setStatus sets check's exit status.
func (e *env) setStatus(d *report.Document, limit int, ignore bool) {
	n := failing(d.Findings)
	switch {
	case n == 0 || ignore:
	case n > limit:
		e.fail(ExitMissing)
		if limit > 0 {
			e.note("failed: %s, more than the %d that --max allows", text.Count(n, "finding"), limit)
		}
	default:
		e.note("passed: %s, and --max allows up to %d", text.Count(n, "finding"), limit)
	}
}

func failing(list []finding.Finding) (n int) {
	for i := range list {
		if list[i].Fails() {
			n++
		}
	}
	return n
}
