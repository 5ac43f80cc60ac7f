// Package message turns the error messages of a program into new ones about
// SO_KEEPALIVE. It finds the message of a failed check, decides whether the
// insertion can name what the message names, and rewrites text, arguments and level
// after the other messages of the function and the file. Formats and arguments stay
// paired; a message that cannot be kept so is not used.
package message

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// Messages knows how the program reports failures, by file. What a file's messages
// have in common is worked out once and not for each block.
type Messages struct {
	*noreturn.Exits
	byFile map[*parse.File]*fileMessages
	words  *LevelWords

	named       memo.Table[*parse.File, socketErrors]
	portable    memo.Table[*parse.File, bool]
	newlines    memo.Table[messageKey, bool]
	mildWords   memo.Table[messageKey, string]
	domains     memo.Table[messageKey, string]
	warnings    memo.Table[messageKey, string]
	milderFuncs memo.Table[messageKey, string]
	prefixes    memo.Table[messageKey, prefixVotes]
	answerers   memo.Table[messageKey, bool]
	globals     memo.Table[messageKey, bool]
	elsewhere   memo.Table[messageKey, []*Message]
}

// messageKey is what is asked of a file's messages: of those by one function, with an
// argument at an index.
type messageKey struct {
	file        *parse.File
	callee, arg string
	at          int
	any         bool
}

// NewMessages returns an empty collection; files are read on demand.
func NewMessages(x *noreturn.Exits) *Messages {
	return &Messages{Exits: x, byFile: map[*parse.File]*fileMessages{}}
}
