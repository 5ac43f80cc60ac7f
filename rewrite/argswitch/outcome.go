package argswitch

import (
	"fmt"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Result is the outcome for the sites that share a variable.
type Result struct {
	Outcome
	Sites map[Site]bool
}

// Results extends the programs of the sites that are patched. The sites of one
// result stand or fall together.
func (s *Switch) Results(patched []Site) []*Result {
	byGroup := map[*group][]Site{}
	for _, site := range patched {
		if g := s.bySite[site]; g != nil {
			byGroup[g] = append(byGroup[g], site)
		}
	}
	var out []*Result
	for _, g := range s.groups {
		sites := byGroup[g]
		if len(sites) == 0 {
			continue
		}
		r := &Result{Sites: map[Site]bool{}}
		for _, x := range sites {
			r.Sites[x] = true
		}
		out = append(out, r)
		j := &job{Switch: s, g: g, edits: map[*parse.File][]edit.Edit{}, raw: map[string]*Change{}, reads: map[*parse.File]bool{}, more: map[*parse.File]int{}}
		if err := j.run(sites); err != nil {
			r.Reason = err.Error()
			continue
		}
		changes, err := j.changes(j.newFuncs())
		if err != nil {
			r.Reason = err.Error()
			continue
		}
		r.Changes, r.Notes = changes, append(j.notes, g.left...)
	}
	return out
}

// run plans the switch of one group.
func (j *job) run(sites []Site) error {
	if j.g.reason != "" {
		return fmt.Errorf("%s", j.g.reason)
	}
	users := map[*parse.File]bool{}
	for _, s := range sites {
		users[j.node(s).file] = true
	}
	if j.g.lazy {
		for _, f := range inOrder(users) {
			if err := j.lazyEnv(f); err != nil {
				return err
			}
		}
		return nil
	}
	for _, p := range j.g.programs {
		if j.opt.Env {
			if err := j.env(p); err != nil {
				return err
			}
			users[p.main.file] = true
			continue
		}
		f, err := j.recognise(p)
		if err != nil {
			return err
		}
		sp, err := f.extend(j, p)
		if err != nil {
			return err
		}
		users[sp.fn.File] = true
		j.notes = append(j.notes, p.main.file.Path+": "+sp.String())
		if docs := j.manuals(sp); len(docs) > 0 {
			j.notes = append(j.notes, p.main.file.Path+": described in "+strings.Join(docs, ", "))
		}
		if !sp.self && !j.usage(sp) {
			j.notes = append(j.notes, p.main.file.Path+": no usage text was found that the option could be added to")
		}
	}
	return j.declare(inOrder(users))
}

func inOrder(set map[*parse.File]bool) []*parse.File {
	var files []*parse.File
	for f := range set {
		files = append(files, f)
	}
	sort.Slice(files, func(a, b int) bool { return files[a].Path < files[b].Path })
	return files
}

// newFuncs counts the functions that the edits add to each file.
func (j *job) newFuncs() map[*parse.File]int {
	out := map[*parse.File]int{}
	for f := range j.reads {
		out[f]++
	}
	for f, n := range j.more {
		out[f] += n
	}
	return out
}
