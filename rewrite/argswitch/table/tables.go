// Package table extends programs that hand a table of options to a library:
// argp_parse(), libpopt, GOption. A row is added in the form of its neighbours, and
// an arm to the code that gets the option's key.
package table

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// popt is a program that leaves its arguments to libpopt and looks at the
// values of its table in a switch.
type popt struct {
	n    *program.Node
	call *patch.CallSite // of poptGetContext
	next *patch.CallSite // of poptGetNextOpt
}

// glib is a program that leaves its arguments to GOption.
type glib struct {
	n     *program.Node
	call  *patch.CallSite
	table int // which argument
}

// FindTables returns the program's reader with libpopt or GOption, nil if it has none.
func FindTables(j *patch.Patch, nodes []*program.Node, p *program.Program) (patch.Form, error) {
	for _, n := range nodes {
		for _, c := range patch.CallsIn(n, "poptGetContext") {
			if len(c.Call.Args) < 4 {
				continue
			}
			for _, m := range nodes {
				for _, next := range patch.CallsIn(m, "poptGetNextOpt") {
					return &popt{n: m, call: c, next: next}, nil
				}
			}
			return nil, fmt.Errorf("%s: poptGetContext() without poptGetNextOpt()", n.File.Path)
		}
		for _, c := range patch.CallsIn(n, "g_option_context_add_main_entries") {
			if len(c.Call.Args) == 3 {
				return &glib{n: n, call: c, table: 1}, nil
			}
		}
	}
	return nil, nil
}

// tableRows returns the rows of the table that an argument names, each of seven
// members.
func tableRows(j *patch.Patch, c *patch.CallSite, arg int) (*parse.File, *parse.Expr, []*parse.Expr, error) {
	f := c.Func.File
	e := c.Call.Args[arg].Strip()
	if e.Kind != parse.XIdent {
		return nil, nil, nil, fmt.Errorf("%s: the table of options is computed", f.Path)
	}
	tables := j.Initializers(c.Func, e.Name)
	if len(tables) != 1 {
		return nil, nil, nil, fmt.Errorf("%s: the table %s was not found", f.Path, e.Name)
	}
	var rows []*parse.Expr
	for _, r := range tables[0].Expr.Args {
		if r.Kind == parse.XInit && len(r.Args) == 7 && r.Args[0].Strip().Kind == parse.XString {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, nil, nil, fmt.Errorf("%s: the rows of the table %s were not understood", f.Path, e.Name)
	}
	return tables[0].File, tables[0].Expr, rows, nil
}

// takeNames reads names and letters of a table, and picks the option's own.
func takeNames(sp *patch.Spelling, j *patch.Patch, f *parse.File, table *parse.Expr) error {
	used := map[byte]bool{'?': true, 'h': true}
	for _, t := range f.Between(table.Pos, table.End) {
		s := f.Text(t)
		switch {
		case t.Kind == token.Char && len(s) == 3:
			used[s[1]] = true
			sp.Peers = append(sp.Peers, "-"+s[1:2])
		case t.Kind == token.String:
			name := strings.Trim(s, `"`)
			if name == sp.Long {
				return fmt.Errorf("%s: there is an option --%s already (--switch-long gives it another name)", f.Path, sp.Long)
			}
			if isOptionName(name) {
				sp.Peers = append(sp.Peers, "--"+name)
			}
		}
	}
	letter, err := j.Letter(f.Path, used, true)
	sp.Short = letter
	return err
}

// addRow puts a row of seven members after the last row.
func addRow(j *patch.Patch, f *parse.File, table *parse.Expr, rows []*parse.Expr, values [5]string) error {
	for i := len(rows) - 1; i >= 0; i-- {
		r := rows[i]
		at := r.End
		for at < len(f.Src) && (f.Src[at] == ' ' || f.Src[at] == ',') {
			at++
		}
		le, ok := patch.LineAfter(f, at)
		if !ok || !text.FirstOnLine(f.Src, r.Pos) || !f.SameGuards(r.End-1, table.Pos) || !strings.Contains(string(f.Src[r.End:at]), ",") {
			continue
		}
		open := "{"
		if f.Src[r.Pos+1] == ' ' {
			open = "{ "
		}
		doc := "turn on TCP keepalive"
		content := parse.ExprText(f, r.Args[5])
		if k := strings.IndexByte(content, '"'); k >= 0 && k+1 < len(content) && content[k+1] >= 'A' && content[k+1] <= 'Z' {
			doc = "T" + doc[1:]
		}
		said, arg := `"`+doc+`"`, `"`+patch.ArgShown+`"`
		if k := strings.IndexByte(content, '('); k > 0 && strings.HasPrefix(content[k+1:], `"`) {
			said = content[:k] + "(" + said + ")" // marked for translation
		}
		ind := text.IndentAt(f.Src, r.Pos)
		first := ind + open + strings.Join(values[:], ", ") + ","
		second := said + ", " + arg + strings.TrimPrefix(open, "{") + "},"
		j.InsertRow(f, le, ind, first, second)
		return nil
	}
	return fmt.Errorf("%s: no certain place in the table of options", f.Path)
}

func (o *popt) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f, table, rows, err := tableRows(j, o.call, 3)
	if err != nil {
		return nil, err
	}
	fn := o.next.Func
	sp := &patch.Spelling{Long: j.Settings.LongName(), Dash: "--", Func: fn, Near: p.Steps, Self: true, Loose: true}
	if err := takeNames(sp, j, f, table); err != nil {
		return nil, err
	}
	v := getopt.ResultVariable(o.next)
	g := &getopt.Getopt{N: o.n, Calls: []*patch.CallSite{o.next}}
	d, err := getopt.DispatchOf(j, g, v)
	if v == "" || err != nil || d.Sw == nil {
		return nil, fmt.Errorf("%s: no switch over the options of poptGetNextOpt() was found", fn.File.Path)
	}
	for _, t := range fn.File.Between(d.Sw.Pos, d.Sw.End) {
		if s := fn.File.Text(t); t.Kind == token.Char && sp.Short != "" && s == "'"+sp.Short+"'" {
			return nil, fmt.Errorf("%s: the letter %s is taken", fn.File.Path, sp.Short)
		}
	}
	val := "'" + sp.Short + "'"
	short := val
	if sp.Short == "" {
		short = `'\0'`
		highest := 255
		for _, r := range rows {
			k := r.Args[4].Strip()
			n, ok := number(k)
			if !ok && k.Kind != parse.XChar {
				return nil, fmt.Errorf("%s: the value %s of an option was not understood", f.Path, parse.ExprText(f, k))
			}
			highest = max(highest, n)
		}
		val = fmt.Sprint(highest + 1)
	}
	if err := addRow(j, f, table, rows,
		[5]string{`"` + sp.Long + `"`, short, "POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL", "NULL", val}); err != nil {
		return nil, err
	}
	read, err := j.Reader(fn)
	if err != nil {
		return nil, err
	}
	st := j.Host.Style(fn, d.Sw.Pos)
	con := parse.ExprText(fn.File, o.next.Call.Args[0])
	if err := j.Include(fn.File, "stdio.h"); err != nil {
		return nil, err
	}
	var unknown []*parse.Stmt
	for _, a := range getopt.ArmsOf(d.Sw) {
		if a.Last() {
			unknown = a.Stmts
		}
	}
	fail := j.WayOut(fn.File, unknown, fn.Name == "main")
	if len(fail) == 0 {
		fail = j.OtherWayOut(fn, d.Sw)
	}
	fail = append([]string{st.Call("fprintf", "stderr", `"invalid keepalive times\n"`) + ";"}, fail...)
	return sp, d.InsertCase(j, val, read, st.Call("poptGetOptArg", con), fail, sp)
}

