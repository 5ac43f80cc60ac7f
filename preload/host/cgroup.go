//go:build linux

package host

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Target says which cgroup is meant; one field is set.
type Target struct {
	All       bool   // the whole machine
	Cgroup    string // a path, absolute or below the root of the hierarchy
	Unit      string // a systemd unit
	Container string // the ID of a container, or its beginning
}

// Root is where the cgroup v2 hierarchy is mounted.
func Root() (string, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		fields := strings.Fields(sc.Text())
		for i, word := range fields {
			if word == "-" && i > 4 && i+1 < len(fields) && fields[i+1] == "cgroup2" {
				return fields[4], nil
			}
		}
	}
	return "", errors.New("no cgroup v2 hierarchy is mounted (mount -t cgroup2 none DIR, or boot with systemd.unified_cgroup_hierarchy=1)")
}

// ErrNoCgroup is in the error for a target whose cgroup does not exist, or not
// any more.
var ErrNoCgroup = errors.New("no cgroup")

// Path is the folder of the target's cgroup.
func (t Target) Path() (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	switch {
	case t.All:
		return root, nil
	case t.Cgroup != "":
		path := below(root, t.Cgroup)
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			return path, nil
		}
		if _, err := os.Stat(t.Cgroup); err == nil && filepath.IsAbs(t.Cgroup) {
			return "", fmt.Errorf("%s is not in the cgroup v2 hierarchy, which is mounted at %s", t.Cgroup, root)
		}
		return "", fmt.Errorf("there is %w %s", ErrNoCgroup, path)
	case t.Unit != "":
		return find(root, "unit "+t.unit(), t.names)
	}
	return find(root, "container "+t.Container, t.names)
}

func below(root, path string) string {
	path = filepath.Clean(path)
	if path == root || strings.HasPrefix(path, root+"/") {
		return path
	}
	return filepath.Join(root, path)
}

func (t Target) unit() string {
	if filepath.Ext(t.Unit) == "" {
		return t.Unit + ".service"
	}
	return t.Unit
}

// names reports whether the target can be the cgroup with a path.
func (t Target) names(path string) bool {
	switch {
	case t.Unit != "":
		return filepath.Base(path) == t.unit()
	case t.Container != "":
		return containerID(filepath.Base(path), t.Container)
	}
	root, err := Root()
	return err == nil && t.Cgroup != "" && path == below(root, t.Cgroup)
}

// containerID reports whether a cgroup's name is that of a container, as
// Docker, Podman, containerd, CRI-O and their systemd scopes call them.
func containerID(name, id string) bool {
	name = strings.TrimSuffix(name, ".scope")
	if i := strings.LastIndexAny(name, "-:"); i >= 0 {
		name = name[i+1:]
	}
	return len(id) >= 4 && strings.HasPrefix(name, id)
}

// find looks for the one cgroup that is meant, outermost first.
func find(root, what string, is func(path string) bool) (string, error) {
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // gone since, or not to be read
		case !d.IsDir():
			return nil
		case path != root && is(path):
			found = append(found, path)
			return fs.SkipDir
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("%s has %w below %s: it does not run", what, ErrNoCgroup, root)
	case len(found) > 1:
		return "", fmt.Errorf("%s is ambiguous: %s (name one with --cgroup)", what, strings.Join(found, ", "))
	}
	return found[0], nil
}

// Processes lists the processes of a cgroup and of those below it.
func Processes(path string) (pids []int, err error) {
	err = filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "cgroup.procs" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil // a threaded cgroup has none
		}
		for _, word := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(word); err == nil && pid > 0 {
				pids = append(pids, pid)
			}
		}
		return nil
	})
	return pids, err
}

// identity is the number of a cgroup, which its name may get anew.
func identity(path string) (uint64, error) {
	var st unix.Stat_t
	err := unix.Stat(path, &st)
	return st.Ino, err
}
