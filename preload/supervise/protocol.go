//go:build linux && (amd64 || arm64)

// Package supervise runs a program and turns keepalive on for the TCP sockets
// of all its processes. Two processes of this binary do it:
//
//   - the front has the process id that the caller started. It waits for the
//     program, hands signals on and ends as the program ended;
//   - the supervisor, the front's child, is the ancestor of everything the
//     program starts (Yama lets an ancestor copy descriptors) and adopts its
//     orphans, so it lives as long as the last of them, which may be longer
//     than the front. The program is started by a thread of it that has
//     installed the filter in itself alone.
//
// The front holds a copy of the listener and sees, in shared memory, which
// calls the supervisor has in hand: if the supervisor is killed, the front
// answers those and all that follow. A stopped call costs two process switches
// and six system calls; a call that may block (the memory of another process,
// the close of a file) keeps no other waiting, see pool.
//
// Only the front has the caller's standard streams while the program runs, and
// of those only standard error: a pipe ends when the program closes it.
package supervise

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"sync"

	"github.com/keepatch/keepatch/preload/policy"
	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Config is everything the processes must agree on. It travels as JSON
// on their command line: the environment belongs to the program.
type Config struct {
	Options tcpopt.Options `json:"options"`
	// Policy chooses the connections.
	Policy policy.Policy `json:"policy,omitzero"`
	// Observe reports and sets nothing.
	Observe bool `json:"observe,omitempty"`
	// Report records every socket; see Report.
	Report bool `json:"report,omitempty"`
	// JSON prints the report as JSON instead of a table.
	JSON bool `json:"json,omitempty"`
	// ReportFile is where the report goes; "" is standard error.
	ReportFile string `json:"report_file,omitempty"`
	// Expect is "", "all" or "covered".
	Expect string `json:"expect,omitempty"`
	// NoAccept leaves accept and accept4 unfiltered.
	NoAccept bool `json:"no_accept,omitempty"`
	// Fallback is "" or "preload"; Shim is the library to use then, "" to
	// compile one.
	Fallback string `json:"fallback,omitempty"`
	Shim     string `json:"shim,omitempty"`

	// Library, if not "", is loaded into the program, and makes its calls past
	// the filter by Cookie.
	Library string `json:"library,omitempty"`
	Cookie  uint64 `json:"cookie,omitempty"`

	// DenyUring refuses io_uring to the program.
	DenyUring bool `json:"deny_uring,omitempty"`

	// FrontPID and Group are the front's process id and process group.
	FrontPID int `json:"front_pid,omitempty"`
	Group    int `json:"group,omitempty"`
	// Inject is the way without pidfd_getfd; see inject.go.
	Inject bool `json:"inject,omitempty"`
	// Collector are the caller's variables for the garbage collector of Go
	// programs.
	Collector []string `json:"collector,omitempty"`
	// Control, Handover, Slots and Listener are the numbers of inherited
	// descriptors, 0 where there is none.
	Control  int `json:"control,omitempty"`
	Handover int `json:"handover,omitempty"`
	Slots    int `json:"slots,omitempty"`
	Listener int `json:"listener,omitempty"`
}

// passed are the descriptors that a helper is started with.
func (c Config) passed() []int {
	return slices.DeleteFunc([]int{c.Control, c.Handover, c.Slots, c.Listener}, func(fd int) bool { return fd == 0 })
}

// Encode is the form for a command line.
func (c Config) Encode() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain fields only
	}
	return string(b)
}

// Decode reads what Encode wrote.
func Decode(s string) (c Config, err error) {
	err = json.Unmarshal([]byte(s), &c)
	return c, err
}

// message is one line on the control socket.
type message struct {
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
	PID  int    `json:"pid,omitempty"`
	// Status is the program's, as wait4(2) gives it, or with msgFailed the
	// exit status for a program that does not start.
	Status uint32  `json:"status,omitempty"`
	Signal int     `json:"signal,omitempty"` // for the program
	At     int64   `json:"at,omitempty"`     // when the front got it, CLOCK_MONOTONIC
	Busy   bool    `json:"busy,omitempty"`   // refused because another supervisor is there
	Inject bool    `json:"inject,omitempty"` // Config.Inject from now on
	Record *Record `json:"record,omitempty"`
}

// Message types. The supervisor sends all but the last two.
const (
	msgReady   = "ready"   // PID waits under the filter for the word to exec
	msgStarted = "started" // the program runs
	msgFailed  = "failed"  // there is no such program: Status, Text
	msgRefused = "refused" // it cannot be supervised: Text says why
	msgWarn    = "warn"    // Text is for the user
	msgStopped = "stopped" // job control stopped the program
	msgRecord  = "record"  // one socket of the report
	msgExit    = "exit"    // the program ended with Status
	msgSignal  = "signal"  // front to supervisor: hand Signal on
	msgGo      = "go"      // front to supervisor: exec
)

// channel sends and receives messages on a control socket.
type channel struct {
	f  *os.File
	r  *bufio.Reader
	mu sync.Mutex
}

func newChannel(fd int, name string) *channel {
	f := os.NewFile(uintptr(fd), name)
	return &channel{f: f, r: bufio.NewReader(f)}
}

// send reports whether the other end is still there.
func (c *channel) send(m message) bool {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // plain fields only
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.f.Write(append(b, '\n'))
	return err == nil
}

// receive gives the next message; ok is false when the other end is gone.
func (c *channel) receive() (m message, ok bool) {
	line, err := c.r.ReadBytes('\n')
	if err != nil {
		return m, false
	}
	return m, json.Unmarshal(line, &m) == nil
}
