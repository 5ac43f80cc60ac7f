package rewrite

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/timers"
)

// label is one row of the labelled corpus.
type label struct {
	ID, Func, Site, TCP, Role, Keepalive, Platform, Code, Why string
	Anchor                                                    int
}

// readLabels makes sites out of one package's labels, so that rewriting can be
// measured without the analysis.
func readLabels(t testing.TB, labels, root string) []*result.Site {
	r, err := os.Open(labels)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var sites []*result.Site
	files := map[string]*parse.File{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l label
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Site != "call" {
			continue
		}
		_, rest, _ := strings.Cut(l.ID, ":")
		parts := strings.Split(rest, ":")
		f := files[parts[0]]
		if f == nil {
			src, err := os.ReadFile(filepath.Join(root, parts[0]))
			if err != nil {
				t.Error(err)
				continue
			}
			f = parse.New(parts[0], src)
			files[parts[0]] = f
		}
		s := &result.Site{ID: l.ID, File: parts[0], Function: l.Func, Call: "socket", Role: result.Role(l.Role)}
		s.Line, _ = strconv.Atoi(parts[1])
		s.Column, _ = strconv.Atoi(parts[2])
		off := f.Lines().Start(s.Line) + s.Column - 1
		if bytes.HasPrefix(f.Src[off:], []byte("accept")) {
			s.Call = "accept"
		}
		s.Node.File = f
		s.Verdict = result.Covered
		switch {
		case l.TCP == "no":
			s.Verdict = result.NotTCP
		case l.Platform != "any" || l.Role == "probe":
			s.Verdict = result.Exempt
		case l.Keepalive == "no":
			s.Verdict = result.Missing
		}
		s.Transport = result.TCP
		if l.TCP == "maybe" {
			s.Transport = result.MaybeTCP
			low := strings.ToLower(l.Why)
			s.Node.Types = []string{"SOCK_STREAM"}
			if strings.Contains(low, "dgram") || strings.Contains(low, "udp") {
				s.Node.Types = append(s.Node.Types, "SOCK_DGRAM")
			}
			s.Node.Domains = []string{"AF_INET"}
			if strings.Contains(low, "unix") || strings.Contains(low, "af_local") {
				s.Node.Domains = append(s.Node.Domains, "AF_UNIX")
			}
		}
		sites = append(sites, s)
	}
	sort.SliceStable(sites, func(i, j int) bool {
		a, b := sites[i], sites[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	return sites
}

// sourcesBelow lists the C files of a package.
func sourcesBelow(t testing.TB, root string) []string {
	var out []string
	err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.HasSuffix(p, ".c") || strings.HasSuffix(p, ".h")) {
			rel, _ := filepath.Rel(root, p)
			out = append(out, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLabels patches every labelled site that lacks keepalive. It needs the
// corpus: KEEPATCH_LABELS and KEEPATCH_CORPUS name its folders (make corpus
// fetches it); KEEPATCH_DIFFS names a folder that takes the diffs.
func TestLabels(t *testing.T) {
	labels, corpus := os.Getenv("KEEPATCH_LABELS"), os.Getenv("KEEPATCH_CORPUS")
	if labels == "" || corpus == "" {
		t.Skip("KEEPATCH_LABELS and KEEPATCH_CORPUS are not set")
	}
	names, _ := filepath.Glob(filepath.Join(labels, "*.jsonl"))
	if len(names) == 0 {
		t.Fatal("no labels")
	}
	patched, all := 0, 0
	for _, name := range names {
		pkg := strings.TrimSuffix(filepath.Base(name), ".jsonl")
		root := filepath.Join(corpus, pkg)
		sites := readLabels(t, name, root)
		plan := Make(sites, Options{Files: sourcesBelow(t, root), Read: func(p string) ([]byte, error) { return os.ReadFile(filepath.Join(root, p)) }})
		var diff bytes.Buffer
		for _, f := range plan.Files {
			diff.Write(f.Diff)
		}
		for _, fix := range plan.Fixes {
			if fix.Site.Role == result.Listener || fix.Site.Role == result.UnknownRole {
				continue
			}
			all++
			if fix.Status == result.FixPatch {
				patched++
			} else {
				t.Logf("%s: %s", fix.Site.ID, fix.Reason)
			}
		}
		if dir := os.Getenv("KEEPATCH_DIFFS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, pkg+".diff"), diff.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d of %d client and accepted sites patched", patched, all)
}

// TestEverySite plans a patch for every call of the corpus, whatever it is,
// under every style: nothing may panic, and what is printed must be proven.
func TestEverySite(t *testing.T) {
	labels, corpus := os.Getenv("KEEPATCH_LABELS"), os.Getenv("KEEPATCH_CORPUS")
	if labels == "" || corpus == "" {
		t.Skip("KEEPATCH_LABELS and KEEPATCH_CORPUS are not set")
	}
	names, _ := filepath.Glob(filepath.Join(labels, "*.jsonl"))
	reasons := map[string]int{}
	for _, name := range names {
		root := filepath.Join(corpus, strings.TrimSuffix(filepath.Base(name), ".jsonl"))
		for _, opt := range []Options{
			{}, {OnError: "warn"}, {OnError: "ignore", Style: "inline"}, {Style: "helper"},
			{Timers: timers.Timers{Idle: 60, Interval: 10, Count: 6}}, {Timers: timers.Timers{Idle: 60}, Style: "inline"},
		} {
			sites := readLabels(t, name, root)
			for _, s := range sites {
				s.Verdict = result.Missing
				if s.Role != result.Accepted {
					s.Role = result.Client
				}
			}
			opt.Files = sourcesBelow(t, root)
			opt.Read = func(p string) ([]byte, error) { return os.ReadFile(filepath.Join(root, p)) }
			plan := Make(sites, opt)
			for _, fix := range plan.Fixes {
				if fix.Status != result.FixPatch {
					reasons[fix.Reason]++
				}
			}
			for _, f := range plan.Files {
				if g := parse.New(f.Path, f.New); len(g.Problems) > len(parse.New(f.Path, f.Src).Problems) {
					t.Errorf("%s/%s: %v", root, f.Path, g.Problems)
				}
			}
		}
	}
	for r, n := range reasons {
		t.Logf("%4d %s", n, r)
	}
}
