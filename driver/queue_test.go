package driver

import (
	"slices"
	"testing"
	"time"
)

// No more than one large program is taken at a time, and one more that is not small; every
// program is taken once.
func TestQueueOfPrograms(t *testing.T) {
	var programs []program
	for _, files := range []int{5, 901, 100, 101, 30, 900, 902} {
		programs = append(programs, program{files: make([]string, files)})
	}
	q := bySize([]int{0, 1, 2, 3, 4, 5, 6}, programs)
	var got []int
	for _, worker := range []int{0, 1, 2, 3, 2, 1, 1, 1, 0, 0} {
		i, ok := q.next(worker)
		if !ok {
			i = -1
		}
		got = append(got, i)
	}
	// The large end, the small one, and what is small; 101 files are not, 901 are large.
	if want := []int{6, 0, 4, 2, -1, 3, 5, -1, 1, -1}; !slices.Equal(got, want) {
		t.Errorf("taken: %v, want %v", got, want)
	}
}

// With few processors a second program begins when none of those left is large.
func TestQueueWaits(t *testing.T) {
	q := bySize([]int{0, 1, 2}, []program{{files: make([]string, 5)}, {files: make([]string, 901)}, {files: make([]string, 900)}})
	q.wait(0, 2)
	q.wait(1, 4)
	begun := make(chan struct{})
	go func() {
		q.wait(1, 3)
		close(begun)
	}()
	select {
	case <-begun:
		t.Error("a second program begins beside a large one")
	case <-time.After(10 * time.Millisecond):
	}
	if i, _ := q.next(0); i != 1 {
		t.Errorf("taken: %d, want the one of 901 files", i)
	}
	<-begun
}
