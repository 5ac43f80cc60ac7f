package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// warnings is what projects are built with beside their own flags: a new one is a fault.
const warnings = "-Wall -Wextra -Wshadow"

// build is a tree that was built as it came.
type build struct {
	tree, log  string
	make, test string         // commands for the shell
	seen       map[string]int // complaint without its line -> how often
	tested     string
}

// recipe is how a project is built. The folder of tools that are called cc and gcc
// adds the warnings, whatever the build system makes of CFLAGS.
type recipe struct{ packages, prepare, make, test string }

// manners are the recipes of trees that have none of their own, by a file that
// shows which one is meant. The first that is there is tried.
var manners = []struct {
	file string
	recipe
}{
	{"configure", recipe{prepare: "sh ./configure", make: "make"}},
	{"Configure", recipe{}}, // asks questions or is perl: not tried
	{"CMakeLists.txt", recipe{prepare: "cmake -S . -B keepatch-build", make: "make -C keepatch-build"}},
	{"meson.build", recipe{prepare: "meson setup keepatch-build", make: "ninja -C keepatch-build"}},
	{"autogen.sh", recipe{prepare: "NOCONFIGURE=1 ./autogen.sh && ./configure", make: "make"}},
	{"configure.ac", recipe{prepare: "autoreconf -fi && ./configure", make: "make"}},
	{"Makefile", recipe{make: "make"}},
	{"GNUmakefile", recipe{make: "make"}},
	{"src/Makefile", recipe{make: "make -C src"}},
}

// readRecipes reads the file that testdata/builds.sh reads, too.
func readRecipes(file string) (map[string]recipe, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	all := map[string]recipe{}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "@")
		if len(f) != 5 {
			return nil, fmt.Errorf("%s:%d: %d fields, want 5", file, i+1, len(f))
		}
		if f[4] == "-" {
			f[4] = ""
		}
		all[f[0]] = recipe{packages: f[1], prepare: f[2], make: f[3], test: f[4]}
	}
	return all, nil
}

// recipe chooses how a tree is built.
func (p *prover) recipe(name, tree string) (recipe, bool) {
	if r, ok := p.recipes[name]; ok {
		return r, true
	}
	for _, m := range manners {
		if _, err := os.Stat(filepath.Join(tree, m.file)); err == nil {
			return m.recipe, m.make != ""
		}
	}
	return recipe{}, false
}

// compilers writes programs called cc and gcc that add the warnings while a build
// runs (and not while it is configured: its trials shall not see them).
func (p *prover) compilers() (string, error) {
	bin := filepath.Join(p.work, "bin")
	if err := os.MkdirAll(bin, 0o777); err != nil {
		return "", err
	}
	for _, name := range []string{"cc", "gcc"} {
		real, err := exec.LookPath(name)
		if err != nil {
			return "", err
		}
		script := "#!/bin/sh\n[ -n \"$KEEPATCH_WARN\" ] || exec " + real + " \"$@\"\nexec " + real + " \"$@\" $KEEPATCH_WARN\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o777); err != nil {
			return "", err
		}
	}
	return bin, nil
}

// baseline configures and builds a tree before it is patched. Nil when it does not
// build here, which says nothing about the patch.
func (p *prover) baseline(name, dir, tree string) *build {
	r, ok := p.recipe(name, tree)
	if !ok {
		return nil
	}
	if p.deps && r.packages != "" {
		if _, err := p.run(dir, "apt-get", append([]string{"install", "-y", "-q"}, strings.Fields(r.packages)...)...); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		}
	}
	b := &build{tree: tree, log: dir, make: r.make, test: r.test}
	// A patched file is built anew because it is newer than its object, so nothing
	// may stem from the future or from this very second; and unpacking leaves times
	// that make automake run again.
	p.run(tree, "find", ".", "-newermt", "-1 minute", "-exec", "touch", "-d", "-1 hour", "{}", "+")
	for _, made := range []string{"aclocal.m4", "config.h.in", "configure", "Makefile.in"} {
		p.run(tree, "find", ".", "-name", made, "-exec", "touch", "-d", "-30 minutes", "{}", "+")
	}
	if _, ok := p.log(b, "prepare.log", "", r.prepare); !ok {
		return nil
	}
	text, ok := p.log(b, "before.log", warnings, p.command(b))
	if !ok {
		return nil
	}
	b.seen = complaints(text, tree)
	b.tested = p.tests(b, "before.test")
	return b
}

