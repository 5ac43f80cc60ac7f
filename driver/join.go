package driver

import (
	"sort"

	"github.com/keepatch/keepatch/detect"
)

// Join adds the report of one program, or of one shard, to rep.
func Join(rep, more *detect.Report) {
	a, b := &rep.Coverage, more.Coverage
	a.Files += b.Files
	a.Bytes += b.Bytes
	a.Sites += b.Sites
	a.Missing += b.Missing
	a.Undecided += b.Undecided
	a.LeftOut += b.LeftOut
	a.NotUnderstood = append(a.NotUnderstood, b.NotUnderstood...)
	rep.Sites = append(rep.Sites, more.Sites...)
	rep.Errors = append(rep.Errors, more.Errors...)
	rep.Notes = append(rep.Notes, more.Notes...)
}

// Sort orders a report by file, line and column, so that it is the same bytes
// however it was joined.
func Sort(rep *detect.Report) {
	sort.SliceStable(rep.Sites, func(i, j int) bool {
		a, b := rep.Sites[i], rep.Sites[j]
		return before(a.File, a.Line, a.Column, b.File, b.Line, b.Column)
	})
	sort.SliceStable(rep.Errors, func(i, j int) bool {
		a, b := rep.Errors[i], rep.Errors[j]
		return before(a.File, a.Line, 0, b.File, b.Line, 0)
	})
	sort.SliceStable(rep.Notes, func(i, j int) bool {
		a, b := rep.Notes[i], rep.Notes[j]
		return before(a.File, a.Line, a.Column, b.File, b.Line, b.Column)
	})
	sort.Strings(rep.Coverage.NotUnderstood)
}

func before(af string, al, ac int, bf string, bl, bc int) bool {
	switch {
	case af != bf:
		return af < bf
	case al != bl:
		return al < bl
	}
	return ac < bc
}
