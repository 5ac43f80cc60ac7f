// Package keyword holds what all forms of keywords in a configuration file share: the
// program as the search sees it, the keywords that it has (siblings), what the program does
// about each of them, and the patch in the making.
//
// A copy is the sibling's text with two substitutions, the name and the target that it sets.
// It is made only where all that the sibling does was understood (Arm), and where what it
// sets is there once (objects.go). Questions about the program are answered by an Index, on
// demand, at a cost linear in the functions that the program runs.
package keyword

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
)

// Func is a function that the program runs, over all selections of #if
// branches.
type Func struct {
	Name  string
	File  *parse.File
	Forms []*parse.Func
	Uses  []string // the names in it
	Steps int      // calls from main()
}

// Program is what gets the keyword.
type Program struct {
	Main  *parse.File
	Funcs []*Func
	Files []*parse.File // all that may hold a declaration
	Sites []string      // functions with the sockets
	Var   string        // a struct with the int members on, idle, interval, count
	On    bool          // on by default
	Ints  bool          // the struct's members have to be ints
	// Timers are the defaults of the timers.
	Timers [3]string
	// Texts lists sample configurations and manuals.
	Texts func() []string
	Read  func(name string) ([]byte, error)
}

// Insert is text that goes to an offset of a file.
type Insert struct {
	File *parse.File
	At   int
	Text string
}

// TextInsert is the same for a file that is not C.
type TextInsert struct {
	Path string
	Src  []byte
	At   int
	Text string
}

// Patch is what gives the program its keyword.
type Patch struct {
	Keywords []string // the boolean one first
	File     *parse.File
	Reader   *parse.Func // the function that uses the variable; nil for a table
	Above    int         // the variable is declared before this offset of File; 0 for anywhere
	Inserts  []Insert
	Texts    []TextInsert
	NewFuncs map[*parse.File]int // functions that the inserts add
	Users    []*parse.Func       // functions besides that use the variable
	First    *Sibling            // of the boolean keyword
	Second   *Sibling            // of the timers
	// OnType and NumberType are what the reader stores through the members' addresses, "" for int.
	OnType, NumberType string
}

// InsertIn puts text into a function that then uses the variable.
func (p *Patch) InsertIn(fn *Func, at int, text string) {
	p.Inserts = append(p.Inserts, Insert{fn.File, at, text})
	p.Users = append(p.Users, fn.Forms[0])
}

// Form is a way of matching keywords, with the siblings that can be copied.
type Form interface {
	File() *parse.File
	Names() []string
	Bools() []*Sibling
	Numbers() []*Sibling
	// Add plans a copy of a sibling under a name.
	Add(p *Patch, s *Sibling, name, target string) error
	Finish(p *Patch)
	// FromFile reports whether what a function matches comes from a configuration file.
	FromFile(fn *Func) bool
	// Sorted reports whether the keywords stand in order.
	Sorted() bool
	// Reader is the function with the siblings' code, nil for a table of addresses.
	Reader() *parse.Func
}

// Sibling is a keyword that the program has.
type Sibling struct {
	Name  string
	Lit   *parse.Expr // the literal with its name
	Arm   *Arm
	Pos   int
	Entry any          // what its form knows of it
	Row   *parse.Expr  // in a table
	Code  *parse.Expr  // in a table of codes
	Part  *source.Case // in the switch over the codes
	Fn    *parse.Func  // in a table of functions
	// Condition is the call, where it stands in a condition.
	Condition *parse.Expr
}

// AboutConfig are words of functions and files that read configurations.
var AboutConfig = text.NewPattern(`(?i)conf|cfg|option|setting|param|keyword|directive|(^|_)ini|(^|_)rc($|_|\.)|init\.c`)

// NormalName is a name without case and separators: what a user could mix up.
func NormalName(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(s))
}

// KeywordOf is which of the keywords a target belongs to.
func KeywordOf(target string) int {
	for i, m := range MemberOf {
		if strings.HasSuffix(target, m) {
			return i
		}
	}
	return 0
}

var MemberOf = [...]string{".on", ".idle", ".interval", ".count"}

// SectionName are variables that hold the part of the file that a keyword stands in.
var SectionName = text.NewPattern(`(?i)sect|group$|block$`)

// CompareName are functions and macros that compare texts.
var CompareName = text.NewPattern(`(?i)cmp|eq|match|same|keyword|compare|^is_?|^check|^test`)
