// Package rows finds keywords that stand in a table of the program's own, beside the address
// of a variable, a code that a switch is over, or a function, and adds a row. The cost is linear
// in the tables and, for codes, in the functions that name them.
package rows

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// table is an array of keywords with the addresses of their variables:
//
//	{ "quiet", TYPE_BOOL, &quiet },
type table struct {
	x              *keyword.Index
	f              *parse.File
	d              *parse.Decl
	owner          *parse.Func // the function that has the table to itself, nil for others
	rows           []*row
	bools, numbers []*keyword.Sibling
}

type row struct {
	x         *parse.Expr
	lit       *parse.Expr
	name      string
	addr      *parse.Expr // the variable after &
	code      *parse.Expr // a constant that tells the rows apart
	words     []string    // names in the other members
	described bool        // a text about this keyword stands beside the name
}

var (
	numberType = text.NewPattern(`(?i)int|num|long|uint|atoi`)
)

// Tables are the arrays of keywords that a function names.
func Tables(x *keyword.Index, fn *keyword.Func) []keyword.Form {
	var out []keyword.Form
	for _, a := range x.ArraysOf(fn) {
		if t := readTable(x, a.F, a.D, nil); t != nil {
			out = append(out, t)
		}
	}
	fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls { // one of the function's own, as libconfuse's are
			if d.Type != nil && d.Init != nil && d.Init.Kind == parse.XInit && !keyword.IsOptions(d.Type) {
				if t := readTable(x, fn.File, d, fn.Forms[0]); t != nil {
					out = append(out, t)
				}
			}
		}
		return true
	})
	return out
}

func readTable(x *keyword.Index, f *parse.File, d *parse.Decl, in *parse.Func) *table {
	t := readRows(x, f, d)
	if t == nil {
		return nil
	}
	t.owner = in
	for i := len(t.rows) - 1; i >= 0; i-- {
		t.classify(t.rows[i])
	}
	return t
}

