package edit

import (
	"bytes"
	"errors"
	"math"
	"math/rand"
	"slices"
	"testing"
)

func TestApply(t *testing.T) {
	tests := []struct {
		name, src string
		edits     []Edit
		want      string
		err       error
	}{
		{name: "none", src: "abc", want: "abc"},
		{name: "empty text", edits: []Edit{Insert(0, "x")}, want: "x"},
		{name: "front", src: "abc", edits: []Edit{Insert(0, "x")}, want: "xabc"},
		{name: "end", src: "abc", edits: []Edit{Insert(3, "x")}, want: "abcx"},
		{name: "any order", src: "abc", edits: []Edit{Insert(2, "y"), Insert(1, "x")}, want: "axbyc"},
		{name: "same offset keeps order", src: "ab", edits: []Edit{Insert(1, "1"), Insert(0, "0"), Insert(1, "2"), Insert(1, "3")}, want: "0a123b"},
		{name: "replace", src: "abc", edits: []Edit{{1, 2, "XY"}}, want: "aXYc"},
		{name: "delete all", src: "abc", edits: []Edit{{0, 3, ""}}, want: ""},
		{name: "adjacent", src: "abcd", edits: []Edit{{2, 3, "Y"}, {1, 2, "X"}}, want: "aXYd"},
		{name: "insert before what is replaced", src: "abc", edits: []Edit{{1, 2, "X"}, Insert(1, "i")}, want: "aiXc"},
		{name: "insert after what is replaced", src: "abc", edits: []Edit{Insert(2, "i"), {1, 2, "X"}}, want: "aXic"},
		{name: "bytes stay", src: "\xe9\r\n\x00", edits: []Edit{Insert(1, "!")}, want: "\xe9!\r\n\x00"},

		{name: "insert inside", src: "abc", edits: []Edit{{0, 3, ""}, Insert(1, "x")}, err: ErrOverlap},
		{name: "overlap", src: "abc", edits: []Edit{{0, 2, ""}, {1, 3, ""}}, err: ErrOverlap},
		{name: "twice", src: "abc", edits: []Edit{{1, 2, "x"}, {1, 2, "x"}}, err: ErrOverlap},
		{name: "below", src: "abc", edits: []Edit{Insert(-1, "x")}, err: ErrRange},
		{name: "beyond", src: "abc", edits: []Edit{Insert(4, "x")}, err: ErrRange},
		{name: "backwards", src: "abc", edits: []Edit{{2, 1, "x"}}, err: ErrRange},
		{name: "end beyond", src: "abc", edits: []Edit{{1, math.MaxInt, "x"}}, err: ErrRange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src, edits := []byte(tt.src), slices.Clone(tt.edits)
			got, err := Apply(src, edits)
			if !errors.Is(err, tt.err) || string(got) != tt.want {
				t.Errorf("Apply = %q, %v; want %q, %v", got, err, tt.want, tt.err)
			}
			if _, v := validate(src, edits, false); !errors.Is(v, tt.err) {
				t.Errorf("Validate = %v, want %v", v, tt.err)
			}
			if string(src) != tt.src || !slices.Equal(edits, tt.edits) {
				t.Error("the arguments were changed")
			}
		})
	}
}

func TestValidateInsertOnly(t *testing.T) {
	src := []byte("abc")
	if err := Validate(src, []Edit{Insert(3, "x"), Insert(0, "")}); err != nil {
		t.Errorf("insertions refused: %v", err)
	}
	for _, e := range []Edit{{0, 1, "a"}, {1, 2, ""}} {
		if err := Validate(src, []Edit{e}); !errors.Is(err, ErrDeletes) {
			t.Errorf("%v: %v, want ErrDeletes", e, err)
		}
	}
	if err := Validate(src, []Edit{Insert(4, "x")}); !errors.Is(err, ErrRange) {
		t.Errorf("insertion beyond the end: %v, want ErrRange", err)
	}
}

// The result must not share memory with the source: a caller keeps both.
func TestApplyCopies(t *testing.T) {
	src := []byte("abc")
	out, _ := Apply(src, nil)
	out[0] = 'X'
	if string(src) != "abc" {
		t.Error("Apply returned the source itself")
	}
}

// naive applies insertions one at a time from the back.
func naive(src []byte, edits []Edit) []byte {
	out := slices.Clone(src)
	for at := len(src); at >= 0; at-- {
		var ins []byte
		for _, e := range edits {
			if e.Start == at {
				ins = append(ins, e.New...)
			}
		}
		out = slices.Insert(out, at, ins...)
	}
	return out
}

func TestApplyRandomInsertions(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 2000 {
		src := make([]byte, r.Intn(20))
		r.Read(src)
		var edits []Edit
		for range r.Intn(6) {
			edits = append(edits, Insert(r.Intn(len(src)+1), string(rune('a'+r.Intn(26)))))
		}
		got, err := Apply(src, edits)
		if want := naive(src, edits); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%q %v: %q, %v; want %q", src, edits, got, err, want)
		}
	}
}

func FuzzApply(f *testing.F) {
	f.Add([]byte("abc"), 0, 1, "x", 1, 1, "y")
	f.Add([]byte(""), -1, 5, "", 0, 0, "y")
	f.Add([]byte("abc"), 2, 1, "x", math.MaxInt, math.MinInt, "y")
	f.Fuzz(func(t *testing.T, src []byte, s1, e1 int, n1 string, s2, e2 int, n2 string) {
		edits := []Edit{{s1, e1, n1}, {s2, e2, n2}}
		out, err := Apply(src, edits)
		if _, v := validate(src, edits, false); (err == nil) != (v == nil) {
			t.Fatalf("Apply and Validate disagree on %v", edits)
		}
		if err != nil {
			return
		}
		if want := len(src) - (e1 - s1) - (e2 - s2) + len(n1) + len(n2); len(out) != want {
			t.Fatalf("%d bytes, want %d", len(out), want)
		}
	})
}
