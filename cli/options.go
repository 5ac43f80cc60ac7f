package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/driver"
)

// analysisFlags say what is read and how.
func analysisFlags() []cli.Flag {
	return append(sourceFlags(),
		&cli.StringFlag{Name: "shard", Usage: "process only shard `K/N` of the programs (see keepatch merge)"})
}

// sourceFlags are those that go with one program, too.
func sourceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "exclude", Usage: "skip files and folders that match `GLOB` (repeatable; ** spans folders)"},
		&cli.StringFlag{Name: "tests",
			Usage: "`yes|no`: report sockets in tests, examples and vendored copies, or skip them (default: yes)"},
		&cli.StringFlag{Name: "platform", Usage: "platform `NAME` that the sources are built for (default: linux)"},
		&cli.StringFlag{Name: "config", Usage: "read `FILE` instead of the nearest .keepatch.yaml"},
		&cli.BoolFlag{Name: "no-config", Usage: "read no configuration file"},
		&cli.BoolFlag{Name: "no-compile-commands", Usage: "do not read compile_commands.json for the #if branches that are built"},
		&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "process `N` files in parallel (default: one per CPU)"},
	}
}

// filesFrom is for the commands that take any number of PATHs.
func filesFrom() cli.Flag {
	return &cli.StringFlag{Name: "files-from", Usage: "also read PATHs from `FILE`, one per line (- is standard input); they are the whole program"}
}

// policyFlags say how grave each rule is.
func policyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "rules", Usage: "enable only the rules in `LIST`, such as KA001,KA004=warning"},
		&cli.StringSliceFlag{Name: "severity", Usage: "`RULE=SEVERITY`: error, warning, note or off (repeatable)"},
	}
}

// options are what flags and configuration file say together, checked.
type options struct {
	driver.Options
	config      *config.Config
	eachHasC    bool // a folder that is named and holds no C file is an error
	mayBeEmpty  bool // git's index may hold no C file yet
	countsShown bool // the report ends with its counts, on the terminal that shows stderr
}

// readOptions resolves the flags of a command that analyses. What the command
// line says goes before what the configuration file says.
func readOptions(c *cli.Context) (*options, error) {
	o := &options{Options: driver.Options{Paths: c.Args().Slice(), NoBuilds: c.Bool("no-compile-commands")}}
	if list := c.String("files-from"); list != "" {
		more, err := readList(c.App.Reader, list)
		if err != nil {
			return nil, fmt.Errorf("--files-from: %s", fileError(list, err))
		}
		if o.Paths = append(o.Paths, more...); len(o.Paths) == 0 {
			return nil, fmt.Errorf("--files-from: %s names no path", list)
		}
	}
	if len(o.Paths) == 0 {
		o.Paths = []string{"."}
	}
	var err error
	if o.config, err = readConfig(c); err != nil {
		return nil, err
	}
	o.Excludes = append(driver.ExcludesFor(o.config.Exclude, o.config.Here()), c.StringSlice("exclude")...)
	if o.Shard, err = driver.ParseShard(c.String("shard")); err != nil {
		return nil, err
	}
	jobs := c.Int("jobs")
	if jobs < 0 || jobs > 4096 {
		return nil, fmt.Errorf("--jobs %d: give a number from 1 to 4096", jobs)
	}
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	o.Detect = detect.Options{Platform: o.config.Platform, Workers: jobs, Wrappers: o.config.Wrappers.Detect()}
	if p := c.String("platform"); p != "" {
		o.Detect.Platform = p
	}
	if o.Detect.Platform, err = driver.Platform(o.Detect.Platform); err != nil {
		if c.String("platform") == "" {
			err = fmt.Errorf("%s: %w", o.config.Place("platform"), err)
		}
		return nil, err
	}
	if o.ProductOnly, err = productOnly(c.String("tests"), o.config.Tests); err != nil {
		return nil, err
	}
	o.Whole = c.String("files-from") == "" && !slices.Contains(o.Paths, stdinPath)
	if err = o.readStdin(c); err != nil {
		return nil, err
	}
	return o, o.readPolicy(c)
}

// productOnly reads --tests; without it, what the configuration file says.
func productOnly(flag string, configured *bool) (bool, error) {
	switch flag {
	case "yes":
		return false, nil
	case "no":
		return true, nil
	case "":
		return configured != nil && !*configured, nil
	}
	return false, fmt.Errorf("--tests %s: give yes or no", flag)
}

// readList reads the lines of a file that are not empty.
func readList(stdin io.Reader, name string) ([]string, error) {
	var text []byte
	var err error
	if name == "-" {
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	var list []string
	for l := range strings.Lines(string(text)) {
		if l = strings.TrimRight(l, "\r\n"); l != "" {
			list = append(list, l)
		}
	}
	return list, err
}

// applyHint is the command that patches what a command line names, "" where it is no file.
func applyHint(c *cli.Context) string {
	hint := "keepatch apply"
	var paths []string
	for _, p := range c.Args().Slice() {
		if p != stdinPath && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	if slices.Contains(c.Args().Slice(), stdinPath) {
		name := c.String("stdin-name")
		if name == "" {
			return ""
		}
		held := slices.ContainsFunc(paths, func(p string) bool { return driver.Below(driver.Absolute(p), driver.Absolute(name)) })
		if !held {
			paths = append([]string{name}, paths...)
		}
	}
	for _, p := range paths {
		hint += " " + shellQuote(p)
	}
	switch list := c.String("files-from"); list {
	case "":
	case stdinPath:
		hint += " --files-from LIST"
	default:
		hint += " --files-from " + shellQuote(list)
	}
	return hint + sourceOptions(c)
}

// sourceOptions are the options of a command line that say what is read, as apply takes them:
// without them it would patch other sockets than those that were shown.
func sourceOptions(c *cli.Context) (said string) {
	for _, f := range sourceFlags() {
		name := f.Names()[0]
		if !c.IsSet(name) || name == "jobs" {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			if c.Bool(name) {
				said += " --" + name
			}
		case *cli.StringSliceFlag:
			for _, v := range c.StringSlice(name) {
				said += " --" + name + " " + shellQuote(v)
			}
		default:
			said += " --" + name + " " + shellQuote(c.String(name))
		}
	}
	return said
}

func (o *options) readPolicy(c *cli.Context) error {
	o.Policy.Apply = applyHint(c)
	if o.config != nil {
		if err := o.Policy.SetAll(o.config.Rules); err != nil {
			return fmt.Errorf("%s: %v", o.config.File, err)
		}
	}
	for _, s := range c.StringSlice("severity") {
		id, sev, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--severity %s: write RULE=SEVERITY, such as KA004=warning", s)
		}
		if err := o.Policy.Set(id, rules.Severity(sev)); err != nil {
			return fmt.Errorf("--severity: %v", err)
		}
	}
	if list := c.String("rules"); c.IsSet("rules") {
		if err := o.Policy.Only(list); err != nil {
			return fmt.Errorf("--rules: %v", err)
		}
	}
	return nil
}

func readConfig(c *cli.Context) (*config.Config, error) {
	name := c.String("config")
	if c.Bool("no-config") {
		if name != "" {
			return nil, fmt.Errorf("--config and --no-config contradict each other")
		}
		return &config.Config{}, nil
	}
	if name == "" {
		dir, err := os.Getwd()
		if err != nil {
			return nil, err
		}
		if name = config.Find(dir); name == "" {
			return &config.Config{}, nil
		}
		if rel, err := filepath.Rel(dir, name); err == nil {
			name = rel
		}
	}
	return config.Load(name)
}
