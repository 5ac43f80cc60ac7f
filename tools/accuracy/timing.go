package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// rounds is how often each program is timed; the best round counts, as the
// machine is rarely ours alone.
const rounds = 3

// timed is the best of some runs of a program.
type timed struct {
	wall   time.Duration
	memory int64 // the peak in bytes, over all rounds; 0 where it cannot be told
	stdout []byte
}

func measure(dir string, okStatus int, name string, args ...string) (*timed, error) {
	best := &timed{}
	for i := range rounds {
		var out, errs bytes.Buffer
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
		begin := time.Now()
		err := cmd.Run()
		wall := time.Since(begin)
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > okStatus {
			return nil, fmt.Errorf("%s: %v\n%s", name, err, head(errs.String()))
		}
		if i == 0 || wall < best.wall {
			best.wall = wall
		}
		best.memory = max(best.memory, peak(cmd.ProcessState))
		best.stdout = out.Bytes()
	}
	return best, nil
}

// speed is one scan over all sources against a search for the names of the
// calls over the same files, which no analysis can undercut.
type speed struct {
	files int
	bytes int64
	own   *timed
	rg    *timed // nil when rg is not installed
}

func compareSpeed(keepatch, sources string) (*speed, error) {
	// 2 is for inputs that could not be read, which the packages have.
	own, err := measure(sources, 2, keepatch, "scan", "--no-config", "--format", "json", ".")
	if err != nil {
		return nil, err
	}
	var rep struct {
		Coverage struct {
			Files int
			Bytes int64
		}
	}
	if err := json.Unmarshal(own.stdout, &rep); err != nil {
		return nil, err
	}
	s := &speed{files: rep.Coverage.Files, bytes: rep.Coverage.Bytes, own: own}
	if _, err := exec.LookPath("rg"); err != nil {
		return s, nil
	}
	// 1 is for no match.
	s.rg, err = measure(sources, 1, "rg", "-w", "-g", "*.c", "-g", "*.h", "socket|accept|accept4", ".")
	return s, err
}

func (s *speed) ratio() float64 { return s.own.wall.Seconds() / s.rg.wall.Seconds() }

func (s *speed) print(w io.Writer) {
	fmt.Fprintf(w, "one scan of all: %d files, %.1f MB, %.2f s", s.files, float64(s.bytes)/1e6, s.own.wall.Seconds())
	if s.own.memory > 0 {
		fmt.Fprintf(w, ", peak memory %.0f MB", float64(s.own.memory)/1e6)
	}
	if s.rg == nil {
		fmt.Fprintln(w, "; rg is not installed, so there is nothing to hold it against")
		return
	}
	fmt.Fprintf(w, "; rg -w 'socket|accept|accept4' %.3f s; ratio %.1f\n", s.rg.wall.Seconds(), s.ratio())
}

// peak is the most memory that a program had at a time.
func peak(s *os.ProcessState) int64 { return maxRSS(s.SysUsage()) }
