package argv

import "testing"

func TestKnowsLetter(t *testing.T) {
	for _, c := range []struct {
		literal string
		want    bool
	}{
		{"-k", true}, {"'k'", true}, {"vk:p:", true}, {"v:p:", false}, {"ok: it works", false}, {"'x'", false}, {"kv", false},
	} {
		if got := knowsLetter(map[string]bool{c.literal: true}, "k"); got != c.want {
			t.Errorf("%s: %v", c.literal, got)
		}
	}
}
