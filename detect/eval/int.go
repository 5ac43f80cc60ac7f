package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// IntEval computes with numbers what the flags and switches of a function are on
// one way of calling it. Where the evaluator asks which constant a value can be,
// and takes what is known for the rest, IntEval must leave nothing out: what it
// cannot follow is open.
type IntEval struct {
	Prog            *program.Program
	Sess            *fixpoint.Session
	ev              *Evaluator // set where it is asked what a socket is; nil where that is TCP
	Steps           int
	busy            map[intQuery]bool
	memo            fixpoint.Contextual[*parse.Expr, value.Ints]
	came            fixpoint.Contextual[*parse.Expr, bool]
	whole           bool                  // the pointer at hand is advanced: it stands for all elements of its array
	CallerDependent map[*parse.Func]bool  // functions of which it matters who calls them
	held            map[string]value.Ints // what globals and members hold, which depends on no way of calling
}

// DependsLike notes that numbers depend on the callers on which the answers of an evaluator do: those
// of the functions whose parameters it met without a frame (OpenParams).
func (f *IntEval) DependsLike(ev *Evaluator) {
	for fn := range ev.OpenParams {
		f.CallerDependent[fn] = true
	}
}

// maxFoldUnits is in how many files a name may stand for what is stored under it
// to be looked for.
const maxFoldUnits = 12

// MaxFoldSteps is how many steps are taken to find out one number; after them it
// can be any.
const MaxFoldSteps = 3000

// NewIntEval returns an evaluator of numbers whose answers are kept in the session.
func NewIntEval(p *program.Program, s *fixpoint.Session) *IntEval {
	return &IntEval{Prog: p, Sess: s, busy: map[intQuery]bool{}, memo: fixpoint.NewContextual[*parse.Expr, value.Ints](),
		came: fixpoint.NewContextual[*parse.Expr, bool](), CallerDependent: map[*parse.Func]bool{}, held: map[string]value.Ints{}}
}

// Eval returns the numbers that e can be in fi, entered through fr.
func (f *IntEval) Eval(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	e = e.Strip()
	if f.Steps++; e == nil || f.Steps > MaxFoldSteps {
		return value.Ints{Open: true}
	}
	if v, ok := f.memo.Get(f.Sess, e, fr); ok {
		return v
	}
	key := intQuery{e, fr}
	if f.busy[key] {
		return value.Ints{Loop: true} // the same value once more, unless something is done to it
	}
	f.busy[key] = true
	var v value.Ints
	low := f.Sess.TrackDependencies(func() { v = f.evalKind(fi, e, fr) })
	delete(f.busy, key)
	if len(f.busy) == 0 {
		v.Loop = false
	}
	if !v.Loop {
		f.memo.Put(f.Sess, e, fr, low, v)
	}
	return v
}

func (f *IntEval) evalKind(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	switch e.Kind {
	case parse.XNumber:
		if n, ok := value.ParseInt(e.Name); ok {
			return value.IntOf(n)
		}
	case parse.XChar:
		if n, ok := value.ParseChar(e.Name); ok {
			return value.IntOf(n)
		}
	case parse.XIdent:
		return f.ident(fi, e, fr)
	case parse.XMember:
		return f.member(fi, e, fr)
	case parse.XAssign:
		if e.Op == token.Assign {
			return f.Eval(fi, e.Y, fr)
		}
	case parse.XComma:
		return f.Eval(fi, e.Args[len(e.Args)-1], fr)
	case parse.XCompound:
		if x := e.X; x != nil && x.Kind == parse.XInit && len(x.Args) == 1 && x.Args[0].Kind != parse.XDesig {
			return f.Eval(fi, x.Args[0], fr) // (int){ 1 }
		}
	case parse.XUnary:
		switch e.Op {
		case token.And:
			if x := e.X.Strip(); x != nil && (x.Kind == parse.XCompound || x.Kind == parse.XIdent || x.Kind == parse.XMember) {
				return f.Eval(fi, x, fr) // of a value that is handed over by its address
			}
		case token.Sub, token.Tilde:
			return value.Pairwise(f.Eval(fi, e.X, fr), value.IntOf(0), func(a, _ int64) (int64, bool) {
				if e.Op == token.Sub {
					return -a, true
				}
				return ^a, true
			})
		case token.Not:
			return value.Bools(f.Outcome(fi, e, fr))
		}
	case parse.XCond:
		return f.choice(fi, e, fr)
	case parse.XBinary:
		switch e.Op {
		case token.AndAnd, token.OrOr, token.EqEq, token.NotEq, token.Lt, token.Gt, token.Le, token.Ge:
			return value.Bools(f.Outcome(fi, e, fr))
		}
		x, y := f.Eval(fi, e.X, fr), f.Eval(fi, e.Y, fr)
		if e.Op == token.And && (x.Only(0) || y.Only(0)) {
			return value.IntOf(0)
		}
		return value.Pairwise(x, y, func(a, b int64) (int64, bool) { return value.Compute(e.Op, a, b) })
	case parse.XCall:
		return f.result(fi, e, fr)
	}
	return value.Ints{Open: true}
}