// readRows takes the rows with a keyword, nil for fewer than three.
func readRows(x *keyword.Index, f *parse.File, d *parse.Decl) *table {
	t := &table{x: x, f: f, d: d}
	for _, e := range d.Init.Args {
		if e.Kind != parse.XInit && e.Callee() == "" {
			continue
		}
		r := &row{x: e}
		if e.Kind == parse.XCall { // a macro makes the row
			r.words = append(r.words, e.Callee())
		}
		for _, m := range members(e) {
			if m == nil {
				return nil
			}
			lit := x.Literal(m)
			switch s := m.Strip(); {
			case lit != nil && r.lit == nil && words.KeywordText.MatchString(lit.Name):
				r.lit, r.name = lit, strings.Trim(lit.Name, `"`)
			case e.Kind == parse.XCall && r.addr == nil &&
				(s.Kind == parse.XMember || s.Kind == parse.XIdent && s.Name != strings.ToUpper(s.Name)) && source.IsNumber(x.TypeOf(s)):
				r.addr = s // whose address the macro takes
			case s.Kind == parse.XUnary && s.Op == token.And && r.addr == nil:
				r.addr = s.X.Strip()
			case s.Kind == parse.XString && len(s.Name) > 2:
				r.described = true
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

// members are those of a row, of the initializers within it too.
func members(row *parse.Expr) []*parse.Expr {
	var out []*parse.Expr
	for _, m := range row.Args {
		if m.Kind == parse.XDesig {
			m = m.X
		}
		if m != nil && m.Kind == parse.XInit {
			out = append(out, members(m)...)
			continue
		}
		out = append(out, m)
	}
	return out
}

// Refusal says that the rows hold the places of members in a struct, "" when they do not.
func (t *table) Refusal() string {
	n := 0
	for _, r := range t.rows {
		if offsetName.Match(t.f.Src[r.x.Pos:r.x.End]) {
			n++
		}
	}
	if n <= 2 {
		return ""
	}
	return fmt.Sprintf("%s: the rows of the table %s are offsets into a struct, which the keyword would need a member in",
		t.f.Path, t.d.Name)
}

// offsetName is offsetof() of C11 7.19 and the macros around it.
var offsetName = text.NewPattern(`\boffsetof\b|_OFFSET\b|\bOFFSET\b|\bOFS\b|_OFS\b`)

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
		if len(distinct[i]) > 2 && (best < 0 || len(distinct[i]) > len(distinct[best]) ||
			len(distinct[i]) == len(distinct[best]) && i < best) {
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

// classify sorts a row to the booleans or the numbers.
func (t *table) classify(r *row) {
	f := t.f
	if words.Negative.MatchString(r.name) || r.addr == nil || r.addr.Kind != parse.XIdent && r.addr.Kind != parse.XMember ||
		!source.IsNumber(t.typeOf(r.addr)) || !f.SameGuards(r.x.Pos, t.d.Pos) {
		return
	}
	a := &keyword.Arm{Target: []keyword.Replacement{{From: r.addr.Pos, To: r.addr.End}}, Kind: source.KindOf(t.typeOf(r.addr))}
	s := &keyword.Sibling{Name: r.name, Lit: r.lit, Arm: a, Pos: r.x.Pos, Row: r.x}
	bools, numbers := false, false
	for _, w := range r.words {
		kind := storesBy(t.x, w, 3)
		if kind == storesOther && r.addr != nil {
			kind = storesIn(t.x, w)
		}
		switch kind {
		case storesFlag:
			a.Flag = true
			bools = true
		case storesBool:
			bools = true
		}
		bools = bools || source.BoolType.MatchString(w) || t.x.ReadsBool(w)
		numbers = numbers || numberType.MatchString(w)
	}
	for _, m := range r.x.Args { // a default that is not off
		if m.Kind == parse.XDesig {
			m = m.X
		}
		m = m.Strip()
		if m.Pos == r.lit.Pos {
			continue
		}
		switch strings.ToLower(parse.ExprText(f, m)) {
		case `"yes"`, `"on"`, `"true"`, `"1"`, "true", "yes", "on":
			bools = false
		}
		if m.Kind == parse.XString && len(m.Name) > 2 {
			if words.BoolWord.MatchString(m.Name) || m.Name == `"0"` {
				continue
			}
			if !strings.Contains(m.Name, " ") || a.Text != nil {
				return // a default with a meaning of its own
			}
			a.Text = m
		}
		if m.Kind == parse.XNumber && m.Name != "0" {
			return
		}
	}
	switch {
	case bools:
		a.Strict = !a.Flag
		t.bools = append(t.bools, s)
	case numbers:
		a.Numeric = true
		t.numbers = append(t.numbers, s)
	}
}

// typeOf is the type of a row's variable, which may be one of the function that has the table.
func (t *table) typeOf(e *parse.Expr) *parse.Type {
	if t.owner == nil || e.Kind != parse.XIdent {
		return t.x.TypeOf(e)
	}
	var found *parse.Type
	t.owner.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name == e.Name {
				found = d.Type
			}
		}
		return true
	})
	if found != nil {
		return found
	}
	return t.x.TypeOf(e)
}

func (t *table) File() *parse.File { return t.f }

func (t *table) Bools() []*keyword.Sibling { return t.bools }

func (t *table) Numbers() []*keyword.Sibling { return t.numbers }

func (t *table) FromFile(fn *keyword.Func) bool { return t.x.ReadsFile(fn) }

func (t *table) Reader() *parse.Func { return t.owner }

func (t *table) Finish(p *keyword.Patch) {
	if p.Reader = t.owner; t.owner == nil {
		p.Above = t.d.Pos
	}
}

func (t *table) Names() []string {
	var out []string
	for _, r := range t.rows {
		out = append(out, r.name)
	}
	return out
}

func (t *table) Add(p *keyword.Patch, s *keyword.Sibling, name, target string) error {
	after, err := t.place(p, s, name)
	if err != nil {
		return err
	}
	subs, _ := s.Arm.Rename(t.f, s.Name, name, target)
	if text := s.Arm.Text; text != nil {
		subs = append(subs, keyword.Replacement{From: text.Pos, To: text.End, Text: words.Purpose(text.Name, keyword.KeywordOf(target))})
	}
	row, err := t.copyRow(s, after, name, subs)
	if err != nil {
		return err
	}
	p.Inserts = append(p.Inserts, row)
	return nil
}

// place is the row that a copy stands after: the boolean sibling, or in a sorted table the
// last one that comes before it.
func (t *table) place(p *keyword.Patch, s *keyword.Sibling, name string) (*row, error) {
	if p.First != nil {
		s = p.First
	}
	for _, d := range t.d.Type.Dims {
		if d != nil {
			return nil, fmt.Errorf("%s: the table %s has a length of its own", t.f.Path, t.d.Name)
		}
	}
	var after *row
	sorted := t.Sorted()
	for _, r := range t.rows {
		if sorted && r.name < name || !sorted && r.x == s.Row {
			after = r
		}
	}
	if after == nil {
		return nil, fmt.Errorf("%s: no certain place in the table %s", t.f.Path, t.d.Name)
	}
	return after, nil
}

// Sorted reports whether the rows stand in the order of their names.
func (t *table) Sorted() bool {
	names := t.Names()
	return len(names) > 3 && sort.StringsAreSorted(names)
}

// copyRow is the sibling's row with replacements.
func (t *table) copyRow(s *keyword.Sibling, after *row, name string, subs []keyword.Replacement) (keyword.Insert, error) {
	f := t.f
	subs = append(subs, keyword.Replacement{From: s.Lit.Pos, To: s.Lit.End, Text: `"` + name + `"`})
	at, ok := source.LineAfter(f, after.x.End)
	if !ok || !text.FirstOnLine(f.Src, s.Row.Pos) || !f.SameGuards(after.x.Pos, t.d.Pos) ||
		!strings.HasPrefix(strings.TrimLeft(string(f.Src[after.x.End:at]), " \t"), ",") {
		return keyword.Insert{}, fmt.Errorf("%s: no certain place in the table %s", f.Path, t.d.Name)
	}
	return keyword.Insert{File: f, At: at, Text: keyword.Replaced(f, text.LineStart(f.Src, s.Row.Pos),
		s.Row.End, keyword.Aligned(f.Src, subs)) + "," + text.EOL(f.Src, 0)}, nil
}
