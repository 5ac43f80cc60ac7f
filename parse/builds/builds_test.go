package builds

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
)

// arms maps the text of each #if arm, one name, to whether a command may take it.
func arms(t *testing.T, files map[string]string, commands ...string) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var rows []map[string]string
	for _, c := range commands {
		rows = append(rows, map[string]string{"directory": ".", "file": "x.c", "command": c})
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "compile_commands.json")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	db := New()
	if _, err := db.Add(name); err != nil {
		t.Fatal(err)
	}
	f := parse.New("x.c", []byte(files["x.c"]))
	taken := db.Taken(filepath.Join(dir, "x.c"), &f.Tree, NewHeaders(os.ReadFile))
	out := map[string]bool{}
	for _, at := range regexp.MustCompile(`(?m)^arm_\w+$`).FindAllStringIndex(files["x.c"], -1) {
		may := true
		for _, b := range f.Chain(f.TokAt(at[0])) {
			may = may && (taken == nil || taken[b.Number])
		}
		out[files["x.c"][at[0]:at[1]]] = may
	}
	return out
}

// TestConditions has for one #if whether its arm and its #else may be taken.
func TestConditions(t *testing.T) {
	const both, first, second = "both", "first", "second"
	for _, x := range []struct{ name, command, before, condition, want string }{
		{"defined by the command", "gcc -DA", "", "ifdef A", first},
		{"not defined", "gcc -DB", "", "ifdef A", second},
		{"-D is 1", "gcc -DA", "", "if A == 1", first},
		{"-D with a value", "gcc -DA=3", "", "if A > 3", second},
		{"-D apart from its name", "gcc -D A=3", "", "if A > 2", first},
		{"-U after -D", "gcc -DA -UA", "", "ifdef A", second},
		{"-D after -U", "gcc -UA -DA", "", "ifdef A", first},
		{"defined as 0", "gcc -DA=0", "", "if defined(A) && !A", first},
		{"#undef", "gcc -DA", "#undef A\n", "ifdef A", second},
		{"#define", "gcc", "#define A (B + 1)\n#define B 2\n", "if A * 2 == 6", first},
		{"a text is replaced as it stands", "gcc", "#define A 1 + 1\n", "if A * 3 == 4", first},
		{"a macro that names itself", "gcc", "#define A A\n", "if A", both},
		{"a macro with arguments", "gcc", "#define A(x) x\n", "if A(0)", both},
		{"a name that is not defined, called", "gcc", "", "if A(0)", both},
		{"has_include", "gcc", "", "if __has_include(<a.h>)", both},
		{"linux", "gcc", "", "ifdef __linux__", first},
		{"linux under -std", "gcc -std=c99", "", "ifdef linux", both},
		{"another system", "gcc", "", "ifdef _WIN32", second},
		{"C++", "gcc", "", "ifdef __cplusplus", second},
		{"the compiler's own", "gcc", "", "ifdef __AVX2__", both},
		{"the value of the compiler's own", "gcc", "", "if __GNUC__ > 4", both},
		{"another compiler", "x86_64-w64-mingw32-gcc", "", "ifdef _WIN32", both},
		{"another compiler's -D", "icc -DA", "", "ifdef A", first},
		{"a launcher", "ccache gcc", "", "ifdef _WIN32", second},
		{"a target", "clang --target=x86_64-pc-windows", "", "ifdef _WIN32", both},
		{"-x c++", "gcc -x c++", "", "ifdef A", both},
		{"-Wp", "gcc -Wp,-MD,x.d -Wp,-DA", "", "ifdef A", first},
		{"an option of the preprocessor", "gcc -Xpreprocessor -DA", "", "ifdef A", both},
		{"a response file", "gcc @flags", "", "ifdef A", both},
		{"a header of the tree", "gcc", "#include \"here.h\"\n", "ifdef HERE", first},
		{"what a header of the tree lacks", "gcc", "#include \"here.h\"\n", "ifdef A", second},
		{"a header that is not found", "gcc", "#include \"nowhere.h\"\n", "ifdef A", both},
		{"a header that is not found, and -D", "gcc -DA", "#include \"nowhere.h\"\n", "ifndef A", both},
		{"a header that is not found, elsewhere", "gcc", "#ifdef _WIN32\n#include \"nowhere.h\"\n#endif\n", "ifdef A", second},
		{"a header that is not found, perhaps", "gcc", "#ifdef __AVX2__\n#include \"nowhere.h\"\n#endif\n", "ifdef A", both},
		{"#define behind one", "gcc", "#include \"nowhere.h\"\n#define A\n", "ifdef A", first},
		{"a system is known behind one", "gcc", "#include \"nowhere.h\"\n", "ifdef _WIN32", second},
		{"a header that a macro names", "gcc -DH=\\\"here.h\\\"", "#include H\n", "ifdef HERE", first},
		{"-I", "gcc -Isub", "#include <there.h>\n", "ifdef THERE", first},
		{"-isystem", "gcc -isystem sub", "#include <there.h>\n", "ifdef THERE", first},
		{"-include", "gcc -include sub/there.h", "", "ifdef THERE", first},
		{"-include of what is not there", "gcc -include nowhere.h", "", "ifdef THERE", both},
		{"<> looks not beside the file", "gcc -nostdinc", "#include <here.h>\n", "ifdef A", both},
		{"an include guard", "gcc -Isub", "#include <guarded.h>\n#include <guarded.h>\n", "if TIMES == 1", first},
		{"#pragma once", "gcc -Isub", "#include <once.h>\n#include <once.h>\n", "if TIMES == 1", first},
		{"#define that may be", "gcc", "#ifdef __AVX2__\n#define A\n#endif\n", "ifdef A", both},
		{"#undef that may be", "gcc -DA", "#ifdef __AVX2__\n#undef A\n#endif\n", "ifdef A", both},
		{"#define that is not", "gcc", "#ifdef _WIN32\n#define A\n#endif\n", "ifdef A", second},
		{"an arm before that is taken", "gcc -DA", "#if defined A\n#elif 1\n#define B\n#endif\n", "ifdef B", second},
		{"the last arm", "gcc", "#if defined A\n#elif 0\n#else\n#define B\n#endif\n", "ifdef B", first},
		{"unsigned numbers", "gcc", "", "if -1 > 0u", both},
		{"a division by 0", "gcc", "", "if 1 / 0", both},
		{"no condition", "gcc", "", "if )", both},
		{"a choice", "gcc -DA", "", "if defined A ? 0 : 1", second},
		{"|| with something unknown", "gcc -DA", "", "if defined A || defined __AVX2__", first},
		{"&& with something unknown", "gcc", "", "if defined A && defined __AVX2__", second},
	} {
		got := arms(t, map[string]string{
			"x.c":           x.before + "#" + x.condition + "\narm_1\n#else\narm_2\n#endif\n",
			"here.h":        "#define HERE\n",
			"sub/there.h":   "#define THERE\n",
			"sub/guarded.h": "#ifndef _GUARDED_H\n#define _GUARDED_H\n#ifdef TIMES\n#undef TIMES\n#define TIMES 2\n#else\n#define TIMES 1\n#endif\n#endif\n",
			"sub/once.h":    "#pragma once\n#ifdef TIMES\n#undef TIMES\n#define TIMES 2\n#else\n#define TIMES 1\n#endif\n",
		}, x.command+" -c x.c")
		name := map[[2]bool]string{{true, true}: both, {true, false}: first, {false, true}: second}[[2]bool{got["arm_1"], got["arm_2"]}]
		if name != x.want {
			t.Errorf("%s: %s, #%s: %q, want %q", x.name, x.command, x.condition, name, x.want)
		}
	}
}

