package e2e

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// socket is one TCP socket of a traced program, from its making to the next
// socket with the same number.
type socket struct {
	fd        int
	made      string // socket or accept
	connected bool
	listening bool
	keepalive bool // setsockopt(SO_KEEPALIVE, 1) has succeeded on it
}

func (s *socket) String() string {
	what := s.made + "ed"
	switch {
	case s.connected:
		what = "connected"
	case s.listening:
		what = "listening"
	}
	return fmt.Sprintf("%s %d keepalive %v", what, s.fd, s.keepalive)
}

var (
	traceLine = regexp.MustCompile(`^(\d+) +(.*)$`)
	resumed   = regexp.MustCompile(`^<\.\.\. \w+ resumed>(.*)$`)
	call      = regexp.MustCompile(`^(\w+)\((.*)\) += (-?\d+)(.*)$`)
	tcpSocket = regexp.MustCompile(`^(?:PF|AF)_INET6?, SOCK_STREAM[|,]`)
	firstInt  = regexp.MustCompile(`^\d+`)
	switchOn  = regexp.MustCompile(`, SOL_SOCKET, SO_KEEPALIVE, \[1\]`)
)

// readTrace reads what strace -f -e trace=network wrote about one process and
// its threads, which share their descriptors, and returns its TCP sockets in
// the order of their making. accepted tells the type of the listener's
// sockets: those accepted from a TCP listener are TCP.
func readTrace(trace string) []*socket {
	var all []*socket
	byFD := map[int]*socket{}
	open := map[string]string{} // by thread: a call that has begun
	for _, line := range strings.Split(trace, "\n") {
		m := traceLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		thread, text := m[1], m[2]
		if begun, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
			open[thread] = begun
			continue
		}
		if r := resumed.FindStringSubmatch(text); r != nil {
			text = open[thread] + r[1]
			delete(open, thread)
		}
		c := call.FindStringSubmatch(text)
		if c == nil {
			continue
		}
		name, args := c[1], c[2]
		ret, _ := strconv.Atoi(c[3]) // digits by the pattern
		fd, _ := strconv.Atoi(firstInt.FindString(args))
		s := byFD[fd]
		begin := func(made string) {
			n := &socket{fd: ret, made: made}
			all = append(all, n)
			byFD[ret] = n
		}
		switch name {
		case "socket":
			if ret >= 0 {
				delete(byFD, ret)
				if tcpSocket.MatchString(args) {
					begin("socket")
				}
			}
		case "accept", "accept4":
			if ret >= 0 {
				listener := s
				delete(byFD, ret)
				if listener != nil {
					begin("accept")
				}
			}
		case "connect":
			// A connection under way, on a socket that does not block, counts.
			if s != nil && (ret == 0 || strings.Contains(c[4], "EINPROGRESS")) {
				s.connected = true
			}
		case "listen":
			if s != nil && ret == 0 {
				s.listening = true
			}
		case "setsockopt":
			if s != nil && ret == 0 && switchOn.MatchString(args) {
				s.keepalive = true
			}
		}
	}
	return all
}

func TestReadTrace(t *testing.T) {
	trace := `10 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3
10 connect(3, {sa_family=AF_UNIX, sun_path="/x"}, 110) = -1 ENOENT (No such file or directory)
10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
10 listen(3, 1024)                   = 0
10 accept(3,  <unfinished ...>
11 socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, 0) = 5
10 <... accept resumed>{sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = 4
10 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
11 setsockopt(5, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = -1 EBADF (Bad file descriptor)
11 connect(5, {sa_family=AF_INET6}, 28) = -1 EINPROGRESS (Operation now in progress)
10 accept(3, NULL, NULL) = 4
10 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [0], 4) = 0
11 socket(AF_INET, SOCK_DGRAM, 0) = 6
11 connect(6, {sa_family=AF_INET}, 16) = 0
10 accept(3, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
10 +++ exited with 0 +++
`
	var got []string
	for _, s := range readTrace(trace) {
		got = append(got, s.String())
	}
	want := []string{"listening 3 keepalive false", "connected 5 keepalive false", "accepted 4 keepalive true", "accepted 4 keepalive false"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
