//go:build linux && (amd64 || arm64)

package supervise

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// HelperCommand is the hidden command under which this binary starts itself;
// its first argument is a role.
const HelperCommand = "run-helper"

// The roles of HelperCommand.
const (
	RoleSupervise = "supervise"
	RoleChild     = "child"
)

// Refusal is the reason why the program cannot be supervised. Nothing of it
// has run.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return r.Reason }

type front struct {
	config  Config
	program []string
	stderr  io.Writer

	supervisor int // process id
	control    *channel
	pid        int // of the program, once it was started
	orphaned   bool
	records    []Record
	out        io.WriteCloser
}

// Run makes this process the front of the program: it ends as the program
// ends, by the same signal where it was one. Otherwise status is the one to
// exit with. A *Refusal leaves the process as it was, fit to run the program
// in another way.
func Run(c Config, program []string, stderr io.Writer) (status int, err error) {
	f := &front{config: c, program: program, stderr: stderr}
	if err := f.openReport(); err != nil {
		return statusOwn, err
	}
	// If the supervisor is killed, the program becomes this process's child.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return statusOwn, fmt.Errorf("prctl(PR_SET_CHILD_SUBREAPER): %w", err)
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return statusOwn, fmt.Errorf("socketpair: %w", err)
	}
	f.control = newChannel(pair[0], "supervisor")
	c.FrontPID, c.Group = os.Getpid(), unix.Getpgrp()
	// Not named keepatch: a pkill of that name would otherwise reach it too,
	// and a signal that reaches both is taken for one to the whole group.
	f.supervisor, err = spawn("kp-supervisor", RoleSupervise, c, program, pair[1])
	unix.Close(pair[1])
	if err != nil {
		return statusOwn, fmt.Errorf("/proc/self/exe: %w", err)
	}
	return f.loop()
}

func (f *front) openReport() error {
	if !f.config.Report || f.config.ReportFile == "" {
		return nil
	}
	file, err := os.Create(f.config.ReportFile)
	if err != nil {
		return err
	}
	f.out = file
	return nil
}

func (f *front) say(format string, args ...any) {
	fmt.Fprintf(f.stderr, "keepatch: "+format+"\n", args...)
}

// loop waits for the supervisor's word and, once the program runs, for
// signals, until the program ends. A signal before that kills this process as
// it would have killed env(1), and the supervisor notices.
func (f *front) loop() (int, error) {
	messages := make(chan message)
	go func() {
		for {
			m, ok := f.control.receive()
			if !ok {
				close(messages)
				return
			}
			messages <- m
		}
	}()
	var signals <-chan os.Signal
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				if f.pid == 0 {
					return statusOwn, errors.New("the supervisor ended before the program started")
				}
				messages = nil
				f.orphan()
				// The program may have ended before the supervisor did.
				if status, over := f.children(); over {
					return status, nil
				}
				continue
			}
			if m.Type == msgStarted {
				f.pid = m.PID
				// Only complaints and the report are still to be written.
				dropStreams(2)
				signals = catch()
				f.control.send(message{Type: msgGo})
				continue
			}
			if status, over, err := f.message(m); over {
				return status, err
			}
		case s := <-signals:
			if status, over := f.signal(s.(unix.Signal)); over {
				return status, nil
			}
		}
	}
}

// message does what the supervisor says; over is set at the program's end.
func (f *front) message(m message) (status int, over bool, err error) {
	switch m.Type {
	case msgRefused:
		f.reapAll()
		f.control.f.Close()
		return statusOwn, true, &Refusal{m.Text}
	case msgWarn:
		f.say("%s", m.Text)
	case msgStopped:
		// The caller's shell must see its job stopped. Whoever continues the
		// job continues the whole group, the program included.
		_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
	case msgRecord:
		f.records = append(f.records, *m.Record)
	case msgExit:
		status, err := f.finish(unix.WaitStatus(m.Status))
		return status, true, err
	}
	return 0, false, nil
}

// signal hands a signal on to the program, through the supervisor, who knows
// whether the program has it already.
func (f *front) signal(sig unix.Signal) (status int, over bool) {
	switch {
	case sig == unix.SIGCHLD:
		return f.children()
	case sig == unix.SIGCONT && stat(f.pid) != 'T':
	case f.orphaned:
		_ = unix.Kill(f.pid, sig) // its parent now, so the number is its own
	default:
		f.control.send(message{Type: msgSignal, Signal: int(sig)})
	}
	return 0, false
}

// stat is the state letter of a process ('T' is stopped by job control).
func stat(pid int) byte {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	i := bytes.LastIndexByte(b, ')') // the name before it may hold anything
	if i < 0 || i+2 >= len(b) {
		return 0
	}
	return b[i+2]
}

// orphan notes that the supervisor is gone while the program runs. The kernel
// answers the filtered calls with ENOSYS from now on.
func (f *front) orphan() {
	if f.orphaned {
		return
	}
	f.orphaned = true
	f.say("the supervisor was killed: %s can no longer connect, listen or accept (ENOSYS); its open sockets keep their keepalive", f.program[0])
}

// children reaps what has ended; after the supervisor's death the program is
// among them.
func (f *front) children() (status int, over bool) {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG|unix.WUNTRACED, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil || pid == 0:
			return 0, false
		case pid != f.pid:
		case ws.Stopped():
			_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
		default:
			f.orphan()
			if f.config.Report {
				f.say("the report was lost with the supervisor")
				return statusOwn, true
			}
			return f.end(ws), true
		}
	}
}

// reapAll waits for the supervisor and the child, which are ending: what runs
// in this process next expects no children.
func (f *front) reapAll() {
	for {
		if _, err := unix.Wait4(-1, nil, 0, nil); err != nil && !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// finish prints the report and ends as the program ended, unless the report
// does not meet the expectation. A program that failed keeps its own status.
func (f *front) finish(ws unix.WaitStatus) (int, error) {
	if !f.config.Report {
		return f.end(ws), nil
	}
	w := f.stderr
	if f.out != nil {
		w = f.out
	}
	r := newReport(f.config, f.program, f.records)
	err := r.print(w, f.config.JSON)
	if f.out != nil {
		err = errors.Join(err, f.out.Close())
	}
	if err != nil {
		return statusOwn, err
	}
	if n := r.missing(f.config.Expect); n > 0 && ws.Exited() && ws.ExitStatus() == 0 {
		f.say("%d of %s without keepalive", n, plural(r.Totals.Connections, "connection"))
		return 1, nil
	}
	return f.end(ws), nil
}

// end is the program's own end. A status is left only where dying by the same
// signal fails, as it does for process 1 of a container.
func (f *front) end(ws unix.WaitStatus) int {
	if ws.Signaled() {
		die(ws.Signal())
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}
