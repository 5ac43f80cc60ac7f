package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/rewrite"
)

const applyDescription = `Prints the patch that turns SO_KEEPALIVE on for every socket below the PATHs
(default: the working directory) that lacks it, in the manner of the code around
each. What was left unpatched, and why, is listed on stderr.

Examples:
  keepatch apply src >keepalive.diff
  keepatch apply --write
  keepatch apply --on-error warn src/net.c`

func applyCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "apply", Usage: "print the patch, or write it in place",
		UsageText: "keepatch apply [OPTIONS] [PATH...]", Description: applyDescription,
		Flags:  append(rewriteFlags(), analysisFlags()...),
		Action: func(c *cli.Context) error { return e.applyPatch(c) },
	}
}

// rewriteFlags say what is inserted.
func rewriteFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "listeners", Value: "auto", Usage: "patch listening sockets: `WHICH` is auto (where the accepted ones can't be), all or none"},
		&cli.StringFlag{Name: "on-error", Value: "match", Usage: "when setsockopt fails: `WHAT` is match (as the code around), warn or ignore"},
	}
}

func readRewrite(c *cli.Context) (rewrite.Options, error) {
	opt := rewrite.Options{Listeners: c.String("listeners"), OnError: c.String("on-error")}
	for _, f := range []struct {
		name  string
		words []string
	}{
		{"listeners", []string{"auto", "all", "none"}},
		{"on-error", []string{"match", "warn", "ignore"}},
	} {
		if v := c.String(f.name); !slices.Contains(f.words, v) {
			return opt, fmt.Errorf("--%s %s: use %s", f.name, v, strings.Join(f.words, ", "))
		}
	}
	return opt, nil
}

func (e *env) applyPatch(c *cli.Context) error {
	opt, err := readRewrite(c)
	if err != nil {
		return err
	}
	o, err := readOptions(c)
	if err != nil {
		return err
	}
	a := e.analyze(o)
	plan := e.plan(a, opt)
	for _, f := range plan.Files {
		if _, err := e.stdout.Write(f.Diff); err != nil {
			e.complain("standard output: %v", err)
			return nil
		}
	}
	e.tellPlan(plan)
	return nil
}

// plan makes the patch of every program of an analysis.
func (e *env) plan(a *analysis, opt rewrite.Options) *rewrite.Plan {
	home := map[string]int{}
	for i, p := range a.programs {
		for _, f := range p.files {
			home[f] = i
		}
	}
	groups := make([][]*detect.Site, len(a.programs)+1)
	for _, s := range a.report.Sites {
		i, ok := home[s.File]
		if !ok {
			i = len(a.programs)
		}
		groups[i] = append(groups[i], s)
	}
	all := &rewrite.Plan{}
	for i, g := range groups {
		opt.Files = nil
		if i < len(a.programs) {
			opt.Files = a.programs[i].files
		}
		p := rewrite.Make(g, opt)
		all.Fixes = append(all.Fixes, p.Fixes...)
		all.Files = append(all.Files, p.Files...)
	}
	return all
}

// tellPlan lists on stderr what was not patched and sums up.
func (e *env) tellPlan(plan *rewrite.Plan) {
	patched := 0
	for _, f := range plan.Fixes {
		switch f.Status {
		case detect.FixPatch:
			patched++
		case detect.FixNone:
			e.note("%s:%d: not patched: %s", f.Site.File, f.Site.Line, f.Reason)
		}
	}
	e.note("%s patched in %s, %d left", plural(patched, "socket"), plural(len(plan.Files), "file"), len(plan.Fixes)-patched)
}
