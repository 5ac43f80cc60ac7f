package detect

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// frame says through which call a function was entered; nil means any.
type frame struct {
	call ref // the call, in the caller
	up   *frame
}

func (f *frame) depth() int {
	n := 0
	for ; f != nil; f = f.up {
		n++
	}
	return n
}

// Bounds of the evaluation. They are far above what real code needs (the
// deepest chain seen had six calls) and keep hostile input harmless.
const (
	maxEvalDepth = 60
	maxEvalSteps = 4000
	maxSiteSteps = 30000
	maxCallers   = 40
)

// evaluator folds expressions to values, backwards along the flow of data.
type evaluator struct {
	p      *program
	steps  int
	deep   int        // how many questions wait for the answers to others
	trail  []Evidence // what decided, in order of discovery
	memo   map[question]values
	params map[paramKey]values
	sess   *session
	lives  map[liveKey]*live
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

// question is what an evaluator is asked about an expression in a function that
// was entered through frame.
type question struct {
	e     *parse.Expr
	path  string // below it
	frame *frame
	ask   uint8
}

// What is asked.
const (
	askValue uint8 = iota
	askObject
	askFamily
)

// begin returns the answer to a question that was asked before. One that is being
// answered, or asked too deep, is done with nothing: a cycle adds nothing.
func (ev *evaluator) begin(q question) (v values, done bool) {
	if v, ok := ev.memo[q]; ok {
		return v, true
	}
	if ev.deep > maxEvalDepth {
		return values{}, true
	}
	ev.deep++
	ev.memo[q] = values{}
	return values{}, false
}

// end notes the answer.
func (ev *evaluator) end(q question, v values) values {
	ev.deep--
	ev.memo[q] = v
	return v
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
}

// held is a fact about memory and the evidence that led to it.
type held struct {
	v     values
	trail []Evidence
}

func newSession() *session {
	return &session{sets: map[string]*held{}, frames: map[frame]*frame{}}
}

// enter returns the frame of a call in a function that was entered through up,
// the same one each time: questions are told apart by their frames.
func (s *session) enter(call ref, up *frame) *frame {
	key := frame{call, up}
	fr := s.frames[key]
	if fr == nil {
		fr = &frame{call, up}
		s.frames[key] = fr
	}
	return fr
}

// recall returns the fact of that key, found out at most once a session.
func (ev *evaluator) recall(key string, find func() values) values {
	if h, ok := ev.sess.sets[key]; ok {
		for _, e := range h.trail {
			ev.add(e)
		}
		return h.v
	}
	h := &held{} // a cycle adds nothing
	ev.sess.sets[key] = h
	outer, spots, answers := ev.trail, ev.spots, ev.memo
	ev.trail, ev.spots = nil, nil
	if ev.narrowed {
		ev.memo = map[question]values{} // the answers so far are for the spots
	}
	h.v = find()
	h.trail = ev.trail
	ev.trail, ev.spots, ev.memo = outer, spots, answers
	for _, e := range h.trail {
		ev.add(e)
	}
	return h.v
}

// spent counts a step and reports whether the bound is reached.
func (ev *evaluator) spent() bool {
	ev.steps++
	ev.sess.steps++
	return ev.steps > maxEvalSteps || ev.sess.steps > maxSiteSteps
}

func (p *program) evaluator(s *session) *evaluator {
	return &evaluator{p: p, sess: s, memo: map[question]values{}, params: map[paramKey]values{}, open: map[*parse.Func]bool{}, lives: map[liveKey]*live{}}
}

// functionsAt returns the functions that an expression can point to.
func functionsAt(p *program, fi *funcInfo, e *parse.Expr) []*parse.Func {
	return p.functionsOf(p.evaluator(newSession()).eval(fi, e, nil))
}

// note records an evidence once.
func (ev *evaluator) note(fi *funcInfo, off int, format string, args ...any) {
	if len(ev.trail) > maxTrail {
		return
	}
	ev.add(fi.evidence(off, fmt.Sprintf(format, args...)))
}

// src is the text of an expression as it stands, blanks folded.
func (fi *funcInfo) src(e *parse.Expr) string {
	s := strings.Join(strings.Fields(string(fi.fn.File.Src[e.Pos:e.End])), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}

// maxTrail is how many pieces of evidence are kept; nobody reads on.
const maxTrail = 24

// add records an evidence once.
func (ev *evaluator) add(e Evidence) {
	if len(ev.trail) > maxTrail {
		return
	}
	for _, x := range ev.trail {
		if x == e {
			return
		}
	}
	ev.trail = append(ev.trail, e)
}
