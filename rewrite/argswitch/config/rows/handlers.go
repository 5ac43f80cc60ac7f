package rows

import (
	"fmt"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// handlers is an array of keywords with a function each that sets one variable:
//
//	{ "quiet", set_quiet },
//	static int set_quiet(const char *val) { quiet = yesno(val); return 0; }
//
// The new keyword gets a row and a copy of the function. Functions that get the
// address of their variable are used as they are: such a table is one of addresses.
type handlers struct {
	*table
	bools, numbers []*keyword.Sibling
	model          *parse.Func // with the sibling that was copied
}

// HandlerTables are the tables of functions that a function names.
func HandlerTables(x *keyword.Index, fn *keyword.Func) []keyword.Form {
	var out []keyword.Form
	for _, a := range x.ArraysOf(fn) {
		t := readRows(x, a.F, a.D)
		if t == nil || !t.pickCodes() {
			continue
		}
		h := &handlers{table: t}
		if h.sort() > 2 {
			out = append(out, h)
		}
	}
	return out
}

// handler is the function of a row, nil when it is not certain.
func (h *handlers) handler(r *row) *parse.Func {
	if r.code == nil || r.addr != nil {
		return nil
	}
	var found *parse.Func
	for _, fn := range h.x.ByName[r.code.Name] {
		if fn.File != h.f && fn.Forms[0].Static {
			continue
		}
		if found != nil || len(fn.Forms) != 1 || fn.Forms[0].Macro != nil {
			return nil
		}
		found = fn.Forms[0]
	}
	return found
}

// sort tells the siblings apart, and counts the rows with a function.
func (h *handlers) sort() int {
	funcs := map[*row]*parse.Func{}
	rows := map[string]int{}
	calls := map[string]int{}
	for _, r := range h.rows {
		fn := h.handler(r)
		if fn == nil {
			continue
		}
		funcs[r] = fn
		rows[fn.Name]++
		for _, s := range fn.Body().List {
			if s.Kind == parse.SExpr {
				calls[s.Expr.Bare().Callee()]++
			}
		}
	}
	habit := keyword.CommonCalls(calls)
	var list []*keyword.Sibling
	for i := len(h.rows) - 1; i >= 0; i-- {
		r := h.rows[i]
		fn := funcs[r]
		if fn == nil || rows[fn.Name] > 1 || r.described || words.Negative.MatchString(r.name) || !h.copyable(r, fn) {
			continue
		}
		a := h.x.ReadArm(fn, fn.Body().List, habit)
		if a == nil {
			continue
		}
		list = append(list, &keyword.Sibling{Name: r.name, Lit: r.lit, Arm: a, Pos: r.x.Pos, Row: r.x, Code: r.code, Fn: fn})
	}
	h.bools, h.numbers = h.x.Divide(h.f, list)
	return len(funcs)
}

// copyable reports whether a function's text can be copied, and stands in the builds
// that have the table.
func (h *handlers) copyable(r *row, fn *parse.Func) bool {
	f := fn.File
	if !h.f.SameGuards(r.x.Pos, h.d.Pos) || !text.FirstOnLine(f.Src, fn.Start) || fn.KR ||
		!source.PlainText(f, fn.Start, fn.End) || !f.SameGuards(fn.Start, fn.End) {
		return false
	}
	if f == h.f {
		return f.SameGuards(fn.Start, h.d.Pos)
	}
	return len(f.Guards(fn.Start)) == 0 && len(h.f.Guards(h.d.Pos)) == 0
}

// FromFile wants a name to tell, as for tables of codes.
func (h *handlers) FromFile(fn *keyword.Func) bool {
	return (keyword.IsConfig(fn) || keyword.AboutConfig.MatchString(h.d.Name)) && (h.x.ReadsFile(fn) || h.x.GetsConfig(fn))
}

func (h *handlers) Bools() []*keyword.Sibling { return h.bools }

func (h *handlers) Numbers() []*keyword.Sibling { return h.numbers }

func (h *handlers) Reader() *parse.Func { return h.model }

// Finish tells where the variable is used: in the functions.
func (h *handlers) Finish(p *keyword.Patch) {
	p.File, p.Reader = h.model.File, h.model
	p.NewFuncs = map[*parse.File]int{h.model.File: len(p.Keywords)}
}

func (h *handlers) Add(p *keyword.Patch, s *keyword.Sibling, name, target string) error {
	f := s.Fn.File
	if h.model != nil && h.model.File != f {
		return fmt.Errorf("%s: the functions of the table %s stand in several files", h.f.Path, h.d.Name)
	}
	subs, ok := s.Arm.Rename(f, s.Name, name, target)
	if !ok {
		return fmt.Errorf("%s: a message about %s is no message about %s", f.Path, s.Name, name)
	}
	own := codeName(s.Code.Name, s.Name, name)
	if v := h.x.Prog.Var; own == v || own == "set_"+v || own == "read_"+v {
		own += "_keyword"
	}
	if namedIn(h.x, own) {
		return fmt.Errorf("%s: the name %s is taken", f.Path, own)
	}
	behind := s.Fn
	if p.First != nil {
		behind = p.First.Fn
	}
	at, ok := source.LineAfter(f, behind.End)
	if !ok {
		return fmt.Errorf("%s: no certain place behind %s", f.Path, s.Fn.Name)
	}
	protos, err := h.prototypes(s.Fn, own)
	if err != nil {
		return err
	}
	after, err := h.place(p, s, name)
	if err != nil {
		return err
	}
	row, err := h.copyRow(s, after, name, []keyword.Replacement{{From: s.Code.Pos, To: s.Code.End, Text: own}})
	if err != nil {
		return err
	}
	h.model = s.Fn
	subs = append(subs, keyword.Replacement{From: s.Fn.NamePos, To: s.Fn.NamePos + len(s.Fn.Name), Text: own})
	text := text.EOL(f.Src, 0) + keyword.Replaced(f, text.LineStart(f.Src, s.Fn.Start), s.Fn.End, subs) + text.EOL(f.Src, 0)
	p.Inserts = append(append(p.Inserts, protos...), row, keyword.Insert{File: f, At: at, Text: text})
	return nil
}

// prototypes copies the declarations of a function. The table has to see one, or the
// function itself.
func (h *handlers) prototypes(fn *parse.Func, own string) ([]keyword.Insert, error) {
	var out []keyword.Insert
	seen := fn.File == h.f && fn.Start < h.d.Pos
	for _, f := range h.x.Prog.Files {
		for _, d := range f.Decls() {
			if d.Name != fn.Name || d.Typedef || d.Enum {
				continue
			}
			at, ok := source.LineAfter(f, d.End)
			if !ok || !text.FirstOnLine(f.Src, d.Pos) || !source.PlainText(f, d.Pos, d.End) ||
				len(f.Idents(fn.Name)) == 0 || f.Src[d.End-1] != ';' {
				return nil, fmt.Errorf("%s: the declaration of %s was not understood", f.Path, fn.Name)
			}
			text := keyword.Replaced(f, text.LineStart(f.Src, d.Pos), d.End,
				[]keyword.Replacement{{From: d.NamePos, To: d.NamePos + len(d.Name), Text: own}}) + text.EOL(f.Src, 0)
			out = append(out, keyword.Insert{File: f, At: at, Text: text})
			seen = seen || f != h.f || d.Pos < h.d.Pos
		}
	}
	if !seen {
		return nil, fmt.Errorf("%s: no declaration of %s was found", h.f.Path, fn.Name)
	}
	return out, nil
}

// storeKind is what a function stores through a pointer that it gets.
type storeKind int

const (
	storesOther storeKind = iota
	storesFlag            // 1 alone
	storesBool            // a yes or no
)

// storesBy tells what a function of a table stores where the row's address leads.
func storesBy(x *keyword.Index, name string, depth int) storeKind {
	fns := x.ByName[name]
	if len(fns) != 1 || depth == 0 {
		return storesOther
	}
	st := stores{x: x, f: fns[0].File}
	var result *parse.Expr
	fns[0].Forms[0].Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil {
			result = s.Expr.Bare()
		}
		st.read(s)
		return true
	})
	kind := st.kind()
	if kind == storesOther && st.other == 0 && st.no == 0 && result != nil && result.Callee() != name {
		return storesBy(x, result.Callee(), depth-1)
	}
	return kind
}

