//go:build linux && (amd64 || arm64)

package supervise

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/preload/procfd"
)

// Report is what a run with --report prints at the program's end.
type Report struct {
	Schema  int      `json:"schema"` // 1
	Program []string `json:"program"`
	// Observe tells that keepatch set nothing.
	Observe bool     `json:"observe"`
	Totals  Totals   `json:"totals"`
	Sockets []Record `json:"sockets"`
}

// Totals counts the sockets of a report. A listener is no connection: its
// keepalive matters only for what is accepted from it, which is listed itself.
type Totals struct {
	Sockets   int `json:"sockets"`
	Listeners int `json:"listeners"`
	// Own are the connections with keepalive of the program's own making, and
	// On those with keepalive from whatever source.
	Connections int `json:"connections"`
	Own         int `json:"own"`
	On          int `json:"on"`
	// Left are those without, because the policy leaves them as they are.
	Left int `json:"left_by_policy,omitempty"`
}

func newReport(c Config, program []string, records []Record) Report {
	r := Report{Schema: 1, Program: program, Observe: c.Observe, Sockets: records}
	if r.Sockets == nil {
		r.Sockets = []Record{}
	}
	for _, s := range records {
		r.Totals.Sockets++
		if s.Role == roleListener {
			r.Totals.Listeners++
			continue
		}
		r.Totals.Connections++
		if s.Own {
			r.Totals.Own++
		}
		if s.After.KeepAlive {
			r.Totals.On++
		} else if s.Left {
			r.Totals.Left++
		}
	}
	return r
}

// missing counts the connections that fail the expectation: "all" wants
// keepalive of the program's own making, "covered" keepalive from anywhere.
func (r Report) missing(expect string) int {
	switch expect {
	case ExpectAll:
		return r.Totals.Connections - r.Totals.Own
	case ExpectCovered:
		return r.Totals.Connections - r.Totals.On - r.Totals.Left
	}
	return 0
}

// The values of --expect.
const (
	ExpectAll     = "all"
	ExpectCovered = "covered"
)

func (r Report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "TIME\tPID\tCOMMAND\tSEEN\tROLE\tLOCAL\tREMOTE\tBY ITSELF\tIN THE END")
	for _, s := range r.Sockets {
		own := "no"
		if s.Own {
			own = "yes"
		}
		after := s.After.String()
		if s.Left {
			after += " (policy)"
		}
		if s.Error != "" {
			after += " (" + s.Error + ")"
		}
		fmt.Fprintf(t, "%.3f\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			s.At, s.PID, procfd.Printable(s.Command), s.Seen, s.Role, s.Local, s.Remote, own, after)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s, %s: keepalive by itself on %d, in the end on %d\n",
		text.Count(r.Totals.Connections, "connection"), text.Count(r.Totals.Listeners, "listener"), r.Totals.Own, r.Totals.On)
	return err
}
