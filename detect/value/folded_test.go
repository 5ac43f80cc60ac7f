package value

import (
	"testing"
)

func TestFolded(t *testing.T) {
	for in, want := range map[string]string{
		"": "", ".fd": ".fd", ".next.next.fd": ".next.fd", ".next.nextfd": ".next.nextfd", "[][]": "[][]", "[][][][].fd": "[][].fd",
		".a[][][].b.b.b": ".a[][].b", ".a.b.a.b": ".a.b.a.b",
	} {
		if got := CollapseCycles(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
