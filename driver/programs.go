package driver

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
	"makefile", "gnumakefile", "makefile.am", "makefile.in", "wscript",
	"debian",
}

// checkoutMarks show that a folder on a shelf is a program of its own. They do
// not make a program of the folder that they are found in first: an archive may
// be kept in one repository.
var checkoutMarks = []string{".git", ".hg", ".svn"}

// shelfDepth is how many folders deep shelves are looked for: a distribution
// has sections, and sections have packages.
const shelfDepth = 3

// programRoots returns the folders of the programs on the shelves among paths,
// sorted, as their files' paths begin, and the paths that are no shelf: what is
// named together belongs together.
func programRoots(paths []string) (roots, others []string) {
	for _, p := range paths {
		shown := shownPath(p)
		found := shelf(p, shelfDepth)
		if len(found) == 0 {
			others = append(others, p)
		}
		for _, r := range found {
			if shown != "." {
				r = path.Join(shown, r)
			}
			roots = append(roots, r)
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots), others
}

// shownPath is how the paths of files below a folder begin: relative to the
// working directory when they lie in it.
func shownPath(p string) string {
	if filepath.IsAbs(p) {
		if cwd, err := os.Getwd(); err == nil {
			if rel, err := filepath.Rel(cwd, p); err == nil && filepath.IsLocal(rel) {
				p = rel
			}
		}
	}
	return filepath.ToSlash(filepath.Clean(p))
}

// shelf returns the folders of the programs on a shelf, relative to dir, or
// nothing when dir is no shelf.
func shelf(dir string, depth int) []string {
	if depth == 0 || hasMark(dir, programMarks) {
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
		if hasMark(sub, programMarks) || hasMark(sub, checkoutMarks) {
			programs++
		}
		roots = append(roots, name)
	}
	if programs < 2 {
		return nil
	}
	return roots
}

// hasMark says whether something in a folder has a name that one of the patterns
// takes, in any case.
func hasMark(dir string, marks []string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		name := strings.ToLower(e.Name())
		return slices.ContainsFunc(marks, func(mark string) bool {
			ok, _ := path.Match(mark, name)
			return ok
		})
	})
}

func isSource(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".c" || ext == ".h"
}

// Absolute returns the absolute path of a file that is named with slashes.
func Absolute(name string) string {
	if abs, err := filepath.Abs(filepath.FromSlash(name)); err == nil {
		return abs
	}
	return name
}
