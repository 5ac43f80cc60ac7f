package cli

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/cli/help"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/preload"
	"github.com/keepatch/keepatch/report"
)

// errReported ends a command whose trouble has been told already.
var errReported = errors.New("told already")

const appDescription = `keepatch reads C sources as they come out of the tarball: nothing has to be
configured, no header installed, no compiler present. It follows each socket
from the call that makes it through variables, structures and functions to the
place where SO_KEEPALIVE would be set, and says where it never is.

Examples:
  keepatch scan src                   report every socket
  keepatch apply src >keepalive.diff  write the patch
  keepatch check                      for CI: status 1 when a socket lacks keepalive
  keepatch explain src/net.c:42       why a site was judged as it was

Exit status: 0 clean, 1 check found something, 2 bad usage or an input that
could not be read (the rest is still done).`

// commands are all commands, in the order in which help shows them.
func commands(e *env) []*cli.Command {
	return append([]*cli.Command{
		scanCommand(e),
		checkCommand(e),
		applyCommand(e),
		explainCommand(e),
		initCommand(e),
		lspCommand(e),
		mergeCommand(e),
		completionCommand(e),
		manCommand(e),
		versionCommand(e),
		helpCommand(e),
	}, preload.Commands(e.stdout, e.stderr)...)
}

func newApp(e *env) *cli.App { return appWith(e, commands(e)) }

// appFor is what a command line needs of the app. A program waits for the commands of package
// preload, which do without the others.
func appFor(e *env, args []string) *cli.App {
	if len(args) > 0 && preload.Is(args[0]) {
		return appWith(e, preload.Commands(e.stdout, e.stderr))
	}
	return newApp(e)
}

func appWith(e *env, commands []*cli.Command) *cli.App {
	app := &cli.App{
		Name:        "keepatch",
		HelpName:    "keepatch",
		Usage:       "find TCP sockets of C programs without SO_KEEPALIVE, and patch them",
		UsageText:   "keepatch COMMAND [OPTIONS] [PATH...]",
		Description: appDescription,
		Version:     version(),
		Commands:    commands,
		// There is one of our own.
		HideHelpCommand: true,
		Flags:           []cli.Flag{cli.HelpFlag},
		Reader:          e.stdin,
		Writer:          e.stdout,
		ErrWriter:       e.stderr,
		// Definitions such as -D X=1,2 must stay whole.
		DisableSliceFlagSeparator: true,
		OnUsageError:              usageError,
		// Without a handler the library ends the process from inside Run.
		ExitErrHandler: func(*cli.Context, error) {},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c.App, name)
			}
			help.Print(e.stderr, "", c.App)
			e.fail(ExitError)
			return nil
		},
	}
	for _, c := range app.Commands {
		c.Flags = append(c.Flags, cli.HelpFlag) // the library does so when a command runs: help shows it before
		c.OnUsageError = usageError             // for those of package preload, too, whose own has no hints
		if len(c.Subcommands) == 0 {
			c.HideHelpCommand = true // else a PATH named "help" would be a command
		}
		if c.Subcommands != nil {
			c.Action = knownSubcommand(c.Action)
		}
		for _, sub := range c.Subcommands {
			sub.HelpName, sub.HideHelpCommand = "keepatch "+c.Name+" "+sub.Name, true
			sub.OnUsageError = usageError
			sub.Flags = append(sub.Flags, cli.HelpFlag)
		}
	}
	return app
}

func init() {
	// -v is the flag users expect to mean "verbose"; it is no flag here.
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version", DisableDefaultText: true}
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show help", DisableDefaultText: true}
	cli.HelpPrinter = help.Print
	cli.VersionPrinter = func(c *cli.Context) { fmt.Fprintln(c.App.Writer, "keepatch", c.App.Version) }
}

// usageError says in plain words what is wrong with an option, and keeps the library
// from printing a page of help on stdout.
func usageError(c *cli.Context, err error, _ bool) error {
	name := "keepatch"
	var flags []cli.Flag = c.App.Flags
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name = help.FullName(c.Command)
		flags = c.Command.Flags
	}
	return fmt.Errorf("%s (see %s --help)", optionError(err.Error(), flags), name)
}

