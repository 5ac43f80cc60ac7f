package argv

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// lookup is a loop over the arguments that looks each up in a table of the
// program's own:
//
//	for (i = 1; i < argc; i++)
//		for (o = options; o->name != NULL; o++)
//			if (strcmp(argv[i], o->name) == 0)
//
// What the other members of a row mean is the program's affair, so that the
// option is taken before the look-up.
type lookup struct {
	n     *program.Node
	fn    *parse.Func
	at    *parse.Stmt // of the body of the loop over the arguments, which looks up
	x     string      // the argument
	table patch.Initializer
	names []string
}

// findLookup looks for it in functions that get a list of arguments, where the
// look-up stands in the function or in one that it calls.
func findLookup(j *patch.Patch, nodes []*program.Node, p *program.Program) *lookup {
	for _, n := range nodes {
		if p.Steps[n] > 3 && n.File != p.Main.File || !TakesArgs(n) {
			continue
		}
		for _, fn := range n.Forms {
			var found *lookup
			fn.Body().Walk(func(s *parse.Stmt) bool {
				s.Exprs(func(e *parse.Expr) {
					e.Walk(func(x *parse.Expr) bool {
						if found == nil && x.Kind == parse.XCall {
							found = readLookup(j, n, fn, s, x)
						}
						return found == nil
					})
				})
				return found == nil
			})
			if found != nil {
				return found
			}
		}
	}
	return nil
}

// readLookup takes a comparison of an argument with a member, or a call that
// hands the argument to a function with such a comparison.
func readLookup(j *patch.Patch, n *program.Node, fn *parse.Func, s *parse.Stmt, call *parse.Expr) *lookup {
	l := &letters{fn: fn}
	for i, a := range call.Args {
		a = a.Strip()
		if !l.isArg(a) {
			continue
		}
		look := &lookup{n: n, fn: fn, x: text.StripSpace(parse.ExprText(fn.File, a))}
		if look.at = inArgLoop(fn.File, s, a); look.at == nil {
			continue
		}
		if strings.HasPrefix(call.Callee(), "str") && len(call.Args) == 2 {
			if look.read(j, fn, call.Args[1-i].Strip()) {
				return look
			}
			continue
		}
		for _, m := range j.Tree.Find(call.Callee(), fn.File) {
			if m.Macro || i >= len(m.Forms[0].Params) || !look.inside(j, m.Forms[0], m.Forms[0].Params[i].Name) {
				continue
			}
			return look
		}
	}
	return nil
}

// inside looks for the comparison in a function that gets the argument.
func (l *lookup) inside(j *patch.Patch, fn *parse.Func, param string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XCall && x.Callee() == "strcmp" && len(x.Args) == 2 {
					for i, a := range x.Args {
						if a = a.Strip(); a.Kind == parse.XIdent && a.Name == param && !found {
							found = l.read(j, fn, x.Args[1-i].Strip())
						}
					}
				}
				return !found
			})
		})
		return !found
	})
	return found
}

// inArgLoop is the statement of the body of a loop over the arguments that
// holds s: the loop steps the index by its head.
func inArgLoop(f *parse.File, s *parse.Stmt, arg *parse.Expr) *parse.Stmt {
	if arg.Kind != parse.XIndex || arg.Y.Strip() == nil || arg.Y.Strip().Kind != parse.XIdent {
		return nil
	}
	for up := s; up != nil && up.Parent != nil; up = up.Parent {
		loop := up.Parent.Parent
		if up.Parent.Kind == parse.SBlock && loop != nil && loop.Kind == parse.SFor &&
			loop.Body == up.Parent && steps(f, loop.Post, arg.Y.Strip().Name) {
			return up
		}
	}
	return nil
}

