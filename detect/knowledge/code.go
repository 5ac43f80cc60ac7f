package knowledge

import (
	"path"
	"slices"
	"strings"
)

// The kinds of code that reports tell apart, by whom it is run.
const (
	Product  = "product"  // what a project is for
	Test     = "test"     // run by a project's own makers
	Example  = "example"  // shows how the project is used
	Vendored = "vendored" // another project's, kept here as a copy
)

// CodeKinds lists all of them in the order in which they are counted.
var CodeKinds = []string{Product, Test, Example, Vendored}

// codeWords are words of the names of folders, for what lies in and below them.
// Those for vendored copies are the ones that GitHub's linguist takes for such
// (lib/linguist/vendor.yml) and that say it of C.
var codeWords = map[string]string{
	"test": Test, "tests": Test, "testing": Test, "testsuite": Test, "testsuites": Test, "testcase": Test, "testcases": Test,
	"testprog": Test, "testprogs": Test, "unittest": Test, "unittests": Test, "selftest": Test, "selftests": Test,
	"regress": Test, "regression": Test, "fuzz": Test, "fuzzing": Test, "fuzzer": Test, "fuzzers": Test,
	"testapp": Test, "testapps": Test, "testcode": Test,
	"bench": Test, "benchmark": Test, "benchmarks": Test, "torture": Test,
	"example": Example, "examples": Example, "sample": Example, "samples": Example, "demo": Example, "demos": Example,
	"sampleapp": Example, "sampleapps": Example, "samplecode": Example, "exampleapps": Example, "demoapps": Example,
	"vendor": Vendored, "vendors": Vendored, "vendored": Vendored, "thirdparty": Vendored, "3rdparty": Vendored,
	"external": Vendored, "externals": Vendored, "extern": Vendored, "deps": Vendored, "bundled": Vendored, "subprojects": Vendored,
}

// codePairs are two words of a folder's name that say it together.
var codePairs = map[[2]string]string{{"third", "party"}: Vendored, {"3rd", "party"}: Vendored, {"unit", "test"}: Test}

// CodeKind says what kind of code a file holds, by the words of its path. The
// innermost folder that says anything decides, before it the file's own name.
func CodeKind(file string) string {
	dir, base := path.Split(path.Clean(file))
	stem := strings.ToLower(strings.TrimSuffix(base, path.Ext(base)))
	parts := words(stem)
	for _, w := range []string{parts[0], parts[len(parts)-1]} {
		// A benchmark is a test when it has a folder of its own; a file of that name is
		// a tool for users as often.
		if k := codeWords[w]; (k == Test || k == Example) && !strings.HasPrefix(w, "bench") {
			return k
		}
	}
	if strings.HasPrefix(stem, "test") {
		return Test
	}
	folders := strings.Split(strings.ToLower(dir), "/")
	for i := len(folders) - 1; i >= 0; i-- {
		parts := words(folders[i])
		for k, w := range parts {
			if kind := codeWords[w]; kind != "" {
				return kind
			}
			if k > 0 && codePairs[[2]string{parts[k-1], w}] != "" {
				return codePairs[[2]string{parts[k-1], w}]
			}
		}
	}
	return Product
}

// Below returns a file's path below the one of roots that it lies in. Only that much of
// a path is the project's: what is unpacked below a folder called test is no test for
// that. A file in none of them that is named by a way out of the working directory is
// known by its name alone.
func Below(roots []string, file string) string {
	root := ""
	for _, r := range roots {
		if strings.HasPrefix(file, r+"/") && len(r) > len(root) {
			root = r
		}
	}
	if root != "" {
		return file[len(root)+1:]
	}
	if path.IsAbs(file) || strings.HasPrefix(file, "../") {
		return path.Base(file)
	}
	return file
}

// IsTestOrExample reports whether a file's program is run by the makers of the project, or
// shows how it is used: its users are no others'.
func IsTestOrExample(file string) bool {
	kind := CodeKind(file)
	return kind == Test || kind == Example
}

// IsDebugMacro reports whether a condition is that a macro for debugging is defined, by its name alone.
func IsDebugMacro(guard string) bool {
	if strings.ContainsAny(guard, " !<>=&|()") {
		return false
	}
	return slices.ContainsFunc(words(strings.ToLower(guard)), func(w string) bool {
		return w == "debug" || w == "dbg" || w == "debugging"
	})
}

// words divides a name at what is neither a letter nor a digit; at least one
// word is returned.
func words(name string) []string {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '+' || r == ' ' })
	if len(parts) == 0 {
		return []string{""}
	}
	return parts
}
