package argswitch

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
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
			if len(c.Call.Args) < 2 || !isSelf(n, text.StripSpace(parse.ExprText(n.File, c.Call.Args[0]))) {
				continue
			}
			list := text.StripSpace(parse.ExprText(n.File, c.Call.Args[1]))
			if strings.HasPrefix(c.Call.Callee(), "execv") &&
				(list == "argv" || strings.HasSuffix(list, ")argv") || takenFrom(n, list, "argv") || copiesArgs(n, list)) {
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

// startsItself reports whether a program executes itself with the arguments that it got.
func startsItself(p *program.Program) bool {
	for n := range p.Steps {
		if n.Macro || n.File.Foreign(n.Forms[0].BodyPos, "linux") != "" {
			continue
		}
		for _, c := range patch.CallsIn(n, "execv", "execvp", "execve") {
			if len(c.Call.Args) < 2 {
				continue
			}
			list := text.StripSpace(parse.ExprText(n.File, c.Call.Args[1]))
			if isSelf(n, text.StripSpace(parse.ExprText(n.File, c.Call.Args[0]))) || list == "argv" || takenFrom(n, list, "argv") {
				return true
			}
		}
	}
	return false
}

// isSelf reports whether a path is the program's own.
func isSelf(n *program.Node, path string) bool {
	given := slices.ContainsFunc(n.Forms[0].Params, func(d *parse.Decl) bool { return d.Name == "argv" })
	return given && (path == "argv[0]" || path == "*argv") || path == `"/proc/self/exe"` || takenFrom(n, path, "argv[0]")
}

// copiesArgs reports whether a loop of a function puts the arguments into a list of its own,
// as nargv[n++] = argv[i].
func copiesArgs(n *program.Node, list string) bool {
	elementOf := func(e *parse.Expr) (string, *parse.Expr) {
		if e = e.Strip(); e == nil || e.Kind != parse.XIndex {
			return "", nil
		}
		return text.StripSpace(parse.ExprText(n.File, e.X)), e.Y.Strip()
	}
	found := false
	n.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XAssign && x.Op == token.Assign {
					to, _ := elementOf(x.X)
					from, index := elementOf(x.Y)
					found = found || to == list && from == "argv" && index != nil && index.Kind != parse.XNumber
				}
				return !found
			})
		})
		return !found
	})
	return found
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
