package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// keepatch builds the program once for all tests and returns its path.
var keepatch = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "keepatch-e2e")
	if err != nil {
		return "", err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(dir) })
	bin := filepath.Join(dir, "keepatch")
	cmd := exec.Command("go", "build", "-o", bin, "../..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, nil
})

var cleanups []func()

func TestMain(m *testing.M) {
	status := m.Run()
	for _, f := range cleanups {
		f()
	}
	os.Exit(status)
}

// need skips a test when a tool is missing.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s, which is not installed", tool)
		}
	}
}

// needHeaders skips a test when the compiler does not find a header.
func needHeaders(t *testing.T, headers ...string) {
	t.Helper()
	for _, h := range headers {
		cmd := exec.Command("gcc", "-E", "-x", "c", "-o", os.DevNull, "-")
		cmd.Stdin = strings.NewReader("#include <" + h + ">\n")
		if cmd.Run() != nil {
			t.Skipf("needs the header %s, which is not installed", h)
		}
	}
}

// cacheDir is where make corpus keeps the sources.
func cacheDir(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("KEEPATCH_CORPUS"); dir != "" {
		return dir
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("no folder to keep sources in: %v", err)
	}
	return filepath.Join(cache, "keepatch-corpus")
}

// sources returns a fresh copy of a package's sources, fetched when the cache
// does not hold them.
func sources(t *testing.T, name string) string {
	t.Helper()
	cache := cacheDir(t)
	if _, err := os.Stat(filepath.Join(cache, name)); errors.Is(err, fs.ErrNotExist) {
		need(t, "bash", "apt-get", "dpkg-source")
		out, err := exec.Command("bash", "../../testdata/corpus/fetch.sh", cache, "../../testdata/corpus/packages.txt", name).CombinedOutput()
		if err != nil {
			t.Skipf("the sources of %s could not be fetched: %v\n%s", name, err, out)
		}
	}
	return copyTree(t, filepath.Join(cache, name))
}

// copyTree copies a folder, with the times of its files: make looks at them.
func copyTree(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(from))
	mustRun(t, ".", nil, "cp", "-a", from, to)
	return to
}

// result is how a program ended.
type result struct {
	status         int
	stdout, stderr string
}

// run runs a program in a folder and waits for it.
func run(t *testing.T, dir string, stdin []byte, name string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, bytes.NewReader(stdin), &out, &errs
	// Messages are compared, so they are in one language.
	cmd.Env = append(os.Environ(), "LC_ALL=C", "CFLAGS="+cflags, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatalf("%s: %v", name, err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// cflags are what the packages are compiled with. Without optimization gcc is
// fast, and warns of the same things in the code that a patch adds.
const cflags = "-O0 -g -Wall"

// mustRun is run for programs that have to succeed.
func mustRun(t *testing.T, dir string, stdin []byte, name string, args ...string) result {
	t.Helper()
	r := run(t, dir, stdin, name, args...)
	if r.status != 0 {
		t.Fatalf("%s %s: status %d\n%s%s", name, strings.Join(args, " "), r.status, tail(r.stdout), tail(r.stderr))
	}
	return r
}

// tail is the end of a long output.
func tail(s string) string {
	const most = 3000
	if len(s) > most {
		return "...\n" + s[len(s)-most:]
	}
	return s
}

// tool runs keepatch.
func tool(t *testing.T, dir string, args ...string) result {
	t.Helper()
	bin, err := keepatch()
	if err != nil {
		t.Fatal(err)
	}
	return run(t, dir, nil, bin, args...)
}

// freePort finds a port that nobody has.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
