//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// supervisor is the process that answers for the filtered calls of a tree of
// processes, and stands between the front and the program.
type supervisor struct {
	config   Config
	front    *channel
	handover int           // where the front waits for the listener
	outbox   chan outgoing // to the front
	granted  chan struct{} // closed when the program may exec
	alone    chan struct{} // closed when the front is gone
	caught   *catching
	server   *server
	found    []Record // the sockets the program is born with
	queued   []uint64

	mu        sync.Mutex
	program   int // process id of CMD, its end is the end of the job
	ended     bool
	signalLog *signalLog
}

// Supervise is the supervisor's life: it starts the program, answers
// notifications until nothing that the program started is left, and tells the
// front how the program does. The status only matters when there is no front.
func Supervise(c Config, program []string) (status int) {
	for _, fd := range c.passed() {
		unix.CloseOnExec(fd)
	}
	// One thread is in fork for as long as the program waits for its exec.
	runtime.GOMAXPROCS(max(4, runtime.GOMAXPROCS(0)))
	s := &supervisor{
		config: c, front: newChannel(c.Control, "front"), handover: c.Handover, signalLog: newSignalLog(),
		outbox: make(chan outgoing, 1024), granted: make(chan struct{}), alone: make(chan struct{}), caught: startCatching(),
	}
	go s.post()
	memory, err := mapSlots(c.Slots)
	if err == nil {
		// Orphans (daemons) come to this process and stay below it, where Yama
		// lets it reach their descriptors; and wait4 knows when the last is gone.
		err = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	}
	if err != nil {
		s.send(message{Type: msgRefused, Text: fmt.Sprintf("the supervisor cannot start: %v", err)})
		s.flush()
		return statusOwn
	}
	go s.commands()
	if err := s.startProgram(program, memory); err != nil {
		s.flush()
		return statusOwn
	}
	go s.detach()
	s.wait()
	s.flush()
	return 0
}

// detach makes this process a bystander of the program that has just started.
func (s *supervisor) detach() {
	debug.SetGCPercent(100)
	s.mu.Lock()
	program := s.program
	s.mu.Unlock()
	catchIgnored(s.caught.signals, s.caught.ignored)
	s.send(message{Type: msgStarted, PID: program})
	dropStreams()
	_ = os.Chdir("/")
	time.AfterFunc(shrinkAfter, shrink)
	s.signalLog.watch(s.caught.signals)
}

// Resume is the life of the process that takes over what the program left
// behind when the supervisor had been killed.
func Resume(c Config) (status int) {
	for _, fd := range c.passed() {
		unix.CloseOnExec(fd)
	}
	debug.SetGCPercent(100)
	dropStreams()
	_ = os.Chdir("/")
	memory, err := mapSlots(c.Slots)
	if err != nil {
		return statusOwn
	}
	s, err := newServer(c, c.Listener, memory, func(string) {})
	if err == nil {
		err = s.resume(nil)
	}
	if err != nil {
		return statusOwn
	}
	s.listener.Wait()
	return 0
}

// outgoing is a message for the front, or nothing but a wish to know when all
// before it has been sent.
type outgoing struct {
	message
	sent chan struct{}
}

// post sends what is in the outbox: the front may be stopped, and nobody who
// answers calls waits for it.
func (s *supervisor) post() {
	for m := range s.outbox {
		if m.sent != nil {
			close(m.sent)
			continue
		}
		s.front.send(m.message)
	}
}

func (s *supervisor) send(m message) { s.outbox <- outgoing{message: m} }

func (s *supervisor) flush() {
	sent := make(chan struct{})
	s.outbox <- outgoing{sent: sent}
	<-sent
}

// tell is for complaints, of which some may be lost.
func (s *supervisor) tell(text string) {
	select {
	case s.outbox <- outgoing{message: message{Type: msgWarn, Text: text}}:
	default:
	}
}

// commands carries out what the front asks, until the front is gone. A front
// that was killed takes the program with it, as if it had been the program.
func (s *supervisor) commands() {
	for {
		m, ok := s.front.receive()
		if !ok {
			break
		}
		if m.Type == msgGo {
			close(s.granted)
			continue
		}
		sig := unix.Signal(m.Signal)
		if s.sameGroup() && s.signalLog.groupWide(sig, m.At) {
			continue
		}
		s.kill(sig)
	}
	close(s.alone)
	s.kill(unix.SIGKILL)
}

// kill signals the program, unless it was waited for: its number may belong to
// somebody else then.
func (s *supervisor) kill(sig unix.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended && s.program > 0 {
		_ = unix.Kill(s.program, sig)
	}
}

// sameGroup reports whether the program is still in the front's group.
func (s *supervisor) sameGroup() bool {
	s.mu.Lock()
	program := s.program
	s.mu.Unlock()
	g, err := unix.Getpgid(program)
	return err == nil && g == s.config.Group
}

// wait reaps the program and every orphan, and ends when there is none left.
func (s *supervisor) wait() {
	for {
		// Look first, reap under the lock: see kill.
		var info unix.Siginfo
		err := unix.Waitid(unix.P_ALL, 0, &info, unix.WEXITED|unix.WSTOPPED|unix.WCONTINUED|unix.WNOWAIT, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return // ECHILD: the tree is gone
		}
		var status unix.WaitStatus
		s.mu.Lock()
		pid, err := unix.Wait4(-1, &status, unix.WUNTRACED|unix.WCONTINUED|unix.WNOHANG, nil)
		program := s.program
		over := err == nil && pid == program && (status.Exited() || status.Signaled())
		s.ended = s.ended || over
		s.mu.Unlock()
		switch {
		case err != nil || pid != program:
		case over:
			s.finish(status)
		case status.Stopped():
			s.send(message{Type: msgStopped})
		case status.Continued():
			// Somebody continued the program alone; the front sleeps with it. If the
			// program has been stopped again by now, so has the front.
			if !stopped(program) {
				_ = unix.Kill(s.config.FrontPID, unix.SIGCONT)
			}
		}
	}
}

// finish hands the front the report and the program's end.
func (s *supervisor) finish(status unix.WaitStatus) {
	if s.config.Report {
		s.server.watched.finish(s.server)
		for _, r := range s.server.ledger.records() {
			s.send(message{Type: msgRecord, Record: &r})
		}
	}
	s.send(message{Type: msgExit, Status: uint32(status)})
}
