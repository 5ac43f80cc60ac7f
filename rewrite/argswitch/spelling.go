package argswitch

import (
	"github.com/keepatch/keepatch/parse"
	"strings"
)

// form is a way of reading arguments that was found in a program.
type form interface {
	// extend adds the option and returns how it is spelled.
	extend(j *job, p *program) (*spelling, error)
}

// spelling is the option as the user types it, and what the program's other
// options are, by which its manuals are known.
type spelling struct {
	short  string // the letter, "" for none
	long   string // the name, "" for none
	dash   string // in front of the long name: "--", or "-" where a program uses that
	detach bool   // the argument is a word of its own
	equal  bool   // an equals sign stands between the letter and its argument
	must   bool   // the argument is never left out
	flag   bool   // there is none
	self   bool   // the library makes the usage text out of the table
	peers  []string
	fn     *parse.Func
	near   map[*node]int
}

// String is how the option is told to the user.
func (sp *spelling) String() string {
	var parts []string
	if sp.short != "" {
		parts = append(parts, "-"+sp.short)
	}
	if sp.long != "" {
		parts = append(parts, sp.dash+sp.long)
	}
	return strings.Join(parts, ", ")
}

// The argument as manuals show it.
const argShown = "IDLE[:INTERVAL[:COUNT]]"
