//go:build !linux

package preload

import (
	"io"
	"runtime"

	"github.com/urfave/cli/v2"
)

// install exists everywhere, so that a script gets a clear answer.
func install(_ *cli.Context, _ string, _, stderr io.Writer) error {
	return fail(stderr, "preload: --install needs Linux, this is %s", runtime.GOOS)
}
