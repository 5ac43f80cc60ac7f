package argswitch

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
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

// recognise finds how a program reads its arguments.
func (j *job) recognise(p *program) (form, error) {
	nodes := make([]*node, 0, len(p.steps))
	spare := map[*parse.File]bool{}
	for n := range p.steps {
		if !n.macro && foreign(n) {
			spare[n.file] = true
		}
	}
	for n := range p.steps {
		if !n.macro && !spare[n.file] && n.file.Foreign(n.forms[0].BodyPos, "linux") == "" {
			nodes = append(nodes, n)
		}
	}
	sort.Slice(nodes, func(a, b int) bool {
		x, y := nodes[a], nodes[b]
		if (x.file == p.main.file) != (y.file == p.main.file) {
			return x.file == p.main.file
		}
		if p.steps[x] != p.steps[y] {
			return p.steps[x] < p.steps[y]
		}
		if x.file != y.file {
			return x.file.Path < y.file.Path
		}
		return x.forms[0].Start < y.forms[0].Start
	})
	for _, look := range []func([]*node, *program) (form, error){j.findArgp, j.findTables, j.findGetopt, j.findWords, j.findLoop} {
		f, err := look(nodes, p)
		if err != nil || f != nil {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s: no way in which the program reads its arguments was recognised (--switch env reads the environment instead)", p.main.file.Path)
}

// foreign reports whether a function is a spare copy of a library's, for
// systems that lack it: it bears the name of a call that is looked for.
func foreign(n *node) bool {
	switch n.name[strings.Index(n.name, "_getopt")+1:] {
	case "getopt", "getopt_long", "getopt_long_only", "argp_parse", "argp_help", "poptGetNextOpt":
		return true
	}
	return strings.HasPrefix(n.name, "_getopt") || strings.HasPrefix(n.name, "getopt_internal") || strings.HasPrefix(n.name, "__argp")
}

// callsIn returns the calls of the named functions in all forms of a function,
// each place once.
func callsIn(n *node, names ...string) []*place {
	var out []*place
	seen := map[int]bool{}
	for _, fn := range n.forms {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XCall && !seen[x.Pos] {
						for _, name := range names {
							if x.Callee() == name || strings.HasPrefix(name, "getopt") && strings.HasSuffix(x.Callee(), "_"+name) {
								seen[x.Pos] = true
								out = append(out, &place{fn: fn, call: x, stmt: s})
							}
						}
					}
					return true
				})
			})
			return true
		})
	}
	return out
}

// place is a call in one form of a function.
type place struct {
	fn   *parse.Func
	call *parse.Expr
	stmt *parse.Stmt
}

// argRange is the text of an argument, words between literals included.
func (p *place) argRange(i int) (from, to int) {
	from = p.call.Args[i].Pos
	if i+1 < len(p.call.Args) {
		to = p.call.Args[i+1].Pos
		for _, t := range tokens(p.fn.File, from, to) {
			if t.Op == token.Comma {
				to = int(t.Off)
			}
		}
		return from, to
	}
	return from, p.call.End - 1
}
