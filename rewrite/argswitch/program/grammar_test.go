package program_test

import (
	"errors"
	"testing"

	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// TestGrammar holds that a function that a yacc file alone names runs from the program
// that is linked with what yacc makes of it, and from no other.
func TestGrammar(t *testing.T) {
	files := map[string]string{
		"src/main.c":  "int yyparse(void);\nint main(void) { return yyparse(); }\n",
		"src/dial.c":  "int dial(void) { return 1; }\n",
		"src/other.c": "int main(void) { return 0; }\n",
		"src/parse.y": "%%\nline: WORD { call = dial; };\n",
		"src/Makefile.am": "bin_PROGRAMS = prog other\nprog_SOURCES = main.c dial.c parse.y\n" +
			"other_SOURCES = other.c dial.c\n",
	}
	read := func(name string) ([]byte, error) {
		if s, ok := files[name]; ok {
			return []byte(s), nil
		}
		return nil, errors.New("not there")
	}
	list := func(names ...string) func() []string { return func() []string { return names } }
	tree := program.NewTree([]string{"src/main.c", "src/dial.c", "src/other.c"}, nil, read, list("src/Makefile.am"), list("src/parse.y"),
		func(string) bool { return false })
	for _, m := range tree.Funcs["main"] {
		_, ok := tree.Reach(m)[tree.Funcs["dial"][0]]
		if want := m.File.Path == "src/main.c"; ok != want {
			t.Errorf("%s: dial() runs: %v, want %v", m.File.Path, ok, want)
		}
	}
}
