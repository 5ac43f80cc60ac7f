package callgraph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/program/programtest"
)

// TestCallersByTable holds from which functions f() is called, by its name and through tables; "?"
// where its address goes elsewhere, or nobody calls what the table holds.
func TestCallersByTable(t *testing.T) {
	const types = "struct ops { int (*run)(int); };\nstatic int f(int x) { return x; }\n"
	for src, want := range map[string]string{
		"int g(void) { return f(1); }": "g",
		"static const struct ops o = { f }; int g(const struct ops *p) { return p->run(1); }":                                            "g",
		"static const struct ops o = { f }; int g(const struct ops *p) { return p->run(f(1)); }":                                         "g g",
		"static struct ops o; void s(void) { o.run = f; } int g(void) { return o.run(1); }":                                              "g",
		"static const struct ops o = { f }; int g(void) { return f(1); }":                                                                "?",
		"extern void later(int (*)(int)); int g(void) { later(f); return f(1); }":                                                        "?",
		"static const struct ops o = { f }; extern void later(int (*)(int)); int g(const struct ops *p) { later(f); return p->run(1); }": "?",
	} {
		p := programtest.Load(t, types+src)
		calls, known := callgraph.CallersByTable(p.Program, p.Func("f").Func)
		var got []string
		for _, c := range calls {
			got = append(got, c.In.Func.Name)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); !known && want != "?" || known && s != want {
			t.Errorf("%s: %s, %v, want %s", src, s, known, want)
		}
	}
}
