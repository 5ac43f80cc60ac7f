package walk

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// tree walks one directory named as an argument.
type tree struct {
	x      *expander
	real   string // the directory, absolute and without symbolic links
	direct bool   // it was named without symbolic links
}

// walk walks the whole directory, shown under the path shown.
func (t *tree) walk(shown string) {
	var ig ignored
	if !t.x.opt.NoIgnore && inWorkTree(t.real) {
		ig = askGit(t.real, true)
	}
	t.dir(t.real, shown, "", ig)
}

// dir walks one folder. It stands in the work tree that ig was asked for at
// the path rel, which is "" at the top of it.
func (t *tree) dir(real, shown, rel string, ig ignored) {
	if real == t.x.realCwd {
		shown = "." // reached from above, as in "keepatch scan .."
	}
	entries, err := os.ReadDir(real)
	if err != nil && !(errors.Is(err, fs.ErrNotExist) && real != t.real) { // gone meanwhile
		t.x.problem(shown, reason(real, err))
	}
	if rel != "" && !t.x.opt.NoIgnore && hasGit(entries) {
		// A submodule or another repository inside: its own rules hold, and
		// the outer git looks no further.
		rel, ig = "", askGit(real, false)
	}
	for _, e := range entries {
		name := e.Name()
		at := path.Join(rel, name)
		if ig[at] {
			continue
		}
		if !e.IsDir() {
			t.entry(real, shown, e)
			continue
		}
		if below := path.Join(shown, name); (name[0] != '.' || t.x.opt.hidden) && !t.excluded(below, name, true) {
			t.dir(filepath.Join(real, name), below, at, ig)
		}
	}
}

// entry takes one entry of a folder that is no folder, if its name is that of
// a source.
func (t *tree) entry(dir, shown string, e fs.DirEntry) {
	name := e.Name()
	c, unread := isC(name), Language(name) != ""
	if !c && !unread || strings.HasPrefix(name, ".#") || strings.HasPrefix(name, "._") {
		return
	}
	file, real := path.Join(shown, name), filepath.Join(dir, name)
	if t.excluded(file, name, false) {
		return
	}
	switch {
	case c && e.Type()&fs.ModeSymlink != 0:
		if _, err := os.Stat(real); err != nil {
			t.x.problem(file, reason(real, err))
		} else if t.x.opt.links {
			t.x.add(real, found{File: File{Path: file}})
		}
	case !e.Type().IsRegular():
	case unread:
		t.x.addUnread(real, file)
	default:
		t.x.add(real, found{File: File{Path: file}, direct: t.direct})
	}
}

func (t *tree) excluded(shown, name string, dir bool) bool {
	for _, g := range t.x.excludes {
		if g.match(shown, name, dir) {
			return true
		}
	}
	return false
}

func isC(name string) bool {
	return strings.HasSuffix(name, ".c") || strings.HasSuffix(name, ".h")
}

// Language is the language of a source that can hold C in a frame of its own and is
// not read, by the ending of its name: C++, yacc or lex; "" for all others.
func Language(name string) string {
	switch path.Ext(name) {
	case ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".C", ".ipp":
		return "C++"
	case ".y", ".yy", ".ypp", ".yxx":
		return "yacc"
	case ".l", ".ll", ".lpp", ".lex":
		return "lex"
	}
	return ""
}
