package templates

import (
	"io/fs"
	"strings"
	"testing"
)

// TestTemplatesAlone: what the embedded templates write for plain fields is C
// in canonical form.
func TestTemplatesAlone(t *testing.T) {
	set := Default()
	for want, b := range map[string]Block{
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

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"set({{.FD}});\n":                 "set(s);\n",
		"{{template \"inline.tmpl\" .}}":  "(void)setsockopt();\n",
		"{{range .Report}}{{.}}{{end}}":   "",
		"a\n{{.FD}\n":                     "own.tmpl:2:",
		"{{if .FD}}\n":                    "own.tmpl:",
		"{{template \"nothing.tmpl\" .}}": "nothing.tmpl",
		"{{.NoSuchField}}":                "own.tmpl:1:",
		"x\n\n{{.Report.Foo}}":            "own.tmpl:3:",
	} {
		set, err := Parse("own.tmpl", text)
		out := ""
		if err == nil {
			out, err = set.Render(Block{FD: "s", Ignore: true, Void: "(void)", Set: "setsockopt()"})
		}
		if err != nil {
			out = err.Error()
		}
		if err == nil && out != want || err != nil && (want == "" || !strings.Contains(out, want)) {
			t.Errorf("%q: %q, want %q", text, out, want)
		}
	}
}

// Each template begins with a comment that says what it is for.
func TestComments(t *testing.T) {
	names, err := fs.Glob(files, "*.tmpl")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil || !strings.HasPrefix(string(text), "{{- /*") {
			t.Errorf("%s does not say what it is for: %v", name, err)
		}
	}
}
