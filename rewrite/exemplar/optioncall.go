// Package exemplar collects the option calls that a program has already, as the
// patterns of new ones: how the result is tested, how the value is declared and
// cast, and the program's own functions and macros around setsockopt(). Each file
// is read once; a call that several selections of #if show counts once.
package exemplar

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/noreturn"
)

// Exemplars knows how the program sets socket options, by file.
type Exemplars struct {
	*noreturn.Exits
	optionCalls map[*parse.File][]*OptionCall
	setterCalls map[*parse.File][]*OptionCall
}

// NewExemplars returns an empty collection; files are read on demand.
func NewExemplars(x *noreturn.Exits) *Exemplars {
	return &Exemplars{Exits: x, optionCalls: map[*parse.File][]*OptionCall{}, setterCalls: map[*parse.File][]*OptionCall{}}
}

// OptionCalls returns the setsockopt calls of a file in the order of the text.
func (p *Exemplars) OptionCalls(f *parse.File) []*OptionCall {
	if h, ok := p.optionCalls[f]; ok {
		return h
	}
	h := p.findOptionCalls(f)
	p.optionCalls[f] = h
	return h
}

// Form is how a program looks at the result of setsockopt.
type Form int8

const (
	FormBare   Form = iota // setsockopt(...);
	FormVoid               // (void)setsockopt(...);
	FormIf                 // if (setsockopt(...) < 0) ...
	FormAssign             // ret = setsockopt(...); if (ret < 0) ...
	FormCheck              // CHECK(setsockopt(...));
	FormOther              // returned, or otherwise handed on
)

// CheckCall is the text around such a call.
type CheckCall struct {
	Name       string // of the macro
	Head, Tail string // "CHECK(" and ")"; "rc = " and ";\nASSERT(rc == 0)"
	Result     string // the variable that takes the result, "" without one
}

// OptionCall is one setsockopt call of the program and the way it is written.
type OptionCall struct {
	File *parse.File
	Func *parse.Func
	Stmt *parse.Stmt // owner of the call
	Call *parse.Expr

	FD, Level, Opt string
	Form           Form
	Void           string // spelling of the cast to void
	Test           string // FormIf, FormAssign: what follows the call or the variable, " < 0"
	Front          string // what stands before it, "-1 == "
	Before, Also   string // other conditions in front and after, with their operators
	Result         string // FormAssign: the variable
	Body           *parse.Stmt
	Check          *CheckCall  // FormCheck
	Through        *SetterCall // a function of the program's own that is called for it
	Cast           string      // of the value's address, with the blank after it
	Value          string      // the variable
	Sizeof         string      // fourth argument with %s for the variable
}

// findOptionCalls collects the setsockopt calls of a file, each once.
func (p *Exemplars) findOptionCalls(f *parse.File) []*OptionCall {
	names := p.optionNames(f)
	if len(names) == 0 {
		return nil
	}
	return eachCall(f, func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *OptionCall {
		if !names[c.Callee()] || len(c.Args) != 5 {
			return nil
		}
		return readOptionCall(f, fn, s, c)
	})
}

// setsockopt is what the names for it end in: #define UA_setsockopt lwip_setsockopt.
const setsockopt = "setsockopt"

// optionNames are the names by which a file calls setsockopt().
func (p *Exemplars) optionNames(f *parse.File) map[string]bool {
	names := map[string]bool{}
	for i, k := range f.Toks {
		if k.Kind != token.Ident || int(k.End-k.Off) < len(setsockopt) || i+1 >= len(f.Toks) || f.Toks[i+1].Op != token.LParen {
			continue
		}
		if name := f.Text(k); !names[name] && (name == setsockopt || p.standsForSetsockopt(f, name)) {
			names[name] = true
		}
	}
	return names
}

