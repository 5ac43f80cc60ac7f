//go:build linux && (amd64 || arm64)

package supervise

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/seccomp"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Where a copy of the program's descriptors is refused (Docker's default
// profile asks CAP_SYS_PTRACE for pidfd_getfd, Yama above mode 1 refuses it),
// sockets are made here instead: socket() is stopped, and answered with one
// that has its options already. What is accepted inherits them. Sockets that
// come from elsewhere are out of reach, and so is a report.

// socket answers socket(2) with a socket made here, where that is the same
// socket: made in the same network namespace and by the same user, who is its
// owner for ss(8), for quotas and for packet filters. done is true if the call
// has been answered.
func (s *server) socket(n *seccomp.Notification, args [6]uint64) (done bool) {
	tid := int(n.PID)
	domain, typ, proto := int(int32(args[0])), int(int32(args[1])), int(int32(args[2]))
	if !tcpopt.Makes(domain, typ, proto) {
		return false
	}
	fd, why := -1, ""
	as(tid, func() {
		if why = differs(tid); why == "" {
			// Where this fails, so does the program's own call.
			fd, _ = unix.Socket(domain, typ|unix.SOCK_CLOEXEC, proto)
		}
	})
	if why != "" {
		s.warn(tid, why+"; its sockets are left alone", nil)
	}
	if fd < 0 {
		return false
	}
	defer unix.Close(fd)
	if _, err := tcpopt.Cover(fd, s.config.Options); err != nil {
		s.warn(tid, "has a socket that takes no keepalive", err)
	}
	if err := s.listener.AddFD(n, fd, typ&unix.SOCK_CLOEXEC != 0, true); err != nil {
		if err != unix.ENOENT {
			s.warn(tid, "cannot be given a socket", err)
		}
		return false
	}
	return true
}

// as does something with the file system identity of thread tid, where this
// process has the right to that: a service may have dropped root's.
func as(tid int, do func()) {
	runtime.LockOSThread() // the identity is a thread's own
	defer runtime.UnlockOSThread()
	uid, gid, err := procfd.FSIDs(tid)
	if err == nil && (uid != os.Geteuid() || gid != os.Getegid()) {
		unix.SetfsgidRetGid(gid)
		unix.SetfsuidRetUid(uid)
		defer unix.SetfsgidRetGid(os.Getegid())
		defer unix.SetfsuidRetUid(os.Geteuid())
	}
	do()
}

// differs says in what thread tid is another world than the calling thread, ""
// if it is none.
func differs(tid int) string {
	theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", tid))
	ours, ourErr := os.Readlink("/proc/thread-self/ns/net")
	if err != nil || ourErr != nil {
		return "cannot be looked at"
	}
	if theirs != ours {
		return "is in another network namespace"
	}
	uid, _, err := procfd.FSIDs(tid)
	now, nowErr := unix.SetfsuidRetUid(-1) // changes nothing, as there is no such user
	if err != nil || nowErr != nil || uid != now {
		return "is another user's"
	}
	return ""
}

// injectable tries on the program-to-be what will have to work on it: a copy of
// a descriptor of no meaning, which its exec closes.
func (s *server) injectable(n *seccomp.Notification) error {
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(null)
	if why := differs(int(n.PID)); why != "" {
		return fmt.Errorf("it %s", why)
	}
	if err := s.listener.AddFD(n, null, true, false); err != nil {
		return fmt.Errorf("SECCOMP_IOCTL_NOTIF_ADDFD is refused (%w): Linux 5.14 is needed", err)
	}
	return nil
}

// reachable tries to copy a descriptor of the program-to-be. Yama above mode 1,
// a container's own filter, or a kernel before 5.6 refuse it.
func reachable(n *seccomp.Notification) error {
	p, err := procfd.OpenThread(int(n.PID))
	if err != nil {
		return fmt.Errorf("pidfd_open is refused (%v): Linux 5.3 or a sandbox that allows it is needed", err)
	}
	defer p.Close()
	dup, err := p.Dup(0)
	switch err {
	case nil:
		return unix.Close(dup)
	case unix.EBADF:
		return nil // no standard input: an answer all the same
	case unix.ENOSYS:
		return fmt.Errorf("pidfd_getfd is refused (%v): Linux 5.6 is needed, or a sandbox that allows it", err)
	case unix.EPERM:
		return fmt.Errorf("pidfd_getfd is refused (%v): the right to ptrace one's own children is needed: "+
			"in a container docker run --cap-add SYS_PTRACE, elsewhere kernel.yama.ptrace_scope below 2", err)
	}
	return fmt.Errorf("pidfd_getfd is refused (%v): the sandbox forbids it", err)
}
