//go:build linux && (amd64 || arm64)

// Package supervise runs a program and turns keepalive on for the TCP sockets
// of all its processes. Three processes of this binary do it:
//
//   - the front has the process id that the caller started. It waits for the
//     program, hands signals on and ends as the program ended;
//   - the supervisor, the front's child, is the ancestor of everything the
//     program starts (Yama lets an ancestor copy descriptors) and adopts its
//     orphans, so it lives as long as the last of them, which may be longer
//     than the front;
//   - the child, the supervisor's, installs the filter in itself and becomes
//     the program.
//
// Only the front has the caller's standard streams while the program runs, and
// of those only standard error: a pipe ends when the program closes it.
package supervise

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"

	"github.com/keepatch/keepatch/preload/tcpopt"
)

// Config is everything the three processes must agree on. It travels as JSON
// on their command line: the environment belongs to the program.
type Config struct {
	Options tcpopt.Options `json:"options"`
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

	// FrontPID and Group are the front's process id and process group.
	FrontPID int `json:"front_pid,omitempty"`
	Group    int `json:"group,omitempty"`
	// Control is the number of the inherited control socket.
	Control int `json:"control,omitempty"`
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

// message is one line on a control socket.
type message struct {
	Type string `json:"type"`
	Text string `json:"text,omitempty"`
	PID  int    `json:"pid,omitempty"`
	// Status is the program's, as wait4(2) gives it.
	Status uint32  `json:"status,omitempty"`
	Signal int     `json:"signal,omitempty"` // for the program
	Record *Record `json:"record,omitempty"`
}

// Message types. The supervisor sends all but the last two.
const (
	msgStarted = "started" // the program runs under the filter, as PID
	msgRefused = "refused" // it cannot be supervised: Text says why
	msgWarn    = "warn"    // Text is for the user
	msgStopped = "stopped" // job control stopped the program
	msgRecord  = "record"  // one socket of the report
	msgExit    = "exit"    // the program ended with Status
	msgSignal  = "signal"  // front to supervisor: hand Signal on
	msgGo      = "go"      // front to supervisor to child: exec
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
