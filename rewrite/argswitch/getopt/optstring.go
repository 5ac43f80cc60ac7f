package getopt

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// optionStrings resolves the option string of a call: the literals that are to be
// extended, one a build. used takes every letter that is an option in some
// build.
func optionStrings(j *patch.Patch, c *patch.CallSite, arg int, used map[byte]bool) ([]patch.Literal, error) {
	from, to := c.ArgRange(arg)
	return stringsIn(j, c, c.Func.File, c.Func.File.Between(from, to), used, 4)
}

func stringsIn(j *patch.Patch, c *patch.CallSite, f *parse.File, toks []token.Token,
	used map[byte]bool, depth int) ([]patch.Literal, error) {
	computed := fmt.Errorf("%s: the option string of %s() is computed", f.Path, c.Call.Callee())
	if depth == 0 {
		return nil, computed
	}
	var first *patch.Literal
	var sum []patch.Literal
	for _, t := range toks {
		switch {
		case t.Kind == token.String && f.Src[t.Off] == '"':
			l := patch.Literal{File: f, Off: int(t.Off), End: int(t.End)}
			addLetters(l.Text(), used)
			if first == nil {
				first = &l
			}
			sum = append(sum, l)
		case t.Kind == token.Ident && len(toks) == 1:
			return resolveName(j, c, f, f.Text(t), used, depth)
		case t.Kind == token.Ident: // a macro between literals
			ms := visibleMacros(j, f, f.Text(t))
			if len(ms) == 0 && !holdsString(toks) {
				return nil, computed
			}
			// Beside a literal, a macro that the build defines is one too; its
			// letters are labels of the switch.
			for _, m := range ms {
				if _, err := stringsIn(j, c, m.File, m.Body, used, depth-1); err != nil && len(m.Body) > 0 {
					return nil, err
				}
			}
		case t.Kind == token.Hash, t.Op == token.LParen, t.Op == token.RParen:
		default:
			return nil, computed
		}
	}
	if first == nil {
		return nil, computed
	}
	// The literals make one string: extend the one that fits best, outside
	// any #if that the first is not in.
	return []patch.Literal{bestOf(sum)}, nil
}

func holdsString(toks []token.Token) bool {
	for _, t := range toks {
		if t.Kind == token.String {
			return true
		}
	}
	return false
}

// bestOf picks the literal of one string that takes a new letter.
func bestOf(sum []patch.Literal) patch.Literal {
	for _, l := range sum {
		if strings.Trim(l.Text(), "+-:") != "" && l.File.SameGuards(l.Off, sum[0].Off) {
			return l
		}
	}
	return sum[len(sum)-1]
}

// addLetters adds the letters of an option string.
func addLetters(s string, used map[byte]bool) {
	for i := 0; i < len(s); i++ {
		if s[i] != ':' && s[i] != '+' && s[i] != '-' {
			used[s[i]] = true
		}
	}
}

// resolveName resolves a variable or macro that holds the option string.
func resolveName(j *patch.Patch, c *patch.CallSite, f *parse.File, name string, used map[byte]bool, depth int) ([]patch.Literal, error) {
	computed := fmt.Errorf("%s: the option string %s is computed", f.Path, name)
	var out []patch.Literal
	add := func(f *parse.File, toks []token.Token) error {
		l, err := stringsIn(j, c, f, toks, used, depth-1)
		out = append(out, l...)
		return err
	}
	n := nodeOfCall(j, c)
	for _, fn := range n.Forms {
		var failed error
		fn.Body().Walk(func(s *parse.Stmt) bool {
			for _, d := range s.Decls {
				if d.Name == name && d.Init != nil && failed == nil {
					failed = add(f, f.Between(d.Init.Pos, d.Init.End))
				}
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					switch {
					case failed != nil:
					case x.Kind == parse.XAssign && x.X.Bare().Kind == parse.XIdent && x.X.Bare().Name == name:
						if x.Op != token.Assign {
							failed = computed
						} else {
							failed = add(f, f.Between(x.Y.Pos, x.Y.End))
						}
					case x.Kind == parse.XCall && len(x.Args) > 1 && x.Args[0].Strip() != nil &&
						x.Args[0].Strip().Kind == parse.XIdent && x.Args[0].Strip().Name == name:
						failed = filledBuffer(f, x, add, computed)
					}
					return failed == nil
				})
			})
			return failed == nil
		})
		if failed != nil {
			return nil, failed
		}
	}
	if len(out) > 0 {
		return dedupe(out), nil
	}
	for i, g := range append([]*parse.File{f}, j.Tree.Headers(f)...) {
		for _, d := range g.Decls() {
			if d.Name == name && d.Init != nil {
				if err := add(g, g.Between(d.Init.Pos, d.Init.End)); err != nil {
					return nil, err
				}
			}
		}
		if i == 0 && len(out) > 0 {
			break
		}
	}
	for _, m := range visibleMacros(j, f, name) {
		if err := add(m.File, m.Body); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, computed
	}
	return dedupe(out), nil
}

