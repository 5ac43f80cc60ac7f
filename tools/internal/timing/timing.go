// Package timing runs programs and measures their wall time, processor time and peak memory.
//
// The yardstick for keepatch is ripgrep searching the same files for the names
// of the calls, which no analysis can undercut.
package timing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Run is what one or more runs of a program took.
type Run struct {
	Wall     time.Duration // of the fastest run
	CPU      time.Duration // least processor time of a run, all threads together
	Memory   int64         // peak resident bytes over all runs; 0 where the system does not report it
	Stdout   []byte        // of the last run
	TimedOut bool          // killed at the time limit: the numbers are lower bounds
}

// Command is a program to measure.
type Command struct {
	Dir      string
	Name     string
	Args     []string
	OKStatus int           // highest exit status that counts as success
	Timeout  time.Duration // 0 for none
}

// Once runs the command. A run that is killed at the time limit is no error.
func (c *Command) Once() (*Run, error) {
	ctx := context.Background()
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, c.Name, c.Args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, &out, &errs
	cmd.WaitDelay = time.Second // a grandchild can hold the pipes open after the kill
	begin := time.Now()
	err := cmd.Run()
	r := &Run{Wall: time.Since(begin), Stdout: out.Bytes()}
	if cmd.ProcessState == nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	r.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	r.Memory = maxRSS(cmd.ProcessState.SysUsage())
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		r.TimedOut = true
		return r, nil
	}
	if status := cmd.ProcessState.ExitCode(); status < 0 || status > c.OKStatus {
		return nil, fmt.Errorf("%s: %w\n%s", c.Name, err, Head(errs.String()))
	}
	return r, nil
}

// Add merges another run of the same command into r: the fastest one counts,
// since the machine is rarely idle.
func (r *Run) Add(o *Run) {
	r.Wall = min(r.Wall, o.Wall)
	r.CPU = min(r.CPU, o.CPU)
	r.Memory = max(r.Memory, o.Memory)
	r.Stdout = o.Stdout
	r.TimedOut = r.TimedOut || o.TimedOut
}

// Best runs the command n times.
func (c *Command) Best(n int) (*Run, error) {
	best, err := c.Once()
	for i := 1; i < n && err == nil; i++ {
		var r *Run
		if r, err = c.Once(); err == nil {
			best.Add(r)
		}
	}
	if err != nil {
		return nil, err
	}
	return best, nil
}

// Search is the yardstick: ripgrep over the C files below dir.
func Search(dir string) *Command {
	// Status 1 means that nothing matched.
	return &Command{Dir: dir, Name: "rg", OKStatus: 1, Args: []string{"-w", "-g", "*.c", "-g", "*.h", "socket|accept|accept4", "."}}
}

// HaveSearch reports whether ripgrep is installed.
func HaveSearch() bool {
	_, err := exec.LookPath("rg")
	return err == nil
}

// Head returns the first lines of a program's output: the stack trace of a
// crash has thousands.
func Head(s string) string {
	lines := strings.SplitAfterN(s, "\n", 6)
	return strings.Join(lines[:min(len(lines), 5)], "")
}
