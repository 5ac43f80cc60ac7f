package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/rewrite"
)

// writeFiles changes the files in place, each atomically. One that cannot be
// written is told, does not stop the others, and leaves the plan.
func (e *env) writeFiles(plan *rewrite.Plan) {
	plan.Files = slices.DeleteFunc(plan.Files, func(f *rewrite.File) bool {
		err := replaceFile(f.Path, f.Src, f.New)
		if err == nil {
			return false
		}
		e.errorf("%s", fileError(f.Path, err))
		for _, fix := range f.Fixes {
			fix.Drop("the file could not be written")
		}
		return true
	})
}

// replaceFile puts text in the place of a file's content, which must still be
// old. The file's mode is kept.
func replaceFile(name string, old, text []byte) error {
	st, err := os.Lstat(name)
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return fmt.Errorf("not a regular file, left alone")
	}
	now, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, old) {
		return fmt.Errorf("the file has changed meanwhile, left alone")
	}
	return writeAtomically(name, text, st.Mode().Perm())
}

// quiltName is the patch's name in debian/patches.
const quiltName = "keepalive.patch"

// checkQuilt says why the patches of the source package in the working directory are
// not those of quilt (dpkg-source(1)).
func checkQuilt() error {
	if st, err := os.Stat("debian"); err != nil || !st.IsDir() {
		return nil // --write tells
	}
	name := filepath.Join("debian", "source", "format")
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("%s", fileError(name, err))
	}
	switch format := strings.TrimSpace(string(text)); format {
	case "3.0 (quilt)", "2.0":
		return nil
	case "", "1.0": // what there is without the file
		rules, _ := os.ReadFile(filepath.Join("debian", "rules")) // a package without applies nothing
		if bytes.Contains(rules, []byte("quilt")) {
			return nil
		}
		return fmt.Errorf("--format quilt: the source format is 1.0, and debian/rules does not call quilt: " +
			"debian/patches would not be applied; keepatch apply --write changes the sources")
	default:
		return fmt.Errorf("--format quilt: the source format is %s, which does not apply debian/patches; "+
			"keepatch apply --write changes the sources", format)
	}
}

// writeQuilt puts the patch into debian/patches and names it in the series; false if that
// could not be done.
func (e *env) writeQuilt(patch []byte) bool {
	dir := filepath.Join("debian", "patches")
	if st, err := os.Stat("debian"); err != nil || !st.IsDir() {
		e.errorf("debian: no such folder; --format quilt --write runs in the root of an unpacked source package")
		return false
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		e.errorf("%s", fileError(dir, err))
		return false
	}
	name := filepath.Join(dir, quiltName)
	if err := writeAtomically(name, patch, 0o644); err != nil {
		e.errorf("%s", fileError(name, err))
		return false
	}
	series := filepath.Join(dir, "series")
	old, err := os.ReadFile(series)
	if err != nil && !os.IsNotExist(err) {
		e.errorf("%s", fileError(series, err))
		return false
	}
	for _, l := range strings.Split(string(old), "\n") {
		if f := strings.Fields(l); len(f) > 0 && f[0] == quiltName {
			e.note("%s written", name)
			return true
		}
	}
	if n := len(old); n > 0 && old[n-1] != '\n' {
		old = append(old, '\n')
	}
	if err := writeAtomically(series, append(old, quiltName+"\n"...), 0o644); err != nil {
		e.errorf("%s", fileError(series, err))
		return false
	}
	e.note("%s written and named in %s", name, series)
	return true
}
