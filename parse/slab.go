package parse

import (
	"math/bits"
	"sync"
	"unsafe"
)

// slab makes values in memory that neighbours share: those of one file live and
// die together. The zero value is ready.
type slab[T any] struct {
	room []T
	next int // how many the next piece of memory has at least
}

func (s *slab[T]) make() *T {
	if len(s.room) == 0 {
		s.next = min(max(2*s.next, 2), 32)
		s.room = piece[T](s.next)
	}
	p := &s.room[0]
	s.room = s.room[1:]
	return p
}

// Go gives memory in powers of two, among other sizes, and takes a word of it for itself where
// pointers are in it. A piece that is a word larger takes up to an eighth more.
const (
	minPiece   = 512
	maxPiece   = 8 << 10
	mallocWord = 8
)

// piece is memory for n values or more, at most maxPiece bytes.
func piece[T any](n int) []T {
	var t T
	size := int(unsafe.Sizeof(t))
	bytes := min(max(1<<bits.Len(uint(n*size+mallocWord-1)), minPiece), maxPiece)
	return make([]T, (bytes-mallocWord)/size)
}

// rooms are what is left of the pieces of memory of a file's trees, for those that are parsed
// next: as many as were parsed at a time.
type rooms struct {
	mu   sync.Mutex
	list []room
}

type room struct {
	exprs []Expr // see parser.node
	stmts slab[Stmt]
	decls slab[Decl]
	types slab[Type]
}

func (r *rooms) take() (out room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.list); n > 0 {
		out, r.list = r.list[n-1], r.list[:n-1]
	}
	return out
}

func (r *rooms) put(back room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, back)
}
