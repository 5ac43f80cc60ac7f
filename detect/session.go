package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// frame says through which call a function was entered; nil means any.
type frame struct {
	call ref // the call, in the caller
	up   *frame
	n    int // how many calls these are
}

func newFrame(call ref, up *frame) *frame { return &frame{call, up, up.depth() + 1} }

func (f *frame) depth() int {
	if f == nil {
		return 0
	}
	return f.n
}

// Bounds of the evaluation. They are far above what real code needs (the
// deepest chain seen had six calls) and keep hostile input harmless.
const (
	maxEvalDepth = 60
	maxEvalSteps = 4000
	maxSiteSteps = 30000
	maxCallers   = 40
	maxFrames    = 64
)

// evaluator folds expressions to values, backwards along the flow of data.
type evaluator struct {
	p       *program
	steps   int
	trail   *trail // of the answer at hand
	memo    contextual[question, told]
	spot    map[asked]told // answers for the spots alone
	partial contextual[question, part]
	sess    *session
	lives   contextual[*parse.Func, *live]
	// open is set when a parameter of the outermost function was met while no
	// frame says who calls it.
	open map[*parse.Func]bool
	// symbolic keeps the names of macros that stand for plain numbers.
	symbolic bool
	// ways leaves out what is assigned where control cannot come on the way of
	// calling that is asked about; nil leaves out nothing.
	ways *folder
	// conds evaluates conditions, for live.
	conds *folder
	// spots are the places, one a function, that control comes to on the way that
	// is asked about: what the branches there say holds for what was chosen on the
	// way. narrowed is set once that left something out.
	spots    map[*funcInfo]*parse.Expr
	narrowed bool
}

// question is what an evaluator is asked about an expression, or about a
// declaration, in a function that was entered in one of several ways.
type question struct {
	e    *parse.Expr
	d    *parse.Decl
	path string // below it
	ask  uint8
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
	question
	frame *frame
	ev    *evaluator
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
	v     values
	trail *trail
}

// part is an answer that lacks a part of the answer to the question at a place.
type part struct {
	told
	lowest int
	frame  *frame
}

// keptPart is where a part is kept.
type keptPart struct {
	asked
	low int
}

const complete = 1 << 30

func newAsking() asking { return asking{waiting: map[asked]int{}, lowest: complete} }

// answer returns the answer to a question, which find works out unless it is known.
func (ev *evaluator) answer(q question, fr *frame, find func() values) values {
	s := ev.sess
	key := asked{q, fr, ev}
	if ev.spots != nil {
		if v, ok := ev.spot[key]; ok {
			s.lookAll()
			ev.narrowed = true
			ev.trail.follow(v.trail)
			return v.v
		}
	}
	if v, ok := ev.memo.get(s, q, fr); ok {
		ev.trail.follow(v.trail)
		return v.v
	}
	if i, ok := s.waiting[key]; ok {
		s.lowest = min(s.lowest, i)
		return values{}
	}
	low := s.low
	if t, ok := ev.partial.get(s, q, fr); ok {
		if t.frame == fr || s.strict == 0 {
			s.lowest = min(s.lowest, t.lowest)
			s.crossed = s.crossed || t.frame != fr
			ev.trail.follow(t.trail)
			return t.v
		}
		s.low = low
	}
	if len(s.waiting) > maxEvalDepth {
		return values{}
	}
	narrowed, outer := ev.narrowed, ev.trail
	s.low, ev.narrowed, ev.trail = untouched, false, &trail{}
	v, lowest := s.find(key, find)
	a := told{v, ev.trail}
	switch {
	case lowest != complete:
		ev.partial.put(s, q, fr, s.low, part{a, lowest, fr})
		s.order = append(s.order, keptPart{key, s.low})
	case ev.narrowed:
		ev.spot[key] = a
	default:
		ev.memo.put(s, q, fr, s.low, a)
	}
	s.low, ev.narrowed, ev.trail = min(low, s.low), narrowed || ev.narrowed, outer
	outer.follow(a.trail)
	return v
}

