//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/seccomp"
)

// launch starts the program: a thread of this process installs the filter in
// itself alone and forks, so the program is born under it and there is no
// helper to load in between. Between fork and exec it makes one call that
// changes nothing and is stopped, Setpgid into the group it is in already: that
// is where it is tried whether the program can be reached, and where it waits
// for the front's word. refused says why it cannot be supervised; status and
// err, why it does not start.
func (s *supervisor) launch(program []string, memory []byte) (refused error, status int, err error) {
	type result struct {
		status int
		err    error
	}
	installed, began, over := make(chan error), make(chan bool), make(chan result)
	var noNewPrivs bool
	listener := -1
	go func() {
		runtime.LockOSThread() // and never back: the thread ends with its filter
		var err error
		listener, noNewPrivs, err = seccomp.Install(s.config.want())
		installed <- err
		if err == nil && <-began {
			status, err := s.fork(program)
			over <- result{status, err}
		}
	}()
	if err := <-installed; err != nil {
		return fmt.Errorf("%s (%w)", seccomp.Explain(err), err), 0, nil
	}
	if s.server, err = newServer(s.config, listener, memory, s.tell); err != nil {
		return err, 0, nil
	}
	// Not every kernel has it, and nothing depends on it.
	_ = s.server.listener.SyncWakeUp()
	s.server.starting = func(n *seccomp.Notification) unix.Errno {
		try := reachable
		if s.config.Inject {
			try = s.server.injectable
		}
		if err := try(n); err != nil {
			s.mu.Lock()
			refused = err
			s.mu.Unlock()
			return unix.EPERM
		}
		s.ready(program, int(n.PID), noNewPrivs)
		<-s.caught.done
		signal.Ignore(unix.SIGPIPE) // after the fork, or the program would
		select {
		case <-s.granted:
			return 0
		case <-s.alone: // there is nobody to run it for
			return unix.EPERM
		}
	}
	if err := s.server.pool.start(); err != nil {
		return err, 0, nil
	}
	began <- true
	// A refused listener stays open: its workers must not wake up to another
	// that has its number.
	r := <-over
	s.mu.Lock()
	defer s.mu.Unlock()
	return refused, r.status, r.err
}

// fork starts the program from the calling thread.
func (s *supervisor) fork(program []string) (status int, err error) {
	env := s.config.programEnv()
	attr := &syscall.ProcAttr{
		Env: env, Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pgid: s.config.Group},
	}
	start := func(path string, args []string) error {
		// The folders of PATH that have no such file cost no fork.
		if err := unix.Access(path, unix.F_OK); err == unix.ENOENT || err == unix.ENOTDIR {
			return err
		}
		pid, err := syscall.ForkExec(path, args, attr)
		if err == nil {
			s.mu.Lock()
			s.program = pid
			s.mu.Unlock()
		}
		return err
	}
	// The child shares this memory until its exec, and this thread stands
	// still. A collection would wait for it, and the answer to the child's
	// stopped call for the collection: there is none before detach, see spawn.
	if namesFront(env, s.config.FrontPID) {
		// Only the process itself knows its number in time.
		c := s.config
		c.Control, c.Handover, c.Slots = 0, 0, 0
		return statusOwn, start(self, helperArgs("keepatch", RoleExec, c, program))
	}
	return execWith(program, start)
}

// ready tells the front, which gets the listener with it, that the program
// waits for its word.
func (s *supervisor) ready(program []string, pid int, noNewPrivs bool) {
	s.mu.Lock()
	s.program = pid
	s.mu.Unlock()
	for _, r := range s.found {
		r.PID, r.Command = pid, filepath.Base(program[0])
		s.server.ledger.add(r)
	}
	s.server.queues.add(s.queued...)
	if why := losesPrivilege(program[0]); noNewPrivs && why != "" {
		s.tell(fmt.Sprintf("%s %s and runs without that privilege here (no_new_privs); run keepatch as root to keep it", program[0], why))
	}
	_ = unix.Sendmsg(s.handover, []byte("L"), unix.UnixRights(s.server.listener.FD), nil, 0)
	s.send(message{Type: msgReady, PID: pid, Inject: s.config.Inject})
}

// startProgram launches the program in the way that works here.
func (s *supervisor) startProgram(program []string, memory []byte) error {
	s.found, s.queued = coverInherited(s.config)
	if len(s.queued) > 0 {
		s.config.NoAccept = false // the queue is older than the options
	}
	refused, status, err := s.launch(program, memory)
	if refused != nil && !errors.Is(refused, unix.EBUSY) && !s.config.Report && s.config.All() {
		direct := refused
		s.config.Inject = true
		if refused, status, err = s.launch(program, memory); refused != nil {
			refused = fmt.Errorf("%w; nor can it be given sockets: %w", direct, refused)
		}
	}
	switch {
	case refused != nil:
		s.send(message{Type: msgRefused, Text: refused.Error(), Busy: errors.Is(refused, unix.EBUSY)})
		return refused
	case err != nil:
		s.send(message{Type: msgFailed, Text: Sentence(err), Status: uint32(status)})
		return err
	}
	return nil
}
