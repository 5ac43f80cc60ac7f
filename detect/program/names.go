package program

import (
	"iter"

	"github.com/keepatch/keepatch/parse"
)

// NameTable holds identifiers and members, so that those of one name are found
// without a look at the others. It is built for each function that is read:
// two walks over the references, and one piece of memory.
type NameTable struct {
	Refs  []*parse.Expr // by bucket, in order of the text within
	heads []int32       // where each bucket begins, and the end
}

// perBucket is about how many references share a bucket.
const perBucket = 4

func bucketOf(name string, buckets int) int {
	n := len(name)
	if n == 0 {
		return 0
	}
	return int(uint32(name[0])*31+uint32(name[n-1])*7+uint32(name[n/2])*3+uint32(n)*17) & (buckets - 1)
}

// tableOf builds the table of references in order of the text.
func tableOf(refs []*parse.Expr) NameTable {
	buckets := 1
	for buckets*perBucket < len(refs) {
		buckets *= 2
	}
	heads := make([]int32, buckets+2)
	for _, e := range refs {
		heads[bucketOf(e.Name, buckets)+2]++
	}
	for b := range buckets {
		heads[b+2] += heads[b+1]
	}
	sorted := make([]*parse.Expr, len(refs))
	for _, e := range refs { // heads[b+1] is where the next one of b goes
		b := bucketOf(e.Name, buckets)
		sorted[heads[b+1]] = e
		heads[b+1]++
	}
	return NameTable{sorted, heads[:buckets+1]}
}

// Named returns the identifiers and members of that name, in order of the text.
func (fi *FuncInfo) Named(name string) iter.Seq[*parse.Expr] {
	return func(yield func(*parse.Expr) bool) {
		t := &fi.Names
		if len(t.heads) == 0 {
			return // the host of a file's initializers is no function
		}
		b := bucketOf(name, len(t.heads)-1)
		for _, e := range t.Refs[t.heads[b]:t.heads[b+1]] {
			if e.Name == name && !yield(e) {
				return
			}
		}
	}
}

// CallsOf returns the direct calls of that name, in order of the text.
func (fi *FuncInfo) CallsOf(name string) iter.Seq[*parse.Expr] {
	return func(yield func(*parse.Expr) bool) {
		for e := range fi.Named(name) {
			if call := calledBy(e); call != nil && !yield(call) {
				return
			}
		}
	}
}

// CallsAny reports whether there is one.
func (fi *FuncInfo) CallsAny(name string) bool {
	for range fi.CallsOf(name) {
		return true
	}
	return false
}

// calledBy returns the call whose callee is the identifier, nil where it is
// none: f(x) and (f)(x).
func calledBy(e *parse.Expr) *parse.Expr {
	x := e
	for x.Up != nil && x.Up.Kind == parse.XParen {
		x = x.Up
	}
	if e.Kind == parse.XIdent && x.Up != nil && x.Up.Kind == parse.XCall && x.Up.X == x {
		return x.Up
	}
	return nil
}
