package driver

import (
	"slices"
	"sync"
)

// maxPrograms is how many programs are analysed at a time, whatever the number of
// processors: each is analysed by as many goroutines as there are. It bounds the
// memory, most of which their trees take.
const maxPrograms = 4

// A program of up to smallProgram files counts as small, one of more than largeProgram as
// large: the trees of one can take 600 MB.
const (
	smallProgram = 100
	largeProgram = 900
)

// ends is a queue of programs by size. Worker 0 takes from the large end, so that
// nothing large is left over at last, the others from the small one; worker 1 leaves
// what is large, the rest what is not small. So one large program is in memory at a
// time, and one other that is not small; the sites of each are followed in parallel.
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
	most := smallProgram
	if worker == 1 {
		most = largeProgram
	}
	if i = q.list[n-1]; q.sizes[i] > most {
		return 0, false
	}
	q.list = q.list[:n-1]
	return i, true
}