func number(e *parse.Expr) (int, bool) {
	if e == nil || e.Kind != parse.XNumber {
		return 0, false
	}
	var n int
	_, err := fmt.Sscanf(e.Name, "%v", &n)
	return n, err == nil
}

func (o *glib) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f, table, rows, err := tableRows(j, o.call, o.table)
	if err != nil {
		return nil, err
	}
	fn := o.call.Func
	if f != fn.File {
		return nil, fmt.Errorf("%s: the table of options is not in the file of %s()", f.Path, fn.Name)
	}
	sp := &patch.Spelling{Long: j.Settings.LongName(), Dash: "--", Func: fn, Near: p.Steps, Self: true, Loose: true}
	if err := takeNames(sp, j, f, table); err != nil {
		return nil, err
	}
	short := "0"
	if sp.Short != "" {
		short = "'" + sp.Short + "'"
	}
	name := "take_" + j.Variable
	if j.Tree.HasWord(name) {
		return nil, fmt.Errorf("%s: the name %s is taken", f.Path, name)
	}
	cast := "(gpointer) " + name
	if err := addRow(j, f, table, rows,
		[5]string{`"` + sp.Long + `"`, short, "G_OPTION_FLAG_OPTIONAL_ARG", "G_OPTION_ARG_CALLBACK", cast}); err != nil {
		return nil, err
	}
	read, err := j.Reader(fn)
	if err != nil {
		return nil, err
	}
	st := j.Host.Style(fn, fn.BodyPos)
	const params = "const gchar *name, const gchar *value, gpointer data, GError **error"
	body := "{\n(void) name;\n(void) data;\nif (" + st.Call(read, "value") + " < 0) {\n" +
		st.Call("g_set_error", "error", "G_OPTION_ERROR", "G_OPTION_ERROR_BAD_VALUE", `"invalid keepalive times: %s"`, "value") +
		";\nreturn FALSE;\n}\nreturn TRUE;\n}"
	lines := st.Head("static gboolean", name, params, st.Layout("", body))
	at := patch.AboveComments(f, text.LineStart(f.Src, fn.Start))
	j.Insert(f, at, strings.Join(lines, st.EOL())+st.EOL()+st.EOL())
	j.NewFuncs[f]++
	if table.Pos < fn.Start { // the table comes first
		to := patch.AboveComments(f, text.LineStart(f.Src, declStart(f, table)))
		j.Insert(f, to, "static gboolean "+st.Call(name, params)+";"+st.EOL()+st.EOL())
	}
	return sp, nil
}

// declStart is where the declaration of an initializer begins.
func declStart(f *parse.File, init *parse.Expr) int {
	for _, d := range f.Decls() {
		if d.Init != nil && d.Init.Pos == init.Pos {
			return d.Pos
		}
	}
	return init.Pos
}
