package driver

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// programMarkers are files that the authors of a program leave in its top folder (lower
// case, patterns). A folder with such folders side by side, as the unpacked packages of a
// distribution, is a collection: each program in it is analysed by itself, and --shard
// divides them.
var programMarkers = []string{
	"readme*", "copying*", "license*", "licence*", "copyright*", "install*", "changelog*", "news*", "authors*",
	"configure", "configure.ac", "configure.in", "autogen.sh", "cmakelists.txt", "meson.build", "sconstruct",
	"makefile", "gnumakefile", "makefile.am", "makefile.in", "wscript",
	"debian",
}

// checkoutMarkers make a folder in a collection a program. They do not make a collection of
// the folder above: an archive may be kept in one repository.
var checkoutMarkers = []string{".git", ".hg", ".svn"}

// maxCollectionDepth is the depth, in folders, to which collections are searched: a
// distribution has sections, and sections have packages.
const maxCollectionDepth = 3

// programRoots returns the folders of the programs in the collections among paths, sorted,
// as display paths, and the paths that are no collection, which form one program together.
func programRoots(paths []string) (roots, others []string) {
	for _, p := range paths {
		shown := displayPath(p)
		found := collection(p, maxCollectionDepth)
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

// ProgramOf returns what has to be read to judge a site of a file in dir: the folder of its
// program where dir is a collection, else dir itself.
func ProgramOf(dir, file string) string {
	for _, r := range collection(dir, maxCollectionDepth) {
		if root := filepath.Join(dir, r); Below(Absolute(root), Absolute(file)) {
			return root
		}
	}
	return dir
}

// displayPath returns the path of a folder as reports show it: relative to the working
// directory if it lies below.
func displayPath(p string) string {
	if filepath.IsAbs(p) {
		if cwd, err := os.Getwd(); err == nil {
			if rel, err := filepath.Rel(cwd, p); err == nil && filepath.IsLocal(rel) {
				p = rel
			}
		}
	}
	return filepath.ToSlash(filepath.Clean(p))
}

// collection returns the folders of the programs in dir, relative to it; none if dir is no
// collection.
func collection(dir string, depth int) []string {
	if depth == 0 || hasMarker(dir, programMarkers) {
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
		case isSource(name) && !e.IsDir():
			return nil // a source of its own: what lies below belongs to it
		case !e.IsDir() || strings.HasPrefix(name, "."):
			continue
		}
		sub := filepath.Join(dir, name)
		if inner := collection(sub, depth-1); len(inner) > 0 {
			programs += len(inner)
			for _, r := range inner {
				roots = append(roots, path.Join(name, r))
			}
			continue
		}
		if hasMarker(sub, programMarkers) || hasMarker(sub, checkoutMarkers) {
			programs++
		}
		roots = append(roots, name)
	}
	if programs < 2 {
		return nil
	}
	return roots
}

// hasMarker reports whether one of the names matches one of the patterns, ignoring case. A
// folder has to be named so, as LICENSES is: newspost is a program in a collection, no NEWS.
func hasMarker(dir string, marks []string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		name := strings.ToLower(e.Name())
		return slices.ContainsFunc(marks, func(mark string) bool {
			if stem := strings.TrimSuffix(mark, "*"); e.IsDir() {
				return name == stem || name == stem+"s"
			}
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
