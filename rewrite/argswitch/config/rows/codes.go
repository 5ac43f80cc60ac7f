package rows

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// codes is an array of keywords with a code each, and a switch over the codes:
//
//	{ "quiet", C_QUIET },
//	case C_QUIET: quiet = yesno(val); break;
//
// The new keyword gets a row, a code and a case.
type codes struct {
	*table
	fn    *parse.Func // with the switch
	sw    *parse.Stmt
	cases map[string]*source.Case
}

// CodeTables are the tables of codes that a function names, with the functions that
// switch over these.
func CodeTables(x *keyword.Index, fn *keyword.Func) []keyword.Form {
	var out []keyword.Form
	for _, a := range x.ArraysOf(fn) {
		if t := readRows(x, a.F, a.D); t != nil && t.pickCodes() {
			out = append(out, switchesOver(x, t)...)
		}
	}
	return out
}

// switchesOver finds the switches that have a case for most of a table's codes.
func switchesOver(x *keyword.Index, t *table) []keyword.Form {
	code := map[string]bool{}
	for _, r := range t.rows {
		if r.addr == nil && r.code != nil {
			code[r.code.Name] = true
		}
	}
	if len(code) < 3 {
		return nil
	}
	var out []keyword.Form
	for _, fn := range x.Prog.Funcs {
		n := 0
		for _, u := range fn.Uses {
			if code[u] {
				n++
			}
		}
		if n < 3 || n*2 < len(code) {
			continue
		}
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind != parse.SSwitch || s.Body == nil || s.Body.Kind != parse.SBlock {
				return true
			}
			c := &codes{table: t, fn: fn.Forms[0], sw: s, cases: source.CasesOf(s.Body)}
			n := 0
			for name := range c.cases {
				if code[name] {
					n++
				}
			}
			if n >= 3 {
				c.sort()
				out = append(out, c)
			}
			return true
		})
	}
	return out
}

// sort tells the siblings apart: the last ones come first.
func (c *codes) sort() {
	var list []*keyword.Sibling
	count := map[string]int{}
	for _, r := range c.rows {
		if r.code != nil {
			count[r.code.Name]++
		}
	}
	habit := c.checks()
	for i := len(c.rows) - 1; i >= 0; i-- {
		r := c.rows[i]
		if r.addr != nil || r.code == nil || count[r.code.Name] > 1 || words.Negative.MatchString(r.name) ||
			r.described || !c.f.SameGuards(r.x.Pos, c.d.Pos) {
			continue
		}
		k := c.cases[r.code.Name]
		if k == nil || !c.copyable(k) {
			continue
		}
		a := c.x.ReadArm(c.fn, k.List, habit)
		if a == nil {
			continue
		}
		list = append(list, &keyword.Sibling{Name: r.name, Lit: r.lit, Arm: a, Pos: r.x.Pos, Row: r.x, Code: r.code, Part: k})
	}
	c.bools, c.numbers = c.x.Divide(c.fn.File, list)
}

// checks are functions that several cases call for their own sake.
func (c *codes) checks() map[string]bool {
	count := map[string]int{}
	for _, k := range c.cases {
		for _, s := range k.List {
			if s.Kind == parse.SExpr {
				count[s.Expr.Bare().Callee()]++
			}
		}
	}
	return keyword.CommonCalls(count)
}

// copyable reports whether a case's text can be copied.
func (c *codes) copyable(k *source.Case) bool {
	f := c.fn.File
	from, to := k.Label.Pos, k.List[len(k.List)-1].End
	return text.FirstOnLine(f.Src, from) && c.fn.Macro == nil && source.PlainText(f, from, to) &&
		f.SameGuards(from, c.fn.BodyPos) && f.SameGuards(to, c.fn.BodyPos)
}

// FromFile wants a name to tell: tables of codes are the form of commands over a network too.
func (c *codes) FromFile(fn *keyword.Func) bool {
	return (keyword.IsConfig(fn) || keyword.AboutConfig.MatchString(c.d.Name) || keyword.AboutConfig.MatchString(c.fn.Name) ||
		keyword.AboutConfig.MatchString(path.Base(c.fn.File.Path))) &&
		(c.x.ReadsFile(fn) || c.x.GetsConfig(fn))
}

