package preload

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/policy"
	"github.com/keepatch/keepatch/preload/shim"
)

// install does preload --install and --uninstall.
func install(c *cli.Context, cc string, stdout, stderr io.Writer) error {
	if c.Bool("uninstall") {
		was, err := shim.Uninstall()
		if err == nil && !was {
			err = errors.New("nothing is installed")
		}
		if err != nil {
			return fail(stderr, "preload: %v", err)
		}
		return nil
	}
	// A fault in the file would be passed over by every program, unsaid.
	if _, err := policy.ReadDefault(); err != nil {
		return fail(stderr, "preload: %v", err)
	}
	files, err := shim.Install(cc, runtime.GOARCH)
	if err != nil {
		return fail(stderr, "preload: %v", err)
	}
	for _, f := range files {
		fmt.Fprintln(stdout, f)
	}
	fmt.Fprintf(stderr, "keepatch: %s has the library: programs that start from now on use it (--uninstall undoes it)\n", shim.PreloadFile)
	return nil
}
