package walk

import (
	"fmt"
	"math/rand"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// runGit runs git in the working directory.
func runGit(t *testing.T, args ...string) string {
	t.Helper()
	if gitPath() == "" {
		t.Skip("no git on PATH")
	}
	// The rules and settings of whoever runs the tests are not theirs.
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	out, err := git(".", args...).Output()
	if err != nil {
		t.Fatalf("git %q: %v", args, err)
	}
	return string(out)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestGitIgnored(t *testing.T) {
	dir := inTree(t, "a.c", "gen.c", "forced.c", "build/b.c", "build/sub/c.c", "build/x.cc", "src/d.c", "src/gen.c", "src/keep/gen.c", ".github/g.c")
	runGit(t, "init", "-q")
	write(t, ".gitignore", "build/\ngen.c\nforced.c\n!**/keep/gen.c\n")
	runGit(t, "add", "-f", "forced.c", "a.c")

	plain := []string{"a.c", "build/b.c", "build/sub/c.c", "forced.c", "gen.c", "src/d.c", "src/gen.c", "src/keep/gen.c", "+build/x.cc"}
	kept := []string{"a.c", "forced.c", "src/d.c", "src/keep/gen.c"}
	check(t, nil, Options{}, kept...)
	check(t, nil, Options{NoIgnore: true}, plain...)
	check(t, []string{"src"}, Options{}, "src/d.c", "src/keep/gen.c")
	check(t, []string{"src/gen.c"}, Options{}, "*src/gen.c")
	// Named outright, an ignored folder is walked, and what lies in one too.
	check(t, []string{"build"}, Options{}, "build/b.c", "build/sub/c.c", "+build/x.cc")
	check(t, []string{"build/sub"}, Options{}, "build/sub/c.c")
	check(t, []string{".", "build/sub"}, Options{}, "a.c", "build/sub/c.c", "forced.c", "src/d.c", "src/keep/gen.c")
	t.Chdir("build")
	check(t, nil, Options{}, "b.c", "sub/c.c", "+x.cc")

	// Within a hook git points these at the repository of the commit.
	t.Chdir(dir)
	t.Setenv("GIT_DIR", filepath.Join(dir, "none"))
	t.Setenv("GIT_INDEX_FILE", "none")
	check(t, nil, Options{}, kept...)
	t.Chdir("src")
	check(t, []string{".."}, Options{}, "../a.c", "../forced.c", "d.c", "keep/gen.c")
}

// A cache that ignores itself with a * of its own, as many tools leave them.
func TestGitSelfIgnored(t *testing.T) {
	inTree(t, "a.c", "cache/b.c", "cache/sub/c.c")
	runGit(t, "init", "-q")
	write(t, "cache/.gitignore", "*\n")
	check(t, nil, Options{}, "a.c")
	check(t, []string{"cache"}, Options{}, "cache/b.c", "cache/sub/c.c")
	check(t, []string{"cache/sub"}, Options{}, "cache/sub/c.c")
}

// An ignored folder with a tracked file in it is ignored all the same.
func TestGitIgnoredWithTracked(t *testing.T) {
	inTree(t, "out/t.c", "out/u.c")
	runGit(t, "init", "-q")
	write(t, ".gitignore", "out/\n")
	runGit(t, "add", "-f", "out/t.c")
	check(t, nil, Options{}, "out/t.c")
	check(t, []string{"out"}, Options{}, "out/t.c", "out/u.c")
}

func TestGitNested(t *testing.T) {
	inTree(t, "a.c", "lib/b.c", "lib/gen.c", "lib/deep/gen.c", "lib/deep/d.c", "fake/.git/", "fake/f.c")
	runGit(t, "init", "-q")
	write(t, ".gitignore", "a.c\nb.c\n")
	t.Chdir("lib")
	runGit(t, "init", "-q")
	write(t, ".gitignore", "gen.c\n")
	t.Chdir("..")
	// Each repository by its own rules, and a .git that is none is no harm.
	check(t, nil, Options{}, "fake/f.c", "lib/b.c", "lib/deep/d.c")
	// No repository at the top, but one below.
	os.RemoveAll(".git")
	check(t, nil, Options{}, "a.c", "fake/f.c", "lib/b.c", "lib/deep/d.c")
}

func TestGitIndexIsNotTheTree(t *testing.T) {
	inTree(t, "a.c", "gone.c", "moved/m.c", "outside/x")
	runGit(t, "init", "-q")
	runGit(t, "add", ".")
	os.Remove("gone.c")
	os.Rename("moved", filepath.Join(t.TempDir(), "moved"))
	put(t, "moved -> outside")
	put(t, "outside/m.c")
	check(t, nil, Options{}, "a.c", "outside/m.c")
}

// A tree from elsewhere must not get its programs run by being looked at.
func TestGitRunsNothing(t *testing.T) {
	dir := inTree(t, "a.c")
	runGit(t, "init", "-q")
	script := filepath.Join(dir, "evil")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch '"+dir+"/ran'\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	runGit(t, "config", "core.fsmonitor", script)
	runGit(t, "add", "a.c")
	check(t, nil, Options{}, "a.c")
	if _, err := os.Stat("ran"); err == nil {
		t.Error("core.fsmonitor was run")
	}
}

func TestNoGit(t *testing.T) {
	inTree(t, "a.c", "gen.c", ".git/")
	write(t, ".gitignore", "gen.c\n")
	// A .git that is no repository: git fails, and the walk is plain.
	check(t, nil, Options{}, "a.c", "gen.c")
}

// git ls-files -co --exclude-standard is the judge over random trees and
// rules.
func TestSameAsLsFiles(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	names := []string{"a", "b", "build", "x"}
	rules := []string{"a", "/a", "b/", "build", "*.h", "!a", "!*.c", "x/*", "!x/a", "**/build/b", "a/**/x.c", "*", "!*/", "/b/x.c", "x.c", "!x.c"}
	pick := func(s []string) string { return s[r.Intn(len(s))] }
	for i := range 20 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			inTree(t, "top.c")
			runGit(t, "init", "-q")
			for range 5 + r.Intn(25) {
				var parts []string
				for range r.Intn(4) {
					parts = append(parts, pick(names))
				}
				put(t, path.Join(append(parts, pick(names)+pick([]string{".c", ".h"}))...))
			}
			dirs := []string{"."}
			filepath.WalkDir(".", func(p string, e os.DirEntry, _ error) error {
				if e.IsDir() && !strings.HasPrefix(p, ".git") {
					dirs = append(dirs, p)
				}
				return nil
			})
			for range 1 + r.Intn(4) {
				var text []string
				for range 1 + r.Intn(4) {
					text = append(text, pick(rules))
				}
				write(t, filepath.Join(pick(dirs), ".gitignore"), strings.Join(text, "\n")+"\n")
			}
			for range r.Intn(5) {
				git(".", "add", "-f", pick(dirs)).Run() // fails on an empty folder; no matter
			}
			for _, d := range dirs {
				if git(d, "check-ignore", "-q", "--no-index", ".").Run() == nil {
					continue // walked plainly
				}
				var want []string
				for _, f := range strings.Split(runGit(t, "ls-files", "-co", "--exclude-standard", "-z", d), "\x00") {
					if isC(f) {
						want = append(want, f)
					}
				}
				slices.Sort(want)
				want = slices.Compact(want)
				got := show(Expand([]string{d}, Options{}))
				if d != "." && len(want) == 0 {
					continue // all below is ignored, which counts as the folder being so
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: got %q, want %q", d, got, want)
				}
			}
		})
	}
}
