package argswitch

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/keyword"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// keyword adds a keyword to the program's configuration file, and returns the
// file of the code that reads it.
func (j *extension) keyword(p *program.Program) (*parse.File, error) {
	added, err := config.Extend(j.keywordProgram(p))
	if err != nil {
		return nil, err
	}
	if err := j.setMemberTypes(added); err != nil {
		return nil, err
	}
	for _, in := range added.Inserts {
		j.Insert(in.File, in.At, in.Text)
	}
	for f, n := range added.NewFuncs {
		j.NewFuncs[f] = max(j.NewFuncs[f], n)
	}
	var docs []string
	for _, in := range added.Texts {
		c := j.Other[in.Path]
		if c == nil {
			c = &patch.FileChange{Path: in.Path, Src: in.Src}
			j.Other[in.Path] = c
		}
		if e := edit.Insert(in.At, in.Text); !holdsEdit(c.Edits, e) {
			c.Edits = append(c.Edits, e)
		}
		docs = append(docs, in.Path)
	}
	if added.Reader != nil {
		j.Readers[added.File] = append(j.Readers[added.File], added.Reader)
	}
	for _, fn := range added.Users {
		j.Readers[fn.File] = append(j.Readers[fn.File], fn)
		j.keywords = append(j.keywords, j.Tree.Unit(fn.File))
	}
	if added.Above > 0 {
		j.Above[added.File] = added.Above
	}
	j.Notes = append(j.Notes, fmt.Sprintf("%s: %s in the configuration file, read in %s",
		p.Main.File.Path, strings.Join(added.Keywords, ", "), added.File.Path))
	if len(docs) > 0 {
		j.Remarks = append(j.Remarks, p.Main.File.Path+": the keyword is described in "+strings.Join(docs, ", "))
	}
	return added.File, nil
}

func holdsEdit(list []edit.Edit, e edit.Edit) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

// keywordProgram is a program as the search for keywords sees it.
func (j *extension) keywordProgram(p *program.Program) *keyword.Program {
	out := &keyword.Program{Main: p.Main.File, Files: j.Tree.Files, Var: j.Variable, On: j.Settings.On,
		Ints: j.Settings.Both, Texts: j.Host.Samples, Read: j.Host.Read}
	for i, n := range []int{j.Settings.Idle, j.Settings.Interval, j.Settings.Count} {
		out.Timers[i] = strconv.Itoa(n)
	}
	for _, n := range j.g.sites {
		out.Sites = append(out.Sites, n.Name)
	}
	for n, steps := range p.Steps {
		if !n.Macro && n.File.Foreign(n.Forms[0].BodyPos, "linux") == "" {
			out.Funcs = append(out.Funcs, &keyword.Func{Name: n.Name, File: n.File, Forms: n.Forms, Uses: n.Uses, Steps: steps})
		}
	}
	sort.Slice(out.Funcs, func(a, b int) bool {
		x, y := out.Funcs[a], out.Funcs[b]
		switch {
		case x.Steps != y.Steps:
			return x.Steps < y.Steps
		case x.File != y.File:
			return x.File.Path < y.File.Path
		}
		return x.Forms[0].Start < y.Forms[0].Start
	})
	return out
}
