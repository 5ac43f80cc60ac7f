package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/rewrite/edit"
)

// No format lets a text from a source steer what reads the report.
func TestHostileTexts(t *testing.T) {
	printers := map[string]Printer{"check": Check{}, "explain": Explain{Sites: hostile().Report.Sites}}
	for _, f := range Formats() {
		printers[f.Name] = f.New(View{})
	}
	for name, f := range printers {
		var b bytes.Buffer
		if err := f.Write(&b, hostile()); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		if strings.Contains(out, "\x1b") {
			i := strings.Index(out, "\x1b")
			t.Errorf("%s: an escape sequence is printed: %q", name, out[max(0, i-100):min(len(out), i+20)])
		}
		switch name {
		case "github":
			for _, l := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
				if !strings.HasPrefix(l, "::error file=") && !strings.HasPrefix(l, "::warning file=") {
					t.Errorf("github: a line of its own: %q", l)
				}
				if params, _, _ := strings.Cut(l[2:], "::"); strings.Count(params, "file=") != 1 {
					t.Errorf("github: properties from outside: %q", l)
				}
			}
		case "json", "sarif", "codequality", "rdjson":
			if !json.Valid(b.Bytes()) {
				t.Errorf("%s: not JSON", name)
			}
		case "junit", "checkstyle":
			d := xml.NewDecoder(&b)
			for {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img" || e.Name.Local == "b") {
					t.Errorf("%s: an element from outside: %v", name, e)
				}
			}
		case "html": // TestPageEscapes
		case "markdown":
			plain := regexp.MustCompile("[^\\\\]`[^`]*`").ReplaceAllString(out, "")
			if regexp.MustCompile(`[^\\]<(img|script|/script|b )`).MatchString(plain) {
				t.Errorf("markdown: markup got through:\n%s", plain)
			}
		case "text", "check", "explain":
			if strings.Contains(out, "\n::error") {
				t.Errorf("%s: a line break got through:\n%s", name, out)
			}
		default:
			t.Errorf("%s is not tried", name)
		}
	}
}

func TestJSONArraysAreNeverNull(t *testing.T) {
	d := sample(t)
	d.Report.Errors = nil
	for _, s := range d.Report.Sites {
		s.Rules, s.Guards, s.Evidence = nil, nil, nil
	}
	var b bytes.Buffer
	if err := (JSON{}).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("null in\n%s", b.String())
	}
	if d.Report.Sites[0].Rules != nil {
		t.Error("printing changed the report")
	}
}

func TestReadJSON(t *testing.T) {
	d := sample(t)
	var a, b bytes.Buffer
	if err := (JSON{}).Write(&a, d); err != nil {
		t.Fatal(err)
	}
	back, err := ReadJSON(a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := (JSON{}).Write(&b, back); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Errorf("read and written again:\n%s", b.String())
	}
	if diff := cmp.Diff(d.Fixes, back.Fixes); diff != "" || len(back.Fixes) == 0 {
		t.Errorf("fixes (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "[]", `{"schema": 2}`, `{"schema": 1, "sites": [null]}`, "{}"} {
		if _, err := ReadJSON([]byte(bad)); err == nil {
			t.Errorf("ReadJSON(%q) took it", bad)
		}
	}
}

// A fix is only applied whole, so that one of which JSON or SARIF cannot hold an
// edit is left out.
func TestEditsThatAreNoText(t *testing.T) {
	for name, f := range map[string]Printer{"json": JSON{}, "sarif": SARIF{}} {
		d := sample(t)
		fix := d.Fixes["c1"]
		fix[0].Edits = append(fix[0].Edits, edit.Insert(1, "/* \xe4 */"))
		var b bytes.Buffer
		if err := f.Write(&b, d); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), `"edits"`) || strings.Contains(b.String(), `"fixes"`) {
			t.Errorf("%s: half a fix is printed", name)
		}
	}
}

// Sources that are gone, shorter than they were or no text at all cost their
// excerpts and nothing else.
func TestSourcesGone(t *testing.T) {
	for name, dir := range map[string]string{"gone": t.TempDir(), "changed": "testdata/changed"} {
		for _, f := range Formats() {
			for _, v := range []View{{}, {Check: true}} {
				d := sample(t)
				d.Sources = &Sources{Dir: dir}
				var b bytes.Buffer
				if err := f.New(v).Write(&b, d); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(b.String(), "src/net/client.c") {
					t.Errorf("%s, %s: the site is gone as well:\n%s", name, f.Name, b.String())
				}
			}
		}
	}
}
