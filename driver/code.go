package driver

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
)

// codeKind says what kind of code a file of a program holds. Only the folders
// inside the program count: one that is unpacked below a folder called test is no
// test for that.
func (o *Options) codeKind(root, file string) string {
	if root == "" {
		for _, p := range o.Paths {
			if shown := shownPath(p); underRoot(shown, file) && len(shown) > len(root) {
				root = shown
			}
		}
	}
	inside := strings.TrimPrefix(file, root+"/")
	for strings.HasPrefix(inside, "../") {
		inside = inside[len("../"):]
	}
	if path.IsAbs(inside) {
		inside = path.Base(inside)
	}
	return knowledge.CodeKind(inside)
}

// CodeKind is the kind of code that a file holds, by its path in a report.
func (o *Options) CodeKind(file string) string {
	roots, _ := programRoots(o.Paths)
	for _, r := range roots {
		if underRoot(r, file) {
			return o.codeKind(r, file)
		}
	}
	return o.codeKind("", file)
}

// markCode says of each site what kind of code it stands in and, unless tests are
// wanted, leaves out what is no product. The analysis has read it all the same,
// since a caller may be a test.
func (o *Options) markCode(root string, rep *detect.Report) {
	for _, s := range rep.Sites {
		s.Code = o.codeKind(root, s.File)
	}
	if !o.ProductOnly {
		return
	}
	c := &rep.Coverage
	rep.Sites = slices.DeleteFunc(rep.Sites, func(s *result.Site) bool {
		if s.Code == knowledge.Product {
			return false
		}
		c.Sites--
		c.LeftOut++
		switch s.Verdict {
		case result.Missing:
			c.Missing--
		case result.Undecided:
			c.Undecided--
		}
		return true
	})
	rep.Notes = slices.DeleteFunc(rep.Notes, func(n result.Note) bool { return o.codeKind(root, n.File) != knowledge.Product })
}
