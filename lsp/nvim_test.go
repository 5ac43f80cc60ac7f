package lsp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Neovim opens a file, sees the finding, has it patched, undoes that and edits on.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("needs nvim")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t)
	write(t, filepath.Join(dir, "net.c"), client1)
	cmd := exec.Command(nvim, "--headless", "--clean", "-n", "-c", "luafile "+filepath.Join(home, "testdata", "editor.lua"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asServer+"=1", "KEEPATCH_SERVER="+self, "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `open: 1 finding
8:7 TCP client socket in dial() never gets SO_KEEPALIVE [KA001] keepatch
socket
action: 0 findings
undo: 1 finding
ignored: 0 findings
undo: 1 finding
**keepatch** missing: socket(), tcp client
edit: the finding moves
edit: 0 findings
stopped
`
	if diff := cmp.Diff(want, strings.ReplaceAll(string(out), "\r\n", "\n")); diff != "" {
		t.Error(diff)
	}
}
