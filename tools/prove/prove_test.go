package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A program that stands for keepatch: it prints what the test laid down.
func stub(t *testing.T, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keepatch")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o777); err != nil {
		t.Fatal(err)
	}
	return file
}

const before = "int f(void)\n{\n\treturn 1;\n}\n"

const diff = `--- a/a.c
+++ b/a.c
@@ -1,4 +1,5 @@
 int f(void)
 {
+	int x;
 	return 1;
 }
`

const missing = `{"sites": [{"file": "a.c", "line": 1, "function": "f", "call": "socket", "verdict": "missing", "fix": {"status": "patch"}}]}`

func outcomeOf(t *testing.T, script string, build bool) *outcome {
	t.Helper()
	tree := t.TempDir()
	if err := os.WriteFile(filepath.Join(tree, "a.c"), []byte(before), 0o666); err != nil {
		t.Fatal(err)
	}
	makefile := "a.o: a.c\n\tcc -c a.c\n"
	if err := os.WriteFile(filepath.Join(tree, "Makefile"), []byte(makefile), 0o666); err != nil {
		t.Fatal(err)
	}
	p := prover{keepatch: stub(t, script), work: t.TempDir(), timeout: time.Minute, build: build, jobs: 1}
	bin, err := p.compilers()
	if err != nil {
		t.Fatal(err)
	}
	p.bin = bin
	return p.prove(tree)
}

func TestProve(t *testing.T) {
	// What a right tool does: the diff once, nothing afterwards.
	right := `case "$*" in
	scan*) if grep -q 'int x' a.c; then echo '{"sites": []}'; else echo '` + missing + `'; fi;;
	"apply --write .") sed -i '2a\	int x;' a.c;;
	apply*) grep -q 'int x' a.c || cat <<'D'
` + diff + `D
	esac`
	for _, c := range []struct {
		name, script string
		build        bool
		want         string // a part of the one fault, "" for none
	}{
		{"right", right, false, ""},
		{"new warning", right, true, "new: a.c: warning: unused variable"},
		{"bad diff", strings.Replace(right, " int f(void)", " int g(void)", 1), false, "git apply"},
		{"not empty", strings.Replace(right, "grep -q 'int x' a.c ||", "", 1), false, "the second apply"},
		{"other bytes", strings.Replace(right, `int x;' a.c;;`, `int xx;' a.c;;`, 1), false, "not what the diff says"},
		{"still missing", strings.Replace(right, `{"sites": []}`, strings.Replace(missing, "patch", "none", 1), 1), false, "after the patch"},
		{"nothing printed", strings.Replace(right, "grep -q 'int x' a.c ||", "true ||", 1), false, "apply prints none"},
		{"crash", "echo 'keepatch: internal error' >&2; exit 2", false, "scan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := outcomeOf(t, c.script, c.build)
			if c.want == "" {
				if len(o.faults) > 0 || o.patched != 1 {
					t.Errorf("patched %d, faults %q", o.patched, o.faults)
				}
				return
			}
			if len(o.faults) == 0 || !strings.Contains(strings.Join(o.faults, "\n"), c.want) {
				t.Errorf("faults %q, want one with %q", o.faults, c.want)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	text := table{{name: "a", patched: 2, left: 1, built: "same"}, {name: "b", built: "-"}, {name: "c", patched: 1, built: "not here", faults: []string{"x"}}}.markdown()
	for _, want := range []string{"| a | 2 | 1 | same | none |\n", "| c | 1 | 0 | not here | 1 |\n", "3 projects, 2 with something to patch: 3 sockets patched, 1 left with a reason, 1 built before and after, 1 faults."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "| b |") {
		t.Errorf("a project without a patch has a row:\n%s", text)
	}
}

// The tests of a project are run before and after; what they say of each case
// counts, and a recipe names them.
func TestChangedTests(t *testing.T) {
	tree := t.TempDir()
	for name, text := range map[string]string{"a.c": before, "recipes": "# comment\nmine@@true@cc -c a.c@grep -q 'int x' a.c && echo 'FAIL: a' || echo 'PASS: a'\n"} {
		if err := os.WriteFile(filepath.Join(tree, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	recipes, err := readRecipes(filepath.Join(tree, "recipes"))
	if err != nil {
		t.Fatal(err)
	}
	p := prover{work: t.TempDir(), timeout: time.Minute, build: true, jobs: 1, recipes: recipes}
	if p.bin, err = p.compilers(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(p.work, "mine")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keepatch.diff"), []byte(diff), 0o666); err != nil {
		t.Fatal(err)
	}
	var o outcome
	b := p.baseline("mine", dir, tree)
	if b == nil {
		t.Fatal("not built")
	}
	if err := os.WriteFile(filepath.Join(tree, "a.c"), []byte(strings.Replace(before, "\treturn", "\tint x = 1;\n\tif (x) { }\n\treturn", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	// The recipe's command is not make: nothing names the file, so nothing is proven.
	if how := p.rebuilt(&o, b); how != "not compiled here" {
		t.Errorf("%q, want not compiled here", how)
	}
	b.make = "echo a.c; cc -c a.c"
	if how := p.rebuilt(&o, b); len(o.faults) != 1 || o.faults[0] != "the tests were ok 1 PASS and are ok 1 FAIL" {
		t.Errorf("%q, faults %q", how, o.faults)
	}
	if _, err := readRecipes(filepath.Join(tree, "a.c")); err == nil {
		t.Error("what is no list of recipes is taken for one")
	}
}

func TestBuilds(t *testing.T) {
	text := table{{name: "a", patched: 2, built: "same, tests ok"}, {name: "b", patched: 1, built: "not here"}, {name: "c", built: "-"}}.builds()
	for _, want := range []string{"| a | 2 | same, tests ok | none |\n", "1 projects built before and after", "(2 sockets patched), the tests of 1 of them run: 0 faults.", "Not built here: b.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
