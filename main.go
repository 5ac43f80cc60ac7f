// Command keepatch finds the TCP sockets of C programs that never turn on
// SO_KEEPALIVE and writes the patch that does.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/report"
)

func main() {
	collectRarely()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit statuses of the contract.
const (
	exitOK      = 0
	exitMissing = 1 // check found something
	exitError   = 2 // bad usage, an input that could not be read, or a fault of ours
)

// run is the whole program: args are those after the program's name. It
// returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{stdin: stdin, stdout: stdout, stderr: stderr}
	app := newApp(e)
	args, err := arrange(app, args)
	if err != nil {
		return e.usage(err)
	}
	return e.finish(app.Run(append([]string{app.Name}, args...)))
}

// finish turns what a command returned into the exit status.
func (e *env) finish(err error) int {
	var exit cli.ExitCoder
	switch {
	case errors.As(err, &exit): // a command that ends as another program did
		if msg := exit.Error(); msg != "" {
			e.note("%s", msg)
		}
		return exit.ExitCode()
	case err != nil:
		return e.usage(err)
	}
	return e.status
}

// env is what a command may touch of the world, so that tests can run commands
// in process.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	status         int
}

// fail notes an exit status; the gravest one counts.
func (e *env) fail(status int) { e.status = max(e.status, status) }

// complain prints a line on stderr and lets the run go on, to end with 2.
func (e *env) complain(format string, args ...any) {
	e.note(format, args...)
	e.fail(exitError)
}

// note prints a line on stderr that does not change the exit status.
func (e *env) note(format string, args ...any) {
	fmt.Fprintf(e.stderr, "keepatch: %s\n", report.Clean(fmt.Sprintf(format, args...)))
}

// usage ends a run that could not start.
func (e *env) usage(err error) int {
	if err != errSilent {
		e.complain("%v", err)
	}
	e.fail(exitError)
	return e.status
}
