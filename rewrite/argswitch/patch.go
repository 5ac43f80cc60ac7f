package argswitch

import (
	"fmt"
	"sort"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Settings are what the user asks for.
type Settings struct {
	Env bool // environment variables instead of an option
	// Config is a keyword in the configuration file instead of an option, Auto
	// the first that the program can have: option, keyword, environment.
	Config, Auto bool
	Short        string // the letter, "" for k, or K where that is taken
	Long         string // the long name, "" for tcp-keepalive, or another where that takes an abbreviation away
	Main         string // the files of the main() that get it, with commas; "" for each that holds a site
	On           bool   // on by default
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

// Host is what the rewriter lends.
type Host struct {
	Files []string // all files of the program
	Read  func(path string) ([]byte, error)
	// Manuals lists the manuals of the tree; nil means that there are none.
	Manuals func() []string
	// Samples lists the sample configurations and manuals of the tree.
	Samples func() []string
	// Builds lists the files that say how the tree is built.
	Builds func() []string
	// Parsed are the files that are read already.
	Parsed []*parse.File
	Style  func(fn *parse.Func, at int) Layout
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

// job gathers the edits of one group of programs.
type job struct {
	opt   Settings
	ctx   *Host
	t     *tree
	name  string // of the variable
	edits map[*parse.File][]edit.Edit
	raw   map[string]*FileChange // files that are no C
	notes []string
	marks []string // remarks
	// Programs that share sockets have the option under one letter.
	asked  []askedLetter
	common string
	reads  map[*parse.File]bool // files that have the reader
	more   map[*parse.File]int  // further functions that a file gets
	// readers are the functions that use the variable besides the sites.
	readers map[*parse.File][]*parse.Func
	// above is where a file uses the variable before its first function.
	above map[*parse.File]int
}

func (j *job) insert(f *parse.File, at int, text string) {
	for _, e := range j.edits[f] {
		if e.Start == at && e.New == text {
			return // two programs need the same
		}
	}
	j.edits[f] = append(j.edits[f], edit.Insert(at, text))
}

// changes returns the edits by file, in order, once each patched text parses
// as well as it did.
func (j *job) changes(newFuncs map[*parse.File]int) ([]FileChange, error) {
	var out []FileChange
	for f, edits := range j.edits {
		sort.SliceStable(edits, func(a, b int) bool { return edits[a].Start < edits[b].Start })
		if err := edit.Validate(f.Src, edits, true); err != nil {
			return nil, fmt.Errorf("%s: the edits are not sound: %w", f.Path, err)
		}
		text, err := edit.Apply(f.Src, edits)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		g := parse.New(f.Path, text)
		if len(g.Problems) > len(f.Problems) || places(g) != places(f)+newFuncs[f] || repairs(g) > repairs(f) {
			return nil, fmt.Errorf("%s: the patched file no longer parses as before", f.Path)
		}
		out = append(out, FileChange{Path: f.Path, Src: f.Src, Edits: edits})
	}
	for _, c := range j.raw {
		if err := edit.Validate(c.Src, c.Edits, true); err != nil {
			return nil, fmt.Errorf("%s: the edits are not sound: %w", c.Path, err)
		}
		out = append(out, *c)
	}
	sort.Slice(out, func(a, b int) bool { return out[a].Path < out[b].Path })
	return out, nil
}

// places counts the functions of a file, each once.
func places(f *parse.File) int {
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			seen[fn.NamePos] = true
		}
	}
	return len(seen)
}

// repairs counts what the parser had to mend in the functions of the first
// selection of branches.
func repairs(f *parse.File) int {
	n := 0
	for _, fn := range f.Funcs {
		if fn.Macro == nil && fn.Pass == 0 {
			fn.Body()
			n += len(fn.Repairs)
		}
	}
	return n
}

// include adds headers that the inserted code needs.
func (j *job) include(f *parse.File, headers ...string) error {
	for _, h := range headers {
		edits, ok := j.ctx.Include(f, h)
		if !ok {
			return fmt.Errorf("%s: no certain place for #include <%s>", f.Path, h)
		}
		for _, e := range edits {
			j.insert(f, e.Start, e.New)
		}
	}
	return nil
}
