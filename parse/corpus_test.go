package parse

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCorpus parses every labelled file and finds every labelled call in a
// tree. It needs the corpus: KEEPATCH_LABELS and KEEPATCH_CORPUS name its
// folders (make corpus fetches it).
func TestCorpus(t *testing.T) {
	labels, corpus := os.Getenv("KEEPATCH_LABELS"), os.Getenv("KEEPATCH_CORPUS")
	if labels == "" || corpus == "" {
		t.Skip("KEEPATCH_LABELS and KEEPATCH_CORPUS are not set")
	}
	files := map[string]*File{}
	found, total := 0, 0
	repairs := map[string]int{}
	names, _ := filepath.Glob(filepath.Join(labels, "*.jsonl"))
	for _, name := range names {
		r, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			var row struct{ ID, Func, Site string }
			if json.Unmarshal(sc.Bytes(), &row) != nil || row.Site != "call" {
				continue
			}
			pkg, rest, _ := strings.Cut(row.ID, ":")
			parts := strings.Split(rest, ":")
			path := filepath.Join(corpus, pkg, parts[0])
			line, _ := strconv.Atoi(parts[1])
			col, _ := strconv.Atoi(parts[2])
			f := files[path]
			if f == nil {
				src, err := os.ReadFile(path)
				if err != nil {
					t.Error(err)
					continue
				}
				f = New(path, src)
				files[path] = f
			}
			total++
			off := f.Lines().Start(line) + col - 1
			ok := false
			for _, fn := range f.FuncsAt(off) {
				fn.Body().Walk(func(s *Stmt) bool {
					s.Exprs(func(e *Expr) {
						e.Walk(func(x *Expr) bool {
							if x.Kind == XCall && x.NamePos == off {
								ok = true
							}
							return true
						})
					})
					return true
				})
				for _, r := range fn.Repairs {
					repairs[r.Kind]++
				}
				if ok && fn.Name != row.Func && row.Func != "" {
					fmt.Println("other name", row.ID, fn.Name, row.Func)
				}
			}
			if !ok {
				t.Errorf("%s: no call in a tree; functions %d", row.ID, len(f.FuncsAt(off)))
			} else {
				found++
			}
		}
		r.Close()
	}
	for p, f := range files {
		for _, pr := range f.Problems {
			fmt.Println(p, f.Lines().Line(pr.Off), pr.Msg)
		}
	}
	fmt.Println("found", found, "of", total, "files", len(files), repairs)
}
