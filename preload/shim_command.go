package preload

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/shim"
)

func preloadCommand(stdout, stderr io.Writer) *cli.Command {
	return &cli.Command{
		Name:      "preload",
		Usage:     "compile a library for LD_PRELOAD that turns keepalive on",
		ArgsUsage: " ",
		Description: "Writes libkeepatch.so, a drop-in for libkeepalive with the same variables\n" +
			"(KEEPALIVE=off, KEEPIDLE, KEEPINTVL, KEEPCNT) and KEEPUSERTIMEOUT, for\n" +
			"dynamically linked programs.\n\n" +
			"Examples:\n" +
			"  keepatch preload\n" +
			"  LD_PRELOAD=$PWD/libkeepatch.so KEEPIDLE=60 program\n" +
			"  keepatch preload --install    for every program of the machine, see keepatch.conf",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "libkeepatch.so", Usage: "write the library to `FILE`"},
			&cli.StringFlag{Name: "cc", Usage: "compile with `COMPILER` (default $CC, else cc)"},
			&cli.BoolFlag{Name: "source", Usage: "print the C source instead"},
			&cli.BoolFlag{Name: "install", Usage: "enter it in /etc/ld.so.preload, after a trial, as root"},
			&cli.BoolFlag{Name: "uninstall", Usage: "undo --install"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fail(stderr, "preload: takes no arguments, got %q", c.Args().First())
			}
			if err := together(c); err != nil {
				return fail(stderr, "preload: %v", err)
			}
			if c.Bool("source") {
				if _, err := stdout.Write(shim.Source()); err != nil {
					return fail(stderr, "preload: %v", err)
				}
				return nil
			}
			if runtime.GOOS != "linux" {
				return fail(stderr, "preload: the library is for Linux, this is %s (--source prints the C)", runtime.GOOS)
			}
			cc := c.String("cc")
			if cc == "" {
				cc = shim.DefaultCC()
			}
			if c.Bool("install") || c.Bool("uninstall") {
				return install(c, cc, stdout, stderr)
			}
			out := filepath.Clean(c.String("output"))
			if err := shim.Compile(cc, out); err != nil {
				return fail(stderr, "preload: %v", err)
			}
			fmt.Fprintln(stdout, "wrote", procfd.Printable(out))
			return nil
		},
	}
}

// together holds that each option given is one that the others leave a meaning.
func together(c *cli.Context) error {
	var given []string
	for _, name := range []string{"install", "uninstall", "source", "output", "cc"} {
		if c.IsSet(name) {
			given = append(given, name)
		}
	}
	if len(given) < 2 || given[0] == "output" || given[0] == "install" && given[1] == "cc" && len(given) == 2 {
		return nil
	}
	return fmt.Errorf("--%s does not go with --%s", given[1], given[0])
}
