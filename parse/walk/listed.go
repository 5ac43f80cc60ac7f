package walk

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Listed is Expand over a list of files instead of a disk, such as that of git's
// index: files are paths as Expand displays them, args name some of them and
// folders above them. Hidden folders and what the options exclude are passed over.
func Listed(args, files []string, opt Options) *Result {
	x := newExpander(opt)
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, a := range args {
		shown, met := x.display(a, nil), false
		empty := true
		for _, f := range files {
			rel, below := inside(x.absolute(shown), x.absolute(f))
			met = met || below
			switch {
			case !below:
				continue
			case rel == "." && Language(f) != "":
				x.problem(f, Language(f)+" is not read")
			case rel == ".":
				x.add(f, found{File: File{Path: f, Named: true}, direct: true})
			case !x.listed(f, filepath.ToSlash(rel)):
				continue
			}
			empty = false
		}
		switch {
		case !met && shown != ".":
			x.problem(shown, "not in git's index")
		case empty:
			x.res.Empty = append(x.res.Empty, shown)
		}
	}
	return x.result()
}

// listed takes a file whose path below the argument is rel, if it is a C file.
func (x *expander) listed(file, rel string) bool {
	t := &tree{x: x}
	dir := strings.TrimSuffix(file, rel)
	for rest := rel; ; {
		name, below, ok := strings.Cut(rest, "/")
		if !ok {
			break
		}
		dir = path.Join(dir, name)
		if strings.HasPrefix(name, ".") && !x.opt.hidden || t.excluded(dir, name, true) {
			return false
		}
		rest = below
	}
	name := path.Base(file)
	if strings.HasPrefix(name, ".#") || strings.HasPrefix(name, "._") || t.excluded(file, name, false) {
		return false
	}
	switch {
	case isC(name):
		x.add(file, found{File: File{Path: file}, direct: true})
	case Language(name) != "":
		x.addUnread(file, file)
	}
	return isC(name)
}

func (x *expander) absolute(shown string) string {
	if name := filepath.FromSlash(shown); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(x.cwd, filepath.FromSlash(shown))
}

// Add adds a file that is named outright, wherever it is.
func (r *Result) Add(name string) {
	i, met := slices.BinarySearchFunc(r.Files, name, func(f File, name string) int { return strings.Compare(f.Path, name) })
	if !met {
		r.Files = slices.Insert(r.Files, i, File{})
	}
	r.Files[i] = File{Path: name, Named: true}
	r.Empty = slices.DeleteFunc(r.Empty, func(dir string) bool {
		return strings.HasPrefix(name, dir+"/") || dir == "." && filepath.IsLocal(filepath.FromSlash(name))
	})
}
