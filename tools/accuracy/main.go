// Command accuracy holds what keepatch says about a set of packages against
// labels that people gave to every call in them, and times it.
//
//	go run ./tools/accuracy -keepatch bin/keepatch -labels testdata/corpus/labels -sources DIR
//
// Each package is scanned as a user would scan it: by the program, from the
// package's folder, unconfigured.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/report"
	"github.com/keepatch/keepatch/tools/internal/timing"
)

func main() {
	var o options
	flag.StringVar(&o.keepatch, "keepatch", "bin/keepatch", "the program to measure")
	flag.StringVar(&o.labels, "labels", "testdata/corpus/labels", "folder with the labels, PACKAGE.jsonl each")
	flag.StringVar(&o.sources, "sources", "", "folder with the unpacked packages")
	flag.StringVar(&o.reports, "reports", "", "keep the reports in this folder, PACKAGE.json each")
	flag.BoolVar(&o.all, "all", false, "list every disagreement, also on transport and role")
	flag.BoolVar(&o.time, "time", true, "time one scan over all packages")
	flag.StringVar(&o.write, "write", "", "put the numbers into these documents, separated by commas, at their marks")
	flag.StringVar(&o.name, "name", "corpus", "the set's name in the marks")
	flag.Parse()
	if o.sources == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

type options struct {
	keepatch, labels, sources, reports, write, name string
	all, time                                       bool
}

func (o *options) run() error {
	packs, err := readLabels(o.labels)
	if err != nil {
		return err
	}
	if o.keepatch, err = filepath.Abs(o.keepatch); err != nil {
		return err
	}
	if o.reports != "" {
		if err := os.MkdirAll(o.reports, 0o777); err != nil {
			return err
		}
	}
	var t tally
	mended := newRepairs()
	var failed error
	for _, p := range packs {
		root := filepath.Join(o.sources, p.name)
		rep, err := o.scan(p.name, root)
		if err == nil {
			err = mended.add(root, rep)
		}
		if err != nil {
			// A package without a report counts as one in which nothing was found.
			failed = errors.Join(failed, fmt.Errorf("%s: %w", p.name, err))
			rep = &detect.Report{}
		}
		t.add(p, rep)
	}
	t.print(os.Stdout, o.all)
	mended.print(os.Stdout)
	out := &outcome{tally: &t, mended: mended}
	if o.time {
		if out.speed, err = compareSpeed(o.keepatch, o.sources); err != nil {
			return errors.Join(failed, err)
		}
		out.speed.print(os.Stdout)
	}
	if failed != nil || o.write == "" {
		return failed
	}
	for _, name := range strings.Split(o.write, ",") {
		if err := out.writeInto(name, o.name, time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// scan reports one package. Status 2 stands for inputs that could not be
// understood; what was understood is in the report all the same.
func (o *options) scan(name, root string) (*detect.Report, error) {
	var out, errs bytes.Buffer
	cmd := exec.Command(o.keepatch, "scan", "--no-config", "--format", "json", ".")
	cmd.Dir, cmd.Stdout, cmd.Stderr = root, &out, &errs
	if err := cmd.Run(); err != nil {
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 2 {
			return nil, fmt.Errorf("%w\n%s", err, timing.Head(errs.String()))
		}
	}
	if o.reports != "" {
		if err := os.WriteFile(filepath.Join(o.reports, name+".json"), out.Bytes(), 0o666); err != nil {
			return nil, err
		}
	}
	doc, err := report.ReadJSON(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, timing.Head(errs.String()))
	}
	return doc.Report, nil
}
