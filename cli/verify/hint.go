package verify

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/rewrite"
)

// tellWhy says why a file that does not compile without its patch was not verified, and
// once for all such files what helps.
func (c *compiler) tellWhy(f *rewrite.File, tell Note) {
	_, errs, _ := c.run(f.Path, f.Src, "", "-fsyntax-only")
	tell("%s: not verified, as it does not compile without the patch: %s", f.Path, firstError(f.Path, errs))
	hint := ""
	if len(c.database.Of(absolute(f.Path))) > 0 {
		hint = "configure and build the tree first, and make " + c.database.Name + " anew if it is old"
	} else {
		hint = "give --cc with the options that the sources are compiled with" + c.found(f, errs)
		switch {
		case c.database.Files() > 0:
			hint += "; " + c.database.Name + " has no command for " + f.Path
		case c.given == "":
			hint += ", or have the build write compile_commands.json: bear -- make, cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON"
		}
	}
	if !c.hints[hint] {
		c.hints[hint] = true
		tell("--verify: %s", hint)
	}
}

var errorLine = regexp.MustCompile(`(?m)^[^\n]*: (?:fatal )?error: [^\n]*$`)

// firstError is the first error that a compiler tells of a file, else the first line.
func firstError(name string, errs []byte) string {
	line := string(errorLine.Find(errs))
	if line == "" {
		line, _, _ = strings.Cut(strings.TrimSpace(string(errs)), "\n")
	}
	if line == "" {
		return "the compiler says nothing"
	}
	return strings.ReplaceAll(line, "<stdin>", name)
}

var noHeader = regexp.MustCompile(`fatal error: '?([^':\n]+?)'?(?:: No such file or directory| file not found)`)

// maxHeaders bounds how many folders are tried for the headers that a file lacks.
const maxHeaders = 8

// found is how the headers that the compiler did not find are found, as far as the tree
// holds them: ", such as --cc 'cc -Iinclude'". One that is missing is made by the build.
func (c *compiler) found(f *rewrite.File, errs []byte) string {
	var dirs []string
	for range maxHeaders {
		m := noHeader.FindSubmatch(errs)
		if m == nil {
			break
		}
		header := string(m[1])
		dir, ok := folderOf(header)
		if !ok {
			return "; " + header + " is not in the tree: it is made by configure or the build, or belongs to a library that is not installed"
		}
		if slices.Contains(dirs, dir) {
			break
		}
		dirs = append(dirs, dir)
		with := *c
		with.command = withFolders(c.command, dirs)
		_, errs, _ = with.run(f.Path, f.Src, "", "-fsyntax-only")
	}
	if len(dirs) == 0 {
		return ""
	}
	return ", such as --cc '" + strings.Join(withFolders(c.command, dirs), " ") + "'"
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
