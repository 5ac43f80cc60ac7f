package compose

import (
	"strconv"

	"github.com/keepatch/keepatch/rewrite/message"
)

// Plain is what a block does without, because an obligation refused it: each
// entry is a step towards the plainest form, the bare call with a variable in
// a block of its own. The zero value is the block as its author would like it.
type Plain struct {
	OwnVar   bool            // declares its variable itself
	NoCast   bool            // casts as C does, not as the siblings do
	Stays    bool            // reports and goes on
	OwnTest  bool            // compares the result as setsockopt() is documented
	Direct   bool            // sets the option itself, not by the program's own function
	silenced map[string]bool // functions and macros that do not report
	passed   map[string]Pass // patterns of messages, by place
	alias    [][2]string     // what a message names, and the local that has the same
}

// Pass is what becomes of a message whose pattern an obligation refused.
type Pass int8

const (
	Usable Pass = iota
	Last        // others go first
	Never
)

// Dropped sets a switch of plain, once.
func Dropped(b *bool) bool {
	was := *b
	*b = true
	return !was
}

// PassOver takes another pattern for the message than the one that a block has.
func (pl *Plain) PassOver(id *Idiom, how Pass) bool {
	if id == nil || id.pattern == nil || pl.passed[place(id.pattern)] >= how {
		return false
	}
	if pl.passed == nil {
		pl.passed = map[string]Pass{}
	}
	pl.passed[place(id.pattern)] = how
	return true
}

// Alias lets messages name a local instead of a member of what is not there yet.
func (pl *Plain) Alias(member, local string) bool {
	for _, a := range pl.alias {
		if a[0] == member {
			return false
		}
	}
	pl.alias = append(pl.alias, [2]string{member, local})
	return true
}

// LastResort reports whether the pattern of a block is one that others should have
// gone before.
func (pl *Plain) LastResort(id *Idiom) bool {
	return id.pattern != nil && pl.passed[place(id.pattern)] == Last
}

func place(m *message.Message) string { return m.File.Path + ":" + strconv.Itoa(m.Call.Pos) }

// Silence lets a function or macro report nothing.
func (pl *Plain) Silence(name string) bool {
	if pl.silenced[name] {
		return false
	}
	if pl.silenced == nil {
		pl.silenced = map[string]bool{}
	}
	pl.silenced[name] = true
	return true
}
