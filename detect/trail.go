package detect

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/parse"
)

// trail is the evidence of one answer, in the order in which it was found: what
// decided it, and the trails of the answers that it was made from. It is not
// changed once the answer is given, so that answers share it.
type trail struct {
	steps []step
}

// step is one piece of evidence, or the trail of another answer.
type step struct {
	below  *trail
	fi     *funcInfo
	off    int
	format string
	args   []any // an expression is spelled as it stands in fi
}

// maxTrail is how many pieces of evidence are shown; nobody reads on.
const maxTrail = 25

// note records what decides the answer at hand.
func (ev *evaluator) note(fi *funcInfo, off int, format string, args ...any) {
	ev.trail.steps = append(ev.trail.steps, step{fi: fi, off: off, format: format, args: args})
}

// follow adds the trail of an answer that the one at hand is made from.
func (t *trail) follow(below *trail) {
	if n := len(t.steps); below != nil && len(below.steps) > 0 && (n == 0 || t.steps[n-1].below != below) {
		t.steps = append(t.steps, step{below: below})
	}
}

// list returns the evidence, each piece once.
func (t *trail) list() (out []Evidence) {
	seen := map[*trail]bool{}
	var walk func(t *trail)
	walk = func(t *trail) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, s := range t.steps {
			if len(out) >= maxTrail {
				return
			}
			if s.below != nil {
				walk(s.below)
			} else if e := s.evidence(); !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	walk(t)
	return out
}

func (s *step) evidence() Evidence {
	args := slices.Clone(s.args)
	for i, a := range args {
		if e, ok := a.(*parse.Expr); ok {
			args[i] = s.fi.src(e)
		}
	}
	return s.fi.evidence(s.off, fmt.Sprintf(s.format, args...))
}
