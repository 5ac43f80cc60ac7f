//go:build linux

// Package host turns keepalive on for whole cgroups (a service, a container,
// the machine) with two BPF programs: one that the kernel calls when a
// connection begins or is accepted, and one that it calls for setsockopt, so
// that timers of a program's own do not replace the user's. A connection costs
// some hundred nanoseconds more, data nothing, and no process needs to be
// started in any special way.
//
// The programs are put together here, with the policy as constants in them;
// nothing is compiled and no kernel headers are needed. What is attached lives
// in a folder of the BPF file system, one for each cgroup: as long as that is
// there the kernel keeps it, whatever becomes of this process. Linux 6.1 is
// needed (bpf_getsockopt of SO_KEEPALIVE).
package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"golang.org/x/sys/unix"

	"github.com/keepatch/keepatch/preload/policy"
)

// DefaultFS is where the BPF file system is mounted, as systemd does it.
const DefaultFS = "/sys/fs/bpf"

// Host works in the BPF file system at FS.
type Host struct{ FS string }

// The files of a target.
const (
	pinOps      = "connections"
	pinSockopt  = "setsockopt"
	pinStats    = "counters"
	pinPorts    = "ports"
	pinSettings = "settings"

	settingsSize = 4096
	maxPorts     = 4096
)

// record is what a target's settings map holds, as JSON.
type record struct {
	Cgroup   string          `json:"cgroup"`
	Settings policy.Settings `json:"settings"`
}

func (h Host) dir() string { return filepath.Join(h.FS, "keepatch") }

// mount makes sure that the BPF file system is there.
func (h Host) mount() error {
	var st unix.Statfs_t
	if err := unix.Statfs(h.FS, &st); err == nil && st.Type == unix.BPF_FS_MAGIC {
		return nil
	}
	if err := unix.Mount("bpf", h.FS, "bpf", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=700"); err != nil {
		return explain(fmt.Errorf("%s is no BPF file system and none can be mounted there: %w", h.FS, err))
	}
	return nil
}

// Enable attaches the programs to a cgroup, in place of those that are there
// already. A connection always meets one set of them at least.
func (h Host) Enable(cgroup string, s policy.Settings) error {
	id, err := identity(cgroup)
	if err != nil {
		return err
	}
	own, err := s.Policy.Addresses()
	if err != nil {
		return err
	}
	if err := h.mount(); err != nil {
		return err
	}
	target := filepath.Join(h.dir(), strconv.FormatUint(id, 10))
	fresh := target + "-new"
	_ = remove(fresh)
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return explain(err)
	}
	if err := attach(cgroup, fresh, s, own); err != nil {
		_ = remove(fresh)
		return explain(err)
	}
	if err := remove(target); err != nil {
		return err
	}
	if err := os.Rename(fresh, target); err != nil {
		return err
	}
	// A service that is started anew has another cgroup each time. What cannot be
	// removed is in Status.
	_, _ = h.removeStale()
	return nil
}

// remove takes away a folder of pins, at any depth. The links are detached first: the
// kernel does so by itself when the last pin of one is gone, but later, on a worker of its
// own (bpf_link_put of Linux 6.1), and until then the old policy still holds.
func remove(dir string) error {
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.Name() != pinOps && e.Name() != pinSockopt {
			return err
		}
		l, err := link.LoadPinnedLink(path, nil)
		if err != nil {
			return err
		}
		defer l.Close()
		return l.Detach()
	})
	// What cannot be detached goes with its pin; that of a cgroup that is gone is so already.
	if gone := os.RemoveAll(dir); gone != nil {
		return gone
	}
	if errors.Is(err, unix.ENOENT) || errors.Is(err, ebpf.ErrNotSupported) {
		return nil
	}
	return err
}

