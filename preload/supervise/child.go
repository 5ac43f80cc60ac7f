//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// want is the filter for c.
func (c Config) want() seccomp.Want {
	w := seccomp.Want{Calls: []seccomp.Call{
		seccomp.Connect, seccomp.Listen, seccomp.Sendto, seccomp.Sendmsg, seccomp.IoUringSetup,
	}}
	if !c.NoAccept {
		w.Calls = append(w.Calls, seccomp.Accept)
	}
	if !c.Observe {
		w.Timers = c.Options.Timers()
	}
	if c.Report {
		// An accepted socket has no call of its own before it is there; the
		// report meets it when it is closed, in whatever way.
		w.Calls = append(w.Calls, seccomp.Close, seccomp.CloseRange, seccomp.Dup2, seccomp.Exec, seccomp.ExitGroup)
		w.KeepAlive = true
	}
	return w
}

// Child is the process that becomes the program: it joins the front's process
// group, covers the sockets it was born with, installs the filter, hands the
// listener to the supervisor, and execs when told that all is well. It returns
// only on failure.
func Child(c Config, program []string, stderr io.Writer) (status int) {
	// The filter is the thread's; exec keeps that of the thread that calls it.
	runtime.LockOSThread()
	unix.CloseOnExec(c.Control)
	if c.Group > 0 {
		// Fails only where the front is gone, and then nobody controls the job.
		_ = unix.Setpgid(0, c.Group)
	}
	ch := newChannel(c.Control, "control")
	refuse := func(text string) int {
		ch.send(message{Type: msgRefused, Text: text})
		return statusOwn
	}
	found := coverInherited(c)
	setUID := setUIDProgram(program[0])

	listener, noNewPrivs, err := seccomp.Install(c.want())
	if err != nil {
		return refuse(fmt.Sprintf("%s (%v)", seccomp.Explain(err), err))
	}
	rights := unix.UnixRights(listener)
	if err := unix.Sendmsg(c.Control, []byte("L"), rights, nil, 0); err != nil {
		return refuse(fmt.Sprintf("the listener cannot be handed over: %v", err))
	}
	unix.Close(listener)
	for i := range found {
		ch.send(message{Type: msgRecord, Record: &found[i]})
	}
	if noNewPrivs && setUID {
		ch.send(message{Type: msgWarn, Text: fmt.Sprintf("%s is set-user-ID or set-group-ID and runs without that privilege here (no_new_privs); run keepatch as root to keep it", program[0])})
	}
	ch.send(message{Type: msgStarted, PID: os.Getpid()})
	if m, ok := ch.receive(); !ok || m.Type != msgGo {
		return statusOwn // the supervisor has said why
	}

	env := listenPID(os.Environ(), c.FrontPID)
	status, err = Exec(program, env)
	fmt.Fprintf(stderr, "keepatch: %s: %s\n", program[0], Sentence(err))
	return status
}

// coverInherited treats the sockets that the caller left open for the program,
// which may never connect or listen again: an inetd-style connection, a
// listener of systemd.
func coverInherited(c Config) (found []Record) {
	for _, fd := range ownDescriptors() {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC != 0 {
			continue
		}
		s, ok := tcpopt.Open(fd)
		if !ok {
			continue
		}
		r := inspect(s, os.Getpid(), "inherited")
		if all, _ := s.Has(c.Options); !c.Observe && !all {
			if err := s.Apply(c.Options); err != nil {
				r.Error = err.Error()
			}
			r.After, _ = s.State()
			r.SetByUs = r.After.KeepAlive && !r.Before.KeepAlive
		}
		found = append(found, r)
	}
	return found
}

// ownDescriptors lists the open descriptors of this process.
func ownDescriptors() []int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil
	}
	var fds []int
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil {
			fds = append(fds, fd)
		}
	}
	return fds
}

// listenPID keeps socket activation working (sd_listen_fds(3)): the variable
// names the process the descriptors are meant for, which was the front.
func listenPID(env []string, front int) []string {
	out := append([]string(nil), env...)
	for i, e := range out {
		if e == "LISTEN_PID="+strconv.Itoa(front) {
			out[i] = "LISTEN_PID=" + strconv.Itoa(os.Getpid())
		}
	}
	return out
}

// setUIDProgram reports whether starting name would change the user or group.
func setUIDProgram(name string) bool {
	path, ok := Resolve(name)
	if !ok {
		return false
	}
	st, err := os.Stat(path)
	return err == nil && st.Mode()&(os.ModeSetuid|os.ModeSetgid) != 0
}

// Sentence is the system's own text for an error, with a capital letter as
// env(1) and the shells print it.
func Sentence(err error) string {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return err.Error()
	}
	text := errno.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

// inspect describes a socket at first sight.
func inspect(s tcpopt.Socket, pid int, how string) Record {
	if p, err := procfd.Tgid(pid); err == nil {
		pid = p // a thread's number means nothing to the reader
	}
	r := Record{Cookie: s.Cookie, PID: pid, Command: procfd.Name(pid), Seen: how, MPTCP: s.MPTCP}
	r.Local, r.Remote = s.Addrs()
	r.Before, _ = s.State()
	r.After = r.Before
	r.Own = r.Before.KeepAlive
	if s.Listening() {
		r.Role = roleListener
	}
	return r
}
