package detect

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/rules"
	"github.com/keepatch/keepatch/parse/parsetest"
)

// judgeTexts analyses sources that are not on the disk.
func judgeTexts(workers int, texts map[string]string) *Report {
	var names []string
	for name := range texts {
		names = append(names, name)
	}
	return Analyze(names, Options{Workers: workers, Read: func(name string) ([]byte, error) {
		if text, ok := texts[name]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}})
}

var otherCallee = regexp.MustCompile(`^[A-Za-z_(*&]`)

// checkReport holds what is true of every report, whatever the sources.
func checkReport(r *Report, texts map[string]string) error {
	ids := map[string]bool{}
	missing, undecided := 0, 0
	for _, s := range r.Sites {
		at := fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Column)
		end := "\n"
		if !strings.Contains(texts[s.File], end) {
			end = "\r" // a file of an old Macintosh
		}
		lines := strings.SplitAfter(texts[s.File], end)
		if s.Line < 1 || s.Line > len(lines) || s.Column < 1 || s.Column > len(lines[s.Line-1]) {
			return fmt.Errorf("%s is outside its file", at)
		}
		// Another name stands there where a macro, a pointer or syscall() stands for it.
		if text := lines[s.Line-1][s.Column-1:]; !strings.HasPrefix(text, s.Call) && !otherCallee.MatchString(text) {
			return fmt.Errorf("%s: no %s stands there", at, s.Call)
		}
		if len(s.Evidence) == 0 {
			return fmt.Errorf("%s: no evidence", at)
		}
		if !slices.IsSorted(s.Rules) {
			return fmt.Errorf("%s: rules %v", at, s.Rules)
		}
		fails := slices.Contains(s.Rules, rules.Missing) || slices.Contains(s.Rules, rules.MissingAccept)
		if fails != (s.Verdict == result.Missing) && s.Verdict != result.Suppressed {
			return fmt.Errorf("%s: %s, and the rules are %v", at, s.Verdict, s.Rules)
		}
		if ids[s.ID] || s.ID == "" {
			return fmt.Errorf("%s: id %q is not its own", at, s.ID)
		}
		ids[s.ID] = true
		if !slices.Contains(result.Verdicts, s.Verdict) {
			return fmt.Errorf("%s: verdict %q", at, s.Verdict)
		}
		switch s.Verdict {
		case result.Missing:
			missing++
			if s.Transport != result.TCP && s.Transport != result.MaybeTCP {
				return fmt.Errorf("%s: missing, but transport %q", at, s.Transport)
			}
		case result.Undecided:
			undecided++
			if s.Fix.Reason == "" {
				return fmt.Errorf("%s: undecided without a reason", at)
			}
		case result.NotTCP:
			if s.Transport != result.OtherTransport {
				return fmt.Errorf("%s: not TCP, but transport %q", at, s.Transport)
			}
		}
		for _, e := range s.Evidence {
			if _, ok := texts[e.File]; !ok || e.Note == "" || e.Line < 1 || e.Column < 1 {
				return fmt.Errorf("%s: evidence %+v", at, e)
			}
			if strings.Contains(e.Note, "internal error") {
				return fmt.Errorf("%s: %s", at, e.Note)
			}
		}
	}
	if c := r.Coverage; c.Sites != len(r.Sites) || c.Missing != missing || c.Undecided != undecided {
		return fmt.Errorf("counted %+v, but there are %d sites, %d missing, %d undecided", c, len(r.Sites), missing, undecided)
	}
	return nil
}

// judgements are what a report says, without the trees behind it.
func judgements(r *Report) []string {
	var list []string
	for _, s := range r.Sites {
		list = append(list, fmt.Sprintf("%s:%d:%d %s %s %s %s %v %v %v %v", s.File, s.Line, s.Column, s.Transport, s.Role, s.Keepalive, s.Verdict, s.Rules, s.Guards, s.Evidence, s.Fix))
	}
	for _, e := range r.Errors {
		list = append(list, fmt.Sprint(e))
	}
	return list
}

func read(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// companion is a file that belongs to a fixture, or else one that makes
// circles.
func companion(t testing.TB, name string) string {
	t.Helper()
	names, err := filepath.Glob(strings.TrimSuffix(name, ".c") + "/*.c")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) > 0 {
		return read(t, names[0])
	}
	return ringSources[0]
}

// FuzzAnalyze holds that two files of any bytes, analysed as one program, give
// a report in time that is true to itself, and the same one with more workers.
func FuzzAnalyze(f *testing.F) {
	f.Add("", "")
	for _, s := range ringSources {
		f.Add(s, ringSources[0])
	}
	for _, pattern := range []string{"../testdata/demo/*.c", "testdata/fixtures/*.c", "../report/testdata/src/*.c", "../parse/testdata/parse/*.c"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("%s: no seeds, %v", pattern, err)
		}
		for _, name := range names {
			f.Add(read(f, name), companion(f, name))
		}
	}
	for i := range 3 {
		f.Add(generated(i, 3), sharedPart)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		texts := map[string]string{"a.c": a, "b.c": b}
		var one *Report
		parsetest.Within(t, len(a)+len(b), func() { one = judgeTexts(1, texts) })
		if err := checkReport(one, texts); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(judgements(one), judgements(judgeTexts(4, texts))); d != "" {
			t.Fatalf("one worker and four differ:\n%s", d)
		}
	})
}

// ringSources are programs in which following a descriptor, a value or a
// pointer leads back to where it came from.
var ringSources = []string{
	// A callback table, a struct and a global, filled and read in turns.
	`int g; struct s { int fd; int (*make)(int, int, int); } t[2] = { { 0, socket }, { 1, 0 } };
int next(struct s *p) { p->fd = g; g = p->fd; return p[1].make ? p[1].make(2, 1, 0) : next(p + 1); }
int use(void) { t[0].fd = socket(next(t), t[1].fd, g); return accept(t[g].fd, 0, 0); }`,
	// Functions that call each other with what they got.
	`int a(int f, int t) { return f ? b(t, f) : socket(f, t, 0); }
int b(int f, int t) { int fd = a(t, f); return fd < 0 ? a(f, fd) : b(fd, t); }
int c(void) { int fd = a(2, 1); connect(fd, 0, 0); return fd; }`,
	// A descriptor that goes out through a pointer and comes in again.
	`void put(int *p) { *p = socket(2, 1, 0); get(p); }
void get(int *q) { int x = *q; put(&x); *q = x; put(q); listen(*q, 1); }`,
	// Two out-parameters that hand a pointer on to each other.
	`int fill(int *p) { return pass(p); } int pass(int *p) { *p = socket(2, 1, 0); return fill(p); }
int top(void) { int fd; fill(&fd); pass(&fd); return connect(fd, 0, 0); }`,
	// A variable made of itself, macros that name themselves.
	`#define socket(a, b, c) socket(b, a, c)
#define A B
#define B A
int f(int n) { int d = A, t = t | 1; for (; n; n--) { d = d ? t : d; t = d; } return socket(d, t, B); }`,
}
