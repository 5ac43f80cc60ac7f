package argswitch

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/argswitch/config"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// keyword adds a keyword to the program's configuration file, and returns the
// file of the code that reads it.
func (j *extension) keyword(p *program) (*parse.File, error) {
	added, err := config.Extend(j.configured(p))
	if err != nil {
		return nil, err
	}
	for _, in := range added.Inserts {
		j.insert(in.File, in.At, in.Text)
	}
	for f, n := range added.NewFuncs {
		j.more[f] = max(j.more[f], n)
	}
	var docs []string
	for _, in := range added.Texts {
		c := j.raw[in.Path]
		if c == nil {
			c = &FileChange{Path: in.Path, Src: in.Src}
			j.raw[in.Path] = c
		}
		if e := edit.Insert(in.At, in.Text); !holdsEdit(c.Edits, e) {
			c.Edits = append(c.Edits, e)
		}
		docs = append(docs, in.Path)
	}
	if added.Reader != nil {
		j.readers[added.File] = append(j.readers[added.File], added.Reader)
	}
	if added.Above > 0 {
		j.above[added.File] = added.Above
	}
	j.notes = append(j.notes, fmt.Sprintf("%s: %s in the configuration file, read in %s", p.main.file.Path, strings.Join(added.Keywords, ", "), added.File.Path))
	if len(docs) > 0 {
		j.marks = append(j.marks, p.main.file.Path+": the keyword is described in "+strings.Join(docs, ", "))
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

// configured is a program as the search for keywords sees it.
func (j *extension) configured(p *program) *config.Program {
	out := &config.Program{Main: p.main.file, Files: j.t.files, Var: j.name, On: j.opt.On, Texts: j.ctx.Samples, Read: j.ctx.Read}
	for n, steps := range p.steps {
		if !n.macro && n.file.Foreign(n.forms[0].BodyPos, "linux") == "" {
			out.Funcs = append(out.Funcs, &config.Func{Name: n.name, File: n.file, Forms: n.forms, Uses: n.uses, Steps: steps})
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