// standsForSetsockopt reports whether a name is a macro of the program for it, or for
// that of another socket interface: its name alone, or a call with the same arguments.
func (p *Exemplars) standsForSetsockopt(f *parse.File, name string) bool {
	if !strings.HasSuffix(strings.ToLower(name), setsockopt) {
		return false
	}
	if to := p.Src.Macro(name); ctree.IsName(to) {
		return strings.HasSuffix(to, setsockopt)
	}
	m := p.FnMacro(f, name)
	if m == nil || len(m.Params) != 5 || len(m.Body) == 0 || !strings.HasSuffix(m.File.Text(m.Body[0]), setsockopt) {
		return false
	}
	var args []string
	for _, k := range m.Body[1:] {
		switch k.Kind {
		case token.Ident:
			args = append(args, m.File.Text(k))
		case token.Punct:
		default:
			return false
		}
	}
	return slices.Equal(args, m.Params)
}

// OptionName is the name by which a file calls setsockopt(): that of its own calls, where
// none goes by the plain one, else the one with the prefix of the call that made the
// socket.
func (p *Exemplars) OptionName(f *parse.File, creation string) string {
	names := p.optionNames(f)
	if names[setsockopt] {
		return setsockopt
	}
	if len(names) == 1 {
		for name := range names {
			return name
		}
	}
	for _, call := range sites.Names {
		if prefix, ok := strings.CutSuffix(creation, call); ok && prefix != "" && p.standsForSetsockopt(f, prefix+setsockopt) {
			return prefix + setsockopt
		}
	}
	return setsockopt
}

// eachCall collects what read makes of the calls of a file: once, though a call
// stands in several selections of #if branches.
func eachCall(f *parse.File, read func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *OptionCall) (out []*OptionCall) {
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil {
			continue
		}
		ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if seen[c.Pos] {
				return
			}
			if h := read(fn, s, c); h != nil {
				seen[c.Pos] = true
				out = append(out, h)
			}
		})
	}
	return out
}

func readOptionCall(f *parse.File, fn *parse.Func, s *parse.Stmt, c *parse.Expr) *OptionCall {
	h := &OptionCall{File: f, Func: fn, Stmt: s, Call: c, Form: FormOther}
	h.FD = ctree.Normalize(parse.ExprText(f, c.Args[0].Strip()))
	h.Level = parse.ExprText(f, c.Args[1])
	h.Opt = parse.ExprText(f, c.Args[2].Strip())
	h.readValue(c.Args[3])
	h.readSize(c.Args[4])
	h.readForm()
	return h
}

// readForm reads how the statement around the call looks at the result.
func (h *OptionCall) readForm() {
	s, c := h.Stmt, h.Call
	switch s.Kind {
	case parse.SExpr:
		h.readStatement()
	case parse.SIf:
		h.readCondition(s.Expr, c)
		h.Body = s.Body
	case parse.SDecl:
		for _, d := range s.Decls {
			if d.Init != nil && d.Init.Strip() == c {
				h.Result = d.Name
				h.readTest()
			}
		}
	}
}

func (h *OptionCall) readValue(e *parse.Expr) {
	f := h.File
	if in := e.Strip(); in != nil {
		if in.Kind == parse.XUnary && in.Op == token.And {
			h.Value = parse.ExprText(f, in.X)
		}
		if c := e.Bare(); c.Kind == parse.XCast {
			h.Cast = string(f.Src[c.Pos:c.X.Pos]) // without a parenthesis after it
		}
	}
	if strings.ContainsAny(h.Cast, "\r\n") {
		h.Cast = strings.Join(strings.Fields(h.Cast), " ")
	}
}

func (h *OptionCall) readSize(e *parse.Expr) {
	f := h.File
	s := e.Strip()
	if s == nil || s.Kind != parse.XSizeof {
		return
	}
	pre := string(f.Src[e.Pos:s.Pos])
	text := parse.ExprText(f, s)
	switch {
	case s.X != nil && s.X.Bare() != nil:
		in := s.X.Bare()
		h.Sizeof = pre + string(f.Src[s.Pos:in.Pos]) + "%s" + string(f.Src[in.End:s.End])
	default: // sizeof(int): the variable's own size is the safer twin
		i := strings.IndexByte(text, '(')
		if i < 0 {
			return
		}
		h.Sizeof = pre + text[:i+1]
		rest := text[i+1:]
		h.Sizeof += rest[:len(rest)-len(strings.TrimLeft(rest, " "))] + "%s" +
			strings.Repeat(" ", len(rest)-1-len(strings.TrimRight(rest[:len(rest)-1], " "))) + ")"
	}
	if e.End > s.End || strings.ContainsAny(h.Sizeof, "\r\n") || strings.Count(h.Sizeof, "%") != 1 {
		h.Sizeof = ""
	}
}

