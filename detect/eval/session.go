package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// Bounds of the evaluation. They are far above what real code needs (the
// deepest chain seen had six calls) and keep hostile input harmless.
const (
	maxEvalDepth = 60
	maxEvalSteps = 4000
	maxSiteSteps = 30000
	MaxCallers   = 40
	maxFrames    = 64
)

// Evaluator computes the values of expressions, backwards along the flow of data.
type Evaluator struct {
	Prog      *program.Program
	Steps     int
	Trail     *Trail // of the answer at hand
	memo      contextual[query, told]
	spot      map[asked]told // answers for the spots alone
	partial   contextual[query, part]
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
// that leads back to itself adds nothing to its own answer. What was answered on
// the way, while the first question of a component waited, may lack a part of that
// one's answer: it is good for the first one only, and forgotten with it.
//
// Such an answer does not know yet whether the part that it lacks depends on the
// way of calling. It is shared as if that did not: where it turns out that it
// does, the first question is asked once more without sharing.
type asking struct {
	waiting map[asked]int // the questions that wait for answers, by their place in the row
	lowest  int           // the place of the first question that the answer at hand lacks
	order   []keptPart    // the answers that lack something, in the order in which they were given
	crossed bool          // one of them was used for another way of calling
	strict  int           // is not 0 where they are not shared
}

// told is an answer with its evidence.
type told struct {
	v     value.Values
	trail *Trail
}

// part is an answer that lacks a part of the answer to the question at a place.
type part struct {
	told
	lowest int
	frame  *callgraph.Frame
}

// keptPart is where a part is kept.
type keptPart struct {
	asked
	low int
}

const complete = 1 << 30

func newAsking() asking { return asking{waiting: map[asked]int{}, lowest: complete} }

// answer returns the answer to a question, which find works out unless it is known.
func (ev *Evaluator) answer(q query, fr *callgraph.Frame, find func() value.Values) value.Values {
	s := ev.Sess
	key := asked{q, fr, ev}
	if ev.PathPoints != nil {
		if v, ok := ev.spot[key]; ok {
			s.LookAll()
			ev.pruned = true
			ev.Trail.follow(v.trail)
			return v.v
		}
	}
	if v, ok := ev.memo.get(s, q, fr); ok {
		ev.Trail.follow(v.trail)
		return v.v
	}
	if i, ok := s.waiting[key]; ok {
		s.lowest = min(s.lowest, i)
		return value.Values{}
	}
	low := s.low
	if t, ok := ev.partial.get(s, q, fr); ok {
		if t.frame == fr || s.strict == 0 {
			s.lowest = min(s.lowest, t.lowest)
			s.crossed = s.crossed || t.frame != fr
			ev.Trail.follow(t.trail)
			return t.v
		}
		s.low = low
	}
	if len(s.waiting) > maxEvalDepth {
		return value.Values{}
	}
	narrowed, outer := ev.pruned, ev.Trail
	s.low, ev.pruned, ev.Trail = untouched, false, &Trail{}
	v, lowest := s.find(key, find)
	a := told{v, ev.Trail}
	switch {
	case lowest != complete:
		ev.partial.put(s, q, fr, s.low, part{a, lowest, fr})
		s.order = append(s.order, keptPart{key, s.low})
	case ev.pruned:
		ev.spot[key] = a
	default:
		ev.memo.put(s, q, fr, s.low, a)
	}
	s.low, ev.pruned, ev.Trail = min(low, s.low), narrowed || ev.pruned, outer
	outer.follow(a.trail)
	return v
}

// find works out the answer to a question. lowest is complete unless the answer
// lacks a part of the one at that place.
func (s *Session) find(key asked, find func() value.Values) (v value.Values, lowest int) {
	place, outer, crossed, given := len(s.waiting), s.lowest, s.crossed, len(s.order)
	s.waiting[key], s.lowest, s.crossed = place, complete, false
	v = find()
	if lowest = s.lowest; lowest < place {
		delete(s.waiting, key)
		s.lowest, s.crossed = min(outer, lowest), crossed || s.crossed
		return v, lowest
	}
	s.forget(given)
	if s.crossed && key.frame != nil && s.low <= key.frame.Depth() {
		s.strict++
		v = find()
		s.strict--
		s.forget(given)
	}
	delete(s.waiting, key)
	s.lowest, s.crossed = outer, crossed
	return v, complete
}

// forget drops the partial answers from the nth on.
func (s *Session) forget(n int) {
	for _, k := range s.order[n:] {
		if k.ev == nil {
			delete(s.sets, k.path)
		} else {
			k.ev.partial.delete(s, k.query, k.frame, k.low)
		}
	}
	s.order = s.order[:n]
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
	sets   map[string]*memoryFact
	frames map[callgraph.Frame]*callgraph.Frame
	low    int // the outermost place of a frame that the answer at hand depends on; see look
	asking
}

// memoryFact is a fact about memory and the evidence that led to it.
type memoryFact struct {
	values value.Values
	trail  *Trail
	lowest int // see part
}

func NewSession() *Session {
	return &Session{sets: map[string]*memoryFact{}, frames: map[callgraph.Frame]*callgraph.Frame{}, low: untouched, asking: newAsking()}
}

// Into returns the frame of a call that enters fn, in a function that was entered
// through up. A function that is entered again before it was left is recursive:
// it is taken to be entered by any call.
func (s *Session) Into(fn *parse.Func, call program.Ref, up *callgraph.Frame) *callgraph.Frame {
	if call.In.Func == fn {
		return nil
	}
	for fr := up; fr != nil; fr = fr.Up {
		if fr.Call.In.Func == fn {
			return nil
		}
	}
	return s.Enter(call, up)
}

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
	h := s.sets[key]
	if h == nil {
		if i, ok := s.waiting[at]; ok {
			s.lowest = min(s.lowest, i)
			return value.Values{} // a cycle adds nothing
		}
		outer, spots, low := ev.Trail, ev.PathPoints, s.low
		ev.Trail, ev.PathPoints = &Trail{}, nil
		h = &memoryFact{}
		h.values, h.lowest = s.find(at, find)
		if h.lowest != complete {
			s.order = append(s.order, keptPart{asked: at})
		}
		h.trail = ev.Trail
		ev.Trail, ev.PathPoints, s.low = outer, spots, low
		s.sets[key] = h
	}
	if h.lowest != complete {
		s.lowest = min(s.lowest, h.lowest)
	}
	ev.Trail.follow(h.trail)
	return h.values
}

// overBudget counts a step and reports whether the bound is reached.
func (ev *Evaluator) overBudget() bool {
	ev.Steps++
	ev.Sess.steps++
	return ev.Steps > maxEvalSteps || ev.Sess.steps > maxSiteSteps
}

func New(p *program.Program, s *Session) *Evaluator {
	return &Evaluator{
		Prog: p, Sess: s, memo: newContextual[query, told](), spot: map[asked]told{}, partial: newContextual[query, part](), feasibles: newContextual[*parse.Func, *defuse.Feasible](),
		OpenParams: map[*parse.Func]bool{}, Trail: &Trail{},
	}
}

// FunctionsAt returns the functions that an expression can point to.
func FunctionsAt(p *program.Program, fi *program.FuncInfo, e *parse.Expr) []*parse.Func {
	return callgraph.FunctionsAmong(p, New(p, NewSession()).Eval(fi, e, nil))
}
