package repo

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/cli"
)

func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// action is the part of action.yml that runs keepatch.
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Runs struct {
		Steps []struct {
			ID, Name, Run string
			Env           map[string]string
		} `yaml:"steps"`
	} `yaml:"runs"`
}

// script returns the shell script of a step.
func (a *action) script(t *testing.T, name string) string {
	t.Helper()
	for _, s := range a.Runs.Steps {
		if s.Name == name {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("step %q splices an expression into its script", name)
			}
			return s.Run
		}
	}
	t.Fatalf("action.yml has no step %q", name)
	return ""
}

// The action's scripts do what they say: report, leave the status for the last
// step, and fail there.
func TestAction(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	var a action
	readYAML(t, "action.yml", &a)
	dir, temp := t.TempDir(), t.TempDir() // of the checkout and of the runner
	bin := filepath.Join(temp, "bin")
	if out, err := exec.Command("go", "build", "-o", bin+string(filepath.Separator), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("bare $x.c", "#include <sys/socket.h>\nint f(void *a) { int fd = socket(AF_INET, SOCK_STREAM, 0); return connect(fd, a, 16); }\n")
	write("clean.c", "int x;\n")
	for _, c := range []struct {
		paths, args, fail string
		status, end       string
		prints            string
	}{
		{"clean.c", "", "true", "0", "ok", ""},
		{"bare $x.c\nclean.c", "", "true", "1", "exit status 1", "::error file=bare $x.c,line=2,"},
		{"bare $x.c", "", "false", "1", "ok", "::error file=bare $x.c,line=2,"},
		{"bare $x.c", "--max=1\n--strict", "true", "0", "ok", "::error "},
		{"nothing.c", "", "false", "2", "exit status 2", "nothing.c: no such file"},
		{"clean.c", "--nonsense", "true", "2", "exit status 2", "unknown option \"--nonsense\""},
		{"$(touch pwned)\n`touch pwned`", "--max=$(touch pwned)", "false", "2", "exit status 2", ""},
	} {
		for _, f := range []string{"output", "summary", "keepatch.sarif"} {
			_ = os.Remove(filepath.Join(temp, f))
		}
		env := append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "PATHS="+c.paths, "ARGS="+c.args, "SARIF="+a.Inputs["sarif"].Default,
			"RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"))
		sh := func(step string, env []string) (string, string) {
			cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", a.script(t, step))
			cmd.Dir, cmd.Env = dir, env
			out, err := cmd.CombinedOutput()
			if err != nil {
				return string(out), err.Error()
			}
			return string(out), "ok"
		}
		out, end := sh("keepatch check", env)
		if end != "ok" || !strings.Contains(out, c.prints) {
			t.Errorf("%q %q: %s\n%s", c.paths, c.args, end, out)
		}
		said, _ := os.ReadFile(filepath.Join(temp, "output"))
		sarif := filepath.Join(temp, "keepatch.sarif")
		if string(said) != "status="+c.status+"\nsarif="+sarif+"\n" {
			t.Errorf("%q %q: %s, want %s\n%s", c.paths, c.args, said, c.status, out)
		}
		if _, err := os.Stat(sarif); err != nil && c.status != "2" {
			t.Errorf("%q: %v", c.paths, err)
		}
		if _, end = sh("Result", append(env, "STATUS="+c.status, "FAIL="+c.fail)); end != c.end {
			t.Errorf("%q %q: the job ends with %s, want %s", c.paths, c.args, end, c.end)
		}
		if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
			t.Fatal("an input ran as a command")
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 2 {
		t.Errorf("left in the checkout: %q", left)
	}
	if summary, _ := os.ReadFile(filepath.Join(temp, "summary")); !strings.Contains(string(summary), "## keepatch") {
		t.Errorf("no summary: %s", summary)
	}
}

// helpOf returns the options, as they are written, that a command's help shows;
// ok is false if there is no such command.
func helpOf(command ...string) (options map[string]bool, ok bool) {
	var out, errs bytes.Buffer
	if cli.Run(append(command, "--help"), strings.NewReader(""), &out, &errs) != cli.ExitOK {
		return nil, false
	}
	options = map[string]bool{"-h": true, "--help": true}
	for _, m := range regexp.MustCompile(`(?m)^  (?:(-[a-zA-Z]), |    )(--[a-z-]+)`).FindAllStringSubmatch(out.String(), -1) {
		options[m[1]], options[m[2]] = true, true
	}
	return options, true
}