// readStatement: bare, cast to void, or assigned and tested in the next
// statement.
func (h *OptionCall) readStatement() {
	e := h.Stmt.Expr.Bare()
	switch {
	case e == h.Call:
		h.Form = FormBare
	case e.Kind == parse.XCast && e.Type != nil && e.Type.Base == "void" && e.Type.Ptr == 0 && e.X.Bare() == h.Call:
		h.Form = FormVoid
		h.Void = string(h.File.Src[e.Pos:h.Call.Pos])
	case e.Kind == parse.XAssign && e.Op == token.Assign && e.Y.Strip() == h.Call && e.X.Bare().Kind == parse.XIdent:
		h.Result = e.X.Bare().Name
		if h.Check = readResultCheck(h.File, h.Stmt, ctree.Next(h.Stmt), h.Call, h.Result); h.Check != nil {
			h.Form = FormCheck
			return
		}
		h.readTest()
	default:
		if h.Check = ReadCheck(h.File, h.Stmt, h.Call); h.Check != nil {
			h.Form = FormCheck
		}
	}
}

func (h *OptionCall) readTest() {
	n := ctree.Next(h.Stmt)
	if n == nil || n.Kind != parse.SIf {
		h.Form = FormBare // assigned and never looked at
		return
	}
	var v *parse.Expr
	n.Expr.Walk(func(x *parse.Expr) bool {
		if v == nil && x.Kind == parse.XIdent && x.Name == h.Result {
			v = x
		}
		return v == nil
	})
	if v == nil {
		h.Form = FormBare
		return
	}
	h.readCondition(n.Expr, v)
	if h.Form == FormIf {
		h.Form = FormAssign
	} else {
		h.Form = FormOther
	}
	h.Body = n.Body
}

// readCondition reads the comparison around target in the condition e.
func (h *OptionCall) readCondition(e, target *parse.Expr) {
	src := h.File.Src
	cmp := e
	for {
		cmp = cmp.Bare()
		if cmp == nil {
			return
		}
		if cmp.Kind == parse.XBinary && (cmp.Op == token.AndAnd || cmp.Op == token.OrOr) {
			if cmp.Op == token.OrOr {
				if !h.optionsOnly(cmp) {
					return // one message for several failures: nothing to learn
				}
				if cmp.X.Pos <= target.Pos && target.End <= cmp.X.End {
					cmp = cmp.X
				} else {
					cmp = cmp.Y
				}
				continue
			}
			if cmp.X.Pos <= target.Pos && target.End <= cmp.X.End {
				h.Also = string(src[cmp.X.End:cmp.End]) + h.Also
				cmp = cmp.X
			} else {
				h.Before += string(src[cmp.Pos:cmp.Y.Pos])
				cmp = cmp.Y
			}
			continue
		}
		break
	}
	switch {
	case cmp == target:
		h.Form = FormIf
	case cmp.Kind == parse.XBinary && cmp.X.Strip() == target:
		h.Form = FormIf
		h.Test = strings.TrimRight(string(src[cmp.X.End:cmp.End]), " ")
	case cmp.Kind == parse.XBinary && cmp.Y.Strip() == target:
		h.Form = FormIf
		h.Front = string(src[cmp.Pos:target.Pos])
	}
	if h.Form == FormIf && testsSuccess(h.Front, h.Test) {
		h.Form = FormOther // what stands there is said when it went well
	}
	if strings.ContainsAny(h.Test+h.Front, "\r\n") {
		h.Test = " " + strings.Join(strings.Fields(h.Test), " ")
		h.Front = strings.Join(strings.Fields(h.Front), " ")
	}
}

// optionsOnly reports whether all that a chain of alternatives tests are options of the
// call's descriptor, and its branch leaves without a word: each of them alone would lead there.
func (h *OptionCall) optionsOnly(e *parse.Expr) bool {
	if h.Stmt.Kind != parse.SIf || h.Stmt.Body == nil || h.Stmt.Else != nil {
		return false
	}
	words := false
	ctree.Calls(h.Stmt.Body, func(c *parse.Expr, _ *parse.Stmt) { words = words || ctree.LiteralIndex(c) >= 0 })
	if words {
		return false
	}
	for e = e.Bare(); e.Kind == parse.XBinary && e.Op == token.OrOr; e = e.X.Bare() {
		if !h.isOption(e.Y) {
			return false
		}
	}
	return h.isOption(e)
}

