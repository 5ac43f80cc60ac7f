package main

import (
	"fmt"
	"time"

	"github.com/keepatch/keepatch/tools/internal/marks"
)

// outcome is everything that a run has measured.
type outcome struct {
	tally  *tally
	mended *repairs
	speed  *speed // nil when nothing was timed
}

// writeInto writes the rows of a document that have marks of the set anew.
func (o *outcome) writeInto(file, set string, now time.Time) error {
	return marks.Rows(file, "accuracy", set, func(kind, first string) (string, string, error) {
		cells := ""
		switch kind {
		case "short":
			cells = fmt.Sprintf("%.2f | %.2f | %.2f", o.tally.precision(), o.tally.recall(), o.tally.f1())
		case "row":
			cells = fmt.Sprintf("%.2f | %.2f | %.2f | %s", o.tally.precision(), o.tally.recall(), o.tally.f1(), o.wall())
		case "history":
			first = now.Format("2006-01-02")
			cells = fmt.Sprintf("%d of %d | %d | %d | %.3f | %.3f | %.3f", o.tally.seen,
				o.tally.sites, o.tally.hits, o.tally.wrong+o.tally.stray,
				o.tally.precision(), o.tally.recall(), o.tally.f1())
		case "agreement":
			cells = fmt.Sprintf("%d of %d | %d of %d | %d", o.tally.transport, o.tally.calls,
				o.tally.role, o.tally.tcpCalls, o.tally.undecided)
		case "repairs":
			cells = fmt.Sprintf("%d | %d | %s", o.mended.around.functions, o.mended.around.repaired, o.mended.around.list())
		case "time":
			cells = o.times()
		default:
			return "", "", fmt.Errorf("no numbers for the mark accuracy:%s:%s", set, kind)
		}
		return first, cells, nil
	})
}

func (o *outcome) wall() string {
	if o.speed == nil {
		return ""
	}
	return fmt.Sprintf("%.1f s", o.speed.own.Wall.Seconds())
}

func (o *outcome) times() string {
	s := o.speed
	if s == nil {
		return " | | | | | "
	}
	cells := fmt.Sprintf("%d | %.1f | %.1f s | %.0f MB", s.files, float64(s.bytes)/1e6, s.own.Wall.Seconds(), float64(s.own.Memory)/1e6)
	if s.rg == nil {
		return cells + " | | "
	}
	return cells + fmt.Sprintf(" | %.2f s | %.0f", s.rg.Wall.Seconds(), s.ratio())
}
