package value

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNames compares the sets of values with sets that are maps.
func TestNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := NameSet{"a", "b", "c", "d", "e", "f"}
	pick := func() (NameSet, map[string]bool) {
		var s NameSet
		m := map[string]bool{}
		for range r.IntN(6) {
			x := letters[r.IntN(len(letters))]
			s, m[x] = s.with(x), true
		}
		return s, m
	}
	check := func(what string, got NameSet, want map[string]bool) {
		t.Helper()
		if !slices.IsSorted(got) || len(got) != len(want) {
			t.Fatalf("%s: got %v, want %v", what, got, want)
		}
		for _, x := range letters {
			if got.Has(x) != want[x] {
				t.Fatalf("%s: got %v, want %v", what, got, want)
			}
		}
	}
	for range 2000 {
		s, m := pick()
		u, n := pick()
		before := slices.Clone(s)
		check("with", s, m)
		both, kept := map[string]bool{}, map[string]bool{}
		for x := range m {
			both[x] = true
			if n[x] {
				kept[x] = true
			}
		}
		for x := range n {
			both[x] = true
		}
		check("union", s.Union(u), both)
		check("where", s.filter(u.Has), kept)
		x := letters[r.IntN(len(letters))]
		delete(m, x)
		check("without", s.Without(x), m)
		if !slices.Equal(s, before) {
			t.Fatalf("a set was changed: %v, it was %v", s, before)
		}
	}
}
