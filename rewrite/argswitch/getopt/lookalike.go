package getopt

import (
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

var letterString = regexp.MustCompile(`^"[-+:]*(?:[A-Za-z0-9?]:{0,2}){2,}"$`)

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
