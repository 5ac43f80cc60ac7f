package repo

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/keepatch/keepatch"

// layer is a package and what it may import of ours.
type layer struct {
	name    string // without the module's path; "" is package main at the top
	imports string // separated by blanks
}

// layers are all packages, highest first. Imports go down this list and never
// up, so that each package can be read, tested and replaced with what stands
// below it alone.
var layers = []layer{
	{"", "cli driver preload"},
	{"tools/accuracy", "tools/internal/marks tools/internal/timing report detect detect/result parse"},
	{"tools/big", "tools/internal/marks tools/internal/timing"},
	{"tools/prove", "tools/internal/marks"},
	{"tools/e2e", ""},
	{"tools/internal/marks", ""},
	{"tools/internal/timing", ""},
	{"tools/repo", ""},
	{"tools/same", ""},
	{"cli", "cli/help cli/verify lsp driver report rewrite rewrite/timers rewrite/argswitch templates detect/baseline detect/config detect/finding detect detect/rules detect/result detect/knowledge detect/since parse/text preload"},
	{"cli/help", "driver report detect/config detect/rules detect/result"},
	{"cli/verify", "rewrite rewrite/timers detect/result parse/builds parse/text"},
	{"lsp", "driver report rewrite rewrite/timers rewrite/edit detect/baseline detect/config detect/finding detect detect/rules detect/result parse/text"},
	{"driver", "report rewrite detect/finding detect detect/result detect/knowledge detect/since parse parse/builds parse/cond parse/sites parse/text parse/walk"},
	{"report", "rewrite/edit detect/finding detect detect/rules detect/result detect/knowledge parse/text"},
	{"rewrite", "rewrite/newfunc rewrite/proof rewrite/siblings rewrite/timers rewrite/compose rewrite/optval rewrite/include rewrite/anchor rewrite/exemplar rewrite/noreturn rewrite/style rewrite/ctree rewrite/argswitch rewrite/edit rewrite/udiff templates detect detect/result parse parse/cc parse/token parse/text detect/knowledge"},
	{"rewrite/newfunc", "rewrite/compose rewrite/style rewrite/ctree parse parse/token parse/text detect/knowledge"},
	{"rewrite/proof", "rewrite/compose rewrite/optval rewrite/anchor rewrite/noreturn rewrite/ctree rewrite/edit templates detect/cfg parse/cc parse/cond parse parse/token parse/text detect/knowledge"},
	{"rewrite/siblings", "parse/text"},
	{"rewrite/timers", "detect/knowledge rewrite/ctree templates"},
	{"rewrite/compose", "detect/memo rewrite/message rewrite/optval rewrite/anchor rewrite/exemplar rewrite/noreturn rewrite/style rewrite/ctree rewrite/edit templates detect/result parse parse/token parse/text detect/knowledge"},
	{"rewrite/message", "detect/memo rewrite/anchor rewrite/exemplar rewrite/noreturn rewrite/style rewrite/ctree parse parse/token parse/text detect/knowledge"},
	{"rewrite/optval", "detect/memo rewrite/anchor rewrite/exemplar rewrite/style rewrite/ctree rewrite/edit parse parse/text detect/knowledge"},
	{"rewrite/include", "rewrite/ctree rewrite/edit parse parse/text detect/knowledge"},
	{"rewrite/anchor", "rewrite/exemplar rewrite/noreturn rewrite/style rewrite/ctree rewrite/edit detect/result parse parse/sites parse/token parse/text detect/knowledge"},
	{"rewrite/exemplar", "rewrite/noreturn rewrite/ctree parse parse/sites parse/token detect/knowledge"},
	{"rewrite/noreturn", "rewrite/ctree parse parse/token parse/text detect/knowledge"},
	{"rewrite/style", "rewrite/ctree parse parse/token parse/text"},
	{"rewrite/ctree", "detect detect/result parse parse/token parse/text detect/knowledge"},
	{"rewrite/argswitch", "rewrite/argswitch/argv rewrite/argswitch/manual rewrite/argswitch/table rewrite/argswitch/getopt rewrite/argswitch/usage rewrite/argswitch/patch rewrite/argswitch/config rewrite/argswitch/config/rows rewrite/argswitch/config/keyword rewrite/argswitch/program rewrite/edit parse parse/token parse/text detect/knowledge"},
	{"rewrite/argswitch/argv", "rewrite/argswitch/getopt rewrite/argswitch/usage rewrite/argswitch/patch rewrite/argswitch/program parse parse/sites parse/token parse/text"},
	{"rewrite/argswitch/manual", "rewrite/argswitch/usage rewrite/argswitch/patch rewrite/argswitch/program rewrite/edit parse/text"},
	{"rewrite/argswitch/table", "rewrite/argswitch/getopt rewrite/argswitch/patch rewrite/argswitch/program parse parse/token parse/text"},
	{"rewrite/argswitch/getopt", "rewrite/argswitch/patch rewrite/argswitch/program parse parse/token parse/text detect/knowledge"},
	{"rewrite/argswitch/patch/patchtest", "rewrite/argswitch/patch rewrite/argswitch/program rewrite/edit parse"},
	{"rewrite/argswitch/usage", "rewrite/argswitch/patch parse parse/token parse/text"},
	{"rewrite/argswitch/patch", "rewrite/argswitch/program rewrite/edit parse parse/token parse/text detect/knowledge"},
	{"rewrite/argswitch/config", "rewrite/argswitch/config/compare rewrite/argswitch/config/rows rewrite/argswitch/config/lookup rewrite/argswitch/config/keyword rewrite/argswitch/config/words rewrite/argswitch/config/source parse parse/token parse/text"},
	{"rewrite/argswitch/config/compare", "rewrite/argswitch/config/keyword rewrite/argswitch/config/words rewrite/argswitch/config/source parse parse/token parse/text"},
	{"rewrite/argswitch/config/rows", "rewrite/argswitch/config/keyword rewrite/argswitch/config/words rewrite/argswitch/config/source parse parse/token parse/text"},
	{"rewrite/argswitch/config/lookup", "rewrite/argswitch/config/keyword rewrite/argswitch/config/words rewrite/argswitch/config/source parse parse/token detect/knowledge parse/text"},
	{"rewrite/argswitch/config/keyword", "rewrite/argswitch/config/words rewrite/argswitch/config/source parse parse/sites parse/token detect/knowledge parse/text"},
	{"rewrite/argswitch/config/words", "parse/text"},
	{"rewrite/argswitch/config/source", "parse parse/token parse/text"},
	{"rewrite/argswitch/program", "rewrite/argswitch/link detect/knowledge parse parse/token parse/text"},
	{"rewrite/argswitch/link", "parse/text"},
	{"rewrite/edit", ""},
	{"rewrite/udiff", ""},
	{"templates", ""},
	{"detect/baseline", "detect/finding"},
	{"detect/config", "detect detect/rules detect/knowledge parse/walk parse/text"},
	{"detect/finding", "detect detect/suppress detect/rules detect/result"},
	{"detect", "detect/suppress detect/rules detect/judge detect/site detect/program detect/result"},
	{"detect/suppress", "detect/rules detect/program detect/result parse parse/token"},
	{"detect/rules", "detect/judge detect/flow detect/eval detect/fixpoint detect/callgraph detect/defuse detect/program detect/value detect/cfg detect/result detect/knowledge parse parse/token"},
	{"detect/judge", "detect/memo detect/site detect/socket detect/constraint detect/discriminant detect/creation detect/alias detect/flow detect/eval detect/fixpoint detect/callgraph detect/defuse detect/program detect/value detect/cfg detect/result detect/knowledge parse parse/sites parse/token"},
	{"detect/socket", "detect/eval detect/fixpoint detect/callgraph detect/program detect/value detect/result detect/knowledge parse parse/sites"},
	{"detect/site", "detect/program detect/result parse parse/sites parse/token"},
	{"detect/discriminant", "detect/flow detect/eval detect/defuse detect/program detect/value parse parse/token"},
	{"detect/creation", "detect/callgraph detect/program detect/value detect/cfg parse"},
	{"detect/constraint", "detect/program detect/knowledge detect/memo parse parse/builds"},
	{"detect/alias", "detect/fixpoint detect/eval detect/callgraph detect/defuse detect/program detect/knowledge detect/memo parse parse/token"},
	{"detect/flow", "detect/eval detect/fixpoint detect/callgraph detect/defuse detect/program detect/value detect/cfg detect/knowledge detect/memo parse parse/token"},
	{"detect/eval", "detect/fixpoint detect/callgraph detect/defuse detect/program detect/value detect/cfg detect/knowledge detect/memo parse parse/token"},
	{"detect/fixpoint", "detect/callgraph detect/program detect/value detect/result parse"},
	{"detect/callgraph", "detect/defuse detect/program detect/value detect/knowledge detect/memo parse parse/sites parse/token"},
	{"detect/defuse", "detect/program detect/value detect/cfg detect/knowledge detect/memo parse parse/token"},
	{"detect/program/programtest", "detect/program parse"},
	{"detect/program", "detect/value detect/cfg detect/result detect/knowledge detect/memo parse parse/builds parse/token"},
	{"detect/value", "detect/cfg detect/knowledge parse parse/token"},
	{"detect/cfg", "detect/memo parse"},
	{"detect/result", "parse parse/sites parse/text parse/walk"},
	{"detect/memo", ""},
	{"detect/pathtest", ""},
	{"detect/since", ""},
	{"parse/cc", "parse parse/token"},
	{"parse", "parse/cond parse/token"},
	{"parse/builds", "parse/cond parse/token"},
	{"parse/cond", "parse/token"},
	{"parse/token", "parse/sites parse/text"},
	{"parse/parsetest", ""},
	{"parse/walk", ""},
	// The programs that cannot be rebuilt are another trade: nothing but leaves is shared.
	{"preload/cmd-trial", "preload"},
	{"preload", "parse/text preload/host preload/supervise preload/policy preload/procfd preload/shim preload/tcpopt"},
	{"preload/host", "preload/policy"},
	{"preload/supervise", "preload/fast preload/policy preload/procfd preload/seccomp preload/shim preload/tcpopt parse/text"},
	{"preload/fast", "preload/seccomp preload/tcpopt"},
	{"preload/policy", "preload/tcpopt"},
	{"preload/procfd", ""},
	{"preload/seccomp", "preload/tcpopt"},
	{"preload/shim", "preload/tcpopt"},
	{"preload/tcpopt", "detect/knowledge"},
	// What everything may know: tables, and how text is cut and worded.
	{"detect/knowledge", "parse/sites"},
	{"parse/sites", ""},
	{"parse/text", ""},
}

