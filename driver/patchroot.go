package driver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// PatchRoot is the folder that a patch of what the paths name is applied in, as
// the paths in it are relative to it.
type PatchRoot struct {
	dir string // absolute, without symbolic links
	cwd string // the working directory, likewise
}

// FindPatchRoot returns the folder for some paths: the working directory when all
// of them lie in it, else the nearest one that holds all of them. If repo is set,
// it is the root of the repository around that, where there is one, as git am
// looks from there.
func FindPatchRoot(paths []string, repo bool) (*PatchRoot, error) {
	cwd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	r := &PatchRoot{cwd: realPath(cwd)}
	for _, p := range paths {
		dir := realPath(Absolute(p))
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			dir = filepath.Dir(dir)
		}
		if Below(r.cwd, dir) {
			dir = r.cwd
		}
		r.include(dir)
	}
	if r.dir == "" {
		r.dir = r.cwd
	}
	if up := RepoRoot(r.dir); repo && up != "" {
		r.dir = up
	}
	if filepath.Dir(r.dir) == r.dir {
		return nil,
			fmt.Errorf("no folder but %s holds all PATHs, and a patch for it would name the folders of "+
				"this machine: give them in several runs", r.dir)
	}
	return r, nil
}

// include makes the folder one that holds dir, too.
func (r *PatchRoot) include(dir string) {
	if r.dir == "" {
		r.dir = dir
	}
	for !Below(r.dir, dir) {
		r.dir = filepath.Dir(r.dir)
	}
}

// Path returns the path of a file in the patch.
func (r *PatchRoot) Path(file string) string {
	abs := Absolute(file)
	abs = filepath.Join(realPath(filepath.Dir(abs)), filepath.Base(abs))
	rel, err := filepath.Rel(r.dir, abs)
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}

// Elsewhere returns the folder as seen from the working directory, "" when it is
// that.
func (r *PatchRoot) Elsewhere() string {
	if r.dir == r.cwd {
		return ""
	}
	if rel, err := filepath.Rel(r.cwd, r.dir); err == nil && !strings.HasPrefix(rel, filepath.Join("..", "..")) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(r.dir)
}

// Below reports whether a path lies in a folder or below it.
func Below(dir, p string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && filepath.IsLocal(rel)
}

// realPath is an absolute path without symbolic links, as far as it exists.
func realPath(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	return p
}
