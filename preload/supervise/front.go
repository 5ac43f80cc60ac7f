//go:build linux && (amd64 || arm64)

package supervise

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// HelperCommand is the hidden command under which this binary starts itself;
// its first argument is a role.
const HelperCommand = "run-helper"

// The roles of HelperCommand.
const (
	RoleFront     = "front"
	RoleSupervise = "supervise"
	RoleChild     = "child"
)

// Start turns this process into the front for the program: it blocks signals
// and starts this binary again, so that every thread of the Go runtime is born
// with them blocked. It returns only on failure.
func Start(c Config, program []string) error {
	mask, err := blockSignals()
	if err != nil {
		return fmt.Errorf("signal mask: %w", err)
	}
	c.Mask = mask
	argv := append([]string{"keepatch", HelperCommand, RoleFront, c.Encode(), "--"}, program...)
	err = syscall.Exec("/proc/self/exe", argv, os.Environ())
	_ = setMask(mask)
	return fmt.Errorf("/proc/self/exe: %w", err)
}

// Refusal is the reason why the program cannot be supervised. Nothing of it
// has run.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return r.Reason }

type front struct {
	config  Config
	program []string
	stderr  io.Writer

	supervisor int // process id
	control    int
	signals    int
	pid        int // of the program, once it was started
	orphaned   bool
	records    []Record
	out        io.WriteCloser
}

// Front is the life of the process that the caller knows: it ends as the
// program ends. A *Refusal leaves the process as it was, fit to run the
// program in another way.
func Front(c Config, program []string, stderr io.Writer) (status int, err error) {
	f := &front{config: c, program: program, stderr: stderr}
	// The kernel shows "exe" otherwise, after /proc/self/exe.
	_ = os.WriteFile("/proc/self/comm", []byte("keepatch"), 0)
	if err := f.openReport(); err != nil {
		return statusOwn, err
	}
	// If the supervisor is killed, the program becomes this process's child.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return statusOwn, fmt.Errorf("prctl(PR_SET_CHILD_SUBREAPER): %w", err)
	}
	f.signals, err = signalSource()
	if err != nil {
		return statusOwn, fmt.Errorf("signalfd: %w", err)
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return statusOwn, fmt.Errorf("socketpair: %w", err)
	}
	f.control = pair[0]
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

// loop waits for signals and for the supervisor's word until the program ends.
func (f *front) loop() (int, error) {
	var pending []byte
	for {
		fds := []unix.PollFd{
			{Fd: int32(f.signals), Events: unix.POLLIN},
			{Fd: int32(f.control), Events: unix.POLLIN},
		}
		if f.orphaned {
			fds = fds[:1]
		}
		if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return statusOwn, fmt.Errorf("poll: %w", err)
		}
		if len(fds) > 1 && fds[1].Revents != 0 {
			buf := make([]byte, 64<<10)
			n, err := unix.Read(f.control, buf)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			pending = append(pending, buf[:max(n, 0)]...)
			for {
				line, rest, ok := bytes.Cut(pending, []byte("\n"))
				if !ok {
					break
				}
				pending = rest
				var m message
				if json.Unmarshal(line, &m) != nil {
					continue
				}
				if status, over, err := f.message(m); over {
					return status, err
				}
			}
			if n <= 0 {
				if f.pid == 0 {
					return statusOwn, errors.New("the supervisor ended before the program started")
				}
				f.orphan()
			}
		}
		if fds[0].Revents != 0 {
			for {
				info, ok := readSignal(f.signals)
				if !ok {
					break
				}
				if status, over, err := f.signal(info); over {
					return status, err
				}
			}
		}
	}
}

// message does what the supervisor says; over is set at the program's end.
func (f *front) message(m message) (status int, over bool, err error) {
	switch m.Type {
	case msgStarted:
		f.pid = m.PID
		// Only complaints and the report are still to be written.
		dropStreams(2)
	case msgRefused:
		f.reapAll()
		_ = unix.Close(f.control)
		_ = unix.Close(f.signals)
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

// signal hands a signal on to the program, once.
func (f *front) signal(info unix.SignalfdSiginfo) (status int, over bool, err error) {
	sig := unix.Signal(info.Signo)
	switch {
	case sig == unix.SIGCHLD:
		return f.children()
	case f.pid == 0:
		// Too early for the program to have a handler: it would have died.
		if sig != unix.SIGWINCH && sig != unix.SIGCONT && sig != unix.SIGTSTP {
			_ = unix.Kill(f.supervisor, unix.SIGKILL)
			return f.end(sig), true, nil
		}
		return 0, false, nil
	case sig == unix.SIGCONT && !stopped(f.pid):
		return 0, false, nil
	case info.Code == codeKernel && terminalSignal(sig) && f.sameGroup():
		return 0, false, nil
	}
	sender := 0
	if info.Code == codeUser {
		sender = int(info.Pid)
	}
	if f.orphaned {
		_ = unix.Kill(f.pid, sig) // its parent now, so the number is its own
		return 0, false, nil
	}
	b, _ := json.Marshal(message{Type: msgSignal, Signal: int(sig), Sender: sender})
	_, _ = unix.Write(f.control, append(b, '\n'))
	return 0, false, nil
}

func (f *front) sameGroup() bool {
	g, err := unix.Getpgid(f.pid)
	return err == nil && g == unix.Getpgrp()
}

// stopped reports whether the process is stopped by job control.
func stopped(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	i := bytes.LastIndexByte(b, ')') // the name before it may hold anything
	return i > 0 && i+2 < len(b) && b[i+2] == 'T'
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
func (f *front) children() (status int, over bool, err error) {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG|unix.WUNTRACED, nil)
		if err != nil || pid == 0 {
			return 0, false, nil
		}
		if pid != f.pid {
			continue
		}
		if ws.Stopped() {
			_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
			continue
		}
		if !f.orphaned {
			f.orphan()
		}
		if f.config.Report {
			f.say("the report was lost with the supervisor")
			return statusOwn, true, nil
		}
		return f.endAs(ws), true, nil
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
// does not meet the expectation.
func (f *front) finish(ws unix.WaitStatus) (int, error) {
	if !f.config.Report {
		return f.endAs(ws), nil
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
	return f.endAs(ws), nil
}

// endAs is the program's own end.
func (f *front) endAs(ws unix.WaitStatus) int {
	if ws.Signaled() {
		return f.end(unix.Signal(ws.Signal()))
	}
	return ws.ExitStatus()
}

// end dies by the signal; the status is for process 1 of a container, which
// cannot.
func (f *front) end(sig unix.Signal) int {
	runtime.LockOSThread()
	die(sig)
	return 128 + int(sig)
}

// RestoreMask gives the calling thread the signal mask of the caller back, for
// a program that is started without supervisor after a *Refusal.
func RestoreMask(c Config) error {
	runtime.LockOSThread()
	return setMask(c.Mask)
}
