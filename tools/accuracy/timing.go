package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/keepatch/keepatch/tools/internal/timing"
)

// rounds is how often each program is timed; the best round counts, as the
// machine is rarely ours alone.
const rounds = 3

// speed is one scan over all sources against a search for the names of the
// calls over the same files, which no analysis can undercut.
type speed struct {
	files int
	bytes int64
	own   *timing.Run
	rg    *timing.Run // nil when rg is not installed
}

func compareSpeed(keepatch, sources string) (*speed, error) {
	// 2 is for inputs that could not be read, which the packages have.
	scan := &timing.Command{Dir: sources, Name: keepatch, OKStatus: 2, Args: []string{"scan", "--no-config", "--format", "json", "."}}
	own, err := scan.Best(rounds)
	if err != nil {
		return nil, err
	}
	var rep struct {
		Coverage struct {
			Files int
			Bytes int64
		}
	}
	if err := json.Unmarshal(own.Stdout, &rep); err != nil {
		return nil, err
	}
	s := &speed{files: rep.Coverage.Files, bytes: rep.Coverage.Bytes, own: own}
	if !timing.HaveSearch() {
		return s, nil
	}
	s.rg, err = timing.Search(sources).Best(rounds)
	return s, err
}

func (s *speed) ratio() float64 { return s.own.Wall.Seconds() / s.rg.Wall.Seconds() }

func (s *speed) print(w io.Writer) {
	fmt.Fprintf(w, "one scan of all: %d files, %.1f MB, %.2f s", s.files, float64(s.bytes)/1e6, s.own.Wall.Seconds())
	if s.own.Memory > 0 {
		fmt.Fprintf(w, ", peak memory %.0f MB", float64(s.own.Memory)/1e6)
	}
	if s.rg == nil {
		fmt.Fprintln(w, "; rg is not installed, so there is nothing to hold it against")
		return
	}
	fmt.Fprintf(w, "; rg -w 'socket|accept|accept4' %.3f s; ratio %.1f\n", s.rg.Wall.Seconds(), s.ratio())
}
