package udiff

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

func TestUnified(t *testing.T) {
	const ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
	tests := []struct {
		name, old, new string
		context        int
		want           string // after the two file lines
	}{
		{"equal", "a\n", "a\n", 3, ""},
		{"both empty", "", "", 3, ""},
		{"insert in the middle", ten, strings.Replace(ten, "5\n", "5\nx\n", 1), 3,
			"@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+x\n 6\n 7\n 8\n"},
		{"insert at the top", ten, "x\n" + ten, 3, "@@ -1,3 +1,4 @@\n+x\n 1\n 2\n 3\n"},
		{"insert at the end", ten, ten + "x\n", 3, "@@ -8,3 +8,4 @@\n 8\n 9\n 10\n+x\n"},
		{"into an empty file", "", "a\nb\n", 3, "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"to an empty file", "a\n", "", 3, "@@ -1 +0,0 @@\n-a\n"},
		{"one line", "a\n", "b\n", 3, "@@ -1 +1 @@\n-a\n+b\n"},
		{"no final newline kept", "a\nb", "x\na\nb", 3,
			"@@ -1,2 +1,3 @@\n+x\n a\n b\n" + noNewline},
		{"final newline added", "a", "a\n", 3, "@@ -1 +1 @@\n-a\n" + noNewline + "+a\n"},
		{"final newline lost", "a\n", "a", 3, "@@ -1 +1 @@\n-a\n+a\n" + noNewline},
		{"text after an unended line", "a", "a\nb", 3,
			"@@ -1 +1,2 @@\n-a\n" + noNewline + "+a\n+b\n" + noNewline},
		{"context 0", ten, strings.Replace(ten, "5\n", "5\nx\n", 1), 0, "@@ -5,0 +6 @@\n+x\n"},
		{"context below 0", ten, "x\n" + ten, -4, "@@ -0,0 +1 @@\n+x\n"},
		{"contexts meet", ten, "1\n2\nx\n3\n4\n5\n6\n7\n8\ny\n9\n10\n", 3,
			"@@ -1,10 +1,12 @@\n 1\n 2\n+x\n 3\n 4\n 5\n 6\n 7\n 8\n+y\n 9\n 10\n"},
		{"contexts apart", ten, "1\nx\n2\n3\n4\n5\n6\n7\n8\ny\n9\n10\n", 3,
			"@@ -1,4 +1,5 @@\n 1\n+x\n 2\n 3\n 4\n@@ -6,5 +7,6 @@\n 6\n 7\n 8\n+y\n 9\n 10\n"},
		{"crlf", "a\r\nb\r\n", "a\r\nx\r\nb\r\n", 3, "@@ -1,2 +1,3 @@\n a\r\n+x\r\n b\r\n"},
		{"latin1 and nul", "\xe9\n\x00\n", "\xe9\n\xff\n\x00\n", 1, "@@ -1,2 +1,3 @@\n \xe9\n+\xff\n \x00\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "--- a/f.c\n+++ b/f.c\n" + want
			}
			got, err := Unified("a/f.c", "b/f.c", []byte(tt.old), []byte(tt.new), tt.context)
			if err != nil || string(got) != want {
				t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
			}
			back, err := Apply(got, []byte(tt.old))
			if err != nil || string(back) != tt.new {
				t.Errorf("Apply gave %q, %v", back, err)
			}
		})
	}
}

// lines splits a text for an Insertion.
func lines(s string) [][]byte { return split([]byte(s)) }

// Insertions is the diff that adds blocks to a text, as they were planned.
func Insertions(oldName, newName string, old []byte, ins []Insertion, context int) ([]byte, error) {
	lines := split(old)
	changes, err := plannedChanges(oldName, lines, ins)
	if err != nil {
		return nil, err
	}
	return write(oldName, newName, lines, changes, context), nil
}

