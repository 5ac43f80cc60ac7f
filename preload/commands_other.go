//go:build !linux || !(amd64 || arm64)

package preload

import (
	"io"
	"runtime"

	"github.com/urfave/cli/v2"
)

// Helper has no processes of keepatch run to be here.
func Helper([]string, io.Writer) (status int, ok bool) { return 0, false }

// platformCommands exist everywhere, so that a script gets a clear answer and
// not "no such command".
func platformCommands(_, stderr io.Writer) []*cli.Command {
	var commands []*cli.Command
	for _, name := range []string{"run", "attach", "host"} {
		commands = append(commands, &cli.Command{
			Name:            name,
			Usage:           "only on Linux, amd64 or arm64",
			SkipFlagParsing: true,
			Action: func(*cli.Context) error {
				return fail(stderr, "%s: needs Linux on amd64 or arm64, this is %s on %s", name, runtime.GOOS, runtime.GOARCH)
			},
		})
	}
	return commands
}
