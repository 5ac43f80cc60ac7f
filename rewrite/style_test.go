package rewrite

import (
	"strings"
	"testing"
)

func TestLayout(t *testing.T) {
	const canonical = "if (a < 0) {\nfoo(a, b);\nreturn;\n}\n#ifdef X\nif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0) {\nbar();\n}\n#endif\n"
	for name, c := range map[string]struct {
		st   style
		want string
	}{
		"knr": {style{tab: 8, tabs: true, unit: 8, inner: 8, braceGap: " ", keyGap: " ", limit: 80, text: 80, wrap: wrapStyle{offset: 4}},
			"\tif (a < 0) {\n\t\tfoo(a, b);\n\t\treturn;\n\t}\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t    sizeof(on)) < 0)\n\t\tbar();\n#endif"},
		"gnu": {style{tab: 8, tabs: true, unit: 2, inner: 4, brace: braceGNU, braceGap: " ", keyGap: " ", limit: 80, text: 80, wrap: wrapStyle{align: true}},
			"\tif (a < 0)\n\t  {\n\t    foo(a, b);\n\t    return;\n\t  }\n#ifdef X\n\tif (setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on,\n\t\t       sizeof(on)) < 0)\n\t  bar();\n#endif"},
		"allman": {style{tab: 8, unit: 4, inner: 4, brace: braceAllman, braceOne: true, limit: 100, text: 100},
			"\tif(a < 0)\n\t{\n            foo(a, b);\n            return;\n\t}\n#ifdef X\n\tif(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)\n\t{\n            bar();\n\t}\n#endif"},
	} {
		if got := strings.Join(c.st.layout("\t", canonical), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
