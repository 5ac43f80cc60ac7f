package udiff

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestApplyRefuses(t *testing.T) {
	const head = "--- a/f\n+++ b/f\n"
	const old = "1\n2\n3\n4\n5\n"
	tests := []struct {
		name, diff string
		line       string // of the diff, as the message names it
		mismatch   bool
	}{
		{"no file lines", "@@ -1 +1 @@\n-1\n+x\n", "line 1:", false},
		{"text before", "diff --git a/f b/f\n" + head + "@@ -1 +1 @@\n-1\n+x\n", "line 1:", false},
		{"no hunk", head, "line 1:", false},
		{"not a hunk", head + "hello\n", "line 3:", false},
		{"text after", head + "@@ -1 +1 @@\n-1\n+x\nhello\n", "line 6:", false},
		{"bad number", head + "@@ -x +1 @@\n-1\n+x\n", "line 3:", false},
		{"number too big", head + "@@ -99999999999999999999 +1 @@\n-1\n+x\n", "line 3:", false},
		{"no end of header", head + "@@ -1 +1\n-1\n+x\n", "line 3:", false},
		{"no new side", head + "@@ -1 @@\n-1\n+x\n", "line 3:", false},
		{"line 0", head + "@@ -0 +1 @@\n-1\n+x\n", "line 3:", false},
		{"empty hunk", head + "@@ -1,0 +1,0 @@\n", "line 3:", false},
		{"cut off in a hunk", head + "@@ -1,2 +1,2 @@\n 1\n", "line 5:", false},
		{"cut off in a line", head + "@@ -1 +1 @@\n-1\n+x", "line 5:", false},
		{"bad mark", head + "@@ -1,2 +1,3 @@\n 1\nx\n 2\n", "line 5:", false},
		{"blank of a blank line lost", head + "@@ -1,2 +1,3 @@\n\n+x\n", "line 4:", false},
		{"more new lines than said", head + "@@ -1,2 +1,1 @@\n 1\n 2\n", "line 5:", false},
		{"more old lines than said", head + "@@ -1,1 +1,2 @@\n 1\n 2\n", "line 5:", true},

		{"context differs", head + "@@ -1,2 +1,3 @@\n 1\n+x\n 9\n", "line 6:", true},
		{"removed line differs", head + "@@ -1 +1 @@\n-9\n+x\n", "line 4:", true},
		{"fits one line later only", head + "@@ -1,2 +1,3 @@\n 2\n+x\n 3\n", "line 4:", true},
		{"new start wrong", head + "@@ -2,2 +3,3 @@\n 2\n+x\n 3\n", "line 3:", true},
		{"beyond the end", head + "@@ -9,1 +9,2 @@\n 9\n+x\n", "line 3:", true},
		{"across the end", head + "@@ -5,2 +5,3 @@\n 5\n+x\n 6\n", "line 6:", true},
		{"out of order", head + "@@ -4 +4 @@\n-4\n+x\n@@ -1 +1 @@\n-1\n+x\n", "line 6:", true},
		{"overlap", head + "@@ -1,2 +1,2 @@\n-1\n+x\n 2\n@@ -2 +2 @@\n-2\n+x\n", "line 7:", true},
		{"remark on an ended line", head + "@@ -5 +5,2 @@\n 5\n\\ No newline at end of file\n+x\n", "line 4:", true},
		{"unended line in the middle", head + "@@ -1 +1 @@\n-1\n+x\n\\ No newline at end of file\n", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Apply([]byte(tt.diff), []byte(old))
			if err == nil {
				t.Fatalf("applied, giving %q", got)
			}
			if errors.Is(err, ErrMismatch) != tt.mismatch || !strings.Contains(err.Error(), tt.line) {
				t.Errorf("error %q; want %q, mismatch %v", err, tt.line, tt.mismatch)
			}
		})
	}
}

func TestApplyEmptyDiff(t *testing.T) {
	old := []byte("a")
	got, err := Apply(nil, old)
	if err != nil || string(got) != "a" {
		t.Fatalf("%q, %v", got, err)
	}
	got[0] = 'x'
	if string(old) != "a" {
		t.Error("Apply returned the text itself")
	}
}

// A diff may carry the function's name after the header, as git's does.
func TestApplySectionHeading(t *testing.T) {
	got, err := Apply([]byte("--- a\n+++ b\n@@ -1 +1,2 @@ int main(void)\n a\n+b\n"), []byte("a\n"))
	if err != nil || string(got) != "a\nb\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzApply(f *testing.F) {
	f.Add([]byte("--- a\n+++ b\n@@ -1 +1,2 @@\n a\n+b\n"), []byte("a\n"))
	f.Add([]byte("--- a\n+++ b\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file\n"), []byte(""))
	f.Add([]byte("--- a\n+++ b\n@@ -9223372036854775807,2 +1 @@\n"), []byte("a\nb"))
	f.Fuzz(func(t *testing.T, diff, old []byte) {
		before := bytes.Clone(old)
		got, err := Apply(diff, old)
		if !bytes.Equal(before, old) {
			t.Fatal("the text was changed")
		}
		if err != nil {
			return
		}
		// What was accepted turns old into got by lines of the diff, so it can
		// not be larger than both together.
		if len(got) > len(old)+len(diff) {
			t.Fatalf("%d bytes out of %d and %d", len(got), len(old), len(diff))
		}
	})
}

func TestNumberLimits(t *testing.T) {
	for _, s := range []string{"", ",", "1,", ",1", "-1", "1,-1", "0", "0,1", "1,2,3", "9223372036854775808"} {
		if start, count, ok := number(s); ok {
			t.Errorf("number(%q) = %d, %d", s, start, count)
		}
	}
	if start, count, ok := number(fmt.Sprint(math.MaxInt) + ",0"); start != math.MaxInt || count != 0 || !ok {
		t.Errorf("a large start: %d %d %v", start, count, ok)
	}
}
