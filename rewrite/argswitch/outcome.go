package argswitch

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/argv"
	"github.com/keepatch/keepatch/rewrite/argswitch/manual"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
	"github.com/keepatch/keepatch/rewrite/argswitch/usage"
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
		j := &extension{s: s, g: g, Patch: &patch.Patch{Settings: s.opt, Host: s.ctx, Tree: s.t, Programs: s.programs,
			Sites: g.sites, Variable: g.name, Edits: map[*parse.File][]edit.Edit{}, Other: map[string]*patch.FileChange{},
			Reads: map[*parse.File]bool{}, NewFuncs: map[*parse.File]int{},
			Readers: map[*parse.File][]*parse.Func{}, Above: map[*parse.File]int{}}}
		lost, err := j.run(sites)
		for x, why := range lost {
			delete(r.Sites, x)
			out = append(out, &Result{Sites: map[Site]bool{x: true}, Outcome: Outcome{Reason: why.Error()}})
		}
		if err != nil {
			r.Reason = err.Error()
			continue
		}
		changes, err := j.Changes(j.newFuncs())
		if err != nil {
			r.Reason = err.Error()
			continue
		}
		r.Changes, r.Notes, r.Hints, r.Remarks = changes, j.Notes, j.Hints, append(j.Remarks, g.skipped...)
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
	var kept []*program.Node
	if j.g.choice != nil {
		return nil, j.follow(sites)
	}
	if j.g.lazy {
		for _, s := range sites {
			users[j.s.node(s).File] = true
		}
		for _, f := range inSourceOrder(users) {
			if err := j.lazyEnv(f); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	j.agreeOnLetter()
	failed := map[*program.Program]error{}
	for _, p := range j.g.programs {
		if !j.runsSites(p, sites) {
			continue // it has the file of a socket, and makes none
		}
		undo := j.snapshot()
		if f, err := j.extendProgram(p); err != nil {
			undo()
			failed[p] = err
		} else {
			users[j.Tree.Unit(f)] = true
		}
	}
	for _, f := range j.keywords {
		users[f] = true
	}
	for f := range j.Readers {
		users[j.Tree.Unit(f)] = true
	}
	lost = map[Site]error{}
	for _, s := range sites {
		n, served, why, near := j.s.node(s), false, error(nil), 0
		for _, p := range j.g.programs {
			if _, ok := p.Steps[n]; ok || !j.reached(n) && links([]*program.Program{p}, []*program.Node{n}) {
				served = served || failed[p] == nil
				if failed[p] != nil && (why == nil || p.Steps[n] < near) {
					why, near = failed[p], p.Steps[n]
				}
			}
		}
		switch {
		case served:
			users[j.Tree.Unit(n.File)] = true
			kept = append(kept, n)
		case why == nil:
			lost[s] = j.g.onlyLeftOut()
			if j.Settings.Main != "" {
				lost[s] = fmt.Errorf("the main() of %s does not reach it", j.Settings.Main)
			}
		default:
			lost[s] = why
		}
	}
	if err := j.reportFailed(failed, sites); err != nil && len(kept) == 0 {
		return nil, err
	}
	if len(kept) == 0 {
		return nil, j.g.onlyLeftOut()
	}
	return lost, j.declare(inSourceOrder(users), kept)
}

// agreeOnLetter looks for a letter that the programs of the group have in common.
func (j *extension) agreeOnLetter() {
	if len(j.g.programs) < 2 || j.Settings.Env || j.Settings.Short != "" {
		return
	}
	for _, p := range j.g.programs {
		undo := j.snapshot()
		_, _ = j.Extend(p) // a failure is reported by the second run
		undo()
	}
	j.Common = patch.CommonLetter(j.Needs)
}

// takesOptions reports whether a program that gets arguments compares them with
// hyphens, or has a table of options beside the code that gets them.
func takesOptions(p *program.Program) bool {
	for n, steps := range p.Steps {
		if n.Macro || steps > 3 || !argv.TakesArgs(n) || n != p.Main && !argv.NamesArgs(n) {
			continue
		}
		for _, t := range n.File.Between(n.Forms[0].BodyPos, n.Last()) {
			switch s := n.File.Text(t); t.Kind {
			case token.Char:
				if s == "'-'" {
					return true
				}
			case token.String:
				if argv.BeginsWithOption(strings.Trim(s, `"`)) {
					return true
				}
			}
		}
		if len(patch.CallsIn(n, knowledge.ArgumentReaders()...)) > 0 || tableOfOptions(n.File) {
			return true
		}
	}
	return false
}

// tableOfOptions reports whether a file has names of options outside functions.
func tableOfOptions(f *parse.File) bool {
	names := 0
	for _, t := range f.Toks {
		if t.Kind == token.String && argv.IsOptionName(strings.Trim(f.Text(t), `"`)) && len(f.FuncsAt(int(t.Off))) == 0 {
			names++
		}
	}
	return names > 1
}

// reportFailed names the programs that are left out, that with the most sockets
// first and before all other remarks, and returns its reason.
func (j *extension) reportFailed(failed map[*program.Program]error, sites []Site) error {
	count := func(p *program.Program) (n int) {
		for _, s := range sites {
			if _, ok := p.Steps[j.s.node(s)]; ok {
				n++
			}
		}
		if takesOptions(p) {
			n += len(sites)
		}
		return n
	}
	var list []*program.Program
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
	j.Remarks = append(first, j.Remarks...)
	if len(list) == 0 {
		return nil
	}
	return failed[list[0]]
}

// runsSites reports whether a program runs code with one of the sockets; code that none
// runs concerns all that have its file.
func (j *extension) runsSites(p *program.Program, sites []Site) bool {
	for _, s := range sites {
		n := j.s.node(s)
		if _, ok := p.Steps[n]; ok || !j.reached(n) && links([]*program.Program{p}, []*program.Node{n}) {
			return true
		}
	}
	return false
}

// reached reports whether a program of the group runs a function; one that
// none runs goes with its file.
func (j *extension) reached(n *program.Node) bool {
	for _, p := range j.g.programs {
		if _, ok := p.Steps[n]; ok {
			return true
		}
	}
	return false
}

// extendProgram extends one program and returns the file that reads the option.
func (j *extension) extendProgram(p *program.Program) (*parse.File, error) {
	j.anyReader = !j.Settings.Auto
	if j.Settings.Auto {
		return j.firstAvailable(p)
	}
	if j.Settings.Both {
		return j.optionAndKeyword(p)
	}
	if j.Settings.Config {
		return j.keyword(p)
	}
	if j.Settings.Env {
		return j.environment(p)
	}
	return j.option(p)
}

// firstAvailable gives a program what it can have: an option, else a keyword, else the
// environment. The reason why it has no option is a remark.
func (j *extension) firstAvailable(p *program.Program) (*parse.File, error) {
	undo := j.snapshot()
	f, err := j.option(p)
	if err == nil {
		return f, nil
	}
	var second error
	for i, next := range []func(*program.Program) (*parse.File, error){j.keyword, j.leadingOption, j.environment} {
		undo()
		undo = j.snapshot()
		if f, second = next(p); second == nil {
			if i == 1 {
				return f, nil
			}
			break
		}
	}
	if second == nil {
		why := err.Error()
		if r := (*patch.Refusal)(nil); errors.As(err, &r) {
			why = r.Why // what there is instead has been taken
		}
		j.Remarks = append(j.Remarks, "no option: "+why)
	}
	return f, second
}

// leadingOption adds the option as one that comes before all other arguments, whatever reads these.
func (j *extension) leadingOption(p *program.Program) (*parse.File, error) {
	j.leadingOnly = true
	defer func() { j.leadingOnly = false }()
	return j.option(p)
}

// optionAndKeyword gives a program the option and the keyword. Of several programs that share
// sockets, one that reads no file has the option alone, which is a remark.
func (j *extension) optionAndKeyword(p *program.Program) (*parse.File, error) {
	f, err := j.option(p)
	if err != nil {
		return nil, err
	}
	undo := j.snapshot()
	g, err := j.keyword(p)
	if err != nil && len(j.g.programs) > 1 {
		undo()
		j.Remarks = append(j.Remarks, "no keyword: "+err.Error())
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	j.keywords = append(j.keywords, j.Tree.Unit(g))
	return f, nil
}

// option adds the option and describes it.
func (j *extension) option(p *program.Program) (*parse.File, error) {
	undo := j.snapshot()
	sp, err := j.Extend(p)
	if err != nil {
		return nil, err
	}
	if fn := j.countedFirst(p, sp); fn != "" && !sp.First {
		if !j.Settings.Auto {
			undo()
			if f, err := j.leadingOption(p); err == nil {
				return f, nil
			}
		}
		return nil, fmt.Errorf("%s: %s() allows no further argument before the options are read (--switch env reads the environment instead)",
			p.Main.File.Path, fn)
	}
	if call := j.socketBefore(p, sp); call != "" {
		return nil, patch.EnvInstead("%s: main() calls %s(), which makes the socket, before it reads the options", p.Main.File.Path, call)
	}
	for _, m := range sp.More { // other readers of the program
		j.Readers[m.Func.File] = append(j.Readers[m.Func.File], m.Func)
		j.describe(p, m)
	}
	j.Readers[sp.Func.File] = append(j.Readers[sp.Func.File], sp.Func)
	note := p.Main.File.Path + ": " + sp.String()
	if sp.First {
		note += ", before all other arguments"
	}
	j.Notes = append(j.Notes, note)
	if h := sp.Hint(); h != "" && !slices.Contains(j.Hints, h) {
		j.Hints = append(j.Hints, h)
	}
	j.describe(p, sp)
	j.reexecs(p)
	return sp.Func.File, nil
}

// socketBefore is a function with a socket that main() calls in every run before the one
// that reads the options; "" for none.
func (j *extension) socketBefore(p *program.Program, sp *patch.Spelling) string {
	main := p.Main.Forms[0]
	if sp.Func == nil || sp.Func.Name == main.Name {
		return ""
	}
	makes := map[string]bool{}
	for _, n := range j.g.sites {
		makes[n.Name] = true
	}
	call := ""
	for _, s := range main.Body().List {
		if text.HasWord(p.Main.File.Src[s.Pos:s.End], sp.Func.Name) {
			return call
		}
		if s.Kind != parse.SExpr || s.Expr == nil {
			continue
		}
		e := s.Expr.Strip()
		if e.Kind == parse.XAssign {
			e = e.Y.Strip()
		}
		if e != nil && e.Kind == parse.XCall && makes[e.Callee()] && call == "" {
			call = e.Callee()
		}
	}
	return ""
}

// describe adds the option to the texts of one reader.
func (j *extension) describe(p *program.Program, sp *patch.Spelling) {
	if docs := manual.Add(j.Patch, sp); len(docs) > 0 {
		j.Remarks = append(j.Remarks, p.Main.File.Path+": the option is described in "+strings.Join(docs, ", "))
	}
	if places := manual.Untold(j.Patch, sp); len(places) > 0 {
		j.Remarks = append(j.Remarks, p.Main.File.Path+": the synopsis does not show the option in "+strings.Join(places, ", "))
	}
	if !sp.Self && !usage.Add(j.Patch, sp) {
		j.Remarks = append(j.Remarks, p.Main.File.Path+": no usage text was found that the option could be added to")
	}
}

// environment lets a program read its environment and describes that.
func (j *extension) environment(p *program.Program) (*parse.File, error) {
	if err := j.env(p); err != nil {
		return nil, err
	}
	if page := manual.AddEnvironment(j.Patch, p); page != "" {
		j.Remarks = append(j.Remarks, p.Main.File.Path+": the environment is described in "+page)
	}
	return p.Main.File, nil
}

// Extend adds the option to one program.
func (j *extension) Extend(p *program.Program) (*patch.Spelling, error) {
	f, err := j.recognise(p)
	if err != nil {
		return nil, err
	}
	return f.Extend(j.Patch, p)
}

// snapshot returns what takes back the edits that come after it.
func (j *extension) snapshot() func() {
	edits, reads, more := map[*parse.File][]edit.Edit{}, maps.Clone(j.Reads), maps.Clone(j.NewFuncs)
	for f, list := range j.Edits {
		edits[f] = slices.Clone(list)
	}
	raw := map[string]*patch.FileChange{}
	for name, c := range j.Other {
		d := *c
		d.Edits = slices.Clone(c.Edits)
		raw[name] = &d
	}
	above, notes, marks, types := maps.Clone(j.Above), slices.Clone(j.Notes), slices.Clone(j.Remarks), j.types
	users, hints := slices.Clone(j.keywords), slices.Clone(j.Hints)
	return func() {
		j.types, j.keywords, j.Hints = types, users, hints
		j.Edits, j.Reads, j.NewFuncs, j.Other, j.Above, j.Notes, j.Remarks = edits, reads, more, raw, above, notes, marks
	}
}

func inSourceOrder(set map[*parse.File]bool) []*parse.File {
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
	for f := range j.Reads {
		out[f]++
	}
	for f, n := range j.NewFuncs {
		out[f] += n
	}
	return out
}

// extension is the patch of one group in the making.
type extension struct {
	*patch.Patch
	s        *Switch
	g        *group
	keywords []*parse.File // that read a keyword besides the options
	types    memberTypes   // of the variable's members
	// anyReader says that an option will do that comes before all other arguments.
	anyReader bool
	// leadingOnly says that it is the only one that will do.
	leadingOnly bool
}
