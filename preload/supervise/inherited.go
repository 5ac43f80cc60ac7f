//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// coverInherited treats the sockets that the caller left open for the program,
// which may never connect or listen again: an inetd-style connection, a
// listener of systemd. queued are the listeners (by cookie) that connections
// wait at: those were made before the option was there to inherit.
func coverInherited(c Config) (found []Record, queued []uint64) {
	own, _ := c.Policy.Addresses()
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
		r.PID, r.Command = c.FrontPID, procfd.Name(c.FrontPID)
		o, chosen, left := c.choose(s, netip.AddrPort{}, own, false)
		r.Left = left
		if all, _ := s.Has(o); !c.Observe && chosen && !all {
			if err := s.Apply(o); err != nil {
				r.Error = err.Error()
			}
			r.After, _ = s.State()
			r.SetByUs = r.After.KeepAlive && !r.Before.KeepAlive
			if s.Queued() > 0 {
				queued = append(queued, s.Cookie)
			}
		}
		found = append(found, r)
	}
	return found, queued
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

// pidVariables name the process that systemd started, which was the front and
// must be the program: sd_listen_fds(3), sd_watchdog_enabled(3), systemd.exec(5).
var pidVariables = []string{"LISTEN_PID", "WATCHDOG_PID", "SYSTEMD_EXEC_PID"}

// namesFront reports whether a variable of env names the front.
func namesFront(env []string, front int) bool {
	for _, v := range pidVariables {
		if slices.Contains(env, v+"="+strconv.Itoa(front)) {
			return true
		}
	}
	return false
}

// ExecAs replaces this process by the program, with the variables that named
// the front naming this process instead.
func ExecAs(c Config, program []string) (status int, err error) {
	env := os.Environ() // the collector's variables are the caller's already
	for i, e := range env {
		for _, v := range pidVariables {
			if e == v+"="+strconv.Itoa(c.FrontPID) {
				env[i] = v + "=" + strconv.Itoa(os.Getpid())
			}
		}
	}
	return Exec(program, env)
}

// losesPrivilege says what a program is that no_new_privs would run without
// its privilege, "" for all others.
func losesPrivilege(name string) string {
	path, ok := Resolve(name)
	if !ok {
		return ""
	}
	if st, err := os.Stat(path); err == nil && st.Mode()&(os.ModeSetuid|os.ModeSetgid) != 0 {
		return "is set-user-ID or set-group-ID"
	}
	if n, err := unix.Getxattr(path, "security.capability", nil); err == nil && n > 0 {
		return "has file capabilities"
	}
	return ""
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
