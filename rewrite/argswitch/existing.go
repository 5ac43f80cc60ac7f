package argswitch

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// choice is a setting of the program that decides about keepalive at a socket that
// has it already: what stands in the condition on the call, or what the call gets for a
// value, as far as it leads to something that is named for keepalive.
type choice struct {
	expr  string   // the condition as it can stand at any socket, "" when it is about one object alone
	shown string   // as the program has it
	names []string // what a file has to see for it
	node  *program.Node
	decl  *parse.Decl // of the variable that it is, nil for more than a variable
	line  int
	// prefix and suffix surround the object, of type of, in a condition about one object.
	prefix, suffix string
	of             *parse.Type
}

// namedFor are names for keepalive, however they are spelled.
var namedFor = text.NewPattern(`(?i)keep[-_]?alive`)

// setterName are functions of libraries that turn keepalive on or off by an argument.
var setterName = text.NewPattern(`(?i)(^|_)set_?keep_?alive$|(^|_)tcp_keepalive$`)

// setsName are functions that set something, of which a look-up is none.
var setsName = text.NewPattern(`(?i)^set|setsockopt|set_?opt|(^|_)set_`)

var keepaliveText = text.NewPattern(`SO_KEEPALIVE|(?i:set_?keep_?alive|tcp_keepalive)`)

// existingSettings are the settings that decide about SO_KEEPALIVE, in the order of the files.
func (s *Switch) existingSettings() []*choice {
	var out []*choice
	for _, f := range s.t.Files {
		if !keepaliveText.Match(f.Src) {
			continue
		}
		for _, n := range s.t.ByFileOf(f) {
			if n.Macro {
				continue
			}
			s.callsIn(n, func(at place) {
				if !s.setsKeepalive(f, at.call) {
					return
				}
				if c := s.decides(at, 3); c != nil {
					out = append(out, c)
				}
			})
		}
	}
	return out
}

// place is a call in a function.
type place struct {
	n    *program.Node
	fn   *parse.Func
	st   *parse.Stmt
	call *parse.Expr
}

// callsIn visits the calls of a function, in all its forms.
func (s *Switch) callsIn(n *program.Node, visit func(place)) {
	for _, fn := range n.Forms {
		fn.Body().Walk(func(st *parse.Stmt) bool {
			st.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XCall {
						visit(place{n, fn, st, x})
					}
					return true
				})
			})
			return true
		})
	}
}

// callsOf are the calls of a function by its name.
func (s *Switch) callsOf(n *program.Node) []place {
	var out []place
	for _, f := range s.t.Files {
		if len(f.Idents(n.Name)) == 0 || !slices.Contains(s.t.Find(n.Name, f), n) {
			continue
		}
		for _, m := range s.t.ByFileOf(f) {
			if m == n || m.Macro {
				continue
			}
			s.callsIn(m, func(at place) {
				if at.call.Callee() == n.Name {
					out = append(out, at)
				}
			})
		}
	}
	return out
}

// setsKeepalive reports whether a call sets SO_KEEPALIVE, by the option's name or by being a
// library's function for it.
func (s *Switch) setsKeepalive(f *parse.File, call *parse.Expr) bool {
	name := call.Callee()
	if setterName.MatchString(name) && len(call.Args) > 1 && len(s.t.Funcs[name]) == 0 {
		return true
	}
	return optionArg(f, call) >= 0 && !strings.HasPrefix(name, "get")
}

// optionArg is the argument that names the option, -1 for none.
func optionArg(f *parse.File, call *parse.Expr) int {
	for i, a := range call.Args {
		if t := text.StripSpace(parse.ExprText(f, a)); t == "SO_KEEPALIVE" || strings.HasSuffix(t, "_SO_KEEPALIVE") {
			return i
		}
	}
	return -1
}

