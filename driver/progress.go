package driver

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress shows on a terminal's stderr how far a long analysis is.
type progress struct {
	w     io.Writer // nil when nothing is shown
	total int       // files of all programs
	done  int       // files of all programs that are done
	begin time.Time
	last  time.Time
	shown bool
	mu    sync.Mutex
}

// The analysis is quiet for quietFor, then shows progress every showEvery.
const (
	quietFor  = time.Second
	showEvery = 100 * time.Millisecond
)

func newProgress(w io.Writer, total int) *progress {
	return &progress{w: w, total: total, begin: time.Now()}
}

// part returns what the analysis of one program tells how many of its files
// are done. Several programs may do so at the same time.
func (p *progress) part() func(done, total int) {
	before := 0
	return func(done, _ int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.done += done - before
		before = done
		now := time.Now()
		if p.w == nil || now.Sub(p.begin) < quietFor || now.Sub(p.last) < showEvery {
			return
		}
		p.last, p.shown = now, true
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d files", p.done, p.total)
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
