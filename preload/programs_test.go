//go:build linux && (amd64 || arm64)

package preload_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// debian is a program as people have it, not one made for these tests. args
// gives its command line; as a server it listens at the port, as a client it
// connects there and stays. Files it needs go to dir. What is not installed is
// skipped by name (testdata/need.sh installs them for continuous integration).
type debian struct {
	name   string // of the binary
	client bool
	in     string // the folders to look for it, where PATH has it not
	args   func(t *testing.T, dir, port string) []string
	static bool // no library reaches it
	timers bool // it sets timers of its own, which win over libkeepalive's
}

func words(format string) func(*testing.T, string, string) []string {
	return func(_ *testing.T, dir, port string) []string {
		return strings.Fields(strings.NewReplacer("DIR", dir, "PORT", port).Replace(format))
	}
}

// configured writes a configuration first; CONF in format is its file.
func configured(config, format string) func(*testing.T, string, string) []string {
	return func(t *testing.T, dir, port string) []string {
		r := strings.NewReplacer("DIR", dir, "PORT", port, "CONF", filepath.Join(dir, "conf"))
		if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(r.Replace(config)), 0o644); err != nil {
			t.Fatal(err)
		}
		return strings.Fields(r.Replace(format))
	}
}

var debianPrograms = []debian{
	{name: "redis-server", args: words("redis-server --port PORT --bind 127.0.0.1 --dir DIR --tcp-keepalive 0")},
	{name: "memcached", args: words("memcached -l 127.0.0.1 -p PORT -u nobody -U 0")},
	{name: "nginx", args: configured("daemon off; pid DIR/pid; error_log DIR/log; events {} http { access_log off; server { listen 127.0.0.1:PORT; } }", "nginx -c CONF -e DIR/err")},
	{name: "lighttpd", args: configured("server.document-root = \"DIR\"\nserver.port = PORT\nserver.bind = \"127.0.0.1\"\n", "lighttpd -D -f CONF")},
	{name: "haproxy", args: configured("defaults\n mode tcp\n timeout client 60s\n timeout server 60s\n timeout connect 5s\nfrontend f\n bind 127.0.0.1:PORT\n tcp-request inspect-delay 60s\n tcp-request content accept if { req.len gt 99 }\n", "haproxy -db -f CONF")},
	{name: "stunnel4", args: configured("foreground = yes\npid =\n[s]\nclient = yes\naccept = 127.0.0.1:PORT\nexec = /bin/sleep\nexecArgs = sleep 60\n", "stunnel4 CONF")},
	{name: "mosquitto", args: configured("listener PORT 127.0.0.1\nallow_anonymous true\n", "mosquitto -c CONF")},
	{name: "tinyproxy", args: configured("Port PORT\nListen 127.0.0.1\nPidFile \"DIR/pid\"\nLogFile \"DIR/log\"\nTimeout 600\n", "tinyproxy -d -c CONF")},
	{name: "rsync", args: configured("port = PORT\naddress = 127.0.0.1\nuse chroot = no\npid file = DIR/pid\n", "rsync --daemon --no-detach --config CONF")},
	{name: "sshd", args: func(t *testing.T, dir, port string) []string {
		need(t, "ssh-keygen")
		key := filepath.Join(dir, "key")
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
			t.Skipf("ssh-keygen: %s", out)
		}
		_ = os.MkdirAll("/run/sshd", 0o755)
		sshd, _ := exec.LookPath("sshd")
		return []string{sshd, "-D", "-f", "/dev/null", "-h", key, "-p", port, "-o", "ListenAddress=127.0.0.1", "-o", "TCPKeepAlive=no", "-o", "PidFile=none"}
	}},
	{name: "socat", args: words("socat TCP4-LISTEN:PORT,bind=127.0.0.1,reuseaddr,fork EXEC:cat")},
	{name: "nc", args: words("nc -l 127.0.0.1 PORT")},
	{name: "ncat", args: words("ncat -k -l 127.0.0.1 PORT")},
	{name: "busybox", args: words("busybox nc -l -p PORT"), static: true},
	{name: "git", args: words("git daemon --listen=127.0.0.1 --port=PORT --base-path=DIR")},
	{name: "node", args: func(_ *testing.T, _, port string) []string {
		return []string{"node", "-e", `require("net").createServer(c => c.resume()).listen(` + port + `, "127.0.0.1")`}
	}},
	{name: "postgres", in: "/usr/lib/postgresql/*/bin", args: postgres},
	{name: "java", args: func(t *testing.T, dir, port string) []string {
		need(t, "javac")
		src := "public class S { public static void main(String[] a) throws Exception { var l = new java.net.ServerSocket(" + port +
			", 9, java.net.InetAddress.getByName(\"127.0.0.1\")); while (true) { var c = l.accept(); new Thread(() -> { try { c.getInputStream().read(); } catch (Exception e) {} }).start(); } } }"
		file := filepath.Join(dir, "S.java")
		if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		return []string{"java", file}
	}},
	{name: "nc", client: true, args: words("nc 127.0.0.1 PORT")},
	{name: "ncat", client: true, args: words("ncat 127.0.0.1 PORT")},
	{name: "socat", client: true, args: words("socat - TCP4:127.0.0.1:PORT")},
	{name: "busybox", client: true, args: words("busybox nc 127.0.0.1 PORT"), static: true},
	{name: "telnet", client: true, args: words("telnet 127.0.0.1 PORT")},
	{name: "curl", client: true, args: words("curl -s --no-keepalive telnet://127.0.0.1:PORT")},
	{name: "wget", client: true, args: words("wget -q -O /dev/null http://127.0.0.1:PORT/")},
	{name: "ssh", client: true, args: words("ssh -o TCPKeepAlive=no -o BatchMode=yes -p PORT nobody@127.0.0.1")},
	{name: "redis-cli", client: true, args: words("redis-cli -h 127.0.0.1 -p PORT subscribe x"), timers: true},
	{name: "openssl", client: true, args: words("openssl s_client -connect 127.0.0.1:PORT")},
	{name: "node", client: true, args: func(_ *testing.T, _, port string) []string {
		return []string{"node", "-e", `require("net").connect(` + port + `, "127.0.0.1").resume()`}
	}},
}

