package fixpoint

import "github.com/keepatch/keepatch/detect/callgraph"

// Answers are shared between ways of calling that cannot tell them apart.
//
// Where a question is asked in a function that was entered through a frame, the
// answer mostly depends on the innermost calls of the frame only: on none where no
// parameter is met, on one where a parameter leads to a constant that the caller
// passes. Which frames were looked at is noted while the answer is worked out; it
// is kept under those alone, and holds for every way of calling that begins with
// them. A function whose answers depend on no parameter is so evaluated once,
// however many chains of calls lead to it.

// NoDependency is what TrackDependencies returns where no frame was looked at.
const NoDependency = 1 << 30

// DependsOn notes that an answer depends on the calls of a frame, from its innermost
// outwards to this one; on there being none where it is nil.
func (s *Session) DependsOn(fr *callgraph.Frame) { s.low = min(s.low, fr.Depth()) }

// DependsOnAll notes that an answer depends on the whole way of calling.
func (s *Session) DependsOnAll() { s.low = 0 }

// TrackDependencies runs find and returns the outermost frame that it looked at, as Put takes it.
func (s *Session) TrackDependencies(find func()) (low int) {
	outer := s.low
	s.low = NoDependency
	find()
	low = s.low
	s.low = min(low, outer)
	return low
}

// Untracked runs find without noting which frames it looks at.
func (s *Session) Untracked(find func()) {
	low := s.low
	find()
	s.low = low
}

// innermost returns the k innermost calls of a frame.
func (s *Session) innermost(fr *callgraph.Frame, k int) *callgraph.Frame {
	switch {
	case k <= 0:
		return nil
	case k == fr.Depth():
		return fr
	}
	return s.Enter(fr.Call, s.innermost(fr.Up, k-1))
}

// Contextual remembers answers under the calls that they depend on.
type Contextual[K comparable, V any] struct {
	kept map[K]uint32 // how many calls the answers to a question depend on: a bit each
	some map[contextKey[K]]V
	all  map[contextKey[K]]V // those that depend on the whole way of calling
	none map[K]V             // those for no frame that do not depend on there being none
}

type contextKey[K comparable] struct {
	of K
	fr *callgraph.Frame
}

// NewContextual returns a table without answers.
func NewContextual[K comparable, V any]() Contextual[K, V] {
	return Contextual[K, V]{map[K]uint32{}, map[contextKey[K]]V{}, map[contextKey[K]]V{}, map[K]V{}}
}

// Get returns an answer that holds for the frame.
func (c *Contextual[K, V]) Get(s *Session, k K, fr *callgraph.Frame) (v V, ok bool) {
	d := fr.Depth()
	if d > 0 {
		for n, bits := 0, c.kept[k]; bits != 0 && n <= d; n, bits = n+1, bits>>1 {
			if bits&1 == 0 {
				continue
			}
			if v, ok = c.some[contextKey[K]{k, s.innermost(fr, n)}]; ok {
				if n > 0 {
					s.low = min(s.low, d-n+1)
				}
				return v, true
			}
		}
	}
	if d == 0 {
		if v, ok = c.none[k]; ok {
			return v, ok
		}
	}
	if v, ok = c.all[contextKey[K]{k, fr}]; ok {
		s.DependsOnAll()
	}
	return v, ok
}

// Put remembers an answer for which the frames down to depth low were looked at.
func (c *Contextual[K, V]) Put(s *Session, k K, fr *callgraph.Frame, low int, v V) {
	d := fr.Depth()
	n := max(0, d-low+1)
	switch {
	case d == 0 && low > 0:
		c.none[k] = v
		return
	case low == 0 || n > 31:
		c.all[contextKey[K]{k, fr}] = v
		return
	}
	c.kept[k] |= 1 << n
	c.some[contextKey[K]{k, s.innermost(fr, n)}] = v
}

// Delete forgets what Put remembered.
func (c *Contextual[K, V]) Delete(s *Session, k K, fr *callgraph.Frame, low int) {
	d := fr.Depth()
	n := max(0, d-low+1)
	switch {
	case d == 0 && low > 0:
		delete(c.none, k)
		return
	case low == 0 || n > 31:
		delete(c.all, contextKey[K]{k, fr})
		return
	}
	delete(c.some, contextKey[K]{k, s.innermost(fr, n)})
}
