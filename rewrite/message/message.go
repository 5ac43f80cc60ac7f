// Package message turns the error messages of a program into new ones about
// SO_KEEPALIVE. It finds the message of a failed check, decides whether the
// insertion can name what the message names, and rewrites text, arguments and level
// after the other messages of the function and the file. Formats and arguments stay
// paired; a message that cannot be kept so is not used.
package message

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// Messages knows how the program reports failures, by file.
type Messages struct {
	*noreturn.Exits
	byFile map[*parse.File]*fileMessages
	words  *LevelWords
}

func NewMessages(x *noreturn.Exits) *Messages {
	return &Messages{Exits: x, byFile: map[*parse.File]*fileMessages{}}
}