func (c *codes) Bools() []*keyword.Sibling { return c.bools }

func (c *codes) Numbers() []*keyword.Sibling { return c.numbers }

func (c *codes) Reader() *parse.Func { return c.fn }

// Finish tells where the variable is used: in the function with the switch.
func (c *codes) Finish(p *keyword.Patch) { p.File, p.Reader = c.fn.File, c.fn }

func (c *codes) Add(p *keyword.Patch, s *keyword.Sibling, name, target string) error {
	f, k := c.fn.File, s.Part
	subs, ok := s.Arm.Rename(f, s.Name, name, target)
	if !ok {
		return fmt.Errorf("%s: a message about %s is no message about %s", f.Path, s.Name, name)
	}
	end := k.List[len(k.List)-1].End
	behind := end
	if p.First != nil {
		behind = p.First.Part.List[len(p.First.Part.List)-1].End
	}
	at, ok := source.LineAfter(f, behind)
	if !ok {
		return fmt.Errorf("%s: no certain place behind the case %s", f.Path, s.Code.Name)
	}
	if why := c.otherUse(); why != "" {
		return fmt.Errorf("%s: the codes of the table %s are %s", c.f.Path, c.d.Name, why)
	}
	code := codeName(s.Code.Name, s.Name, name)
	if namedIn(c.x, code) {
		return fmt.Errorf("%s: the name %s is taken", c.f.Path, code)
	}
	after, err := c.place(p, s, name)
	if err != nil {
		return err
	}
	// A table in the order of its codes stays in that order.
	constant, err := c.constant(s, after, code)
	if err != nil {
		return err
	}
	row, err := c.copyRow(s, after, name, []keyword.Replacement{{From: s.Code.Pos, To: s.Code.End, Text: code}})
	if err != nil {
		return err
	}
	label := k.Label.Expr
	subs = append(subs, keyword.Replacement{From: label.Pos, To: label.End, Text: code})
	added := keyword.Replaced(f, text.LineStart(f.Src, k.Label.Pos), end, subs) + text.EOL(f.Src, 0)
	if text.BlankLine(f.Src, text.LineStart(f.Src, text.LineStart(f.Src, k.Label.Pos)-1)) {
		added = text.EOL(f.Src, 0) + added
	}
	p.Inserts = append(p.Inserts, constant, row, keyword.Insert{File: f, At: at, Text: added})
	return nil
}

// constant is the code's own definition: an enumerator after the one of another row.
func (c *codes) constant(s *keyword.Sibling, after *row, code string) (keyword.Insert, error) {
	like := s.Code.Name
	if after.code != nil {
		like = after.code.Name
	}
	f, d, closed := enumerator(c.x, like)
	if d == nil {
		return keyword.Insert{}, fmt.Errorf("%s: %s is no constant of an enum that a new one can be added to", c.f.Path, like)
	}
	if closed || len(f.Guards(d.NamePos)) != len(f.Guards(d.Pos)) {
		return keyword.Insert{}, fmt.Errorf("%s: the values behind %s are fixed", f.Path, like)
	}
	end := d.NamePos + len(d.Name)
	if d.Init != nil {
		end = d.Init.End
	}
	if !text.FirstOnLine(f.Src, d.NamePos) {
		return keyword.Insert{File: f, At: end, Text: ", " + code}, nil
	}
	indent := string(f.Src[text.LineStart(f.Src, d.NamePos):d.NamePos])
	if at, ok := source.LineAfter(f, end); ok && strings.HasPrefix(strings.TrimLeft(string(f.Src[end:at]), " \t"), ",") {
		return keyword.Insert{File: f, At: at, Text: indent + code + "," + text.EOL(f.Src, 0)}, nil
	}
	return keyword.Insert{File: f, At: end, Text: "," + text.EOL(f.Src, 0) + indent + code}, nil
}

