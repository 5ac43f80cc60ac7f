package driver

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/walk"
)

// program is what is analysed together.
type program struct {
	root   string // its folder, with slashes; "" for what was named outright
	files  []string
	named  map[string]bool        // of files, those that were named outright
	asked  func(file string) bool // whether a file is reported; nil if all are
	unread []string               // sources of other languages, by path
}

// Empty is a folder without a C file that is read.
type Empty struct {
	Path string
	walk.LeftOut
}

// collect lists the files below the options' paths, by program, in the order of
// the programs' folders. The errors are the paths that could not be taken.
func collect(o *Options) ([]program, []Empty, []result.FileError) {
	reading := o.reading()
	roots, others := programRoots(reading)
	paths := reading
	if o.Select != nil && len(roots) > 0 {
		roots = slices.DeleteFunc(roots, func(r string) bool { return !o.Select(r) })
		if paths = append(others, roots...); len(paths) == 0 {
			return nil, nil, nil
		}
	}
	if o.Whole { // ignored and hidden ones are read if they are named
		paths = slices.Concat(paths, slices.DeleteFunc(slices.Clone(o.Paths), func(p string) bool { return !isFile(p) }))
	}
	found := o.find(paths, walk.Options{Excludes: o.Excludes})
	var errs []result.FileError
	for _, p := range found.Problems {
		errs = append(errs, result.FileError{File: p.Path, Line: p.Line, Message: p.Msg})
	}
	list := make([]program, len(roots)+1)
	for i, r := range roots {
		list[i+1].root = r
	}
	for _, f := range found.Files {
		p := &list[rootOf(roots, f.Path)]
		p.files = append(p.files, f.Path)
		if f.Named {
			if p.named == nil {
				p.named = map[string]bool{}
			}
			p.named[f.Path] = true
		}
	}
	for _, name := range found.Unread {
		p := &list[rootOf(roots, name)]
		p.unread = append(p.unread, name)
	}
	if len(list[0].files)+len(list[0].unread) == 0 && len(list) > 1 {
		list = list[1:]
	}
	o.selectNamed(list)
	return list, o.empty(found, len(roots) > 0), errs
}

// empty looks again at the folders in which nothing was found.
func (o *Options) empty(found *walk.Result, collection bool) (list []Empty) {
	if o.Select != nil && collection {
		return nil // the programs were not named by the user
	}
	for _, dir := range found.Empty {
		list = append(list, Empty{dir, walk.WhyEmpty(o.find, dir, walk.Options{Excludes: o.Excludes})})
	}
	return list
}

// rootOf returns the index of the program that a file belongs to: 1 + that of
// its root, 0 for none. Roots never lie in one another.
func rootOf(roots []string, name string) int {
	for i, r := range roots {
		if underRoot(r, name) {
			return i + 1
		}
	}
	return 0
}

// ExcludesFor turns the patterns of a configuration file, which are relative to
// the file's folder, into patterns for paths as seen from here. here is the
// working directory relative to that folder, with slashes: "" or "." when they
// are the same.
func ExcludesFor(patterns []string, here string) []string {
	var list []string
	for _, p := range patterns {
		p = strings.TrimPrefix(p, "./")
		dir := strings.HasSuffix(p, "/")
		bare := strings.TrimSuffix(p, "/")
		if !strings.Contains(bare, "/") || strings.HasPrefix(bare, "**/") || here == "" || here == "." {
			list = append(list, p)
			continue
		}
		seen := relativePattern(here, bare)
		if dir && seen != everything {
			seen += "/"
		}
		list = append(list, seen)
	}
	return list
}

// everything is the pattern that every file and folder matches.
const everything = "**/*"

// relativePattern turns a pattern into one for paths as seen from the folder here: the
// folders that both begin with are cut off, and the others of here become "..".
func relativePattern(here, pattern string) string {
	pp, hp := strings.Split(pattern, "/"), strings.Split(here, "/")
	k := 0
	for ; k < len(hp); k++ {
		if k == len(pp) {
			return everything // it names a folder that we stand in
		}
		if pp[k] == "**" {
			return strings.Join(pp[k:], "/")
		}
		if !doublestar.MatchUnvalidated(pp[k], hp[k]) {
			break
		}
	}
	if k == len(pp) {
		return everything
	}
	return strings.Repeat("../", len(hp)-k) + strings.Join(pp[k:], "/")
}

func underRoot(root, name string) bool { return strings.HasPrefix(name, root+"/") }
