package rewrite

import (
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/pathtest"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// inputOf is how a generated program reads its inputs; under the harness it calls. An
// element is the same however often it is read: the patch may ask a condition again.
var inputOf = regexp.MustCompile(`inputs(\d)\[(\d+)\]`)
var selector = regexp.MustCompile(`(?m)^#ifdef (\w+)`)
var siteCall = regexp.MustCompile(`\b(?:socket|accept4?)\(`)

// planTexts plans the patch of sources in memory.
func planTexts(texts map[string]string, opt Options) *Plan {
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	read := func(name string) ([]byte, error) {
		if text, ok := texts[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	rep := detect.Analyze(names, detect.Options{Workers: 1, Read: read})
	opt.Files, opt.Index, opt.Read = names, rep.Index, read
	return Make(rep.Sites, opt)
}

// pathJudge compiles and runs programs on their paths.
type pathJudge struct {
	dir  string // of the harness
	bin  string
	mock string
}

func newPathJudge(t testing.TB) *pathJudge {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc here")
	}
	j := &pathJudge{dir: t.TempDir()}
	var err error
	if j.mock, err = filepath.Abs("testdata/paths/mock.h"); err != nil {
		t.Fatal(err)
	}
	j.bin = filepath.Join(j.dir, "harness.o")
	if out, err := exec.Command("gcc", "-O1", "-c", "-o", j.bin, "testdata/paths/harness.c").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return j
}

// complaints are what the compiler says of the sources under a selection.
func (j *pathJudge) complaints(texts map[string]string, defines []string) string {
	dir, err := os.MkdirTemp(j.dir, "")
	if err != nil {
		return err.Error()
	}
	defer os.RemoveAll(dir)
	args := []string{"-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Wno-unused-parameter", "-fdiagnostics-color=never"}
	args = append(args, defines...)
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err.Error()
		}
		if strings.HasSuffix(name, ".c") {
			args = append(args, name)
		}
	}
	cmd := exec.Command("gcc", args...)
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// run returns the lines of the harness, each once.
func (j *pathJudge) run(texts map[string]string, defines []string, failing bool) ([]string, error) {
	dir, err := os.MkdirTemp(j.dir, "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	args := append([]string{"-w", "-Dmain=prog_main", "-include", j.mock, "-o", "prog", j.bin}, defines...)
	for name, text := range texts {
		text = inputOf.ReplaceAllString(text, "input_at($1, $2)")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, ".c") {
			args = append(args, name)
		}
	}
	cmd := exec.Command("gcc", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v\n%s", err, out)
	}
	prog := exec.Command(filepath.Join(dir, "prog"))
	if failing {
		prog.Args = append(prog.Args, "failing")
	}
	out, err := prog.Output()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

// patchFaults patches the program of some bytes and returns what is wrong with it.
func patchFaults(j *pathJudge, b []byte, opt Options) (faults []string, patched, refused int, plan *Plan) {
	p := pathtest.New(b)
	before := p.Texts()
	plan = planTexts(before, opt)
	after := map[string]string{}
	inserted := map[string]bool{} // lines, by FILE:LINE
	for name, text := range before {
		after[name] = text
	}
	for _, f := range plan.Files {
		after[f.Path] = string(f.New)
		for _, n := range newLines(string(f.Diff)) {
			inserted[fmt.Sprintf("%s:%d", f.Path, n)] = true
		}
	}
	promised := map[string]bool{} // sites with a patch, by where they are now
	partly := map[string]bool{}   // of these, those that had keepalive on some ways
	for _, f := range plan.Fixes {
		if f.Status == result.FixNone {
			refused++
			continue
		}
		patched++
		if f.Status == result.FixElsewhere {
			continue // its accept() has a promise of its own
		}
		at := placeNow(before, after, f.Site)
		promised[at] = true
		partly[at] = f.Site.Verdict == result.Covered || partly[at]
	}
	if len(plan.Files) == 0 {
		return faults, patched, refused, plan
	}
	for _, f := range planTexts(after, opt).Files {
		faults = append(faults, "the second run is not empty:\n"+string(f.Diff))
	}
	sets := [][]string{nil}
	var all []string
	for _, m := range selector.FindAllStringSubmatch(before["a.c"]+before["b.c"]+before[pathtest.HeaderName], -1) {
		if d := "-D" + m[1]; !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	if len(all) > 0 {
		sets = append(sets, all)
	}
	for _, defines := range sets {
		faults = append(faults, j.judge(before, after, defines, promised, partly, inserted)...)
	}
	return faults, patched, refused, plan
}

// judge compiles and runs the patched program under one selection of branches.
func (j *pathJudge) judge(before, after map[string]string, defines []string, promised, partly, inserted map[string]bool) (faults []string) {
	if old, now := j.complaints(before, defines), j.complaints(after, defines); strings.Count(now, "warning:")+strings.Count(now, "error:") > strings.Count(old, "warning:")+strings.Count(old, "error:") {
		faults = append(faults, fmt.Sprintf("%v: the compiler complains:\n%s", defines, now))
	}
	for _, failing := range []bool{false, true} {
		lines, err := j.run(after, defines, failing)
		if err != nil {
			return append(faults, err.Error())
		}
		on := map[string]bool{} // the program's own setter asks for the user's option
		for _, l := range lines {
			if words := strings.Fields(l); len(words) > 1 && words[1] == "on" {
				on[words[0]] = true
			}
		}
		for _, l := range lines {
			words := strings.Fields(l)
			if len(words) < 2 || on[words[0]] && (words[1] == "bare" || words[1] == "feeds-bare" && partly[words[0]]) {
				continue // a way on which an option or the build decides is promised nothing
			}
			mine := 0
			for _, w := range words[2:] {
				if inserted[w] {
					mine++
				}
			}
			switch {
			case words[1] == "closed" && inserted[words[0]]:
				faults = append(faults, fmt.Sprintf("%v: set behind the close: %s", defines, l))
			case failing:
			case (words[1] == "bare" || words[1] == "feeds-bare") && promised[words[0]]:
				faults = append(faults, fmt.Sprintf("%v: patched, and a path is without: %s", defines, l))
			case mine > 1:
				faults = append(faults, fmt.Sprintf("%v: set twice: %s", defines, l))
			}
		}
	}
	return faults
}

var hunkHead = regexp.MustCompile(`^@@ -\d+(?:,\d+)? \+(\d+)`)

// newLines are the numbers of the lines that a diff adds.
func newLines(diff string) (out []int) {
	n := 0
	for l := range strings.Lines(diff) {
		switch m := hunkHead.FindStringSubmatch(l); {
		case m != nil:
			n, _ = strconv.Atoi(m[1])
		case n == 0 || l[0] == '-':
		default:
			if l[0] == '+' {
				out = append(out, n)
			}
			n++
		}
	}
	return out
}

// placeNow is where a site stands in the patched text: the nth call of its file.
func placeNow(before, after map[string]string, s *result.Site) string {
	n := 0
	for i, l := range strings.Split(before[s.File], "\n") {
		if i+1 < s.Line {
			n += len(siteCall.FindAllString(l, -1))
		}
	}
	for i, l := range strings.Split(after[s.File], "\n") {
		k := len(siteCall.FindAllString(l, -1))
		if n < k {
			return fmt.Sprintf("%s:%d", s.File, i+1)
		}
		n -= k
	}
	return ""
}

// TestPatchPaths patches random programs, and tries the paths of what comes out.
// PROGRAMS=FROM,TO looks at more of them.
func TestPatchPaths(t *testing.T) {
	j := newPathJudge(t)
	lo, hi := 0, 8
	if from, to, ok := strings.Cut(os.Getenv("PROGRAMS"), ","); ok {
		lo, _ = strconv.Atoi(from)
		hi, _ = strconv.Atoi(to)
	}
	patched, refused, bad := 0, 0, 0
	reasons := map[string]int{}
	for n := lo; n < hi; n++ {
		r := rand.New(rand.NewSource(int64(n)))
		b := make([]byte, 60+r.Intn(400))
		r.Read(b)
		opt := Options{Style: []string{"auto", "inline", "helper"}[n%3]}
		if n%4 == 3 {
			opt.Timers = timers.Timers{Idle: 60, Interval: 10, Count: 6}
		}
		faults, p, q, plan := patchFaults(j, b, opt)
		patched, refused = patched+p, refused+q
		for _, f := range plan.Fixes {
			if f.Status == result.FixNone {
				reasons[f.Reason]++
			}
		}
		if len(faults) > 0 {
			bad++
			var diff strings.Builder
			for _, f := range plan.Files {
				diff.Write(f.Diff)
			}
			t.Errorf("program %d (%s):\n%s\n%s", n, opt.Style, strings.Join(faults, "\n"), diff.String())
			for name, text := range pathtest.New(b).Texts() {
				t.Logf("--- %s\n%s", name, text)
			}
		}
	}
	t.Logf("%d programs: %d sites patched, %d refused %v, %d programs with faults", hi-lo, patched, refused, reasons, bad)
	if patched == 0 {
		t.Error("nothing was patched")
	}
}
