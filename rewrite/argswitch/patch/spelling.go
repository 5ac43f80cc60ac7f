package patch

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// Form is a way of reading arguments that was found in a program.
type Form interface {
	// extend adds the option and returns how it is spelled.
	Extend(j *Patch, p *program.Program) (*Spelling, error)
}

// Spelling is the option as the user types it, and what the program's other
// options are, by which its manuals are known.
type Spelling struct {
	Short  string // the letter, "" for none
	Long   string // the name, "" for none
	Dash   string // before the long name: "--", or "-" where a program uses that
	Detach bool   // the argument is a word of its own
	Equal  bool   // an equals sign stands between the letter and its argument
	Loose  bool   // the argument may be the next word, too
	Must   bool   // the argument is never left out
	Flag   bool   // there is none
	First  bool   // it comes before all other arguments
	Self   bool   // the library makes the usage text out of the table
	Peers  []string
	Func   *parse.Func
	Near   map[*program.Node]int
	More   []*Spelling // of the program's other readers
}

// String is the option as users type it.
func (sp *Spelling) String() string {
	var parts []string
	if sp.Short != "" {
		parts = append(parts, "-"+sp.Short)
	}
	if sp.Long != "" {
		parts = append(parts, sp.Dash+sp.Long)
	}
	return strings.Join(parts, ", ")
}

// Hint is for those who know other options' arguments as words of their own; "" where the
// option's may be one, or there is none.
func (sp *Spelling) Hint() string {
	if sp.Flag || sp.Must || sp.Detach || sp.Loose {
		return ""
	}
	const times = "60:10:6"
	var forms []string
	first := sp.Dash + sp.Long
	if sp.Long != "" {
		forms = append(forms, first+"="+times)
	}
	if sp.Short != "" {
		first = "-" + sp.Short
		equal := ""
		if sp.Equal {
			equal = "="
		}
		forms = append([]string{first + equal + times}, forms...)
	}
	return fmt.Sprintf("times go into the same word, %s: the 60 of %q is another argument", strings.Join(forms, " or "), first+" 60")
}

// The argument as manuals show it.
const ArgShown = "IDLE[:INTERVAL[:COUNT]]"
