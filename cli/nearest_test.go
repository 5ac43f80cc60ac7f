package cli

import "testing"

// A slip is put right; a word of another kind is not.
func TestNearest(t *testing.T) {
	names := []string{"apply", "attach", "check", "explain", "help", "host", "init", "lsp", "run", "scan", "f", "format"}
	for word, want := range map[string]string{
		"sacn": "scan", "chek": "check", "fromat": "format", "aply": "apply", "explian": "explain", "rn": "run",
		"frobnicate": "", "nosuch": "", "src": "", "x": "", "": "", "scan": "scan", "verbose": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}
