package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// MaxWays is how many callers of one function are distinguished where they decide
// together; the answer for more is that for any of them.
const MaxWays = 400

// Evaluator computes the values of expressions, backwards along the flow of data.
type Evaluator struct {
	fixpoint.Memo
	Prog      *program.Program
	feasibles fixpoint.Contextual[*parse.Func, *defuse.Feasible]
	// OpenParams is set when a parameter of the outermost function was met while no
	// frame says who calls it.
	OpenParams map[*parse.Func]bool
	// Symbolic keeps the names of macros that stand for plain numbers.
	Symbolic bool
	// Reachability leaves out what is assigned where control cannot come on the way of
	// calling that is asked about; nil leaves out nothing.
	Reachability *IntEval
	// conds evaluates conditions, see Conditions.
	conds *IntEval
	// PathPoints are the places, one a function, that control comes to on the way that
	// is asked about: what the branches there say holds for what was chosen on the
	// way. Memo.Narrowed is set once that left something out.
	PathPoints map[*program.FuncInfo]*parse.Expr
	// Way is how control goes on after the query point, where that is known: what the
	// branches say further on holds as well.
	Way []Step
}

// What is asked.
const (
	queryValue uint8 = iota
	queryObject
	queryFamily
	queryStored // what a function stores through a pointer parameter
	queryFilled // the family of the address that it stores there
	queryPassed // what all callers pass for a parameter
)

// intQuery is what an IntEval is asked.
type intQuery struct {
	e     *parse.Expr
	frame *callgraph.Frame
}

// answer returns the answer to a question, which find works out unless it is known.
func (ev *Evaluator) answer(q fixpoint.Query, fr *callgraph.Frame, find func() value.Values) value.Values {
	return ev.Answer(q, fr, ev.PathPoints != nil, find)
}

// fromMemory returns what memory holds under that key, found out at most once a session.
func (ev *Evaluator) fromMemory(key string, find func() value.Values) value.Values {
	return ev.FromMemory(key, func() value.Values {
		points := ev.PathPoints
		ev.PathPoints = nil
		v := find()
		ev.PathPoints = points
		return v
	})
}

// note records what decides the answer at hand.
func (ev *Evaluator) note(fi *program.FuncInfo, off int, format string, args ...any) {
	ev.Trail.Note(fi, off, format, args...)
}

const (
	tooMuch   = "there is too much to follow"
	tooNested = "calls are nested too deep"
)

// New returns an evaluator for one program.
func New(p *program.Program, s *fixpoint.Session) *Evaluator {
	return &Evaluator{
		Prog: p, Memo: fixpoint.NewMemo(s), feasibles: fixpoint.NewContextual[*parse.Func, *defuse.Feasible](),
		OpenParams: map[*parse.Func]bool{},
	}
}
