package rows

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// Options is a table of addresses whose rows are options of the command line:
//
//	OPT_BOOLEAN('q', "quiet", &quiet, "say less"),
//
// A parser gets it beside the arguments and stores what they say.
type Options struct {
	*table
	Fn     *parse.Func
	Used   map[byte]bool // the letters
	Bool   *keyword.Sibling
	letter int // which member of a row is the letter, -1 for none
}

// OptionTable is the table that a function hands to a parser of its arguments, with a flag
// that could be copied; nil for none.
func OptionTable(x *keyword.Index, fn *keyword.Func) *Options {
	for _, form := range Tables(x, fn) {
		t := form.(*table)
		if t.f != fn.File || !parsesBy(fn.Forms[0], t.d.Name) {
			continue
		}
		o := &Options{table: t, Fn: fn.Forms[0], Used: map[byte]bool{}, letter: -1}
		for _, r := range t.rows {
			for i, m := range r.x.Args {
				if m.Kind == parse.XDesig {
					m = m.X
				}
				if m.Strip().Kind == parse.XChar && len(m.Strip().Name) == 3 {
					o.letter = i
					o.Used[m.Strip().Name[1]] = true
				}
			}
		}
		for _, s := range t.bools {
			if s.Arm.Kind == "" && o.Bool == nil && (o.letter < 0 || o.letter < len(s.Row.Args)) {
				o.Bool = s
			}
		}
		if o.Bool != nil {
			return o
		}
	}
	return nil
}

// parsesBy reports whether a function hands a table and its list of arguments to one call,
// or to two that share a variable, as parse_init(&p, table) and parse(&p, argc, argv).
func parsesBy(fn *parse.Func, table string) bool {
	args := ""
	for _, d := range fn.Params {
		if t := d.Type; t != nil && t.Base == "char" && t.Ptr+len(t.Dims) >= 1 {
			args = d.Name
		}
	}
	if args == "" {
		return false
	}
	var withTable, withArgs [][]string
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(e *parse.Expr) bool {
				if e.Kind != parse.XCall {
					return true
				}
				var names []string
				for _, a := range e.Args {
					if b := a.Bare(); b != nil && b.Kind == parse.XIdent {
						names = append(names, b.Name)
					} else if b != nil && b.Kind == parse.XUnary && b.X.Bare() != nil && b.X.Bare().Kind == parse.XIdent {
						names = append(names, b.X.Bare().Name)
					}
				}
				if slices.Contains(names, table) {
					withTable = append(withTable, names)
				}
				if slices.Contains(names, args) {
					withArgs = append(withArgs, names)
				}
				return true
			})
		})
		return true
	})
	for _, a := range withTable {
		for _, b := range withArgs {
			if slices.Contains(a, args) || len(a) > 0 && a[0] != table && slices.Contains(b, a[0]) {
				return true
			}
		}
	}
	return false
}

// At is where the table stands.
func (o *Options) At() int { return o.d.Pos }

// NameSet are the names of the options.
func (o *Options) NameSet() map[string]bool {
	out := map[string]bool{}
	for _, n := range o.Names() {
		out[n] = true
	}
	return out
}

// AddOption plans a copy of the flag, or of an option with a number, under a name and a
// letter, which may be "".
func (o *Options) AddOption(p *keyword.Patch, s *keyword.Sibling, name, letter, target string) error {
	after, err := o.place(p, s, name)
	if err != nil {
		return err
	}
	subs, _ := s.Arm.Rename(o.f, s.Name, name, target)
	if o.letter >= 0 {
		m := s.Row.Args[o.letter]
		text := "0"
		if letter != "" {
			text = "'" + letter + "'"
		}
		subs = append(subs, keyword.Replacement{From: m.Pos, To: m.End, Text: text})
	}
	for _, m := range s.Row.Args { // what it is for
		if m.Kind == parse.XDesig {
			m = m.X
		}
		if e := m.Strip(); e.Kind == parse.XString && e.Pos != s.Lit.Pos && strings.Contains(e.Name, " ") {
			subs = append(subs, keyword.Replacement{From: e.Pos, To: e.End, Text: words.Purpose(e.Name, keyword.KeywordOf(target))})
			break
		}
	}
	row, err := o.copyRow(s, after, name, subs)
	if err != nil {
		return err
	}
	p.Inserts = append(p.Inserts, row)
	return nil
}

// Described reports whether the rows say what they are for, so that the parser makes the
// usage text of them.
func (o *Options) Described() bool {
	n := 0
	for _, r := range o.rows {
		if r.described {
			n++
		}
	}
	return n*2 > len(o.rows)
}
