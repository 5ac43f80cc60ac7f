package argswitch

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// resolver writes an expression of a function again so that it means the same in any other:
// over names outside functions alone.
type resolver struct {
	s     *Switch
	names []string    // what has to be seen for it
	file  *parse.File // where they are
	inner int         // how many variables it has gone through
}

// text is the expression, false when it is about something that only this call of the
// function knows.
func (r *resolver) text(at place, e *parse.Expr, depth int) (string, bool) {
	f := at.n.File
	r.file = f
	switch e.Kind {
	case parse.XNumber, parse.XString, parse.XChar:
		return patch.OneLine(parse.ExprText(f, e)), true
	case parse.XIdent:
		switch {
		case e.Name == "NULL":
		case isLocal(at.fn, e.Name):
			return r.local(at, e.Name, depth)
		default:
			r.see(e.Name)
		}
		return e.Name, true
	case parse.XParen:
		t, ok := r.text(at, e.X, depth)
		return "(" + t + ")", ok
	case parse.XMember:
		t, ok := r.text(at, e.X, depth)
		if rest, found := strings.CutPrefix(t, "&"); found && e.Op == token.Arrow {
			return rest + "." + e.Name, ok
		}
		return postfix(t) + e.Op.String() + e.Name, ok
	case parse.XUnary:
		t, ok := r.text(at, e.X, depth)
		return e.Op.String() + operand(t), ok && e.Op != token.Inc && e.Op != token.Dec
	case parse.XCast:
		for _, t := range f.Between(e.Pos, e.X.Pos) {
			if t.Kind == token.Ident {
				r.see(f.Text(t))
			}
		}
		t, ok := r.text(at, e.X, depth)
		return strings.TrimSpace(string(f.Src[e.Pos:e.X.Pos])) + operand(t), ok
	case parse.XIndex:
		x, ok := r.text(at, e.X, depth)
		y, known := r.text(at, e.Y, depth)
		return postfix(x) + "[" + y + "]", ok && known
	case parse.XBinary:
		x, ok := r.text(at, e.X, depth)
		y, known := r.text(at, e.Y, depth)
		return operand(x) + string(f.Src[e.X.End:e.Y.Pos]) + operand(y), ok && known
	case parse.XCond:
		return r.text(at, e.X, depth)
	case parse.XCall:
		return r.call(at, e, depth)
	}
	return "", false
}

// call repeats a look-up. What a variable was set by is repeated only where the function
// does nothing but tell.
func (r *resolver) call(at place, e *parse.Expr, depth int) (string, bool) {
	name := e.Callee()
	if name == "" || isLocal(at.fn, name) || r.inner > 0 && !r.s.returnsAlone(name) {
		return "", false
	}
	r.see(name)
	var args []string
	for _, a := range e.Args {
		if r.s.isMacro(name) && a.Strip().Kind == parse.XIdent && !isLocal(at.fn, a.Strip().Name) {
			args = append(args, parse.ExprText(at.n.File, a)) // a macro may make a member's name of it
			continue
		}
		t, ok := r.text(at, a, depth)
		if !ok {
			return "", false
		}
		args = append(args, t)
	}
	f := at.n.File
	open := e.X.End + strings.IndexByte(string(f.Src[e.X.End:e.End]), '(') + 1
	return string(f.Src[e.Pos:open]) + strings.Join(args, ", ") + ")", true
}

// local is what a variable of the function was set to, or what the callers hand over for it,
// when all say the same.
func (r *resolver) local(at place, name string, depth int) (string, bool) {
	if depth == 0 {
		return "", false
	}
	if v := setOnce(at.fn, name); v != nil {
		r.inner++
		t, ok := r.text(at, v, depth-1)
		r.inner--
		return t, ok
	}
	i := paramOf(at.fn, name)
	if i < 0 {
		return "", false
	}
	result := ""
	for k, c := range r.s.callsOf(at.n) {
		if i >= len(c.call.Args) {
			return "", false
		}
		r.inner++
		t, ok := r.text(c, c.call.Args[i], depth-1)
		r.inner--
		if !ok || k > 0 && t != result {
			return "", false
		}
		result = t
	}
	return result, result != ""
}

