package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

func TestArrange(t *testing.T) {
	app := newApp(&env{})
	for in, want := range map[string]string{
		"":                                "",
		"--version":                       "--version",
		"scan":                            "scan",
		"scan a --format json b":          "scan --format json -- a b",
		"scan a -f json":                  "scan --format json -- a",
		"scan -fjson a":                   "scan --format json -- a",
		"scan -f=json a":                  "scan --format=json -- a",
		"scan -j4 -o json=x --output y=z": "scan --jobs 4 --output json=x --output y=z",
		"scan - a":                        "scan -- - a",
		"scan a -- --format b":            "scan -- a --format b",
		"scan --unknown a --strict":       "scan --unknown --strict -- a",
		"check a --strict b":              "check --strict -- a b",
		"check --strict=false a":          "check --strict=false -- a",
		"help scan":                       "help scan",
		"nothing a --b":                   "nothing a --b",
		"--help scan x":                   "--help scan -- x",
	} {
		got, err := arrange(app, strings.Fields(in))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v, want %q", in, strings.Join(got, " "), err, want)
		}
	}
	if _, err := arrange(app, []string{"scan", "a", "--format"}); err == nil {
		t.Error("an option without its value")
	}
}

// tree makes empty files.
func tree(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if err := os.MkdirAll(filepath.Dir(n), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(n, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProgramRoots(t *testing.T) {
	t.Chdir(t.TempDir())
	tree(t, "shelf/a/README", "shelf/a/x.c", "shelf/b/configure", "shelf/c/x.c", "shelf/.hidden/README", "shelf/list.txt",
		"deep/net/p/COPYING", "deep/net/q/.git/HEAD", "deep/mail/r/license.md",
		"one/README.md", "one/lib/README", "one/src/README", "two/src/x.c", "two/lib/x.c", "two/x.c",
		"bare/src/x.c", "bare/lib/x.c", "single/a/README", "repo/.git/HEAD", "repo/a/README", "repo/b/README",
		"toodeep/1/2/3/a/README", "toodeep/1/2/3/b/README")
	for path, want := range map[string][]string{
		"shelf": {"shelf/a", "shelf/b", "shelf/c"}, "./shelf/": {"shelf/a", "shelf/b", "shelf/c"},
		"deep": {"deep/mail", "deep/net/p", "deep/net/q"},
		"one":  nil, "two": nil, "bare": nil, "single": nil, "toodeep": nil, "missing": nil, "two/x.c": nil,
		"repo": {"repo/a", "repo/b"},
	} {
		roots, others := programRoots([]string{path})
		if diff := cmp.Diff(want, roots); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		if (len(others) == 0) != (len(want) > 0) {
			t.Errorf("%s: others %q", path, others)
		}
	}
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	roots, _ := programRoots([]string{filepath.Join(cwd, "repo"), "repo"})
	if diff := cmp.Diff([]string{"repo/a", "repo/b"}, roots); diff != "" {
		t.Error(diff)
	}
	t.Chdir("repo")
	roots, _ = programRoots([]string{"."})
	if diff := cmp.Diff([]string{"a", "b"}, roots); diff != "" {
		t.Error(diff)
	}
}

func TestExcludes(t *testing.T) {
	patterns := []string{"*_test.c", "third_party/", "src/gen/", "src/*.c", "./src/deep/x.c", "**/tmp/*", "other/a"}
	for here, want := range map[string][]string{
		".":        {"*_test.c", "third_party/", "src/gen/", "src/*.c", "src/deep/x.c", "**/tmp/*", "other/a"},
		"src":      {"*_test.c", "third_party/", "gen/", "*.c", "deep/x.c", "**/tmp/*", "../other/a"},
		"src/deep": {"*_test.c", "third_party/", "../gen/", "../*.c", "x.c", "**/tmp/*", "../../other/a"},
		"src/gen":  {"*_test.c", "third_party/", "**/*", "../*.c", "../deep/x.c", "**/tmp/*", "../../other/a"},
		"src/x.c":  {"*_test.c", "third_party/", "../gen/", "**/*", "../deep/x.c", "**/tmp/*", "../../other/a"},
	} {
		if diff := cmp.Diff(want, excludesFor(patterns, here)); diff != "" {
			t.Errorf("%s: %s", here, diff)
		}
	}
}

func TestShard(t *testing.T) {
	for n := 1; n <= 5; n++ {
		for i := range 20 {
			in := 0
			for k := 1; k <= n; k++ {
				if (shard{k, n}).has(i) {
					in++
				}
			}
			if in != 1 {
				t.Errorf("program %d is in %d of %d shards", i, in, n)
			}
		}
	}
	for _, s := range []string{"0/1", "2/1", "1", "1/", "/1", "a/b", "-1/2", "1/0", "1/2/3"} {
		if _, err := parseShard(s); err == nil {
			t.Errorf("took %q", s)
		}
	}
}

func TestColored(t *testing.T) {
	var out bytes.Buffer // no terminal
	for _, c := range []struct {
		when, no, force, term string
		want                  bool
	}{
		{"auto", "", "", "xterm", false}, {"always", "", "", "xterm", true}, {"never", "", "1", "xterm", false},
		{"auto", "", "1", "xterm", true}, {"auto", "", "1", "dumb", true}, {"auto", "1", "1", "xterm", false},
		{"auto", "", "0", "xterm", false}, {"always", "1", "", "dumb", true},
	} {
		t.Setenv("NO_COLOR", c.no)
		t.Setenv("FORCE_COLOR", c.force)
		t.Setenv("TERM", c.term)
		if got := colored(c.when, &out); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{"src/a-b_c.c": "src/a-b_c.c", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(x)": "'$(x)'", "*": "'*'"} {
		if got := shellQuote(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	for in, want := range map[string]string{"a.c:3": "a.c 3", "a.c:3:7": "a.c 3", "a:b.c:3": "a:b.c 3", "a:1:b.c:3": "a:1:b.c 3", "C:\\x.c:3": "C:\\x.c 3"} {
		file, line, err := placeOf(in)
		if got := file + " " + strconv.Itoa(line); err != nil || got != want {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "a.c", "a.c:", "a.c:x", "a.c:-1", ":3", "a.c:0"} {
		if file, line, err := placeOf(in); err == nil {
			t.Errorf("%q: got %q %d", in, file, line)
		}
	}
}

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, total: 100, done: 40, begin: time.Now()}
	first, second := p.part(), p.part()
	first(2, 10)
	second(3, 10)
	p.clear()
	if out.Len() > 0 {
		t.Errorf("a short run shows %q", out.String())
	}
	p.begin = p.begin.Add(-2 * quietFor)
	first(3, 10)
	second(6, 10) // at once again
	p.clear()
	p.clear()
	if want := "\r\x1b[K46 of 100 files\r\x1b[K"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// What stands behind the program that "run" starts belongs to that program.
func TestArrangePassesThrough(t *testing.T) {
	app := newApp(&env{})
	app.Commands = append(app.Commands, &cli.Command{Name: "run", Flags: []cli.Flag{&cli.IntFlag{Name: "idle"}, &cli.BoolFlag{Name: "report"}}})
	for in, want := range map[string]string{
		"run prog --idle 3":                "run -- prog --idle 3",
		"run --idle 60 --report prog -x y": "run --idle 60 --report -- prog -x y",
		"run --idle=60 -- prog --report":   "run --idle=60 -- prog --report",
	} {
		if got, err := arrange(app, strings.Fields(in)); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v, want %q", in, strings.Join(got, " "), err, want)
		}
	}
}

// A command that ends as another program did hands its status on.
func TestExitStatusOfCommands(t *testing.T) {
	var out, errs bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	for code, err := range map[int]error{0: nil, 2: errSilent, 77: cli.Exit("", 77)} {
		e.status = 0
		if got := e.finish(err); got != code {
			t.Errorf("%v: status %d, want %d", err, got, code)
		}
	}
	if out.Len()+errs.Len() > 0 {
		t.Errorf("printed %q %q", out.String(), errs.String())
	}
}
