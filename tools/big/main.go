// Command big times keepatch on a set of large source trees, one project at a
// time and all of them in one scan.
//
//	go run ./tools/big -keepatch bin/keepatch -list testdata/corpus/big.txt -sources DIR
//
// The yardstick is ripgrep searching the same files for the three names of
// calls. Both run in turn, so that what else the machine does slows both. The
// result is a table in markdown; -write keeps it in documents.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/keepatch/keepatch/tools/internal/marks"
	"github.com/keepatch/keepatch/tools/internal/timing"
)

func main() {
	var o options
	flag.StringVar(&o.keepatch, "keepatch", "bin/keepatch", "the program to measure")
	flag.StringVar(&o.list, "list", "testdata/corpus/big.txt", "the projects, NAME VERSION a line")
	flag.StringVar(&o.sources, "sources", "", "folder with the unpacked projects")
	flag.StringVar(&o.only, "only", "", "measure these projects alone, separated by commas, and no scan of all")
	flag.StringVar(&o.format, "format", "text", "report format of the scans")
	flag.DurationVar(&o.timeout, "timeout", time.Minute, "time limit for one project")
	flag.DurationVar(&o.whole, "whole", 20*time.Minute, "time limit for the scan of all; 0 leaves it out")
	flag.StringVar(&o.write, "write", "", "put the table into these documents, separated by commas, at their marks")
	flag.Parse()
	if o.sources == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "big:", err)
		os.Exit(1)
	}
}

type options struct {
	keepatch, list, sources, only, format, write string
	timeout, whole                               time.Duration
}

// run measures what there is; projects that are missing or fail are left out
// of the table and make the run an error.
func (o *options) run() error {
	if !timing.HaveSearch() {
		return errors.New("rg is not installed (Debian: apt-get install ripgrep)")
	}
	names, err := readList(o.list)
	if err != nil {
		return err
	}
	if o.only != "" {
		names = strings.Split(o.only, ",")
	}
	if o.keepatch, err = filepath.Abs(o.keepatch); err != nil {
		return err
	}
	var t table
	var failed error
	for i, name := range names {
		p, err := o.project(name)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", name, err))
			continue
		}
		t.projects = append(t.projects, p)
		fmt.Fprintf(os.Stderr, "%d/%d %s\n", i+1, len(names), p.row())
	}
	if o.whole > 0 && o.only == "" {
		if t.whole, err = o.pair(o.sources, o.whole); err != nil {
			failed = errors.Join(failed, fmt.Errorf("one scan of all: %w", err))
		}
	}
	text := t.markdown()
	fmt.Print(text)
	if failed != nil || o.write == "" {
		return failed
	}
	for _, file := range strings.Split(o.write, ",") {
		if err := marks.Block(file, "big", "table", text); err != nil {
			return err
		}
	}
	return nil
}

// readList reads the first words of the lines of a file; # begins a comment.
func readList(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 0 {
			names = append(names, f[0])
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no projects", file)
	}
	return names, nil
}
