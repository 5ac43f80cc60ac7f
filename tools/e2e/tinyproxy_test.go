//go:build unix

package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTinyproxy patches a real proxy, builds it and looks at its system calls
// while clients use it: every TCP socket that it accepts or connects has its own
// successful setsockopt(SO_KEEPALIVE). As it comes, none has.
func TestTinyproxy(t *testing.T) {
	need(t, "strace")
	plain, patched := patchAndBuild(t, tinyproxy)
	for _, c := range []struct {
		name, dir string
		keepalive bool
	}{{"plain", plain, false}, {"patched", patched, true}} {
		t.Run(c.name, func(t *testing.T) {
			accepted, connected := 0, 0
			for _, s := range readTrace(proxyTrace(t, c.dir)) {
				switch {
				case s.made == "accept":
					accepted++
				case s.connected:
					connected++
				default:
					continue
				}
				if s.keepalive != c.keepalive {
					t.Errorf("%v", s)
				}
			}
			if accepted < clients || connected < clients {
				t.Errorf("only %d sockets accepted and %d connected for %d clients", accepted, connected, clients)
			}
		})
	}
}

// clients is how many clients use the proxy, half of them through a tunnel.
const clients = 6

// proxyTrace runs the proxy in dir under strace with clients on the loopback
// interface and returns the trace.
func proxyTrace(t *testing.T, dir string) string {
	t.Helper()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the page") })
	open, tunneled := httptest.NewServer(page), httptest.NewTLSServer(page)
	defer open.Close()
	defer tunneled.Close()

	port := freePort(t)
	work := t.TempDir()
	conf := filepath.Join(work, "conf")
	text := fmt.Sprintf("Port %d\nListen 127.0.0.1\nTimeout 20\nLogFile %q\nPidFile %q\nMaxClients 20\nAllow 127.0.0.1\n",
		port, filepath.Join(work, "log"), filepath.Join(work, "pid"))
	if err := os.WriteFile(conf, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	trace := filepath.Join(work, "trace")
	cmd := exec.Command("strace", "-f", "-e", "trace=network", "-o", trace, filepath.Join(dir, "src", "tinyproxy"), "-d", "-c", conf)
	// Killing the group ends what strace leaves behind when it dies.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); close(ended) }()
	// Once the proxy is gone strace writes what it still holds, and ends.
	stop := func() {
		if text, err := os.ReadFile(filepath.Join(work, "pid")); err == nil {
			if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
			}
		}
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended
		}
	}
	defer stop()
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if err := await(address, ended); err != nil {
		if strings.Contains(errs.String(), "ptrace") {
			t.Skipf("strace may not trace here: %s", errs.String())
		}
		t.Fatalf("the proxy does not answer: %v\n%s", err, errs.String())
	}
	for i := range clients {
		server := open
		if i%2 == 1 {
			server = tunneled
		}
		// A client of its own has connections of its own.
		transport := server.Client().Transport.(*http.Transport).Clone()
		transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: address})
		client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
		reply, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(reply.Body)
		reply.Body.Close()
		transport.CloseIdleConnections()
		if err != nil || string(body) != "the page" {
			t.Fatalf("client %d got %q, %v", i, body, err)
		}
	}
	stop()
	data, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// await waits until somebody listens at the address.
func await(address string, ended <-chan error) error {
	var err error
	for range 100 {
		select {
		case e := <-ended:
			return fmt.Errorf("it has ended: %v", e)
		default:
		}
		var c net.Conn
		if c, err = net.DialTimeout("tcp", address, time.Second); err == nil {
			return c.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