func (r *resolver) see(name string) {
	if !typeWord.MatchString(name) && !slices.Contains(r.names, name) {
		r.names = append(r.names, name)
	}
}

// typeWord are words of types that no header is needed for.
var typeWord = text.NewPattern(`^(struct|union|enum|const|volatile|void|char|short|int|long|signed|unsigned)$`)

// operand puts an expression into parentheses where an operator beside it would take it apart,
// postfix where a member or an index after it would.
func operand(t string) string {
	depth := 0
	for _, c := range t {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ' ':
			if depth == 0 {
				return "(" + t + ")"
			}
		}
	}
	return t
}

func postfix(t string) string {
	if o := operand(t); o != t || !strings.ContainsAny(t[:min(1, len(t))], "&*!") && !isCast(t) {
		return o
	}
	return "(" + t + ")"
}

// isCast reports whether an expression begins with a type in parentheses.
func isCast(t string) bool {
	depth := 0
	for i, c := range t {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i+1 < len(t) && !strings.ContainsAny(t[i+1:i+2], ".-[")
			}
		}
		if depth == 0 {
			break
		}
	}
	return false
}

// setOnce is the value of a variable that is set by one statement of its function, nil for
// others. NULL does not count.
func setOnce(fn *parse.Func, name string) *parse.Expr {
	if paramOf(fn, name) >= 0 {
		return nil
	}
	var value *parse.Expr
	n := 0
	set := func(v *parse.Expr) {
		if x := v.Strip(); x.Kind != parse.XIdent || x.Name != "NULL" {
			value = v
			n++
		}
	}
	fn.Body().Walk(func(st *parse.Stmt) bool {
		for _, d := range st.Decls {
			if d.Name == name && d.Init != nil {
				set(d.Init)
			}
		}
		st.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XAssign && x.X.Bare().Kind == parse.XIdent && x.X.Bare().Name == name {
					set(x.Y)
				}
				return true
			})
		})
		return true
	})
	if n != 1 {
		return nil
	}
	return value
}

// returnsAlone reports whether a function is a return and nothing else.
func (s *Switch) returnsAlone(name string) bool {
	for _, n := range s.t.Funcs[name] {
		if n.Macro {
			return true
		}
		if list := n.Forms[0].Body().List; len(list) == 1 && list[0].Kind == parse.SReturn {
			return true
		}
	}
	return false
}

// declared is the declaration of a variable outside functions that a file sees.
func declared(t *program.Tree, f *parse.File, name string) *parse.Decl {
	for _, g := range headersOf(t, f) {
		for _, d := range g.Decls() {
			if d.Name == name && !d.Typedef && !d.Enum && d.Type != nil && !d.Type.Func && len(d.Params) == 0 {
				return d
			}
		}
	}
	return nil
}

// headersOf are a file and the program's headers that it includes in every build, by others
// too.
func headersOf(t *program.Tree, f *parse.File) []*parse.File {
	list := []*parse.File{f}
	for i := 0; i < len(list); i++ {
		for _, h := range append(t.Headers(list[i]), bracketed(t, list[i])...) {
			if !slices.Contains(list, h) {
				list = append(list, h)
			}
		}
	}
	return list
}

// bracketed are the headers of the program that a file includes as if they were a library's.
func bracketed(t *program.Tree, f *parse.File) []*parse.File {
	var out []*parse.File
	for _, d := range f.Dirs {
		if d.Name != "include" || !strings.HasPrefix(d.Text, "<") || len(f.Guards(int(f.Toks[d.Tok].Off))) > 0 {
			continue
		}
		var found []*parse.File
		for _, h := range t.Files {
			if strings.HasSuffix("/"+h.Path, "/"+strings.Trim(d.Text, "<> \t")) {
				found = append(found, h)
			}
		}
		if len(found) == 1 {
			out = append(out, found[0])
		}
	}
	return out
}

// sees reports whether a file knows all the names of a choice: it or a header declares or
// defines each.
func (s *Switch) sees(f *parse.File, c *choice) bool {
	list := headersOf(s.t, f)
	for _, name := range c.names {
		if !slices.ContainsFunc(list, func(g *parse.File) bool { return declaresName(g, name) }) {
			return false
		}
	}
	return true
}