// attach loads the programs, attaches them and pins everything in dir.
func attach(cgroup, dir string, s policy.Settings, own []netip.Addr) error {
	stats, err := ebpf.NewMap(&ebpf.MapSpec{Name: "keepatch_stats", Type: ebpf.PerCPUArray, KeySize: 4, ValueSize: 8, MaxEntries: counters})
	if err != nil {
		return err
	}
	defer stats.Close()
	ports, err := ebpf.NewMap(&ebpf.MapSpec{Name: "keepatch_ports", Type: ebpf.LRUHash, KeySize: 8, ValueSize: 8, MaxEntries: maxPorts})
	if err != nil {
		return err
	}
	defer ports.Close()
	settings, err := ebpf.NewMap(&ebpf.MapSpec{Name: "keepatch_set", Type: ebpf.Array, KeySize: 4, ValueSize: settingsSize, MaxEntries: 1})
	if err != nil {
		return err
	}
	defer settings.Close()
	text, err := json.Marshal(record{cgroup, s})
	if err != nil {
		return err
	}
	if len(text) > settingsSize {
		return errors.New("the policy is too long")
	}
	if err := settings.Put(uint32(0), append(text, make([]byte, settingsSize-len(text))...)); err != nil {
		return err
	}
	for name, m := range map[string]*ebpf.Map{pinStats: stats, pinPorts: ports, pinSettings: settings} {
		if err := m.Pin(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if len(s.Options.TimerValues()) > 0 {
		if err := attachOne(cgroup, filepath.Join(dir, pinSockopt), ebpf.CGroupSockopt,
			ebpf.AttachCGroupSetsockopt, setSockopt(s, stats)); err != nil {
			return err
		}
	}
	return attachOne(cgroup, filepath.Join(dir, pinOps), ebpf.SockOps, ebpf.AttachCGroupSockOps, sockOps(s, own, stats, ports))
}

func attachOne(cgroup, pin string, kind ebpf.ProgramType, at ebpf.AttachType, code asm.Instructions) error {
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{Name: "keepatch", Type: kind, AttachType: at, Instructions: code, License: "MIT"})
	if err != nil {
		return fmt.Errorf("%v program: %w", kind, err)
	}
	defer prog.Close()
	l, err := link.AttachCgroup(link.CgroupOptions{Path: cgroup, Attach: at, Program: prog})
	if err != nil {
		return fmt.Errorf("%v at %s: %w", kind, cgroup, err)
	}
	defer l.Close()
	return l.Pin(pin)
}

// explain says what a machine lacks on which BPF is refused.
func explain(err error) error {
	switch {
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return fmt.Errorf("BPF is refused (%w): root is needed (CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN), "+
			"in a container docker run --privileged, and no kernel lockdown", err)
	case errors.Is(err, unix.ENOSYS):
		return fmt.Errorf("this kernel has no BPF (CONFIG_BPF_SYSCALL): %w", err)
	case errors.Is(err, unix.EINVAL), errors.Is(err, ebpf.ErrNotSupported):
		return fmt.Errorf("this kernel's BPF cannot do it (Linux 6.1 with CONFIG_CGROUP_BPF is needed): %w", err)
	}
	return err
}

// Disable detaches the programs of a cgroup; any reports whether there were
// some.
func (h Host) Disable(cgroup string) (any bool, err error) {
	id, err := identity(cgroup)
	if err != nil {
		return false, err
	}
	target := filepath.Join(h.dir(), strconv.FormatUint(id, 10))
	if _, err := os.Stat(target); errors.Is(err, os.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, explain(err)
	}
	if err := remove(target); err != nil {
		return false, err
	}
	_, err = h.removeStale()
	return true, err
}

// DisableGone removes what is left of a target whose cgroup is gone, with what is
// left of all others; any reports whether there was something of its own.
func (h Host) DisableGone(t Target) (any bool, err error) {
	removed, err := h.removeStale()
	for _, s := range removed {
		any = any || t.names(s.Cgroup)
	}
	return any, err
}

// DisableAll detaches everything there is, that of cgroups that are gone
// included.
func (h Host) DisableAll() error { return remove(h.dir()) }

// removeStale removes what belongs to cgroups that are gone, and the folder when
// nothing is left in it.
func (h Host) removeStale() (removed []State, err error) {
	states, err := h.Status()
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		if s.Gone {
			if err := remove(s.dir); err != nil {
				return removed, err
			}
			removed = append(removed, s)
		}
	}
	if len(removed) == len(states) {
		_ = os.Remove(h.dir()) // another command may have put something there
	}
	return removed, nil
}