// find works out the answer to a question. lowest is complete unless the answer
// lacks a part of the one at that place.
func (s *session) find(key asked, find func() values) (v values, lowest int) {
	place, outer, crossed, given := len(s.waiting), s.lowest, s.crossed, len(s.order)
	s.waiting[key], s.lowest, s.crossed = place, complete, false
	v = find()
	if lowest = s.lowest; lowest < place {
		delete(s.waiting, key)
		s.lowest, s.crossed = min(outer, lowest), crossed || s.crossed
		return v, lowest
	}
	s.forget(given)
	if s.crossed && key.frame != nil && s.low <= key.frame.depth() {
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
func (s *session) forget(n int) {
	for _, k := range s.order[n:] {
		if k.ev == nil {
			delete(s.sets, k.path)
		} else {
			k.ev.partial.delete(s, k.question, k.frame, k.low)
		}
	}
	s.order = s.order[:n]
}

// busyKey is what a folder is asked.
type busyKey struct {
	e     *parse.Expr
	frame *frame
}

// session is what the evaluations for one site share: what members and
// globals hold, which depends on no way of calling, and the bound on all of
// them together. It is not shared between sites: in what order they are
// worked on must not show.
type session struct {
	steps  int
	sets   map[string]*held
	frames map[frame]*frame
	low    int // the outermost place of a frame that the answer at hand depends on; see look
	asking
}

// held is a fact about memory and the evidence that led to it.
type held struct {
	v      values
	trail  *trail
	lowest int // see part
}

func newSession() *session {
	return &session{sets: map[string]*held{}, frames: map[frame]*frame{}, low: untouched, asking: newAsking()}
}

// into returns the frame of a call that enters fn, in a function that was entered
// through up. A function that is entered again before it was left is recursive:
// it is taken to be entered by any call.
func (s *session) into(fn *parse.Func, call ref, up *frame) *frame {
	if call.fi.fn == fn {
		return nil
	}
	for fr := up; fr != nil; fr = fr.up {
		if fr.call.fi.fn == fn {
			return nil
		}
	}
	return s.enter(call, up)
}

// enter returns the frame of a call in a function that was entered through up,
// the same one each time: questions are told apart by their frames.
func (s *session) enter(call ref, up *frame) *frame {
	key := frame{call, up, 0}
	fr := s.frames[key]
	if fr == nil {
		fr = newFrame(call, up)
		s.frames[key] = fr
	}
	return fr
}

// recall returns the fact of that key, found out at most once a session. What
// memory holds depends on no way of calling and on no spot.
func (ev *evaluator) recall(key string, find func() values) values {
	s, at := ev.sess, asked{question: question{path: key}}
	h := s.sets[key]
	if h == nil {
		if i, ok := s.waiting[at]; ok {
			s.lowest = min(s.lowest, i)
			return values{} // a cycle adds nothing
		}
		outer, spots, low := ev.trail, ev.spots, s.low
		ev.trail, ev.spots = &trail{}, nil
		h = &held{}
		h.v, h.lowest = s.find(at, find)
		if h.lowest != complete {
			s.order = append(s.order, keptPart{asked: at})
		}
		h.trail = ev.trail
		ev.trail, ev.spots, s.low = outer, spots, low
		s.sets[key] = h
	}
	if h.lowest != complete {
		s.lowest = min(s.lowest, h.lowest)
	}
	ev.trail.follow(h.trail)
	return h.v
}

// spent counts a step and reports whether the bound is reached.
func (ev *evaluator) spent() bool {
	ev.steps++
	ev.sess.steps++
	return ev.steps > maxEvalSteps || ev.sess.steps > maxSiteSteps
}

func (p *program) evaluator(s *session) *evaluator {
	return &evaluator{
		p: p, sess: s, memo: newContextual[question, told](), spot: map[asked]told{}, partial: newContextual[question, part](), lives: newContextual[*parse.Func, *live](),
		open: map[*parse.Func]bool{}, trail: &trail{},
	}
}

// functionsAt returns the functions that an expression can point to.
func functionsAt(p *program, fi *funcInfo, e *parse.Expr) []*parse.Func {
	return p.functionsOf(p.evaluator(newSession()).eval(fi, e, nil))
}

// src is the text of an expression as it stands, blanks folded.
func (fi *funcInfo) src(e *parse.Expr) string {
	s := strings.Join(strings.Fields(string(fi.fn.File.Src[e.Pos:e.End])), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}
