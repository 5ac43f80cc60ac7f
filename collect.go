package main

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse/walk"
)

// program is what is analysed together.
type program struct {
	root  string // its folder, with slashes; "" for what was named outright
	files []string
	cxx   []string // C++ sources, by path
}

// collect lists the files below the options' paths, by program, in the order of
// the programs' folders. The errors are the paths that could not be taken.
func collect(o *options) ([]program, []detect.FileError) {
	roots, others := programRoots(o.paths)
	paths := o.paths
	if o.wants != nil && len(roots) > 0 {
		roots = slices.DeleteFunc(roots, func(r string) bool { return !o.wants(r) })
		if paths = append(others, roots...); len(paths) == 0 {
			return nil, nil
		}
	}
	found := walk.Expand(paths, walk.Options{Excludes: o.excludes})
	var errs []detect.FileError
	for _, p := range found.Problems {
		errs = append(errs, detect.FileError{File: p.Path, Line: p.Line, Message: p.Msg})
	}
	list := make([]program, len(roots)+1)
	for i, r := range roots {
		list[i+1].root = r
	}
	for _, f := range found.Files {
		p := &list[rootOf(roots, f.Path)]
		p.files = append(p.files, f.Path)
	}
	for _, name := range found.CXX {
		p := &list[rootOf(roots, name)]
		p.cxx = append(p.cxx, name)
	}
	if len(list[0].files)+len(list[0].cxx) == 0 && len(list) > 1 {
		list = list[1:]
	}
	return list, errs
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

var callPattern = regexp.MustCompile(`\b(socket|accept4?)\s*\(`)

// notUnderstood returns those of the C++ sources that hold calls which a C
// source would be reported for.
func notUnderstood(names []string) []string {
	var list []string
	for _, name := range names {
		if src, err := os.ReadFile(name); err == nil && callPattern.Match(src) {
			list = append(list, name)
		}
	}
	return list
}

// excludesFor turns the patterns of a configuration file, which are relative to
// the file's folder, into patterns for paths as seen from here. here is the
// working directory relative to that folder, with slashes: "" or "." when they
// are the same.
func excludesFor(patterns []string, here string) []string {
	var list []string
	for _, p := range patterns {
		p = strings.TrimPrefix(p, "./")
		dir := strings.HasSuffix(p, "/")
		bare := strings.TrimSuffix(p, "/")
		if !strings.Contains(bare, "/") || strings.HasPrefix(bare, "**/") || here == "" || here == "." {
			list = append(list, p)
			continue
		}
		if rest, ok := below(bare, here); ok {
			if dir && rest != everything {
				rest += "/"
			}
			list = append(list, rest)
		}
	}
	return list
}

// everything is the pattern that every file and folder matches.
const everything = "**/*"

// below cuts the folders of here off a pattern, part by part. ok is false when
// the pattern speaks of another folder.
func below(pattern, here string) (rest string, ok bool) {
	pp, hp := strings.Split(pattern, "/"), strings.Split(here, "/")
	for i, h := range hp {
		if i >= len(pp)-1 {
			// The pattern names a folder that we stand in: everything is excluded.
			if m, _ := path.Match(pp[len(pp)-1], h); m && i == len(pp)-1 {
				return everything, true
			}
			return "", false
		}
		if pp[i] == "**" {
			return strings.Join(pp[i:], "/"), true
		}
		if m, _ := path.Match(pp[i], h); !m {
			return "", false
		}
	}
	return strings.Join(pp[len(hp):], "/"), true
}

func underRoot(root, name string) bool { return strings.HasPrefix(name, root+"/") }
