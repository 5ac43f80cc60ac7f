package driver

import (
	"slices"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
)

// kindOf says what kind of code a file holds, by its path below the one of roots that it lies in.
func kindOf(roots []string, file string) string {
	return knowledge.CodeKind(knowledge.Below(roots, file))
}

// rootsOf are the folders that paths of a program's files are seen from.
func (o *Options) rootsOf(root string) []string {
	if root != "" {
		return []string{root}
	}
	return displayPaths(o.reading())
}

// detectOptions are those for one program.
func (o *Options) detectOptions(root string) detect.Options {
	opt := o.Detect
	opt.Roots = o.rootsOf(root)
	return opt
}

// displayPaths are paths as those of the files below them begin.
func displayPaths(paths []string) []string {
	var list []string
	for _, p := range paths {
		list = append(list, displayPath(p))
	}
	return list
}

// CodeKinds returns a function that says what kind of code a file of a report holds.
// It looks for the programs among the paths, once.
func (o *Options) CodeKinds() func(file string) string {
	roots, others := programRoots(o.reading())
	roots = append(roots, displayPaths(others)...)
	return func(file string) string { return kindOf(roots, file) }
}

// markCode says of each site what kind of code it stands in and, unless tests are
// wanted, leaves out what is no product. The analysis has read it all the same,
// since a caller may be a test.
func (o *Options) markCode(root string, rep *detect.Report) {
	roots := o.rootsOf(root)
	for _, s := range rep.Sites {
		s.Code = kindOf(roots, s.File)
	}
	if !o.ProductOnly {
		return
	}
	rep.Coverage.LeftOut += dropSites(rep, func(s *result.Site) bool { return s.Code != knowledge.Product })
	rep.Notes = slices.DeleteFunc(rep.Notes, func(n result.Note) bool { return kindOf(roots, n.File) != knowledge.Product })
}
