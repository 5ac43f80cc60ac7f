package getopt

import (
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

var letterString = text.NewPattern(`^"[-+:]*(?:[A-Za-z0-9?]:{0,2}){2,}"$`)

// lookalikes are calls of a function of the program that does what getopt() does under
// another name: it gets the arguments and a string of letters, and leaves the argument
// of an option in optarg, or in a variable whose name ends so.
func lookalikes(j *patch.Patch, n *program.Node) []*patch.CallSite {

	if argName(n) == "" {
		return nil
	}
	seen := map[string]bool{}
	var names []string
	for _, use := range n.Uses {
		if seen[use] || !strings.Contains(strings.ToLower(use), "opt") {
			continue
		}
		seen[use] = true
		for _, m := range j.Tree.Find(use, n.File) {
			if !m.Macro && len(m.Forms[0].Params) == 3 && argName(m) != "" {
				names = append(names, use)
			}
		}
	}
	var out []*patch.CallSite
	for _, c := range patch.CallsIn(n, names...) {
		if len(c.Call.Args) == 3 && c.Call.Args[2].Strip().Kind == parse.XString && letterString.MatchString(c.Call.Args[2].Strip().Name) {
			out = append(out, c)
		}
	}
	return out
}

// byMacro are the calls of a macro of the program that stands for a reader, with the same
// arguments in the same places; it may leave out the last ones, and be another reader in
// another build.
func byMacro(j *patch.Patch, n *program.Node) ([]*patch.CallSite, map[string][]string) {
	readers := map[string][]string{}
	for _, use := range n.Uses {
		if readers[use] != nil {
			continue
		}
		for _, m := range j.Tree.Find(use, n.File) {
			name := ""
			if m.Macro {
				name = passesOn(m.Forms[0].Macro, m.File)
			}
			if name == "" {
				delete(readers, use)
				break
			}
			if !slices.Contains(readers[use], name) {
				readers[use] = append(readers[use], name)
			}
		}
	}
	var names []string
	for name := range readers {
		names = append(names, name)
	}
	sort.Strings(names)
	return patch.CallsIn(n, names...), readers
}

// passesOn is the reader that a macro hands its parameters to, "" for none.
func passesOn(m *parse.Macro, f *parse.File) string {
	if m == nil || !m.FnLike || len(m.Body) < 4 || !slices.Contains(calls(), f.Text(m.Body[0])) ||
		m.Body[1].Op != token.LParen || m.Body[len(m.Body)-1].Op != token.RParen {
		return ""
	}
	var body []token.Token // "+" before the option string, and parentheses, change nothing
	for _, t := range m.Body[2 : len(m.Body)-1] {
		if t.Op != token.LParen && t.Op != token.RParen && t.Kind != token.String {
			body = append(body, t)
		}
	}
	at := 0
	for i, t := range body {
		switch {
		case i%2 == 1 && t.Op == token.Comma:
		case i%2 == 0 && at < len(m.Params) && f.Text(t) == m.Params[at]:
			at++
		default:
			return ""
		}
	}
	if at < 3 {
		return ""
	}
	return f.Text(m.Body[0])
}

// argName is the variable with the argument of an option that a function looks at: the
// first whose name ends with optarg.
func argName(n *program.Node) string {
	for _, use := range n.Uses {
		if strings.HasSuffix(use, "optarg") {
			return use
		}
	}
	return ""
}
