// Package config adds a keyword to the configuration file of a program by
// copying the form of a boolean keyword that is there already.
//
// A form is a way in which programs match keywords: a chain of comparisons
// (chain.go), a table of names with the addresses of variables (table.go), one of names with
// codes that a switch is over (codes.go), one of names with functions (handlers.go),
// or look-ups by name (lookups.go).
// Each keyword of a form is a sibling; what it assigns to is its target. A copy
// is the sibling's text with two substitutions: the name, and the target. So
// the new keyword accepts the words that its sibling accepts, and a bad value
// ends as the sibling's does. Only text that was understood in full is copied.
//
// The cost is linear in the functions that the program runs.
package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
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
	first    *sibling            // of the boolean keyword
	second   *sibling            // of the timers
	// OnType and NumberType are what the reader stores through the members' addresses, "" for int.
	OnType, NumberType string
}

// form is a way of matching keywords, with the siblings that can be copied.
type form interface {
	file() *parse.File
	Names() []string
	bools() []*sibling
	numbers() []*sibling
	// add plans a copy of a sibling under a name.
	add(p *Patch, s *sibling, name, target string) error
	finish(p *Patch)
	// reader is the function with the siblings' code, nil for a table of addresses.
	reader() *parse.Func
}

// sibling is a keyword that the program has.
type sibling struct {
	name string
	lit  *parse.Expr // the literal with its name
	arm  *arm
	pos  int
	link *link        // in a chain
	row  *parse.Expr  // in a table
	code *parse.Expr  // in a table of codes
	part *source.Case // in the switch over the codes
	fn   *parse.Func  // in a table of functions
	asks *lookup      // of a look-up by name
	// asked is the call, where it stands in a condition.
	asked *parse.Expr
}

type candidate struct {
	form
	fn    *Func
	score int
}

