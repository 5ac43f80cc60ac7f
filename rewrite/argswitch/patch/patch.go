// Package patch collects what is added to the programs that share one variable:
// the edits by file, the function that reads the option's argument, the constants,
// names and letters that are free, and how the program reports a wrong argument.
// Nothing is changed before all of it is certain; each patched file has to parse as
// well as it did.
package patch

import (
	"fmt"
	"sort"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Settings are what the user asks for.
type Settings struct {
	Env bool // environment variables instead of an option
	// Config is a keyword in the configuration file instead of an option, Auto
	// the first that the program can have: option, keyword, environment.
	Config, Auto bool
	// Both is an option and a keyword, the option going first.
	Both  bool
	Short string // the letter, "" for k, or K where that is taken
	Long  string // the long name, "" for tcp-keepalive, or another where that takes an abbreviation away
	Main  string // the files of the main() that get it, with commas; "" for each that holds a site
	On    bool   // on by default
	// Idle, Interval and Count are the timers' defaults, 0 for the system's.
	Idle, Interval, Count int
}

// Layout lays code out as its surroundings are.
type Layout interface {
	// Layout gives lines of canonical C, one statement, head or brace each,
	// the look of the place.
	Layout(base, canonical string) []string
	// Call spells a call.
	Call(name string, args ...string) string
	// Deeper is base with one more level of indentation.
	Deeper(base string) string
	// Head puts the head on the braces and body of a static function.
	Head(result, name, params string, body []string) []string
	Comment(text string) string
	EOL() string
}

// Host is what the rewriter provides.
type Host struct {
	Files []string // all files of the program
	Read  func(path string) ([]byte, error)
	// Manuals lists the manuals of the tree; nil means that there are none.
	Manuals func() []string
	// Samples lists the sample configurations and manuals of the tree.
	Samples func() []string
	// Builds lists the files that say how the tree is built.
	Builds func() []string
	// Grammars lists the files that yacc and lex make C of.
	Grammars func() []string
	// Parsed are the files that are read already.
	Parsed []*parse.File
	Style  func(fn *parse.Func, at int) Layout
	// IsTestOrExample reports whether a file's program is a test or an example.
	IsTestOrExample func(file string) bool
	// Leaves reports whether a statement never falls out of its end.
	Leaves func(f *parse.File, s *parse.Stmt) bool
	// Include returns the insertions after which a file has a header.
	Include func(f *parse.File, header string) ([]edit.Edit, bool)
}

// FileChange is what one file gets.
type FileChange struct {
	Path  string
	Src   []byte
	Edits []edit.Edit
}

// Patch gathers the edits of one group of programs.
type Patch struct {
	Settings Settings
	Host     *Host
	Tree     *program.Tree
	Programs []*program.Program // of the tree
	Sites    []*program.Node    // where the sockets are made
	Variable string             // of the variable
	Edits    map[*parse.File][]edit.Edit
	Other    map[string]*FileChange // files that are no C
	Notes    []string
	Hints    []string // how the option is given
	Remarks  []string // remarks
	// Programs that share sockets have the option under one letter.
	Needs    []LetterNeed
	Common   string
	Reads    map[*parse.File]bool // files that have the reader
	NewFuncs map[*parse.File]int  // further functions that a file gets
	// Readers are the functions that use the variable besides the sites.
	Readers map[*parse.File][]*parse.Func
	// Above is where a file uses the variable before its first function.
	Above map[*parse.File]int
}

// Insert adds text at an offset of a file, once if several programs need the same.
func (j *Patch) Insert(f *parse.File, at int, text string) {
	for _, e := range j.Edits[f] {
		if e.Start == at && e.New == text {
			return // two programs need the same
		}
	}
	j.Edits[f] = append(j.Edits[f], edit.Insert(at, text))
}

// Changes returns the edits by file, in order, once each patched text parses
// as well as it did.
func (j *Patch) Changes(newFuncs map[*parse.File]int) ([]FileChange, error) {
	var out []FileChange
	for f, edits := range j.Edits {
		sort.SliceStable(edits, func(a, b int) bool { return edits[a].Start < edits[b].Start })
		if err := edit.Validate(f.Src, edits); err != nil {
			return nil, fmt.Errorf("%s: the edits are not sound: %w", f.Path, err)
		}
		text, err := edit.Apply(f.Src, edits)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		g := parse.New(f.Path, text)
		if len(g.Problems) > len(f.Problems) || countFuncs(g) != countFuncs(f)+newFuncs[f] || countRepairs(g) > countRepairs(f) {
			return nil, fmt.Errorf("%s: the patched file no longer parses as before", f.Path)
		}
		out = append(out, FileChange{Path: f.Path, Src: f.Src, Edits: edits})
	}
	for _, c := range j.Other {
		if err := edit.Validate(c.Src, c.Edits); err != nil {
			return nil, fmt.Errorf("%s: the edits are not sound: %w", c.Path, err)
		}
		out = append(out, *c)
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Path < out[b].Path })
	return out, nil
}

// countFuncs counts the functions of a file, each once.
func countFuncs(f *parse.File) int {
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			seen[fn.NamePos] = true
		}
	}
	return len(seen)
}

// countRepairs counts what the parser had to repair in the functions of the first
// selection of branches.
func countRepairs(f *parse.File) int {
	n := 0
	for _, fn := range f.Funcs {
		if fn.Macro == nil && fn.Pass == 0 {
			fn.Body()
			n += len(fn.Repairs)
		}
	}
	return n
}

// Include adds headers that the inserted code needs.
func (j *Patch) Include(f *parse.File, headers ...string) error {
	for _, h := range headers {
		edits, ok := j.Host.Include(f, h)
		if !ok {
			return fmt.Errorf("%s: no safe place for #include <%s>", f.Path, h)
		}
		for _, e := range edits {
			j.Insert(f, e.Start, e.New)
		}
	}
	return nil
}
