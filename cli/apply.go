package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/cli/verify"
	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/driver"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/rewrite"
	"github.com/keepatch/keepatch/rewrite/timers"
	"github.com/keepatch/keepatch/templates"
)

const applyDescription = `Prints a patch that enables SO_KEEPALIVE on every socket below the PATHs (default:
the working directory) that lacks it, in the style of the code around it. A file
that you name is judged with the program around it. stderr
lists the sockets that were not patched, with reasons; that is no failure: the exit
status is 0 unless an input could not be read or an option is wrong (2).

Examples:
  keepatch apply src >keepalive.diff
  keepatch apply --write --idle 180 --interval 30 --count 4
  keepatch apply --interactive src/net.c
  keepatch apply --format git >0001-keepalive.patch; git am 0001-keepalive.patch
  keepatch apply --format quilt --write      adds it to debian/patches`

func applyCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "apply", Usage: "print the patch, or write it in place",
		UsageText: "keepatch apply [OPTIONS] [PATH...]", Description: applyDescription,
		Flags:  append(append(append(applyFlags(), rewriteFlags()...), filesFrom(), stdinName()), analysisFlags()...),
		Action: func(c *cli.Context) error { return e.applyPatch(c) },
	}
}

// applyFlags say what becomes of the patch.
func applyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "write", Aliases: []string{"w"}, Usage: "change the files instead of printing the patch"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the patch to `FILE`"},
		patchFlag("format", "f"),
		&cli.StringSliceFlag{Name: "only", Usage: "patch what matches `WHAT` only: a site's ID, FILE, FILE:LINE or a rule (repeatable)"},
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour the diff: `WHEN` is auto, always or never"},
		noPager(),
		&cli.BoolFlag{Name: "interactive", Aliases: []string{"i"}, Usage: "ask about each change"},
		patchFlag("verify"), patchFlag("build"), patchFlag("cc"),
	}
}

// rewriteFlags say what is inserted: the settings of the configuration's section patch
// that are none of applyFlags.
func rewriteFlags() (flags []cli.Flag) {
	for _, key := range config.PatchKeys() {
		if !slices.ContainsFunc(applyFlags(), func(f cli.Flag) bool { return f.Names()[0] == key }) {
			flags = append(flags, patchFlag(key))
		}
	}
	return flags
}

// patchFlag is the option for a setting of the section patch.
func patchFlag(key string, aliases ...string) cli.Flag {
	usage := config.PatchSettings[key].Usage
	switch config.PatchKind(key) {
	case reflect.Int:
		return &cli.IntFlag{Name: key, Aliases: aliases, Usage: usage}
	case reflect.Bool:
		return &cli.BoolFlag{Name: key, Aliases: aliases, Usage: usage}
	}
	f := &cli.StringFlag{Name: key, Aliases: aliases, Usage: usage}
	if words := config.PatchWords[key]; words != nil && key != "switch" { // there is no switch unless it is asked for
		f.Value = words[0]
	}
	return f
}

func readRewrite(p patchSettings) (rewrite.Options, error) {
	opt := rewrite.Options{
		Listeners: p.text("listeners"), OnError: p.text("on-error"), Style: p.text("style"), HelperFile: p.text("helper-file"),
		Timers: timers.Read(p.number),
	}
	for _, name := range []string{"listeners", "on-error", "style", "format"} {
		if v, words := p.text(name), config.PatchWords[name]; p.has(name) && !slices.Contains(words, v) {
			return opt, p.fault(name, " %s: use %s", v, strings.Join(words, ", "))
		}
	}
	for _, name := range timers.Names() {
		if p.has(name) && p.number(name) == 0 {
			return opt, p.fault(name, " 0: leave the option out to keep the system's value")
		}
	}
	if err := opt.Timers.Check(); err != nil {
		return opt, err
	}
	var err error
	if opt.Switch, err = readSwitch(p); err != nil {
		return opt, err
	}
	if opt.HelperFile != "" && opt.Style != "helper" {
		return opt, p.fault("helper-file", " goes with --style helper")
	}
	if opt.HelperFile != "" {
		if _, err := os.Stat(opt.HelperFile); err != nil {
			return opt, p.fault("helper-file", ": %s (it takes the function into a file that there is)", fileError(opt.HelperFile, err))
		}
	}
	if name := p.text("template"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return opt, p.fault("template", ": %s", fileError(name, err))
		}
		if opt.Templates, err = templates.Parse(filepath.Base(name), string(text)); err != nil {
			return opt, p.fault("template", ": %s", templates.Place(err))
		}
		if err := opt.Templates.Check(); err != nil {
			return opt, p.fault("template", ": %s", templates.Place(err))
		}
	}
	return opt, nil
}

