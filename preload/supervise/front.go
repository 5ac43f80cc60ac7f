//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/preload/procfd"
)

// HelperCommand is the first argument with which this binary starts itself; the
// next is a role.
const HelperCommand = "run-helper"

// The roles of HelperCommand.
const (
	RoleSupervise = "supervise"
	RoleExec      = "exec"
	RoleResume    = "resume"
)

// Refusal is the reason why the program cannot be supervised. Nothing of it
// has run.
type Refusal struct {
	Reason string
	// Busy: another supervisor holds this process already.
	Busy bool
}

func (r *Refusal) Error() string { return r.Reason }

type front struct {
	config  Config
	program []string
	stderr  io.Writer

	supervisor int // process id
	control    *channel
	handover   int // where the listener comes from
	slots      []byte
	listener   int
	caught     *catching
	pid        int     // of the program, once it is there
	server     *server // in the supervisor's place
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
	var pairs [2][2]int
	for i := range pairs {
		if pairs[i], err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			return statusOwn, fmt.Errorf("socketpair: %w", err)
		}
	}
	memory, slots, err := makeSlots()
	if err != nil {
		return statusOwn, err
	}
	f.control, f.handover, f.slots = newChannel(pairs[0][0], "supervisor"), pairs[1][0], slots
	f.config.FrontPID, f.config.Group = os.Getpid(), unix.Getpgrp()
	c = f.config
	c.Control, c.Handover, c.Slots = pairs[0][1], pairs[1][1], memory
	// Not named keepatch: a pkill of that name would otherwise reach it too,
	// and a signal that reaches both is taken for one to the whole group.
	f.supervisor, err = spawn(supervisorName, RoleSupervise, c, program)
	f.caught = startCatching()
	unix.Close(pairs[0][1])
	unix.Close(pairs[1][1])
	unix.Close(memory)
	if err != nil {
		return statusOwn, fmt.Errorf("%s: %w", self, err)
	}
	return f.loop()
}

const supervisorName = "kp-supervisor"

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
	fmt.Fprintf(f.stderr, "keepatch: %s\n", procfd.Printable(fmt.Sprintf(format, args...)))
}

// loop waits for the supervisor's word and for signals, until the program ends.
// A signal before the program runs kills this process as it would have killed
// env(1), and the supervisor notices.
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
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				if f.pid == 0 {
					return statusOwn, errors.New("the supervisor ended before the program started")
				}
				messages = nil
				f.takeOver()
				// The program may have ended before the supervisor did.
				if status, over := f.children(); over {
					return status, nil
				}
				continue
			}
			if status, over, err := f.message(m); over {
				return status, err
			}
		case s := <-f.caught.signals:
			if f.pid == 0 {
				byDefault(s.(unix.Signal))
				continue
			}
			if status, over := f.signal(s.(unix.Signal)); over {
				return status, nil
			}
		}
	}
}

// message does what the supervisor says; over is set at the program's end.
func (f *front) message(m message) (status int, over bool, err error) {
	switch m.Type {
	case msgReady:
		f.pid, f.config.Inject = m.PID, m.Inject
		f.listener = receiveFD(f.handover)
		f.catchRest()
		f.control.send(message{Type: msgGo})
		// Only complaints and the report are still to be written.
		dropStreams(2)
		time.AfterFunc(shrinkAfter, shrink)
	case msgStarted:
		f.pid = m.PID // not the first, if that found no program
	case msgFailed:
		f.say("%s: %s", f.program[0], m.Text)
		return int(m.Status), true, nil
	case msgRefused:
		f.reapAll()
		f.control.f.Close()
		f.caught.undo()
		return statusOwn, true, &Refusal{m.Text, m.Busy}
	case msgWarn:
		f.say("%s", m.Text)
	case msgStopped:
		return f.stop()
	case msgRecord:
		f.records = append(f.records, *m.Record)
	case msgExit:
		status, err := f.finish(unix.WaitStatus(m.Status))
		return status, true, err
	}
	return 0, false, nil
}