// decides is the setting in the conditions on a call, or in the value that it sets; where the
// function got the socket from its callers, in the conditions on their calls.
func (s *Switch) decides(at place, depth int) *choice {
	for up, in := at.st, (*parse.Stmt)(nil); up != nil; up, in = up.Parent, up {
		if up.Kind != parse.SIf || in != nil && up.Else == in {
			continue
		}
		var before []*parse.Expr
		for _, e := range conjuncts(up.Expr) {
			if in == nil && e.Pos > at.call.Pos {
				break
			}
			if c := s.setting(at, e, before, depth); c != nil {
				return c
			}
			before = append(before, e)
		}
	}
	if v := optionValue(at.n.File, at.call); v != nil {
		if c := s.setting(at, v, nil, depth); c != nil {
			return c
		}
	}
	if depth == 0 || !isParameter(at) {
		return nil
	}
	for _, c := range s.callsOf(at.n) {
		if found := s.decides(c, depth-1); found != nil {
			return found
		}
	}
	return nil
}

// optionValue is what a call sets the option to, without its address taken; nil for a call
// that is none.
func optionValue(f *parse.File, call *parse.Expr) *parse.Expr {
	i := optionArg(f, call)
	if i < 0 && setterName.MatchString(call.Callee()) {
		i = 0
	}
	if i < 0 || i+1 >= len(call.Args) {
		return nil
	}
	v := call.Args[i+1].Strip()
	if v.Kind == parse.XUnary && v.Op == token.And {
		v = v.X.Strip()
	}
	return v
}

// isParameter reports whether a call is about what the function gets as an argument.
func isParameter(at place) bool {
	for _, a := range at.call.Args {
		e := a.Strip()
		for e.Kind == parse.XMember {
			e = e.X.Strip()
		}
		if e.Kind == parse.XIdent && paramOf(at.fn, e.Name) >= 0 {
			return true
		}
	}
	return false
}

func paramOf(fn *parse.Func, name string) int {
	return slices.IndexFunc(fn.Params, func(d *parse.Decl) bool { return d.Name == name })
}

// conjuncts are the operands of && that hold where the whole condition does.
func conjuncts(e *parse.Expr) []*parse.Expr {
	e = e.Bare()
	if e == nil {
		return nil
	}
	if e.Kind == parse.XBinary && e.Op == token.AndAnd {
		return append(conjuncts(e.X), conjuncts(e.Y)...)
	}
	return []*parse.Expr{e}
}

// setting takes an expression for a choice: something named for keepalive that other code
// stores to, or that is asked for by its name. before are the tests before it, of which
// those about the same variable go with it.
func (s *Switch) setting(at place, e *parse.Expr, before []*parse.Expr, depth int) *choice {
	name := s.settingName(at, e, depth)
	if name == "" || !s.stored(name) {
		return nil
	}
	f := at.n.File
	c := &choice{shown: patch.OneLine(parse.ExprText(f, e)), node: at.n, line: lineOf(f, e.Pos)}
	r := resolver{s: s}
	text, ok := r.text(at, e, depth)
	for _, b := range before {
		if root := rootName(b); ok && root != "" && root == rootName(e) {
			test, known := r.text(at, b, depth)
			text, ok = test+" && "+text, known
		}
	}
	if x := e.Bare(); x.Kind == parse.XBinary && x.Op == token.And {
		text = "(" + text + ")"
	}
	if ok {
		c.expr, c.names = text, r.names
		if len(r.names) == 1 && text == r.names[0] {
			c.decl = declared(s.t, r.file, text)
			if c.decl == nil && len(s.t.Macros(text)) == 0 {
				return nil // unknown
			}
		}
	}
	if !ok {
		c.aboutArgument(at, e)
	}
	return c
}

// aboutArgument keeps a condition on one object apart from the argument that is the object.
func (c *choice) aboutArgument(at place, e *parse.Expr) {
	root := tested(e)
	for root.Kind == parse.XMember {
		root = root.X.Strip()
	}
	if i := paramOf(at.fn, root.Name); root.Kind == parse.XIdent && i >= 0 && at.fn.Params[i].Type != nil && at.fn.Params[i].Type.Ptr == 1 {
		src := at.n.File.Src
		c.of, c.prefix, c.suffix = at.fn.Params[i].Type, string(src[e.Pos:root.Pos]), string(src[root.End:e.End])
	}
}

// settingName is the name for keepalive in an expression; that of a local variable is where
// it got its value from.
func (s *Switch) settingName(at place, e *parse.Expr, depth int) string {
	x := tested(e)
	if x.Kind != parse.XIdent || !isLocal(at.fn, x.Name) {
		return s.keepaliveName(x)
	}
	if depth == 0 {
		return ""
	}
	if v := setOnce(at.fn, x.Name); v != nil {
		return s.settingName(at, v, depth-1)
	}
	if i := paramOf(at.fn, x.Name); i >= 0 {
		for _, c := range s.callsOf(at.n) {
			if i < len(c.call.Args) {
				if found := s.settingName(c, c.call.Args[i], depth-1); found != "" {
					return found
				}
			}
		}
	}
	return ""
}

