package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// form is how a program looks at the result of setsockopt.
type form int8

const (
	formBare   form = iota // setsockopt(...);
	formVoid               // (void)setsockopt(...);
	formIf                 // if (setsockopt(...) < 0) ...
	formAssign             // ret = setsockopt(...); if (ret < 0) ...
	formCheck              // CHECK(setsockopt(...));
	formOther              // returned, or otherwise handed on
)

// habit is one setsockopt call of the program and the way it is written.
type habit struct {
	file *parse.File
	fn   *parse.Func
	stmt *parse.Stmt // owner of the call
	call *parse.Expr

	fd, level, opt string
	form           form
	void           string // spelling of the cast to void
	test           string // formIf, formAssign: what follows the call or the variable, " < 0"
	front          string // what stands before it, "-1 == "
	before, also   string // other conditions in front and behind, with their operators
	result         string // formAssign: the variable
	body           *parse.Stmt
	check          *checkCall // formCheck
	through        *optCall   // a function of the program's own that is called for it
	cast           string     // of the value's address, with the blank behind it
	value          string     // the variable
	sizeof         string     // fourth argument with %s for the variable
}

// findHabits collects the setsockopt calls of a file, each once.
func findHabits(f *parse.File) []*habit {
	if len(f.Idents("setsockopt")) == 0 {
		return nil
	}
	return eachHabit(f, func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *habit {
		if c.Callee() != "setsockopt" || len(c.Args) != 5 {
			return nil
		}
		return readHabit(f, fn, s, c)
	})
}

