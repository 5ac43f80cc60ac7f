//go:build linux && (amd64 || arm64)

package supervise

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/shim"
)

// Exit statuses of env(1) and the shells for a program that did not start.
const (
	statusNotExecutable = 126
	statusNotFound      = 127
	statusOwn           = 2
)

// lookup finds a program as execvp(3) does and gives the paths to try in
// order. An unset PATH is the default of glibc.
func lookup(name string) []string {
	if strings.Contains(name, "/") {
		return []string{name}
	}
	path, ok := os.LookupEnv("PATH")
	if !ok {
		path = "/bin:/usr/bin"
	}
	var paths []string
	for _, dir := range filepath.SplitList(path) {
		if dir == "" {
			dir = "."
		}
		paths = append(paths, dir+"/"+name)
	}
	if len(paths) == 0 {
		paths = []string{"./" + name}
	}
	return paths
}

// Exec replaces this process by the program, found as env(1) finds it. It
// returns only on failure, with the status env(1) would end with.
func Exec(args, env []string) (status int, err error) {
	return execWith(args, func(path string, args []string) error { return syscall.Exec(path, args, env) })
}

// execWith tries the paths of a program in order until start takes one, in
// which case err is nil (and Exec does not return).
func execWith(args []string, start func(path string, args []string) error) (status int, err error) {
	if args[0] == "" {
		return statusNotFound, unix.ENOENT
	}
	failure := error(unix.ENOENT)
	for _, path := range lookup(args[0]) {
		err := start(path, args)
		if errors.Is(err, unix.ENOEXEC) {
			// execvp(3): a script without #! is one for the shell.
			err = start("/bin/sh", append([]string{"sh", path}, args[1:]...))
		}
		switch {
		case err == nil:
			return 0, nil
		case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
			if strings.Contains(args[0], "/") {
				failure = err
			}
		case errors.Is(err, unix.EACCES):
			failure = err // an executable one may follow in PATH
		default:
			return statusNotExecutable, err
		}
	}
	if errors.Is(failure, unix.ENOENT) {
		return statusNotFound, failure
	}
	return statusNotExecutable, failure
}

// Resolve gives the file that Exec would run, for a look at it beforehand. ok
// is false where none is executable.
func Resolve(name string) (path string, ok bool) {
	for _, p := range lookup(name) {
		if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() && unix.Access(p, unix.X_OK) == nil {
			return p, true
		}
	}
	return "", false
}

// self is this binary, whatever its name was.
const self = "/proc/self/exe"

// spawn starts another copy of this binary in the given role, with the
// standard streams and every other inherited descriptor of this process, and
// with the descriptors that c names. The copy has the caller's limits back: Go
// raises RLIMIT_NOFILE for itself and undoes it for its children.
func spawn(name, role string, c Config, program []string) (pid int, err error) {
	// Nothing else forks here, so clearing close-on-exec for a moment is safe;
	// passing fd by position would overwrite a descriptor that the caller
	// meant for the program (socket activation starts at 3).
	for _, fd := range c.passed() {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return 0, err
		}
		defer unix.CloseOnExec(fd)
	}
	c.Collector = collector(os.Environ())
	env := append(withoutCollector(os.Environ()), "GOGC=off")
	return syscall.ForkExec(self, helperArgs(name, role, c, program), &syscall.ProcAttr{Env: env, Files: []uintptr{0, 1, 2}})
}

// A helper starts without a garbage collector, which would cost it time, and
// would be in the way of a fork; see fork. The user's settings are for the
// program.
func isCollector(variable string) bool {
	return strings.HasPrefix(variable, "GOGC=") || strings.HasPrefix(variable, "GOMEMLIMIT=")
}

func collector(env []string) (out []string) {
	for _, e := range env {
		if isCollector(e) {
			out = append(out, e)
		}
	}
	return out
}

func withoutCollector(env []string) []string { return slices.DeleteFunc(env, isCollector) }

// programEnv is the environment of the caller, for the program.
func (c Config) programEnv() []string {
	env := append(withoutCollector(os.Environ()), c.Collector...)
	if c.Library == "" {
		return env
	}
	return shim.Run{Cookie: c.Cookie, Options: c.Options, LeaveAccept: c.NoAccept, SocketStops: c.Inject}.Env(env, c.Library)
}

func helperArgs(name, role string, c Config, program []string) []string {
	return append([]string{name, HelperCommand, role, c.Encode(), "--"}, program...)
}

// dropStreams gives up the descriptors this process was started with, from the
// given one on: standard streams become /dev/null, others are closed. Those
// this process opened itself are close-on-exec, which tells them apart.
func dropStreams(keep ...int) {
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(null)
	for _, fd := range ownDescriptors() {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC != 0 {
			continue
		}
		kept := false
		for _, k := range keep {
			kept = kept || k == fd
		}
		switch {
		case kept:
		case fd <= 2:
			_ = unix.Dup3(null, fd, 0)
		default:
			unix.Close(fd)
		}
	}
}

// Nested reports whether a supervisor of this program is above this process.
func Nested() bool {
	for pid := os.Getppid(); pid > 1; {
		cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err != nil {
			return false
		}
		args := strings.SplitN(string(cmdline), "\x00", 4)
		if len(args) == 4 && args[0] == supervisorName && args[1] == HelperCommand {
			return true
		}
		if pid, err = procfd.Parent(pid); err != nil {
			return false
		}
	}
	return false
}
