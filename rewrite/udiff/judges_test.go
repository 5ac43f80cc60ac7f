package udiff

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// judge is a program that applies a diff read from stdin to the files below
// its working directory.
type judge struct {
	name string
	args []string
}

var judges = []judge{
	// With --fuzz=0 and the check of the output below, patch is as strict as
	// git: a hunk must lie where it says.
	{"patch", []string{"-p1", "--binary", "--fuzz=0"}},
	{"git", []string{"apply", "-p1", "--whitespace=nowarn"}},
}

// sample is one file before and after, and the diff between.
type sample struct {
	name     string
	old, new []byte
	diff     []byte
}

// try applies the diffs of all samples in one run and compares the files.
func (j judge) try(t *testing.T, samples []sample) {
	t.Helper()
	exe, err := exec.LookPath(j.name)
	if err != nil {
		t.Skipf("no %s on PATH", j.name)
	}
	dir := t.TempDir()
	var all bytes.Buffer
	for _, s := range samples {
		path := filepath.Join(dir, filepath.FromSlash(s.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, s.old, 0o666); err != nil {
			t.Fatal(err)
		}
		all.Write(s.diff)
	}
	cmd := exec.Command(exe, j.args...)
	cmd.Dir, cmd.Stdin = dir, &all
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("offset")) || bytes.Contains(out, []byte("fuzz")) {
		t.Fatalf("%s: %v\n%.2000s", j.name, err, out)
	}
	for _, s := range samples {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(s.name)))
		if err != nil || !bytes.Equal(got, s.new) {
			t.Errorf("%s: %s is %q, %v; want %q\n%s", j.name, s.name, got, err, s.new, s.diff)
		}
	}
}

func eachJudge(t *testing.T, samples []sample) {
	for _, j := range judges {
		t.Run(j.name, func(t *testing.T) { j.try(t, samples) })
	}
}

func TestJudgesRandomInsertions(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	var unified, direct []sample
	for i := range 400 {
		old, ins, new := randomCase(r)
		s := sample{name: fmt.Sprintf("d/f%d.c", i), old: old, new: new}
		var err error
		if s.diff, err = Unified("a/"+s.name, "b/"+s.name, old, new, 3); err != nil {
			t.Fatal(err)
		}
		unified = append(unified, s)
		if s.diff, err = Insertions("a/"+s.name, "b/"+s.name, old, ins, 3); err != nil {
			t.Fatal(err)
		}
		direct = append(direct, s)
	}
	t.Run("Unified", func(t *testing.T) { eachJudge(t, unified) })
	t.Run("Insertions", func(t *testing.T) { eachJudge(t, direct) })
}

// Changes of every kind, unended last lines and empty files among them.
func TestJudgesRandomChanges(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	var samples []sample
	for i := range 400 {
		old, _, _ := randomCase(r)
		_, _, new := randomCase(r)
		if r.Intn(2) == 0 { // a change within a line
			new = bytes.Clone(old)
			if len(new) > 0 {
				new[r.Intn(len(new))] = 'Z'
			}
		}
		if len(new) == 0 {
			continue // patch removes a file that becomes empty in some settings
		}
		s := sample{name: fmt.Sprintf("f%d.c", i), old: old, new: new}
		var err error
		if s.diff, err = Unified("a/"+s.name, "b/"+s.name, old, new, 3); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, s)
	}
	eachJudge(t, samples)
}

func TestJudgesFileNames(t *testing.T) {
	names := []string{"plain.c", "with blank.c", "two  blanks .c", "d ir/f.c", "tab\tin.c", "quote\".c", "back\\slash.c", "new\nline.c",
		"\xc3\xa9t\xc3\xa9.c", "latin\xe9.c", "latin \xe9.c", "bell\a\b\v\f\r.c", "del\x7f.c", "--- x.c", "it's.c", "a b/c d.c", "#1.c", "$x.c"}
	var samples []sample
	for _, n := range names {
		d, err := Insertions("a/"+n, "b/"+n, []byte("x\n"), []Insertion{{Line: 1, Lines: lines("y\n")}}, 3)
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, sample{n, []byte("x\n"), []byte("x\ny\n"), d})
	}
	eachJudge(t, samples)
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"a/f.c": "a/f.c", "a/f g.c": "a/f g.c\t", "a/\xc3\xa9": `"a/\303\251"`, "a/\xe9 b": "\"a/\\351 b\"\t",
		"a/\"\\\t": `"a/\"\\\t"`, "a/\x01\x7f": `"a/\001\177"`, "it's": "it's",
	} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// git diff itself is the judge of the names and the hunks.
func TestSameAsGitDiff(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git on PATH")
	}
	dir := t.TempDir()
	old := []byte("1\n2\n3\n4\n5\n6\n7\n8\n9")
	new := []byte("1\nx\n2\n3\n4\n5\n6\n7\n8\n9\n")
	for _, name := range []string{"f.c", "f g.c", "\xc3\xa9 \".c"} {
		for sub, text := range map[string][]byte{"a": old, "b": new} {
			os.MkdirAll(filepath.Join(dir, sub), 0o777)
			if err := os.WriteFile(filepath.Join(dir, sub, name), text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(git, "-c", "core.quotepath=true", "diff", "--no-index", "--no-prefix", "a/"+name, "b/"+name)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		out, _ := cmd.Output() // exit status 1 says that they differ
		_, want, found := strings.Cut(string(out), "\n--- ")
		if !found {
			t.Fatalf("no diff from git: %q", out)
		}
		var kept []string // without git's function name after the header
		for _, l := range strings.SplitAfter("--- "+want, "\n") {
			if i := strings.LastIndex(l, " @@"); strings.HasPrefix(l, "@@ ") && i > 0 {
				l = l[:i+3] + "\n"
			}
			kept = append(kept, l)
		}
		got, err := Unified("a/"+name, "b/"+name, old, new, 3)
		if err != nil || string(got) != strings.Join(kept, "") {
			t.Errorf("%v\n%s\ngit:\n%s", err, got, strings.Join(kept, ""))
		}
	}
}