func TestSeveralCommands(t *testing.T) {
	files := map[string]string{"x.c": "#ifdef A\narm_1\n#elif defined B\narm_2\n#elif defined C\narm_3\n#else\narm_4\n#endif\n"}
	got := arms(t, files, "gcc -DA -c x.c", "gcc -DC -c x.c")
	if want := map[string]bool{"arm_1": true, "arm_2": false, "arm_3": true, "arm_4": false}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got = arms(t, files); slices.Contains([]bool{got["arm_1"], got["arm_2"], got["arm_3"], got["arm_4"]}, false) {
		t.Errorf("without a command: %v", got)
	}
}

// TestAgainstCompiler compares with what the compiler of this machine keeps of a
// file that includes its headers.
func TestAgainstCompiler(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc")
	}
	var src strings.Builder
	src.WriteString("#include <stdio.h>\n#include <stdlib.h>\n#include <sys/socket.h>\n#include <netinet/in.h>\n#include <netinet/tcp.h>\n#include <errno.h>\n#include <pthread.h>\n")
	for i, c := range []string{"defined SO_KEEPALIVE", "defined TCP_KEEPIDLE", "defined EAGAIN && EAGAIN == 11", "defined HAVE_X", "EOF == -1", "defined SO_NOSUCH",
		"BUFSIZ > 100000", "AF_INET6", "defined __GLIBC__", "__GNUC__ > 2", "defined _POSIX_C_SOURCE && _POSIX_C_SOURCE >= 200112", "SOMAXCONN > 5", "defined X && X > 1"} {
		fmt.Fprintf(&src, "#if %s\narm_%da\n#else\narm_%db\n#endif\n", c, i, i)
	}
	for _, option := range []string{"", "-DX=2", "-std=c99", "-D_GNU_SOURCE -O2", "-m32"} {
		got := arms(t, map[string]string{"x.c": src.String()}, "gcc "+option+" -c x.c")
		cmd := exec.Command(gcc, append(strings.Fields(option), "-E", "-")...)
		cmd.Stdin = strings.NewReader(src.String())
		out, err := cmd.Output()
		if err != nil {
			continue // this machine lacks headers for the option
		}
		out2 := string(out)
		for name, may := range got {
			if kept := regexp.MustCompile(`(?m)^` + name + `$`).MatchString(out2); kept && !may {
				t.Errorf("gcc %s keeps %s", option, name)
			}
		}
		if got["arm_3a"] || got["arm_5a"] {
			t.Errorf("gcc %s: arms are open that the headers decide about: %v", option, got)
		}
	}
}

func TestFaults(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"[{]":              "1 invalid character ']' looking for beginning of object key string",
		"[\n\n1]":          "3 json: cannot unmarshal number into Go value of type struct { Directory string; File string; Command string; Arguments []string }",
		`[{"file":"a.c"}]`: "0 row 1: a row needs file, and arguments or command",
		`[{"file":"a.c","command":"cc 'x"},{"file":"b.c","command":"cc b.c"}]`: "0 row 1: a quote is not closed: 'x",
	} {
		name := filepath.Join(dir, "compile_commands.json")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		line, err := New().Add(name)
		if got := fmt.Sprint(line, " ", err); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
