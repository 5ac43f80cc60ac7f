package lsp

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// drive runs an editor's program in a folder with net.c and, as the file init, the
// first block of code in a language that docs/editor.md has in a section behind a text.
// The keepatch that the editor finds is this test as a server.
func drive(t *testing.T, init, section, behind string, argv ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, bin := folder(t), folder(t)
	write(t, filepath.Join(dir, "net.c"), client1)
	write(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	write(t, filepath.Join(dir, init), snippet(t, section, behind))
	if err := os.Symlink(self, filepath.Join(bin, "keepatch")); err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asServer+"=1", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &errs)
	}
	return strings.ReplaceAll(string(out)+errs.String(), "\r\n", "\n")
}

// snippet is a block of code of docs/editor.md.
func snippet(t *testing.T, section, behind string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "..", "docs", "editor.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n## "+section+"\n")
	rest, _, _ = strings.Cut(rest, "\n## ")
	_, rest, found := strings.Cut(rest, behind)
	_, rest, fenced := strings.Cut(rest, "\n```")
	_, rest, _ = strings.Cut(rest, "\n")
	code, _, closed := strings.Cut(rest, "\n```")
	if !ok || !found || !fenced || !closed {
		t.Fatalf("docs/editor.md has no code behind %q in %s", behind, section)
	}
	return code + "\n"
}

// Neovim opens a file, sees the finding, has it patched, undoes that and edits on.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("needs nvim (Debian: neovim)")
	}
	version, err := exec.Command(nvim, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	which := "0.11 and newer"
	if m := regexp.MustCompile(`^NVIM v0\.(\d+)\.`).FindSubmatch(version); m != nil {
		switch n, _ := strconv.Atoi(string(m[1])); {
		case n < 7:
			t.Skip("needs Neovim 0.7 or newer")
		case n == 7:
			which = "0.7,"
		case n < 11:
			which = "0.8 to 0.10"
		}
	}
	out := drive(t, "init.lua", "Neovim", which, nvim, "--headless", "--clean", "-n", "-c",
		"lua local ok, err = pcall(dofile, [["+filepath.Join(home, "testdata", "editor.lua")+"]]) if not ok then io.stdout:write(err) vim.cmd('cquit 1') end")
	want := `open: 1 finding
8:7 TCP client socket in dial() never gets SO_KEEPALIVE [KA001] keepatch
socket
explained
action: 0 findings
undo: 1 finding
ignored without a reason: 2 findings
ignored: 0 findings
undo: 1 finding
**keepatch** missing: socket(), TCP client
edit: the finding moves
edit: 0 findings
stopped
`
	steps, rest, _ := strings.Cut(out, "stopped\n") // what follows are messages
	if diff := cmp.Diff(want, steps+"stopped\n"); diff != "" {
		t.Errorf("%s\n%s", diff, rest)
	}
}

// Emacs does the same with Eglot.
func TestEmacs(t *testing.T) {
	emacs, err := exec.LookPath("emacs")
	if err != nil {
		t.Skip("needs emacs (Debian: emacs-nox)")
	}
	// Not -Q: Eglot may be a package of the distribution.
	if exec.Command(emacs, "--batch", "-q", "--eval", "(require 'eglot)").Run() != nil {
		t.Skip("needs Eglot, which Emacs has since 29 (Debian 12: elpa-eglot)")
	}
	out := drive(t, "init.el", "Emacs", "Eglot", emacs, "--batch", "-q", "-l", filepath.Join(home, "testdata", "editor.el"))
	want := `open: 1 finding
8:7 TCP client socket in dial() never gets SO_KEEPALIVE
socket
hover
keepatch: missing: socket(), TCP client
action: 0 findings
undo: 1 finding
ignored without a reason: 2 findings
ignored: 0 findings
undo: 1 finding
edit: the finding moves
edit: 0 findings
stopped
`
	steps, rest, _ := strings.Cut(out, "stopped\n")
	if diff := cmp.Diff(want, steps+"stopped\n"); diff != "" {
		t.Errorf("%s\n%s", diff, rest)
	}
	if !strings.Contains(rest, "nothing in the tree sets SO_KEEPALIVE on this descriptor") {
		t.Errorf("nothing is explained: %s", rest)
	}
}
