package argswitch

import (
	"fmt"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// popt is a program that leaves its arguments to libpopt and looks at the
// values of its table in a switch.
type popt struct {
	n    *node
	call *place // of poptGetContext
	next *place // of poptGetNextOpt
}

// glib is a program that leaves its arguments to GOption.
type glib struct {
	n     *node
	call  *place
	table int // which argument
}

func (j *job) findTables(nodes []*node, p *program) (form, error) {
	for _, n := range nodes {
		for _, c := range callsIn(n, "poptGetContext") {
			if len(c.call.Args) < 4 {
				continue
			}
			for _, m := range nodes {
				for _, next := range callsIn(m, "poptGetNextOpt") {
					return &popt{n: m, call: c, next: next}, nil
				}
			}
			return nil, fmt.Errorf("%s: poptGetContext() without poptGetNextOpt()", n.file.Path)
		}
		for _, c := range callsIn(n, "g_option_context_add_main_entries") {
			if len(c.call.Args) == 3 {
				return &glib{n: n, call: c, table: 1}, nil
			}
		}
	}
	return nil, nil
}

// rows returns the rows of the table that an argument names, each of seven
// members.
func (j *job) rows(c *place, arg int) (*parse.File, *parse.Expr, []*parse.Expr, error) {
	f := c.fn.File
	e := c.call.Args[arg].Strip()
	if e.Kind != parse.XIdent {
		return nil, nil, nil, fmt.Errorf("%s: the table of options is computed", f.Path)
	}
	tables := j.initializers(c.fn, e.Name)
	if len(tables) != 1 {
		return nil, nil, nil, fmt.Errorf("%s: the table %s was not found", f.Path, e.Name)
	}
	var rows []*parse.Expr
	for _, r := range tables[0].x.Args {
		if r.Kind == parse.XInit && len(r.Args) == 7 && r.Args[0].Strip().Kind == parse.XString {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, nil, nil, fmt.Errorf("%s: the rows of the table %s were not understood", f.Path, e.Name)
	}
	return tables[0].f, tables[0].x, rows, nil
}

// take reads names and letters of a table, and picks the option's own.
func (sp *spelling) take(j *job, f *parse.File, table *parse.Expr) error {
	used := map[byte]bool{'?': true, 'h': true}
	for _, t := range tokens(f, table.Pos, table.End) {
		s := f.Text(t)
		switch {
		case t.Kind == token.Char && len(s) == 3:
			used[s[1]] = true
			sp.peers = append(sp.peers, "-"+s[1:2])
		case t.Kind == token.String:
			name := strings.Trim(s, `"`)
			if name == sp.long {
				return fmt.Errorf("%s: there is an option --%s already (--switch-long gives it another name)", f.Path, sp.long)
			}
			if isOptionName(name) {
				sp.peers = append(sp.peers, "--"+name)
			}
		}
	}
	letter, err := j.letter(f.Path, used, true)
	sp.short = letter
	return err
}

// addSeven puts a row of seven members behind the last row.
func (j *job) addSeven(f *parse.File, table *parse.Expr, rows []*parse.Expr, values [5]string) error {
	for i := len(rows) - 1; i >= 0; i-- {
		r := rows[i]
		at := r.End
		for at < len(f.Src) && (f.Src[at] == ' ' || f.Src[at] == ',') {
			at++
		}
		le, ok := lineAfter(f, at)
		if !ok || !ctree.FirstOnLine(f.Src, r.Pos) || !sameGuards(f, r.End-1, table.Pos) || !strings.Contains(string(f.Src[r.End:at]), ",") {
			continue
		}
		open := "{"
		if f.Src[r.Pos+1] == ' ' {
			open = "{ "
		}
		doc := "turn on TCP keepalive"
		text := textOf(f, r.Args[5])
		if k := strings.IndexByte(text, '"'); k >= 0 && k+1 < len(text) && text[k+1] >= 'A' && text[k+1] <= 'Z' {
			doc = "T" + doc[1:]
		}
		said, arg := `"`+doc+`"`, `"`+argShown+`"`
		if k := strings.IndexByte(text, '('); k > 0 && strings.HasPrefix(text[k+1:], `"`) {
			said = text[:k] + "(" + said + ")" // marked for translation
		}
		ind := ctree.IndentAt(f.Src, r.Pos)
		first := ind + open + strings.Join(values[:], ", ") + ","
		second := said + ", " + arg + strings.TrimPrefix(open, "{") + "},"
		j.insertRow(f, le, ind, first, second)
		return nil
	}
	return fmt.Errorf("%s: no certain place in the table of options", f.Path)
}

func (o *popt) extend(j *job, p *program) (*spelling, error) {
	f, table, rows, err := j.rows(o.call, 3)
	if err != nil {
		return nil, err
	}
	fn := o.next.fn
	sp := &spelling{long: j.opt.longName(), dash: "--", fn: fn, near: p.steps, self: true}
	if err := sp.take(j, f, table); err != nil {
		return nil, err
	}
	v := taker(o.next)
	g := &getopt{n: o.n, calls: []*place{o.next}}
	d, err := j.dispatchOf(g, v)
	if v == "" || err != nil || d.sw == nil {
		return nil, fmt.Errorf("%s: no switch over the options of poptGetNextOpt() was found", fn.File.Path)
	}
	for _, t := range tokens(fn.File, d.sw.Pos, d.sw.End) {
		if s := fn.File.Text(t); t.Kind == token.Char && sp.short != "" && s == "'"+sp.short+"'" {
			return nil, fmt.Errorf("%s: the letter %s is taken", fn.File.Path, sp.short)
		}
	}
	val := "'" + sp.short + "'"
	short := val
	if sp.short == "" {
		short = `'\0'`
		highest := 255
		for _, r := range rows {
			k := r.Args[4].Strip()
			n, ok := number(k)
			if !ok && k.Kind != parse.XChar {
				return nil, fmt.Errorf("%s: the value %s of an option was not understood", f.Path, textOf(f, k))
			}
			highest = max(highest, n)
		}
		val = fmt.Sprint(highest + 1)
	}
	if err := j.addSeven(f, table, rows, [5]string{`"` + sp.long + `"`, short, "POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL", "NULL", val}); err != nil {
		return nil, err
	}
	read, err := j.reader(fn)
	if err != nil {
		return nil, err
	}
	st := j.ctx.Style(fn, d.sw.Pos)
	con := textOf(fn.File, o.next.call.Args[0])
	if err := j.include(fn.File, "stdio.h"); err != nil {
		return nil, err
	}
	var unknown []*parse.Stmt
	for _, a := range armsOf(d.sw) {
		if a.last() {
			unknown = a.stmts
		}
	}
	fail := j.wayOut(fn.File, unknown, fn.Name == "main")
	if len(fail) == 0 {
		fail = j.otherWayOut(fn, d.sw)
	}
	fail = append([]string{st.Call("fprintf", "stderr", `"invalid keepalive times\n"`) + ";"}, fail...)
	return sp, d.insertCase(j, val, read, st.Call("poptGetOptArg", con), fail, sp)
}

func number(e *parse.Expr) (int, bool) {
	if e == nil || e.Kind != parse.XNumber {
		return 0, false
	}
	var n int
	_, err := fmt.Sscanf(e.Name, "%v", &n)
	return n, err == nil
}

func (o *glib) extend(j *job, p *program) (*spelling, error) {
	f, table, rows, err := j.rows(o.call, o.table)
	if err != nil {
		return nil, err
	}
	fn := o.call.fn
	if f != fn.File {
		return nil, fmt.Errorf("%s: the table of options stands in another file than %s()", f.Path, fn.Name)
	}
	sp := &spelling{long: j.opt.longName(), dash: "--", fn: fn, near: p.steps, self: true}
	if err := sp.take(j, f, table); err != nil {
		return nil, err
	}
	short := "0"
	if sp.short != "" {
		short = "'" + sp.short + "'"
	}
	name := "take_" + j.name
	if j.t.knows(name) {
		return nil, fmt.Errorf("%s: the name %s is taken", f.Path, name)
	}
	cast := "(gpointer) " + name
	if err := j.addSeven(f, table, rows, [5]string{`"` + sp.long + `"`, short, "G_OPTION_FLAG_OPTIONAL_ARG", "G_OPTION_ARG_CALLBACK", cast}); err != nil {
		return nil, err
	}
	read, err := j.reader(fn)
	if err != nil {
		return nil, err
	}
	st := j.ctx.Style(fn, fn.BodyPos)
	const params = "const gchar *name, const gchar *value, gpointer data, GError **error"
	body := "{\n(void) name;\n(void) data;\nif (" + st.Call(read, "value") + " < 0) {\n" +
		st.Call("g_set_error", "error", "G_OPTION_ERROR", "G_OPTION_ERROR_BAD_VALUE", `"invalid keepalive times: %s"`, "value") +
		";\nreturn FALSE;\n}\nreturn TRUE;\n}"
	lines := st.Head("static gboolean", name, params, st.Layout("", body))
	at := aboveComments(f, ctree.LineStart(f.Src, fn.Start))
	j.insert(f, at, strings.Join(lines, st.EOL())+st.EOL()+st.EOL())
	j.more[f]++
	if table.Pos < fn.Start { // the table comes first
		to := aboveComments(f, ctree.LineStart(f.Src, declStart(f, table)))
		j.insert(f, to, "static gboolean "+st.Call(name, params)+";"+st.EOL()+st.EOL())
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
