// Package walk turns the paths of a command line into the list of files to
// read.
//
// Nothing here stops a run: a path that cannot be taken becomes a Problem and
// the rest goes on. The same tree and arguments give the same result, in the
// same order.
package walk

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Options says what a walk passes over. Files and folders named outright are
// taken all the same.
type Options struct {
	// Excludes are globs. One without a slash is held against the name of
	// each file and folder found, one with a slash against the path as
	// displayed; * and ? stop at slashes, ** as a whole part stands for any
	// number of folders, and a slash at the end restricts it to folders. What
	// lies in an excluded folder is excluded too.
	Excludes []string
	// NoIgnore takes what git ignores as well.
	NoIgnore bool

	hidden bool // takes hidden folders as well
	links  bool // takes symbolic links as the files that they point to
}

// File is one file to read.
type File struct {
	// Path is relative to the working directory, with slashes, cleaned and
	// without a leading "./", and can be opened as it is. It is absolute if
	// the file lies outside the working directory and was given absolutely.
	Path  string
	Named bool // named outright, rather than found in a directory
}

// Problem is a path that could not be taken.
type Problem struct {
	Path string // as File.Path
	Line int    // always 0 here: the problem is with the whole file
	Msg  string // without the path
}

// Result is what the arguments stand for.
type Result struct {
	Files    []File    // by path, each file once however often it is reached
	Unread   []string  // the sources of another Language met in directories, by path
	Problems []Problem // by path
	Empty    []string  // the directories among the arguments without a C file, as displayed, in their order
}

// Expand lists the files that args name and the C sources and headers (.c, .h)
// in the directories that args name; no argument means the working directory.
//
// In a directory, hidden folders, what git ignores (see Options) and the lock
// and fork files of editors and file systems (".#x.c", "._x.c") are passed
// over, and symbolic links are not followed: what they point to is found where
// it is, if that is in the directory. A folder that git ignores but that was
// named outright is walked as if there were no git.
func Expand(args []string, opt Options) *Result {
	x := newExpander(opt)
	if len(args) == 0 {
		args = []string{"."}
	}
	parts := make([]*expander, len(args))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, a := range args {
		part := *x
		part.files, part.unread, part.res = map[string]*found{}, map[string]string{}, &Result{}
		parts[i] = &part
		g.Go(func() error {
			part.arg(a)
			return nil
		})
	}
	_ = g.Wait() // problems are data
	for i, part := range parts {
		x.take(part)
		if len(part.files)+len(part.res.Problems) == 0 {
			x.res.Empty = append(x.res.Empty, x.display(args[i], nil))
		}
	}
	return x.result()
}

func newExpander(opt Options) *expander {
	x := &expander{
		opt:    opt,
		files:  map[string]*found{},
		unread: map[string]string{},
		res:    &Result{},
	}
	x.cwd, _ = os.Getwd()
	x.realCwd = x.cwd
	if real, err := filepath.EvalSymlinks(x.cwd); err == nil {
		x.realCwd = real
	}
	for _, g := range opt.Excludes {
		p, err := parseGlob(g)
		if err != nil {
			x.problem(cmp.Or(g, `""`), "bad pattern for paths to exclude")
			continue
		}
		x.excludes = append(x.excludes, p)
	}
	return x
}

// take adds what another expander has gathered.
func (x *expander) take(part *expander) {
	for real, f := range part.files {
		x.add(real, *f)
	}
	for real, shown := range part.unread {
		x.addUnread(real, shown)
	}
	x.res.Problems = append(x.res.Problems, part.res.Problems...)
}

// expander gathers the result of one Expand.
type expander struct {
	opt      Options
	excludes []glob
	cwd      string // the working directory as the shell has it
	realCwd  string // the same without symbolic links
	files    map[string]*found
	unread   map[string]string // real path to path as displayed
	res      *Result
}

// found is a file under its real path; several arguments may lead to it.
type found struct {
	File
	direct bool // Path has no symbolic link in it
}

func (x *expander) problem(path, msg string) {
	x.res.Problems = append(x.res.Problems, Problem{Path: path, Msg: msg})
}

