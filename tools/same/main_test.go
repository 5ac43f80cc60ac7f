package main

import "testing"

func TestFirstDifference(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"a\nb\n", "a\nb\n", ""},
		{"a\nb\n", "a\nc\n", `line 2: was "b", is "c"`},
		{"a", "a\nc", `line 2: was nothing, is "c"`},
		{"a\nb", "a", `line 2: was "b", is nothing`},
	} {
		if got := firstDifference([]byte(c.a), []byte(c.b)); got != c.want {
			t.Errorf("%q, %q: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestSite(t *testing.T) {
	for report, want := range map[string]string{
		`{"sites": [{"file": "a.c", "line": 3, "verdict": "covered"}, {"file": "b.c", "line": 5, "verdict": "missing"}]} --- stderr`: "b.c:5",
		`{"sites": [{"file": "a.c", "line": 3, "verdict": "covered"}]}`:                                                              "a.c:3",
		`{"sites": []}`: "",
		`no report`:     "",
	} {
		if got := site([]byte(report)); got != want {
			t.Errorf("%s: %q, want %q", report, got, want)
		}
	}
}
