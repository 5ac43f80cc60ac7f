package rewrite

import "github.com/keepatch/keepatch/parse"

// messages knows how the program reports failures, by file.
type messages struct {
	*exits
	talks map[*parse.File]*fileTalk
	words *levelWords
}

func newMessages(x *exits) *messages {
	return &messages{exits: x, talks: map[*parse.File]*fileTalk{}}
}
