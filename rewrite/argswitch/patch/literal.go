package patch

import "github.com/keepatch/keepatch/parse"

// Literal is a string literal in a file.
type Literal struct {
	File     *parse.File
	Off, End int // with the quotes
}

// Text returns the text between the quotes, escapes as they stand.
func (l Literal) Text() string { return string(l.File.Src[l.Off+1 : l.End-1]) }
