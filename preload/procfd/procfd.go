//go:build linux && (amd64 || arm64)

// Package procfd reaches into the descriptors of other processes: it copies
// one into this process with pidfd_getfd(2) (Linux 5.6), so that an option can
// be set on the socket both now share.
package procfd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Process is a pidfd: it goes on meaning the same process (or thread) when its
// number is used again.
type Process struct {
	fd int
	id int // whose descriptor table it is
}

// Why a process has no descriptors to offer.
var (
	ErrKernelThread = errors.New("is a kernel thread, whose sockets no descriptor leads to")
	ErrEnded        = errors.New("has ended already, only its parent has not noticed")
	ErrMainThread   = errors.New("has lost its main thread, and this kernel cannot open another (Linux 6.9)")
)

// OpenThread opens the thread tid as one whose descriptor table is of
// interest. Before Linux 6.9 only the process it belongs to can be opened,
// which is the same table in all programs but those that call
// unshare(CLONE_FILES).
func OpenThread(tid int) (Process, error) {
	fd, err := unix.PidfdOpen(tid, unix.O_EXCL) // O_EXCL is PIDFD_THREAD
	if err == nil {
		return Process{fd, tid}, nil
	}
	if errors.Is(err, unix.ESRCH) {
		return Process{}, err
	}
	pid, err := Tgid(tid)
	if err != nil {
		return Process{}, err
	}
	fd, err = unix.PidfdOpen(pid, 0)
	return Process{fd, pid}, err
}

// Open opens the process pid, or one of its other threads where the main
// thread has ended; a number that is only a thread's is EINVAL or ENOENT,
// according to the kernel's age.
func Open(pid int) (Process, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return Process{}, err
	}
	p := Process{fd, pid}
	state, flags, err := Stat(pid)
	switch {
	case err != nil:
		p.Close()
		return Process{}, unix.ESRCH
	case flags&kernelThread != 0:
		p.Close()
		return Process{}, ErrKernelThread
	case state != 'Z':
		return p, nil
	}
	p.Close()
	return openOther(pid)
}

// Threads lists the threads of a process; none where it has ended or /proc is not mounted.
func Threads(pid int) (tids []int) {
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, t := range tasks {
		if tid, err := strconv.Atoi(t.Name()); err == nil {
			tids = append(tids, tid)
		}
	}
	return tids
}

// openOther opens a thread of pid that lives.
func openOther(pid int) (Process, error) {
	tids := Threads(pid)
	if len(tids) == 0 {
		return Process{}, unix.ESRCH
	}
	for _, tid := range tids {
		if state, _, err := Stat(tid); err != nil || state == 'Z' || state == 'X' {
			continue
		}
		fd, err := unix.PidfdOpen(tid, unix.O_EXCL)
		switch {
		case err == nil:
			return Process{fd, tid}, nil
		case errors.Is(err, unix.EINVAL):
			return Process{}, ErrMainThread
		}
	}
	return Process{}, ErrEnded
}

// kernelThread is PF_KTHREAD of include/linux/sched.h.
const kernelThread = 0x00200000

// Stat is the state letter ('T' is stopped by job control, 'Z' has ended) and
// the flags of a process or thread.
func Stat(pid int) (state byte, flags uint64, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	// The name, in parentheses, may hold anything.
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) < 7 {
		return 0, 0, fmt.Errorf("/proc/%d/stat is cut short", pid)
	}
	flags, err = strconv.ParseUint(fields[6], 10, 64)
	return fields[0][0], flags, err
}

// ID is the process or thread whose descriptors these are.
func (p Process) ID() int { return p.id }

// Close releases the pidfd.
func (p Process) Close() { unix.Close(p.fd) }

// Dup copies the process's descriptor fd into this one, close-on-exec. It
// takes the right to ptrace the process (EPERM).
func (p Process) Dup(fd int) (int, error) { return unix.PidfdGetfd(p.fd, fd, 0) }

// Alive reports whether the process has not ended yet.
func (p Process) Alive() bool { return unix.PidfdSendSignal(p.fd, 0, nil, 0) == nil }

// Tgid gives the process that thread tid belongs to.
func Tgid(tid int) (int, error) {
	n, err := statusField(tid, "Tgid:")
	if err != nil {
		return 0, err
	}
	return n, nil
}