// find is where the binary is, "" for nowhere.
func (p debian) find() string {
	if path, err := exec.LookPath(p.name); err == nil {
		return path
	}
	if paths, _ := filepath.Glob(filepath.Join(p.in, p.name)); p.in != "" && len(paths) > 0 {
		return paths[len(paths)-1]
	}
	return ""
}

// postgres makes a database and gives the server's command line; neither will
// be root's.
func postgres(t *testing.T, dir, port string) []string {
	bin := filepath.Dir(debian{name: "postgres", in: "/usr/lib/postgresql/*/bin"}.find())
	data, as := filepath.Join(dir, "data"), []string{}
	if os.Geteuid() == 0 {
		need(t, "setpriv")
		as = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"}
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	initdb := append(as[:len(as):len(as)], filepath.Join(bin, "initdb"), "-D", data, "--no-sync")
	if out, err := exec.Command(initdb[0], initdb[1:]...).CombinedOutput(); err != nil {
		t.Skipf("initdb: %v\n%s", err, out)
	}
	return append(as, filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1")
}

// freePort is one that nobody listens at.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return portOf(l)
}

// held waits until the tree below pid holds a connection at the port.
func held(t testing.TB, pid int, port string) (keepalive, idle, ok bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, s := range connections(t, pid, port) {
			return s.KeepAlive, s.Idle == wantIdle, true
		}
	}
	return false, false, false
}

