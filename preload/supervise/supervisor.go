//go:build linux && (amd64 || arm64)

package supervise

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
)

// supervisor is the process that answers for the filtered calls of a tree of
// processes.
type supervisor struct {
	config   Config
	front    *channel
	listener seccomp.Listener
	program  int      // process id of CMD, its end is the end of the job
	release  *channel // where CMD waits for the word to exec
	ledger   *ledger
	watched  watched
	warnings warnings

	mu      sync.Mutex
	ended   bool
	witness *witness
}

// Supervise is the supervisor's life: it starts the child, answers
// notifications until nothing that the program started is left, and tells the
// front how the program does. The status only matters when there is no front.
func Supervise(c Config, program []string) (status int) {
	unix.CloseOnExec(c.Control)
	s := &supervisor{config: c, front: newChannel(c.Control, "front"), ledger: newLedger(c), witness: newWitness()}
	// Orphans (daemons) come to this process and stay below it, where Yama
	// lets it reach their descriptors; and wait4 knows when the last is gone.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return s.refuse("orphans cannot be adopted (prctl: %v)", err)
	}
	child, err := s.startChild(program)
	if err != nil {
		return s.refuse("%v", err)
	}
	go s.witness.watch(catch())
	s.front.send(message{Type: msgStarted, PID: s.program})
	go s.commands()
	s.wait(child)
	return 0
}

// workers answer notifications in parallel. One is enough for one program at
// a time; the second serves while the first is in a slow corner (the report
// scanning a process, the reading of paged-out memory).
const workers = 2

func (s *supervisor) refuse(format string, args ...any) int {
	s.front.send(message{Type: msgRefused, Text: fmt.Sprintf(format, args...)})
	return statusOwn
}

// startChild starts the program-to-be, takes its listener and proves that its
// descriptors can be reached, before the program has run an instruction.
func (s *supervisor) startChild(program []string) (pid int, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("socketpair: %v", err)
	}
	s.program, err = spawn("keepatch", RoleChild, s.config, program, pair[1])
	if err != nil {
		return 0, fmt.Errorf("/proc/self/exe cannot be started: %v", err)
	}
	probe := pair[1] // the same number in the child
	unix.Close(pair[1])
	dropStreams()
	_ = os.Chdir("/")

	fail := func(err error) (int, error) {
		_ = unix.Kill(s.program, unix.SIGKILL)
		return 0, err
	}
	first := make([]byte, 1)
	oob := make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := unix.Recvmsg(pair[0], first, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil || n != 1 {
		return fail(fmt.Errorf("the child ended before it was ready"))
	}
	ch := newChannel(pair[0], "child")
	if first[0] != 'L' {
		ch.r.Reset(io.MultiReader(bytes.NewReader(first), ch.f))
	} else {
		if s.listener.FD, err = listenerFrom(oob[:oobn]); err != nil {
			return fail(err)
		}
		// Not every kernel has it, and nothing depends on it.
		_ = s.listener.SyncWakeUp()
		// The child's own calls may be among the filtered ones from now on.
		for range workers {
			go s.serve()
		}
	}
	for {
		m, ok := ch.receive()
		if !ok {
			return fail(fmt.Errorf("the child ended before it was ready"))
		}
		switch m.Type {
		case msgRefused:
			return fail(errors.New(m.Text))
		case msgWarn:
			s.front.send(m)
		case msgRecord:
			s.ledger.add(*m.Record)
		case msgStarted:
			if err := reachable(s.program, probe); err != nil {
				return fail(err)
			}
			s.release = ch
			return s.program, nil
		}
	}
}

func listenerFrom(oob []byte) (int, error) {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil || len(msgs) != 1 {
		return -1, fmt.Errorf("the child sent no listener")
	}
	fds, err := unix.ParseUnixRights(&msgs[0])
	if err != nil || len(fds) != 1 {
		return -1, fmt.Errorf("the child sent no listener")
	}
	return fds[0], nil
}

// reachable tries on the child what will have to work on the program. Yama
// above mode 1, a container's own filter, or a kernel before 5.6 refuse it.
func reachable(pid, fd int) error {
	p, err := procfd.Open(pid)
	if err != nil {
		return fmt.Errorf("pidfd_open is refused (%v): Linux 5.3 or a sandbox that allows it is needed", err)
	}
	defer p.Close()
	dup, err := p.Dup(fd)
	if err != nil {
		why := "the sandbox forbids it"
		switch {
		case errors.Is(err, unix.ENOSYS):
			why = "Linux 5.6 is needed, or a sandbox that allows it"
		case errors.Is(err, unix.EPERM):
			why = "the right to ptrace one's own children is needed: kernel.yama.ptrace_scope below 2, and a container that allows it"
		}
		return fmt.Errorf("pidfd_getfd is refused (%v): %s", err, why)
	}
	return unix.Close(dup)
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
			s.release.send(m)
			s.release.f.Close()
			continue
		}
		sig := unix.Signal(m.Signal)
		if s.sameGroup() && s.witness.groupWide(sig) {
			continue
		}
		s.kill(sig)
	}
	s.kill(unix.SIGKILL)
}

// kill signals the program, unless it was waited for: its number may belong to
// somebody else then.
func (s *supervisor) kill(sig unix.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		_ = unix.Kill(s.program, sig)
	}
}

// sameGroup reports whether the program is still in the front's group.
func (s *supervisor) sameGroup() bool {
	g, err := unix.Getpgid(s.program)
	return err == nil && g == s.config.Group
}

// wait reaps the program and every orphan, and ends when there is none left.
func (s *supervisor) wait(program int) {
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
		over := err == nil && pid == program && (status.Exited() || status.Signaled())
		s.ended = s.ended || over
		s.mu.Unlock()
		switch {
		case err != nil || pid != program:
		case over:
			s.finish(status)
		case status.Stopped():
			s.front.send(message{Type: msgStopped})
		case status.Continued():
			// Somebody continued the program alone; the front sleeps with it.
			_ = unix.Kill(s.config.FrontPID, unix.SIGCONT)
		}
	}
}

// finish hands the front the report and the program's end.
func (s *supervisor) finish(status unix.WaitStatus) {
	if s.config.Report {
		s.watched.scanAll(s)
		for _, r := range s.ledger.records() {
			s.front.send(message{Type: msgRecord, Record: &r})
		}
	}
	s.front.send(message{Type: msgExit, Status: uint32(status)})
}

// serve answers notifications for ever; the process ends when wait does.
func (s *supervisor) serve() {
	for {
		n, err := s.listener.Recv()
		if err != nil {
			return // every process under the filter is gone
		}
		s.handle(n)
	}
}
