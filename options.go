package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/detect/finding"
)

// analysisFlags say what is read and how.
func analysisFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "exclude", Usage: "pass over files and folders that match `GLOB` (repeatable; ** spans folders)"},
		&cli.StringFlag{Name: "platform", Usage: "the `NAME` of the platform the sources are built for (default: linux)"},
		&cli.StringFlag{Name: "config", Usage: "read `FILE` instead of the .keepatch.yaml found upwards from here"},
		&cli.BoolFlag{Name: "no-config", Usage: "read no configuration file"},
		&cli.StringFlag{Name: "shard", Usage: "take the programs of part `K/N` only, for many machines (see keepatch merge)"},
		&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "work on `N` files at once (default: one per CPU)"},
	}
}

// policyFlags say how grave each rule is.
func policyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "rules", Usage: "look at the rules of `LIST` only, such as KA001,KA004=warning"},
		&cli.StringSliceFlag{Name: "severity", Usage: "`RULE=SEVERITY`: error, warning, note or off (repeatable)"},
	}
}

// options are what flags and configuration file say together, checked.
type options struct {
	paths    []string
	excludes []string // patterns for paths as seen from the working directory
	config   *config.Config
	policy   finding.Policy
	detect   detect.Options
	shard    shard
	wants    func(root string) bool // which programs on a shelf to look at; nil means all
}

// readOptions resolves the flags of a command that analyses. What the command
// line says goes before what the configuration file says.
func readOptions(c *cli.Context) (*options, error) {
	o := &options{paths: c.Args().Slice()}
	if len(o.paths) == 0 {
		o.paths = []string{"."}
	}
	var err error
	if o.config, err = readConfig(c); err != nil {
		return nil, err
	}
	o.excludes = append(excludesFor(o.config.Exclude, o.config.Here()), c.StringSlice("exclude")...)
	if o.shard, err = parseShard(c.String("shard")); err != nil {
		return nil, err
	}
	jobs := c.Int("jobs")
	if jobs < 0 || jobs > 4096 {
		return nil, fmt.Errorf("--jobs %d: give a number from 1 to 4096", jobs)
	}
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	o.detect = detect.Options{Platform: o.config.Platform, Workers: jobs, Wrappers: o.config.Wrappers.Detect()}
	if p := c.String("platform"); p != "" {
		o.detect.Platform = p
	}
	return o, o.readPolicy(c)
}

func (o *options) readPolicy(c *cli.Context) error {
	o.policy.Apply = "keepatch apply"
	for _, p := range c.Args().Slice() {
		o.policy.Apply += " " + shellQuote(p)
	}
	if o.config != nil {
		if err := o.policy.SetAll(o.config.Rules); err != nil {
			return fmt.Errorf("%s: %v", o.config.File, err)
		}
	}
	for _, s := range c.StringSlice("severity") {
		id, sev, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--severity %s: write RULE=SEVERITY, such as KA004=warning", s)
		}
		if err := o.policy.Set(id, detect.Severity(sev)); err != nil {
			return fmt.Errorf("--severity: %v", err)
		}
	}
	if list := c.String("rules"); c.IsSet("rules") {
		if err := o.policy.Only(list); err != nil {
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

// shard is a part of the programs: number k of n, 1-based. The zero shard is
// everything.
type shard struct{ k, n int }

func parseShard(s string) (shard, error) {
	if s == "" {
		return shard{}, nil
	}
	ks, ns, ok := strings.Cut(s, "/")
	k, kerr := strconv.Atoi(ks)
	n, nerr := strconv.Atoi(ns)
	if !ok || kerr != nil || nerr != nil || k < 1 || k > n {
		return shard{}, fmt.Errorf("--shard %s: write K/N with 1 <= K <= N, such as 3/16", s)
	}
	return shard{k, n}, nil
}

// has says whether the i-th program (0-based) is in the shard.
func (s shard) has(i int) bool { return s.n == 0 || i%s.n == s.k-1 }
