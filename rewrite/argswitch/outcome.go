package argswitch

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
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
		j := &extension{s: s, g: g, job: &job{opt: s.opt, ctx: s.ctx, t: s.t, name: g.name, edits: map[*parse.File][]edit.Edit{}, raw: map[string]*FileChange{}, reads: map[*parse.File]bool{}, more: map[*parse.File]int{}, readers: map[*parse.File][]*parse.Func{}, above: map[*parse.File]int{}}}
		lost, err := j.run(sites)
		for x, why := range lost {
			delete(r.Sites, x)
			out = append(out, &Result{Sites: map[Site]bool{x: true}, Outcome: Outcome{Reason: why.Error()}})
		}
		if err != nil {
			r.Reason = err.Error()
			continue
		}
		changes, err := j.changes(j.newFuncs())
		if err != nil {
			r.Reason = err.Error()
			continue
		}
		r.Changes, r.Notes, r.Remarks = changes, j.notes, append(j.marks, g.left...)
	}
	return out
}

// run plans the switch of one group. A program that takes no options is left
// out where others do; lost are the sites that only such programs reach.
func (j *extension) run(sites []Site) (lost map[Site]error, err error) {
	if j.g.reason != "" {
		return nil, fmt.Errorf("%s", j.g.reason)
	}
	users := map[*parse.File]bool{}
	var kept []*node
	if j.g.lazy {
		for _, s := range sites {
			users[j.s.node(s).file] = true
		}
		for _, f := range inOrder(users) {
			if err := j.lazyEnv(f); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	j.agree()
	failed := map[*program]error{}
	for _, p := range j.g.programs {
		undo := j.save()
		if f, err := j.serve(p); err != nil {
			undo()
			failed[p] = err
		} else {
			users[f] = true
		}
	}
	lost = map[Site]error{}
	for _, s := range sites {
		n, served, why, near := j.s.node(s), false, error(nil), 0
		for _, p := range j.g.programs {
			if _, ok := p.steps[n]; ok || !j.reached(n) && links([]*program{p}, []*node{n}) {
				served = served || failed[p] == nil
				if failed[p] != nil && (why == nil || p.steps[n] < near) {
					why, near = failed[p], p.steps[n]
				}
			}
		}
		switch {
		case served:
			users[n.file] = true
			kept = append(kept, n)
		case why == nil:
			lost[s] = fmt.Errorf("only programs among tests or examples reach it (--switch-main takes one)")
			if j.opt.Main != "" {
				lost[s] = fmt.Errorf("the main() of %s does not reach it", j.opt.Main)
			}
		default:
			lost[s] = why
		}
	}
	if err := j.tellFailed(failed, sites); err != nil && len(lost) == len(sites) {
		return nil, err
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("only programs among tests or examples reach it (--switch-main takes one)")
	}
	return lost, j.declare(inOrder(users), kept)
}

// agree looks for a letter that the programs of the group have in common.
func (j *extension) agree() {
	if len(j.g.programs) < 2 || j.opt.Env || j.opt.Short != "" {
		return
	}
	for _, p := range j.g.programs {
		undo := j.save()
		_, _ = j.extend(p) // what fails is told when it is done in earnest
		undo()
	}
	j.common = commonLetter(j.asked)
}

// takesOptions reports whether a program that gets arguments speaks of hyphens
// where it looks at them.
func takesOptions(p *program) bool {
	for n, steps := range p.steps {
		if n.macro || steps > 3 || !takesArgs(n) {
			continue
		}
		for _, t := range tokens(n.file, n.forms[0].BodyPos, n.last()) {
			switch s := n.file.Text(t); t.Kind {
			case token.Char:
				if s == "'-'" {
					return true
				}
			case token.String:
				if strings.HasPrefix(s, `"-`) {
					return true
				}
			}
		}
		if len(callsIn(n, "getopt", "getopt_long", "getopt_long_only", "argp_parse", "poptGetContext", "g_option_context_add_main_entries")) > 0 {
			return true
		}
	}
	return false
}

// tellFailed names the programs that are left out, that with the most sockets
// first and in front of all other remarks, and returns its reason.
func (j *extension) tellFailed(failed map[*program]error, sites []Site) error {
	count := func(p *program) (n int) {
		for _, s := range sites {
			if _, ok := p.steps[j.s.node(s)]; ok {
				n++
			}
		}
		if takesOptions(p) {
			n += len(sites)
		}
		return n
	}
	var list []*program
	for _, p := range j.g.programs {
		if failed[p] != nil {
			list = append(list, p)
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return count(list[a]) > count(list[b]) })
	told := map[string]bool{}
	var first []string
	for _, p := range list {
		if text := "left out: " + failed[p].Error(); !told[text] {
			told[text] = true
			first = append(first, text)
		}
	}
	if len(first) > 4 {
		first = append(first[:3:3], fmt.Sprintf("%d more programs with these sockets are left out", len(first)-3))
	}
	j.marks = append(first, j.marks...)
	if len(list) == 0 {
		return nil
	}
	return failed[list[0]]
}

// reached reports whether a program of the group runs a function; one that
// none runs goes with its file.
func (j *extension) reached(n *node) bool {
	for _, p := range j.g.programs {
		if _, ok := p.steps[n]; ok {
			return true
		}
	}
	return false
}

// serve extends one program and returns the file that reads the option.
func (j *extension) serve(p *program) (*parse.File, error) {
	if j.opt.Auto {
		return j.first(p)
	}
	if j.opt.Config {
		return j.keyword(p)
	}
	if j.opt.Env {
		return j.environment(p)
	}
	return j.option(p)
}

// first gives a program what it can have: an option, else a keyword, else the
// environment. The reason why it has no option is told.
func (j *extension) first(p *program) (*parse.File, error) {
	undo := j.save()
	f, err := j.option(p)
	if err == nil {
		return f, nil
	}
	undo()
	undo = j.save()
	f, second := j.keyword(p)
	if second != nil {
		undo()
		f, second = j.environment(p)
	}
	if second == nil {
		j.marks = append(j.marks, "no option: "+err.Error())
	}
	return f, second
}

// option adds the option and describes it.
func (j *extension) option(p *program) (*parse.File, error) {
	sp, err := j.extend(p)
	if err != nil {
		return nil, err
	}
	j.readers[sp.fn.File] = append(j.readers[sp.fn.File], sp.fn)
	j.notes = append(j.notes, p.main.file.Path+": "+sp.String())
	if docs := j.manuals(sp); len(docs) > 0 {
		j.marks = append(j.marks, p.main.file.Path+": the option is described in "+strings.Join(docs, ", "))
	}
	if !sp.self && !j.usage(sp) {
		j.marks = append(j.marks, p.main.file.Path+": no usage text was found that the option could be added to")
	}
	return sp.fn.File, nil
}

// environment lets a program read its environment and describes that.
func (j *extension) environment(p *program) (*parse.File, error) {
	if err := j.env(p); err != nil {
		return nil, err
	}
	if page := j.manualEnv(p); page != "" {
		j.marks = append(j.marks, p.main.file.Path+": the environment is described in "+page)
	}
	return p.main.file, nil
}

// extend adds the option to one program.
func (j *extension) extend(p *program) (*spelling, error) {
	f, err := j.recognise(p)
	if err != nil {
		return nil, err
	}
	return f.extend(j.job, p)
}

// save returns what takes back the edits that come after it.
func (j *extension) save() func() {
	edits, reads, more := map[*parse.File][]edit.Edit{}, maps.Clone(j.reads), maps.Clone(j.more)
	for f, list := range j.edits {
		edits[f] = slices.Clone(list)
	}
	raw := map[string]*FileChange{}
	for name, c := range j.raw {
		d := *c
		d.Edits = slices.Clone(c.Edits)
		raw[name] = &d
	}
	above, notes, marks := maps.Clone(j.above), slices.Clone(j.notes), slices.Clone(j.marks)
	return func() {
		j.edits, j.reads, j.more, j.raw, j.above, j.notes, j.marks = edits, reads, more, raw, above, notes, marks
	}
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
func (j *extension) newFuncs() map[*parse.File]int {
	out := map[*parse.File]int{}
	for f := range j.reads {
		out[f]++
	}
	for f, n := range j.more {
		out[f] += n
	}
	return out
}

// extension is the patch of one group in the making.
type extension struct {
	*job
	s *Switch
	g *group
}
