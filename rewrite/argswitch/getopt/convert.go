package getopt

import (
	"strings"

	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// convertToLong makes getopt_long() of getopt() where no letter is free, as the program's author
// would: the option has a long name alone, and a table for it. none is why a letter cannot
// be had, which stays the answer where the library's getopt_long() is not certain to read
// the other options as getopt() does.
func (g *Getopt) convertToLong(j *patch.Patch, sp *patch.Spelling, none error) (*patch.Spelling, error) {
	f := g.N.File
	c := g.Calls[0]
	if g.long || g.lookalike || g.noOptionalArg || g.resultIsChar || g.resultIsIndex || g.computedString ||
		g.prefix != "" || g.used['-'] || j.Settings.Short != "" ||
		len(g.Calls) != 1 || c.Call.Callee() != "getopt" || len(c.Call.Args) != 3 ||
		len(j.Tree.Funcs["getopt"])+len(j.Tree.Macros("getopt")) > 0 {
		return nil, none
	}
	table := "long_options"
	if j.Tree.HasWord(table) {
		table = j.Variable + "_options"
	}
	read, err := j.Reader(g.tests.Fn)
	if err != nil {
		return nil, err
	}
	if err := j.Include(f, "getopt.h"); err != nil {
		return nil, err
	}
	at, ok := patch.FunctionStart(f, g.N.Forms[0])
	if !ok {
		return nil, none
	}
	sp.Long = j.Settings.LongName()
	st := j.Host.Style(c.Func, c.Call.Pos)
	lines := []string{
		"static const struct option " + table + "[] = {",
		st.Deeper("") + `{ "` + sp.Long + `", optional_argument, NULL, 256 },`,
		st.Deeper("") + "{ NULL, 0, NULL, 0 }",
		"};", "", "",
	}
	j.Insert(f, at, strings.Join(lines, st.EOL()))
	j.Insert(f, c.Call.X.End, "_long")
	gap := ", "
	if src := f.Src[c.Call.Args[0].End:c.Call.Args[1].Pos]; !strings.Contains(string(src), " ") {
		gap = ","
	}
	j.Insert(f, c.Call.Args[2].End, gap+table+gap+"NULL")
	if err := g.tests.add(j, "256", read, g.optarg(), sp); err != nil {
		return nil, err
	}
	g.peers(sp, g.used)
	return sp, nil
}

// storable reports whether a row may store by itself, as others do: where the code computes
// with what getopt_long() returns and no letter is free. It has an arm for the 0 that is
// returned then.
func (g *Getopt) storable(j *patch.Patch) bool {
	if j.Settings.On || !g.resultIsIndex || len(g.rows) == 0 {
		return false
	}
	for _, r := range g.rows {
		found := false
		for _, row := range r.rows {
			p := member(row, 2, "flag")
			found = found || p != nil && !isNull(r.f, p)
		}
		if !found {
			return false
		}
	}
	return true
}
