package cli

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

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
		"help scan":                       "help -- scan",
		"nothing a --b":                   "nothing a --b",
		"--help scan x":                   "--help scan -- x",
	} {
		got, err := optionsFirst(app, strings.Fields(in))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v, want %q", in, strings.Join(got, " "), err, want)
		}
	}
	if _, err := optionsFirst(app, []string{"scan", "a", "--format"}); err == nil {
		t.Error("an option without its value")
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

// What stands behind the program that "run" starts belongs to that program.
func TestArrangePassesThrough(t *testing.T) {
	app := newApp(&env{})
	app.Commands = append(app.Commands, &cli.Command{Name: "run", Flags: []cli.Flag{&cli.IntFlag{Name: "idle"}, &cli.BoolFlag{Name: "report"}}})
	for in, want := range map[string]string{
		"run prog --idle 3":                "run -- prog --idle 3",
		"run --idle 60 --report prog -x y": "run --idle 60 --report -- prog -x y",
		"run --idle=60 -- prog --report":   "run --idle=60 -- prog --report",
	} {
		if got, err := optionsFirst(app, strings.Fields(in)); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, %v, want %q", in, strings.Join(got, " "), err, want)
		}
	}
}

// A command that ends as another program did hands its status on.
func TestExitStatusOfCommands(t *testing.T) {
	var out, errs bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
	for code, err := range map[int]error{0: nil, 2: errReported, 77: cli.Exit("", 77)} {
		e.status = 0
		if got := e.finish(err); got != code {
			t.Errorf("%v: status %d, want %d", err, got, code)
		}
	}
	if out.Len()+errs.Len() > 0 {
		t.Errorf("printed %q %q", out.String(), errs.String())
	}
}
