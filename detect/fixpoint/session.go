// Package fixpoint answers questions about values that lead to each other, each once.
//
// An answer is kept under its question and under the calls of the context that it
// depends on (Contextual), for one Session, which is one site. Questions that lead back
// to each other are found by a depth-first search for strongly connected components
// (Tarjan, 1972) and asked again until their answers no longer change: the least fixpoint
// (Kleene), which exists since values form a lattice of finite height. With each
// answer goes its evidence, a Trail.
//
// What a limit of value.Bound leaves out is noted in Session.Incomplete. A result depends
// neither on time nor on the number of workers. The package does not know how C is
// evaluated: that is detect/eval.
package fixpoint

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// Query is what is asked about an expression, or about a declaration, in a function
// that was entered in one of several ways.
type Query struct {
	Expr *parse.Expr
	Decl *parse.Decl
	Path string // below it
	Kind uint8  // what is asked: the asker's own numbers
}

// Memo keeps the answers that one asker was given.
type Memo struct {
	Sess  *Session
	Trail *Trail // of the answer at hand
	// Narrowed is set by an answer that holds for the query point alone: the branches
	// that lead there left something out.
	Narrowed bool
	kept     Contextual[Query, answer]
	spot     map[queryKey]answer // answers for the query point alone
	partial  Contextual[Query, answer]
}

// NewMemo returns a memo without answers.
func NewMemo(s *Session) Memo {
	return Memo{Sess: s, Trail: &Trail{}, kept: NewContextual[Query, answer](),
		spot: map[queryKey]answer{}, partial: NewContextual[Query, answer]()}
}

// queryKey is a question with the way of calling and the memo that it was put to; nil for
// a question about memory, whose key is the path.
type queryKey struct {
	Query
	frame *callgraph.Frame
	by    *Memo
}

// sccSearch is the state of the search through questions that lead to each other: a
// depth-first search for strongly connected components (Tarjan 1972). A question
// that leads back to itself is answered there with what is known of it so far, at
// first with nothing. The first question of a component is asked again until that
// was right for all that were met in this way: then all answers of the component
// are complete. The lattice is of finite height, so this ends (Kleene).
type sccSearch struct {
	waiting   map[queryKey]int    // the questions that wait for answers, by their place in the row
	lowest    int                 // the place of the first question that the answer at hand rests on
	partial   []partialAnswer     // the answers of the components at hand, in the order in which they were given
	backEdges []backEdge          // the questions that were met while they waited
	before    map[queryKey]answer // how these were answered in the pass before
}

// answer is a value with its evidence.
type answer struct {
	v        value.Values
	trail    *Trail
	low      int  // see Session.TrackDependencies
	narrowed bool // it holds for the spots alone
	lowest   int  // complete, or the place of the question that it rests on
}

// partialAnswer is an answer that rests on that of a question which waits.
type partialAnswer struct {
	queryKey
	answer
}

// backEdge is a question that was asked again while it waited, and the answer that was given.
type backEdge struct {
	queryKey
	answer
}

const complete = 1 << 30

func newSCCSearch() sccSearch {
	return sccSearch{waiting: map[queryKey]int{}, lowest: complete, before: map[queryKey]answer{}}
}

// Answer returns the answer to a question, which find works out unless it is known.
// With atSpot an answer for the query point alone will do.
func (m *Memo) Answer(q Query, fr *callgraph.Frame, atSpot bool, find func() value.Values) value.Values {
	s := m.Sess
	key := queryKey{q, fr, m}
	if atSpot {
		if a, ok := m.spot[key]; ok {
			s.DependsOnAll()
			m.Narrowed = true
			m.Trail.follow(a.trail)
			return a.v
		}
	}
	if a, ok := m.kept.Get(s, q, fr); ok {
		m.Trail.follow(a.trail)
		return a.v
	}
	if place, ok := s.waiting[key]; ok {
		return m.onBackEdge(key, place).v
	}
	if a, ok := m.partial.Get(s, q, fr); ok {
		s.lowest = min(s.lowest, a.lowest)
		m.Narrowed = m.Narrowed || a.narrowed
		m.Trail.follow(a.trail)
		return a.v
	}
	if len(s.waiting) > value.Bound.Depth {
		return s.MarkIncomplete("values depend on each other too deeply")
	}
	low, narrowed, trail := s.low, m.Narrowed, m.Trail
	a := m.find(key, find)
	switch {
	case a.lowest != complete:
		m.partial.Put(s, q, fr, a.low, a)
		s.partial = append(s.partial, partialAnswer{key, a})
	case a.narrowed:
		m.spot[key] = a
	default:
		m.kept.Put(s, q, fr, a.low, a)
	}
	s.low, m.Narrowed, m.Trail = min(low, a.low), narrowed || a.narrowed, trail
	trail.follow(a.trail)
	return a.v
}

// onBackEdge answers a question that waits for its answer.
func (m *Memo) onBackEdge(key queryKey, place int) answer {
	s := m.Sess
	a, ok := s.before[key]
	if !ok {
		a.low = NoDependency
	}
	s.lowest, s.low = min(s.lowest, place), min(s.low, a.low)
	m.Narrowed = m.Narrowed || a.narrowed
	s.backEdges = append(s.backEdges, backEdge{key, a})
	return a
}

