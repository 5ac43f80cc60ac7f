package config

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// table is an array of keywords with the addresses of their variables:
//
//	{ "quiet", TYPE_BOOL, &quiet },
type table struct {
	x    *index
	f    *parse.File
	d    *parse.Decl
	rows []*row
	b, n []*sibling
}

type row struct {
	x     *parse.Expr
	lit   *parse.Expr
	name  string
	addr  *parse.Expr // the variable behind &
	code  *parse.Expr // a constant that tells the rows apart
	words []string    // names in the other members
	odd   bool        // a text about this keyword stands beside the name
}

// optionTypes are rows of command lines: getopt(3), popt(3), argp, GLib.
var optionTypes = map[string]bool{"struct option": true, "struct poptOption": true, "struct argp_option": true, "GOptionEntry": true}

var (
	numberType = regexp.MustCompile(`(?i)int|num|long|uint|atoi`)
)

// tables are the arrays of keywords that a function names.
func (x *index) tables(fn *Func) []form {
	x.declare()
	var out []form
	seen := map[*parse.Decl]bool{}
	for _, u := range fn.Uses {
		for _, a := range x.arrays[u] {
			if seen[a.d] || a.d.Static && a.f != fn.File {
				continue
			}
			seen[a.d] = true
			if t := x.readTable(a.f, a.d); t != nil {
				out = append(out, t)
			}
		}
	}
	return out
}

func (x *index) readTable(f *parse.File, d *parse.Decl) *table {
	t := x.readRows(f, d)
	if t == nil {
		return nil
	}
	for i := len(t.rows) - 1; i >= 0; i-- {
		t.take(t.rows[i])
	}
	return t
}

// readRows takes the rows with a keyword, nil for fewer than three.
func (x *index) readRows(f *parse.File, d *parse.Decl) *table {
	t := &table{x: x, f: f, d: d}
	for _, e := range d.Init.Args {
		if e.Kind != parse.XInit {
			continue
		}
		r := &row{x: e}
		for _, m := range e.Args {
			if m.Kind == parse.XDesig {
				m = m.X
			}
			if m == nil {
				return nil
			}
			switch s := m.Strip(); {
			case s.Kind == parse.XString && r.lit == nil && words.KeywordText.MatchString(s.Name):
				r.lit, r.name = s, strings.Trim(s.Name, `"`)
			case s.Kind == parse.XUnary && s.Op == token.And && r.addr == nil:
				r.addr = s.X.Strip()
			case s.Kind == parse.XString && len(s.Name) > 2:
				r.odd = true
			default:
				m.Walk(func(e *parse.Expr) bool {
					if e.Kind == parse.XIdent {
						r.words = append(r.words, e.Name)
					}
					return true
				})
			}
		}
		if r.lit != nil && !strings.HasPrefix(r.name, "-") {
			t.rows = append(t.rows, r)
		}
	}
	if len(t.rows) < 3 {
		return nil
	}
	return t
}

// offsets reports whether the rows hold the places of members in a struct.
func (t *table) offsets() bool {
	n := 0
	for _, r := range t.rows {
		if offsetName.Match(t.f.Src[r.x.Pos:r.x.End]) {
			n++
		}
	}
	return n > 2
}

// offsetName is offsetof() of C11 7.19 and the macros around it.
var offsetName = regexp.MustCompile(`\boffsetof\b|_OFFSET\b|\bOFFSET\b|\bOFS\b|_OFS\b`)

// pickCodes takes the member whose constants differ most from row to row for the
// code; false when there is none.
func (t *table) pickCodes() bool {
	distinct := map[int]map[string]bool{}
	for _, r := range t.rows {
		for i, m := range r.x.Args {
			if s := source.Member(m); s.Kind == parse.XIdent && s.Name != "NULL" {
				if distinct[i] == nil {
					distinct[i] = map[string]bool{}
				}
				distinct[i][s.Name] = true
			}
		}
	}
	best := -1
	for i := range distinct {
		if len(distinct[i]) > 2 && (best < 0 || len(distinct[i]) > len(distinct[best]) || len(distinct[i]) == len(distinct[best]) && i < best) {
			best = i
		}
	}
	for _, r := range t.rows {
		if best >= 0 && best < len(r.x.Args) {
			if s := source.Member(r.x.Args[best]); s.Kind == parse.XIdent {
				r.code = s
			}
		}
	}
	return best >= 0
}