func (e *env) applyPatch(c *cli.Context) error {
	o, err := readOptions(c)
	if err != nil {
		return err
	}
	p := patchOptions(c, o.config)
	opt, err := readRewrite(p)
	if err != nil {
		return err
	}
	if err := cmp.Or(checkColor(c), switchWord(p, o.Paths)); err != nil {
		return err
	}
	if c.Bool("write") && c.String("output") != "" && p.text("format") != "quilt" {
		return fmt.Errorf("--write changes the files; --output does not go with it")
	}
	if c.Bool("write") && c.IsSet("format") && p.text("format") == "git" {
		return fmt.Errorf("--write changes the files; --format git does not go with it")
	}
	if p.text("format") == "quilt" {
		if err := checkQuilt(); err != nil {
			return err
		}
	}
	opt.Only = onlyFilter(c.StringSlice("only"))
	root, err := patchRoot(p, o)
	if err != nil {
		return err
	}
	opt.DiffPath = root.Path
	a := e.analyze(o, &opt, false)
	plan := rewrite.Join(a.Plans...)
	if only := c.StringSlice("only"); e.reportUnmatched(only, a.Report.Sites) == len(only) && len(only) > 0 {
		return errReported
	}
	if err := e.verify(c, p, plan, opt); err != nil {
		return err
	}
	if c.Bool("interactive") {
		if err := e.ask(plan); err != nil {
			return err
		}
	}
	if note := opt.Timers.Note(); note != "" {
		e.note("%s", note)
	}
	if !e.outputPatch(c, p.text("format"), plan, opt) {
		return errReported
	}
	if dir := root.Elsewhere(); dir != "" && len(plan.Files) > 0 && !c.Bool("write") {
		e.note("the paths in the patch are relative to %s: apply it there", dir)
	}
	for _, n := range append(plan.Notes, plan.Hints...) {
		e.note("switch: %s", n)
	}
	for _, n := range plan.Remarks {
		e.note("%s", n)
	}
	done := "would be patched"
	switch {
	case c.Bool("write") && p.text("format") == "quilt": // which changes no source until it is applied
		done = "patched by " + quiltName
	case c.Bool("write"):
		done = "patched"
	}
	if a.Report.Coverage.Files > 0 { // else the reason was printed
		e.printPlan(plan, done)
	}
	if n := a.Report.Coverage.Undecided; n > 0 {
		e.note("%s undecided: keepatch scan --verdict undecided", text.Count(n, "socket"))
	}
	return nil
}

// verify compiles and builds what is patched, where that was asked for.
func (e *env) verify(c *cli.Context, p patchSettings, plan *rewrite.Plan, opt rewrite.Options) error {
	if p.has("verify") && p.text("verify") != "false" {
		if err := verify.Fixes(plan, p.text("cc"), opt.Timers, p.text("build") != "", e.note); err != nil {
			return err // a patch that was not verified is not the one that was asked for
		}
	}
	if cmd := p.text("build"); cmd != "" {
		if !p.has("verify") || p.text("verify") == "false" {
			return p.fault("build", " goes with --verify")
		}
		if err := verify.Build(c.Context, plan, cmd, e.note); err != nil {
			e.errorf("%v", err)
		}
	}
	return nil
}

// patchRoot is the folder that the paths in the patch are relative to.
func patchRoot(p patchSettings, o *options) (*driver.PatchRoot, error) {
	paths := o.Paths
	if f := p.text("helper-file"); f != "" {
		paths = append(slices.Clone(paths), f)
	}
	return driver.FindPatchRoot(paths, p.text("format") == "git")
}

// outputPatch prints or writes the patch, and says whether that could be done; of files that
// are patched in place the plan keeps those that were.
func (e *env) outputPatch(c *cli.Context, format string, plan *rewrite.Plan, opt rewrite.Options) bool {
	if c.Bool("write") && format != "quilt" {
		e.writeFiles(plan)
		return true
	}
	var out []byte
	switch format {
	case "git":
		out = plan.Mail(mailFrom(), opt.Timers, version())
	case "quilt":
		out = plan.Quilt(mailFrom(), opt.Timers)
	default:
		for _, f := range plan.Files {
			out = append(out, f.Diff...)
		}
	}
	if len(out) == 0 {
		return true
	}
	switch {
	case format == "quilt" && c.Bool("write"):
		return e.writeQuilt(out)
	case c.String("output") != "":
		if err := os.WriteFile(c.String("output"), out, 0o644); err != nil {
			e.errorf("%s", fileError(c.String("output"), err))
			return false
		}
	default:
		if format == "diff" && colored(c.String("color"), e.stdout) {
			out = report.ColorDiff(out)
		}
		if !c.Bool("interactive") {
			e.startPager(c)
		}
		if _, err := bytes.NewReader(out).WriteTo(e.stdout); err != nil {
			e.errorf("standard output: %v", err)
			return false
		}
	}
	return true
}

