package driver

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/walk"
)

// ProgramPath is what has to be read to judge a site of a file: the working directory, as
// where no path is named, or the file's program where that is a collection. Where the
// working directory is in no repository or may hold anything, the file's repository is
// enough. Of any other file it is the folder; a file that lies where anything may lie
// stands alone.
func ProgramPath(file string) string {
	cwd, err := filepath.Abs(".")
	abs, aerr := filepath.Abs(file)
	if err != nil || aerr != nil {
		return filepath.Dir(file)
	}
	below, anything := Below(cwd, abs), holdsAnything(cwd)
	repo := RepoRoot(filepath.Dir(abs))
	switch rel, err := filepath.Rel(cwd, repo); {
	case below && err == nil && repo != cwd && Below(cwd, repo) && (anything || RepoRoot(cwd) == ""):
		if filepath.IsAbs(file) {
			return repo
		}
		return rel
	case below && !anything:
		return ProgramOf(".", file)
	case holdsAnything(filepath.Dir(abs)):
		return file
	}
	return filepath.Dir(file)
}

// PathEnding returns the one C source or header below the working directory whose path ends in a
// name; "" where there is none or several, or where that may hold anything.
func PathEnding(name string) string {
	if cwd, err := filepath.Abs("."); err != nil || holdsAnything(cwd) {
		return ""
	}
	found := ""
	for _, f := range walk.Expand(nil, walk.Options{}).Files {
		if strings.HasSuffix(f.Path, "/"+filepath.ToSlash(filepath.Clean(name))) {
			if found != "" {
				return ""
			}
			found = f.Path
		}
	}
	return found
}

// holdsAnything tells the folders that are no program as a whole: the root of the file
// system, the user's home and the one for temporary files.
func holdsAnything(dir string) bool {
	if dir == filepath.Dir(dir) {
		return true
	}
	home, _ := os.UserHomeDir() // "" where there is none
	return dir == home || dir == filepath.Clean(os.TempDir())
}

// reading returns the paths that are analysed: those of the options, but with Whole the
// program of each file that is named.
func (o *Options) reading() []string {
	if !o.Whole {
		return o.Paths
	}
	var list []string
	for _, p := range o.Paths {
		if isFile(p) {
			p = ProgramPath(p)
		}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// isFile tells the files that are read; sources of other languages are not.
func isFile(name string) bool {
	st, err := os.Stat(name)
	return err == nil && st.Mode().IsRegular() && walk.Language(name) == ""
}

// selectNamed notes in the programs which files were asked for.
func (o *Options) selectNamed(list []program) {
	if !o.Whole || !slices.ContainsFunc(o.Paths, isFile) {
		return
	}
	var dirs []string
	for _, d := range o.Paths {
		if !isFile(d) {
			dirs = append(dirs, Absolute(d))
		}
	}
	for i := range list {
		p := &list[i]
		p.asked = func(file string) bool {
			return p.named[file] || len(dirs) > 0 &&
				slices.ContainsFunc(dirs, func(d string) bool { return Below(d, Absolute(file)) })
		}
		p.unread = slices.DeleteFunc(p.unread, func(f string) bool { return !p.asked(f) })
	}
}

// keepNamed leaves out what lies in files that were not asked for. What of them could not
// be read stays, since it may decide about the others.
func (o *Options) keepNamed(p program, rep *detect.Report) {
	if p.asked == nil {
		return
	}
	c := &rep.Coverage
	for _, f := range p.files {
		unread := func(e result.FileError) bool { return e.File == f && e.Line == 0 }
		if p.asked(f) || slices.ContainsFunc(rep.Errors, unread) {
			continue
		}
		if src, err := o.read(f); err == nil {
			c.Files--
			c.Bytes -= int64(len(src))
		}
	}
	dropSites(rep, func(s *result.Site) bool { return !p.asked(s.File) })
	rep.Notes = slices.DeleteFunc(rep.Notes, func(n result.Note) bool { return !p.asked(n.File) })
}

// dropSites takes sites out of a report and its counts, and returns how many.
func dropSites(rep *detect.Report, drop func(*result.Site) bool) (n int) {
	c := &rep.Coverage
	rep.Sites = slices.DeleteFunc(rep.Sites, func(s *result.Site) bool {
		if !drop(s) {
			return false
		}
		n++
		switch s.Verdict {
		case result.Missing:
			c.Missing--
		case result.Undecided:
			c.Undecided--
		}
		return true
	})
	c.Sites -= n
	return n
}

// both is the filter of a patch that lets pass what two let pass; nil lets all pass.
func both(only func(*result.Site) bool, asked func(file string) bool) func(*result.Site) bool {
	if asked == nil {
		return only
	}
	return func(s *result.Site) bool { return asked(s.File) && (only == nil || only(s)) }
}
