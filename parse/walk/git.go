package walk

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ignored holds the paths, relative to the folder git was asked about, that
// git ignores. A folder stands for all that is in it.
type ignored map[string]bool

// gitPath finds git once; "" means that there is none.
var gitPath = sync.OnceValue(func() string {
	p, err := exec.LookPath("git")
	if err != nil {
		return ""
	}
	return p
})

// inWorkTree reports whether dir, an absolute path without symbolic links, or
// a folder above it has a .git entry. Starting git costs more than walking a
// small tree, so it is asked only then.
func inWorkTree(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
}

func hasGit(entries []fs.DirEntry) bool {
	_, found := slices.BinarySearchFunc(entries, ".git", func(e fs.DirEntry, name string) int {
		return strings.Compare(e.Name(), name)
	})
	return found
}

// askGit returns what git ignores below dir. It is empty, and the walk plain,
// if git cannot tell (not installed, not its work tree, owned by someone else),
// and for a folder named outright that lies in an ignored one.
//
// git is asked for what it ignores and not for the files it has, because the
// walk has to look anyway: an index lists files that are gone or lie behind a
// link by now, hides what is in submodules, and says nothing of folders that
// can't be read. The answer is the complement of
// git ls-files -co --exclude-standard; a test holds that.
func askGit(dir string, named bool) ignored {
	if gitPath() == "" {
		return nil
	}
	inside := false
	var asked sync.WaitGroup // at the same time: each question takes git some milliseconds
	if named {
		asked.Go(func() {
			// Without --no-index a tracked file below would make the folder count
			// as not ignored.
			inside = git(dir, "check-ignore", "-q", "--no-index", ".").Run() == nil
		})
	}
	out, err := git(dir, "ls-files", "-oi", "--exclude-standard", "--directory", "-z").Output()
	asked.Wait()
	if inside || err != nil || len(out) == 0 {
		return nil
	}
	ig := ignored{}
	for p := range bytes.SplitSeq(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		ig[strings.TrimSuffix(string(p), "/")] = true
	}
	return ig
}

// git makes a git command that runs in dir.
func git(dir string, args ...string) *exec.Cmd {
	// The configuration of the tree under scrutiny could name a program to be
	// run as file system monitor: looking at a tree must not run its code.
	cmd := exec.Command(gitPath(), append([]string{"-c", "core.fsmonitor=false"}, args...)...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY":
			// Set in hooks, for a repository that need not be this one.
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_OPTIONAL_LOCKS=0")
	return cmd
}
