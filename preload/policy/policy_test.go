package policy

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSelects is the policy on addresses; package host's programs are held to
// the same in preload/host_test.go.
func TestSelects(t *testing.T) {
	parse := func(ports, peers string, loopback bool) Policy {
		p := Policy{SkipLoopback: !loopback}
		var err error
		if p.Ports, err = ParsePorts(ports); err != nil {
			t.Fatal(err)
		}
		if p.Peers, err = ParsePeers(peers); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		p             Policy
		local, remote string
		want          bool
	}{
		{parse("", "", true), "127.0.0.1:40000", "127.0.0.1:80", true},
		{parse("", "", false), "127.0.0.1:40000", "127.0.0.1:80", false},
		{parse("", "", false), "[::1]:40000", "[::1]:80", false},
		{parse("", "", false), "[::1]:40000", "[::ffff:127.0.0.9]:80", false},
		{parse("", "", false), "10.0.0.1:40000", "10.0.0.1:80", false},
		{parse("", "", false), "10.0.0.1:40000", "10.0.0.2:80", true},
		{parse("80,100-200", "", true), "10.0.0.1:40000", "10.0.0.2:80", true},
		{parse("80,100-200", "", true), "10.0.0.1:150", "10.0.0.2:40000", true},
		{parse("80,100-200", "", true), "10.0.0.1:201", "10.0.0.2:99", false},
		{parse("", "10.0.0.0/8", true), "10.0.0.1:1", "11.0.0.2:2", false},
		{parse("", "10.0.0.0/8", true), "10.0.0.1:1", "[::ffff:10.1.0.2]:2", true},
		{parse("", "::/64", true), "[::1]:1", "[::ffff:10.1.0.2]:2", false},
		{parse("", "2001:db8::/32 192.0.2.7", true), "[::]:1", "[2001:db8:1::2]:2", true},
	} {
		if got := c.p.Selects(netip.MustParseAddrPort(c.local), netip.MustParseAddrPort(c.remote), nil); got != c.want {
			t.Errorf("%v, %s to %s: %v", c.p, c.local, c.remote, got)
		}
	}
	p := Policy{Interfaces: []string{"x"}}
	own := []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	for local, want := range map[string]bool{"10.0.0.1:5": true, "10.0.0.2:5": false, "0.0.0.0:5": true} {
		if got := p.Selects(netip.MustParseAddrPort(local), netip.MustParseAddrPort("10.0.0.9:9"), own); got != want {
			t.Errorf("from %s: %v", local, got)
		}
	}
}

// TestRead: a file's faults are named with their lines, and the rest counts.
func TestRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keepatch.conf")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("# all of it\nidle = 60\ninterval=10 # seconds\n count = 5\nuser-timeout = 9000\nports = 443 8000-8080\npeers = 10.0.0.0/8\n" +
		"interfaces = eth0, eth1\nloopback = no\nonly-off = yes\nnever-lengthen = YES\nkeepalive = off\n")
	s, err := Read(file)
	if err != nil || !s.Off || s.Options.Idle != 60 || s.Options.Interval != 10 || s.Options.Count != 5 || s.Options.UserTimeout != 9000 ||
		s.Policy.String() != "ports 443,8000-8080, peers 10.0.0.0/8, interfaces eth0,eth1, without loopback, only where off, never longer" {
		t.Errorf("%+v, %v", s, err)
	}
	write("idle = 0\nnothing\nfrob = 1\ncount = 7\nports = 80-70\nloopback = maybe\npeers = 1.2.3\n")
	s, err = Read(file)
	if err == nil || s.Options.Count != 7 {
		t.Fatalf("%+v, %v", s, err)
	}
	for _, want := range []string{":1: idle: --idle 0 is out of range", `:2: "nothing" is not key = value`, `:3: there is no setting "frob"`,
		`:5: ports: "80-70"`, `:6: loopback: "maybe"`, `:7: peers: "1.2.3"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}
