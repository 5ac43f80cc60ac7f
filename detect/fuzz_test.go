package detect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// separator stands between the files of one input.
const separator = "\f\n"

// Bounds of one fuzzed analysis. The time is far above what any input of that
// size needs on an idle machine (fixtures take a millisecond or two).
const (
	maxFuzzInput = 24 << 10
	maxFuzzTime  = 10 * time.Second
)

// filesOf splits a fuzzed input into the files of a program. Every third one
// is a header, every fourth one lies in a folder of its own.
func filesOf(data []byte) map[string][]byte {
	out := map[string][]byte{}
	for i, src := range bytes.Split(data, []byte(separator)) {
		name := fmt.Sprintf("f%02d.c", i)
		if i%3 == 2 {
			name = fmt.Sprintf("f%02d.h", i)
		}
		if i%4 == 3 {
			name = "sub/" + name
		}
		out[name] = src
	}
	return out
}

// fuzzSeeds are the fixtures, each as one input.
func fuzzSeeds(t testing.TB) [][]byte {
	var out [][]byte
	for _, name := range fixtureNames(t) {
		files := fixtureFiles(t, name)
		var paths []string
		for p := range files {
			paths = append(paths, p)
		}
		sort.Strings(paths)
		var parts [][]byte
		for _, p := range paths {
			parts = append(parts, files[p])
		}
		out = append(out, bytes.Join(parts, []byte(separator)))
	}
	return out
}

// checkReport holds what is true of the report of any input.
func checkReport(t *testing.T, files map[string][]byte, rep *Report) {
	t.Helper()
	ids := map[string]bool{}
	missing, undecided := 0, 0
	for _, s := range rep.Sites {
		at := fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column)
		if !slices.Contains(Verdicts, s.Verdict) {
			t.Fatalf("%s: verdict %q", at, s.Verdict)
		}
		if s.ID == "" || ids[s.ID] {
			t.Fatalf("%s: ID %q is not unique", at, s.ID)
		}
		ids[s.ID] = true
		if len(s.Evidence) == 0 {
			t.Fatalf("%s: no evidence", at)
		}
		for _, e := range s.Evidence {
			if strings.HasPrefix(e.Note, "internal error") {
				t.Fatalf("%s: %s", at, e.Note)
			}
			if e.Note == "" || e.Line < 1 || e.Column < 1 || files[e.File] == nil {
				t.Fatalf("%s: evidence %+v", at, e)
			}
		}
		if !bytes.HasPrefix(textAt(files[s.File], s.Line, s.Column), []byte(s.Call)) {
			t.Fatalf("%s: no %s stands there", at, s.Call)
		}
		switch s.Verdict {
		case Missing:
			missing++
			if !slices.Contains(s.Rules, RuleMissing) && !slices.Contains(s.Rules, RuleMissingAccept) {
				t.Fatalf("%s: missing, and the rules are %v", at, s.Rules)
			}
		case Undecided:
			undecided++
			if s.Fix.Reason == "" {
				t.Fatalf("%s: undecided for no reason", at)
			}
		case Covered:
			if slices.Contains(s.Rules, RuleMissing) || slices.Contains(s.Rules, RuleMissingAccept) {
				t.Fatalf("%s: covered, and the rules are %v", at, s.Rules)
			}
		}
		if !slices.IsSorted(s.Rules) {
			t.Fatalf("%s: rules %v", at, s.Rules)
		}
	}
	if c := rep.Coverage; c.Sites != len(rep.Sites) || c.Missing != missing || c.Undecided != undecided {
		t.Fatalf("coverage %+v of %d sites, %d missing, %d undecided", c, len(rep.Sites), missing, undecided)
	}
}

// textAt returns what stands from a line and column on.
func textAt(src []byte, line, col int) []byte {
	for ; line > 1; line-- {
		_, rest, ok := bytes.Cut(src, []byte("\n"))
		if !ok {
			return nil
		}
		src = rest
	}
	if col-1 > len(src) {
		return nil
	}
	return src[col-1:]
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > maxFuzzInput {
			t.Skip("too long")
		}
		files := filesOf(data)
		begin := time.Now()
		rep := analyzeTexts(files, Options{Workers: 1})
		if d := time.Since(begin); d > maxFuzzTime {
			t.Fatalf("took %v", d)
		}
		checkReport(t, files, rep)
		one, err := json.Marshal(rep)
		if err != nil {
			t.Fatal(err)
		}
		four, err := json.Marshal(analyzeTexts(files, Options{Workers: 4}))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, four) {
			t.Fatalf("one worker says\n%s\nfour say\n%s", one, four)
		}
	})
}
