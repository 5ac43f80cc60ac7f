package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"time"
)

// outcome is everything that a run has measured.
type outcome struct {
	tally  *tally
	mended *repairs
	speed  *speed // nil when nothing was timed
}

// A mark in a table's first cell says which numbers the row has:
// <!-- accuracy:SET:KIND -->.
var mark = regexp.MustCompile(`(?m)^\| ([^|]*)<!-- accuracy:(\w+):(\w+) --> \|.*$`)

// writeInto writes the rows of a document that have marks of the set anew.
func (o *outcome) writeInto(file, set string, now time.Time) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var failed error
	out := mark.ReplaceAllFunc(text, func(row []byte) []byte {
		m := mark.FindSubmatch(row)
		if string(m[2]) != set {
			return row
		}
		first, cells := string(m[1]), ""
		switch kind := string(m[3]); kind {
		case "short":
			cells = fmt.Sprintf("%.2f | %.2f | %.2f", o.tally.precision(), o.tally.recall(), o.tally.f1())
		case "row":
			cells = fmt.Sprintf("%.2f | %.2f | %.2f | %s", o.tally.precision(), o.tally.recall(), o.tally.f1(), o.wall())
		case "history":
			first = now.Format("2006-01-02")
			cells = fmt.Sprintf("%d of %d | %d | %d | %.3f | %.3f | %.3f", o.tally.seen, o.tally.sites, o.tally.hits, o.tally.wrong+o.tally.stray,
				o.tally.precision(), o.tally.recall(), o.tally.f1())
		case "agreement":
			cells = fmt.Sprintf("%d of %d | %d of %d | %d", o.tally.transport, o.tally.calls, o.tally.role, o.tally.tcpCalls, o.tally.undecided)
		case "repairs":
			cells = fmt.Sprintf("%d | %d | %s", o.mended.around.functions, o.mended.around.repaired, o.mended.around.list())
		case "time":
			cells = o.times()
		default:
			failed = fmt.Errorf("%s: no numbers for the mark %s", file, m[0])
			return row
		}
		return fmt.Appendf(nil, "| %s<!-- accuracy:%s:%s --> | %s |", first, set, m[3], cells)
	})
	if failed != nil || bytes.Equal(out, text) {
		return failed
	}
	return os.WriteFile(file, out, 0o666)
}

func (o *outcome) wall() string {
	if o.speed == nil {
		return ""
	}
	return fmt.Sprintf("%.1f s", o.speed.own.wall.Seconds())
}

func (o *outcome) times() string {
	s := o.speed
	if s == nil {
		return " | | | | | "
	}
	cells := fmt.Sprintf("%d | %.1f | %.1f s | %.0f MB", s.files, float64(s.bytes)/1e6, s.own.wall.Seconds(), float64(s.own.memory)/1e6)
	if s.rg == nil {
		return cells + " | | "
	}
	return cells + fmt.Sprintf(" | %.2f s | %.0f", s.rg.wall.Seconds(), s.ratio())
}
