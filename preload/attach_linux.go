//go:build linux && (amd64 || arm64)

package preload

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/preload/host"
	"github.com/keepatch/keepatch/preload/policy"
	"github.com/keepatch/keepatch/preload/procfd"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

func attachCommand(stdout, stderr io.Writer) *cli.Command {
	return &cli.Command{
		Name:      "attach",
		Usage:     "set keepalive on the TCP sockets of running processes",
		ArgsUsage: "[PID]",
		Description: "Prints each socket with its addresses, before and after. The process is not\n" +
			"stopped. It must be yours, or you root (the right to ptrace it). The exit status\n" +
			"is 1 if there was no socket to set.\n\n" +
			"Examples:\n" +
			"  keepatch attach --idle 60 1234\n" +
			"  keepatch attach --tree --watch 1234   its children's sockets too, new ones as well\n" +
			"  keepatch attach --unit nginx --port 443 --idle 60",
		Flags: append(append(timerFlags(), targetFlags()...),
			&cli.StringFlag{Name: "port", Aliases: []string{"ports"}, Usage: "only sockets with one of these `PORTS` at either end"},
			&cli.BoolFlag{Name: "off", Usage: "turn keepalive off instead; the timers stay"},
			&cli.BoolFlag{Name: "tree", Usage: "its descendants' sockets too"},
			&cli.BoolFlag{Name: "watch", Usage: "go on with new sockets until the process ends"},
			&cli.DurationFlag{Name: "every", Value: time.Second, Usage: "look again after `DURATION` when watching"},
			&cli.BoolFlag{Name: "json", Usage: "print JSON, one object a line"},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "print `text|json`"},
		),
		Action: func(c *cli.Context) error {
			find, err := attachTarget(c)
			if err != nil {
				return fail(stderr, "attach: %v", err)
			}
			ports, err := policy.ParsePorts(c.String("port"))
			if err != nil {
				return fail(stderr, "attach: --port: %v", err)
			}
			asJSON, err := wantsJSON(c)
			if err != nil {
				return fail(stderr, "attach: %v", err)
			}
			s, err := settings(c)
			if err != nil {
				return fail(stderr, "attach: %v", err)
			}
			o := s.Options
			o.Off = c.Bool("off")
			if s.Off && !o.Off {
				return fail(stderr, "attach: KEEPALIVE=off is set and no option says otherwise")
			}
			if c.Duration("every") < 10*time.Millisecond {
				return fail(stderr, "attach: --every %v is less than 10ms", c.Duration("every"))
			}
			a := attach{
				options: o, policy: policy.Policy{Ports: ports}, json: asJSON, find: find, port: c.String("port"),
				stdout: stdout, stderr: stderr, done: map[uint64]bool{},
			}
			if c.NArg() == 1 {
				pid, _ := strconv.Atoi(c.Args().First())
				return a.one(pid, c.Bool("watch"), c.Duration("every"))
			}
			return a.many(c.Bool("watch"), c.Duration("every"))
		},
	}
}

// attachTarget gives the processes that are meant, each time anew.
func attachTarget(c *cli.Context) (find func() ([]int, error), err error) {
	group := c.Bool("all") || c.IsSet("unit") || c.IsSet("container") || c.IsSet("cgroup")
	if c.NArg() == 0 && !group {
		return nil, errors.New("no PID given, nor --unit, --container, --cgroup or --all")
	}
	if group {
		if c.NArg() > 0 {
			return nil, errors.New("a PID and a group of processes at the same time; options go before it")
		}
		if c.Bool("all") {
			return procfd.All, nil
		}
		path, err := target(c)
		return func() ([]int, error) { return host.Processes(path) }, err
	}
	pid, err := strconv.Atoi(c.Args().First())
	switch {
	case c.NArg() > 1:
		return nil, errors.New("one PID at a time; options go before it")
	case err != nil || pid < 1:
		return nil, fmt.Errorf("%q is no process id", c.Args().First())
	}
	if c.Bool("tree") {
		return func() ([]int, error) { return procfd.Tree(pid), nil }, nil
	}
	return func() ([]int, error) { return []int{pid}, nil }, nil
}

type attach struct {
	options        tcpopt.Options
	policy         policy.Policy
	find           func() ([]int, error)
	json           bool
	stdout, stderr io.Writer
	done           map[uint64]bool // cookies that were dealt with or complained of
	failed         bool
	port           string // as the user gave it
	looked         string // at which processes, the last time
}

// change is one line of output.
type change struct {
	PID     int          `json:"pid"`
	Command string       `json:"command"`
	FD      int          `json:"fd"`
	Local   string       `json:"local"`
	Remote  string       `json:"remote"` // "-" for a listener
	Before  tcpopt.State `json:"before"`
	After   tcpopt.State `json:"after"`
}

