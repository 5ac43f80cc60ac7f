package keyword

import (
	"strings"
	"testing"

	"github.com/keepatch/keepatch/parse"
)

// TestTarget: a keyword's function may stand in another file than its table.
func TestTarget(t *testing.T) {
	const src = "int quiet;\nint set_quiet(char *val) { conf.quiet = yesno(val); return 0; }\n"
	fn := parse.New("set.c", []byte(src)).Funcs[0]
	at := strings.Index(src, "conf.quiet")
	table := parse.New("t.c", []byte("int x;\n"))
	s := &Sibling{Fn: fn, Arm: &Arm{Target: []Replacement{{From: at, To: at + len("conf.quiet")}}}}
	if name, member := s.Target(table); name != "quiet" || !member {
		t.Errorf("%s, a member: %v", name, member)
	}
}
