package driver

import (
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/keepatch/keepatch/report"
)

// progress shows on a terminal's stderr how far a long analysis is: a sign that moves
// as long as we live, the part that is done, and the program that is worked on.
type progress struct {
	w     io.Writer // nil when nothing is shown
	total float64   // files of all programs
	end   chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex // guards what follows
	done  float64    // files of programs; those of one that is under way count in part
	name  string     // of the program that has told of something last
	turns int        // of the sign
}

// The analysis is quiet for quietFor, then the sign moves every showEvery.
const (
	quietFor  = time.Second
	showEvery = 100 * time.Millisecond
)

func newProgress(w io.Writer, total int) *progress {
	p := &progress{w: w, total: float64(max(total, 1)), end: make(chan struct{})}
	if w != nil {
		p.ended.Go(func() { p.show(quietFor, showEvery) })
	}
	return p
}

// part returns what the analysis of a program of n files tells how much of it is
// done, from 0 to 1. Several programs may do so at the same time.
func (p *progress) part(name string, n int) func(done float64) {
	before := 0.0
	return func(done float64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if done > before {
			p.done += (done - before) * float64(n)
			before = done
		}
		p.name = name
	}
}

func (p *progress) show(quiet, every time.Duration) {
	wait := time.NewTimer(quiet)
	defer wait.Stop()
	for shown := false; ; shown = true {
		select {
		case <-p.end:
			if shown {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		case <-wait.C:
			fmt.Fprint(p.w, "\r\x1b[K"+p.line())
			wait.Reset(every)
		}
	}
}

// line is the next one to be shown. All is done only when nothing is shown any more.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns++
	name := []rune(report.Clean(p.name))
	return fmt.Sprintf("%c %2d%% %s", `|/-\`[p.turns%4], min(int(100*p.done/p.total), 99), string(name[:min(len(name), 40)]))
}

func (p *progress) clear() {
	close(p.end)
	p.ended.Wait()
}

// nameOf is what a program is called: by the folder or file that was named, or by the
// working directory where several belong together.
func nameOf(roots []string) string {
	if len(roots) != 1 {
		roots = []string{"."}
	}
	return filepath.Base(Absolute(roots[0]))
}
