package preload

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/preload/procfd"
)

// Exit statuses of keepatch's own; every other one is the program's.
const (
	statusMissing = 1 // --expect is not met, or attach found no socket
	statusError   = 2 // bad usage, no permission, no support
)

// ExitError carries the exit status of a command that failed or that ran a
// program. Whatever there was to say has been written to standard error
// already, so Error is empty and nobody needs to print it; it satisfies
// cli.ExitCoder, so cli's own handler ends with the status as well.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return "" }

// ExitCode is the status to end with.
func (e *ExitError) ExitCode() int { return e.Code }

// ExitStatus is the status for what a command of this package returned. ok is
// false when the error is none of ours, hence not printed yet.
func ExitStatus(err error) (code int, ok bool) {
	if err == nil {
		return 0, true
	}
	var e *ExitError
	if errors.As(err, &e) {
		return e.Code, true
	}
	return statusError, false
}

// exit is nil for status 0.
func exit(code int) error {
	if code == 0 {
		return nil
	}
	return &ExitError{Code: code}
}

// fail prints the one line of an error and gives status 2.
func fail(stderr io.Writer, format string, args ...any) error {
	fmt.Fprintf(stderr, "keepatch: %s\n", procfd.Printable(fmt.Sprintf(format, args...)))
	return exit(statusError)
}

// usageErrors makes a flag that does not parse an error like all others,
// instead of a page of help.
func usageErrors(stderr io.Writer, name string) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error {
		return fail(stderr, "%s: %v", name, err)
	}
}
