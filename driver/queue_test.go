package driver

import (
	"slices"
	"testing"
)

// No more than two large programs are taken at a time, and every program once.
func TestQueueOfPrograms(t *testing.T) {
	var programs []program
	for _, files := range []int{5, 900, 100, 101, 30, 400} {
		programs = append(programs, program{files: make([]string, files)})
	}
	q := bySize([]int{0, 1, 2, 3, 4, 5}, programs)
	var got []int
	for _, worker := range []int{0, 1, 2, 3, 2, 1, 2, 0, 0, 1} {
		i, ok := q.next(worker)
		if !ok {
			i = -1
		}
		got = append(got, i)
	}
	// The large end, the small one, and what is small; 101 files are not.
	if want := []int{1, 0, 4, 2, -1, 3, -1, 5, -1, -1}; !slices.Equal(got, want) {
		t.Errorf("taken: %v, want %v", got, want)
	}
}
