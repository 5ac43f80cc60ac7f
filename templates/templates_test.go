package templates

import (
	"strings"
	"testing"
)

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

func TestSource(t *testing.T) {
	for _, name := range Names() {
		text, err := Source(name)
		if err != nil || !strings.HasPrefix(text, "{{- /*") {
			t.Errorf("%s says not what it is for: %v", name, err)
		}
	}
	if _, err := Source("odd.tmpl"); err == nil || !strings.Contains(err.Error(), "inline.tmpl") {
		t.Errorf("no list of the templates: %v", err)
	}
}
