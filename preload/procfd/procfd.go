//go:build linux && (amd64 || arm64)

// Package procfd reaches into the descriptors of other processes: it copies
// one into this process with pidfd_getfd(2) (Linux 5.6), so that an option can
// be set on the socket both now share.
package procfd

import (
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
type Process struct{ fd int }

// OpenThread opens the thread tid as one whose descriptor table is of
// interest. Before Linux 6.9 only the process it belongs to can be opened,
// which is the same table in all programs but those that call
// unshare(CLONE_FILES).
func OpenThread(tid int) (Process, error) {
	fd, err := unix.PidfdOpen(tid, unix.O_EXCL) // O_EXCL is PIDFD_THREAD
	if err == nil {
		return Process{fd}, nil
	}
	if errors.Is(err, unix.ESRCH) {
		return Process{}, err
	}
	pid, err := Tgid(tid)
	if err != nil {
		return Process{}, err
	}
	return Open(pid)
}

// Open opens the process pid; a number that is only a thread's is EINVAL or
// ENOENT, according to the kernel's age.
func Open(pid int) (Process, error) {
	fd, err := unix.PidfdOpen(pid, 0)
	return Process{fd}, err
}

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

// Name is the short name of a process (comm), "?" when it is gone.
func Name(pid int) string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return "?"
	}
	return strings.TrimSuffix(string(b), "\n")
}

// Sockets lists the descriptors of pid that are sockets of any kind, in order.
// The error is that of opening /proc/PID/fd: ENOENT when the process is gone,
// EACCES when it is another user's.
func Sockets(pid int) ([]int, error) {
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
		if to, err := os.Readlink(filepath.Join(dir, name)); err == nil && strings.HasPrefix(to, "socket:") {
			if fd, err := strconv.Atoi(name); err == nil {
				fds = append(fds, fd)
			}
		}
	}
	slices.Sort(fds)
	return fds, nil
}

// Tree gives pid and all its descendants, parents before children.
func Tree(pid int) []int {
	children := map[int][]int{}
	procs, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range procs {
		n, err := strconv.Atoi(filepath.Base(p))
		if err != nil {
			continue
		}
		if parent, err := statusField(n, "PPid:"); err == nil {
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

// ReadMemory fills buf from the memory of pid at addr.
func ReadMemory(pid int, addr uint64, buf []byte) error {
	if len(buf) == 0 {
		return nil
	}
	local := []unix.Iovec{{Base: &buf[0], Len: uint64(len(buf))}}
	remote := []unix.RemoteIovec{{Base: uintptr(addr), Len: len(buf)}}
	n, err := unix.ProcessVMReadv(pid, local, remote, 0)
	if err == nil && n != len(buf) {
		err = unix.EFAULT
	}
	return err
}
