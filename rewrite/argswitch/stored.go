package argswitch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/argv"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/rows"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// stored is a table whose rows say where the parser stores what an option says. A flag is
// copied, and an option with a number for each timer where there is one.
type stored struct {
	j *extension
	o *rows.Options
}

// findStored looks for such a table in the functions that get the arguments.
func (j *extension) findStored(nodes []*program.Node, p *program.Program) patch.Form {
	conf := j.keywordProgram(p)
	x := keyword.NewIndex(conf)
	for _, fn := range conf.Funcs {
		if fn.Steps > 3 ||
			!slices.ContainsFunc(nodes, func(n *program.Node) bool { return n.File == fn.File && n.Name == fn.Name && argv.TakesArgs(n) }) {
			continue
		}
		if o := rows.OptionTable(x, fn); o != nil {
			return &stored{j, o}
		}
	}
	return nil
}

func (s *stored) Extend(j *patch.Patch, p *program.Program) (*patch.Spelling, error) {
	f := s.o.File()
	if j.Settings.On {
		return nil, fmt.Errorf("%s: the options of the table are flags, so that nothing can turn off what is on by default", f.Path)
	}
	names := s.o.NameSet()
	name, err := j.NameLong(f.Path, []map[string]bool{names})
	if err != nil {
		return nil, err
	}
	sp := &patch.Spelling{Long: name, Dash: "--", Flag: true, Self: s.o.Described(), Func: s.o.Fn, Near: p.Steps}
	if len(s.o.Used) > 0 {
		if sp.Short, err = j.Letter(f.Path, s.o.Used, true); err != nil {
			return nil, err
		}
	}
	if len(s.o.Used) == 0 && oneHyphen(p) {
		sp.Dash = "-"
	}
	for n := range names {
		sp.Peers = append(sp.Peers, sp.Dash+n)
	}
	for c := range s.o.Used {
		sp.Peers = append(sp.Peers, "-"+string(c))
	}
	out := &keyword.Patch{File: f}
	if err := s.o.AddOption(out, s.o.Bool, name, sp.Short, j.Variable+".on"); err != nil {
		return nil, err
	}
	out.First = s.o.Bool
	for _, n := range s.o.Numbers() {
		if n.Arm.Kind != "" || n.Arm.Bounded {
			continue
		}
		before, failed := len(out.Inserts), error(nil)
		for _, t := range []string{"idle", "interval", "count"} {
			if failed = s.o.AddOption(out, n, name+"-"+t, "", j.Variable+"."+t); failed != nil || names[name+"-"+t] {
				out.Inserts = out.Inserts[:before]
				break
			}
		}
		if len(out.Inserts) > before {
			break
		}
	}
	for _, in := range out.Inserts {
		j.Insert(in.File, in.At, in.Text)
	}
	if s.o.Reader() == nil { // the table stands outside the function
		s.j.Above[f] = s.o.At()
	}
	return sp, nil
}

// oneHyphen reports whether the code that gets the arguments looks for one hyphen alone.
func oneHyphen(p *program.Program) bool {
	hyphens := 0
	for n, steps := range p.Steps {
		if n.Macro || steps > 3 || !argv.TakesArgs(n) {
			continue
		}
		for _, t := range n.File.Between(n.Forms[0].BodyPos, n.Last()) {
			switch s := n.File.Text(t); {
			case s == "'-'":
				hyphens++
			case t.Kind == token.String && strings.HasPrefix(s, `"--`):
				return false
			}
		}
	}
	return hyphens == 1
}