// add records a file. Of two ways to it the one without symbolic links gives
// the path, as git apply refuses to follow links, then the first by name.
func (x *expander) add(real string, f found) {
	old, ok := x.files[real]
	if !ok {
		x.files[real] = &f
		return
	}
	named := old.Named || f.Named
	if f.direct && !old.direct || f.direct == old.direct && f.Path < old.Path {
		*old = f
	}
	old.Named = named
}

// addUnread records a source of another language, under the first of its paths by name.
func (x *expander) addUnread(real, shown string) {
	if old, ok := x.unread[real]; !ok || shown < old {
		x.unread[real] = shown
	}
}

// arg takes one argument of the command line.
func (x *expander) arg(arg string) {
	if arg == "" {
		x.problem(arg, "empty path")
		return
	}
	info, err := os.Stat(arg)
	shown := x.display(arg, info)
	if err != nil {
		x.problem(shown, reason(arg, err))
		return
	}
	real, err := filepath.EvalSymlinks(arg)
	if err == nil && !filepath.IsAbs(real) {
		real = filepath.Join(x.realCwd, real)
	}
	if err != nil {
		x.problem(shown, reason(arg, err))
		return
	}
	direct := real == shown || real == filepath.Join(x.realCwd, filepath.FromSlash(shown))
	switch {
	case info.IsDir():
		t := &tree{x: x, real: real, direct: direct}
		t.walk(shown)
	case info.Mode().IsRegular() && Language(real) != "":
		x.problem(shown, Language(real)+" is not read")
	case info.Mode().IsRegular():
		x.add(real, found{File: File{Path: shown, Named: true}, direct: direct})
	default:
		x.problem(shown, "not a regular file ("+kind(info.Mode())+")")
	}
}

// display returns the path under which an argument is shown. The info is that
// of the file it leads to, nil if there is none.
func (x *expander) display(arg string, info fs.FileInfo) string {
	p := filepath.Clean(arg)
	if info != nil && strings.Contains(arg, "..") {
		// Cleaning takes "link/.." for the folder the link lies in, the
		// system for the parent of what it points to.
		if ci, err := os.Stat(p); err != nil || !os.SameFile(info, ci) {
			if real, err := filepath.EvalSymlinks(arg); err == nil {
				p = real
			}
		}
	}
	if !filepath.IsAbs(p) {
		// Leads a path like "../here/x.c" back into the working directory.
		if r, ok := inside(x.realCwd, filepath.Join(x.realCwd, p)); ok {
			p = r
		}
		return filepath.ToSlash(p)
	}
	for _, dir := range []string{x.cwd, x.realCwd} {
		if r, ok := inside(dir, p); ok {
			return filepath.ToSlash(r)
		}
	}
	return filepath.ToSlash(p)
}

// inside returns p relative to dir if it lies in it. Both are absolute.
func inside(dir, p string) (string, bool) {
	if dir == "" {
		return "", false
	}
	r, err := filepath.Rel(dir, p)
	return r, err == nil && filepath.IsLocal(r)
}

// result puts what was gathered in order.
func (x *expander) result() *Result {
	for _, f := range x.files {
		x.res.Files = append(x.res.Files, f.File)
	}
	slices.SortFunc(x.res.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	refused := map[string]bool{}
	for _, p := range x.res.Problems {
		refused[p.Path] = true
	}
	for _, path := range x.unread {
		if !refused[path] { // else it was named outright
			x.res.Unread = append(x.res.Unread, path)
		}
	}
	slices.Sort(x.res.Unread)
	byPath := func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Msg, b.Msg))
	}
	slices.SortFunc(x.res.Problems, byPath)
	x.res.Problems = slices.Compact(x.res.Problems) // two arguments may share one
	return x.res
}

// reason words an error of the file system without the path, which is printed
// beside it.
func reason(path string, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		if info, lerr := os.Lstat(path); lerr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "broken symbolic link"
		}
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// kind names a file that is neither regular nor a directory.
func kind(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "named pipe"
	case m&fs.ModeSocket != 0:
		return "socket"
	case m&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}
