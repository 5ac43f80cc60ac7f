package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const bareClient = "#include <sys/socket.h>\nint f(void) { int fd = socket(AF_INET, SOCK_STREAM, 0); return connect(fd, 0, 0); }\n"

// A file that may not be read is one line on stderr and status 2; its
// neighbours are judged all the same.
func TestUnreadable(t *testing.T) {
	// Root may read everything, so the program runs as somebody else, who has
	// to get at it.
	dir, err := os.MkdirTemp("", "unreadable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name string
		text []byte
		mode os.FileMode
	}{
		// The test binary is keepatch when it is called so (TestMain).
		{"keepatch", program, 0o755},
		{"closed.c", []byte(bareClient), 0},
		{"open.c", []byte(bareClient), 0o644},
	} {
		name := filepath.Join(dir, f.name)
		if err := errors.Join(os.WriteFile(name, f.text, 0o600), os.Chmod(name, f.mode)); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"scan", "-q", "--format", "json"}, {"check", "-q", "--format", "json"}, {"scan", "-q", "--format", "json", "closed.c", "open.c"}} {
		var out, errs bytes.Buffer
		cmd := exec.Command(filepath.Join(dir, "keepatch"), args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
		if os.Getuid() == 0 && !runAsNobody(cmd) {
			t.Skip("root may read everything, and there is no way to be somebody else")
		}
		_ = cmd.Run() // the status tells
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != ExitError {
			t.Errorf("%v: %v", args, cmd.ProcessState)
		}
		if want := "keepatch: closed.c: permission denied\n"; errs.String() != want {
			t.Errorf("%v: stderr %q, want %q", args, errs.String(), want)
		}
		if s := out.String(); !strings.Contains(s, `"file": "open.c"`) || !strings.Contains(s, `"missing": 1`) {
			t.Errorf("%v: %s", args, s)
		}
	}
}