// TestPrograms starts programs that Debian has, in every way, and looks at
// their connection from outside. With KEEPATCH_PROGRAMS=FILE it writes the table
// of docs/run.md.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a hundred programs")
	}
	var mu sync.Mutex
	results := map[string]string{}
	var rows []string
	t.Run("all", func(t *testing.T) {
		for _, p := range debianPrograms {
			row := p.name + " | " + p.role()
			if path := p.find(); path == "" {
				t.Run(row, func(t *testing.T) { t.Skipf("%s is not installed", p.name) })
				continue
			} else if p.static && !isStatic(path) {
				p.static = false
			}
			rows = append(rows, row)
			for _, w := range allWays {
				if w.name == "none" && !heavy {
					continue
				}
				t.Run(p.name+"/"+p.role()+"/"+w.name, func(t *testing.T) {
					t.Parallel()
					set := func(s string) { mu.Lock(); defer mu.Unlock(); results[row+w.name] = s }
					set("not tested")
					covered := p.try(t, w)
					set(map[bool]string{true: "yes", false: "no"}[covered])
					library := w.name == "preload" || w.name == "libkeepalive0"
					want := w.name != "none" && !(library && p.static) && !(w.name == "libkeepalive0" && p.timers)
					if covered != want {
						t.Errorf("keepalive at the time asked for: %v, want %v", covered, want)
					}
				})
			}
		}
	})
	file := os.Getenv("KEEPATCH_PROGRAMS")
	if file == "" {
		return
	}
	var b strings.Builder
	b.WriteString(tableHead())
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |", row)
		for _, w := range allWays[1:] {
			fmt.Fprintf(&b, " %s |", results[row+w.name])
		}
		b.WriteString("\n")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (p debian) role() string {
	if p.client {
		return "client"
	}
	return "server"
}

// try starts the program in a way and reports whether its connection has
// keepalive with the idle time that was asked for.
func (p debian) try(t *testing.T, w way) bool {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	port := ""
	if p.client {
		port = listen(t).port
	} else {
		port = freePort(t)
	}
	r := w.start(t, p.args(t, dir, port))
	if !p.client {
		dialSoon(t, r, port)
	}
	keepalive, idle, ok := held(t, r.cmd.Process.Pid, port)
	if ok && p.timers { // which come after the connect
		time.Sleep(time.Second)
		keepalive, idle, ok = held(t, r.cmd.Process.Pid, port)
	}
	if !ok {
		t.Fatalf("no connection\n%s", r.stderr.String())
	}
	return keepalive && idle
}

// isStatic reports whether a program has no dynamic loader.
func isStatic(path string) bool {
	out, err := exec.Command("readelf", "-l", path).Output()
	return err == nil && !strings.Contains(string(out), "INTERP")
}

// dialSoon connects to a server that is starting.
func dialSoon(t testing.TB, r *running, port string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		c, err := net.Dial("tcp4", "127.0.0.1:"+port)
		if err == nil {
			t.Cleanup(func() { c.Close() })
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v does not listen: %v\n%s", r.cmd.Args, err, r.stderr.String())
		}
	}
}

// allWays are those of the matrix, run with the library in the program and
// without the right to copy descriptors, and host.
var allWays = append(append([]way{}, ways...),
	way{"run --library", func(t testing.TB, p []string) *running {
		supervised(t)
		return start(t, nil, append(underLibrary(t, "--idle", fmt.Sprint(wantIdle)), p...)...)
	}},
	way{"run, no ptrace", func(t testing.TB, p []string) *running {
		supervised(t)
		return start(t, nil, append([]string{compile(t, "deny.c", "gcc"), "pidfd_getfd", keepatch, "run", "--idle", fmt.Sprint(wantIdle), "--"}, p...)...)
	}},
	way{"host", func(t testing.TB, p []string) *running {
		c := newCell(t)
		c.enable("--loopback", "--idle", fmt.Sprint(wantIdle))
		return start(t, nil, c.in(p...)...)
	}},
)
