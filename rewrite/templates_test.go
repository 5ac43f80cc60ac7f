package rewrite

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/templates"
)

// TestTemplatesAlone: what the embedded templates write for plain fields is C
// in canonical form.
func TestTemplatesAlone(t *testing.T) {
	set := templates.Default()
	for want, b := range map[string]templates.Block{
		"(void)f();":                           {Ignore: true, Void: "(void)", Set: "f()"},
		"v = 1; f();":                          {Ignore: true, Assign: "v = 1;", Set: "f()"},
		"if (t) { f(); }":                      {Ignore: true, Test: "t", Set: "f()"},
		"{ int on = 1; f(); }":                 {Ignore: true, Own: true, Declare: "int on = 1;", Set: "f()"},
		"if (t) { int on = 1; f(); }":          {Ignore: true, Own: true, Test: "t", Declare: "int on = 1;", Set: "f()"},
		"rc = f(); if (rc < 0) { g(); }":       {Result: "rc", Failed: "rc < 0", Set: "f()", Report: []string{"g();"}},
		"#ifdef X if (x) { g(); h(); } #endif": {Guard: "X", Failed: "x", Report: []string{"g();"}, Leave: []string{"h();"}},
	} {
		out, err := set.Render(b)
		if err != nil {
			t.Error(err)
		}
		if got := strings.Join(strings.Fields(out), " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
