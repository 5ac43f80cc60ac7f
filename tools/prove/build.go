package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// warnings is what projects are built with: a new one on a patched line is a fault.
const warnings = "-O1 -g0 -Wall -Wextra -Wshadow"

// build is a tree that was built as it came.
type build struct {
	tree, log string
	make      []string
	seen      map[string]int // complaint without its line -> how often
}

// manners are the ways to make a tree ready, by a file that shows which one is
// meant. The first that is there is tried. %s stands for the compiler's flags.
var manners = []struct{ file, prepare, make string }{
	{"configure", "CFLAGS='%s' ./configure --disable-dependency-tracking", "make -k"},
	{"Configure", "", ""}, // asks questions or is perl: not tried
	{"CMakeLists.txt", "cmake -S . -B keepatch-build -DCMAKE_C_FLAGS='%s'", "make -k -C keepatch-build"},
	{"meson.build", "CFLAGS='%s' meson setup keepatch-build", "ninja -k 0 -C keepatch-build"},
	{"autogen.sh", "NOCONFIGURE=1 ./autogen.sh && CFLAGS='%s' ./configure --disable-dependency-tracking", "make -k"},
	{"configure.ac", "autoreconf -fi && CFLAGS='%s' ./configure --disable-dependency-tracking", "make -k"},
	{"Makefile", "true", "make -k"},
	{"GNUmakefile", "true", "make -k"},
	{"src/Makefile", "true", "make -k -C src"},
}

// baseline configures and builds a tree before it is patched. Nil when it does not
// build here, which says nothing about the patch.
func (p *prover) baseline(dir, tree string) *build {
	for _, m := range manners {
		if _, err := os.Stat(filepath.Join(tree, m.file)); err != nil {
			continue
		}
		if m.make == "" {
			return nil
		}
		b := &build{tree: tree, log: dir, make: append(strings.Fields(m.make), fmt.Sprintf("-j%d", p.jobs))}
		prepare := m.prepare
		if strings.Contains(prepare, "%s") {
			prepare = fmt.Sprintf(prepare, warnings)
		}
		// A patched file is built anew because it is newer than its object, so nothing
		// may stem from the future or from this very second.
		p.run(tree, "find", ".", "-newermt", "-1 minute", "-exec", "touch", "-d", "-1 hour", "{}", "+")
		if _, ok := p.log(b, "prepare.log", "sh", "-c", prepare); !ok {
			return nil
		}
		text, ok := p.log(b, "before.log", b.make[0], b.make[1:]...)
		if !ok {
			return nil
		}
		b.seen = complaints(text, tree)
		return b
	}
	return nil
}

// rebuilt builds what the patch changed and reports new complaints.
func (p *prover) rebuilt(o *outcome, b *build) string {
	text, ok := p.log(b, "after.log", b.make[0], b.make[1:]...)
	if !ok {
		o.fault("does not build any more: %s", firstLine([]byte(lastError(text))))
		return "broken"
	}
	for what, n := range complaints(text, b.tree) {
		if n > b.seen[what] {
			o.fault("new: %s", what)
		}
	}
	return "same"
}

// log runs a step of a build, keeps what it printed, and reports whether it went well.
func (p *prover) log(b *build, name, program string, args ...string) ([]byte, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = b.tree
	cmd.Env = append(os.Environ(), "LC_ALL=C")
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
