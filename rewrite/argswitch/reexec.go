package argswitch

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// reexecs remarks on each call that executes the program again with an argument list of
// its own, which lacks the option. A program that passes its argv on needs no remark.
func (j *extension) reexecs(p *program.Program) {
	var said []string
	for n := range p.Steps {
		if n.Macro || n.File.Foreign(n.Forms[0].BodyPos, "linux") != "" {
			continue
		}
		for _, c := range patch.CallsIn(n, "execv", "execvp", "execve", "execl", "execlp", "execle") {
			if len(c.Call.Args) < 2 || !isSelf(n, patch.StripSpace(patch.TextOf(n.File, c.Call.Args[0]))) {
				continue
			}
			list := patch.StripSpace(patch.TextOf(n.File, c.Call.Args[1]))
			if strings.HasPrefix(c.Call.Callee(), "execv") &&
				(list == "argv" || strings.HasSuffix(list, ")argv") || takenFrom(n, list, "argv")) {
				continue
			}
			said = append(said, fmt.Sprintf("%s: %s() starts the program anew with arguments of its own, which are without the option",
				n.File.Path, n.Name))
		}
	}
	sort.Strings(said)
	for _, s := range said {
		if !slices.Contains(j.Remarks, s) { // programs may share the function
			j.Remarks = append(j.Remarks, s)
		}
	}
}

// isSelf reports whether a path is the program's own.
func isSelf(n *program.Node, path string) bool {
	given := slices.ContainsFunc(n.Forms[0].Params, func(d *parse.Decl) bool { return d.Name == "argv" })
	return given && (path == "argv[0]" || path == "*argv") || path == `"/proc/self/exe"` || takenFrom(n, path, "argv[0]")
}

// takenFrom reports whether a file assigns one expression to another: prog = argv[0].
func takenFrom(n *program.Node, to, from string) bool {
	toks := n.File.Toks
	for i, t := range toks {
		if t.Op != token.Assign || i == 0 || n.File.Text(toks[i-1]) != to {
			continue
		}
		text := ""
		for k := i + 1; k < len(toks) && toks[k].Op != token.Semi && toks[k].Op != token.Comma && len(text) <= len(from); k++ {
			text += n.File.Text(toks[k])
		}
		if text == from {
			return true
		}
	}
	return false
}
