package since

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repo is a git repository in a temporary folder.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	for k, v := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.org",
		"GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@example.org",
	} {
		t.Setenv(k, v)
	}
	r := &repo{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	// What users set in their configuration must not change what is read.
	r.git("config", "diff.noprefix", "true")
	r.git("config", "diff.mnemonicPrefix", "true")
	r.git("config", "color.ui", "always")
	return r
}

func (r *repo) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r *repo) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) commit() {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x")
}

func (r *repo) since(dir, rev string) *Change {
	r.t.Helper()
	c, err := Since(filepath.Join(r.dir, dir), rev)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func touched(c *Change, file string, upTo int) (lines []int) {
	for l := 1; l <= upTo; l++ {
		if c.Touches(file, l) {
			lines = append(lines, l)
		}
	}
	return lines
}

func TestSince(t *testing.T) {
	r := newRepo(t)
	r.write("src/a.c", "1\n2\n3\n4\n5\n")
	r.write("src/same.c", "same\n")
	r.write("src/gone.c", "gone\n")
	r.write("src/old.c", "a\nb\nc\nd\ne\nf\ng\nh\n")
	r.write("src/gr\u00f6\u00dfe \"x\".c", "1\n2\n")
	r.write("-- a.c", "1\n")
	r.commit()
	r.write("src/a.c", "1\nnew\n2\n3\n--- not a file\n+++ nor this\n5\n")
	r.write("src/gr\u00f6\u00dfe \"x\".c", "1\nB\n")
	r.write("src/new.c", "untracked\n")
	r.write("-- a.c", "2\n")
	r.git("rm", "-q", "src/gone.c")
	r.git("mv", "src/old.c", "src/renamed.c")
	r.write("src/renamed.c", "a\nb\nc\nd\nE\nf\ng\nh\n")

	c := r.since("", "HEAD")
	for file, want := range map[string][]int{
		"src/a.c": {2, 5, 6}, "src/same.c": nil, "src/new.c": {1, 2, 3, 4, 5, 6, 7, 8, 9}, "src/gr\u00f6\u00dfe \"x\".c": {2},
		"src/renamed.c": {5}, "-- a.c": {1},
	} {
		if diff := cmp.Diff(want, touched(c, file, 9)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
	if c.Empty() {
		t.Error("nothing changed")
	}
	all := func(string) bool { return true }
	got := c.Before([]string{"src/a.c", "src/new.c", "src/renamed.c", "src/same.c"}, all)
	if diff := cmp.Diff([]string{"src/a.c", "src/gone.c", "src/renamed.c", "src/same.c"}, got); diff != "" {
		t.Error(diff)
	}
	for file, want := range map[string]string{"src/a.c": "1\n2\n3\n4\n5\n", "src/gone.c": "gone\n", "src/same.c": "same\n",
		"src/renamed.c": "a\nb\nc\nd\ne\nf\ng\nh\n"} {
		text, err := c.Read(file)
		if err != nil || string(text) != want {
			t.Errorf("%s: got %q, %v", file, text, err)
		}
	}

	// The same from a folder of the repository.
	c = r.since("src", "HEAD")
	if diff := cmp.Diff([]int{2, 5, 6}, touched(c, "a.c", 9)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1}, touched(c, "../-- a.c", 1)); diff != "" {
		t.Error(diff)
	}
	if text, err := c.Read("renamed.c"); err != nil || len(text) != 16 {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestSinceBranch(t *testing.T) {
	r := newRepo(t)
	r.write("a.c", "1\n2\n3\n")
	r.commit()
	r.git("branch", "topic")
	r.write("a.c", "1\n2\n3\nmain\n")
	r.commit()
	r.git("checkout", "-q", "topic")
	r.write("a.c", "topic\n2\n3\n")
	r.commit()
	if got := touched(r.since("", "main..."), "a.c", 9); len(got) != 1 || got[0] != 1 {
		t.Errorf("since the branch left main: %v", got)
	}
	r.write("README", "x")
	if c := r.since("", "HEAD"); !c.Empty() {
		t.Error("a file that is no C is a change")
	}
}

func TestSinceErrors(t *testing.T) {
	r := newRepo(t)
	for rev, want := range map[string]string{
		"nothing": `git does not know the revision "nothing"`, "--output=x": "is no revision", "HEAD": "does not know", "x...": "does not know",
	} {
		if _, err := Since(r.dir, rev); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", rev, err)
		}
	}
	if _, err := Since(t.TempDir(), "HEAD"); err == nil || !strings.Contains(err.Error(), "no git repository") {
		t.Errorf("outside of a repository: %v", err)
	}
}
