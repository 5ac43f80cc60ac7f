// Command prove applies keepatch to a set of source trees and looks for faults
// in what it did with judges from outside: git apply, patch, gcc under many
// selections of #if, a second run, and each project's own build.
//
//	go run ./tools/prove -keepatch bin/keepatch -toggle TOGGLE -build DIR...
//
// Each DIR holds one unpacked project a folder. They are copied, never changed.
// The result is a table in markdown; -write keeps it in documents. The exit
// status is 1 when a fault was found.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/keepatch/keepatch/tools/internal/marks"
)

func main() {
	var p prover
	var only, write, recipes string
	flag.StringVar(&p.keepatch, "keepatch", "bin/keepatch", "the program to judge")
	flag.StringVar(&p.toggle, "toggle", "",
		"program that is given a tree and a diff and compiles what was inserted under selections of #if (exit status 1: found something)")
	flag.StringVar(&p.work, "work", filepath.Join(os.TempDir(), "keepatch-prove"), "folder for the copies and the findings")
	flag.StringVar(&only, "only", "", "these projects alone, separated by commas")
	flag.BoolVar(&p.build, "build", false,
		"configure and build each project before and after, and run its tests; -write keeps a table of its own")
	flag.BoolVar(&p.deps, "deps", false, "install the Debian packages that a project's recipe names first")
	flag.StringVar(&recipes, "recipes", "testdata/recipes.txt", "how projects are built; the others by what lies at their top")
	flag.IntVar(&p.jobs, "jobs", 1, "jobs of make")
	flag.DurationVar(&p.timeout, "timeout", 5*time.Minute, "time limit for each step of a project")
	flag.StringVar(&write, "write", "", "put the table into these documents, separated by commas, at their marks")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	err := p.ready(recipes)
	if err == nil {
		err = run(&p, flag.Args(), only, write)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	}
}

// ready prepares what builds need.
func (p *prover) ready(recipes string) (err error) {
	if !p.build {
		return nil
	}
	if p.recipes, err = readRecipes(recipes); err != nil {
		return err
	}
	if p.work, err = filepath.Abs(p.work); err != nil {
		return err
	}
	p.bin, err = p.compilers()
	return err
}

func run(p *prover, sources []string, only, write string) error {
	trees, err := projects(sources, only)
	if err != nil {
		return err
	}
	for _, path := range []*string{&p.keepatch, &p.toggle, &p.work} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	var t table
	for i, tree := range trees {
		r := p.prove(tree)
		fmt.Fprintf(os.Stderr, "%d/%d %s\n", i+1, len(trees), r.row())
		for _, f := range r.faults {
			fmt.Fprintf(os.Stderr, "  %s\n", f)
		}
		t = append(t, r)
	}
	text, name := t.markdown(), "table"
	if p.build {
		text, name = t.builds(), "builds"
	}
	fmt.Print(text)
	if write != "" {
		for _, file := range strings.Split(write, ",") {
			if err := marks.Block(file, "prove", name, text); err != nil {
				return err
			}
		}
	}
	if n := t.faults(); n > 0 {
		return fmt.Errorf("%d faults; what was printed is below %s", n, p.work)
	}
	return nil
}

// projects lists the folders below the sources, each name once.
func projects(sources []string, only string) ([]string, error) {
	var wanted []string
	if only != "" {
		wanted = strings.Split(only, ",")
	}
	var trees []string
	seen := map[string]bool{}
	for _, dir := range sources {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() || seen[e.Name()] || wanted != nil && !slices.Contains(wanted, e.Name()) {
				continue
			}
			seen[e.Name()] = true
			tree, err := filepath.Abs(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			trees = append(trees, tree)
		}
	}
	if len(trees) == 0 {
		return nil, errors.New("no projects")
	}
	return trees, nil
}
