package preload

import (
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Commands gives run, attach and preload, and the hidden command with which
// run starts copies of this binary. Errors are written to stderr here; see
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

// timerFlags are those of run and attach. Their values are checked by options.
func timerFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "idle", Usage: "`SECONDS` of silence before the first probe, 1..32767 (KEEPIDLE)"},
		&cli.IntFlag{Name: "interval", Usage: "`SECONDS` between probes, 1..32767 (KEEPINTVL)"},
		&cli.IntFlag{Name: "count", Usage: "unanswered `PROBES` that end a connection, 1..127 (KEEPCNT)"},
		&cli.IntFlag{Name: "user-timeout", Usage: "TCP_USER_TIMEOUT in `MS`, never set unasked (KEEPUSERTIMEOUT)"},
	}
}

// options joins the environment of libkeepalive with the flags, which win: any
// of them overrides KEEPALIVE=off too. disabled means that the environment
// switches keepalive off and no flag says otherwise.
func options(c *cli.Context) (o tcpopt.Options, disabled bool, err error) {
	o, disabled, err = tcpopt.FromEnv(os.LookupEnv)
	if err != nil && !overridden(c) {
		return o, false, err
	}
	for _, name := range []string{"idle", "interval", "count", "user-timeout"} {
		if !c.IsSet(name) {
			continue
		}
		disabled = false
		if err := o.Set("--"+name, c.Int(name)); err != nil {
			return o, false, err
		}
	}
	return o, disabled, nil
}

// overridden reports whether flags give every timer that the environment can,
// so that a mistake there does not matter.
func overridden(c *cli.Context) bool {
	return c.IsSet("idle") && c.IsSet("interval") && c.IsSet("count") && c.IsSet("user-timeout")
}
