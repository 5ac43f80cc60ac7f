package driver

import (
	"slices"
	"sync"
)

// maxPrograms bounds the programs analysed at a time, whatever the number of processors:
// each uses all of them, and the trees of each take memory.
const maxPrograms = 4

// ownProcessors is how many processors a program keeps busy by itself for most of its time. As
// long as a large program is left, no more programs are analysed at a time than have as many: a
// second one would only fill the heap, and have the collector mark the trees of the first again.
const ownProcessors = 2

// Sizes in files: a program of up to smallProgram files is small, one of more than
// largeProgram large. The trees of a large one can take 600 MB.
const (
	smallProgram = 100
	largeProgram = 900
)

// sizeQueue is a queue of programs by size. Worker 0 takes from the large end, so that no
// large program is left for the end; the others take from the small end, worker 1 no large
// program, the rest small ones only. So at most one large program and one of middle size
// are in memory.
type sizeQueue struct {
	mu    sync.Mutex
	list  []int
	sizes []int         // in files, by program
	light chan struct{} // closed once none of those left is large
}

func bySize(list []int, programs []program) *sizeQueue {
	q := &sizeQueue{list: list, sizes: make([]int, len(programs)), light: make(chan struct{})}
	for i, p := range programs {
		q.sizes[i] = len(p.files)
	}
	slices.SortStableFunc(list, func(a, b int) int { return q.sizes[b] - q.sizes[a] })
	q.setLight()
	return q
}

// setLight closes light where that is due and not done.
func (q *sizeQueue) setLight() {
	if len(q.list) > 0 && q.sizes[q.list[0]] > largeProgram {
		return
	}
	select {
	case <-q.light:
	default:
		close(q.light)
	}
}

// wait returns when a worker may begin, of as many as there are processors.
func (q *sizeQueue) wait(worker, processors int) {
	if worker > 0 && worker >= processors/ownProcessors {
		<-q.light
	}
}

// next returns the next program for a worker; ok is false if none is left for it.
func (q *sizeQueue) next(worker int) (i int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.list)
	switch {
	case n == 0:
		return 0, false
	case worker == 0:
		i, q.list = q.list[0], q.list[1:]
		q.setLight()
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
