package preload

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/policy"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Commands gives run, attach, host and preload. Errors are written to stderr here; see
// ExitError for the status. run gives the status that the program ended with; a
// program that a signal ended takes this process with it by the same signal.
func Commands(stdout, stderr io.Writer) []*cli.Command {
	commands := append(platformCommands(stdout, stderr), preloadCommand(stdout, stderr))
	for _, c := range commands {
		// A program may be called help: "keepatch run help" runs it.
		c.HideHelpCommand = true
		c.OnUsageError = usageErrors(stderr, c.Name)
	}
	return commands
}

// Is reports whether name is one of them, for a caller that has not made them.
func Is(name string) bool {
	return slices.Contains([]string{"run", "attach", "host", "preload"}, name)
}

// timerFlags are those of run and attach. Their values are checked by options.
func timerFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "idle", Usage: "`SECONDS` of silence before the first probe, 1..32767 (KEEPIDLE)"},
		&cli.IntFlag{Name: "interval", Usage: "`SECONDS` between probes, 1..32767 (KEEPINTVL)"},
		&cli.IntFlag{Name: "count", Usage: "unanswered `PROBES` that end a connection, 1..127 (KEEPCNT)"},
		&cli.IntFlag{Name: "user-timeout", Usage: "TCP_USER_TIMEOUT in `MS`, never set unasked (KEEPUSERTIMEOUT)"},
	}
}

// settings joins the machine's configuration file (or the one of --policy), the
// environment of libkeepalive and the flags, each over the one before: any of
// the flags for timers overrides KEEPALIVE=off too. s.Off means that keepalive
// is switched off and no flag says otherwise.
func settings(c *cli.Context) (s policy.Settings, err error) {
	if file := c.String("policy"); file != "" {
		s, err = policy.Read(file)
	} else {
		s, err = policy.ReadDefault()
	}
	if err != nil {
		return s, err
	}
	o, disabled, err := tcpopt.FromEnv(os.LookupEnv)
	if err != nil && !overridden(c) {
		return s, err
	}
	s.Options, s.Off = o.Over(s.Options), s.Off || disabled
	return s, flagSettings(c, &s)
}

// flagSettings puts the flags for timers and policy over what s says.
func flagSettings(c *cli.Context, s *policy.Settings) (err error) {
	for _, name := range []string{"idle", "interval", "count", "user-timeout"} {
		if c.IsSet(name) {
			s.Off = false
			if err := s.Options.Set("--"+name, c.Int(name)); err != nil {
				return err
			}
		}
	}
	p := &s.Policy
	if c.IsSet("ports") {
		if p.Ports, err = policy.ParsePorts(c.String("ports")); err != nil {
			return fmt.Errorf("--ports: %w", err)
		}
	}
	if c.IsSet("peers") {
		if p.Peers, err = policy.ParsePeers(c.String("peers")); err != nil {
			return fmt.Errorf("--peers: %w", err)
		}
	}
	if c.IsSet("interfaces") {
		p.Interfaces = strings.Split(c.String("interfaces"), ",")
	}
	if c.IsSet("loopback") {
		p.SkipLoopback, s.LoopbackSet = !c.Bool("loopback"), true
	}
	if c.IsSet("only-off") {
		p.OnlyOff = c.Bool("only-off")
	}
	if c.IsSet("never-lengthen") {
		p.NeverLengthen = c.Bool("never-lengthen")
	}
	return nil
}

// policyFlags are those of run and host; loopback is what applies to
// connections within the machine when nobody says.
func policyFlags(loopback bool) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "policy", Usage: "read settings from `FILE` instead of " + policy.DefaultFile, TakesFile: true},
		&cli.StringFlag{Name: "ports", Aliases: []string{"port"}, Usage: "only connections with one of these `PORTS` at either end (443,6379-6380)"},
		&cli.StringFlag{Name: "peers", Usage: "only connections to these `NETWORKS` (10.0.0.0/8,2001:db8::1)"},
		&cli.StringFlag{Name: "interfaces", Usage: "only connections from the addresses of these `INTERFACES`"},
		&cli.BoolFlag{Name: "loopback", Value: loopback, Usage: "connections within the machine too (--loopback=false: not those)"},
		&cli.BoolFlag{Name: "only-off", Usage: "leave connections alone that the program turned keepalive on for"},
		&cli.BoolFlag{Name: "never-lengthen", Usage: "keep the program's timers where they are shorter"},
	}
}

// overridden reports whether flags give every timer that the environment can,
// so that a mistake there does not matter.
func overridden(c *cli.Context) bool {
	return c.IsSet("idle") && c.IsSet("interval") && c.IsSet("count") && c.IsSet("user-timeout")
}

// wantsJSON reads --json and --format.
func wantsJSON(c *cli.Context) (bool, error) {
	switch format := c.String("format"); format {
	case "json":
		return true, nil
	case "text":
		return c.Bool("json"), nil
	default:
		return false, fmt.Errorf("--format %s: text or json", format)
	}
}
