package argswitch

import (
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/argv"
	"github.com/keepatch/keepatch/rewrite/argswitch/getopt"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/argswitch/table"
)

// recognise finds how a program reads its arguments.
func (j *extension) recognise(p *program.Program) (patch.Form, error) {
	if j.leadingOnly {
		return j.leading(p)
	}
	nodes := make([]*program.Node, 0, len(p.Steps))
	spare := map[*parse.File]bool{}
	for n := range p.Steps {
		if !n.Macro && replacesLibrary(n) {
			spare[n.File] = true
		}
	}
	for n := range p.Steps {
		if !n.Macro && !spare[n.File] && n.File.Foreign(n.Forms[0].BodyPos, "linux") == "" {
			nodes = append(nodes, n)
		}
	}
	sort.Slice(nodes, func(a, b int) bool {
		x, y := nodes[a], nodes[b]
		if (x.File == p.Main.File) != (y.File == p.Main.File) {
			return x.File == p.Main.File
		}
		if p.Steps[x] != p.Steps[y] {
			return p.Steps[x] < p.Steps[y]
		}
		if x.File != y.File {
			return x.File.Path < y.File.Path
		}
		return x.Forms[0].Start < y.Forms[0].Start
	})
	for _, find := range []func(*patch.Patch, []*program.Node, *program.Program) (patch.Form, error){
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return table.FindArgp(j, n, p)
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return table.FindTables(j, n, p)
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return getopt.Find(j, n, p)
		},
		func(_ *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			if f := j.findStored(n, p); f != nil {
				return f, nil
			}
			return nil, nil
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return argv.FindLabels(j, n, p)
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return argv.FindArgbegin(j, n, p)
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return argv.FindWords(j, n, p)
		},
		func(j *patch.Patch, n []*program.Node, p *program.Program) (patch.Form, error) {
			return argv.FindLoop(j, n, p)
		},
	} {
		f, err := find(j.Patch, nodes, p)
		if err != nil || f != nil {
			return f, err
		}
	}
	if j.anyReader {
		return j.leading(p)
	}
	return nil, unrecognised(p, takesOptions(p))
}

// leading is the option that comes before all other arguments.
func (j *extension) leading(p *program.Program) (patch.Form, error) {
	options := takesOptions(p)
	if startsItself(p) {
		return nil, patch.EnvInstead("%s: the program starts itself anew with its arguments, and an option that is taken off them would be lost",
			p.Main.File.Path)
	}
	f := argv.Leading(j.Patch, p, options)
	if f == nil && !options {
		return nil, patch.EnvInstead("%s: %s", p.Main.File.Path, argv.WhyNotLeading(j.Patch, p))
	}
	if f == nil {
		return nil, unrecognised(p, options)
	}
	return f, nil
}

// unrecognised is the reason where no reader was found.
func unrecognised(p *program.Program, options bool) error {
	if !options {
		return patch.EnvInstead("%s: the program takes no options on its command line", p.Main.File.Path)
	}
	return patch.EnvInstead("%s: no way in which the program reads its arguments was recognised", p.Main.File.Path)
}

// replacesLibrary reports whether a function is a spare copy of a library's, for
// systems that lack it: it bears the name of a call that is looked for.
func replacesLibrary(n *program.Node) bool {
	if p := n.Forms[0].Params; len(p) > 0 && len(p) < 3 && !strings.HasPrefix(n.Name, "popt") {
		return false // my_getopt(argc, argv) calls one
	}
	if strings.Index(n.Name, "_getopt") > 0 && len(patch.CallsIn(n, knowledge.ArgumentReaders()...)) > 0 {
		return false // parse_with_getopt(argc, argv, conf) does so too
	}
	return knowledge.ReadsArguments.Has(n.Name[strings.Index(n.Name, "_getopt")+1:]) || strings.HasPrefix(n.Name, "_getopt") ||
		strings.HasPrefix(n.Name, "getopt_internal") || strings.HasPrefix(n.Name, "__argp")
}
