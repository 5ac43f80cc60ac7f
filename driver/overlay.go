package driver

import (
	"maps"
	"os"
	"slices"

	"github.com/keepatch/keepatch/parse/walk"
)

// Overlay lays texts over the files that the options name: a file of such a path has
// that text, whether there is one on disk or not. Paths are as the report displays
// them. Without any paths the texts are all there is.
func (o *Options) Overlay(texts map[string][]byte) {
	o.Find = func(paths []string, opt walk.Options) *walk.Result {
		found := &walk.Result{}
		if len(paths) > 0 {
			found = walk.Expand(paths, opt)
		}
		found.Problems = slices.DeleteFunc(found.Problems, func(p walk.Problem) bool { return texts[p.Path] != nil })
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			found.Add(name)
		}
		return found
	}
	o.Detect.Read = func(path string) ([]byte, error) {
		if text, ok := texts[path]; ok {
			return slices.Clone(text), nil
		}
		return os.ReadFile(path)
	}
}

// FindIn takes the files from a list instead of the disk.
func FindIn(files []string) func(paths []string, opt walk.Options) *walk.Result {
	return func(paths []string, opt walk.Options) *walk.Result { return walk.Listed(paths, files, opt) }
}
