package main

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/keepatch/keepatch/tools/internal/timing"
)

// A run above slow is not repeated: what else the machine does hardly changes
// it, and the set has many.
const (
	rounds = 3
	slow   = 10 * time.Second
)

// pair is a scan beside the search over the same tree.
type pair struct {
	scan, rg *timing.Run
}

// pair runs the two in turn and takes the best of each.
func (o *options) pair(dir string, limit time.Duration) (*pair, error) {
	search := timing.Search(dir)
	// Status 2 stands for inputs that could not be read; the report is there.
	scan := &timing.Command{Dir: dir, Name: o.keepatch, OKStatus: 2, Timeout: limit,
		Args: []string{"scan", "--no-config", "--format", o.format, "."}}
	// The first search only brings the files into the page cache.
	if _, err := search.Once(); err != nil {
		return nil, err
	}
	var best *pair
	for range rounds {
		rg, err := search.Once()
		if err != nil {
			return nil, err
		}
		own, err := scan.Once()
		if err != nil {
			return nil, err
		}
		if best == nil {
			best = &pair{own, rg}
		} else {
			best.scan.Add(own)
			best.rg.Add(rg)
		}
		if own.Wall > slow {
			break
		}
	}
	return best, nil
}

// project is one row of the table.
type project struct {
	name  string
	files int
	bytes int64
	lines int // that the search prints
	*pair
}

func (o *options) project(name string) (*project, error) {
	dir := filepath.Join(o.sources, name)
	p := &project{name: name}
	if err := p.size(dir); err != nil {
		return nil, err
	}
	var err error
	if p.pair, err = o.pair(dir, o.timeout); err != nil {
		return nil, err
	}
	p.lines = bytes.Count(p.rg.Stdout, []byte("\n"))
	return p, nil
}

// size counts the C files below dir.
func (p *project) size(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.Type().IsRegular() || !strings.HasSuffix(path, ".c") && !strings.HasSuffix(path, ".h"):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		p.files++
		p.bytes += info.Size()
		return nil
	})
}
