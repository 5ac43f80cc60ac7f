package report

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Every format can be asked for by name, says who reads it and prints the
// sample, its findings and an empty report.
func TestFormats(t *testing.T) {
	names := FormatNames()
	if names[0] != "text" || !slices.IsSorted(names[1:]) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names: %v, want text and then the others, sorted, each once", names)
	}
	for _, f := range Formats() {
		got, err := FormatByName(f.Name)
		if err != nil || got.Name != f.Name {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.For == "" || strings.HasSuffix(f.For, ".") || !strings.HasPrefix(f.Ext, ".") {
			t.Errorf("%s: For %q, Ext %q", f.Name, f.For, f.Ext)
		}
		for _, v := range []View{{}, {Check: true}} {
			var b bytes.Buffer
			if err := f.New(v).Write(&b, sample(t)); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
			if !strings.Contains(b.String(), "src/net/client.c") {
				t.Errorf("%s %+v: the file is not in\n%s", f.Name, v, b.String())
			}
		}
	}
	if _, err := FormatByName("xml"); err == nil || !strings.Contains(err.Error(), "sarif") {
		t.Errorf("xml: %v, want an error that lists the formats", err)
	}
}

// docs/ci.md lists the formats. With -update it is written anew.
func TestFormatsInDocs(t *testing.T) {
	const file, begin, end = "../docs/ci.md", "<!-- formats:start -->\n", "<!-- formats:end -->\n"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no %s", file, begin)
	}
	var b strings.Builder
	b.WriteString(before + begin + "| format | for |\n|---|---|\n")
	for _, f := range Formats() {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, f.For)
	}
	b.WriteString(end + after)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != string(data) {
		t.Errorf("%s does not list the formats as they are: go test ./report -update writes it anew", file)
	}
}

// Fixes and Always say what a format shows: without fixes planned exactly the
// formats with Fixes print less, and without findings exactly those with Always
// print anything.
func TestFormatFlags(t *testing.T) {
	for _, f := range Formats() {
		print := func(change func(*Document)) string {
			d := sample(t)
			change(d)
			var b bytes.Buffer
			if err := f.New(View{}).Write(&b, d); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		full := print(func(*Document) {})
		if less := print(func(d *Document) { d.Fixes, d.Diffs = nil, nil }); (less != full) != f.Fixes {
			t.Errorf("%s: Fixes is %v, and the report changes without them: %v", f.Name, f.Fixes, less != full)
		}
		var b bytes.Buffer
		if err := f.New(View{Check: true}).Write(&b, emptyDocument()); err != nil {
			t.Fatal(err)
		}
		if (b.Len() > 0) != f.Always {
			t.Errorf("%s: Always is %v, and the empty report is %q", f.Name, f.Always, b.String())
		}
	}
}

// A summary without findings tells why the counts have sites that lack keepalive.
func TestMarkdownTellsWhatIsPassed(t *testing.T) {
	d := sample(t)
	known, outside := 0, 0
	for i := range d.Findings {
		switch f := &d.Findings[i]; {
		case f.Suppressed || !f.Printed():
		case known == 0:
			f.Known, known = true, 1
		default:
			f.Outside = true
			outside++
		}
	}
	var b bytes.Buffer
	if err := (Markdown{OnlyNew: true}).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("\nNo findings.\n\nIn the baseline: 1.\n\nNot touched by the change: %d.\n", outside); outside == 0 || !strings.Contains(b.String(), want) {
		t.Errorf("want %q in\n%s", want, b.String())
	}
	b.Reset()
	if err := (Markdown{}).Write(&b, d); err != nil || strings.Contains(b.String(), "baseline") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
