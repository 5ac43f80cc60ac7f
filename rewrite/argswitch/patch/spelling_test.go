package patch

import "testing"

// How the option is given is told where the form of other options would lead astray.
func TestHint(t *testing.T) {
	for _, c := range []struct {
		sp   Spelling
		want string
	}{
		{Spelling{Short: "k", Long: "keepalive", Dash: "--"}, `times go into the same word, -k60:10:6 or --keepalive=60:10:6: the 60 of "-k 60" is another argument`},
		{Spelling{Short: "k", Equal: true}, `times go into the same word, -k=60:10:6: the 60 of "-k 60" is another argument`},
		{Spelling{Long: "keepalive", Dash: "-"}, `times go into the same word, -keepalive=60:10:6: the 60 of "-keepalive 60" is another argument`},
		{Spelling{Short: "k", Flag: true}, ""},
		{Spelling{Short: "k", Detach: true}, ""},
		{Spelling{Short: "k", Loose: true}, ""},
	} {
		if got := c.sp.Hint(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.sp, got, c.want)
		}
	}
}
