package verify

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite"
)

// tellWhy says why a file that does not compile without its patch was not verified, and
// once for all such files what helps.
func (c *compiler) tellWhy(f *rewrite.File, tell Note) {
	if c.build {
		return
	}
	_, errs, _ := c.run(f.Path, f.Src, "", "-fsyntax-only")
	tell("%s: not verified, as it does not compile without the patch: %s", f.Path, firstError(f.Path, errs))
	dirs, lost := c.folders(f, errs)
	hint := ""
	switch {
	case len(c.database.Of(absolute(f.Path))) > 0:
		hint = "configure and build the tree first, and make " + c.database.Name + " anew if it is old"
	case lost != "" && madeByBuild(lost) != nil:
		hint = lost + " is made by a build: configure or build the tree first"
	case lost != "":
		hint = lost + " is not in the tree: configure or build it first, or install the library that has it"
	default:
		c.unconfigured = append(c.unconfigured, f.Path)
		for _, d := range dirs {
			if !slices.Contains(c.dirs, d) {
				c.dirs = append(c.dirs, d)
			}
		}
	}
	if hint != "" && !c.hints[hint] {
		c.hints[hint] = true
		tell("--verify: %s", hint)
	}
}

// tellOptions says with which options the files would compile that lack some.
func (c *compiler) tellOptions(tell Note) {
	if len(c.unconfigured) == 0 {
		return
	}
	hint := "give --cc with the options that the sources are compiled with"
	if len(c.dirs) > 0 {
		hint += ", such as --cc '" + strings.Join(withFolders(c.command, c.dirs), " ") + "'"
	}
	switch {
	case c.database.Files() > 0:
		hint += "; " + c.database.Name + " has no command for " + someOf(c.unconfigured)
	case c.given == "":
		hint += ", or have the build write compile_commands.json: bear -- make, cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON"
	}
	tell("--verify: %s", hint)
}

var errorLine = text.NewPattern(`(?m)^[^\n]*: (?:fatal )?error: [^\n]*$`)

// firstError is the first error that a compiler tells of a file, else the first line.
func firstError(name string, errs []byte) string {
	line := string(errorLine.Regexp().Find(errs))
	if line == "" {
		line, _, _ = strings.Cut(strings.TrimSpace(string(errs)), "\n")
	}
	if line == "" {
		return "the compiler says nothing"
	}
	return strings.ReplaceAll(strings.ReplaceAll(line, "<stdin>", name), absolute(".")+string(os.PathSeparator), "")
}

var noHeader = text.NewPattern(`fatal error: '?([^':\n]+?)'?(?:: No such file or directory| file not found)`)

// maxHeaders bounds how many folders are tried for the headers that a file lacks.
const maxHeaders = 8

// folders are those of the tree that hold the headers that the compiler did not find; lost
// is one that none has.
func (c *compiler) folders(f *rewrite.File, errs []byte) (dirs []string, lost string) {
	for range maxHeaders {
		m := noHeader.Regexp().FindSubmatch(errs)
		if m == nil {
			break
		}
		dir, ok := folderOf(string(m[1]))
		if !ok || standsIn(string(m[1]), dir) {
			return nil, string(m[1])
		}
		if slices.Contains(dirs, dir) {
			break
		}
		dirs = append(dirs, dir)
		with := *c
		with.command = withFolders(c.command, dirs)
		_, errs, _ = with.run(f.Path, f.Src, "", "-fsyntax-only")
	}
	return dirs, ""
}

// standsIn reports whether a header of a folder is there for another system than this one:
// a build would make it elsewhere, as of a template, and none has been in the folder.
func standsIn(header, dir string) bool {
	made := madeByBuild(header)
	if made == nil || slices.Contains(made, dir) {
		return false
	}
	for ; ; dir = path.Dir(dir) {
		for _, name := range []string{"config.status", "CMakeCache.txt", "build.ninja"} {
			if _, err := os.Stat(filepath.Join(filepath.FromSlash(dir), name)); err == nil {
				return false
			}
		}
		if dir == "." {
			return true
		}
	}
}

var configHeaders = text.NewPattern(`A[CM]_CONFIG_HEADERS?\(([^)]*)\)`)

// madeByBuild are the folders in which a build makes a header: beside its template, and where
// the source of a configure script says.
func madeByBuild(header string) (dirs []string) {
	base := path.Base(filepath.ToSlash(header))
	_ = filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		dir := path.Dir(filepath.ToSlash(name))
		switch e.Name() {
		case base + ".in", base + ".cmake", base + ".in.cmake", strings.TrimSuffix(base, ".h") + ".hin":
			dirs = append(dirs, dir)
		case "configure.ac", "configure.in":
			text, _ := os.ReadFile(name)
			for _, m := range configHeaders.FindAllSubmatch(text, -1) {
				for _, w := range strings.FieldsFunc(string(m[1]), func(r rune) bool { return strings.ContainsRune(" \t\n[],", r) }) {
					if w, _, _ = strings.Cut(w, ":"); path.Base(w) == base {
						dirs = append(dirs, path.Join(dir, path.Dir(w)))
					}
				}
			}
		}
		return nil
	})
	return dirs
}

func withFolders(command, dirs []string) []string {
	out := slices.Clone(command)
	for _, d := range dirs {
		out = append(out, "-I"+d)
	}
	return out
}

// folderOf is the folder below the working directory that a header is included from, of
// several the one with the shortest name.
func folderOf(header string) (dir string, ok bool) {
	header = path.Clean(filepath.ToSlash(header))
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return nil // what cannot be read holds nothing to be included
		case e.IsDir() && strings.HasPrefix(e.Name(), ".") && name != ".":
			return fs.SkipDir
		case e.IsDir() || path.Base(header) != e.Name():
			return nil
		}
		if d, met := strings.CutSuffix("/"+name, "/"+header); met {
			if d = strings.TrimPrefix(d, "/"); d == "" {
				d = "."
			}
			if !ok || len(d) < len(dir) {
				dir, ok = d, true
			}
		}
		return nil
	})
	return dir, ok && err == nil && !strings.HasPrefix(header, string(os.PathSeparator))
}
