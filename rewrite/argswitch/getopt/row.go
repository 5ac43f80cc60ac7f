package getopt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// rowTable is a table of long options: rows of name, kind of argument, flag
// and value.
type rowTable struct {
	f       *parse.File
	init    *parse.Expr
	rows    []*parse.Expr
	end     *parse.Expr // the row of zeros; nil where its author forgot it
	names   map[string]bool
	letters map[byte]bool
}

// tables resolves the table argument of a call, one table a build.
func tables(j *patch.Patch, c *patch.CallSite, arg int) ([]*rowTable, error) {
	f := c.Func.File
	e := c.Call.Args[arg].Strip()
	for e != nil && e.Kind == parse.XUnary && e.X != nil { // &options[0]
		e = e.X.Strip()
	}
	if e != nil && e.Kind == parse.XIndex {
		e = e.X.Strip()
	}
	if e == nil || e.Kind != parse.XIdent {
		return nil, fmt.Errorf("%s: the table of long options is computed", f.Path)
	}
	var out []*rowTable
	for _, init := range j.Initializers(c.Func, e.Name) {
		t, err := readTable(j, init.File, init.Expr)
		if err != nil {
			return nil, err
		}
		if !hasTable(out, t) {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: the table of long options %s was not found", f.Path, e.Name)
	}
	return out, nil
}

func readTable(j *patch.Patch, f *parse.File, init *parse.Expr) (*rowTable, error) {
	t := &rowTable{f: f, init: init, names: map[string]bool{}, letters: map[byte]bool{}}
	for _, r := range init.Args {
		if r.Kind == parse.XIdent {
			continue // a macro, see below
		}
		if r.Kind != parse.XInit {
			return nil, fmt.Errorf("%s: a row of the table of long options was not understood", f.Path)
		}
		if len(r.Args) == 0 {
			t.end = r
			break
		}
		first := r.Args[0].Strip()
		if d := r.Args[0]; d.Kind == parse.XDesig {
			first = d.X.Strip()
		}
		if first.Kind == parse.XString {
			t.rows = append(t.rows, r)
			t.names[strings.Trim(first.Name, `"`)] = true
			if v := member(r, 3, "val"); v != nil && v.Strip().Kind == parse.XChar && len(v.Strip().Name) == 3 {
				t.letters[v.Strip().Name[1]] = true
			}
			continue
		}
		t.end = r
		break
	}
	if t.end == nil {
		t.end = lastRow(f, init)
	}
	if t.end == nil && len(t.rows) == 0 {
		return nil, endless(f)
	}
	// Rows of other builds are in no tree of this selection.
	for _, tok := range f.Between(init.Pos, init.End) {
		s := f.Text(tok)
		switch tok.Kind {
		case token.String:
			t.names[strings.Trim(s, `"`)] = true
		case token.Char:
			if len(s) == 3 {
				t.letters[s[1]] = true
			}
		case token.Ident:
			if s == strings.ToUpper(s) {
				t.readMacros(j, s, 3)
			}
		}
	}
	return t, nil
}

// endless is the reason where a table lacks its last row: a row more would not end it either.
func endless(f *parse.File) error {
	return fmt.Errorf("%s: the table of long options has no last row of zeros", f.Path)
}

// lastRow is the row of zeros after a macro without a comma, where the parser lost the
// rows.
func lastRow(f *parse.File, init *parse.Expr) *parse.Expr {
	toks := f.Between(init.Pos, init.End)
	for i := len(toks) - 2; i > 0; i-- {
		switch t := toks[i]; {
		case t.Op == token.LBrace:
			end := i
			for toks[end].Op != token.RBrace {
				end++
			}
			return &parse.Expr{Kind: parse.XInit, Pos: int(t.Off), End: int(toks[end].End)}
		case t.Op == token.RBrace, t.Op == token.Comma, f.Text(t) == "0", f.Text(t) == "NULL":
		default:
			return nil
		}
	}
	return nil
}

// readMacros reads rows that a macro stands for, and those that it takes from others.
func (t *rowTable) readMacros(j *patch.Patch, name string, depth int) {
	for _, m := range visibleMacros(j, t.f, name) {
		for _, tok := range m.Body {
			switch s := m.File.Text(tok); {
			case tok.Kind == token.String:
				t.names[strings.Trim(s, `"`)] = true
			case tok.Kind == token.Char && len(s) == 3:
				t.letters[s[1]] = true
			case tok.Kind == token.Ident && depth > 0:
				t.readMacros(j, s, depth-1)
			}
		}
	}
}

// member is what a row gives a member of struct option, by its place or by its name;
// nil for nothing.
func member(r *parse.Expr, i int, name string) *parse.Expr {
	for _, a := range r.Args {
		if a.Kind == parse.XDesig && a.Name == name {
			return a.X
		}
	}
	if i < len(r.Args) && r.Args[i].Kind != parse.XDesig {
		return r.Args[i]
	}
	return nil
}

// rowName is the option's name of a row.
func rowName(r *parse.Expr) string { return strings.Trim(member(r, 0, "name").Strip().Name, `"`) }

// newRow is what a row for the option says.
type newRow struct {
	name, val string
	store     string // where it stores by itself, "" for nowhere
	flag      bool   // it takes no argument
}

// add puts a row into the table, in its alphabetical place if there is an
// order, else above the last one.
func (t *rowTable) add(j *patch.Patch, n newRow) error {
	f := t.f
	ordered := len(t.rows) > 2
	for i := 1; i < len(t.rows); i++ {
		ordered = ordered && rowName(t.rows[i-1]) <= rowName(t.rows[i])
	}
	pattern := t.pattern(n.store != "")
	if pattern == nil {
		return fmt.Errorf("%s: no row of the table of long options can serve as a pattern", f.Path)
	}
	before := t.end
	if ordered {
		for _, r := range t.rows {
			if rowName(r) > n.name {
				before = r
				break
			}
		}
	}
	if !text.FirstOnLine(f.Src, before.Pos) || !f.SameGuards(before.Pos, t.init.Pos) {
		before = t.end
	}
	content, ok := t.row(pattern, n)
	if !ok {
		return fmt.Errorf("%s: the rows of the table of long options were not understood", f.Path)
	}
	if !f.SameGuards(before.Pos, t.init.Pos) || !text.FirstOnLine(f.Src, before.Pos) && !t.shareLines() {
		return fmt.Errorf("%s: no certain place in the table of long options", f.Path)
	}
	if !text.FirstOnLine(f.Src, before.Pos) { // behind the last one of a line
		j.Insert(f, before.Pos, content+","+text.EOL(f.Src, 0)+text.IndentAt(f.Src, pattern.Pos))
		return nil
	}
	at := patch.AboveComments(f, text.LineStart(f.Src, before.Pos)) // which may say that the table ends
	j.Insert(f, at, text.IndentAt(f.Src, pattern.Pos)+content+","+text.EOL(f.Src, 0))
	return nil
}

// shareLines reports whether rows stand several to a line.
func (t *rowTable) shareLines() bool {
	last := t.end
	for _, r := range t.rows {
		if !text.FirstOnLine(t.f.Src, r.Pos) && !strings.Contains(string(t.f.Src[text.LineStart(t.f.Src, r.Pos):r.Pos]), "=") {
			return true
		}
	}
	return len(t.rows) > 2 && text.LineStart(t.f.Src, t.rows[len(t.rows)-1].Pos) == text.LineStart(t.f.Src, last.Pos)
}

// pattern is a row whose option takes an argument, the last one best; or else the last
// that stores by itself.
func (t *rowTable) pattern(stores bool) *parse.Expr {
	var best *parse.Expr
	score := -1
	for _, r := range t.rows {
		kind, flag, val := member(r, 1, "has_arg"), member(r, 2, "flag"), member(r, 3, "val")
		if kind == nil || val == nil || flag == nil && len(r.Args) != 3 || !text.FirstOnLine(t.f.Src, r.Pos) ||
			strings.Contains(parse.ExprText(t.f, r), "\n") || strings.Contains(parse.ExprText(t.f, r), "/*") {
			continue
		}
		if stores && (flag == nil || isNull(t.f, flag)) {
			continue
		}
		s := 0
		if val.Strip().Kind == parse.XChar {
			s += 2
		}
		if strings.Contains(parse.ExprText(t.f, kind), "argument") {
			s++
		}
		if flag == nil || isNull(t.f, flag) {
			s += 4
		}
		if s >= score {
			best, score = r, s
		}
	}
	return best
}

// isNull reports whether an expression is a null pointer.
func isNull(f *parse.File, e *parse.Expr) bool {
	s := parse.ExprText(f, e)
	return strings.HasSuffix(s, "NULL") || s == "0"
}

// row is the pattern's text with other words in it; what stands after keeps
// its column where there is room.
func (t *rowTable) row(pattern *parse.Expr, n newRow) (string, bool) {
	src := t.f.Src
	kind := member(pattern, 1, "has_arg")
	kindText := string(src[kind.Pos:kind.End])
	switch {
	case strings.HasSuffix(kindText, "_argument"):
		kindText = "optional_argument"
	case kindText == "0" || kindText == "1" || kindText == "2":
		kindText = "2"
	default:
		if _, err := strconv.Atoi(kindText); err == nil {
			return "", false
		}
		kindText = "optional_argument" // a macro of the file's own: the library's constant is the same
	}
	if n.flag {
		kindText = map[string]string{"optional_argument": "no_argument", "2": "0"}[kindText]
	}
	type part struct {
		e    *parse.Expr
		text string
	}
	parts := []part{{member(pattern, 0, "name"), `"` + n.name + `"`}, {kind, kindText}}
	if p := member(pattern, 2, "flag"); p != nil && n.store != "" {
		parts = append(parts, part{p, n.store})
	} else if p != nil && !isNull(t.f, p) { // the others store by themselves
		parts = append(parts, part{p, "0"})
	}
	parts = append(parts, part{member(pattern, 3, "val"), n.val})
	var b strings.Builder
	start := text.LineStart(src, pattern.Pos)
	indent := string(src[start:pattern.Pos])
	at := pattern.Pos
	for i, p := range parts {
		b.WriteString(string(src[at:p.e.Pos]))
		b.WriteString(p.text)
		at = p.e.End
		// A comma, then blanks that align the next column.
		k := at
		for k < pattern.End && (src[k] == ',' || src[k] == ' ' || src[k] == '\t') {
			k++
		}
		gap := string(src[at:k])
		if strings.Contains(gap, "  ") || strings.Contains(gap, "\t") || i == 0 && gap == ", " && t.namesPadded() {
			comma := strings.TrimRight(gap, " \t")
			want := text.Width(string(src[start:k]), 8)
			pad, unit := comma, " "
			if strings.Contains(gap, "\t") {
				unit = "\t"
			}
			for text.Width(indent+b.String()+pad, 8) < want {
				pad += unit
			}
			if pad == comma {
				pad += " "
			}
			b.WriteString(pad)
			at = k
		}
	}
	b.WriteString(string(src[at:pattern.End]))
	return b.String(), true
}

// namesPadded reports whether the column behind the names is aligned: blanks make up for
// shorter ones.
func (t *rowTable) namesPadded() bool {
	for _, r := range t.rows {
		e := member(r, 0, "name")
		if e != nil && strings.HasPrefix(string(t.f.Src[e.End:min(len(t.f.Src), e.End+3)]), ",  ") {
			return true
		}
	}
	return false
}

// withRows leaves out tables of nothing but the row of zeros: their author
// wants letters only.
func withRows(list []*rowTable) []*rowTable {
	var out []*rowTable
	for _, t := range list {
		if len(t.rows) > 0 {
			out = append(out, t)
		}
	}
	return out
}
