//go:build linux && (amd64 || arm64)

package preload

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/shim"
	"github.com/keepatch/keepatch/preload/supervise"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

func platformCommands(stdout, stderr io.Writer) []*cli.Command {
	return []*cli.Command{runCommand(stderr), attachCommand(stdout, stderr), hostCommand(stdout, stderr)}
}

func runCommand(stderr io.Writer) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a program with keepalive on for all its TCP sockets",
		ArgsUsage: "-- CMD [ARGS...]",
		Description: "Static programs, Go programs and all children are covered as well. The exit\n" +
			"status is CMD's; 126 and 127 as env(1) has them; 2 when keepatch itself fails.\n" +
			"KEEPALIVE=off, KEEPIDLE, KEEPINTVL, KEEPCNT and KEEPUSERTIMEOUT in the\n" +
			"environment are read too; flags win.\n\n" +
			"Examples:\n" +
			"  keepatch run --idle 60 --interval 10 --count 5 -- ./server --port 80\n" +
			"  keepatch run --expect all -- make check   does the program do it by itself?",
		Flags: append(append(timerFlags(), policyFlags(true)...),
			&cli.BoolFlag{Name: "no-accept", Usage: "leave accept alone: cheaper, but misses listeners handed over by processes outside"},
			&cli.BoolFlag{Name: "report", Usage: "list every TCP socket at CMD's end, on standard error"},
			&cli.StringFlag{Name: "report-file", Usage: "write the report to `FILE` (implies --report)"},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "print the report as `text|json`"},
			&cli.BoolFlag{Name: "json", Usage: "print the report as JSON"},
			&cli.BoolFlag{Name: "observe", Usage: "set nothing, only report (implies --report)"},
			&cli.StringFlag{Name: "expect", Usage: "`all|covered`: exit 1 if a connection lacks keepalive of its own, or any, or if there was none"},
			&cli.StringFlag{Name: "io-uring", Value: "watch",
				Usage: "`watch|deny`: look every 0.1 s, or let io_uring_setup fail with ENOSYS"},
			&cli.BoolFlag{Name: "library", Usage: "load a library into CMD that sets the options itself: connects cost next to nothing"},
			&cli.StringFlag{Name: "fallback", Usage: "`preload`: use the LD_PRELOAD library where the supervisor is refused"},
			&cli.StringFlag{Name: "shim", Usage: "`FILE` is the library for --library and --fallback (default: compiled once and kept)",
				TakesFile: true},
		),
		Action: func(c *cli.Context) error { return run(c, stderr) },
	}
}

// run checks everything that can be checked without the program, and becomes
// the front.
func run(c *cli.Context, stderr io.Writer) error {
	program := c.Args().Slice()
	if len(program) == 0 {
		return fail(stderr, "run: no program given")
	}
	set, err := settings(c)
	if err != nil {
		return fail(stderr, "run: %v", err)
	}
	cfg := supervise.Config{
		Options:    set.Options,
		Policy:     set.Policy,
		Observe:    c.Bool("observe"),
		Report:     c.Bool("report"),
		ReportFile: c.String("report-file"),
		Expect:     c.String("expect"),
		NoAccept:   c.Bool("no-accept"),
		Fallback:   c.String("fallback"),
		Shim:       c.String("shim"),
	}
	if _, err := set.Policy.Addresses(); err != nil {
		return fail(stderr, "run: --interfaces: %v", err)
	}
	if cfg.JSON, err = wantsJSON(c); err != nil {
		return fail(stderr, "run: %v", err)
	}
	switch c.String("io-uring") {
	case "watch":
	case "deny":
		cfg.DenyUring = true
	default:
		return fail(stderr, "run: --io-uring %s: watch or deny", c.String("io-uring"))
	}
	switch cfg.Expect {
	case "", supervise.ExpectCovered:
	case supervise.ExpectAll:
		cfg.Observe = true
	default:
		return fail(stderr, "run: --expect %s: all or covered", cfg.Expect)
	}
	switch {
	case cfg.Fallback != "" && cfg.Fallback != "preload":
		return fail(stderr, "run: --fallback %s: preload is the only one", cfg.Fallback)
	case cfg.Shim != "" && cfg.Fallback == "" && !c.Bool("library"):
		return fail(stderr, "run: --shim needs --library or --fallback preload")
	}
	cfg.Report = cfg.Report || cfg.Observe || cfg.ReportFile != "" || cfg.Expect != ""
	cfg.Observe = cfg.Observe || set.Off && cfg.Report
	if set.Off && !cfg.Report {
		// The user switched it off, as libkeepalive lets one do.
		status, err := supervise.Exec(program, os.Environ())
		return startFailure(stderr, status, program[0], err)
	}
	if c.Bool("library") {
		if err := withLibrary(&cfg); err != nil {
			return fail(stderr, "run: --library: %v", err)
		}
	}
	return front(cfg, program, stderr)
}

