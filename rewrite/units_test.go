package rewrite

import (
	"testing"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// TestListeners: which of them get a block depends on what is accepted.
func TestListeners(t *testing.T) {
	src := []byte("void f(void)\n{\n\tint l = socket(AF_INET, SOCK_STREAM, 0);\n\n\tif (l < 0)\n\t\treturn;\n\tlisten(l, 5);\n\taccept(l, 0, 0);\n}\n")
	for _, c := range []struct {
		option string
		feeds  bool
		want   string
	}{
		{"", true, result.FixPatch}, // its accept() cannot be patched
		{"none", true, result.FixNone},
		{"all", false, result.FixPatch},
		{"", false, result.FixPatch}, // so may this one's be
	} {
		f := parse.New("l.c", src)
		l := &result.Site{File: "l.c", Line: 3, Column: 10, Call: "socket", Role: result.Listener, Verdict: result.Missing}
		a := &result.Site{File: "l.c", Line: 8, Column: 2, Call: "accept", Role: result.Accepted, Verdict: result.Missing}
		l.Node.File, a.Node.File = f, f
		if c.feeds {
			l.Node.Feeds = []*result.Site{a}
		}
		plan := Make([]*result.Site{l, a}, Options{Listeners: c.option})
		if plan.Fixes[0].Status != c.want {
			t.Errorf("%q, feeds %v: %s (%s), want %s", c.option, c.feeds, plan.Fixes[0].Status, plan.Fixes[0].Reason, c.want)
		}
		if plan.Fixes[1].Status != result.FixNone || plan.Fixes[1].Reason == "" {
			t.Errorf("the accept() whose result is dropped: %s %q", plan.Fixes[1].Status, plan.Fixes[1].Reason)
		}
	}
}