// Of several shortest sets of changes the planned one is shown; one that is longer,
// or gives another text, is not.
func TestUnifiedPlanned(t *testing.T) {
	block := func(line, del int, text string) Insertion {
		return Insertion{Line: line, Del: del, Lines: split([]byte(text))}
	}
	for _, tt := range []struct {
		old, new string
		planned  []Insertion
		want     string // without the head; "" for an error
	}{
		{"a\n}\n}\nb\n", "a\n}\n}\n}\nb\n", []Insertion{block(1, 0, "}\n")}, "@@ -1,0 +2 @@\n+}\n"},
		{"a\n}\n}\nb\n", "a\n}\n}\n}\nb\n", []Insertion{block(2, 0, "}\n")}, "@@ -2,0 +3 @@\n+}\n"},
		{"a\n\nb\n", "a\n\nx\n\ny\nb\n", []Insertion{block(1, 0, "\nx\n"), block(2, 0, "y\n")}, "@@ -1,0 +2,2 @@\n+\n+x\n@@ -2,0 +5 @@\n+y\n"},
		{"a\n\nb\n", "a\n\nx\n\ny\nb\n", []Insertion{block(2, 0, "x\n\ny\n")}, "@@ -2,0 +3,3 @@\n+x\n+\n+y\n"},
		{"a\nb\n", "a\nx\nb\n", []Insertion{block(0, 1, "a\nx\n")}, "@@ -1,0 +2 @@\n+x\n"},
		{"a\nb\n", "a\nx\nb\n", []Insertion{block(0, 0, "x\n")}, ""},
		{"a\nb\n", "a\nb\n", []Insertion{block(0, 0, "x\n")}, ""},
	} {
		got, err := Unified("a", "b", []byte(tt.old), []byte(tt.new), 0, tt.planned...)
		if tt.want == "" {
			if !errors.Is(err, ErrNotPlanned) {
				t.Errorf("%q to %q: got %v", tt.old, tt.new, err)
			}
			continue
		}
		if err != nil || string(got) != "--- a\n+++ b\n"+tt.want {
			t.Errorf("%q to %q: got %v\n%s", tt.old, tt.new, err, got)
		}
	}
}

func TestInsertions(t *testing.T) {
	tests := []struct {
		name, old string
		ins       []Insertion
		want, fix string // diff after the two file lines, text after applying it
	}{
		{name: "none", old: "a\n", fix: "a\n"},
		{name: "empty block", old: "a\n", ins: []Insertion{{Line: 1}}, fix: "a\n"},
		{"block that begins as the next line does", "{\n}\n\nx\n", []Insertion{{Line: 2, Lines: lines("\n{\n}\n")}},
			"@@ -1,4 +1,7 @@\n {\n }\n+\n+{\n+}\n \n x\n", "{\n}\n\n{\n}\n\nx\n"},
		{"block that ends as the line before does", "a\n}\nb\n", []Insertion{{Line: 2, Lines: lines("{\n}\n")}},
			"@@ -1,3 +1,5 @@\n a\n }\n+{\n+}\n b\n", "a\n}\n{\n}\nb\n"},
		{"blank between blanks, first", "\n\n\n", []Insertion{{Line: 1, Lines: lines("\n")}},
			"@@ -1,3 +1,4 @@\n \n+\n \n \n", "\n\n\n\n"},
		{"out of order and on one line", "a\nb\n", []Insertion{{Line: 2, Lines: lines("4\n")}, {Line: 0, Lines: lines("0\n")}, {Line: 2, Lines: lines("5\n")}},
			"@@ -1,2 +1,5 @@\n+0\n a\n b\n+4\n+5\n", "0\na\nb\n4\n5\n"},
		{"last line of all without ending", "a\n", []Insertion{{Line: 1, Lines: lines("x\ny")}},
			"@@ -1 +1,3 @@\n a\n+x\n+y\n" + noNewline, "a\nx\ny"},
		{"empty file", "", []Insertion{{Line: 0, Lines: lines("x\n")}}, "@@ -0,0 +1 @@\n+x\n", "x\n"},
		{"before an unended line", "a\nb", []Insertion{{Line: 1, Lines: lines("x\n")}},
			"@@ -1,2 +1,3 @@\n a\n+x\n b\n" + noNewline, "a\nx\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "--- a/f.c\n+++ b/f.c\n" + want
			}
			got, err := Insertions("a/f.c", "b/f.c", []byte(tt.old), tt.ins, 3)
			if err != nil || string(got) != want {
				t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
			}
			if back, err := Apply(got, []byte(tt.old)); err != nil || string(back) != tt.fix {
				t.Errorf("Apply gave %q, %v", back, err)
			}
		})
	}
}

