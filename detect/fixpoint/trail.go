package fixpoint

import (
	"fmt"
	"slices"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// Trail is the evidence of one answer, in the order in which it was found: what
// decided it, and the trails of the answers that it was made from. It is not
// changed once the answer is given, so that answers share it.
type Trail struct {
	steps []step
}

// step is one piece of evidence, or the trail of another answer.
type step struct {
	below  *Trail
	fi     *program.FuncInfo
	off    int
	format string
	args   []any // an expression is spelled as it stands in fi
}

// MaxTrail is how many pieces of evidence are shown: more would not be read.
const MaxTrail = 25

// Note records what decides the answer at hand.
func (t *Trail) Note(fi *program.FuncInfo, off int, format string, args ...any) {
	t.steps = append(t.steps, step{fi: fi, off: off, format: format, args: args})
}

// Mark is the place after what was noted so far, for NoteAt.
func (t *Trail) Mark() int { return len(t.steps) }

// NoteAt records what leads to all that was noted since a mark, and is known only now.
func (t *Trail) NoteAt(mark int, fi *program.FuncInfo, off int, format string, args ...any) {
	t.steps = slices.Insert(t.steps, min(mark, len(t.steps)), step{fi: fi, off: off, format: format, args: args})
}

// follow adds the trail of an answer that the one at hand is made from.
func (t *Trail) follow(below *Trail) {
	if n := len(t.steps); below != nil && len(below.steps) > 0 && (n == 0 || t.steps[n-1].below != below) {
		t.steps = append(t.steps, step{below: below})
	}
}

// List returns the evidence, each piece once.
func (t *Trail) List() (out []result.Evidence) {
	seen := map[*Trail]bool{}
	var walk func(t *Trail)
	walk = func(t *Trail) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, s := range t.steps {
			if len(out) >= MaxTrail {
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

func (s *step) evidence() result.Evidence {
	args := slices.Clone(s.args)
	for i, a := range args {
		if e, ok := a.(*parse.Expr); ok {
			args[i] = s.fi.Text(e)
		}
	}
	return s.fi.Evidence(s.off, fmt.Sprintf(s.format, args...))
}
