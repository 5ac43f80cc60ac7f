package driver

import (
	"slices"
	"sync"
)

// maxPrograms is how many programs are analysed at a time, whatever the number of
// processors: each is analysed by as many goroutines as there are. It bounds the
// memory, most of which their trees take.
const maxPrograms = 4

// smallProgram is the number of files up to which a program counts as small.
const smallProgram = 100

// ends is a queue of programs by size. Worker 0 takes from the large end, so that
// nothing large is left over at last, the others from the small one; all but
// worker 1 leave what is not small, so that no more than two large ones are in
// memory at a time.
type ends struct {
	mu    sync.Mutex
	list  []int
	sizes []int // in files, by program
}

func bySize(list []int, programs []program) *ends {
	q := &ends{list: list, sizes: make([]int, len(programs))}
	for i, p := range programs {
		q.sizes[i] = len(p.files)
	}
	slices.SortStableFunc(list, func(a, b int) int { return q.sizes[b] - q.sizes[a] })
	return q
}

// next takes an element for a worker, false when none is left for it.
func (q *ends) next(worker int) (i int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.list)
	switch {
	case n == 0:
		return 0, false
	case worker == 0:
		i, q.list = q.list[0], q.list[1:]
		return i, true
	}
	if i = q.list[n-1]; worker > 1 && q.sizes[i] > smallProgram {
		return 0, false
	}
	q.list = q.list[:n-1]
	return i, true
}