// take sorts a row to the booleans or the numbers.
func (t *table) take(r *row) {
	f := t.f
	if words.Negative.MatchString(r.name) || r.addr == nil || r.addr.Kind != parse.XIdent && r.addr.Kind != parse.XMember || !source.IsNumber(t.x.typeOf(r.addr)) || !f.SameGuards(r.x.Pos, t.d.Pos) {
		return
	}
	a := &arm{target: []sub{{from: r.addr.Pos, to: r.addr.End}}, kind: source.KindOf(t.x.typeOf(r.addr))}
	s := &sibling{name: r.name, lit: r.lit, arm: a, pos: r.x.Pos, row: r.x}
	bools, numbers := false, false
	for _, w := range r.words {
		switch t.x.storesBy(w, 3) {
		case storesFlag:
			a.flag = true
			bools = true
		case storesBool:
			bools = true
		}
		bools = bools || source.BoolType.MatchString(w) || t.x.readsBool(w)
		numbers = numbers || numberType.MatchString(w)
	}
	for _, m := range r.x.Args { // a default that is not off
		if m.Kind == parse.XDesig {
			m = m.X
		}
		m = m.Strip()
		if m == r.lit {
			continue
		}
		switch strings.ToLower(source.TextOf(f, m)) {
		case `"yes"`, `"on"`, `"true"`, `"1"`, "true", "yes", "on":
			bools = false
		}
		if m.Kind == parse.XString && m != r.lit && len(m.Name) > 2 {
			if words.BoolWord.MatchString(m.Name) || m.Name == `"0"` {
				continue
			}
			if !strings.Contains(m.Name, " ") || a.text != nil {
				return // a default with a meaning of its own
			}
			a.text = m
		}
		if m.Kind == parse.XNumber && m.Name != "0" {
			return
		}
	}
	switch {
	case bools:
		a.strict = !a.flag
		t.b = append(t.b, s)
	case numbers:
		a.numeric = true
		t.n = append(t.n, s)
	}
}

func (t *table) file() *parse.File { return t.f }

func (t *table) bools() []*sibling { return t.b }

func (t *table) numbers() []*sibling { return t.n }

func (t *table) reader() *parse.Func { return nil }

func (t *table) finish(p *Patch) { p.Above = t.d.Pos }

func (t *table) Names() []string {
	var out []string
	for _, r := range t.rows {
		out = append(out, r.name)
	}
	return out
}

func (t *table) add(p *Patch, s *sibling, name, target string) error {
	after, err := t.place(p, s, name)
	if err != nil {
		return err
	}
	subs, _ := s.arm.rename(t.f, s.name, name, target)
	if text := s.arm.text; text != nil {
		subs = append(subs, sub{from: text.Pos, to: text.End, text: words.Purpose(text.Name, keywordOf(target))})
	}
	row, err := t.copyRow(s, after, name, subs)
	if err != nil {
		return err
	}
	p.Inserts = append(p.Inserts, row)
	return nil
}

// place is the row that a copy stands behind: the boolean sibling, or in a sorted table the
// last one that comes before it.
func (t *table) place(p *Patch, s *sibling, name string) (*row, error) {
	if p.first != nil {
		s = p.first
	}
	for _, d := range t.d.Type.Dims {
		if d != nil {
			return nil, fmt.Errorf("%s: the table %s has a length of its own", t.f.Path, t.d.Name)
		}
	}
	var after *row
	sorted := t.sorted()
	for _, r := range t.rows {
		if sorted && r.name < name || !sorted && r.x == s.row {
			after = r
		}
	}
	if after == nil {
		return nil, fmt.Errorf("%s: no certain place in the table %s", t.f.Path, t.d.Name)
	}
	return after, nil
}

// sorted reports whether the rows stand in the order of their names.
func (t *table) sorted() bool {
	names := t.Names()
	return len(names) > 3 && sort.StringsAreSorted(names)
}

// aligned keeps the columns of a row: what a replacement is longer than the old text goes
// off the blanks behind it.
func aligned(src []byte, subs []sub) []sub {
	out := slices.Clone(subs)
	for i, s := range out {
		end := s.to
		if end < len(src) && src[end] == ',' {
			end++
		}
		from := end
		for end < len(src) && src[end] == ' ' {
			end++
		}
		if end-from < 2 {
			continue
		}
		left := max(1, end-from-(len(s.text)-(s.to-s.from)))
		out[i].text += string(src[s.to:from]) + strings.Repeat(" ", left)
		out[i].to = end
	}
	return out
}

// copyRow is the sibling's row with replacements.
func (t *table) copyRow(s *sibling, after *row, name string, subs []sub) (Insert, error) {
	f := t.f
	subs = append(subs, sub{from: s.lit.Pos, to: s.lit.End, text: `"` + name + `"`})
	at, ok := source.LineAfter(f, after.x.End)
	if !ok || !source.FirstOnLine(f.Src, s.row.Pos) || !f.SameGuards(after.x.Pos, t.d.Pos) || !strings.HasPrefix(strings.TrimLeft(string(f.Src[after.x.End:at]), " \t"), ",") {
		return Insert{}, fmt.Errorf("%s: no certain place in the table %s", f.Path, t.d.Name)
	}
	return Insert{f, at, replaced(f, source.LineStart(f.Src, s.row.Pos), s.row.End, aligned(f.Src, subs)) + "," + source.EolOf(f.Src)}, nil
}