// enumerator finds the definition of a constant in an enum; closed tells that one
// after it has a value of its own, or that it is no plain count.
func enumerator(x *keyword.Index, name string) (file *parse.File, decl *parse.Decl, closed bool) {
	for _, f := range x.Prog.Files {
		all := f.Decls()
		for i, d := range all {
			if !d.Enum || d.Name != name {
				continue
			}
			if decl != nil {
				return nil, nil, false // one a build
			}
			file, decl = f, d
			closed = d.Init != nil && d.Init.Strip().Kind != parse.XNumber
			for _, e := range all[i+1:] {
				if !e.Enum || e.Index == 0 {
					break
				}
				closed = closed || e.Init != nil
			}
		}
	}
	return file, decl, closed
}

// otherUse is what the program does with the codes besides, where a new one could
// not be: an array that is indexed by them, or another switch that has no default.
func (c *codes) otherUse() string {
	over := text.StripSpace(parse.ExprText(c.fn.File, c.sw.Expr))
	member := c.member()
	found := ""
	look := func(e *parse.Expr, in *keyword.Func) {
		if e.Kind != parse.XIndex || e.Y == nil {
			return
		}
		by := e.Y.Strip()
		if by.Kind == parse.XMember && by.Name == member && member != "" ||
			in.Forms[0] == c.fn && text.StripSpace(parse.ExprText(in.File, by)) == over {
			found = "indexes of an array too"
		}
	}
	for _, fn := range c.x.Prog.Funcs {
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch && s.Pos != c.sw.Pos && s.Body != nil && c.lacksDefault(s.Body) {
				found = "cases of another switch, which has no default"
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(e *parse.Expr) bool {
					look(e, fn)
					return true
				})
			})
			return found == ""
		})
	}
	return found
}

// lacksDefault reports whether a switch over the codes names them one by one.
func (c *codes) lacksDefault(body *parse.Stmt) bool {
	named, rest := 0, false
	body.Walk(func(s *parse.Stmt) bool {
		switch s.Kind {
		case parse.SCase:
			if e := s.Expr.Bare(); e != nil && e.Kind == parse.XIdent {
				for _, r := range c.rows {
					if r.code != nil && r.code.Name == e.Name {
						named++
						break
					}
				}
			}
		case parse.SDefault:
			rest = true
		}
		return true
	})
	return named > 2 && !rest
}

// member is the name of the rows' member that holds the code, "" when it has none.
func (c *codes) member() string {
	def := c.d.Type.Def
	if def == nil {
		return ""
	}
	for _, r := range c.rows {
		for i, m := range r.x.Args {
			if m.Strip() == r.code && r.code != nil && i < len(def.Fields) {
				return def.Fields[i].Name
			}
		}
	}
	return ""
}

// namedIn reports whether a name is used in the files.
func namedIn(x *keyword.Index, name string) bool {
	for _, f := range x.Prog.Files {
		if len(f.Idents(name)) > 0 {
			return true
		}
	}
	return false
}

// codeName spells a new keyword's code as its sibling's: sQuiet or OPT_BE_QUIET with
// the keyword's words replaced.
func codeName(like, old, name string) string {
	prefix := ""
	for i := len(like) - 1; i > 0; i-- {
		if keyword.NormalName(like[i:]) == keyword.NormalName(old) {
			prefix, like = like[:i], like[i:]
			break
		}
	}
	if prefix == "" {
		if i := strings.IndexByte(like, '_'); i > 0 {
			prefix, like = like[:i+1], like[i+1:]
		} else if i := strings.IndexFunc(like, unicode.IsUpper); i > 0 {
			prefix, like = like[:i], like[i:]
		}
	}
	parts := []string{"tcp", "keepalive"}
	for _, w := range []string{"idle", "interval", "count"} {
		if strings.HasSuffix(keyword.NormalName(name), w) {
			parts = append(parts, w)
		}
	}
	sp := words.Spelling{Sep: "_"}
	switch {
	case like == strings.ToUpper(like):
		sp.Upper = true
	case unicode.IsUpper(rune(like[0])):
		sp.Sep, sp.Camel = "", true
	}
	return prefix + sp.Spell(parts...)
}
