// Command cmd-trial is keepatch with nothing but the commands of package
// preload: the tests run it, because those commands start copies of their own
// binary, which a test binary is not.
package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload"
)

func main() {
	if status, ok := preload.Helper(os.Args[1:], os.Stderr); ok {
		os.Exit(status)
	}
	app := &cli.App{
		Name:           "keepatch",
		Commands:       preload.Commands(os.Stdout, os.Stderr),
		ExitErrHandler: func(*cli.Context, error) {},
	}
	err := app.Run(os.Args)
	status, printed := preload.ExitStatus(err)
	if !printed {
		fmt.Fprintf(os.Stderr, "keepatch: %v\n", err)
	}
	os.Exit(status)
}
