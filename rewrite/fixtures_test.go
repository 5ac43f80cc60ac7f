package rewrite

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
)

var update = flag.Bool("update", false, "write the golden diffs anew")

// TestFixtures patches each C file and header of testdata/c, compares the diff and what
// was left with the golden file, and drives the patch down every road: patch,
// git apply, the compiler, a second run.
func TestFixtures(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(here, "testdata/c/*.[ch]"))
	if err != nil || len(names) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			opt := fixtureOptions(t, src)
			base := filepath.Base(name)
			plan := planText(t, base, src, opt)
			got := goldenText(plan)
			if len(plan.Fixes) == 0 {
				t.Fatal("the analysis finds nothing to patch")
			}
			golden := strings.TrimSuffix(name, filepath.Ext(name)) + ".golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("other than the golden file (-want +got):\n%s", d)
			}
			for _, f := range plan.Files {
				roads(t, f)
				again := planText(t, base, f.New, opt)
				if len(again.Files) > 0 {
					t.Errorf("the second run is not empty:\n%s", again.Files[0].Diff)
				}
				for _, fix := range again.Fixes {
					if fix.Status == result.FixElsewhere && opt.Listeners == "" {
						t.Errorf("line %d: still missing after the patch, though %s", fix.Site.Line, fix.Reason)
					}
				}
			}
		})
	}
}

// planText analyses and plans one text.
func planText(t *testing.T, name string, src []byte, opt Options) *Plan {
	dir := t.TempDir()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, src, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir) // paths in diffs are relative
	rep := detect.Analyze([]string{name}, detect.Options{})
	for _, e := range rep.Errors {
		t.Error(e)
	}
	// Most fixtures show a function without its callers: that its listener is one
	// of TCP, which the analysis does not take on trust, is given.
	for _, s := range rep.Sites {
		if s.Role == result.Accepted && s.Verdict == result.Undecided && s.Keepalive == result.KeepaliveMissing {
			s.Verdict, s.Transport = result.Missing, result.MaybeTCP
		}
	}
	opt.Files, opt.Index = []string{name}, rep.Index
	return Make(rep.Sites, opt)
}

// goldenText is the diff and the reasons of what is not in it.
func goldenText(p *Plan) []byte {
	var b bytes.Buffer
	for _, f := range p.Fixes {
		if f.Status != result.FixPatch {
			fmt.Fprintf(&b, "# %d: %s: %s\n", f.Site.Line, f.Status, f.Reason)
		}
	}
	for _, f := range p.Files {
		b.Write(f.Diff)
	}
	return b.Bytes()
}

// fixtureOptions reads "/* options: idle=60 style=helper */" from the first
// line.
func fixtureOptions(t *testing.T, src []byte) Options {
	var opt Options
	line, _, _ := bytes.Cut(src, []byte("\n"))
	rest, ok := strings.CutPrefix(string(line), "/* options: ")
	if !ok {
		return opt
	}
	for _, o := range strings.Fields(strings.TrimSuffix(rest, "*/")) {
		key, value, _ := strings.Cut(o, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "idle":
			opt.Timers.Idle = n
		case "interval":
			opt.Timers.Interval = n
		case "count":
			opt.Timers.Count = n
		case "user-timeout":
			opt.Timers.UserTimeout = n
		case "style":
			opt.Style = value
		case "listeners":
			opt.Listeners = value
		case "on-error":
			opt.OnError = value
		default:
			t.Fatalf("unknown option %s", o)
		}
	}
	return opt
}

// roads applies a diff with the programs people use and compiles both texts.
func roads(t *testing.T, f *File) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, f.Path)
	for _, tool := range [][]string{
		{"patch", "-p1", "--binary", "-s", "-i", "x.diff"},
		{"git", "apply", "x.diff"},
	} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			t.Logf("no %s here", tool[0])
			continue
		}
		for name, text := range map[string][]byte{file: f.Src, filepath.Join(dir, "x.diff"): f.Diff} {
			if err := os.WriteFile(name, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(tool[0], tool[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", tool[0], err, out)
			continue
		}
		back, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(back, f.New) {
			t.Errorf("%s gives another text", tool[0])
		}
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Log("no gcc here")
		return
	}
	before, after := compileText(f.Src), compileText(f.New)
	if mixed := "ISO C90 forbids mixed declarations"; strings.Contains(before, mixed) {
		after = strings.ReplaceAll(after, "warning: "+mixed, mixed) // the file's own manner
	}
	if strings.Count(after, "warning:")+strings.Count(after, "error:") > strings.Count(before, "warning:")+strings.Count(before, "error:") {
		t.Errorf("the compiler complains of the patched text:\n%s", after)
	}
}

func compileText(text []byte) string {
	cmd := exec.Command("gcc", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Wdeclaration-after-statement", "-x", "c", "-")
	cmd.Stdin = bytes.NewReader(text)
	out, _ := cmd.CombinedOutput()
	return string(out)
}
