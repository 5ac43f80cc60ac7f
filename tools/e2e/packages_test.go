package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pkg is a package and how it is built.
type pkg struct {
	name    string
	tools   []string // more than all need
	headers []string
	build   string // a script for bash -e; CFLAGS is set
}

// packages are small servers and clients of many hands and ages. tinyproxy is
// not among them, as it has a test of its own that always runs.
var packages = []pkg{
	{name: "rinetd", build: "./configure && make"},
	{name: "simpleproxy", build: "./configure && make"},
	{name: "redir", tools: []string{"autoreconf"}, build: "autoreconf -fi && ./configure && make"},
	// Its makefile passes LDFLAGS to the compiler, and CFLAGS not to every file.
	{name: "mini-httpd", headers: []string{"openssl/ssl.h"}, build: `make LDFLAGS="$CFLAGS -DUSE_SSL"`},
	{name: "nagios-nrpe", build: "./configure --disable-ssl && make all"},
	{name: "tcputils", build: "make"},
}

var tinyproxy = pkg{name: "tinyproxy", build: "./configure --disable-manpage-support && make"}

// TestPackages patches and builds the packages. It takes minutes, so make e2e
// runs it and make test does not.
func TestPackages(t *testing.T) {
	if os.Getenv("KEEPATCH_E2E") != "all" {
		t.Skip("takes minutes: make e2e runs it")
	}
	for _, p := range packages {
		t.Run(p.name, func(t *testing.T) { patchAndBuild(t, p) })
	}
}

// The demo of the README is patched, compiles without a warning at any level,
// and its client still gets its lines back from its server.
func TestDemo(t *testing.T) {
	need(t, "gcc", "make", "bash", "patch", "git")
	plain := copyTree(t, "../../testdata/demo")
	build := `make clean && make CFLAGS="-O2 -Wall -Wextra -Wpedantic -Wshadow -Werror"`
	patched := patchTree(t, plain, build)
	const talk = `./echod "$0" & trap "kill $!" EXIT
for i in 1 2 3 4 5 6 7 8 9; do printf 'one\ntwo\n' | ./echoc 127.0.0.1 "$0" 2>/dev/null && exit; sleep 0.2; done; exit 1`
	for _, dir := range []string{plain, patched} {
		if r := mustRun(t, dir, nil, "bash", "-c", talk, fmt.Sprint(freePort(t))); r.stdout != "one\ntwo\n" {
			t.Errorf("%s: the client got %q", dir, r.stdout)
		}
	}
}

// patchAndBuild does with a package what its maintainer would do with a patch,
// and returns the folders of the built programs without and with it.
func patchAndBuild(t *testing.T, p pkg) (plain, patched string) {
	t.Helper()
	need(t, append([]string{"gcc", "make", "bash", "patch", "git"}, p.tools...)...)
	needHeaders(t, p.headers...)
	plain = sources(t, p.name)
	return plain, patchTree(t, plain, p.build)
}

// patchTree patches a copy of the program in plain, builds both and returns the
// copy.
func patchTree(t *testing.T, plain, build string) (patched string) {
	t.Helper()
	patched = copyTree(t, plain)

	applied := tool(t, patched, "apply")
	if applied.status != 0 {
		t.Fatalf("apply: status %d\n%s", applied.status, applied.stderr)
	}
	if applied.stdout == "" {
		t.Fatalf("apply printed no patch\n%s", applied.stderr)
	}
	t.Logf("%d lines of patch; %s", strings.Count(applied.stdout, "\n"), strings.TrimSpace(applied.stderr))
	diff := []byte(applied.stdout)

	// git apply and patch take it, and make the same of it.
	byGit := copyTree(t, plain)
	mustRun(t, byGit, diff, "git", "apply", "--whitespace=nowarn", "-")
	out := mustRun(t, patched, diff, "patch", "-p1", "--fuzz=0").stdout
	if strings.Contains(out, "offset") || strings.Contains(out, "fuzz") {
		t.Errorf("patch had to search:\n%s", out)
	}
	if r := run(t, ".", nil, "diff", "-r", byGit, patched); r.status != 0 {
		t.Errorf("git apply and patch differ:\n%s", r.stdout)
	}

	if again := tool(t, patched, "apply"); again.status != 0 || again.stdout != "" {
		t.Errorf("a second apply: status %d\n%s%s", again.status, again.stdout, again.stderr)
	}
	if check := tool(t, patched, "check"); check.status != 0 || check.stdout != "" {
		t.Errorf("check of the patched sources: status %d\n%s%s", check.status, check.stdout, check.stderr)
	}

	before := warnings(mustRun(t, plain, nil, "bash", "-ec", build))
	after := warnings(mustRun(t, patched, nil, "bash", "-ec", build))
	for _, w := range slices.Sorted(maps.Keys(after)) {
		if after[w] > before[w] {
			t.Errorf("a new warning: %s", w)
		}
	}
	return patched
}

var warning = regexp.MustCompile(`(?m)^([^:\s]+):\d+:(?:\d+:)? (warning: .*)$`)

// warnings counts what the compiler warned of, by file and text: lines move.
func warnings(r result) map[string]int {
	n := map[string]int{}
	for _, m := range warning.FindAllStringSubmatch(r.stdout+"\n"+r.stderr, -1) {
		n[m[1]+": "+m[2]]++
	}
	return n
}

// The count of warnings is one of the compiler's, with -Wall on.
func TestWarnings(t *testing.T) {
	need(t, "gcc", "bash")
	dir := t.TempDir()
	src := "int f(void) { int unused; return 0; }\nint g(void) { int unused; return 0; }\n"
	if err := os.WriteFile(filepath.Join(dir, "a.c"), []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	got := warnings(mustRun(t, dir, nil, "bash", "-ec", "gcc $CFLAGS -c a.c"))
	want := map[string]int{"a.c: warning: unused variable 'unused' [-Wunused-variable]": 2}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
