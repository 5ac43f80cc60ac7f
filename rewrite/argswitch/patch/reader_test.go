package patch_test

import (
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch/patchtest"
)

// TestUnshadowed: the variables of an inserted function hide no variable and no type.
func TestUnshadowed(t *testing.T) {
	for src, want := range map[string]string{
		"int main(void) { return 0; }\n":                             "int *timer[3];",
		"int timer;\nint main(void) { return 0; }\n":                 "int *times[3];",
		"typedef struct x timer;\nint main(void) { return 0; }\n":    "int *times[3];",
		"int timer(void);\nint main(void) { return 0; }\n":           "int *timer[3];",
		"struct x { int timer; };\nint main(void) { return 0; }\n":   "int *timer[3];",
		"int set(int timer) { return timer; }\nint main(void) { }\n": "int *timer[3];",
	} {
		p := patchtest.Load(t, src, nil)
		if got := p.Patch.Unshadowed(p.File, "int *timer[3];"); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
}
