package argswitch

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// recognise finds how a program reads its arguments.
func (j *extension) recognise(p *program) (form, error) {
	nodes := make([]*node, 0, len(p.steps))
	spare := map[*parse.File]bool{}
	for n := range p.steps {
		if !n.macro && foreign(n) {
			spare[n.file] = true
		}
	}
	for n := range p.steps {
		if !n.macro && !spare[n.file] && n.file.Foreign(n.forms[0].BodyPos, "linux") == "" {
			nodes = append(nodes, n)
		}
	}
	sort.Slice(nodes, func(a, b int) bool {
		x, y := nodes[a], nodes[b]
		if (x.file == p.main.file) != (y.file == p.main.file) {
			return x.file == p.main.file
		}
		if p.steps[x] != p.steps[y] {
			return p.steps[x] < p.steps[y]
		}
		if x.file != y.file {
			return x.file.Path < y.file.Path
		}
		return x.forms[0].Start < y.forms[0].Start
	})
	for _, find := range []func(*job, []*node, *program) (form, error){
		func(j *job, n []*node, p *program) (form, error) { return j.findArgp(n, p) },
		func(j *job, n []*node, p *program) (form, error) { return j.findTables(n, p) },
		func(j *job, n []*node, p *program) (form, error) { return j.findGetopt(n, p) },
		func(j *job, n []*node, p *program) (form, error) { return j.findWords(n, p) },
		func(j *job, n []*node, p *program) (form, error) { return j.findLoop(n, p) },
	} {
		f, err := find(j.job, nodes, p)
		if err != nil || f != nil {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s: no way in which the program reads its arguments was recognised (--switch env reads the environment instead)", p.main.file.Path)
}

// foreign reports whether a function is a spare copy of a library's, for
// systems that lack it: it bears the name of a call that is looked for.
func foreign(n *node) bool {
	switch n.name[strings.Index(n.name, "_getopt")+1:] {
	case "getopt", "getopt_long", "getopt_long_only", "argp_parse", "argp_help", "poptGetNextOpt":
		return true
	}
	return strings.HasPrefix(n.name, "_getopt") || strings.HasPrefix(n.name, "getopt_internal") || strings.HasPrefix(n.name, "__argp")
}