// FSIDs are the user and group that the files a thread makes belong to.
func FSIDs(tid int) (uid, gid int, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	if err != nil {
		return 0, 0, err
	}
	found := 0
	for line := range strings.Lines(string(b)) {
		// Real, effective, saved, file system.
		for name, id := range map[string]*int{"Uid:": &uid, "Gid:": &gid} {
			if fields := strings.Fields(line); len(fields) == 5 && fields[0] == name {
				if *id, err = strconv.Atoi(fields[4]); err != nil {
					return 0, 0, err
				}
				found++
			}
		}
	}
	if found != 2 {
		return 0, 0, fmt.Errorf("/proc/%d/status has no identities", tid)
	}
	return uid, gid, nil
}

// Parent gives the parent of a process.
func Parent(pid int) (int, error) { return statusField(pid, "PPid:") }

func statusField(pid int, name string) (int, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			return strconv.Atoi(strings.TrimSpace(rest))
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, name)
}

// Name is the short name of a process (comm), fit for a terminal; "?" when it
// is gone.
func Name(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return "?"
	}
	return Printable(strings.TrimSuffix(string(b), "\n"))
}

// Sockets lists the descriptors of pid that are sockets of any kind, in order.
// The error is that of opening /proc/PID/fd: ENOENT when the process is gone,
// EACCES when it is another user's.
func Sockets(pid int) ([]int, error) { return descriptors(pid, "socket:") }

// Sockets lists those of p.
func (p Process) Sockets() ([]int, error) { return Sockets(p.id) }

// HasRing reports whether pid has an io_uring.
func HasRing(pid int) bool {
	fds, err := descriptors(pid, "anon_inode:[io_uring]")
	return err == nil && len(fds) > 0
}

// IsSocket looks at what descriptor fd of thread tid is, without touching it:
// a copy of a file must be closed again, and that may block on the file's
// server (FUSE, a network file system). What cannot be read is none.
func IsSocket(tid, fd int) bool {
	to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tid, fd))
	return err == nil && strings.HasPrefix(to, "socket:")
}

// descriptors lists the descriptors whose link in /proc begins with kind.
func descriptors(pid int, kind string) ([]int, error) {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	names, err := d.Readdirnames(-1)
	d.Close()
	if err != nil {
		return nil, err
	}
	var fds []int
	for _, name := range names {
		// A descriptor that was closed since is simply no longer there.
		if to, err := os.Readlink(filepath.Join(dir, name)); err == nil && strings.HasPrefix(to, kind) {
			if fd, err := strconv.Atoi(name); err == nil {
				fds = append(fds, fd)
			}
		}
	}
	slices.Sort(fds)
	return fds, nil
}

// All gives every process.
func All() (pids []int, err error) {
	procs, err := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		if n, err := strconv.Atoi(filepath.Base(p)); err == nil {
			pids = append(pids, n)
		}
	}
	return pids, err
}

// Tree gives pid and all its descendants, parents before children.
func Tree(pid int) []int {
	children := map[int][]int{}
	procs, _ := All()
	for _, n := range procs {
		if parent, err := Parent(n); err == nil {
			children[parent] = append(children[parent], n)
		}
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		kids := children[all[i]]
		slices.Sort(kids)
		all = append(all, kids...)
	}
	return all
}

// ReadMemory fills buf from the memory of pid at addr. Sandboxes that forbid
// process_vm_readv(2) (Podman's) leave /proc/PID/mem, which asks the same right.
func ReadMemory(pid int, addr uint64, buf []byte) error {
	if len(buf) == 0 {
		return nil
	}
	local := []unix.Iovec{{Base: &buf[0], Len: uint64(len(buf))}}
	remote := []unix.RemoteIovec{{Base: uintptr(addr), Len: len(buf)}}
	n, err := unix.ProcessVMReadv(pid, local, remote, 0)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		fd, openErr := unix.Open(fmt.Sprintf("/proc/%d/mem", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if openErr != nil {
			return err
		}
		defer unix.Close(fd)
		n, err = unix.Pread(fd, buf, int64(addr))
	}
	if err == nil && n != len(buf) {
		err = unix.EFAULT
	}
	return err
}
