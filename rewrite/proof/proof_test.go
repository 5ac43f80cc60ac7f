package proof

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// TestProve puts a text above BLOCK;, or above the line with /**/, and holds why the patch is refused, "" where it is not.
func TestProve(t *testing.T) {
	const (
		set   = "\tsetsockopt(fd, 1, 9, &on, 4);\n"
		plain = "\tBLOCK;\n\tserve(fd);"
		timed = "#if defined(T)\n\tsetsockopt(fd, 6, 4, &on, 4);\n#elif defined(U)\n\tsetsockopt(fd, 6, 16, &on, 4);\n#endif\n"
	)
	for _, tt := range []struct{ name, inside, block, want string }{
		{"a statement", plain, set, ""},
		{"a statement under an #if", plain, "#ifdef SO_KEEPALIVE\n" + set + "#endif\n", ""},
		{"not a whole line", plain, strings.TrimSuffix(set, "\n"), "the edits are not whole lines"},
		{"nothing", plain, "", "the edits are not whole lines"},
		{"another descriptor", plain, "\tsetsockopt(x, 1, 9, &on, 4);\n", "the block would be seen by no build"},
		{"an #if that nobody takes", plain, "#if 0\n" + set + "#endif\n", "the block would be seen by no build"},
		{"half a statement", plain, "\tif (x)\n", "the block would absorb the statement after it"},
		{"a brace too many", plain, set + "\t}\n", "the block would be seen by no build"},
		{"a brace too few", plain, "\tif (x) {\n" + set, "the block would absorb the statement after it"},
		{"no C", plain, "\tsetsockopt(fd, 1 9);\n", "a second parser does not take the patched function"},
		{"under a statement without braces", "\tif (x)\n\t\t/**/serve(fd);\n\tBLOCK;", set, "the block would become the body of another statement"},
		{"an #if that brings selections of what is repaired", "#ifndef _WIN32\n\tif (x) {\n\t\tSAY(1)\n\t}\n#endif\n" + plain + "\n#ifdef _WIN32\n\t{\n\t\tx = 1;\n\t}\n\tif (!x)\n#else\n\tif (x)\n#endif\n\t{\n\t\tSAY(2)\n\t}\n\tSAY(3)",
			strings.Replace(timed, "defined(U)", "defined(__APPLE__) && defined(U)", 1), ""},
		{"an #if that brings selections, and no C", "#ifdef A\n\tuse(1);\n#else\n\tuse(2);\n#endif\n" + plain, strings.Replace(timed, "6, 16", "6 16", 1), "a second parser does not take the patched function"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := server("", tt.inside, "")
			at := strings.Index(src, "BLOCK;")
			if i := strings.Index(src, "/**/"); i >= 0 {
				at = i
			}
			tg := targetOf(t, src)
			got := NewProver().Prove(tg, []edit.Edit{edit.Insert(text.LineStart([]byte(src), at), tt.block)}, 0)
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// String returns the obligation and why it fails, "" for nil.
func (b *Breach) String() string {
	if b == nil {
		return ""
	}
	return b.obligation + ": " + b.why
}
