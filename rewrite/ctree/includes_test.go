package ctree

import (
	"slices"
	"testing"
)

func TestIncludesIn(t *testing.T) {
	src := "#include <a.h>\n  # \tinclude\"b.h\" /* include <no.h> */\nx #include <no.h>\n/* #include <no.h> */\n" +
		"#include MACRO\n#include <>\n#include \"no.h\n#includes <no.h>\n#include  <sys/c.h>\r\n#include"
	if got, want := includesIn([]byte(src)), []string{"a.h", "b.h", "sys/c.h"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
