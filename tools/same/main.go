// Command same compares what two builds of keepatch print, byte for byte: the JSON
// report, check, apply, apply --switch and explain for each program, and explain for
// each rule. It names what differs, with the first line that does.
//
//	go run ./tools/same -base REV -new bin/keepatch FOLDER...
//
// Each folder is one program. The build to compare with is made of the revision in a
// worktree of its own, which is removed at the end. The exit status is 1 where
// something differs.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	base := flag.String("base", "", "the `REVISION` to compare with")
	bin := flag.String("new", "bin/keepatch", "the `BINARY` to compare")
	jobs := flag.Int("j", max(1, runtime.NumCPU()/2), "compare `N` programs at once")
	limit := flag.Duration("timeout", 2*time.Minute, "end a run after that `TIME`")
	flag.Parse()
	n, err := run(os.Stdout, *base, *bin, flag.Args(), *jobs, *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, "same:", err)
		os.Exit(2)
	}
	if n > 0 {
		os.Exit(1)
	}
}

// run compares the two builds over folders and returns how many outputs differ.
func run(w io.Writer, rev, bin string, folders []string, jobs int, limit time.Duration) (int, error) {
	if rev == "" || len(folders) == 0 {
		return 0, errors.New("usage: same -base REVISION FOLDERS")
	}
	bin, err := filepath.Abs(bin)
	if err != nil {
		return 0, err
	}
	tmp, err := os.MkdirTemp("", "keepatch-same-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)
	old, err := build(rev, tmp)
	if err != nil {
		return 0, err
	}
	found := make([][]string, len(folders)+1)
	var g errgroup.Group
	g.SetLimit(jobs)
	for i, dir := range folders {
		g.Go(func() error {
			found[i] = program(old, bin, dir, limit)
			return nil
		})
	}
	found[len(folders)] = rules(old, bin, limit)
	_ = g.Wait() // no errors are returned
	n := 0
	for _, list := range found {
		for _, s := range list {
			fmt.Fprintln(w, s)
			n++
		}
	}
	fmt.Fprintf(w, "%d programs, %d outputs differ\n", len(folders), n)
	return n, nil
}

// build makes the binary of a revision in a worktree below tmp.
func build(rev, tmp string) (string, error) {
	tree, bin := filepath.Join(tmp, "tree"), filepath.Join(tmp, "keepatch")
	for _, c := range [][]string{
		{"git", "worktree", "add", "--quiet", "--detach", tree, rev},
		{"go", "build", "-C", tree, "-o", bin, "."},
		{"git", "worktree", "remove", "--force", tree},
	} {
		if out, err := exec.Command(c[0], c[1:]...).CombinedOutput(); err != nil {
			_ = exec.Command("git", "worktree", "remove", "--force", tree).Run() // it may not be there
			return "", fmt.Errorf("%s: %w\n%s", strings.Join(c, " "), err, out)
		}
	}
	return bin, nil
}

// program compares the commands on one folder.
func program(old, bin, dir string, limit time.Duration) (diffs []string) {
	compare := func(args ...string) []byte {
		a, b := output(old, dir, limit, args), output(bin, dir, limit, args)
		if d := firstDifference(a, b); d != "" {
			diffs = append(diffs, fmt.Sprintf("%s: keepatch %s: %s", dir, strings.Join(args, " "), d))
		}
		return a
	}
	report := compare("scan", "--format", "json", ".")
	compare("check", ".")
	compare("apply", ".")
	compare("apply", "--switch", ".")
	if at := site(report); at != "" {
		compare("explain", at, ".")
	}
	return diffs
}

// site is the place of the first site that lacks keepalive, else of the first site; ""
// without one. The evidence of the others is in the report.
func site(report []byte) string {
	var r struct {
		Sites []struct {
			File, Verdict string
			Line          int
		}
	}
	if json.NewDecoder(bytes.NewReader(report)).Decode(&r) != nil || len(r.Sites) == 0 {
		return ""
	}
	s := r.Sites[0]
	for _, x := range r.Sites {
		if x.Verdict == "missing" {
			s = x
			break
		}
	}
	return s.File + ":" + strconv.Itoa(s.Line)
}

// rules compares the documentation of the rules.
func rules(old, bin string, limit time.Duration) (diffs []string) {
	for _, id := range regexp.MustCompile(`KA\d+`).FindAllString(string(output(old, ".", limit, []string{"explain"})), -1) {
		a, b := output(old, ".", limit, []string{"explain", id}), output(bin, ".", limit, []string{"explain", id})
		if d := firstDifference(a, b); d != "" {
			diffs = append(diffs, fmt.Sprintf("keepatch explain %s: %s", id, d))
		}
	}
	return diffs
}

var versionField = regexp.MustCompile(`"version": *"[^"]*"`)

// output is what a command prints on both streams, and its status; without the version.
func output(bin, dir string, limit time.Duration, args []string) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, bin, args...)
	c.Dir, c.Stdout, c.Stderr = dir, &out, &errs
	err := c.Run()
	fmt.Fprintf(&out, "\n--- stderr\n%s--- %v\n", errs.Bytes(), cmp.Or(ctx.Err(), err))
	return versionField.ReplaceAll(out.Bytes(), []byte(`"version": ""`))
}

// firstDifference tells where two outputs differ, "" where they do not.
func firstDifference(a, b []byte) string {
	if bytes.Equal(a, b) {
		return ""
	}
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	line := func(l []string) string {
		if i >= len(l) {
			return "nothing"
		}
		return strconv.Quote(l[i])
	}
	return fmt.Sprintf("line %d: was %s, is %s", i+1, line(x), line(y))
}