// read takes table[k].name or p->name, where p goes over a table whose rows
// have names with hyphens.
func (l *lookup) read(j *patch.Patch, fn *parse.Func, e *parse.Expr) bool {
	if e == nil || e.Kind != parse.XMember || e.X.Strip() == nil {
		return false
	}
	base := e.X.Strip()
	var tables []string
	if base.Kind == parse.XIndex {
		base = base.X.Strip()
	}
	if base == nil || base.Kind != parse.XIdent {
		return false
	}
	tables = append(tables, base.Name)
	fn.Body().Walk(func(s *parse.Stmt) bool { // p = table
		s.Exprs(func(x *parse.Expr) {
			if x.Kind == parse.XAssign && x.X.Strip().Kind == parse.XIdent &&
				x.X.Strip().Name == base.Name && x.Y.Strip().Kind == parse.XIdent {
				tables = append(tables, x.Y.Strip().Name)
			}
		})
		for _, d := range s.Decls {
			if d.Name == base.Name && d.Init != nil && d.Init.Strip().Kind == parse.XIdent {
				tables = append(tables, d.Init.Strip().Name)
			}
		}
		return true
	})
	for _, name := range tables {
		for _, init := range j.Initializers(fn, name) {
			names := optionNames(init.Expr)
			if len(names) >= 2 {
				l.table, l.names = init, names
				return true
			}
		}
	}
	return false
}

// optionNames are the names of options in the rows of a table.
func optionNames(x *parse.Expr) []string {
	var out []string
	for _, r := range x.Args {
		if r.Kind != parse.XInit {
			continue
		}
		for _, m := range r.Args {
			if m.Kind == parse.XDesig {
				m = m.X
			}
			if m = m.Strip(); m != nil && m.Kind == parse.XString && len(m.Name) > 3 &&
				m.Name[1] == '-' && !strings.ContainsAny(m.Name, " %\\") {
				out = append(out, strings.Trim(m.Name, `"`))
			}
		}
	}
	return out
}

func (l *lookup) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := l.fn.File
	sp := &patch.Spelling{Dash: "--", Func: l.fn, Equal: true, Near: p.Steps, Peers: l.names}
	used, names, long, single := map[byte]bool{}, map[string]bool{}, 0, 0
	for _, t := range l.table.File.Between(l.table.Expr.Pos, l.table.Expr.End) { // all builds
		if t.Kind == token.String {
			names[strings.Trim(l.table.File.Text(t), `"`)] = true
		}
	}
	for name := range names {
		switch {
		case len(name) == 2 && name[0] == '-':
			used[name[1]] = true
		case strings.HasPrefix(name, "--"):
			long++
		case strings.HasPrefix(name, "-"):
			single++
		}
	}
	if single > long {
		sp.Dash = "-"
	}
	if (long+single)*2 > len(l.names) {
		sp.Long = j.Settings.LongName()
	} else {
		letter, err := j.Letter(f.Path, used, false)
		if err != nil {
			return nil, err
		}
		sp.Short = letter
	}
	name := "-" + sp.Short
	if sp.Short == "" {
		name = sp.Dash + sp.Long
	}
	if names[name] {
		return nil, fmt.Errorf("%s: there is an option %s already (--switch-long gives it another name)", l.table.File.Path, name)
	}
	s := l.at
	if !text.FirstOnLine(f.Src, s.Pos) || !f.SameGuards(s.Pos, l.fn.BodyPos) {
		return nil, fmt.Errorf("%s: no certain place in front of the look-up of options", f.Path)
	}
	read, err := j.Reader(l.fn)
	if err != nil {
		return nil, err
	}
	if err := j.Include(f, "string.h"); err != nil && !usesStrings(f) {
		return nil, err
	}
	st := j.Host.Style(l.fn, s.Pos)
	n := len(name)
	cond := fmt.Sprintf(`%s == 0 && (%s[%d] == '\0' || %s[%d] == '=')`,
		st.Call("strncmp", l.x, `"`+name+`"`, fmt.Sprint(n)), l.x, n, l.x, n)
	arg := fmt.Sprintf("%s[%d] == '=' ? &%s[%d] : NULL", l.x, n, l.x, n+1)
	fail := j.FailureIn(l.fn, s.Parent, nil, l.x)
	body := "if (" + st.Call(read, arg) + " < 0) {\n" + strings.Join(fail, "\n") + "\n}\ncontinue;\n"
	lines := st.Layout(text.IndentAt(f.Src, s.Pos), "if ("+cond+") {\n"+body+"}")
	j.Insert(f, patch.AboveComments(f, text.LineStart(f.Src, s.Pos)), strings.Join(lines, st.EOL())+st.EOL())
	return sp, nil
}