// The texts of package flag.
var (
	unknownOption = text.NewPattern(`^flag provided but not defined: -(.+)$`)
	wrongValue    = text.NewPattern(`^invalid (?:boolean )?value ("(?s:.*)") for (?:flag )?-([^ :]+): `)
)

// optionError turns an error of package flag into plain words.
func optionError(msg string, flags []cli.Flag) string {
	if m := unknownOption.FindStringSubmatch(msg); m != nil {
		hint := ""
		var names []string
		for _, f := range flags {
			names = append(names, f.Names()...)
		}
		if near := nearest(m[1], names); near != "" {
			hint = fmt.Sprintf(". Did you mean %q?", dashed(near))
		}
		return fmt.Sprintf("unknown option %q%s", dashed(m[1]), hint)
	}
	m := wrongValue.FindStringSubmatch(msg)
	if m == nil {
		return msg
	}
	value, err := strconv.Unquote(m[1])
	if err != nil {
		value = m[1]
	}
	want := "is not a value for it"
	for _, f := range flags {
		if slices.Contains(f.Names(), m[2]) {
			switch f.(type) {
			case *cli.BoolFlag:
				want = "give true or false, or nothing"
			case *cli.IntFlag:
				want = "give a whole number"
			}
		}
	}
	return fmt.Sprintf("option %s %s: %s", dashed(m[2]), value, want)
}

// dashed is an option as users write it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// helpCommand stands in for the library's, which ends with 3 for an unknown command.
func helpCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "help", Aliases: []string{"h"}, Usage: "show help on a command", UsageText: "keepatch help [COMMAND...]", Hidden: true,
		Description: "Shows the options of a command.\n\nExample:\n  keepatch help scan",
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				help.Print(e.stdout, "", c.App)
				return nil
			}
			var cmd *cli.Command
			for _, name := range c.Args().Slice() {
				list := c.App.Commands
				if cmd != nil {
					list = cmd.Subcommands
				}
				next := find(list, name)
				switch {
				case next == nil && cmd == nil:
					return unknownCommand(c.App, name)
				case next == nil:
					return fmt.Errorf("%q is no command of %s (see %[2]s --help)", name, help.FullName(cmd))
				}
				cmd = next
			}
			help.Print(e.stdout, "", cmd)
			return nil
		},
	}
}

func versionCommand(e *env) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version", UsageText: "keepatch version",
		Description: "Prints the version, as --version does.\n\nExample:\n  keepatch version",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return fmt.Errorf("version takes no argument")
			}
			cli.VersionPrinter(c)
			return nil
		},
	}
}

func unknownCommand(app *cli.App, name string) error {
	if looksLikePath(name) {
		return fmt.Errorf("%q is no command; to look through it: keepatch scan %s", name, shellQuote(name))
	}
	if near := nearestCommand(name, app.Commands); near != "" {
		return fmt.Errorf("%q is no command. Did you mean %q? (see keepatch --help)", name, near)
	}
	return fmt.Errorf("%q is no command (see keepatch --help)", name)
}

func nearestCommand(name string, commands []*cli.Command) string {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	return nearest(name, names)
}

// knownSubcommand is the action of a command with commands of its own, which gets the
// names that are none of them.
func knownSubcommand(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		name := c.Args().First()
		if name == "" {
			return action(c)
		}
		hint := ""
		if near := nearestCommand(name, c.Command.Subcommands); near != "" {
			hint = fmt.Sprintf(". Did you mean %q?", near)
		}
		return fmt.Errorf("%q is no command of %s%s (see %[2]s --help)", name, help.FullName(c.Command), hint)
	}
}

// tool is what reports say about us.
func tool() report.Tool { return report.Tool{Name: "keepatch", Version: version()} }

// version is the module's version when it was installed as a module, else the
// commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ".dirty"
		}
	}
	return "0.0.0-devel" + commit + dirty
}