// Extend plans the keyword, or says why there can be none.
func Extend(prog *Program) (*Patch, error) {
	x := newIndex(prog)
	var all []*candidate
	for _, fn := range prog.Funcs {
		if source.IsGenerated(fn.File) || readsOptions(fn) {
			continue
		}
		for _, c := range slices.Concat(x.chains(fn), x.tables(fn), x.codeTables(fn), x.handlerTables(fn), x.lookupForms(fn)) {
			if x.reaches(c, fn) {
				all = append(all, &candidate{form: c, fn: fn})
			}
		}
	}
	var usable []*candidate
	for _, c := range all {
		if len(c.bools()) == 0 {
			continue
		}
		c.score = len(c.bools()) + len(c.Names())/4
		if aboutConfig.MatchString(c.fn.Name) || aboutConfig.MatchString(path.Base(c.file().Path)) {
			c.score += 1000
		}
		for _, fn := range prog.Funcs { // the part of the file about the sockets
			if fn.File == c.fn.File && slices.Contains(prog.Sites, fn.Name) {
				c.score += 500
				break
			}
		}
		usable = append(usable, c)
	}
	sort.SliceStable(usable, func(a, b int) bool { return usable[a].score > usable[b].score })
	for _, c := range all { // what a user would take for the new one
		if name := hasKeyword(c.Names()); name != "" && aboutConfig.MatchString(path.Base(c.file().Path)) {
			return nil, fmt.Errorf("%s: there is a keyword %s already (%s)", c.file().Path, name, others)
		}
	}
	if len(usable) == 0 {
		return nil, x.refusal(all)
	}
	var first error
	for _, c := range usable {
		p, err := x.Extend(c)
		if err == nil {
			return p, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// reaches reports whether what a form matches comes from a configuration file. Tables of
// codes and of functions are the form of commands over a network too, so that a
// name has to tell.
func (x *index) reaches(c form, fn *Func) bool {
	switch c := c.(type) {
	case *lookups:
		return true
	case *codes:
		return (isConfig(fn) || aboutConfig.MatchString(c.d.Name) || aboutConfig.MatchString(c.fn.Name) || aboutConfig.MatchString(path.Base(c.fn.File.Path))) &&
			(x.readsFile(fn) || x.handed(fn))
	case *handlers:
		return (isConfig(fn) || aboutConfig.MatchString(c.d.Name)) && (x.readsFile(fn) || x.handed(fn))
	}
	return x.readsFile(fn)
}

// hasKeyword is the keyword for keepalive that a program has, "" for none.
func hasKeyword(names []string) string {
	for _, n := range names {
		switch fold(n) {
		case "tcpkeepalive", "sokeepalive", "usetcpkeepalive", "enabletcpkeepalive": // KeepAlive alone may be HTTP's
			return n
		}
	}
	return ""
}

// readsOptions reports whether a function reads a command line by getopt_long():
// the names that it compares are those of options.
func readsOptions(fn *Func) bool {
	for _, u := range fn.Uses {
		if u == "getopt_long" || u == "getopt_long_only" {
			return true
		}
	}
	return false
}

// aboutConfig are words of functions and files that read configurations.
var aboutConfig = regexp.MustCompile(`(?i)conf|cfg|option|setting|param|keyword|directive|(^|_)ini|(^|_)rc($|_|\.)|init\.c`)

// others are the two other forms of the switch.
const others = "--switch=option and --switch=env do without a configuration file"

func (x *index) refusal(all []*candidate) error {
	if g := x.grammar(); g != "" {
		return fmt.Errorf("%s: the configuration file is read by a grammar, which a keyword cannot be added to by copying a row (%s)", g, others)
	}
	for _, c := range all {
		if t, ok := c.form.(*table); ok && t.offsets() {
			return fmt.Errorf("%s: the rows of the table %s are offsets into a struct, which the keyword would need a member in (%s)", t.f.Path, t.d.Name, others)
		}
	}
	if x.several != "" {
		return fmt.Errorf("%s (%s)", x.several, others)
	}
	sort.SliceStable(all, func(a, b int) bool { return len(all[a].Names()) > len(all[b].Names()) })
	for _, c := range all {
		if aboutConfig.MatchString(c.fn.Name) || aboutConfig.MatchString(path.Base(c.file().Path)) {
			return fmt.Errorf("%s: no boolean keyword was found that could be copied (%s)", c.file().Path, others)
		}
	}
	return fmt.Errorf("%s: no way in which the program reads a configuration file was recognised (%s)", x.prog.Main.Path, others)
}

// Extend adds the boolean keyword, and the timers' where there are numbers.
func (x *index) Extend(c *candidate) (*Patch, error) {
	f := c.file()
	names := c.Names()
	taken := map[string]bool{}
	for _, n := range names {
		taken[fold(n)] = true
	}
	sp := words.SpellingOf(names)
	name := sp.Spell("tcp", "keepalive")
	if taken[fold(name)] {
		return nil, fmt.Errorf("%s: there is a keyword %s already", f.Path, name)
	}
	p := &Patch{File: f}
	var err error
	for _, s := range simplest(c.bools()) {
		if x.prog.On && s.arm.flag {
			err = fmt.Errorf("%s: the keyword %s takes no argument, so that a copy could not turn off what is on by default", f.Path, s.name)
			continue
		}
		if x.prog.Ints && s.arm.kind != "" {
			err = fmt.Errorf("%s: the keyword %s is a %s, which the command line has no third value of (--switch=option or --switch=config does without)", f.Path, s.name, s.arm.kind)
			continue
		}
		if err = c.add(p, s, name, x.prog.Var+".on"); err == nil {
			p.Keywords = append(p.Keywords, name)
			p.first, p.OnType = s, s.arm.kind
			break
		}
	}
	if err != nil {
		return nil, err
	}
	timers := [][2]string{{"idle", "idle"}, {"interval", "interval"}, {"count", "count"}}
	for _, s := range simplest(c.numbers()) {
		if k := s.arm.kind; k != "" && (x.prog.Ints || !strings.HasPrefix(k, "unsigned") && k != "uint32_t" && k != "int32_t" || strings.Count(k, " ") > 1 || strings.Contains(k, "char") || strings.Contains(k, "long") || strings.Contains(k, "short")) {
			continue // setsockopt() wants ints
		}
		before := len(p.Inserts)
		order := []int{0, 1, 2}
		if t, ok := c.form.(interface{ sorted() bool }); ok && t.sorted() {
			order = []int{2, 0, 1} // count, idle, interval
		}
		added := make([]string, len(timers))
		for _, i := range order {
			added[i] = sp.Spell("tcp", "keepalive", timers[i][0])
			if err = c.add(p, s, added[i], x.prog.Var+"."+timers[i][1]); err != nil || taken[fold(added[i])] {
				p.Inserts = p.Inserts[:before]
				err = fmt.Errorf("no timers")
				break
			}
			p.Keywords = append(p.Keywords, added[i])
		}
		p.Keywords = p.Keywords[:1]
		if err == nil {
			p.Keywords = append(p.Keywords, added...)
		}
		if err == nil {
			p.second, p.NumberType = s, s.arm.kind
			break
		}
	}
	c.finish(p)
	x.rest(p, c)
	x.texts(p, p.first)
	return p, nil
}

// simplest puts the siblings first that have no variables of their own, whose names would
// speak of them.
func simplest(list []*sibling) []*sibling {
	out := slices.Clone(list)
	sort.SliceStable(out, func(a, b int) bool {
		return out[a].arm != nil && !out[a].arm.locals && (out[b].arm == nil || out[b].arm.locals)
	})
	return out
}

// fold is a name without case and separators: what a user could mix up.
func fold(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(s))
}
