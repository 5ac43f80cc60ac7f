package lookup

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// registered is the row of a table that tells the program which keywords there are, and
// what they are by default:
//
//	{ "quiet", "no", 0 },
//	CFG_BOOL("quiet", cfg_false, CFGF_NONE),
//
// A keyword that is asked for by name has one there, or none at all.
type registered struct {
	f     *parse.File
	row   *parse.Expr
	lit   *parse.Expr
	value *parse.Expr // the default
	text  *parse.Expr // what the keyword is for, nil for none
}

// register finds the row with a literal, nil unless there is just one.
func (x *Finder) register(lit string) *registered {
	if x.rows == nil {
		x.findRows()
	}
	if list := x.rows[lit]; len(list) == 1 {
		return list[0]
	}
	return nil
}

// findRows sorts the rows of all tables by their names.
func (x *Finder) findRows() {
	x.rows = map[string][]*registered{}
	table := func(f *parse.File, d *parse.Decl) {
		if d.Init == nil || d.Init.Kind != parse.XInit || d.Type != nil && keyword.IsOptions(d.Type) {
			return
		}
		for _, e := range d.Init.Args {
			if e.Kind != parse.XInit && e.Kind != parse.XCall {
				continue
			}
			if r := readRow(f, e); r != nil {
				x.rows[r.lit.Name] = append(x.rows[r.lit.Name], r)
			}
		}
	}
	for _, f := range x.Prog.Files {
		for _, d := range f.Decls() {
			table(f, d)
		}
	}
	for _, fn := range x.Prog.Funcs {
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			for _, d := range s.Decls {
				table(fn.File, d)
			}
			return true
		})
	}
}

// readRow takes a row whose first member is a name: the next one that is a constant is the
// default, a sentence is what it is for.
func readRow(f *parse.File, e *parse.Expr) *registered {
	r := &registered{f: f, row: e}
	for i, m := range e.Args {
		m = source.Member(m)
		var lit *parse.Expr
		m.Walk(func(e *parse.Expr) bool {
			if e.Kind == parse.XString && lit == nil {
				lit = e
			}
			return true
		})
		switch {
		case i == 0:
			if lit == nil || lit != m || !words.IsKeyword(lit.Name) {
				return nil
			}
			r.lit = lit
		case lit != nil && strings.Contains(strings.Trim(lit.Name, `" `), " "):
			if r.text == nil {
				r.text = lit
			}
		case lit != nil && r.value == nil:
			r.value = lit
		case r.value == nil && (m.Kind == parse.XNumber || m.Kind == parse.XIdent && words.IsWord(m.Name)):
			r.value = m
		}
	}
	if r.lit == nil || r.value == nil {
		return nil
	}
	return r
}

// isOff tells what the default of a yes or no is.
func (r *registered) isOff() (off, known bool) {
	switch v := strings.ToLower(strings.Trim(parse.ExprText(r.f, r.value), `"`)); {
	case v == "no", v == "off", v == "0", strings.HasSuffix(v, "false"):
		return true, true
	case v == "yes", v == "on", v == "1", strings.HasSuffix(v, "true"):
		return false, true
	}
	return false, false
}

// copy is the row under another name, after a row of the same file; value is its default.
func (r *registered) copy(behind *registered, name, target, value string) (keyword.Insert, bool) {
	f := r.f
	if behind == nil || behind.f != f {
		behind = r
	}
	at, ok := source.LineAfter(f, behind.row.End)
	if !ok || !text.FirstOnLine(f.Src, r.row.Pos) || !strings.HasPrefix(strings.TrimLeft(string(f.Src[behind.row.End:at]), " \t"), ",") {
		return keyword.Insert{}, false
	}
	subs := []keyword.Replacement{{From: r.lit.Pos, To: r.lit.End, Text: `"` + name + `"`}}
	if value != "" {
		if r.value.Kind == parse.XString {
			value = `"` + value + `"`
		}
		subs = append(subs, keyword.Replacement{From: r.value.Pos, To: r.value.End, Text: value})
	}
	if r.text != nil {
		subs = append(subs, keyword.Replacement{From: r.text.Pos, To: r.text.End,
			Text: words.Purpose(r.text.Name, keyword.KeywordOf(target))})
	}
	return keyword.Insert{File: f, At: at, Text: keyword.Replaced(f, text.LineStart(f.Src, r.row.Pos),
		r.row.End, keyword.Aligned(f.Src, subs)) + "," + text.EOL(f.Src, 0)}, true
}
