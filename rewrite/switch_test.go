package rewrite

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/rewrite/argswitch"
)

// TestSwitch gives each program of testdata/switch its switch, compares the
// patch with the golden file, applies it with the programs people use, compiles
// the result and tries the options of run.txt on it.
func TestSwitch(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(here, "testdata/switch")
	dirs, err := filepath.Glob(filepath.Join(root, "*/"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, dir := range dirs {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) { switchFixture(t, root, dir) })
	}
}

func switchFixture(t *testing.T, root, dir string) {
	work := t.TempDir()
	script, _ := os.ReadFile(filepath.Join(dir, "run.txt"))
	folders := []string{root, dir} // the second one wins
	if bytes.Contains(script, []byte("# alone")) {
		folders = folders[1:]
	}
	for _, from := range folders {
		for name, text := range filesIn(t, from) {
			if name == "run.txt" || strings.HasSuffix(name, ".golden") {
				continue
			}
			if err := os.MkdirAll(filepath.Dir(filepath.Join(work, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(work, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Chdir(work)
	opt := switchOptions(t, script)
	plan := switchPlan(t, opt)
	got := append([]byte(strings.Join(append(prefixed("# switch: ", plan.Notes), prefixed("# ", plan.Remarks)...), "")), goldenText(plan)...)
	golden := filepath.Join(root, filepath.Base(dir)+".golden")
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
	if len(plan.Files) == 0 {
		return
	}
	applyBoth(t, work, plan)
	if again := switchPlan(t, opt); len(again.Files) > 0 {
		t.Errorf("the second run is not empty:\n%s", goldenText(again))
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Log("no gcc here")
		return
	}
	// A library's user, which the analysis did not see.
	if b, err := os.ReadFile("user.txt"); err == nil {
		if err := os.WriteFile("user.c", b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat("Makefile"); err == nil {
		makeSwitch(t, script)
		return
	}
	sources := sourcesHere("*.c")
	mains := 0
	for _, s := range sources {
		if b, _ := os.ReadFile(s); bytes.Contains(b, []byte("main(")) || bytes.Contains(b, []byte("main (")) {
			mains++
			runSwitch(t, s, sources, script)
		}
	}
	if mains == 0 {
		t.Error("no program was built")
	}
}

func prefixed(p string, lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, p+l+"\n")
	}
	return out
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, pattern := range []string{"*", "*/*"} {
		if pattern == "*/*" && filepath.Base(dir) == "switch" {
			break // the fixtures themselves
		}
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if st, err := os.Stat(name); err != nil || st.IsDir() {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.ToSlash(rel)] = b
		}
	}
	return out
}

// switchPlan plans the working directory.
func switchPlan(t *testing.T, opt Options) *Plan {
	t.Helper()
	sources := sourcesHere("*.[ch]")
	rep := detect.Analyze(sources, detect.Options{})
	for _, e := range rep.Errors {
		t.Error(e)
	}
	opt.Files = sources
	return Make(rep.Sites, opt)
}

// sourcesHere lists files of the working directory and the folders in it.
func sourcesHere(pattern string) []string {
	out, _ := filepath.Glob(pattern)
	more, _ := filepath.Glob("*/" + pattern)
	out = append(out, more...)
	sort.Strings(out)
	return out
}

// switchOptions reads "# options: short=x env" from run.txt.
func switchOptions(t *testing.T, script []byte) Options {
	t.Helper()
	sw := &argswitch.Options{}
	opt := Options{Switch: sw}
	for _, l := range strings.Split(string(script), "\n") {
		rest, ok := strings.CutPrefix(l, "# options: ")
		if !ok {
			continue
		}
		for _, o := range strings.Fields(rest) {
			key, value, _ := strings.Cut(o, "=")
			switch key {
			case "short":
				sw.Short = value
			case "long":
				sw.Long = value
			case "main":
				sw.Main = value
			case "config":
				sw.Config = true
			case "both":
				sw.Both = true
			case "auto":
				sw.Auto = true
			case "env":
				sw.Env = true
			case "on":
				sw.On = true
			case "style":
				opt.Style = value
			default:
				t.Fatalf("unknown option %s", o)
			}
		}
	}
	return opt
}

// applyBoth applies the whole patch with git apply and with patch; the second
// one leaves it in the working directory.
func applyBoth(t *testing.T, work string, plan *Plan) {
	t.Helper()
	var diff []byte
	for _, f := range plan.Files {
		diff = append(diff, f.Diff...)
	}
	name := filepath.Join(t.TempDir(), "x.diff")
	if err := os.WriteFile(name, diff, 0o644); err != nil {
		t.Fatal(err)
	}
	check := func(tool string) {
		for _, f := range plan.Files {
			if b, err := os.ReadFile(f.Path); err != nil || !bytes.Equal(b, f.New) {
				t.Errorf("%s gives another text in %s (%v)", tool, f.Path, err)
			}
		}
	}
	if out, err := exec.Command("git", "apply", name).CombinedOutput(); err != nil {
		t.Errorf("git apply: %v\n%s", err, out)
	} else {
		check("git apply")
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(f.Path, f.Src, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath("patch"); err == nil {
		if out, err := exec.Command("patch", "-p1", "--binary", "-s", "-i", name).CombinedOutput(); err != nil {
			t.Errorf("patch: %v\n%s", err, out)
		}
		check("patch")
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(f.Path, f.New, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runSwitch builds one program out of its main file and the files without
// main(), and runs it: each line of the script is "ARGS => STATUS TEXT", where
// @NAME is a file of the fixture; "# cflags: ..." are further options of the compiler.
func runSwitch(t *testing.T, mainFile string, sources []string, script []byte) {
	t.Helper()
	prog := filepath.Join(t.TempDir(), "prog")
	args := []string{"-Wall", "-Wextra", "-Wshadow", "-Wdeclaration-after-statement", "-Werror", "-I.", "-o", prog, mainFile}
	for _, s := range sources {
		if b, _ := os.ReadFile(s); s != mainFile && !bytes.Contains(b, []byte("main(")) && !bytes.Contains(b, []byte("main (")) {
			args = append(args, s)
		}
	}
	for _, l := range strings.Split(string(script), "\n") {
		if flags, ok := strings.CutPrefix(l, "# cflags: "); ok {
			args = append(args, strings.Fields(flags)...)
		}
	}
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	tryLines(t, mainFile, prog, script)
}

// makeSwitch builds the programs of a fixture that has a makefile, all of them,
// and runs those that the script names: "./PROGRAM ARGS => STATUS TEXT".
func makeSwitch(t *testing.T, script []byte) {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Log("no make here")
		return
	}
	if out, err := exec.Command("make", "-s", "CFLAGS=-Wall -Wextra -Werror").CombinedOutput(); err != nil {
		t.Fatalf("make: %v\n%s", err, out)
	}
	byProg := map[string][]byte{}
	for _, l := range strings.Split(string(script), "\n") {
		if prog, rest, ok := strings.Cut(l, " "); ok && strings.HasPrefix(prog, "./") {
			byProg[prog] = append(byProg[prog], rest+"\n"...)
		}
	}
	for prog, lines := range byProg {
		here, err := filepath.Abs(prog)
		if err != nil {
			t.Fatal(err)
		}
		tryLines(t, prog, here, lines)
	}
}

// tryLines runs a program as the script says.
func tryLines(t *testing.T, mainFile, prog string, script []byte) {
	work, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Helper()
	for _, l := range strings.Split(string(script), "\n") {
		in, want, ok := strings.Cut(l, "=> ")
		if !ok || strings.HasPrefix(l, "#") || strings.HasPrefix(l, "./") {
			continue
		}
		var status int
		var text string
		if _, err := fmt.Sscanf(want, "%d", &status); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		_, text, _ = strings.Cut(want, " ")
		words := strings.Fields(in)
		env := os.Environ()
		for len(words) > 0 && strings.HasPrefix(words[0], "KEEP") {
			env = append(env, words[0])
			words = words[1:]
		}
		for i, w := range words { // a file of the fixture
			if name, ok := strings.CutPrefix(w, "@"); ok {
				words[i] = filepath.Join(work, name)
			}
		}
		cmd := exec.Command("./"+filepath.Base(prog), words...)
		cmd.Dir, cmd.Env = filepath.Dir(prog), env
		out, err := cmd.CombinedOutput()
		code := 0
		var x *exec.ExitError
		if errors.As(err, &x) {
			code = x.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if code != status || !strings.Contains(string(out), text) && !(mainFile == "one.c" && text == "two") {
			t.Errorf("%s: prog %s: status %d, output %q; want %d and %q", mainFile, in, code, out, status, text)
		}
	}
}
