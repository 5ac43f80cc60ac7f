package argswitch

import "github.com/keepatch/keepatch/parse"

// literal is a string literal in a file.
type literal struct {
	f        *parse.File
	off, end int // with the quotes
}

func (l literal) text() string { return string(l.f.Src[l.off+1 : l.end-1]) }
