package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// MaxWays is how many callers of one function are told apart where they decide
// together; the answer for more is that for any of them.
const MaxWays = 400

// Evaluator computes the values of expressions, backwards along the flow of data.
type Evaluator struct {
	Prog      *program.Program
	Trail     *Trail // of the answer at hand
	memo      contextual[query, told]
	spot      map[asked]told // answers for the spots alone
	partial   contextual[query, told]
	Sess      *Session
	feasibles contextual[*parse.Func, *defuse.Feasible]
	// OpenParams is set when a parameter of the outermost function was met while no
	// frame says who calls it.
	OpenParams map[*parse.Func]bool
	// Symbolic keeps the names of macros that stand for plain numbers.
	Symbolic bool
	// Reachability leaves out what is assigned where control cannot come on the way of
	// calling that is asked about; nil leaves out nothing.
	Reachability *IntEval
	// conds evaluates conditions, for live.
	conds *IntEval
	// PathPoints are the places, one a function, that control comes to on the way that
	// is asked about: what the branches there say holds for what was chosen on the
	// way. pruned is set once that left something out.
	PathPoints map[*program.FuncInfo]*parse.Expr
	pruned     bool
	// Way is how control goes on behind the query point, where that is known: what the
	// branches say further on holds as well.
	Way []Step
}

// query is what an evaluator is asked about an expression, or about a
// declaration, in a function that was entered in one of several ways.
type query struct {
	e    *parse.Expr
	d    *parse.Decl
	path string // below it
	kind uint8
}

// What is asked.
const (
	askValue uint8 = iota
	askObject
	askFamily
	askStored // what a function stores through a pointer parameter
	askFilled // the family of the address that it stores there
	askPassed // what all callers pass for a parameter
)

// asked is a question with the way of calling, and who is asked; nobody where it is
// one about memory, by the key that is the path.
type asked struct {
	query
	frame *callgraph.Frame
	ev    *Evaluator
}

// asking is the state of the search through questions that lead to each other: a
// depth-first search for strongly connected components (Tarjan 1972). A question
// that leads back to itself is answered there with what is known of it so far, at
// first with nothing. The first question of a component is asked again until that
// was right for all that were met in this way: then all answers of the component
// are complete. The lattice is of finite height, so this ends (Kleene).
type asking struct {
	waiting map[asked]int  // the questions that wait for answers, by their place in the row
	lowest  int            // the place of the first question that the answer at hand rests on
	parts   []part         // the answers of the components at hand, in the order in which they were given
	met     []met          // the questions that were met while they waited
	before  map[asked]told // how these were answered in the pass before
}

// told is an answer with its evidence.
type told struct {
	v        value.Values
	trail    *Trail
	low      int  // see session.low
	narrowed bool // it holds for the spots alone
	lowest   int  // complete, or the place of the question that it rests on
}

// part is an answer that rests on that of a question which waits.
type part struct {
	asked
	told
}

// met is a question that was met while it waited, and the answer that was given.
type met struct {
	asked
	told
}

const complete = 1 << 30

func newAsking() asking {
	return asking{waiting: map[asked]int{}, lowest: complete, before: map[asked]told{}}
}

