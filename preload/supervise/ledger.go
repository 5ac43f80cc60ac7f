//go:build linux && (amd64 || arm64)

package supervise

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Record is one TCP socket of a run.
type Record struct {
	Cookie uint64 `json:"cookie"` // SO_COOKIE, unique on this machine
	// At is the time of the first sight, in seconds since the start.
	At      float64 `json:"at"`
	PID     int     `json:"pid"` // the process that was seen with it first
	Command string  `json:"command"`
	// Seen is how the socket came to notice: connect, sendto or sendmsg (fast
	// open), listen, accept, inherited, or found (io_uring).
	Seen  string `json:"seen"`
	Role  string `json:"role"` // client, listener or accepted
	MPTCP bool   `json:"mptcp,omitempty"`

	Local  string `json:"local"`
	Remote string `json:"remote"`

	// Own reports whether keepalive was on without keepatch: set by the
	// program, or inherited from a listener the program set it on.
	Own bool `json:"own"`
	// SetByUs reports that keepatch turned it on.
	SetByUs bool `json:"set_by_keepatch"`
	// Left reports that the policy leaves the socket as it is.
	Left bool `json:"left_by_policy,omitempty"`
	// Before and After are the options at first and at last sight.
	Before tcpopt.State `json:"before"`
	After  tcpopt.State `json:"after"`
	Error  string       `json:"error,omitempty"`
}

const (
	roleClient   = "client"
	roleListener = "listener"
	roleAccepted = "accepted"
)

// ledger is the memory of a run with a report; without one it stays empty. It
// grows with the number of sockets, about half a kilobyte for each.
type ledger struct {
	mu      sync.Mutex
	on      bool
	observe bool
	start   time.Time
	order   []*Record
	listen  []*Record // the listeners among them
	known   map[uint64]*Record
}

func newLedger(c Config) *ledger {
	return &ledger{on: c.Report, observe: c.Observe, start: time.Now(), known: map[uint64]*Record{}}
}

// add takes a finished record, of a socket the program was born with.
func (l *ledger) add(r Record) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Role == "" {
		r.Role = roleAccepted // the way of inetd
	}
	l.insert(&r)
}

func (l *ledger) insert(r *Record) *Record {
	if old, ok := l.known[r.Cookie]; ok {
		return old
	}
	r.At = time.Since(l.start).Seconds()
	l.order = append(l.order, r)
	l.known[r.Cookie] = r
	if r.Role == roleListener {
		l.listen = append(l.listen, r)
	}
	return r
}

// sight records a socket at one of its calls, before keepatch touches it. peer
// is the address of a connect, where it is known.
func (l *ledger) sight(s tcpopt.Socket, pid int, how string, peer netip.AddrPort) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, known := l.known[s.Cookie]
	if !known {
		fresh := inspect(s, pid, how)
		r = l.insert(&fresh)
	} else if !r.SetByUs {
		r.refresh(s, l.observe)
	}
	switch how {
	case "listen":
		if r.Role != roleListener {
			l.listen = append(l.listen, r)
		}
		r.Role, r.Seen = roleListener, how
	case "connect", "sendto", "sendmsg":
		r.Role, r.Seen = roleClient, how
	}
	if peer.IsValid() && r.Remote == "-" {
		r.Remote = peer.String()
	}
}

// refresh updates what getsockopt and the addresses say now.
func (r *Record) refresh(s tcpopt.Socket, own bool) {
	if st, err := s.State(); err == nil {
		r.After = st
		if own {
			r.Own = st.KeepAlive
		}
	}
	local, remote := s.Addrs()
	if remote != "-" {
		r.Local, r.Remote = local, remote
	} else if r.Local == "-" || r.Role == roleListener {
		r.Local = local
	}
}

// last records a socket that is about to go, or was found by looking. One that
// was never connected and does not listen is nothing to report.
func (l *ledger) last(s tcpopt.Socket, pid int, how string) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.known[s.Cookie]; ok {
		r.refresh(s, l.observe)
		return
	}
	if !s.Listening() && !s.WasConnected() {
		return
	}
	fresh := inspect(s, pid, "accept")
	if fresh.Role == "" {
		fresh.Role = roleAccepted
	}
	if fresh.Role == roleListener || how == "found" && l.listener(fresh.Local) == nil {
		fresh.Seen = "found"
	}
	if parent := l.listener(fresh.Local); fresh.Role == roleAccepted && parent != nil {
		// Accepted sockets are born with their listener's options, so what
		// keepatch did to the listener is no merit of the program's.
		fresh.Own = fresh.Own && (l.observe || parent.Own)
		fresh.SetByUs = fresh.Before.KeepAlive && !fresh.Own
	} else if parent == nil && fresh.Role == roleAccepted && fresh.Seen == "found" {
		fresh.Role = roleClient
	}
	l.insert(&fresh)
}

// listener finds the listener that a socket with this local address was
// accepted from.
func (l *ledger) listener(local string) *Record {
	_, port, err := net.SplitHostPort(local)
	if err != nil {
		return nil
	}
	for _, r := range l.listen {
		h, p, err := net.SplitHostPort(r.Local)
		if err == nil && p == port && (r.Local == local || h == "0.0.0.0" || h == "::") {
			return r
		}
	}
	return nil
}

// own notes that the program itself switches keepalive on or off.
func (l *ledger) own(s tcpopt.Socket, on bool) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.known[s.Cookie]; ok {
		r.Own = on
	}
}

// covered notes that keepatch has set the options; first, that keepalive was
// off before.
func (l *ledger) covered(s tcpopt.Socket, first bool) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.known[s.Cookie]; ok {
		r.SetByUs = r.SetByUs || first
		r.refresh(s, false)
	}
}

// left notes that the policy does not choose the socket.
func (l *ledger) left(s tcpopt.Socket) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.known[s.Cookie]; ok {
		r.Left = true
	}
}

// setByUs reports whether keepatch is known to have turned it on.
func (l *ledger) setByUs(s tcpopt.Socket) bool {
	if !l.on {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.known[s.Cookie]
	return ok && r.SetByUs
}

// failed notes that the kernel refused.
func (l *ledger) failed(s tcpopt.Socket, err error) {
	if !l.on {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.known[s.Cookie]; ok {
		r.Error = err.Error()
	}
}

// records copies the records in the order of their first sight, without the
// sockets that were only configured and never used.
func (l *ledger) records() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Record
	for _, r := range l.order {
		if r.Role != "" {
			out = append(out, *r)
		}
	}
	return out
}
