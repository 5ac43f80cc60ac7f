package detect

import (
	"sync"

	"github.com/keepatch/keepatch/parse"
)

// caches hold what is derived from the whole tree. Each entry is a pure
// function of its key, so the order in which goroutines fill them is of no
// consequence.
type caches struct {
	globals    single[useKey, *global]
	consts     memo[useKey, []constDef]
	formulas   memo[useKey, formula]
	argTypes   memo[argKey, argTyp]
	argConsts  memo[*parse.Expr, []string]
	likes      memo[likeKey, bool]
	registered memo[*parse.Func, []registration]
	entered    memo[*parse.Func, []ref]
	kinds      memo[*parse.Func, map[string]string]
	targets    memo[useKey, []*parse.Func]
	structs    single[useKey, *parse.Struct]
	structKeys memo[useKey, string]
	memberRefs single[string, []memberRef]
	indirect   memo[*parse.Expr, []*parse.Func]
	synonyms   memo[*parse.Struct, []string]
	keys       memo[useKey, map[string]bool]
	leading    memo[*parse.Func, map[callKey]bool]
	holding    memo[holdKey, bool]
	gates      memo[*node, []*node]
}

// memo remembers what was found out about a key. The zero value is ready.
type memo[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

// get returns the value of key, found out on the first call. find runs without
// the lock, as it asks for other values; two goroutines may do the same work,
// to the same result.
func (c *memo[K, V]) get(key K, find func() V) V {
	c.mu.Lock()
	v, ok := c.m[key]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = find()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[K]V{}
	}
	c.m[key] = v
	return v
}

// single is a memo whose values are found out once: a second goroutine waits. It
// is for what asks for no value that is looked up in the same way.
type single[K comparable, V any] struct {
	memo[K, *lone[V]]
}

type lone[V any] struct {
	once  sync.Once
	value V
}

func (c *single[K, V]) get(key K, find func() V) V {
	c.mu.Lock()
	l := c.m[key]
	if l == nil {
		if c.m == nil {
			c.m = map[K]*lone[V]{}
		}
		l = &lone[V]{}
		c.m[key] = l
	}
	c.mu.Unlock()
	l.once.Do(func() { l.value = find() })
	return l.value
}

// useKey is a name as used in one file.
type useKey struct {
	u    *unit
	name string
}
