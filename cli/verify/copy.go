package verify

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// copyTree copies files with their modes and times, so that make sees which of
// them are up to date. What a configuration has written into the tree with the
// tree's own place, as CMake does, is told the copy's: a build there would compile
// the sources here.
func copyTree(from, to string) error {
	places := placesOf(from)
	here, err := os.Stat(to)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil || rel == "." {
			return err
		}
		dest := filepath.Join(to, rel)
		info, err := e.Info()
		if err != nil {
			return err
		}
		switch {
		case e.IsDir() && os.SameFile(info, here):
			return fs.SkipDir // TMPDIR lies in the tree
		case e.IsDir():
			return os.MkdirAll(dest, info.Mode().Perm()|0o700)
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(name)
			if err != nil {
				return err
			}
			return os.Symlink(string(moved([]byte(target), places, to)), dest)
		case !e.Type().IsRegular():
			return nil // a socket or a pipe
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(b, 0) < 0 { // a text
			b = moved(b, places, to)
		}
		if err := os.WriteFile(dest, b, info.Mode().Perm()|0o200); err != nil {
			return err
		}
		return os.Chtimes(dest, info.ModTime(), info.ModTime())
	})
}

// placesOf are the absolute names of a folder, the longest first.
func placesOf(dir string) (list []string) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	list = []string{abs}
	if real, err := filepath.EvalSymlinks(abs); err == nil && real != abs {
		list = append(list, real)
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return slices.DeleteFunc(list, func(p string) bool { return filepath.Dir(p) == p })
}

// moved replaces the places in a text, each where it is a whole name of a folder.
func moved(text []byte, places []string, to string) []byte {
	for _, place := range places {
		old := []byte(place)
		if !bytes.Contains(text, old) {
			continue
		}
		var out []byte
		for {
			i := bytes.Index(text, old)
			if i < 0 {
				break
			}
			out = append(out, text[:i]...)
			end := i + len(old)
			if i > 0 && text[i-1] == '.' || end < len(text) && inName(text[end]) {
				out = append(out, old...)
			} else {
				out = append(out, to...)
			}
			text = text[end:]
		}
		text = append(out, text...)
	}
	return text
}

// inName says whether a byte goes on with the name of a folder.
func inName(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b == '_' || b == '-' || b == '.' || b == '+' || b >= 0x80
}
