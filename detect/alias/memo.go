package alias

import (
	"slices"
	"sync"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// search is the state of one search for objects.
type search struct {
	*eval.IntEval
	*memos
	deepest int // the most links that a pointer was followed over so far
}

// memos is what was found out about a program, for all of its sites.
type memos struct {
	copied memo.Table[slot, bool]
	mu     sync.Mutex
	known  map[question]answer
}

// question is what a pointer can point to. The calls that led to its function are none, or do not
// matter.
type question struct {
	e     *parse.Expr
	any   bool // however its function was entered; else with no call known
	depth int  // where the answer hangs on it, else 0
}

// answer has with the objects what finding them has cost, so that a search which takes it ends
// where one that asks again would.
type answer struct {
	list   []Object
	ok     bool
	steps  int
	height int // how many links the search went on over
}

// once returns what find does, which depends on the question, the way in and the depth alone.
func (f *search) once(e *parse.Expr, fr *callgraph.Frame, depth int, find func() ([]Object, bool)) ([]Object, bool) {
	if a, ok := f.lookUp(e, fr, depth); ok {
		f.Steps += a.steps
		f.deepest = max(f.deepest, depth+a.height)
		return slices.Clip(a.list), a.ok
	}
	steps, outer := f.Steps, f.deepest
	f.deepest = depth
	var a answer
	low := f.Sess.TrackDependencies(func() { a.list, a.ok = find() })
	a.steps, a.height = f.Steps-steps, f.deepest-depth
	f.deepest = max(outer, f.deepest)
	q := question{e: e, any: low == fixpoint.NoDependency}
	if f.Steps <= eval.MaxFoldSteps && (q.any || fr == nil) {
		if depth+a.height > maxChain {
			q.depth = depth
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.known == nil {
			f.known = map[question]answer{}
		}
		f.known[q] = a
	}
	return slices.Clip(a.list), a.ok
}

// lookUp returns an answer that asking again would give.
func (f *search) lookUp(e *parse.Expr, fr *callgraph.Frame, depth int) (answer, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, q := range []question{{e, true, 0}, {e, true, depth}, {e, false, 0}, {e, false, depth}} {
		if !q.any && fr != nil {
			break
		}
		a, ok := f.known[q]
		if ok && (q.depth == depth || depth+a.height <= maxChain) && f.Steps+a.steps <= eval.MaxFoldSteps {
			if !q.any {
				f.Sess.DependsOnAll()
			}
			return a, true
		}
	}
	return answer{}, false
}