// catchRest waits until all signals are caught; those that came meanwhile were
// for this process alone.
func (f *front) catchRest() {
	f.caught.flush()
	catchIgnored(f.caught.signals, f.caught.ignored)
	signal.Ignore(unix.SIGPIPE)
}

// receiveFD takes a descriptor that was sent over a socket, -1 where there is
// none.
func receiveFD(socket int) int {
	first, oob := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(socket, first, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return -1
	}
	messages, err := unix.ParseSocketControlMessage(oob[:n])
	if err != nil || len(messages) != 1 {
		return -1
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return -1
	}
	return fds[0]
}

// stop stops this process, because the program was stopped: the caller's shell
// must see it. Whoever continues the job continues the whole group, the program
// included, and what stopped it is over then.
func (f *front) stop() (status int, over bool, err error) {
	_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
	for _, s := range sinceStop(f.caught.signals) {
		if status, over := f.signal(s.(unix.Signal)); over {
			return status, true, nil
		}
	}
	return 0, false, nil
}

// signal hands a signal on to the program, through the supervisor, who knows
// whether the program has it already.
func (f *front) signal(sig unix.Signal) (status int, over bool) {
	switch {
	case sig == unix.SIGCHLD:
		return f.children()
	case sig == unix.SIGCONT && !stopped(f.pid):
	case f.server != nil:
		_ = unix.Kill(f.pid, sig) // its parent now, so the number is its own
	default:
		f.control.send(message{Type: msgSignal, Signal: int(sig), At: monotonic()})
	}
	return 0, false
}

// stopped reports whether job control stopped a process.
func stopped(pid int) bool {
	state, _, err := procfd.Stat(pid)
	return err == nil && state == 'T'
}

// takeOver answers calls in the supervisor's place, which is gone while the
// program runs. What was in its hands is answered first.
func (f *front) takeOver() {
	if f.server != nil {
		return
	}
	c := f.config
	if f.listener < 0 {
		f.say("the supervisor was killed: %s can no longer connect, listen or accept (ENOSYS)", f.program[0])
	}
	c.Report = false // it was lost with the supervisor
	var err error
	f.server, err = newServer(c, f.listener, f.slots, func(text string) { f.say("%s", text) })
	if f.listener < 0 {
		return
	}
	if err == nil {
		err = f.server.resume(procfd.Tree(os.Getpid()))
	}
	if err != nil {
		f.say("the supervisor was killed, and nothing goes on in its place: %v", err)
		return
	}
	f.say("the supervisor was killed; this process goes on in its place")
}

// children reaps what has ended; after the supervisor's death the program is
// among them.
func (f *front) children() (status int, over bool) {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG|unix.WUNTRACED, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil && f.server != nil:
			f.say("how %s ended is lost with the supervisor", f.program[0])
			return statusOwn, true
		case err != nil || pid == 0:
			return 0, false
		case pid != f.pid:
		case ws.Stopped():
			if status, over, _ := f.stop(); over {
				return status, true
			}
		default:
			return f.afterAll(ws), true
		}
	}
}

// afterAll ends as the program ended, without the supervisor. What the program
// left behind gets another.
func (f *front) afterAll(ws unix.WaitStatus) int {
	f.takeOver()
	if _, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); err == nil {
		c := f.config
		c.Report, c.Control, c.Handover = false, 0, 0
		c.Listener = f.listener
		var err error
		if c.Slots, _, err = makeSlots(); err == nil {
			_, err = spawn(supervisorName, RoleResume, c, f.program)
		}
		if err != nil {
			f.say("what %s left behind cannot connect, listen or accept any more: %v", f.program[0], err)
		}
	}
	if f.config.Report {
		f.say("the report was lost with the supervisor")
		return statusOwn
	}
	return f.end(ws)
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
	n := r.missing(f.config.Expect)
	switch ok := ws.Exited() && ws.ExitStatus() == 0; {
	case ok && f.config.Expect != "" && r.Totals.Connections == 0:
		f.say("no TCP connection was seen: --expect %s has nothing to judge", f.config.Expect)
		return 1, nil
	case ok && n > 0:
		f.say("%d of %s without keepalive", n, text.Count(r.Totals.Connections, "connection"))
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
