package cc

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"modernc.org/cc/v4"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/parsetest"
)

// site is one labelled call of the corpus, found in its file.
type site struct {
	id   string
	file *parse.File
	off  int
}

// corpusSites reads the labels; the test is skipped without them.
func corpusSites(t testing.TB) []site {
	labels, corpus := os.Getenv("KEEPATCH_LABELS"), os.Getenv("KEEPATCH_CORPUS")
	if labels == "" || corpus == "" {
		t.Skip("KEEPATCH_LABELS and KEEPATCH_CORPUS are not set")
	}
	files := map[string]*parse.File{}
	var out []site
	names, _ := filepath.Glob(filepath.Join(labels, "*.jsonl"))
	for _, name := range names {
		r, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for sc := bufio.NewScanner(r); sc.Scan(); {
			var row struct{ ID, Site string }
			if json.Unmarshal(sc.Bytes(), &row) != nil || row.Site != "call" {
				continue
			}
			pkg, rest, _ := strings.Cut(row.ID, ":")
			parts := strings.Split(rest, ":")
			path := filepath.Join(corpus, pkg, parts[0])
			if files[path] == nil {
				src, err := os.ReadFile(path)
				if err != nil {
					t.Error(err)
					continue
				}
				files[path] = parse.New(path, src)
			}
			line, _ := strconv.Atoi(parts[1])
			col, _ := strconv.Atoi(parts[2])
			out = append(out, site{row.ID, files[path], files[path].Lines().Start(line) + col - 1})
		}
		r.Close()
	}
	return out
}

// TestCorpusConfirm asks for the second opinion on every labelled call.
func TestCorpusConfirm(t *testing.T) {
	agree, total := 0, 0
	kinds := map[string]int{}
	var times []time.Duration
	for _, s := range corpusSites(t) {
		for _, fn := range s.file.FuncsAt(s.off) {
			if call, _ := callAt(fn, s.off); call == nil {
				continue // the call stands in a branch that this pass drops
			}
			start := time.Now()
			o := Confirm(fn, s.off)
			times = append(times, time.Since(start))
			total++
			if o.Agrees {
				agree++
			} else {
				t.Logf("%s (%s): %s", s.id, fn.Name, o.Reason)
			}
			for _, e := range o.Edits {
				kinds[e.Kind]++
				if testing.Verbose() && (e.Kind == parse.RepairOpaque || e.Kind == RepairArgs) {
					t.Logf("edit %s:%d %s: %.60q", s.id, s.file.Lines().Line(e.Off), e.Kind, s.file.Src[e.Off:e.End])
				}
			}
			l := s.file.Lines()
			_, stmt := callAt(fn, s.off)
			if from, to := l.Start(l.Line(stmt.Pos)-1), l.Start(min(l.Line(stmt.End)+7, l.Count())); o.Agrees && o.Touched(from, to) {
				kinds["touched near the site"]++
			}
		}
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	if total == 0 {
		t.Fatal("no sites")
	}
	t.Logf("agrees %d of %d; edits %v; median %v p95 %v max %v", agree, total, kinds,
		times[len(times)/2], times[len(times)*95/100], times[len(times)-1])
}

// TestCorpusEveryCall compares the two parsers on every call of every function
// of the corpus, not only the labelled ones.
func TestCorpusEveryCall(t *testing.T) {
	root := os.Getenv("KEEPATCH_CORPUS")
	if root == "" || testing.Short() {
		t.Skip("KEEPATCH_CORPUS is not set")
	}
	funcs, calls, refused := 0, 0, 0
	kinds := map[string]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".c") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return nil // a dangling link
		}
		f := parse.New(path, src)
		for _, fn := range f.Funcs {
			if fn.Macro != nil {
				continue
			}
			funcs++
			iso, err := isolate(fn)
			if err == nil {
				ast, perr := iso.parse()
				if err = perr; err == nil {
					calls += compareAll(t, iso, ast)
				}
			}
			if err != nil {
				refused++
				t.Logf("%s:%d %s: %v", path, f.Lines().Line(fn.Start), fn.Name, err)
				continue
			}
			for _, e := range iso.edits {
				kinds[e.Kind]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d functions, %d calls agree, %d functions not read by cc; edits %v", funcs, calls, refused, kinds)
}

// compareAll compares the calls that no edit covers.
func compareAll(t *testing.T, iso *isolated, ast *cc.AST) (calls int) {
	walkAll(iso.fn.Body(), func(*parse.Stmt) bool { return true }, func(s *parse.Stmt, e *parse.Expr) bool {
		if e.Kind != parse.XCall || e.X.Kind != parse.XIdent {
			return true
		}
		for _, r := range iso.edits {
			if r.Off < e.End && r.End > e.Pos && r.Kind != parse.RepairMacroStmt {
				return true
			}
		}
		if err := iso.compare(ast, e, s); err != nil {
			t.Errorf("%s:%d %s: %v", iso.fn.File.Path, iso.fn.File.Lines().Line(e.Pos), e.X.Name, err)
		}
		calls++
		return true
	})
	return calls
}

// TestConfirmTraps holds the time of a second opinion at the edge of what is
// handed to cc.
func TestConfirmTraps(t *testing.T) {
	n := 15_000
	if testing.Short() {
		n = 1500
	}
	for _, tt := range parsetest.Traps {
		f := parse.New("t.c", []byte(tt.Text(n)))
		for _, fn := range f.Funcs[:min(len(f.Funcs), 2)] {
			start := time.Now()
			err := Parses(fn)
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("%s: %v (%v)", tt.Name, d, err)
			} else if d > 200*time.Millisecond {
				t.Logf("%s: %v (%v)", tt.Name, d, err)
			}
		}
	}
}