func TestInsertionsErrors(t *testing.T) {
	raw := func(l ...string) (r [][]byte) {
		for _, s := range l {
			r = append(r, []byte(s))
		}
		return r
	}
	tests := []struct {
		name, old string
		ins       []Insertion
	}{
		{"below", "a\n", []Insertion{{Line: -1, Lines: raw("x\n")}}},
		{"beyond", "a\n", []Insertion{{Line: 2, Lines: raw("x\n")}}},
		{"after an unended line", "a", []Insertion{{Line: 1, Lines: raw("x\n")}}},
		{"empty line", "a\n", []Insertion{{Line: 1, Lines: raw("")}}},
		{"two lines in one", "a\n", []Insertion{{Line: 1, Lines: raw("x\ny\n")}}},
		{"unended in the middle of a block", "a\n", []Insertion{{Line: 1, Lines: raw("x", "y\n")}}},
		{"unended in the middle of the text", "a\n", []Insertion{{Line: 0, Lines: raw("x")}}},
		{"unended before another block", "a\n", []Insertion{{Line: 1, Lines: raw("x")}, {Line: 1, Lines: raw("y\n")}}},
	}
	for _, tt := range tests {
		if got, err := Insertions("a", "b", []byte(tt.old), tt.ins, 3); err == nil {
			t.Errorf("%s: no error, but\n%s", tt.name, got)
		}
	}
}

// go-diff before 1.4.0 mixes up lines of a file like this one (its issues 115,
// 123 and 140): it joined line numbers by commas and split them as characters.
func TestGoDiffWrongLines(t *testing.T) {
	var old []string
	for i := range 200 {
		old = append(old, fmt.Sprintf("line %d\n", i))
	}
	new := append([]string(nil), old...)
	new[50] = "changed\n"
	new = append(new[:120], append([]string{"inserted\n"}, new[120:]...)...)
	d, err := Unified("a", "b", []byte(strings.Join(old, "")), []byte(strings.Join(new, "")), 1)
	want := "--- a\n+++ b\n@@ -50,3 +50,3 @@\n line 49\n-line 50\n+changed\n line 51\n" +
		"@@ -120,2 +120,3 @@\n line 119\n+inserted\n line 120\n"
	if err != nil || string(d) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, d, want)
	}
}

func TestUnifiedLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("builds texts of a million lines")
	}
	var b bytes.Buffer
	for i := range MaxLines {
		fmt.Fprintln(&b, i)
	}
	old := b.Bytes()
	full := bytes.Clone(old)
	if _, err := Unified("a", "b", old, append(full, "x\n"...), 3); !errors.Is(err, ErrTooLong) {
		t.Errorf("a million and one lines: %v, want ErrTooLong", err)
	}
	copy(full[len(full)/2:], "#")
	if d, err := Unified("a", "b", old, full, 0); err != nil || bytes.Count(d, []byte("\n")) != 5 {
		t.Errorf("one line of a million: %v\n%s", err, d)
	}
	// Two texts with nothing in common hold more distinct lines than go-diff
	// can number: this must be an error and not a panic, and come at once.
	if _, err := Unified("a", "b", old, bytes.ReplaceAll(old, []byte("\n"), []byte("x\n")), 3); !errors.Is(err, ErrTooLong) {
		t.Errorf("two million distinct lines: %v, want ErrTooLong", err)
	}
}