// declaresName reports whether a file declares or defines a name.
func declaresName(f *parse.File, name string) bool {
	for _, m := range f.Macros {
		if m.Name == name {
			return true
		}
	}
	if len(f.Idents(name)) == 0 {
		return false
	}
	for _, d := range f.Decls() {
		if d.Name == name || d.Type != nil && d.Type.Def != nil && d.Type.Def.Tag == name {
			return true
		}
	}
	return slices.ContainsFunc(f.Funcs, func(fn *parse.Func) bool { return fn.Name == name })
}

// useExisting lets a group's sites follow a choice that their programs have; one that all of them
// see goes first. Where none is in sight of a site, there is a reason.
func (s *Switch) useExisting(g *group, all []*choice) {
	for _, c := range all {
		if s.runByAll(c, g) && s.siteWithout(c, g) == nil {
			g.choice = c
			return
		}
	}
	for _, c := range all {
		if !s.runByAll(c, g) || !s.inSiteFolder(c, g) && (c.expr == "" || knowledge.CodeKind(c.node.File.Path) == knowledge.Vendored) {
			continue
		}
		g.choice = c
		n := s.siteWithout(c, g)
		g.reason = fmt.Sprintf("%s:%d: the program has a choice already, %s, which %s does not see",
			c.node.File.Path, c.line, c.shown, n.File.Path)
		return
	}
}

// runByAll reports whether all programs of a group run the code with a choice.
func (s *Switch) runByAll(c *choice, g *group) bool {
	for _, p := range g.programs {
		if _, ok := p.Steps[c.node]; !ok {
			return false
		}
	}
	return len(g.programs) > 0
}

// inSiteFolder reports whether a choice stands in the folder of one of a group's sites.
func (s *Switch) inSiteFolder(c *choice, g *group) bool {
	return slices.ContainsFunc(g.sites, func(n *program.Node) bool { return path.Dir(n.File.Path) == path.Dir(c.node.File.Path) })
}

// siteWithout is a site that a choice cannot stand at, nil for none.
func (s *Switch) siteWithout(c *choice, g *group) *program.Node {
	for _, n := range g.sites {
		if c.at(n) == "" || c.expr != "" && !s.sees(n.File, c) && !c.simple() {
			return n
		}
	}
	return nil
}

// at is the condition as it can stand in a function, "" for none: one about an object is asked of
// the argument of its type.
func (c *choice) at(n *program.Node) string {
	if c.expr != "" || c.of == nil {
		return c.expr
	}
	found := ""
	for _, p := range n.Forms[0].Params {
		if p.Type == nil || p.Type.Base != c.of.Base || p.Type.Ptr != c.of.Ptr || p.Name == "" {
			continue
		}
		if found != "" {
			return ""
		}
		found = c.prefix + p.Name + c.suffix
	}
	return found
}

// simple reports whether the variable can be declared in other files.
func (c *choice) simple() bool {
	if c.decl == nil || c.decl.Static || c.decl.Type.Ptr > 0 || c.decl.Type.Array {
		return false
	}
	switch c.decl.Type.Base {
	case "int", "char", "short", "long", "unsigned int", "unsigned char", "unsigned":
		return true
	}
	return false
}

// follow declares the choice's variable where a site does not see it, and says so.
func (j *extension) follow(sites []Site) error {
	c := j.g.choice
	files := map[*parse.File]bool{}
	for _, x := range sites {
		if n := j.s.node(x); c.expr != "" && !j.s.sees(n.File, c) {
			files[n.File] = true
		}
	}
	for _, f := range inSourceOrder(files) {
		at, ok := variablePlace(f)
		if !ok {
			return fmt.Errorf("%s: no safe place for the variable's declaration", f.Path)
		}
		j.Insert(f, at, withBlankLines(f, at, "extern "+c.decl.Type.Base+" "+c.names[0]+";"))
	}
	j.Notes = append(j.Notes, fmt.Sprintf("%s:%d: %s decides, as for the sockets that have keepalive already",
		c.node.File.Path, c.line, cmp.Or(c.expr, c.shown)))
	return nil
}

func (s *Switch) isMacro(name string) bool {
	return slices.ContainsFunc(s.t.Funcs[name], func(n *program.Node) bool { return n.Macro })
}
