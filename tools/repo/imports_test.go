package repo

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/keepatch/keepatch"

// layer is a package, or a tree of packages, and what it may import of ours.
type layer struct {
	name    string // without the module's path; "" is package main at the top
	imports []string
}

// layers are all packages, highest first. Imports go down this list and never
// up, so that each package can be read, tested and replaced with what stands
// below it alone. A package belongs to the layer with the longest name that its path
// begins with.
var layers = []layer{
	{"", []string{"cli", "driver"}},
	{"tools/repo", []string{"cli"}}, // its tests alone
	{"cli", []string{"cli/verify", "driver", "report", "rewrite", "rewrite/argswitch", "templates", "detect", "preload"}},
	{"cli/verify", []string{"rewrite", "detect"}},
	{"driver", []string{"report", "rewrite", "detect", "parse", "parse/walk"}},
	{"tools", []string{"report", "detect", "parse"}},
	{"report", []string{"detect", "rewrite/edit", "parse/text"}},
	{"rewrite/edit", nil},
	{"rewrite/udiff", nil},
	{"rewrite", []string{"detect", "parse", "templates", "rewrite/proof", "rewrite/compose", "rewrite/anchor", "rewrite/style", "rewrite/exemplar", "rewrite/noreturn", "rewrite/ctree", "rewrite/argswitch", "rewrite/edit", "rewrite/udiff"}},
	{"rewrite/proof", []string{"parse", "templates", "rewrite/compose", "rewrite/ctree", "rewrite/edit"}},
	{"rewrite/compose", []string{"detect", "parse", "parse/text", "templates", "rewrite/message", "rewrite/anchor", "rewrite/style", "rewrite/exemplar", "rewrite/noreturn", "rewrite/ctree", "rewrite/edit"}},
	{"rewrite/message", []string{"parse", "rewrite/anchor", "rewrite/style", "rewrite/exemplar", "rewrite/noreturn", "rewrite/ctree"}},
	{"rewrite/anchor", []string{"detect", "parse", "rewrite/style", "rewrite/exemplar", "rewrite/noreturn", "rewrite/ctree", "rewrite/edit"}},
	{"rewrite/style", []string{"parse", "parse/text", "rewrite/ctree"}},
	{"rewrite/exemplar", []string{"parse", "rewrite/noreturn", "rewrite/ctree"}},
	{"rewrite/noreturn", []string{"parse", "rewrite/ctree"}},
	{"rewrite/ctree", []string{"detect", "parse"}},
	{"rewrite/argswitch", []string{"parse", "rewrite/edit"}},
	{"templates", nil},
	{"detect/memo", nil},
	{"detect", []string{"detect/memo", "parse", "parse/text"}},
	{"parse/walk", nil},
	{"parse/text", nil},
	{"parse", []string{"parse/text", "parse/walk"}},
	// The programs that cannot be rebuilt are another trade: nothing is shared.
	{"preload", nil},
}

// soleImporters are the modules of others that one package hides from the rest,
// so that they can be replaced.
var soleImporters = map[string]string{
	"modernc.org/cc/v4":               "parse",
	"github.com/sergi/go-diff":        "rewrite/udiff",
	"github.com/goccy/go-yaml":        "detect/config",
	"github.com/urfave/cli/v2":        "cli",
	"golang.org/x/term":               "cli",
	"github.com/rogpeppe/go-internal": "tests only",
	"github.com/google/go-cmp":        "tests only",
}

// layerOf returns the layer of a package, given without the module's path.
func layerOf(name string) *layer {
	var best *layer
	for i := range layers {
		l := &layers[i]
		if (name == l.name || l.name != "" && strings.HasPrefix(name, l.name+"/")) && (best == nil || len(l.name) > len(best.name)) {
			best = l
		}
	}
	return best
}

// importFaults are the imports of a package that break the rule.
func importFaults(name string, imports []string) []string {
	from := layerOf(name)
	if from == nil {
		return []string{name + " is in no layer"}
	}
	var faults []string
	for _, imp := range imports {
		if imp != module && !strings.HasPrefix(imp, module+"/") {
			for mod, owner := range soleImporters {
				if (imp == mod || strings.HasPrefix(imp, mod)) && name != owner && !sharedImport(mod, name) {
					faults = append(faults, fmt.Sprintf("%s imports %s, which belongs to %q", name, imp, owner))
				}
			}
			continue
		}
		to := layerOf(strings.TrimPrefix(strings.TrimPrefix(imp, module), "/"))
		if to == nil || to != from && !slices.Contains(from.imports, to.name) {
			faults = append(faults, fmt.Sprintf("%s imports %s", name, imp))
		}
	}
	return faults
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, f := range importFaults(strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/"), p.Imports) {
			t.Error(f)
		}
	}
	if seen < len(layers)-2 {
		t.Errorf("go list named %d packages", seen)
	}
}

// The rule sees what it forbids.
func TestImportFaults(t *testing.T) {
	for _, c := range []struct {
		name, imports string
		faults        int
	}{
		{"parse", "os " + module + "/parse/text", 0},
		{"parse", module + "/detect", 1},
		{"parse/walk", module + "/parse", 1},
		{"detect/finding", module + "/detect", 0},
		{"detect", module + "/report", 1},
		{"detect", "modernc.org/cc/v4", 1},
		{"rewrite/edit", module + "/rewrite", 1},
		{"rewrite", module + "/rewrite/edit github.com/sergi/go-diff/diffmatchpatch", 1},
		{"report", module, 1},
		{"util", "os", 1},
	} {
		if got := importFaults(c.name, strings.Fields(c.imports)); len(got) != c.faults {
			t.Errorf("%s with %s: %v", c.name, c.imports, got)
		}
	}
}

// Imports only ever go down the list of layers.
func TestLayersAreInOrder(t *testing.T) {
	for i, l := range layers {
		for _, imp := range l.imports {
			below := slices.ContainsFunc(layers[i+1:], func(x layer) bool { return x.name == imp })
			// The leaves of a tree stand above it, to be taken out of it.
			leaf := slices.ContainsFunc(layers, func(x layer) bool { return x.name == imp && x.imports == nil })
			if !below && !leaf {
				t.Errorf("%q may import %q, which does not stand below it", l.name, imp)
			}
		}
	}
	var names []string
	for _, l := range layers {
		names = append(names, l.name)
	}
	slices.Sort(names)
	if d := cmp.Diff(slices.Compact(slices.Clone(names)), names); d != "" {
		t.Error(d)
	}
}

// sharedImport allows what the commands of package preload are made of: they
// are commands of the same program.
func sharedImport(mod, name string) bool {
	return mod == "github.com/urfave/cli/v2" && (name == "preload" || name == "preload/cmd-trial")
}
