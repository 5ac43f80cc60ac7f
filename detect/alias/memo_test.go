package alias

import (
	"testing"

	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestOnce holds that a search which takes the answers of others gives the same objects for the
// same steps as the first one, and has them no longer where its steps do not suffice.
func TestOnce(t *testing.T) {
	p := programtest.Load(t, `
struct conn { int fd; };
static struct conn *fresh(void) { struct conn *c = malloc(sizeof(*c)); return c; }
static struct conn *pick(int a) { return a ? fresh() : fresh(); }
void use(int a) { struct conn *c = pick(a); struct conn *d = a ? c : pick(a); d->fd = 1; }
`)
	fi := p.Func("use")
	var m program.Ref
	for e := range fi.Named("fd") {
		m = program.Ref{In: fi, Expr: e}
	}
	f := eval.NewIntEval(fi.File.Prog, fixpoint.NewSession())
	first := Holders(f, m.In, m.Expr, nil)
	steps := f.Steps
	if len(first) == 0 {
		t.Fatal("no objects")
	}
	again := Holders(f, m.In, m.Expr, nil)
	if len(again) != len(first) || f.Steps != steps {
		t.Errorf("%d objects after %d steps, at first %d after %d", len(again), f.Steps, len(first), steps)
	}
	s := &search{IntEval: f, memos: &memos{}}
	for _, short := range []bool{false, true} {
		f.Steps = 0
		if short {
			f.Steps = eval.MaxFoldSteps - steps + 1
		}
		if list := holders(s, m.In, m.Expr, nil, 0); (len(list) == 0) != short {
			t.Errorf("%d objects", len(list))
		}
	}
}