// withLibrary has the program set the options itself. Reports and policies are
// the supervisor's, who would not see the calls.
func withLibrary(cfg *supervise.Config) (err error) {
	switch {
	case cfg.Report:
		return errors.New("what the library does is in no report: leave out one of them")
	case !cfg.All():
		return errors.New("the library knows no policy, it covers every connection: leave out one of them, or name a file without by --policy")
	}
	library := cfg.Shim
	if library == "" {
		library, err = shim.ForPrograms(shim.DefaultCC(), runtime.GOARCH)
	}
	if err != nil {
		return fmt.Errorf("%w (--shim FILE names one that keepatch preload wrote)", err)
	}
	if cfg.Library, err = shim.ForRun(library); err != nil {
		return err
	}
	cfg.Cookie = shim.NewCookie()
	return nil
}

func startFailure(stderr io.Writer, status int, name string, err error) error {
	fmt.Fprintf(stderr, "keepatch: %s: %s\n", procfd.Printable(name), supervise.Sentence(err))
	return exit(status)
}

// Helper is this process's life where keepatch run has started it; see package
// supervise. ok is false where somebody else has. It comes before the command
// line is read, for which a program would wait.
func Helper(args []string, stderr io.Writer) (status int, ok bool) {
	if len(args) == 0 || args[0] != supervise.HelperCommand {
		return 0, false
	}
	status, _ = ExitStatus(helper(args[1:], stderr))
	return status, true
}

func helper(args []string, stderr io.Writer) error {
	if len(args) < 4 || args[2] != "--" {
		return fail(stderr, "%s is for keepatch run only", supervise.HelperCommand)
	}
	role, program := args[0], args[3:]
	cfg, err := supervise.Decode(args[1])
	if err != nil {
		return fail(stderr, "%s: %v", supervise.HelperCommand, err)
	}
	switch role {
	case supervise.RoleSupervise:
		return exit(supervise.Supervise(cfg, program))
	case supervise.RoleResume:
		return exit(supervise.Resume(cfg))
	case supervise.RoleExec:
		status, err := supervise.ExecAs(cfg, program)
		return startFailure(stderr, status, program[0], err)
	}
	return fail(stderr, "%s: no such role: %s", supervise.HelperCommand, role)
}

func front(cfg supervise.Config, program []string, stderr io.Writer) error {
	status, err := supervise.Run(cfg, program, stderr)
	var refusal *supervise.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Busy && supervise.Nested():
		return nested(cfg, program, stderr)
	case errors.As(err, &refusal) && cfg.Fallback == "":
		return fail(stderr, "run: %s cannot be supervised: %v (--fallback preload uses a library instead)", program[0], refusal)
	case errors.As(err, &refusal):
		return fallback(cfg, program, refusal, stderr)
	case err != nil:
		return fail(stderr, "run: %v", err)
	}
	return exit(status)
}

// nested runs the program below a keepatch run that is there already, and covers
// it: the kernel allows one supervisor in a line.
func nested(cfg supervise.Config, program []string, stderr io.Writer) error {
	if cfg.Report {
		return fail(stderr, "run: no report below another keepatch run, which supervises this already")
	}
	if cfg.Options != (tcpopt.Options{}) {
		fmt.Fprintln(stderr, "keepatch: run: another keepatch run supervises this already, and its timers are in force")
	}
	status, err := supervise.Exec(program, os.Environ())
	return startFailure(stderr, status, program[0], err)
}

// fallback runs the program with the library instead, if that can work.
func fallback(cfg supervise.Config, program []string, refusal error, stderr io.Writer) error {
	if cfg.Report {
		return fail(stderr, "run: no report without the supervisor, and %v", refusal)
	}
	library := cfg.Shim
	if library == "" {
		var err error
		if library, err = shim.Cached(shim.DefaultCC()); err != nil {
			return fail(stderr, "run: %v, and the library cannot be made: %v", refusal, err)
		}
	}
	if path, ok := supervise.Resolve(program[0]); ok {
		if err := shim.Loadable(path, library); err != nil {
			return fail(stderr, "run: %v, and the library cannot help: %v", refusal, err)
		}
	}
	fmt.Fprintf(stderr, "keepatch: run: %v; using %s\n", refusal, library)
	env := shim.PreloadEnv(cfg.Options.Override(os.Environ()), library)
	status, err := supervise.Exec(program, env)
	return startFailure(stderr, status, program[0], err)
}