// isOption reports whether an expression compares the result of a call like the one of h,
// on the same descriptor.
func (h *OptionCall) isOption(e *parse.Expr) bool {
	c := compared(e)
	return c != nil && c.Kind == parse.XCall && c.Callee() == h.Call.Callee() && len(c.Args) == 5 && ctree.IsLvalue(h.File, c.Args[0], h.FD)
}

// testsSuccess reports whether a comparison with the result of setsockopt holds
// when the call went well.
func testsSuccess(front, test string) bool {
	switch strings.Join(strings.Fields(front+"x"+test), "") {
	case "x==0", "0==x", "x>=0", "0<=x", "x>-1", "-1<x", "x!=-1", "-1!=x", "x!=SOCKET_ERROR", "SOCKET_ERROR!=x":
		return true
	}
	return false
}

// Ignored reports whether the call's result is ignored.
func (h *OptionCall) Ignored() bool { return h.Form == FormBare || h.Form == FormVoid }

// HoldsInt reports whether a variable of a function is an int: by its type, or by a name
// for that and as the value of a boolean option.
func (p *Exemplars) HoldsInt(fn *parse.Func, d *parse.Decl) bool {
	return ctree.IsPlainInt(d) || ctree.IsNamedInt(d) && slices.ContainsFunc(p.OptionCalls(fn.File), func(h *OptionCall) bool {
		return h.Func.Start == fn.Start && h.Value == d.Name && knowledge.SwitchedOptions[h.Opt]
	})
}

// IntName is the program's name for int that the value of a call has, "" for int.
func (p *Exemplars) IntName(h *OptionCall) string {
	v, ok := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value)
	if !ok || ctree.IsPlainInt(v.Decl) || !p.HoldsInt(h.Func, v.Decl) {
		return ""
	}
	return v.Decl.Type.Base
}

// ReadCheck reads a statement that hands the result of c to a macro.
func ReadCheck(f *parse.File, s *parse.Stmt, c *parse.Expr) *CheckCall {
	e := s.Expr.Strip()
	if e == nil || e.Kind != parse.XCall || e == c || e.Callee() == "" || len(e.Args) == 0 {
		return nil
	}
	if x := compared(e.Args[0]); x != c {
		return nil
	}
	tail := string(f.Src[c.End:e.End])
	gap := ""
	if strings.TrimLeft(tail, " \t\r\n") != tail {
		gap = " "
	}
	return &CheckCall{Name: e.Callee(), Head: ctree.OneLine(string(f.Src[e.Pos:c.Pos])),
		Tail: gap + strings.TrimLeft(ctree.OneLine(tail), " ")}
}

// readResultCheck reads the statement after rc = setsockopt(...).
func readResultCheck(f *parse.File, assign, s *parse.Stmt, c *parse.Expr, result string) *CheckCall {
	if s == nil || s.Kind != parse.SExpr && s.Kind != parse.SMacro {
		return nil
	}
	e := s.Expr.Strip()
	if e == nil || e.Kind != parse.XCall || e.Callee() == "" || len(e.Args) == 0 {
		return nil
	}
	x := compared(e.Args[0])
	if x == nil || x.Kind != parse.XIdent || x.Name != result {
		return nil
	}
	return &CheckCall{Name: e.Callee(), Head: ctree.OneLine(string(f.Src[assign.Pos:c.Pos])) + " ", Result: result,
		Tail: ";\n" + strings.TrimSuffix(ctree.OneLine(string(f.Src[s.Pos:s.End])), ";")}
}

// compared is what an expression compares with a number, or the expression.
func compared(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	if e != nil && e.Kind == parse.XBinary {
		if _, ok := ctree.Number(e.Y); ok {
			return e.X.Strip()
		}
		if _, ok := ctree.Number(e.X); ok {
			return e.Y.Strip()
		}
	}
	return e
}
