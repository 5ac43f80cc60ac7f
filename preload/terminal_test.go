//go:build linux && (amd64 || arm64)

package preload_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a shell on a pseudo-terminal, as a person has it.
type terminal struct {
	t      *testing.T
	master *os.File
	mu     sync.Mutex
	out    bytes.Buffer
	from   int // what expect has seen already
}

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	need(t, "bash")
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	defer slave.Close()
	cmd := exec.Command("bash", "--norc", "--noprofile", "-i")
	cmd.Env = append(os.Environ(), "PS1=", "PS2=", "HISTFILE=", "TERM=dumb", "KP="+keepatch)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tt := &terminal{t: t, master: master}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			tt.mu.Lock()
			tt.out.Write(buf[:n])
			tt.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		master.Close()
	})
	tt.keys("stty -echo\n")
	tt.keys("echo be''gin\n")
	tt.expect("begin")
	return tt
}

func (tt *terminal) keys(s string) {
	tt.t.Helper()
	if _, err := tt.master.WriteString(s); err != nil {
		tt.t.Fatal(err)
	}
}

// expect waits for text in the output behind what was expected before.
func (tt *terminal) expect(text string) {
	tt.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		tt.mu.Lock()
		rest := tt.out.String()[tt.from:]
		if i := strings.Index(rest, text); i >= 0 {
			tt.from += i + len(text)
			tt.mu.Unlock()
			return
		}
		tt.mu.Unlock()
		if time.Now().After(deadline) {
			tt.t.Fatalf("the terminal does not show %q but %q", text, rest)
		}
	}
}

// foreground continues the job "run -- cat", of which the shell has just said
// "Stopped": that line ends with the command, as does the one that fg prints.
// What is typed before the second one may go to the shell.
func (tt *terminal) foreground() {
	tt.t.Helper()
	tt.expect("run -- cat")
	tt.keys("fg\n")
	tt.expect("run -- cat")
}

// TestJobControl stops, continues and interrupts a job from the keyboard.
func TestJobControl(t *testing.T) {
	supervised(t)
	tt := openTerminal(t)
	tt.keys("$KP run -- cat\none\n")
	tt.expect("one")
	tt.keys("\x1a")
	tt.expect("Stopped")
	tt.foreground()
	tt.keys("two\n")
	tt.expect("two")
	tt.keys("\x03")
	time.Sleep(300 * time.Millisecond) // bash drops what is typed while it notices
	tt.keys("echo status=$?\n")
	tt.expect("status=130")

	// In the background: reading from the terminal stops the job.
	tt.keys("$KP run -- cat &\n")
	tt.keys("while jobs | grep -q Running; do sleep .1; done; jobs\n") // a busy machine takes its time
	tt.expect("Stopped")
	tt.foreground()
	tt.keys("three\n")
	tt.expect("three")
	tt.keys("\x04")
	time.Sleep(300 * time.Millisecond)
	tt.keys("echo status=$?\n")
	tt.expect("status=0")
}

// TestKeyboardSignalsOnce: the terminal gives its signals to the whole group;
// front and supervisor must not add to them.
func TestKeyboardSignalsOnce(t *testing.T) {
	supervised(t)
	tt := openTerminal(t)
	tt.keys("$KP run -- " + compile(t, "sigcount.c", "gcc") + "\n")
	tt.expect("ready")
	for key, n := range map[string]int{"\x03": int(unix.SIGINT), "\x1c": int(unix.SIGQUIT)} {
		tt.keys(key)
		tt.expect(fmt.Sprintf("signal %02d", n))
		time.Sleep(200 * time.Millisecond)
		tt.mu.Lock()
		rest := tt.out.String()[tt.from:]
		tt.mu.Unlock()
		if strings.Contains(rest, "signal") {
			t.Errorf("signal %d arrived again: %q", n, rest)
		}
	}
	tt.keys("\x04")
	time.Sleep(300 * time.Millisecond)
	tt.keys("echo status=$?\n")
	tt.expect("status=0")
}
