package parse

import (
	"sync"

	"github.com/keepatch/keepatch/parse/token"
)

// scratch is memory that reading a file needs until it is split. It is used
// again for the next file: a tree of sources is read faster than fresh memory
// is cleared.
type scratch struct {
	lexed []token.Token // all tokens of the file
	first []token.Token // those of the first pass
	later []token.Token // those of the passes after it
	ends  []int32       // see splitter.pair
	open  []int32
	words []int32 // see File.words
	head  parser  // see Func.readHead
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}
