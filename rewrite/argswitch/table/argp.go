package table

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// argpForm is a program that leaves its arguments to argp_parse(): a table of
// options and a function with a switch over their keys.
type argpForm struct {
	n      *program.Node
	call   *patch.CallSite
	table  *parse.Expr
	file   *parse.File // of the table
	parser *program.Node
}

// FindArgp returns the program's reader with argp_parse(), nil if it has none.
func FindArgp(j *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	for _, n := range nodes {
		for _, c := range patch.CallsIn(n, "argp_parse") {
			if len(c.Call.Args) < 3 || n.File.Dead(c.Call.Pos) {
				continue
			}
			a := &argpForm{n: n, call: c}
			return a, a.read(j)
		}
	}
	return nil, nil
}

// read follows the argument to the table and the parser.
func (a *argpForm) read(j *patch.Patch) error {
	f := a.n.File
	e := a.call.Call.Args[0].Strip()
	if e.Kind == parse.XUnary && e.X != nil {
		e = e.X.Strip()
	}
	if e.Kind != parse.XIdent {
		return fmt.Errorf("%s: the argument of argp_parse() is computed", f.Path)
	}
	inits := j.Initializers(a.call.Func, e.Name)
	if len(inits) != 1 {
		return fmt.Errorf("%s: the struct argp %s was not found", f.Path, e.Name)
	}
	options, parser := member(inits[0].Expr, 0, "options"), member(inits[0].Expr, 1, "parser")
	if options == nil || parser == nil || options.Kind != parse.XIdent || parser.Kind != parse.XIdent {
		return fmt.Errorf("%s: the struct argp %s was not understood", f.Path, e.Name)
	}
	tables := j.Initializers(a.call.Func, options.Name)
	if len(tables) != 1 {
		return fmt.Errorf("%s: the table %s was not found", f.Path, options.Name)
	}
	a.file, a.table = tables[0].File, tables[0].Expr
	for _, n := range j.Tree.Find(parser.Name, f) {
		if !n.Macro {
			a.parser = n
		}
	}
	if a.parser == nil || len(a.parser.Forms[0].Params) != 3 {
		return fmt.Errorf("%s: the function %s() that takes the options was not found", f.Path, parser.Name)
	}
	return nil
}

// member is a value of a struct's initializer, by place or by name.
func member(init *parse.Expr, i int, name string) *parse.Expr {
	for k, x := range init.Args {
		if x.Kind == parse.XDesig {
			if x.Name == name && x.X != nil {
				return x.X.Strip()
			}
		} else if k == i {
			return x.Strip()
		}
	}
	return nil
}

func (a *argpForm) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := a.file
	fn := a.parser.Forms[0]
	sp := &patch.Spelling{Dash: "--", Func: fn, Near: p.Steps, Self: true}
	used := map[byte]bool{'?': true, 'V': true}
	names := map[string]bool{"help": true, "usage": true, "version": true, "program-name": true} // argp's own
	highest := 255
	var rows []*parse.Expr
	for _, r := range a.table.Args {
		if r.Kind != parse.XInit {
			return nil, fmt.Errorf("%s: a row of the table of options was not understood", f.Path)
		}
		name, key, doc := member(r, 0, "name"), member(r, 1, "key"), member(r, 4, "doc")
		if name == nil || name.Kind != parse.XString && (key == nil || isZero(f, key)) && (doc == nil || isZero(f, doc)) {
			continue // the last row
		}
		rows = append(rows, r)
		if key != nil && key.Kind == parse.XNumber {
			if n, err := strconv.ParseInt(key.Name, 0, 32); err == nil {
				highest = max(highest, int(n))
			}
		}
	}
	for _, t := range f.Between(a.table.Pos, a.table.End) {
		s := f.Text(t)
		switch t.Kind {
		case token.Char:
			if len(s) == 3 {
				used[s[1]] = true
				sp.Peers = append(sp.Peers, "-"+s[1:2])
			}
		case token.String:
			if name := strings.Trim(s, `"`); isOptionName(name) {
				sp.Peers = append(sp.Peers, "--"+name)
				names[name] = true
			}
		}
	}
	var err error
	if sp.Long, err = j.NameLong(f.Path, []map[string]bool{names}); err != nil {
		return nil, err
	}
	sw := keySwitch(fn)
	if sw == nil {
		return nil, fmt.Errorf("%s: %s() has no switch over the options", fn.File.Path, fn.Name)
	}
	getopt.Labels(a.parser, sw, paramName(fn, 0), used)
	letter, err := j.Letter(f.Path, used, true)
	if err != nil {
		return nil, err
	}
	sp.Short = letter
	key := "'" + letter + "'"
	if letter == "" {
		key = strconv.Itoa(highest + 1)
		for _, r := range rows {
			if k := member(r, 1, "key"); k != nil && k.Kind == parse.XIdent {
				if key, err = j.Constant(f, k.Name); err != nil {
					return nil, fmt.Errorf("%s: the key %s of an option was not understood", f.Path, k.Name)
				}
				break
			}
		}
	}
	if err := a.addRow(j, rows, sp, key); err != nil {
		return nil, err
	}
	read, err := j.Reader(fn)
	if err != nil {
		return nil, err
	}
	arg, state := paramName(fn, 1), paramName(fn, 2)
	if arg == "" || state == "" {
		return nil, fmt.Errorf("%s: the parameters of %s() have no names", fn.File.Path, fn.Name)
	}
	d := &getopt.Dispatch{Fn: fn, Forms: a.parser.Forms, Sw: sw}
	st := j.Host.Style(fn, sw.Pos)
	fail := []string{st.Call("argp_error", state, `"invalid keepalive times: %s"`, arg) + ";"}
	return sp, d.InsertCase(j, key, read, arg, fail, sp)
}

