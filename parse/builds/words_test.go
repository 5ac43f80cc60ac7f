package builds

import (
	"strings"
	"testing"
)

func TestShellWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"  cc -c  x.c ":          "cc|-c|x.c",
		`cc -DA=\"x\ y\" 'b c'`:  `cc|-DA="x y"|b c`,
		`"a\"b" "c\d" "$e" '\f'`: `a"b|c\d|$e|\f`,
		`-D"A B"=1 ''`:           `-DA B=1|`,
		"a\\\nb":                 "ab",
		`'open`:                  "error",
		`"open\"`:                "error",
	} {
		words, err := Words(in)
		got := strings.Join(words, "|")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