// answer returns the answer to a question, which find works out unless it is known.
func (ev *Evaluator) answer(q query, fr *callgraph.Frame, find func() value.Values) value.Values {
	s := ev.Sess
	key := asked{q, fr, ev}
	if ev.PathPoints != nil {
		if a, ok := ev.spot[key]; ok {
			s.LookAll()
			ev.pruned = true
			ev.Trail.follow(a.trail)
			return a.v
		}
	}
	if a, ok := ev.memo.get(s, q, fr); ok {
		ev.Trail.follow(a.trail)
		return a.v
	}
	if place, ok := s.waiting[key]; ok {
		return ev.meet(key, place).v
	}
	if a, ok := ev.partial.get(s, q, fr); ok {
		s.lowest = min(s.lowest, a.lowest)
		ev.pruned = ev.pruned || a.narrowed
		ev.Trail.follow(a.trail)
		return a.v
	}
	if len(s.waiting) > value.Bound.Depth {
		return s.leftOut("values were followed too deep")
	}
	low, narrowed, trail := s.low, ev.pruned, ev.Trail
	a := ev.find(key, find)
	switch {
	case a.lowest != complete:
		ev.partial.put(s, q, fr, a.low, a)
		s.parts = append(s.parts, part{key, a})
	case a.narrowed:
		ev.spot[key] = a
	default:
		ev.memo.put(s, q, fr, a.low, a)
	}
	s.low, ev.pruned, ev.Trail = min(low, a.low), narrowed || a.narrowed, trail
	trail.follow(a.trail)
	return a.v
}

// meet answers a question that waits for its answer.
func (ev *Evaluator) meet(key asked, place int) told {
	s := ev.Sess
	a, ok := s.before[key]
	if !ok {
		a.low = untouched
	}
	s.lowest, s.low = min(s.lowest, place), min(s.low, a.low)
	ev.pruned = ev.pruned || a.narrowed
	s.met = append(s.met, met{key, a})
	return a
}

// find works out the answer to a question, and to all that lead back to it.
func (ev *Evaluator) find(key asked, find func() value.Values) told {
	s := ev.Sess
	place, outer, parts, mets := len(s.waiting), s.lowest, len(s.parts), len(s.met)
	for pass := 0; ; pass++ {
		s.waiting[key], s.lowest = place, complete
		s.low, ev.pruned, ev.Trail = untouched, false, &Trail{}
		v := find()
		delete(s.waiting, key)
		a := told{v, ev.Trail, s.low, ev.pruned, complete}
		if s.lowest < place {
			a.lowest = s.lowest
			s.lowest = min(outer, s.lowest)
			return a
		}
		s.lowest = outer
		if len(s.met) == mets {
			return a
		}
		settled := s.settle(append(s.parts[parts:len(s.parts):len(s.parts)], part{key, a}), s.met[mets:])
		if !settled && pass >= value.Bound.Passes {
			s.leftOut("values that depend on each other come to no end")
			settled = true
		}
		for _, p := range s.parts[parts:] {
			p.drop(s)
			if settled {
				p.lowest = complete
				p.keep(s)
			}
		}
		if settled {
			for _, m := range s.met[mets:] {
				delete(s.before, m.asked)
			}
		}
		s.parts, s.met = s.parts[:parts], s.met[:mets]
		if settled {
			return a
		}
	}
}

// settle reports whether the questions that were met were answered there as they
// are now, and notes their answers for the next pass.
func (s *Session) settle(parts []part, list []met) bool {
	now := map[asked]told{}
	for _, p := range parts {
		now[p.asked] = p.told
	}
	settled := true
	for _, m := range list {
		a := now[m.asked]
		if !a.v.Equal(m.v) || a.low != m.low {
			settled = false
		}
		s.before[m.asked] = a
	}
	return settled
}

// drop forgets an answer, and keep notes one that is complete.
func (p *part) drop(s *Session) {
	if p.ev == nil {
		delete(s.sets, p.path)
	} else {
		p.ev.partial.delete(s, p.query, p.frame, p.low)
	}
}

func (p *part) keep(s *Session) {
	switch {
	case p.ev == nil:
		s.sets[p.path] = p.told
	case p.narrowed:
		p.ev.spot[p.asked] = p.told
	default:
		p.ev.memo.put(s, p.query, p.frame, p.low, p.told)
	}
}

// intQuery is what an IntEval is asked.
type intQuery struct {
	e     *parse.Expr
	frame *callgraph.Frame
}

