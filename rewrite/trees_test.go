package rewrite

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/detect/result"
)

// TestTrees patches each folder of testdata/tree as one program, compares the
// diff and what was left with the folder's file golden, and drives the patch down
// the same roads as those of single files; the compiler sees it under several
// selections of #if. A file named only lists the sites of --only, each a path or
// path:function; the first line of one named options is read as that of a fixture.
func TestTrees(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := filepath.Glob(filepath.Join(here, "testdata/tree/*"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no trees", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			files := treeFiles(t, dir)
			first, _ := os.ReadFile(filepath.Join(dir, "options"))
			opt := fixtureOptions(t, first)
			if list, err := os.ReadFile(filepath.Join(dir, "only")); err == nil {
				paths := strings.Fields(string(list))
				opt.Only = func(s *result.Site) bool {
					return slices.Contains(paths, s.File) || slices.Contains(paths, s.File+":"+s.Function)
				}
			}
			plan := planTree(t, files, opt)
			got := treeGolden(plan)
			golden := filepath.Join(dir, "golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("other than the golden file (-want +got):\n%s", d)
			}
			after := map[string][]byte{}
			for name, text := range files {
				after[name] = text
			}
			for _, f := range plan.Files {
				roads(t, f)
				after[f.Path] = f.New
			}
			for _, f := range plan.Files {
				selections(t, files, after, f.Path)
			}
			for _, f := range planTree(t, after, opt).Files {
				t.Errorf("the second run is not empty:\n%s", f.Diff)
			}
		})
	}
}

// treeFiles are the sources of a folder.
func treeFiles(t *testing.T, dir string) map[string][]byte {
	names, err := filepath.Glob(filepath.Join(dir, "*.[ch]"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = text
	}
	return files
}

// writeTree lays files out in a new folder.
func writeTree(t *testing.T, files map[string][]byte) string {
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func planTree(t *testing.T, files map[string][]byte, opt Options) *Plan {
	t.Chdir(writeTree(t, files))
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	rep := detect.Analyze(names, detect.Options{})
	for _, e := range rep.Errors {
		t.Error(e)
	}
	opt.Files, opt.Index = names, rep.Index
	return Make(rep.Sites, opt)
}

// treeGolden is goldenText with the file of each site.
func treeGolden(p *Plan) []byte {
	var b bytes.Buffer
	for _, f := range p.Fixes {
		if f.Status != result.FixPatch {
			b.WriteString("# " + f.Site.File + ": " + f.Site.Call + "(): " + f.Status + ": " + f.Reason + "\n")
		}
	}
	for _, f := range p.Files {
		b.Write(f.Diff)
	}
	return b.Bytes()
}

var condition = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b(.*)`)
var conditionWord = regexp.MustCompile(`[A-Za-z_]\w*`)

// selections compiles a file of a tree before and after the patch, with no macro
// of its #if lines given, with each and without each: the patch may add no
// complaint in any of them.
func selections(t *testing.T, before, after map[string][]byte, name string) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Log("no gcc here")
		return
	}
	heads := []string{""}
	for _, m := range condition.FindAllSubmatch(before[name], -1) {
		for _, w := range conditionWord.FindAllString(string(m[1]), -1) {
			if w != "defined" {
				heads = append(heads, "#define "+w+" 1\n", "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <sys/socket.h>\n#undef "+w+"\n")
			}
		}
	}
	old, fresh := writeTree(t, before), writeTree(t, after)
	for _, head := range heads {
		a, b := compileIn(t, old, name, head), compileIn(t, fresh, name, head)
		if strings.Count(b, "warning:")+strings.Count(b, "error:") > strings.Count(a, "warning:")+strings.Count(a, "error:") {
			t.Errorf("%s under %q: the compiler complains of the patched text:\n%s", name, head, b)
		}
	}
}

func compileIn(t *testing.T, dir, name, head string) string {
	if err := os.WriteFile(filepath.Join(dir, "selection.h"), []byte(head), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("gcc", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Wdeclaration-after-statement", "-include", "selection.h", name)
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	return string(out)
}