func (p *prover) command(b *build) string {
	if strings.HasPrefix(b.make, "make") {
		return fmt.Sprintf("%s -j%d MAKEINFO=true", b.make, p.jobs)
	}
	return b.make
}

// rebuilt builds what the patch changed and reports new complaints and changed tests.
func (p *prover) rebuilt(o *outcome, b *build) string {
	text, ok := p.log(b, "after.log", warnings, p.command(b))
	if !ok {
		o.fault("does not build any more: %s", firstLine([]byte(lastError(text))))
		return "broken"
	}
	after := complaints(text, b.tree)
	for _, what := range slices.Sorted(maps.Keys(after)) {
		if after[what] > b.seen[what] {
			o.fault("new: %s", what)
		}
	}
	// A build that compiles nothing of what was patched proves nothing.
	if n := compiled(text, b.log); n == 0 {
		return "not compiled here"
	}
	if tested := p.tests(b, "after.test"); tested != b.tested {
		o.fault("the tests were %s and are %s", b.tested, tested)
	}
	how := "same"
	if objectFile.MatchString(b.make) {
		how += " (patched objects)"
	}
	if b.tested != "" {
		how += ", tests " + b.tested
	}
	return how
}

// objectFile recognises a recipe that makes some objects alone.
var objectFile = regexp.MustCompile(`\.l?o\b`)

// compiled counts the patched files that a build's log names.
func compiled(text []byte, dir string) (n int) {
	diff, _ := os.ReadFile(filepath.Join(dir, "keepatch.diff"))
	for line := range strings.Lines(string(diff)) {
		if file, ok := strings.CutPrefix(line, "+++ b/"); ok {
			base := strings.TrimSuffix(filepath.Base(strings.TrimSpace(file)), filepath.Ext(strings.TrimSpace(file)))
			if regexp.MustCompile(`\b` + regexp.QuoteMeta(base) + `\.(c|o|lo|h)\b`).Match(text) {
				n++
			}
		}
	}
	return n
}

var testLine = regexp.MustCompile(`(?m)^(?:(?:PASS|FAIL|XFAIL|XPASS|SKIP|ERROR|ok|not ok)\b).*$`)

// tests runs a project's own tests and says how they went: "ok" or "fail", and the
// number of the results that have a line of their own.
func (p *prover) tests(b *build, name string) string {
	if b.test == "" {
		return ""
	}
	text, ok := p.log(b, name, "", b.test)
	how := "fail"
	if ok {
		how = "ok"
	}
	count := map[string]int{}
	for _, line := range testLine.FindAll(text, -1) {
		word, _, _ := strings.Cut(string(line), ":")
		word, _, _ = strings.Cut(word, " ")
		count[word]++
	}
	for _, word := range slices.Sorted(maps.Keys(count)) {
		how += fmt.Sprintf(" %d %s", count[word], word)
	}
	return how
}

// log runs a step of a build, keeps what it printed, and reports whether it went well.
func (p *prover) log(b *build, name, warn, command string) ([]byte, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Dir = b.tree
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PATH="+p.bin+":"+os.Getenv("PATH"), "KEEPATCH_WARN=")
	if warn != "" {
		cmd.Env = append(cmd.Env, "KEEPATCH_WARN="+warn+" -Wno-error -O1 -g0")
	}
	text, err := cmd.CombinedOutput()
	os.WriteFile(filepath.Join(b.log, name), text, 0o666)
	return text, err == nil
}

var complaint = regexp.MustCompile(`(?m)^([^\s:][^:\n]*):\d+:(?:\d+:)? (warning|error): (.*)$`)

// complaints counts what the compiler says, without lines, which a patch moves.
func complaints(text []byte, tree string) map[string]int {
	seen := map[string]int{}
	for _, m := range complaint.FindAllSubmatch(text, -1) {
		file := strings.TrimPrefix(string(m[1]), tree+"/")
		seen[fmt.Sprintf("%s: %s: %s", filepath.Base(file), m[2], m[3])]++
	}
	return seen
}

// lastError is the line in which a build says why it failed.
func lastError(text []byte) string {
	var last string
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte("error")) || bytes.Contains(line, []byte("undefined reference")) {
			last = string(line)
			break
		}
	}
	return last
}
