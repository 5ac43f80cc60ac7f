package parse

// slab makes values in memory that neighbours share: those of one tree live and
// die together. The zero value is ready.
type slab[T any] struct {
	room []T
	next int // how many the next piece of memory has
}

func (s *slab[T]) make() *T {
	if len(s.room) == 0 {
		s.next = min(max(2*s.next, 2), 32)
		s.room = make([]T, s.next)
	}
	p := &s.room[0]
	s.room = s.room[1:]
	return p
}
