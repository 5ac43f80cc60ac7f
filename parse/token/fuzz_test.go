package token

import (
	"fmt"
	"slices"
	"testing"

	"github.com/keepatch/keepatch/parse/parsetest"
	"github.com/keepatch/keepatch/parse/sites"
)

// seedLex adds the traps and the small texts of the table test.
func seedLex(f *testing.F) {
	for _, tt := range parsetest.Traps {
		f.Add([]byte(tt.Text(3)))
	}
	for _, tt := range lexTests {
		f.Add([]byte(tt.src))
	}
}

// checkLex holds that tokens and comments are in order, inside the file, and
// that every byte belongs to one of them or is blank.
func checkLex(src []byte, l Lexed) error {
	owner := make([]bool, len(src))
	last := 0
	for i, t := range l.Toks {
		if int(t.Off) < last || t.End <= t.Off || int(t.End) > len(src) {
			return fmt.Errorf("token %d: %d to %d behind %d", i, t.Off, t.End, last)
		}
		last = int(t.End)
		for k := t.Off; k < t.End; k++ {
			owner[k] = true
		}
	}
	last = 0
	for i, c := range l.comments {
		if int(c.Off) < last || c.End <= c.Off || int(c.End) > len(src) {
			return fmt.Errorf("comment %d: %d to %d behind %d", i, c.Off, c.End, last)
		}
		last = int(c.End)
		for k := c.Off; k < c.End; k++ {
			owner[k] = true
		}
	}
	for k, c := range src {
		if owner[k] || c == '\n' || class[c]&cBlank != 0 || k < 3 && string(src[:min(3, len(src))]) == "\xEF\xBB\xBF" {
			continue
		}
		if c == '\\' && k+1 < len(src) && (src[k+1] == '\n' || src[k+1] == '\r') {
			continue
		}
		return fmt.Errorf("byte %d %q is lost", k, c)
	}
	for _, p := range l.problems {
		if p.Off < 0 || p.Off > len(src) {
			return fmt.Errorf("problem at %d", p.Off)
		}
	}
	return nil
}

func FuzzLex(f *testing.F) {
	seedLex(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		var l Lexed
		parsetest.Within(t, len(src), func() { l = Lex(src) })
		if err := checkLex(src, l); err != nil {
			t.Fatal(err)
		}
		if err := checkWords(src, l); err != nil {
			t.Fatal(err)
		}
	})
}

// checkWords holds that the index has every name that is a token, but where it says
// itself that the file has to be lexed.
func checkWords(src []byte, l Lexed) error {
	var w Words
	hashes, odd := w.Scan(src)
	if odd || len(l.problems) > 0 {
		return nil
	}
	has := make(map[uint32]bool, len(hashes))
	for _, h := range hashes {
		has[h] = true
	}
	text := func(i int) string {
		if i < 0 || i >= len(l.Toks) {
			return ""
		}
		return string(src[l.Toks[i].Off:l.Toks[i].End])
	}
	for i, t := range l.Toks {
		name := text(i)
		if t.Kind != Ident && t.Kind != Keyword || t.Spliced {
			continue
		}
		if !has[NameHash(name)] {
			return fmt.Errorf("the index lacks %q at %d", name, t.Off)
		}
		if member := text(i-1) == "." || text(i-1) == "->"; slices.Contains(sites.Names, name) && text(i+1) == "(" && !member && !has[CallHash(name)] {
			return fmt.Errorf("the index lacks the call of %s at %d", name, t.Off)
		}
	}
	return nil
}