// randomCase makes a text of lines that repeat a lot and look like parts of a
// diff, and blocks to insert into it.
func randomCase(r *rand.Rand) (old []byte, ins []Insertion, new []byte) {
	pool := []string{"{", "}", "", "", "\tif (x)", "--- a/f", "+++ b/f", "@@ -1 +1 @@", "-", "+", "\\ No newline at end of file",
		"\xe9t\xe9", "diff --git a/f b/f", "x", "y", " ", "-- ", "index 0..1", "Only in a: b", "*** a", "1a", "GIT binary patch"}
	if r.Intn(2) == 0 {
		pool = pool[:5]
	}
	eol := []string{"\n", "\r\n"}[r.Intn(2)]
	line := func() []byte { return []byte(pool[r.Intn(len(pool))] + eol) }
	var text [][]byte
	for range r.Intn(30) {
		text = append(text, line())
	}
	bare := len(text) > 0 && r.Intn(3) == 0
	if bare {
		text[len(text)-1] = []byte("}") // no line ending
	}
	places := len(text) + 1
	if bare {
		places--
	}
	at := map[int][][]byte{}
	for range r.Intn(4) {
		in := Insertion{Line: r.Intn(places)}
		for range 1 + r.Intn(5) {
			in.Lines = append(in.Lines, line())
		}
		ins = append(ins, in)
		at[in.Line] = append(at[in.Line], in.Lines...)
	}
	for i := range len(text) + 1 {
		new = append(new, bytes.Join(at[i], nil)...)
		if i < len(text) {
			new = append(new, text[i]...)
		}
	}
	return bytes.Join(text, nil), ins, new
}

// deletes reports whether a hunk of the diff takes a line away.
func deletes(diff []byte) bool {
	for _, l := range split(diff)[min(2, len(split(diff))):] {
		if l[0] == '-' {
			return true
		}
	}
	return false
}

func TestInsertionsRandom(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for range 5000 {
		old, ins, new := randomCase(r)
		context := r.Intn(5)
		u, err := Unified("a/f", "b/f", old, new, context)
		if err != nil || deletes(u) {
			t.Fatalf("Unified %q %q: %v\n%s", old, new, err, u)
		}
		i, err := Insertions("a/f", "b/f", old, ins, context)
		if err != nil || deletes(i) {
			t.Fatalf("Insertions %q %v: %v\n%s", old, ins, err, i)
		}
		for _, d := range [][]byte{u, i} {
			if got, err := Apply(d, old); err != nil || !bytes.Equal(got, new) {
				t.Fatalf("Apply to %q: %q, %v; want %q\n%s", old, got, err, new, d)
			}
		}
		if n := bytes.Count(u, []byte("\n+")); n != bytes.Count(i, []byte("\n+")) {
			t.Fatalf("the two diffs add different numbers of lines:\n%s\n%s", u, i)
		}
	}
}

func FuzzUnified(f *testing.F) {
	f.Add([]byte("a\nb\n"), []byte("a\nx\nb\n"), 3)
	f.Add([]byte(""), []byte("a"), 0)
	f.Add([]byte("{\r\n}\r\n\r\n"), []byte("{\r\n}\r\n\r\n{\r\n}\r\n\r\n"), 1)
	f.Add([]byte("\xe9\x00"), []byte("--- a\n"), -1)
	f.Fuzz(func(t *testing.T, old, new []byte, context int) {
		d, err := Unified("a/f", "b/f", old, new, context%100)
		if err != nil {
			t.Skip()
		}
		got, err := Apply(d, old)
		if err != nil || !bytes.Equal(got, new) {
			t.Fatalf("%q -> %q: %q, %v\n%s", old, new, got, err, d)
		}
		if bytes.Equal(old, new) != (len(d) == 0) {
			t.Fatalf("a diff of %d bytes for %q and %q", len(d), old, new)
		}
	})
}

func BenchmarkUnified(b *testing.B) {
	var w bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&w, "line %d\n", i)
	}
	old := split(w.Bytes())
	var new []byte
	for i, l := range old {
		if new = append(new, l...); i%5000 == 2500 {
			new = append(new, "inserted\n"...)
		}
	}
	for range b.N {
		if _, err := Unified("a", "b", w.Bytes(), new, 3); err != nil {
			b.Fatal(err)
		}
	}
}