func isZero(f *parse.File, e *parse.Expr) bool {
	s := text.StripSpace(parse.ExprText(f, e))
	return s == "0" || s == "NULL"
}

func isOptionName(s string) bool {
	if len(s) < 2 || strings.Contains(s, " ") || s != strings.ToLower(s) {
		return false
	}
	for i := range len(s) {
		if !text.IsWordByte(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}

// keySwitch is the switch over a function's first parameter.
func keySwitch(fn *parse.Func) *parse.Stmt {
	var found *parse.Stmt
	key := paramName(fn, 0)
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if found == nil && s.Kind == parse.SSwitch && s.Body != nil && text.StripSpace(parse.ExprText(fn.File, s.Expr.Strip())) == key {
			found = s
		}
		return found == nil
	})
	return found
}

// paramName is a parameter's name; a macro after it, as MAYBE_UNUSED, is
// none.
func paramName(fn *parse.Func, i int) string {
	if i >= len(fn.Params) {
		return ""
	}
	name := fn.Params[i].Name
	if name == "" || name != strings.ToUpper(name) {
		return name
	}
	toks := fn.HeadTokens()
	for k, t := range toks {
		if t.Kind == token.Ident && fn.File.Text(t) == name && int(t.Off) >= fn.Params[i].Pos && k > 0 && toks[k-1].Kind == token.Ident {
			return fn.File.Text(toks[k-1])
		}
	}
	return name
}

// addRow puts the option after the last row.
func (a *argpForm) addRow(j *patch.Patch, rows []*parse.Expr, sp *patch.Spelling, key string) error {
	f := a.file
	for i := len(rows) - 1; i >= 0; i-- {
		r := rows[i]
		at := r.End
		for at < len(f.Src) && (f.Src[at] == ' ' || f.Src[at] == ',') {
			at++
		}
		name := member(r, 0, "name")
		if name == nil || name.Kind != parse.XString || !text.FirstOnLine(f.Src, r.Pos) ||
			!f.SameGuards(r.End-1, a.table.Pos) || !strings.Contains(string(f.Src[r.End:at]), ",") {
			continue
		}
		le, ok := patch.LineAfter(f, at)
		if !ok {
			continue
		}
		doc := "turn on TCP keepalive"
		if d := member(r, 4, "doc"); d != nil && d.Kind == parse.XString && len(d.Name) > 2 {
			if c := d.Name[1]; c >= 'A' && c <= 'Z' {
				doc = "T" + doc[1:]
			}
			if strings.HasSuffix(d.Name, `."`) {
				doc += "."
			}
			if strings.HasPrefix(text.StripSpace(parse.ExprText(f, r.Args[4])), "N_(") {
				doc = `N_("` + doc + `")`
			}
		}
		if !strings.HasPrefix(doc, "N_") {
			doc = `"` + doc + `"`
		}
		group := ""
		if g := member(r, 5, "group"); g != nil && len(r.Args) > 5 {
			group = ", " + parse.ExprText(f, r.Args[5])
		}
		open := "{"
		if f.Src[r.Pos+1] == ' ' {
			open = "{ "
		}
		shut := strings.TrimLeft(open[1:]+"}", "")
		designated := r.Args[0].Kind == parse.XDesig
		if group == "" && !designated {
			group = ", 0" // compilers warn of a row that leaves members out
		}
		ind := text.IndentAt(f.Src, r.Pos)
		first := fmt.Sprintf(`%s%s"%s", %s, "%s", OPTION_ARG_OPTIONAL,`, ind, open, sp.Long, key, patch.ArgShown)
		second := fmt.Sprintf("%s%s%s,", doc, group, shut)
		if designated {
			first = fmt.Sprintf(`%s%s.name = "%s", .key = %s, .arg = "%s", .flags = OPTION_ARG_OPTIONAL,`,
				ind, open, sp.Long, key, patch.ArgShown)
			second = fmt.Sprintf(".doc = %s%s,", doc, shut)
			if group != "" {
				second = fmt.Sprintf(".doc = %s, .group = %s%s,", doc, strings.TrimPrefix(group, ", "), shut)
			}
		}
		j.InsertRow(f, le, ind, first, second)
		return nil
	}
	return fmt.Errorf("%s: no certain place in the table of options", f.Path)
}
