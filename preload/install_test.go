//go:build linux && (amd64 || arm64)

package preload_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// elsewhere runs a script where /etc and /usr/local are copies of the test's
// own, or skips.
func elsewhere(t *testing.T, script string, args ...string) string {
	t.Helper()
	need(t, "unshare", "mount", "cc", "python3")
	if os.Geteuid() != 0 {
		t.Skip("only root can mount something over /etc")
	}
	dir := t.TempDir()
	prepare := `set -e
mount --make-rprivate /
cp -a /etc "$0/etc"; mkdir -p "$0/local"
mount --bind "$0/etc" /etc; mount --bind "$0/local" /usr/local
rm -f /etc/ld.so.preload /etc/keepatch.conf
` + script
	cmd := exec.Command("unshare", append([]string{"-m", "sh", "-c", prepare, dir}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil && strings.Contains(string(out), "unshare") {
		t.Skipf("no mount namespace here: %s", out)
	}
	if err != nil {
		t.Errorf("%v", err)
	}
	return string(out)
}

// TestInstall: the library is in every program after --install, with the values
// of the machine's file, and in none after --uninstall; other entries stay.
func TestInstall(t *testing.T) {
	need(t, "cc")
	other := filepath.Join(t.TempDir(), "other.so")
	if out, err := exec.Command("sh", "-c", `echo 'int other_library;' | cc -shared -fPIC -x c - -o "$0"`, other).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	out := elsewhere(t, `
look='import socket as s; x = s.socket(); x.setsockopt(6, 4, 5); print(x.getsockopt(s.SOL_SOCKET, s.SO_KEEPALIVE), x.getsockopt(6, 4), x.getsockopt(6, 5))'
echo "$2" > /etc/ld.so.preload
"$1" preload --install
grep -c . /etc/ld.so.preload
python3 -c "$look"
printf 'idle = 66 # seconds\ninterval=7\n' > /etc/keepatch.conf
python3 -c "$look"
KEEPIDLE=33 python3 -c "$look"
KEEPALIVE=off python3 -c "$look"
echo 'keepalive = off' >> /etc/keepatch.conf
python3 -c "$look"
KEEPALIVE=on python3 -c "$look"
"$1" preload --install > /dev/null
grep -c . /etc/ld.so.preload
"$1" preload --uninstall
cat /etc/ld.so.preload
python3 -c "$look"
find /usr/local -name 'libkeepatch*'
"$1" preload --uninstall || echo status $?
`, keepatch, other)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	// The first lines are the files, as many as the machine has kinds of programs.
	for len(lines) > 0 && strings.HasPrefix(lines[0], "/usr/local/") {
		lines = lines[1:]
	}
	const done = "keepatch: /etc/ld.so.preload has the library: programs that start from now on use it (--uninstall undoes it)"
	want := []string{done, "2", "1 5 75", "1 66 7", "1 33 7", "0 5 75", "0 5 75", "1 66 7", done, "2", other, "0 5 75", "keepatch: preload: nothing is installed", "status 2"}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", out, strings.Join(want, "\n"))
	}
}

// TestInstallRefused: a library that would break programs is not entered, and
// nothing is left of it.
func TestInstallRefused(t *testing.T) {
	out := elsewhere(t, `
cat > /etc/cc <<'EOF'
#!/bin/sh
# a compiler whose libraries end every program
case " $* " in *" -shared "*)
  for a; do case $last in -o) out=$a;; esac; last=$a; done
  echo '#include <unistd.h>
__attribute__((constructor)) static void x(void) { _exit(3); }' | cc -shared -fPIC -x c - -o "$out";;
*) exec cc "$@";;
esac
EOF
chmod +x /etc/cc
"$1" preload --install --cc /etc/cc || echo status $?
ls /etc/ld.so.preload 2>&1 | grep -c 'No such file'
find /usr/local -name 'libkeepatch*'
`, keepatch)
	if !strings.Contains(out, "a program that is started with the library fails") || !strings.HasSuffix(out, "status 2\n1\n") {
		t.Errorf("%s", out)
	}
	cmd := exec.Command(keepatch, "preload", "--install")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if os.Geteuid() == 0 {
		if text, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(text), "only root may write") {
			t.Errorf("as nobody: %s", text)
		}
	}
}