// soleImporters are the modules of others that one package hides from the rest,
// so that they can be replaced.
var soleImporters = map[string]string{
	"modernc.org/cc/v4":                        "parse/cc",
	"github.com/sergi/go-diff":                 "rewrite/udiff",
	"github.com/goccy/go-yaml":                 "detect/config",
	"github.com/alecthomas/chroma/v2":          "report",
	"github.com/urfave/cli/v2":                 "cli",
	"go.lsp.dev/jsonrpc2":                      "lsp",
	"go.lsp.dev/protocol":                      "lsp",
	"go.lsp.dev/uri":                           "lsp",
	"golang.org/x/term":                        "cli",
	"github.com/rogpeppe/go-internal":          "tests only",
	"github.com/google/go-cmp":                 "tests only",
	"github.com/santhosh-tekuri/jsonschema/v6": "tests only",
}

// layerOf returns the row of a package, given without the module's path; nil where
// there is none.
func layerOf(name string) *layer {
	i := slices.IndexFunc(layers, func(l layer) bool { return l.name == name })
	if i < 0 {
		return nil
	}
	return &layers[i]
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
		to := strings.TrimPrefix(strings.TrimPrefix(imp, module), "/")
		if !slices.Contains(strings.Fields(from.imports), to) {
			faults = append(faults, fmt.Sprintf("%s imports %s", name, imp))
		}
	}
	return faults
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports"}, allPackages(t)...)...).Output()
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
	if seen != len(layers) {
		t.Errorf("go list named %d packages, there are %d rows", seen, len(layers))
	}
}

// The rule sees what it forbids.
func TestImportFaults(t *testing.T) {
	for _, c := range []struct {
		name, imports string
		faults        int
	}{
		{"parse", "os " + module + "/parse/token", 0},
		{"parse", module + "/detect", 1},
		{"parse/walk", module + "/parse", 1},
		{"detect/finding", module + "/detect/result", 0},
		{"detect/cfg", module + "/detect/program", 1},
		{"detect/eval", module + "/detect/flow", 1},
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
		for _, imp := range strings.Fields(l.imports) {
			if !slices.ContainsFunc(layers[i+1:], func(x layer) bool { return x.name == imp }) {
				t.Errorf("%q may import %q, which does not stand below it", l.name, imp)
			}
		}
		if layerOf(l.name) != &layers[i] {
			t.Errorf("%q has two rows", l.name)
		}
	}
}

// sharedImport allows what the commands of package preload are made of, which are commands of the
// same program, and what help texts need of the command line and the terminal.
func sharedImport(mod, name string) bool {
	switch mod {
	case "github.com/urfave/cli/v2":
		return name == "cli/help" || name == "preload" || name == "preload/cmd-trial"
	case "golang.org/x/term":
		return name == "cli/help"
	}
	return false
}