// Every command line of keepatch in the documentation and in the ready pieces
// is one that the program takes.
func TestDocumentedCommands(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, ".pre-commit-hooks.yaml", "action.yml", "Dockerfile")
	call := regexp.MustCompile(`(?:^|[\s/` + "`" + `"])keepatch ([a-z]+)([^|\n` + "`" + `]*)`)
	option := regexp.MustCompile(`\s(--?[a-z][a-z-]*)`)
	quoted := regexp.MustCompile(`"[^"]*"`)
	seen := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), "\\\n", " ")
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			help, ok := helpOf(m[1])
			line, _, _ := strings.Cut(m[2], " -- ") // what follows belongs to the program that is run
			line = quoted.ReplaceAllString(line, "")
			if words := strings.Fields(line); m[1] == "host" && len(words) > 0 { // whose commands have options
				help, ok = helpOf(m[1], words[0])
			}
			if !ok {
				continue // prose, or a command that another part brings
			}
			seen++
			for _, o := range option.FindAllStringSubmatch(line, -1) {
				if !help[o[1]] {
					t.Errorf("%s: keepatch %s has no option %s: %s", file, m[1], o[1], strings.TrimSpace(m[0]))
				}
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d command lines found: the pattern no longer fits", seen)
	}
}

// What pre-commit and packagers install is keepatch alone.
func TestInstalled(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("go", "install", "./...")
	cmd.Env = append(os.Environ(), "GOBIN="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".exe"))
	}
	if diff := cmp.Diff([]string{"keepatch"}, names); diff != "" {
		t.Error(diff)
	}
}

// make install puts program, man page and completions below DESTDIR, and uninstall takes
// them away.
func TestMakeInstall(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("needs make")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "built")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	installed := func(target string) (list []string) {
		t.Helper()
		cmd := exec.Command("make", "-s", target, "BIN="+program, "DESTDIR="+dir+"/to", "PREFIX=/usr", "GO=false")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", target, err, out)
		}
		_ = filepath.WalkDir(filepath.Join(dir, "to"), func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				info, _ := e.Info()
				list = append(list, fmt.Sprintf("%s %v", strings.TrimPrefix(name, dir+"/to"), info.Mode().Perm()))
			}
			return nil
		})
		return list
	}
	want := []string{
		"/usr/bin/keepatch -rwxr-xr-x", "/usr/share/bash-completion/completions/keepatch -rw-r--r--",
		"/usr/share/fish/vendor_completions.d/keepatch.fish -rw-r--r--",
		"/usr/share/man/man1/keepatch.1 -rw-r--r--", "/usr/share/zsh/site-functions/_keepatch -rw-r--r--",
	}
	if diff := cmp.Diff(want, installed("install")); diff != "" {
		t.Error(diff)
	}
	if left := installed("uninstall"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// allPackages are the patterns of all packages, also of those that go.mod keeps out of ./...
func allPackages(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nignore (\n")
	list, _, ok := strings.Cut(rest, ")\n")
	if !ok {
		t.Fatal("go.mod ignores nothing")
	}
	return append([]string{"./..."}, strings.Fields(list)...)
}

// The hooks run commands that the scripts of cli try.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID            string `yaml:"id"`
		Entry         string `yaml:"entry"`
		PassFilenames bool   `yaml:"pass_filenames"`
	}
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	var script []byte
	for _, name := range []string{"history", "staged"} {
		text, err := os.ReadFile("cli/testdata/script/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		script = append(script, text...)
	}
	if len(hooks) == 0 {
		t.Error("no hooks")
	}
	for _, h := range hooks {
		if !strings.Contains(string(script), "exec "+h.Entry+"\n") {
			t.Errorf("%s: %q is not tried", h.ID, h.Entry)
		}
		if h.PassFilenames {
			t.Errorf("%s looks at single files; a socket is judged by the whole program", h.ID)
		}
	}
}
