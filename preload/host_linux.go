//go:build linux && (amd64 || arm64)

package preload

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/host"
	"github.com/keepatch/keepatch/preload/policy"
)

func hostCommand(stdout, stderr io.Writer) *cli.Command {
	bpffs := &cli.StringFlag{Name: "bpffs", Value: host.DefaultFS, Usage: "keep what is attached in the BPF file system at `DIR`"}
	asJSON := &cli.BoolFlag{Name: "json", Usage: "print JSON"}
	format := &cli.StringFlag{Name: "format", Value: "text", Usage: "print `text|json`"}
	commands := []*cli.Command{
		{
			Name: "enable", Usage: "turn keepalive on for a unit, a container, a cgroup or the machine",
			Flags:  append(append(targetFlags(), timerFlags()...), append(policyFlags(false), bpffs)...),
			Action: func(c *cli.Context) error { return hostEnable(c, stderr) },
		},
		{
			Name: "disable", Usage: "undo enable; --everything for all there is",
			Flags:  append(targetFlags(), bpffs, &cli.BoolFlag{Name: "everything", Usage: "every cgroup that enable was used for"}),
			Action: func(c *cli.Context) error { return hostDisable(c, stderr) },
		},
		{
			Name: "status", Usage: "list where keepalive is on, with the settings", Flags: []cli.Flag{bpffs, asJSON, format},
			Action: func(c *cli.Context) error { return hostStatus(c, stdout, stderr, false) },
		},
		{
			Name: "report", Usage: "count the connections, by port", Flags: []cli.Flag{bpffs, asJSON, format},
			Action: func(c *cli.Context) error { return hostStatus(c, stdout, stderr, true) },
		},
		{
			Name: "unit", Usage: "print a systemd drop-in that enables it for a unit at each start",
			Flags:  append(timerFlags(), policyFlags(false)...),
			Action: func(c *cli.Context) error { return unitDropIn(c, stdout, stderr) },
		},
	}
	for _, c := range commands {
		c.OnUsageError, c.ArgsUsage = usageErrors(stderr, "host "+c.Name), " "
	}
	commands[len(commands)-1].ArgsUsage = "NAME"
	return &cli.Command{
		Name:  "host",
		Usage: "turn keepalive on for services, containers or the machine, by BPF",
		Description: "Every program is covered, static and Go programs included, from its next\n" +
			"connection on and at no cost that can be measured. Needs root and Linux 6.1.\n" +
			"Connections that are there already: keepatch attach --unit NAME, --all ...\n\n" +
			"Examples:\n" +
			"  keepatch host enable --unit nginx --idle 60 --interval 10 --count 5\n" +
			"  keepatch host enable --all --idle 300 --only-off --ports 5432,6379\n" +
			"  keepatch host unit --idle 60 nginx > /etc/systemd/system/nginx.service.d/keepatch.conf",
		Subcommands: commands,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fail(stderr, "host: no such command: %s", c.Args().First())
			}
			return fail(stderr, "host: name a command: enable, disable, status, report or unit")
		},
	}
}

func hostEnable(c *cli.Context, stderr io.Writer) error {
	path, err := target(c)
	if err != nil {
		return fail(stderr, "host enable: %v", err)
	}
	s, err := hostSettings(c)
	if err != nil {
		return fail(stderr, "host enable: %v", err)
	}
	if err := (host.Host{FS: c.String("bpffs")}).Enable(path, s); err != nil {
		return fail(stderr, "host enable: %v", err)
	}
	return nil
}

func hostDisable(c *cli.Context, stderr io.Writer) error {
	h := host.Host{FS: c.String("bpffs")}
	if c.Bool("everything") {
		if err := h.DisableAll(); err != nil {
			return fail(stderr, "host disable: %v", err)
		}
		return nil
	}
	path, err := target(c)
	if errors.Is(err, host.ErrNoCgroup) {
		if was, goneErr := h.DisableGone(targetOf(c)); was && goneErr == nil {
			return nil
		}
	}
	if err != nil {
		return fail(stderr, "host disable: %v", err)
	}
	was, err := h.Disable(path)
	switch {
	case err != nil:
		return fail(stderr, "host disable: %v", err)
	case !was:
		return fail(stderr, "host disable: nothing is enabled for %s", path)
	}
	return nil
}

func targetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "all", Usage: "the whole machine"},
		&cli.StringFlag{Name: "unit", Usage: "the systemd unit `NAME`"},
		&cli.StringFlag{Name: "container", Usage: "the container `ID`, or its first characters"},
		&cli.StringFlag{Name: "cgroup", Usage: "the cgroup v2 at `PATH`"},
	}
}