// find works out the answer to a question, and to all that lead back to it.
func (m *Memo) find(key queryKey, find func() value.Values) answer {
	s := m.Sess
	place, outer, parts, mets := len(s.waiting), s.lowest, len(s.partial), len(s.backEdges)
	for pass := 0; ; pass++ {
		s.waiting[key], s.lowest = place, complete
		s.low, m.Narrowed, m.Trail = NoDependency, false, &Trail{}
		v := find()
		delete(s.waiting, key)
		a := answer{v, m.Trail, s.low, m.Narrowed, complete}
		if s.lowest < place {
			a.lowest = s.lowest
			s.lowest = min(outer, s.lowest)
			return a
		}
		s.lowest = outer
		if len(s.backEdges) == mets {
			return a
		}
		settled := s.converged(append(s.partial[parts:len(s.partial):len(s.partial)], partialAnswer{key, a}), s.backEdges[mets:])
		if !settled && pass >= value.Bound.Passes {
			s.MarkIncomplete("values that depend on each other did not converge")
			settled = true
		}
		for _, p := range s.partial[parts:] {
			p.drop(s)
			if settled {
				p.lowest = complete
				p.keep(s)
			}
		}
		if settled {
			for _, x := range s.backEdges[mets:] {
				delete(s.before, x.queryKey)
			}
		}
		s.partial, s.backEdges = s.partial[:parts], s.backEdges[:mets]
		if settled {
			return a
		}
	}
}

// converged reports whether the questions that were met were answered there as they
// are now, and notes their answers for the next pass.
func (s *Session) converged(parts []partialAnswer, list []backEdge) bool {
	now := map[queryKey]answer{}
	for _, p := range parts {
		now[p.queryKey] = p.answer
	}
	settled := true
	for _, m := range list {
		a := now[m.queryKey]
		if !a.v.Equal(m.v) || a.low != m.low {
			settled = false
		}
		s.before[m.queryKey] = a
	}
	return settled
}

// drop forgets an answer, and keep notes one that is complete.
func (p *partialAnswer) drop(s *Session) {
	if p.by == nil {
		delete(s.sets, p.Path)
	} else {
		p.by.partial.Delete(s, p.Query, p.frame, p.low)
	}
}

func (p *partialAnswer) keep(s *Session) {
	switch {
	case p.by == nil:
		s.sets[p.Path] = p.answer
	case p.narrowed:
		p.by.spot[p.queryKey] = p.answer
	default:
		p.by.kept.Put(s, p.Query, p.frame, p.low, p.answer)
	}
}

// Session is what the evaluations for one site share: what members and
// globals hold, which depends on no way of calling, and the bound on all of
// them together. It is not shared between sites: in what order they are
// worked on must not show.
type Session struct {
	steps      int
	sets       map[string]answer
	frames     map[callgraph.Frame]*callgraph.Frame
	Incomplete value.Incomplete  // why an answer lacks something
	in         *program.FuncInfo // where it was evaluated last, at off
	off        int
	low        int // the outermost place of a frame that the answer at hand depends on; see DependsOn
	sccSearch
}

// NewSession returns an empty session: the memo and the open questions of one site.
func NewSession() *Session {
	return &Session{sets: map[string]answer{}, frames: map[callgraph.Frame]*callgraph.Frame{}, low: NoDependency, sccSearch: newSCCSearch()}
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
// the same one each time: questions are distinguished by their frames.
func (s *Session) Enter(call program.Ref, up *callgraph.Frame) *callgraph.Frame {
	key := callgraph.Frame{Call: call, Up: up, N: 0}
	fr := s.frames[key]
	if fr == nil {
		fr = callgraph.NewFrame(call, up)
		s.frames[key] = fr
	}
	return fr
}

// FromMemory returns the fact of that key, found out at most once a session. What
// memory holds depends on no way of calling and on no query point: find must not look at
// one.
func (m *Memo) FromMemory(key string, find func() value.Values) value.Values {
	s, at := m.Sess, queryKey{Query: Query{Path: key}}
	a, ok := s.sets[key]
	if !ok {
		low, narrowed, trail := s.low, m.Narrowed, m.Trail
		if place, ok := s.waiting[at]; ok {
			a = m.onBackEdge(at, place)
			s.low, m.Narrowed = low, narrowed
			return a.v
		}
		a = m.find(at, find)
		s.low, m.Narrowed, m.Trail = low, narrowed, trail
		a.low, a.narrowed = NoDependency, false
		if a.lowest != complete {
			s.partial = append(s.partial, partialAnswer{at, a})
		}
		s.sets[key] = a
	} else if a.lowest != complete {
		s.lowest = min(s.lowest, a.lowest)
	}
	m.Trail.follow(a.trail)
	return a.v
}

// MarkIncomplete notes that the answer at hand lacks something, from the place on that was
// looked at last.
func (s *Session) MarkIncomplete(reason string) value.Values {
	lack := value.Incomplete{Reason: reason}
	if s.in != nil {
		lack.File, lack.Off = s.in.File.Tree(), s.off
	}
	s.Incomplete.Because(lack)
	return value.Values{Unknown: reason}
}

// At notes the place that is looked at.
func (s *Session) At(fi *program.FuncInfo, off int) { s.in, s.off = fi, off }

// OverBudget counts a step at a place and reports whether the bound is reached.
func (m *Memo) OverBudget(fi *program.FuncInfo, off int) bool {
	m.Sess.At(fi, off)
	m.Sess.steps++
	return m.Sess.steps > value.Bound.Steps
}