// tested is what an expression asks about: without a negation, a comparison with a constant,
// and the two values that it may turn it into.
func tested(e *parse.Expr) *parse.Expr {
	for {
		switch e = e.Strip(); {
		case e.Kind == parse.XUnary && e.Op == token.Not:
			e = e.X
		case e.Kind == parse.XBinary && e.Y.Strip().Kind == parse.XNumber &&
			(e.Op == token.EqEq || e.Op == token.NotEq || e.Op == token.Gt || e.Op == token.Ge):
			e = e.X
		case e.Kind == parse.XCond && e.Y != nil:
			e = e.X
		default:
			return e
		}
	}
}

// keepaliveName is the name for keepalive in what is asked: a variable, a member, a flag, or
// the argument of a look-up.
func (s *Switch) keepaliveName(e *parse.Expr) string {
	var of []*parse.Expr
	switch e.Kind {
	case parse.XIdent, parse.XMember:
		of = append(of, e)
	case parse.XBinary:
		if e.Op == token.And {
			of = append(of, e.Y.Strip())
		}
	case parse.XIndex:
		of = append(of, e.Y.Strip())
	case parse.XCall: // a look-up, not the call that sets the option
		for _, a := range e.Args {
			if a = a.Strip(); a.Kind == parse.XIdent && a.Name == "SO_KEEPALIVE" || setsName.MatchString(e.Callee()) {
				return ""
			}
			if a.Kind == parse.XString || a.Kind == parse.XIdent && (a.Name == strings.ToUpper(a.Name) || s.isMacro(e.Callee())) {
				of = append(of, a)
			}
		}
	}
	for _, x := range of {
		switch x.Kind {
		case parse.XIdent, parse.XMember, parse.XString:
			if namedFor.MatchString(x.Name) {
				return x.Name
			}
		}
	}
	return ""
}

// rootName is the variable that an expression is a part of.
func rootName(e *parse.Expr) string {
	for e = tested(e); e.Kind == parse.XMember || e.Kind == parse.XIndex || e.Kind == parse.XBinary || e.Kind == parse.XUnary; {
		e = tested(e.X)
	}
	if e.Kind == parse.XIdent {
		return e.Name
	}
	return ""
}

func lineOf(f *parse.File, off int) int { return 1 + strings.Count(string(f.Src[:off]), "\n") }

func isLocal(fn *parse.Func, name string) bool {
	for _, d := range fn.Params {
		if d.Name == name {
			return true
		}
	}
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			found = found || d.Name == name && !d.Extern
		}
		return !found
	})
	return found
}

// inOffsetof reports whether a token stands in offsetof() or a macro like it: a table says where
// the member is.
func inOffsetof(f *parse.File, i int) bool {
	for k := i - 1; k > i-8 && k > 0; k-- {
		if f.Toks[k].Op == token.LParen {
			return offsetMacro.MatchString(f.Text(f.Toks[k-1]))
		}
	}
	return false
}

var offsetMacro = text.NewPattern(`(?i)offset|(^|_)ofs$`)

// stored reports whether something assigns to a name, takes its address or hands its place in
// a struct to a table: it is no constant.
func (s *Switch) stored(name string) bool {
	if name == strings.ToUpper(name) || strings.HasPrefix(name, `"`) {
		return true // it is a name for what is stored elsewhere
	}
	for _, f := range s.t.Files {
		for _, at := range f.Idents(name) {
			i := int(at)
			if inOffsetof(f, i) {
				return true
			}
			if i+1 < len(f.Toks) {
				switch f.Toks[i+1].Op {
				case token.Assign, token.Inc, token.OrAssign:
					return true
				}
			}
			k := i - 1
			for k > 1 && (f.Toks[k].Op == token.Dot || f.Toks[k].Op == token.Arrow) {
				k -= 2
			}
			if k >= 0 && f.Toks[k].Op == token.And {
				return true
			}
		}
	}
	return false
}
