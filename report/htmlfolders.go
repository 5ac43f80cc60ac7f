package report

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
)

// maxFolders bounds the rows of the table of folders; the deepest level is merged
// into the one above until there are no more.
const maxFolders = 24

// folderNames maps each site to the folder that counts it.
func folderNames(d *Document, sites []*result.Site) map[*result.Site]string {
	depth := 0
	for _, s := range sites {
		depth = max(depth, strings.Count(d.displayPath(s.File), "/"))
	}
	for ; ; depth-- {
		names := map[*result.Site]string{}
		distinct := map[string]bool{}
		for _, s := range sites {
			names[s] = folderOf(d.displayPath(s.File), depth)
			distinct[names[s]] = true
		}
		if len(distinct) <= maxFolders || depth <= 1 {
			return names
		}
	}
}

// folderOf returns the folder of a file, at most depth levels of it.
func folderOf(file string, depth int) string {
	dir := path.Dir(file)
	parts := strings.Split(dir, "/")
	if strings.HasPrefix(dir, "/") {
		depth++ // the empty part before the first slash
	}
	if len(parts) > max(depth, 1) {
		parts = parts[:max(depth, 1)]
	}
	return strings.Join(parts, "/")
}

// folders counts verdicts by folder, sorted by name.
func folders(d *Document, sites []*result.Site) []htmlFolder {
	by := map[string]map[result.Verdict]int{}
	most := 0
	total := map[string]int{}
	for s, name := range folderNames(d, sites) {
		if by[name] == nil {
			by[name] = map[result.Verdict]int{}
		}
		by[name][s.Verdict]++
		total[name]++
		most = max(most, total[name])
	}
	names := make([]string, 0, len(by))
	for n := range by {
		names = append(names, n)
	}
	sort.Strings(names)
	var list []htmlFolder
	for _, n := range names {
		f := htmlFolder{Name: n, Missing: by[n][result.Missing], Total: total[n], Rest: most - total[n]}
		var title []string
		for _, v := range result.Verdicts {
			if c := by[n][v]; c > 0 {
				f.Parts = append(f.Parts, htmlVerdict{Verdict: v, Count: c})
				title = append(title, fmt.Sprintf("%d %s", c, v))
			}
		}
		f.Title = n + ": " + strings.Join(title, ", ")
		list = append(list, f)
	}
	return list
}