// Session is what the evaluations for one site share: what members and
// globals hold, which depends on no way of calling, and the bound on all of
// them together. It is not shared between sites: in what order they are
// worked on must not show.
type Session struct {
	steps  int
	sets   map[string]told
	frames map[callgraph.Frame]*callgraph.Frame
	Lacks  value.Incomplete // why an answer lacks something
	low    int              // the outermost place of a frame that the answer at hand depends on; see look
	asking
}

func NewSession() *Session {
	return &Session{sets: map[string]told{}, frames: map[callgraph.Frame]*callgraph.Frame{}, low: untouched, asking: newAsking()}
}

// Into returns the frame of a call that enters fn, in a function that was entered
// through up. A function that is entered again before it was left is recursive:
// it is taken to be entered by any call.
func (s *Session) Into(fn *parse.Func, call program.Ref, up *callgraph.Frame) *callgraph.Frame {
	if sameFunc(call.In.Func, fn) {
		return nil
	}
	for fr := up; fr != nil; fr = fr.Up {
		if sameFunc(fr.Call.In.Func, fn) {
			return nil
		}
	}
	return s.Enter(call, up)
}

// sameFunc reports whether two trees are of one function, in two selections of #if
// branches.
func sameFunc(f, g *parse.Func) bool { return f == g || f.File == g.File && f.Start == g.Start }

// Enter returns the frame of a call in a function that was entered through up,
// the same one each time: questions are told apart by their frames.
func (s *Session) Enter(call program.Ref, up *callgraph.Frame) *callgraph.Frame {
	key := callgraph.Frame{Call: call, Up: up, N: 0}
	fr := s.frames[key]
	if fr == nil {
		fr = callgraph.NewFrame(call, up)
		s.frames[key] = fr
	}
	return fr
}

// fromMemory returns the fact of that key, found out at most once a session. What
// memory holds depends on no way of calling and on no spot.
func (ev *Evaluator) fromMemory(key string, find func() value.Values) value.Values {
	s, at := ev.Sess, asked{query: query{path: key}}
	a, ok := s.sets[key]
	if !ok {
		spots, low, narrowed, trail := ev.PathPoints, s.low, ev.pruned, ev.Trail
		if place, ok := s.waiting[at]; ok {
			a = ev.meet(at, place)
			s.low, ev.pruned = low, narrowed
			return a.v
		}
		ev.PathPoints = nil
		a = ev.find(at, find)
		ev.PathPoints, s.low, ev.pruned, ev.Trail = spots, low, narrowed, trail
		a.low, a.narrowed = untouched, false
		if a.lowest != complete {
			s.parts = append(s.parts, part{at, a})
		}
		s.sets[key] = a
	} else if a.lowest != complete {
		s.lowest = min(s.lowest, a.lowest)
	}
	ev.Trail.follow(a.trail)
	return a.v
}

// leftOut notes that the answer at hand lacks something.
func (s *Session) leftOut(reason value.Incomplete) value.Values {
	s.Lacks.Because(reason)
	return value.Values{Unknown: string(reason)}
}

// overBudget counts a step and reports whether the bound is reached.
func (ev *Evaluator) overBudget() bool {
	ev.Sess.steps++
	return ev.Sess.steps > value.Bound.Steps
}

const (
	tooMuch   value.Incomplete = "there is too much to follow"
	tooNested value.Incomplete = "calls are nested too deep"
)

func New(p *program.Program, s *Session) *Evaluator {
	return &Evaluator{
		Prog: p, Sess: s, memo: newContextual[query, told](), spot: map[asked]told{}, partial: newContextual[query, told](), feasibles: newContextual[*parse.Func, *defuse.Feasible](),
		OpenParams: map[*parse.Func]bool{}, Trail: &Trail{},
	}
}

// FunctionsAt returns the functions that an expression can point to.
func FunctionsAt(p *program.Program, fi *program.FuncInfo, e *parse.Expr) callgraph.Functions {
	s := NewSession()
	fns := callgraph.FunctionsAmong(p, New(p, s).Eval(fi, e, nil))
	return callgraph.Functions{List: fns, Lacks: s.Lacks}
}