// choice folds c ? x : y and c ?: y by the outcomes that c can have.
func (f *IntEval) choice(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) (v value.Ints) {
	yes, no := f.Outcome(fi, e.X, fr)
	if yes {
		if e.Y != nil {
			v.Join(f.Eval(fi, e.Y, fr))
		} else {
			v.Join(f.Eval(fi, e.X, fr))
		}
	}
	if no {
		v.Join(f.Eval(fi, e.Z, fr))
	}
	return v
}

// ident folds a name: a constant of the tree or a variable.
func (f *IntEval) ident(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame) value.Ints {
	if d := fi.Lookup(e.Name, e.Pos); d != nil {
		return f.local(fi, d, e, fr)
	}
	if u, ok := inUser(f.Prog, f.Sess, fi, e.Name, fr); ok {
		return f.Eval(u.In, u.Expr, fr.Up)
	}
	if e.Name == program.NullName {
		return value.IntOf(0)
	}
	if v, ok := f.namedConstant(fi, e.Name, fr); ok {
		return v
	}
	if g := f.Prog.Global(fi.File, e.Name); g != nil {
		return f.global(g)
	}
	return value.Ints{Open: true}
}

// namedConstant folds a name that is no variable's: a truth value or a constant of the tree.
func (f *IntEval) namedConstant(fi *program.FuncInfo, name string, fr *callgraph.Frame) (v value.Ints, ok bool) {
	switch name {
	case "true", "TRUE":
		return value.IntOf(1), true
	case "false", "FALSE":
		return value.IntOf(0), true
	}
	defs := f.Prog.Constants(fi.File, name)
	return f.constant(name, defs, fr), len(defs) > 0
}

// constant folds a macro or an enumerator. A macro whose definition in the tree is a
// default (#ifndef) can have another value.
func (f *IntEval) constant(name string, defs []program.ConstDef, fr *callgraph.Frame) (v value.Ints) {
	for _, c := range defs {
		switch {
		case c.Macro != nil && c.Macro.IsDefault():
			v.Open = true
		case c.Macro != nil || c.Expr != nil:
			v.Join(f.Eval(c.FileScope(), c.Expr, fr))
		default:
			v.Join(f.enumerator(c.Host.File, name))
		}
	}
	return v
}

// enumerator is the value of one that stands without: one more than the one
// before it.
func (f *IntEval) enumerator(u *program.File, name string) value.Ints {
	list := u.Tree().DeclsNaming(name)
	for i, d := range list {
		if !d.Enum || d.Name != name || d.Init != nil {
			continue
		}
		for k := i; k >= 0 && list[k].Enum; k-- {
			from := list[k]
			if from.Init == nil && from.Index > 0 {
				continue
			}
			base := value.IntOf(0)
			if from.Init != nil {
				base = f.Eval(&program.FuncInfo{Func: &parse.Func{File: u.Tree()}, File: u}, from.Init, nil)
			}
			return value.Pairwise(base, value.IntOf(int64(d.Index-from.Index)), func(a, b int64) (int64, bool) { return a + b, true })
		}
	}
	return value.Ints{Open: true}
}