// State is one cgroup that programs are attached to.
type State struct {
	Cgroup   string          `json:"cgroup"`
	Settings policy.Settings `json:"settings"`
	// Gone: the cgroup does not exist any more, and the kernel has detached
	// everything.
	Gone bool `json:"gone,omitempty"`
	// Set, Own, Left and Failed count connections: keepalive turned on, found
	// on, left alone by the policy, refused by the kernel. Replaced counts
	// timers of programs.
	Set      uint64 `json:"set"`
	Own      uint64 `json:"own"`
	Left     uint64 `json:"left"`
	Failed   uint64 `json:"failed"`
	Replaced uint64 `json:"replaced"`
	Ports    []Port `json:"ports,omitempty"`

	dir string
}

// Port counts the connections that keepalive was turned on for, by the
// server's port.
type Port struct {
	Port  uint16 `json:"port"`
	Role  string `json:"role"` // client or accepted
	Count uint64 `json:"count"`
}

// Status lists what is attached.
func (h Host) Status() (states []State, err error) {
	entries, err := os.ReadDir(h.dir())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explain(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-new") {
			continue
		}
		s, err := read(filepath.Join(h.dir(), e.Name()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), explain(err))
		}
		id, err := identity(s.Cgroup)
		s.Gone = err != nil || strconv.FormatUint(id, 10) != e.Name()
		states = append(states, s)
	}
	slices.SortFunc(states, func(a, b State) int { return strings.Compare(a.Cgroup, b.Cgroup) })
	return states, nil
}

func read(dir string) (s State, err error) {
	s.dir = dir
	settings, err := ebpf.LoadPinnedMap(filepath.Join(dir, pinSettings), nil)
	if err != nil {
		return s, err
	}
	defer settings.Close()
	var text [settingsSize]byte
	if err := settings.Lookup(uint32(0), &text); err != nil {
		return s, err
	}
	var r record
	if err := json.Unmarshal([]byte(strings.TrimRight(string(text[:]), "\x00")), &r); err != nil {
		return s, err
	}
	s.Cgroup, s.Settings = r.Cgroup, r.Settings
	stats, err := ebpf.LoadPinnedMap(filepath.Join(dir, pinStats), nil)
	if err != nil {
		return s, err
	}
	defer stats.Close()
	for i, field := range map[uint32]*uint64{
		counterSet: &s.Set, counterOwn: &s.Own, counterSkipped: &s.Left, counterFailed: &s.Failed, counterReplaced: &s.Replaced,
	} {
		var perCPU []uint64
		if err := stats.Lookup(i, &perCPU); err != nil {
			return s, err
		}
		for _, n := range perCPU {
			*field += n
		}
	}
	ports, err := ebpf.LoadPinnedMap(filepath.Join(dir, pinPorts), nil)
	if err != nil {
		return s, err
	}
	defer ports.Close()
	var key struct {
		Port, Op uint16
		_        uint32
	}
	var n uint64
	for it := ports.Iterate(); it.Next(&key, &n); {
		role := "client"
		if key.Op == opEstablished {
			role = "accepted"
		}
		s.Ports = append(s.Ports, Port{key.Port, role, n})
	}
	slices.SortFunc(s.Ports, func(a, b Port) int {
		return 2*int(int64(a.Port)-int64(b.Port)) + strings.Compare(a.Role, b.Role)
	})
	return s, nil
}