// onlyFilter makes the filter of --only, nil for none.
func onlyFilter(what []string) func(*result.Site) bool {
	if len(what) == 0 {
		return nil
	}
	return func(s *result.Site) bool {
		return slices.ContainsFunc(what, func(w string) bool { return named(w, s) })
	}
}

// named says whether a word of --only stands for a site.
func named(what string, s *result.Site) bool {
	path := filepath.ToSlash(filepath.Clean(what))
	return what == s.ID || path == s.File || path == fmt.Sprintf("%s:%d", s.File, s.Line) || slices.Contains(s.Rules, strings.ToUpper(what))
}

// reportUnmatched names the words of --only that stand for no site, or for none that a
// patch is for, and returns the number of the first.
func (e *env) reportUnmatched(what []string, sites []*result.Site) (unmatched int) {
	for _, w := range what {
		found, missing := false, false
		for _, s := range sites {
			if named(w, s) {
				found, missing = true, missing || s.Verdict == result.Missing || len(s.Node.Uncovered) > 0
			}
		}
		switch {
		case !found:
			unmatched++
			e.errorf("--only %s matches nothing", w)
		case !missing:
			e.note("--only %s: nothing there lacks SO_KEEPALIVE", w)
		}
	}
	return unmatched
}

// addFixes tells a document what apply would do about its sites.
func (e *env) addFixes(d *report.Document, a *driver.Analysis) {
	d.Fixes, d.Diffs = map[string][]report.FileEdits{}, map[string][]byte{}
	for _, p := range a.Patches {
		maps.Copy(d.Fixes, p.Fixes)
		maps.Copy(d.Diffs, p.Diffs)
	}
}

// acceptsPatched tells whether a plan patches a socket that a listener feeds, or one that may be.
func acceptsPatched(plan *rewrite.Plan) func(listener *result.Site) bool {
	patched := map[*result.Site]bool{}
	any := false
	for _, f := range plan.Fixes {
		if f.Status == result.FixPatch {
			patched[f.Site] = true
			any = any || f.Site.Role == result.Accepted
		}
	}
	return func(listener *result.Site) bool {
		if len(listener.Node.Feeds) == 0 {
			return any
		}
		return slices.ContainsFunc(listener.Node.Feeds, func(s *result.Site) bool { return patched[s] })
	}
}

// printPlan lists on stderr what was not patched and sums up; done says what became
// of the others.
func (e *env) printPlan(plan *rewrite.Plan, done string) {
	patched, elsewhere := 0, 0
	accepts, once := acceptsPatched(plan), switchReasons(plan)
	for _, f := range plan.Fixes {
		switch f.Status {
		case result.FixPatch:
			patched++
			if f.Reason != "" {
				e.note("%s:%d: %s", f.Site.File, f.Site.Line, f.Reason)
			}
			if why := f.Malformed(); why != "" {
				e.note("%s:%d: %s; look at the patch there (--verify compiles it)", f.Site.File, f.Site.Line, why)
			}
		case result.FixElsewhere:
			if accepts(f.Site) {
				elsewhere++
			} else {
				where := "where the sockets are accepted"
				if feeds := f.Site.Node.Feeds; len(feeds) > 0 {
					where += fmt.Sprintf(" (%s:%d)", feeds[0].File, feeds[0].Line)
				}
				e.note("%s:%d: not patched: its place is %s, and none of them is patched", f.Site.File, f.Site.Line, where)
			}
		case result.FixNone:
			e.note("%s:%d: not patched: %s", f.Site.File, f.Site.Line, once(f.Reason))
			if strings.HasPrefix(f.Reason, rewrite.TemplateFailed) {
				e.fail(ExitError)
			}
		}
	}
	line := fmt.Sprintf("%s %s in %s", text.Count(patched, "socket"), done, text.Count(len(plan.Files), "file"))
	if elsewhere > 0 {
		line += fmt.Sprintf(", %s patched at accept()", text.Count(elsewhere, "listener"))
	}
	e.note("%s, %d not patched", line, len(plan.Fixes)-patched-elsewhere)
}
