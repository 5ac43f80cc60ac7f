//go:build linux && (amd64 || arm64)

package supervise

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
)

// resting are the calls in which threads of this process wait for work.
var resting = []int{
	unix.SYS_FUTEX, unix.SYS_EPOLL_PWAIT, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_PPOLL, unix.SYS_IOCTL,
	unix.SYS_READ, unix.SYS_RECVMSG, unix.SYS_WAIT4, unix.SYS_WAITID, unix.SYS_RT_SIGTIMEDWAIT,
}

// stoppedThreads counts the threads of this process that another one holds up in a
// system call: those that wait in one, but not for work, and not for a processor
// (/proc has "running" for these). Where /proc does not say, all may be.
func stoppedThreads() (n int) {
	pid := os.Getpid()
	for _, tid := range procfd.Threads(pid) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", pid, tid))
		if os.IsNotExist(err) {
			if _, err := os.Stat("/proc/self/syscall"); err != nil {
				return math.MaxInt
			}
			continue // the thread has ended
		}
		if err != nil {
			return math.MaxInt
		}
		first, _, _ := strings.Cut(string(text), " ")
		call, err := strconv.Atoi(strings.TrimSpace(first))
		if err == nil && call >= 0 && !slices.Contains(resting, call) {
			n++
		}
	}
	return n
}
