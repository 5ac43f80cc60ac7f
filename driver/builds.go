package driver

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse/builds"
)

// readBuilds reads the compile_commands.json of what the paths name: of each folder
// and each program in it; else, where the path lies below the working directory, of
// that. nil is returned where there is none.
func readBuilds(o *Options, programs []program) (*builds.Database, []result.FileError) {
	if o.NoBuilds {
		return nil, nil
	}
	var faults []result.FileError
	db := builds.New()
	seen := map[string]bool{}
	add := func(dir string) bool {
		for _, name := range builds.Names(dir) {
			st, err := os.Stat(name)
			if err != nil || st.IsDir() {
				continue
			}
			abs := realPath(Absolute(name))
			if seen[abs] {
				return true
			}
			seen[abs] = true
			if line, err := db.Add(name); err != nil {
				for msg := range strings.Lines(err.Error()) {
					faults = append(faults, result.FileError{File: filepath.ToSlash(name), Line: line, Message: strings.TrimSpace(msg)})
				}
			}
			return true
		}
		return false
	}
	for _, p := range o.reading() {
		if !add(p) && filepath.IsLocal(filepath.FromSlash(displayPath(p))) {
			add(".")
		}
	}
	for _, p := range programs {
		if p.root != "" {
			add(p.root)
		}
	}
	if db.Commands == 0 {
		db = nil
	}
	return db, faults
}
