package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"

	"github.com/urfave/cli/v2"
)

func noPager() cli.Flag {
	return &cli.BoolFlag{Name: "no-pager", Usage: "print at once on a terminal, instead of by $KEEPATCH_PAGER, $PAGER or less"}
}

// pager shows what is printed on a terminal. It starts with the first byte, so that
// a run without output starts none.
type pager struct {
	command string
	screen  *os.File
	cmd     *exec.Cmd
	in      io.WriteCloser
	held    bytes.Buffer // for stderr, once the pager has left the screen
}

// startPager has standard output shown by a pager if it is a terminal. What is asked
// of a terminal has to be asked before.
func (e *env) startPager(c *cli.Context) {
	screen, ok := e.stdout.(*os.File)
	if !ok || c.Bool("no-pager") || !isTerminal(screen) || os.Getenv("TERM") == "dumb" || runtime.GOOS == "windows" {
		return
	}
	command, ok := os.LookupEnv("KEEPATCH_PAGER")
	if !ok {
		command, ok = os.LookupEnv("PAGER")
	}
	if !ok {
		command = "less"
	}
	if command == "" || command == "cat" {
		return
	}
	e.pager = &pager{command: command, screen: screen}
	e.stdout = e.pager
}

// Write starts the pager, or prints on the screen where there is none.
func (p *pager) Write(b []byte) (int, error) {
	if p.cmd == nil && p.in == nil {
		p.start()
	}
	_, _ = p.in.Write(b) // the user may leave it at any time
	return len(b), nil
}

func (p *pager) start() {
	p.in = p.screen
	cmd := exec.Command("sh", "-c", p.command)
	cmd.Stdout, cmd.Stderr = p.screen, os.Stderr
	cmd.Env = os.Environ()
	if _, set := os.LookupEnv("LESS"); !set {
		cmd.Env = append(cmd.Env, "LESS=FRX") // as git has it: colours, and no pager for one screen
	}
	if in, err := cmd.StdinPipe(); err == nil && cmd.Start() == nil {
		p.cmd, p.in = cmd, in
		signal.Ignore(os.Interrupt) // it stops a search in the pager, which would be left alone without us
	}
}

// endPager waits until the user has read, and prints what was held back.
func (e *env) endPager() {
	p := e.pager
	if p == nil {
		return
	}
	if p.cmd != nil {
		_ = p.in.Close()
		_ = p.cmd.Wait() // how it ends is the user's matter
	}
	e.pager, e.stdout = nil, p.screen
	_, _ = p.held.WriteTo(e.stderr)
}

// errors is where lines for stderr go: after what a pager shows.
func (e *env) errors() io.Writer {
	if e.pager != nil && e.pager.cmd != nil {
		return &e.pager.held
	}
	return e.stderr
}
