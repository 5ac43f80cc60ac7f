package siblings

import "testing"

// TestTopFolder: what lies beside the folder with the sources belongs to the program, if the
// folder above was named.
func TestTopFolder(t *testing.T) {
	for _, tt := range []struct {
		files, roots []string
		want         string
	}{
		{[]string{"src/main.c", "src/net.c"}, nil, "src"},
		{[]string{"src/main.c", "src/net.c"}, []string{"."}, "."},
		{[]string{"prog/src/main.c"}, []string{"prog"}, "prog"},
		{[]string{"prog/src/main.c"}, []string{"prog/"}, "prog"},
		{[]string{"prog/src/main.c"}, []string{"pro"}, "prog/src"},
		{[]string{"src/main.c"}, []string{"src/main.c"}, "src"},
		{[]string{"src/main.c", "lib/net.c"}, []string{"src", "lib"}, "."},
		{[]string{"../src/main.c"}, []string{"."}, "../src"},
		{[]string{"/x/src/main.c"}, []string{"/x"}, "/x"},
		{nil, []string{"."}, ""},
	} {
		if got := topFolder(tt.files, tt.roots); got != tt.want {
			t.Errorf("%v below %v: %q, want %q", tt.files, tt.roots, got, tt.want)
		}
	}
}
