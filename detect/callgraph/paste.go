package callgraph

import (
	"strings"

	"github.com/keepatch/keepatch/detect/program"
)

// pastedName returns what a name that the macro fi puts together becomes on the way
// that the descriptor came, "" where the way does not say.
func pastedName(fi *program.FuncInfo, name string, path *CallPath) string {
	if fi.Func.Macro == nil || !strings.Contains(name, "##") {
		return ""
	}
	list := program.PasteParts(name)
	for m := fi.Func.Macro; ; {
		t := path
		for t != nil && t.Call.Callee() != m.Name {
			t = t.Up
		}
		if t == nil {
			return ""
		}
		var ok bool
		if list, ok = program.Substitute(m, list, t.Call); !ok {
			return ""
		}
		if m, path = t.In.Func.Macro, t.Up; m == nil || !program.Depends(m, list) {
			return strings.Join(list, "")
		}
	}
}
