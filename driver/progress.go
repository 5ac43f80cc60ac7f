package driver

import (
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/keepatch/keepatch/report"
)

// progress shows on a terminal how far a long analysis is: a moving sign, the percentage
// and the program at work.
type progress struct {
	w     io.Writer // nil when nothing is shown
	total float64   // files of all programs
	end   chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex // guards what follows
	done  float64    // files of programs; a program at work counts in part
	name  string     // of the program that reported progress last
	frame int        // of the sign
}

// Nothing is shown for progressDelay; then the sign moves every progressInterval.
const (
	progressDelay    = time.Second
	progressInterval = 100 * time.Millisecond
)

func newProgress(w io.Writer, total int) *progress {
	p := &progress{w: w, total: float64(max(total, 1)), end: make(chan struct{})}
	if w != nil {
		p.ended.Go(func() { p.show(progressDelay, progressInterval) })
	}
	return p
}

// callback returns the function that the analysis of a program of n files calls with the
// part done, from 0 to 1. Several programs may call theirs at the same time.
func (p *progress) callback(name string, n int) func(done float64) {
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

// line is the text of the next frame. 100% is never shown: the progress is cleared instead.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frame++
	name := []rune(report.Clean(p.name))
	return fmt.Sprintf("%c %2d%% %s", `|/-\`[p.frame%4], min(int(100*p.done/p.total), 99), string(name[:min(len(name), 40)]))
}

func (p *progress) clear() {
	close(p.end)
	p.ended.Wait()
}

// programName is the name shown for a program: the folder or file that was named, or the
// working directory for a program of several paths.
func programName(roots []string) string {
	if len(roots) != 1 {
		roots = []string{"."}
	}
	return filepath.Base(Absolute(roots[0]))
}
