package memo

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestTable(t *testing.T) {
	var c Table[int, int]
	found := 0
	for range 3 {
		if v := c.Get(7, func() int { found++; return 49 }); v != 49 {
			t.Errorf("got %d", v)
		}
	}
	if found != 1 {
		t.Errorf("computed %d times", found)
	}
	// A computation may ask for other keys of its table.
	if v := c.Get(8, func() int { return c.Get(7, nil) + 15 }); v != 64 {
		t.Errorf("got %d", v)
	}
}

// TestTableFirst holds that all get the same value, where two compute one at a time.
func TestTableFirst(t *testing.T) {
	var c Table[int, *int]
	var both, done sync.WaitGroup
	both.Add(2)
	got := make([]*int, 2)
	for i := range got {
		done.Go(func() {
			got[i] = c.Get(7, func() *int {
				both.Done()
				both.Wait() // until the other has not found it either
				return new(int)
			})
		})
	}
	done.Wait()
	if got[0] != got[1] || got[0] != c.Get(7, nil) {
		t.Errorf("%p and %p", got[0], got[1])
	}
}

func TestOnce(t *testing.T) {
	var c Once[string, int]
	var found atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if v := c.Get("a", func() int { found.Add(1); return 1 }); v != 1 {
				t.Errorf("got %d", v)
			}
		})
	}
	wg.Wait()
	if found.Load() != 1 {
		t.Errorf("computed %d times", found.Load())
	}
}

func TestRegistry(t *testing.T) {
	type a struct{ n int }
	type b struct{ n int }
	var r, other Registry
	var wg sync.WaitGroup
	sets := make([]*a, 8)
	for i := range sets {
		wg.Go(func() {
			sets[i] = Of[a](&r)
			Of[b](&r)
		})
	}
	wg.Wait()
	Of[b](&r).n = 2
	for _, s := range sets {
		if s != Of[a](&r) || s.n != 0 {
			t.Errorf("%p, want %p", s, Of[a](&r))
		}
	}
	if Of[b](&r).n != 2 || Of[a](&r) == Of[a](&other) {
		t.Error("the sets are not kept apart")
	}
}