// target is the cgroup that the flags name.
func target(c *cli.Context) (string, error) {
	if c.Args().Present() {
		return "", fmt.Errorf("takes no arguments, got %q", c.Args().First())
	}
	named := 0
	for _, name := range []string{"all", "unit", "container", "cgroup"} {
		if c.IsSet(name) {
			named++
		}
	}
	if named != 1 {
		return "", errors.New("name one of --unit, --container, --cgroup and --all")
	}
	return targetOf(c).Path()
}

func targetOf(c *cli.Context) host.Target {
	return host.Target{
		All: c.Bool("all"), Unit: c.String("unit"), Container: c.String("container"), Cgroup: c.String("cgroup"),
	}
}

// hostSettings joins the machine's configuration file with the flags.
// Connections within the machine are left out unless somebody asks for them:
// nothing between the ends can forget them.
func hostSettings(c *cli.Context) (s policy.Settings, err error) {
	if file := c.String("policy"); file != "" {
		s, err = policy.Read(file)
	} else {
		s, err = policy.ReadDefault()
	}
	if err == nil {
		err = flagSettings(c, &s)
	}
	if !s.LoopbackSet {
		s.Policy.SkipLoopback = true
	}
	return s, err
}

func hostStatus(c *cli.Context, stdout, stderr io.Writer, ports bool) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return fail(stderr, "host %s: %v", c.Command.Name, err)
	}
	states, err := host.Host{FS: c.String("bpffs")}.Status()
	if err != nil {
		return fail(stderr, "host: %v", err)
	}
	if asJSON {
		if states == nil {
			states = []host.State{}
		}
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		return e.Encode(states)
	}
	if len(states) == 0 {
		fmt.Fprintln(stderr, "keepatch: host: keepalive is on nowhere (keepatch host enable turns it on)")
		return nil
	}
	t := tabwriter.NewWriter(stdout, 0, 8, 2, ' ', 0)
	if ports {
		if !slices.ContainsFunc(states, func(s host.State) bool { return len(s.Ports) > 0 }) {
			fmt.Fprintln(stderr, "keepatch: host: no connection was made since keepalive was turned on")
			return nil
		}
		fmt.Fprintln(t, "CGROUP\tPORT\tROLE\tCONNECTIONS")
		for _, s := range states {
			for _, p := range s.Ports {
				fmt.Fprintf(t, "%s\t%d\t%s\t%d\n", s.Cgroup, p.Port, p.Role, p.Count)
			}
		}
		return t.Flush()
	}
	fmt.Fprintln(t, "CGROUP\tTIMERS\tPOLICY\tTURNED ON\tWERE ON\tLEFT ALONE\tREFUSED\tTIMERS REPLACED")
	for _, s := range states {
		name := s.Cgroup
		if s.Gone {
			name += " (gone)"
		}
		fmt.Fprintf(t, "%s\t%v\t%v\t%d\t%d\t%d\t%d\t%d\n", name, s.Settings.Options,
			s.Settings.Policy, s.Set, s.Own, s.Left, s.Failed, s.Replaced)
	}
	return t.Flush()
}

// unitDropIn prints a drop-in that runs enable inside the unit, as root, before
// the service itself is started.
func unitDropIn(c *cli.Context, stdout, stderr io.Writer) error {
	if c.NArg() != 1 {
		return fail(stderr, "host unit: name one unit; options go before it")
	}
	if _, err := hostSettings(c); err != nil {
		return fail(stderr, "host unit: %v", err)
	}
	unit := c.Args().First()
	if !strings.Contains(unit, ".") {
		unit += ".service"
	}
	exe, err := os.Executable()
	if err != nil {
		return fail(stderr, "host unit: %v", err)
	}
	flags := ""
	for _, f := range append(timerFlags(), policyFlags(false)...) {
		name := f.Names()[0]
		if c.IsSet(name) {
			flags += fmt.Sprintf(" --%s=%v", name, c.Value(name))
		}
	}
	_, err = fmt.Fprintf(stdout, `# /etc/systemd/system/%s.d/keepatch.conf, then: systemctl daemon-reload; systemctl restart %s
[Service]
ExecStartPre=+%s host enable --unit %%n%s
ExecStopPost=-+%s host disable --unit %%n
`, unit, unit, exe, flags, exe)
	return err
}
