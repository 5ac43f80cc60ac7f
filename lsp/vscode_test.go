//go:build unix

package lsp

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// VS Code does the same with the extension that docs/editor.md describes. It is
// code-server in KEEPATCH_VSCODE, where make vscode installs it, and Chromium shows it.
func TestVSCode(t *testing.T) {
	code := filepath.Join(os.Getenv("KEEPATCH_VSCODE"), "node_modules", "code-server")
	if os.Getenv("KEEPATCH_VSCODE") == "" {
		t.Skip("needs KEEPATCH_VSCODE (make vscode)")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, user := folder(t), folder(t)
	write(t, filepath.Join(dir, "net.c"), client1)
	bin := filepath.Join(user, "bin")
	script := func(name, text string) {
		write(t, filepath.Join(bin, name), "#!/bin/sh\n"+text)
		if err := os.Chmod(filepath.Join(bin, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script("keepatch", asServer+"=1 exec "+self+"\n")
	script("code", "exec node "+code+" --user-data-dir "+user+"/data --extensions-dir "+user+"/extensions \"$@\"\n")
	write(t, filepath.Join(user, ".profile"), "PATH="+bin+":$PATH\n")
	npm, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	command := func(in, name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir = in
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+user, "SHELL=/bin/sh", "XDG_CONFIG_HOME="+user, "XDG_DATA_HOME="+user, "npm_config_cache="+filepath.Join(npm, ".npm"))
		return cmd
	}
	run := func(in, name string, args ...string) {
		if out, err := command(in, name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	start := func(name string, args ...string) {
		cmd := command(dir, name, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // both start others
			_ = cmd.Wait()
		})
	}
	ours, driver := filepath.Join(user, "ours"), filepath.Join(user, "driver")
	write(t, filepath.Join(ours, "package.json"), snippet(t, "VS Code", "`package.json`"))
	write(t, filepath.Join(ours, "extension.js"), snippet(t, "VS Code", "`extension.js`"))
	run(ours, "sh", "-ec", snippet(t, "VS Code", "In the folder with both"))
	write(t, filepath.Join(driver, "package.json"), `{"name":"driver","publisher":"local","version":"0.0.1","engines":{"vscode":"^1.80.0"},`+
		`"activationEvents":["onStartupFinished"],"main":"./extension.js"}`)
	text, err := os.ReadFile(filepath.Join(home, "testdata", "driver.js"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(driver, "extension.js"), string(text))
	run(driver, "sh", "-ec", "npx --yes @vscode/vsce package --allow-missing-repository --skip-license\ncode --install-extension driver-0.0.1.vsix\n")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	start(filepath.Join(bin, "code"), "--auth", "none", "--bind-addr", address, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust")
	for range 600 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	start(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir="+user+"/profile", "http://"+address+"/?folder="+dir)
	log := ""
	for i := 0; i < 1800 && !strings.Contains(log, "stopped\n") && !strings.Contains(log, "failed: "); i++ {
		time.Sleep(100 * time.Millisecond)
		text, _ := os.ReadFile(filepath.Join(dir, "log")) // not there at first
		log = string(text)
	}
	want := `open: 1 finding
8:7 TCP client socket in dial() never gets SO_KEEPALIVE [KA001] keepatch
socket
8 11 8
**keepatch** missing: socket(), TCP client
action: 0 findings
undo: 1 finding
ignored without a reason: 2 findings
ignored: 0 findings
undo: 1 finding
net.c:8:7: missing
shown: the explanation
edit: the finding moves
edit: 0 findings
stopped
`
	if diff := cmp.Diff(want, log); diff != "" {
		t.Error(diff)
	}
}
