// Package memo keeps what was computed about a key, so that it is computed
// once. Each value is a pure function of its key: the order in which goroutines
// fill a table has no effect on what anybody reads from it.
package memo

import (
	"sync"
	"sync/atomic"
)

// Table maps keys to values that were computed. The zero value is ready.
type Table[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

// Get returns the value of key, computed on the first call. find runs without
// the lock, as it asks for other values; two goroutines may do the same work,
// to the same result, of which all get the first.
func (c *Table[K, V]) Get(key K, find func() V) V {
	c.mu.Lock()
	v, ok := c.m[key]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = find()
	c.mu.Lock()
	defer c.mu.Unlock()
	if first, ok := c.m[key]; ok {
		return first
	}
	if c.m == nil {
		c.m = map[K]V{}
	}
	c.m[key] = v
	return v
}

// Once is a table whose values are computed once: a second goroutine waits. It
// is for computations that ask for no value of the same table.
type Once[K comparable, V any] struct {
	table Table[K, *entry[V]]
}

type entry[V any] struct {
	once  sync.Once
	value V
}

// Get returns the value of key, computed on the first call.
func (c *Once[K, V]) Get(key K, find func() V) V {
	e := c.table.Get(key, func() *entry[V] { return &entry[V]{} })
	e.once.Do(func() { e.value = find() })
	return e.value
}

// Registry holds one set of tables for each package that keeps some about the
// registry's owner: the owner (a program, a function) is built before the
// packages that analyse it, and does not know their types. The zero value is
// ready.
type Registry struct {
	mu   sync.Mutex
	sets atomic.Pointer[[]any]
}

// Of returns the registry's set of type T, the zero value on the first call.
// T is a type of the calling package, so that no other one sees the set.
func Of[T any](r *Registry) *T {
	if t := find[T](r.sets.Load()); t != nil {
		return t
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.sets.Load()
	if t := find[T](old); t != nil {
		return t
	}
	var sets []any
	if old != nil {
		sets = append(sets, *old...)
	}
	t := new(T)
	sets = append(sets, t)
	r.sets.Store(&sets)
	return t
}

func find[T any](sets *[]any) *T {
	if sets == nil {
		return nil
	}
	for _, s := range *sets {
		if t, ok := s.(*T); ok {
			return t
		}
	}
	return nil
}