// visibleMacros are the definitions of a macro in a file, else in headers.
func visibleMacros(j *patch.Patch, f *parse.File, name string) []*parse.Macro {
	var own, others []*parse.Macro
	for _, m := range j.Tree.Macros(name) {
		switch {
		case m.File == f:
			own = append(own, m)
		case !strings.HasSuffix(m.File.Path, ".c"):
			others = append(others, m)
		}
	}
	if len(own) > 0 {
		return own
	}
	return others
}

// filledBuffer reads snprintf(name, size, "...") and strcpy(name, "..."), where the
// whole string is one literal.
func filledBuffer(f *parse.File, x *parse.Expr, add func(*parse.File, []token.Token) error, computed error) error {
	i, copies := knowledge.StringFrom.Lookup(x.Callee())
	switch {
	case !copies && readsOnly(x.Callee()):
		return nil
	case !copies:
		return computed
	}
	if len(x.Args) <= i || strings.HasSuffix(x.Callee(), "printf") && (len(x.Args) != i+1 ||
		strings.Contains(parse.ExprText(f, x.Args[i]), "%")) {
		return computed
	}
	return add(f, f.Between(x.Args[i].Pos, x.Args[i].End))
}

// readsOnly reports calls that leave their first argument as it is: libc's,
// and copies of getopt() under a prefix.
func readsOnly(name string) bool {
	if knowledge.ReadOnly.Has(name) || name[strings.LastIndexByte(name, '_')+1:] == "getopt" {
		return true
	}
	return strings.HasSuffix(name, "getopt_long") || strings.HasSuffix(name, "getopt_long_only")
}

func dedupe(list []patch.Literal) []patch.Literal {
	seen := map[patch.Literal]bool{}
	var out []patch.Literal
	for _, l := range list {
		if !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	}
	return out
}

// nodeOfCall is the node of the function that holds a call.
func nodeOfCall(j *patch.Patch, c *patch.CallSite) *program.Node {
	for _, n := range j.Tree.Funcs[c.Func.Name] {
		if n.File == c.Func.File && n.Forms[0].NamePos == c.Func.NamePos {
			return n
		}
	}
	return &program.Node{File: c.Func.File, Forms: []*parse.Func{c.Func}}
}

// optAt is where a letter goes in an option string: in its alphabetical place
// when the string has an order, else at the end.
func optAt(l patch.Literal, letter byte) (int, error) {
	s := l.Text()
	if strings.Contains(s, "\\") {
		return 0, fmt.Errorf("%s: the option string holds an escape", l.File.Path)
	}
	start := 0
	for start < len(s) && strings.IndexByte("+-:", s[start]) >= 0 {
		start++
	}
	var at []int
	for i := start; i < len(s); i++ {
		if s[i] != ':' {
			at = append(at, i)
		}
	}
	sorted := len(at) > 2
	for i := 1; i < len(at); i++ {
		sorted = sorted && !letterLess(s[at[i-1]], s[at[i]])
	}
	if sorted {
		for _, i := range at {
			if letterLess(s[i], letter) {
				return l.Off + 1 + i, nil
			}
		}
	}
	return l.End - 1, nil
}

// letterLess orders letters as manuals do: a A b B.
func letterLess(a, b byte) bool { return order(a) > order(b) }

func order(c byte) int {
	if c >= 'A' && c <= 'Z' {
		return int(c+'a'-'A')*2 + 1
	}
	return int(c) * 2
}
