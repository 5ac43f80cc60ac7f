package main

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A folder that holds whole programs side by side, such as the unpacked
// packages of a distribution, is a shelf. The programs on it are analysed each
// by itself, and are what --shard deals out. A program is known by what its
// authors leave in its top folder.
var programMarks = []string{
	"readme*", "copying*", "license*", "licence*", "copyright*", "install*", "changelog*", "news*", "authors*",
	"configure", "configure.ac", "configure.in", "autogen.sh", "cmakelists.txt", "meson.build", "sconstruct",
	"debian", ".git", ".hg", ".svn",
}

// shelfDepth is how many folders deep shelves are looked for: a distribution
// has sections, and sections have packages.
const shelfDepth = 3

// programRoots returns the folders of the programs on the shelves among paths,
// sorted, as their files' paths begin. Paths that are no shelf give none: what
// is named together belongs together.
func programRoots(paths []string) []string {
	var roots []string
	for _, p := range paths {
		shown := filepath.ToSlash(filepath.Clean(p))
		for _, r := range shelf(p, shelfDepth) {
			if shown != "." {
				r = path.Join(shown, r)
			}
			roots = append(roots, r)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}

// shelf returns the folders of the programs on a shelf, relative to dir, or
// nothing when dir is no shelf.
func shelf(dir string, depth int) []string {
	if depth == 0 || isProgram(dir) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var roots []string
	programs := 0
	for _, e := range entries {
		name := e.Name()
		switch {
		case isSource(name):
			return nil // a source of its own: what lies below belongs to it
		case !e.IsDir() || strings.HasPrefix(name, "."):
			continue
		}
		sub := filepath.Join(dir, name)
		if inner := shelf(sub, depth-1); len(inner) > 0 {
			programs += len(inner)
			for _, r := range inner {
				roots = append(roots, path.Join(name, r))
			}
			continue
		}
		if isProgram(sub) {
			programs++
		}
		roots = append(roots, name)
	}
	if programs < 2 {
		return nil
	}
	return roots
}

func isProgram(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		name := strings.ToLower(e.Name())
		return slices.ContainsFunc(programMarks, func(mark string) bool {
			ok, _ := path.Match(mark, name)
			return ok
		})
	})
}

func isSource(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".c" || ext == ".h"
}
