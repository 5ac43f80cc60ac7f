package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// prover holds how projects are judged.
type prover struct {
	keepatch, toggle, work string
	build, deps            bool
	recipes                map[string]recipe
	bin                    string // the compilers that add warnings
	jobs                   int
	timeout                time.Duration
}

// outcome is what happened to one project.
type outcome struct {
	name    string
	patched int // sockets
	left    int // sockets without keepalive that stay so, with a reason
	built   string
	faults  []string
}

func (o *outcome) fault(format string, args ...any) {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
}

// prove patches a copy of a tree and asks each judge. What goes wrong on the way
// is a fault of the project's outcome; the run goes on with the next project.
func (p *prover) prove(tree string) *outcome {
	o := &outcome{name: filepath.Base(tree), built: "-"}
	dir := filepath.Join(p.work, o.name)
	copied := filepath.Join(dir, "tree")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o777)); err != nil {
		o.fault("%v", err)
		return o
	}
	if _, err := p.run(dir, "cp", "-a", tree, copied); err != nil {
		o.fault("copy: %v", err)
		return o
	}
	defer os.RemoveAll(copied)

	before, err := p.scan(copied)
	if err != nil {
		o.fault("scan: %v", err)
		return o
	}
	for _, s := range before {
		switch {
		case s.Verdict != "missing":
		case s.Fix.Status == "patch":
			o.patched++
		case s.Fix.Status == "none":
			o.left++
		}
	}
	diff, err := p.run(copied, p.keepatch, "apply", ".")
	if err != nil {
		o.fault("apply: %v", err)
		return o
	}
	if len(diff) == 0 {
		if o.patched > 0 {
			o.fault("scan promises %d patches, apply prints none", o.patched)
		}
		return o
	}
	patch := filepath.Join(dir, "keepatch.diff")
	if err := os.WriteFile(patch, diff, 0o666); err != nil {
		o.fault("%v", err)
		return o
	}
	p.applies(o, copied, patch)
	p.selections(o, dir, tree, patch)
	var base *build
	if p.build {
		if base = p.baseline(o.name, dir, copied); base == nil {
			o.built = "not here"
		}
	}
	p.written(o, copied, patch, before)
	if base != nil {
		o.built = p.rebuilt(o, base)
	}
	return o
}

// applies asks the two programs that people apply patches with.
func (p *prover) applies(o *outcome, tree, patch string) {
	if out, err := p.run(tree, "git", "apply", "--check", patch); err != nil {
		o.fault("git apply: %v %s", err, firstLine(out))
	}
	if out, err := p.run(tree, "patch", "-p1", "-s", "--dry-run", "-i", patch); err != nil {
		o.fault("patch: %v %s", err, firstLine(out))
	}
}

// selections compiles the inserted lines under many selections of #if, in a copy
// of its own, since the judge may leave files there when its time is over.
func (p *prover) selections(o *outcome, dir, tree, patch string) {
	if p.toggle == "" {
		return
	}
	own := filepath.Join(dir, "selections")
	defer os.RemoveAll(own)
	if _, err := p.run(dir, "cp", "-a", tree, own); err != nil {
		o.fault("copy: %v", err)
		return
	}
	tree = own
	out, err := p.run(dir, p.toggle, tree, patch)
	var status *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &status) && status.ExitCode() == 1:
		for line := range strings.Lines(string(out)) {
			o.fault("selections: %s", strings.TrimSpace(line))
		}
	default:
		o.fault("selections: %v", err)
	}
}

// written writes the patch: the tree has to become what the diff says, a second
// run has to find nothing to do, and no socket may lack keepalive but those that
// apply gave up with a reason.
func (p *prover) written(o *outcome, tree, patch string, before []site) {
	if _, err := p.run(tree, p.keepatch, "apply", "--write", "."); err != nil {
		o.fault("apply --write: %v", err)
		return
	}
	if out, err := p.run(tree, "patch", "-p1", "-s", "-R", "--dry-run", "-i", patch); err != nil {
		o.fault("the written tree is not what the diff says: %v %s", err, firstLine(out))
	}
	if again, err := p.run(tree, p.keepatch, "apply", "."); err != nil || len(again) > 0 {
		o.fault("the second apply prints %d bytes: %v", len(again), err)
	}
	after, err := p.scan(tree)
	if err != nil {
		o.fault("scan afterwards: %v", err)
		return
	}
	given := map[string]int{}
	for _, s := range before {
		if s.open() {
			given[s.key()]++
		}
	}
	for _, s := range after {
		if !s.open() {
			continue
		}
		if given[s.key()]--; given[s.key()] < 0 {
			o.fault("%s:%d: %s (%s) after the patch, and apply did not say so", s.File, s.Line, s.Verdict, s.Fix.Reason)
		}
	}
}

// site is the part of the report that is looked at.
type site struct {
	File     string
	Line     int
	Function string
	Call     string
	Verdict  string
	Fix      struct{ Status, Reason string }
}

// open reports whether the socket lacks keepalive and stays so.
func (s site) open() bool { return s.Verdict == "missing" && s.Fix.Status != "patch" }

// key names a site without its line, which a patch moves.
func (s site) key() string { return s.File + "\x00" + s.Function + "\x00" + s.Call }

func (p *prover) scan(tree string) ([]site, error) {
	out, err := p.run(tree, p.keepatch, "scan", "--format", "json", ".")
	if err != nil && len(out) == 0 {
		return nil, err
	}
	var report struct{ Sites []site }
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, err
	}
	return report.Sites, nil
}

// run runs a program in a folder under the time limit and returns its standard
// output; the error holds the first line of its standard error. Status 2 of
// keepatch for a file that it cannot read is no error, the rest was done.
func (p *prover) run(dir, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: stopped after %v", filepath.Base(name), p.timeout)
	}
	var status *exec.ExitError
	if errors.As(err, &status) && name == p.keepatch && status.ExitCode() == 2 &&
		!bytes.Contains(stderr.Bytes(), []byte("internal error")) {
		return out, nil
	}
	if err != nil {
		return out, fmt.Errorf("%w: %s", err, firstLine(stderr.Bytes()))
	}
	return out, nil
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}
