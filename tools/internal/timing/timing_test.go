package timing

import (
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// shell is a command for sh; the test is skipped where there is none.
func shell(t *testing.T, script string) *Command {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	return &Command{Dir: t.TempDir(), Name: "sh", Args: []string{"-c", script}}
}

func TestOnce(t *testing.T) {
	r, err := shell(t, "sleep 0.1; echo found").Once()
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Stdout) != "found\n" || r.Wall < 100*time.Millisecond || r.TimedOut {
		t.Errorf("got %+v", r)
	}
	if r.CPU < 0 || r.CPU > 90*time.Millisecond { // it sleeps
		t.Errorf("sh took %v of processor time", r.CPU)
	}
	if runtime.GOOS == "linux" && (r.Memory < 100e3 || r.Memory > 100e6) {
		t.Errorf("sh took %d bytes", r.Memory)
	}
}

func TestOnceStatus(t *testing.T) {
	c := shell(t, "echo bad >&2; exit 2")
	if _, err := c.Once(); err == nil || !strings.Contains(err.Error(), "bad") {
		t.Errorf("status 2: %v", err)
	}
	c.OKStatus = 2
	if _, err := c.Once(); err != nil {
		t.Errorf("status 2 allowed: %v", err)
	}
	crash := shell(t, "kill -9 $$")
	crash.OKStatus = 2
	if _, err := crash.Once(); err == nil {
		t.Error("a killed program counts as a success")
	}
	if _, err := (&Command{Name: "no-such-program"}).Once(); err == nil {
		t.Error("a missing program counts as a success")
	}
}

func TestOnceTimeout(t *testing.T) {
	c := shell(t, "exec sleep 20")
	c.Timeout = 200 * time.Millisecond
	r, err := c.Once()
	if err != nil {
		t.Fatal(err)
	}
	if !r.TimedOut || r.Wall > 10*time.Second {
		t.Errorf("got %+v", r)
	}
}

func TestBest(t *testing.T) {
	// The first run is slow, the others are not.
	c := shell(t, "if [ -f seen ]; then echo fast; else touch seen; sleep 0.5; echo slow; fi")
	r, err := c.Best(2)
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Stdout) != "fast\n" || r.Wall >= 500*time.Millisecond {
		t.Errorf("got %+v", r)
	}
}