// eachHabit collects what read makes of the calls of a file: once, though a call
// stands in several selections of #if branches.
func eachHabit(f *parse.File, read func(fn *parse.Func, s *parse.Stmt, c *parse.Expr) *habit) (out []*habit) {
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil {
			continue
		}
		calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
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

func readHabit(f *parse.File, fn *parse.Func, s *parse.Stmt, c *parse.Expr) *habit {
	h := &habit{file: f, fn: fn, stmt: s, call: c, form: formOther}
	h.fd = norm(exprText(f, c.Args[0].Strip()))
	h.level = exprText(f, c.Args[1])
	h.opt = exprText(f, c.Args[2].Strip())
	h.readValue(c.Args[3])
	h.readSize(c.Args[4])
	h.readForm()
	return h
}

// readForm reads how the statement around the call looks at the result.
func (h *habit) readForm() {
	s, c := h.stmt, h.call
	switch s.Kind {
	case parse.SExpr:
		h.readStatement()
	case parse.SIf:
		h.readCondition(s.Expr, c)
		h.body = s.Body
	case parse.SDecl:
		for _, d := range s.Decls {
			if d.Init != nil && d.Init.Strip() == c {
				h.result = d.Name
				h.readTest()
			}
		}
	}
}

func (h *habit) readValue(e *parse.Expr) {
	f := h.file
	if in := e.Strip(); in != nil {
		if in.Kind == parse.XUnary && in.Op == parse.And {
			h.value = exprText(f, in.X)
		}
		if c := e.Bare(); c.Kind == parse.XCast {
			h.cast = string(f.Src[c.Pos:c.X.Pos]) // without a parenthesis behind it
		}
	}
	if strings.ContainsAny(h.cast, "\r\n") {
		h.cast = strings.Join(strings.Fields(h.cast), " ")
	}
}

func (h *habit) readSize(e *parse.Expr) {
	f := h.file
	s := e.Strip()
	if s == nil || s.Kind != parse.XSizeof {
		return
	}
	pre := string(f.Src[e.Pos:s.Pos])
	text := exprText(f, s)
	switch {
	case s.X != nil && s.X.Bare() != nil:
		in := s.X.Bare()
		h.sizeof = pre + string(f.Src[s.Pos:in.Pos]) + "%s" + string(f.Src[in.End:s.End])
	default: // sizeof(int): the variable's own size is the safer twin
		i := strings.IndexByte(text, '(')
		if i < 0 {
			return
		}
		h.sizeof = pre + text[:i+1]
		rest := text[i+1:]
		h.sizeof += rest[:len(rest)-len(strings.TrimLeft(rest, " "))] + "%s" + strings.Repeat(" ", len(rest)-1-len(strings.TrimRight(rest[:len(rest)-1], " "))) + ")"
	}
	if e.End > s.End || strings.ContainsAny(h.sizeof, "\r\n") || strings.Count(h.sizeof, "%") != 1 {
		h.sizeof = ""
	}
}

// readStatement: bare, cast to void, or assigned and tested in the next
// statement.
func (h *habit) readStatement() {
	e := h.stmt.Expr.Bare()
	switch {
	case e == h.call:
		h.form = formBare
	case e.Kind == parse.XCast && e.Type != nil && e.Type.Base == "void" && e.Type.Ptr == 0 && e.X.Bare() == h.call:
		h.form = formVoid
		h.void = string(h.file.Src[e.Pos:h.call.Pos])
	case e.Kind == parse.XAssign && e.Op == parse.Assign && e.Y.Strip() == h.call && e.X.Bare().Kind == parse.XIdent:
		h.result = e.X.Bare().Name
		if h.check = readResultCheck(h.file, h.stmt, next(h.stmt), h.call, h.result); h.check != nil {
			h.form = formCheck
			return
		}
		h.readTest()
	default:
		if h.check = readCheck(h.file, h.stmt, h.call); h.check != nil {
			h.form = formCheck
		}
	}
}

func (h *habit) readTest() {
	n := next(h.stmt)
	if n == nil || n.Kind != parse.SIf {
		h.form = formBare // assigned and never looked at
		return
	}
	var v *parse.Expr
	n.Expr.Walk(func(x *parse.Expr) bool {
		if v == nil && x.Kind == parse.XIdent && x.Name == h.result {
			v = x
		}
		return v == nil
	})
	if v == nil {
		h.form = formBare
		return
	}
	h.readCondition(n.Expr, v)
	if h.form == formIf {
		h.form = formAssign
	} else {
		h.form = formOther
	}
	h.body = n.Body
}

// readCondition reads the comparison around target in the condition e.
func (h *habit) readCondition(e, target *parse.Expr) {
	src := h.file.Src
	cmp := e
	for {
		cmp = cmp.Bare()
		if cmp == nil {
			return
		}
		if cmp.Kind == parse.XBinary && (cmp.Op == parse.AndAnd || cmp.Op == parse.OrOr) {
			if cmp.Op == parse.OrOr {
				return // one message for several failures: nothing to learn
			}
			if cmp.X.Pos <= target.Pos && target.End <= cmp.X.End {
				h.also = string(src[cmp.X.End:cmp.End]) + h.also
				cmp = cmp.X
			} else {
				h.before += string(src[cmp.Pos:cmp.Y.Pos])
				cmp = cmp.Y
			}
			continue
		}
		break
	}
	switch {
	case cmp == target:
		h.form = formIf
	case cmp.Kind == parse.XBinary && cmp.X.Strip() == target:
		h.form = formIf
		h.test = strings.TrimRight(string(src[cmp.X.End:cmp.End]), " ")
	case cmp.Kind == parse.XBinary && cmp.Y.Strip() == target:
		h.form = formIf
		h.front = string(src[cmp.Pos:target.Pos])
	}
	if h.form == formIf && testsSuccess(h.front, h.test) {
		h.form = formOther // what stands there is said when it went well
	}
	if strings.ContainsAny(h.test+h.front, "\r\n") {
		h.test = " " + strings.Join(strings.Fields(h.test), " ")
		h.front = strings.Join(strings.Fields(h.front), " ")
	}
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

// ignored says that the call's failure matters to nobody.
func (h *habit) ignored() bool { return h.form == formBare || h.form == formVoid }

// exemplars knows how the program sets socket options, by file.
type exemplars struct {
	*exits
	habits   map[*parse.File][]*habit
	optCalls map[*parse.File][]*habit
}

func newExemplars(x *exits) *exemplars {
	return &exemplars{exits: x, habits: map[*parse.File][]*habit{}, optCalls: map[*parse.File][]*habit{}}
}

// habitsOf returns the setsockopt calls of a file in the order of the text.
func (p *exemplars) habitsOf(f *parse.File) []*habit {
	if h, ok := p.habits[f]; ok {
		return h
	}
	h := findHabits(f)
	p.habits[f] = h
	return h
}

// checkCall is the text around such a call.
type checkCall struct {
	name       string // of the macro
	head, tail string // "CHECK(" and ")"; "rc = " and ";\nASSERT(rc == 0)"
	result     string // the variable that takes the result, "" without one
}

// readCheck reads a statement that hands the result of c to a macro.
func readCheck(f *parse.File, s *parse.Stmt, c *parse.Expr) *checkCall {
	e := s.Expr.Strip()
	if e == nil || e.Kind != parse.XCall || e == c || e.Callee() == "" || len(e.Args) == 0 {
		return nil
	}
	if x := compared(e.Args[0]); x != c {
		return nil
	}
	return &checkCall{name: e.Callee(), head: collapse(string(f.Src[e.Pos:c.Pos])), tail: collapse(string(f.Src[c.End:e.End]))}
}

// readResultCheck reads the statement behind rc = setsockopt(...).
func readResultCheck(f *parse.File, assign, s *parse.Stmt, c *parse.Expr, result string) *checkCall {
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
	return &checkCall{name: e.Callee(), head: collapse(string(f.Src[assign.Pos:c.Pos])) + " ", result: result,
		tail: ";\n" + strings.TrimSuffix(collapse(string(f.Src[s.Pos:s.End])), ";")}
}

// compared is what an expression compares with a number, or the expression.
func compared(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	if e != nil && e.Kind == parse.XBinary {
		if _, ok := number(e.Y); ok {
			return e.X.Strip()
		}
		if _, ok := number(e.X); ok {
			return e.Y.Strip()
		}
	}
	return e
}