// one sets the sockets of a process, and with watch goes on until it ends.
func (a *attach) one(pid int, watch bool, every time.Duration) error {
	target, err := procfd.Open(pid)
	if err != nil {
		return fail(a.stderr, "attach: process %d: %s", pid, reason(err))
	}
	defer target.Close()
	return a.repeat(watch, every, target.Alive, func() error {
		pids, err := a.find()
		a.looked = fmt.Sprintf("process %d", pid)
		if len(pids) > 1 {
			a.looked += " and its descendants"
		}
		for _, p := range pids {
			// A descendant that ended since the listing is no failure.
			if err := a.process(p); err != nil && (p == pid || !gone(err)) && (!watch || target.Alive()) {
				return fail(a.stderr, "attach: process %d: %s", p, reason(err))
			}
		}
		return err
	})
}

// many sets the sockets of a group of processes. Those that cannot be reached
// are named, and the others are done all the same.
func (a *attach) many(watch bool, every time.Duration) error {
	named := map[int]bool{}
	return a.repeat(watch, every, func() bool { return true }, func() error {
		pids, err := a.find()
		if err != nil {
			return fail(a.stderr, "attach: %v", err)
		}
		a.looked = text.Count(len(pids), "process")
		for _, p := range pids {
			err := a.process(p)
			if err == nil || gone(err) || errors.Is(err, procfd.ErrKernelThread) || named[p] {
				continue
			}
			named[p], a.failed = true, true
			fmt.Fprintf(a.stderr, "keepatch: attach: process %d (%s): %s\n", p, procfd.Name(p), reason(err))
		}
		return nil
	})
}

// repeat does the work once, or with watch until there is nothing alive any
// more or the user has enough.
func (a *attach) repeat(watch bool, every time.Duration, alive func() bool, work func() error) error {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt, unix.SIGTERM)
	defer signal.Stop(interrupt)
	for {
		if err := work(); err != nil {
			return err
		}
		if !watch {
			break
		}
		select {
		case <-interrupt:
			return exit(a.status())
		case <-time.After(every):
		}
		if !alive() {
			break
		}
	}
	return exit(a.status())
}

// status is the one to end with. A command that had no socket to set says so.
func (a *attach) status() int {
	switch {
	case a.failed:
		return statusError
	case len(a.done) > 0:
		return 0
	}
	what := "no TCP socket"
	if a.port != "" {
		what += " with port " + a.port
	}
	fmt.Fprintf(a.stderr, "keepatch: attach: %s in %s: nothing was set\n", what, a.looked)
	return statusMissing
}

// process deals with all sockets of one process. The error is about the
// process; a socket that refuses an option is reported and counted.
func (a *attach) process(pid int) error {
	p, err := procfd.Open(pid)
	if err != nil {
		return err
	}
	defer p.Close()
	fds, err := p.Sockets()
	if err != nil {
		if errors.Is(err, unix.ENOENT) {
			return unix.ESRCH
		}
		return err
	}
	for _, fd := range fds {
		if err := a.socket(p, pid, fd); err != nil {
			return err
		}
	}
	return nil
}

func (a *attach) socket(p procfd.Process, pid, fd int) error {
	dup, err := p.Dup(fd)
	if errors.Is(err, unix.EBADF) {
		return nil // closed since
	}
	if err != nil {
		return err
	}
	defer unix.Close(dup)
	s, ok := tcpopt.Open(dup)
	if !ok || a.done[s.Cookie] || !a.policy.Selects(s.Local(), s.Remote(), nil) {
		return nil // shared by several descriptors, or by parent and child
	}
	c := change{PID: pid, Command: procfd.Name(pid), FD: fd}
	c.Local, c.Remote = s.Addrs()
	c.Before, err = s.State()
	if all, _ := s.Has(a.options); err == nil && !all {
		err = s.Apply(a.options)
	}
	// While watching, a socket is done when it has been printed; one that the
	// program changes back later is its own business.
	a.done[s.Cookie] = true
	if err != nil {
		a.failed = true
		fmt.Fprintf(a.stderr, "keepatch: attach: process %d, descriptor %d (%s): %v\n", pid, fd, c.Local, err)
	}
	c.After, _ = s.State()
	return a.print(c)
}

func (a *attach) print(c change) error {
	if a.json {
		return json.NewEncoder(a.stdout).Encode(c)
	}
	_, err := fmt.Fprintf(a.stdout, "%d %s fd %d  %s -> %s  %v => %v\n",
		c.PID, c.Command, c.FD, c.Local, c.Remote, c.Before, c.After)
	return err
}

func gone(err error) bool { return errors.Is(err, unix.ESRCH) || errors.Is(err, procfd.ErrEnded) }

// reason says what an error of the system means for the user.
func reason(err error) string {
	switch {
	case errors.Is(err, unix.ESRCH):
		return "no such process"
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOENT):
		return "is a thread, not a process"
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return "not permitted (it is another user's, or Yama or the sandbox forbids ptrace); try as root"
	case errors.Is(err, unix.ENOSYS):
		return "this kernel cannot (pidfd_getfd, Linux 5.6)"
	}
	return err.Error()
}