// stores counts what statements store through pointers.
type stores struct {
	x              *keyword.Index
	f              *parse.File
	yes, no, other int
}

func (c *stores) read(s *parse.Stmt) {
	s.Exprs(func(e *parse.Expr) {
		e.Walk(func(e *parse.Expr) bool {
			if e.Kind != parse.XAssign {
				return true
			}
			if to := e.X.Bare(); to.Kind != parse.XUnary || to.Op != token.Mul {
				return true
			}
			switch v := e.Y.Strip(); {
			case e.Op != token.Assign || !source.IsConst(c.f, v) && !c.x.ReadsBool(v.Callee()):
				c.other++
			case !source.IsConst(c.f, v):
				c.yes, c.no = c.yes+1, c.no+1
			case source.IsOff(c.f, v):
				c.no++
			default:
				c.yes++
			}
			return true
		})
	})
}

func (c *stores) kind() storeKind {
	switch {
	case c.other > 0:
	case c.yes > 0 && c.no > 0:
		return storesBool
	case c.yes > 0:
		return storesFlag
	}
	return storesOther
}

// storesIn tells what the program stores where a row's address leads in the case for the row's
// type, whatever that is called.
func storesIn(x *keyword.Index, name string) storeKind {
	found := storesOther
	if name == "NULL" {
		return found
	}
	for _, fn := range x.Callers[name] {
		fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind != parse.SSwitch || s.Body == nil || s.Body.Kind != parse.SBlock {
				return true
			}
			if k := source.CasesOf(s.Body)[name]; k != nil {
				c := stores{x: x, f: fn.File}
				for _, t := range k.List {
					t.Walk(func(t *parse.Stmt) bool {
						c.read(t)
						return true
					})
				}
				if kind := c.kind(); kind != storesOther {
					found = kind
				}
			}
			return true
		})
	}
	return found
}
