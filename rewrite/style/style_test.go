package style

import (
	"strings"
	"testing"
)

func TestLayout(t *testing.T) {
	const canonical = "if (a < 0) {\nfoo(a, b);\nreturn;\n}\n#ifdef X\nif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0) {\nbar();\n}\n#endif\n"
	for name, c := range map[string]struct {
		st   Style
		want string
	}{
		"knr": {Style{Tab: 8, tabs: true, Unit: 8, Inner: 8, BraceGap: " ", keyGap: " ", Limit: 80, TextLimit: 80, Wrap: WrapStyle{Offset: 4}},
			"\tif (a < 0) {\n\t\tfoo(a, b);\n\t\treturn;\n\t}\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t    sizeof(on)) < 0)\n\t\tbar();\n#endif"},
		"gnu": {Style{Tab: 8, tabs: true, Unit: 2, Inner: 4, Brace: BraceGNU, BraceGap: " ", keyGap: " ", Limit: 80, TextLimit: 80, Wrap: WrapStyle{Align: true}},
			"\tif (a < 0)\n\t  {\n\t    foo(a, b);\n\t    return;\n\t  }\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t\t       sizeof(on)) < 0)\n\t  bar();\n#endif"},
		"allman": {Style{Tab: 8, Unit: 4, Inner: 4, Brace: braceAllman, BraceOne: true, Limit: 100, TextLimit: 100},
			"\tif(a < 0)\n\t{\n            foo(a, b);\n            return;\n\t}\n#ifdef X\n\tif(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)\n\t{\n            bar();\n\t}\n#endif"},
	} {
		if got := strings.Join(c.st.Layout("\t", canonical), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestNested holds which files show by their blocks that a tab is wider than the indentation.
func TestNested(t *testing.T) {
	block := func(inside string) string { return "    if (a) {\n" + inside + "b();\n    }\n" }
	for _, c := range []struct {
		name, src string
		want      bool
	}{
		{"a tab inside of four blanks", strings.Repeat(block("\t"), 3), true},
		{"now and then", strings.Repeat(block("\t"), 2), false},
		{"eight blanks", strings.Repeat(block("        "), 3), false},
		{"tabs alone", strings.Repeat("\tif (a) {\n\t\tb();\n\t}\n", 3), false},
		{"the end of a block", strings.Repeat("    if (a) {\n\t}\n", 3), false},
	} {
		if got := nested([]byte(c.src), 4); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
