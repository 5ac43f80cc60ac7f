package argswitch

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// homes are the files that define the variable: one, or those of every main()
// that may be linked with a file of the sites.
func (j *job) homes(users []*parse.File, sites []*node) ([]*parse.File, error) {
	if len(users) == 1 {
		return users, nil
	}
	ofSite := map[*parse.File]bool{}
	for _, n := range sites {
		ofSite[n.file] = true
	}
	if f := j.readerHome(users, sites); f != nil {
		for _, u := range users {
			if err := j.hidden(u, []*parse.File{f}); ofSite[u] && err != nil {
				return nil, err
			}
		}
		return []*parse.File{f}, nil
	}
	// What most files need is left out of the fewest builds.
	needed := j.t.needed(ofSite)
	byNeed := append([]*parse.File(nil), users...)
	sort.SliceStable(byNeed, func(a, b int) bool { return needed[byNeed[a]] > needed[byNeed[b]] })
	for _, f := range byNeed {
		if ofSite[f] && !strings.HasSuffix(f.Path, ".h") && j.linkedByAll(f, users) {
			return []*parse.File{f}, j.hidden(f, users)
		}
	}
	const none = "no file is linked into all programs with these sockets, so that the variable has no home (--switch-main limits it to one)"
	if lib := j.build(sharedLibrary, ""); lib != "" {
		return nil, fmt.Errorf("%s; %s makes shared libraries, so that it cannot stand beside each main()", none, lib)
	}
	var out []*parse.File
	for _, n := range j.mains() {
		linked := j.t.dragged(n)
		for f := range ofSite {
			if linked[f] && !holdsFile(out, n.file) {
				out = append(out, n.file)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s", none)
	}
	return out, nil
}

// mains are the programs of the tree, as far as they are built here.
func (j *job) mains() []*node {
	var out []*node
	for _, n := range j.t.funcs["main"] {
		if !n.macro && n.file.Foreign(n.forms[0].BodyPos, "linux") == "" {
			out = append(out, n)
		}
	}
	return out
}

// readerHome is the file that reads the option, where only its program has the
// sites.
func (j *job) readerHome(users []*parse.File, sites []*node) *parse.File {
	holders := 0
	for _, n := range j.mains() {
		steps := j.t.reach(n)
		for _, site := range sites {
			if _, ok := steps[site]; ok {
				holders++
				break
			}
		}
	}
	if holders > 1 {
		return nil
	}
	for _, f := range users {
		if j.reads[f] {
			return f
		}
	}
	return nil
}

// linkedByAll reports whether every program that is linked with one of the
// files is linked with f.
func (j *job) linkedByAll(f *parse.File, users []*parse.File) bool {
	for _, n := range j.mains() {
		linked := j.t.dragged(n)
		if linked[f] {
			continue
		}
		for _, u := range users {
			if linked[u] {
				return false
			}
		}
	}
	return true
}

// needed counts for each of some files the others that name its functions.
func (t *tree) needed(files map[*parse.File]bool) map[*parse.File]int {
	out := map[*parse.File]int{}
	pairs := map[[2]*parse.File]bool{}
	for _, nodes := range t.funcs {
		for _, n := range nodes {
			for _, name := range n.uses {
				for _, m := range t.funcs[name] {
					if files[m.file] && m.file != n.file && !m.macro && !m.static && !pairs[[2]*parse.File{n.file, m.file}] {
						pairs[[2]*parse.File{n.file, m.file}] = true
						out[m.file]++
					}
				}
			}
		}
	}
	return out
}

// dragged are the files that a program is linked with: unlike calls, linking
// takes a file as a whole.
func (t *tree) dragged(from *node) map[*parse.File]bool {
	if seen := t.links[from]; seen != nil {
		return seen
	}
	if t.links == nil {
		t.links = map[*node]map[*parse.File]bool{}
		t.byFile = map[*parse.File][]*node{}
		for _, nodes := range t.funcs {
			for _, n := range nodes {
				if !n.macro {
					t.byFile[n.file] = append(t.byFile[n.file], n)
				}
			}
		}
	}
	seen := map[*parse.File]bool{from.file: true}
	for queue := []*parse.File{from.file}; len(queue) > 0; {
		f := queue[0]
		queue = queue[1:]
		pull := func(names []string) {
			for _, name := range names {
				for _, m := range t.find(name, f) {
					if d := path.Dir(m.file.Path); t.homes[d] && d != path.Dir(from.file.Path) && m.file != f {
						continue // another program's folder
					}
					if !seen[m.file] && (!t.mains[m.file] || m.file == from.file) {
						seen[m.file] = true
						queue = append(queue, m.file)
					}
				}
			}
		}
		pull(t.loose[f])
		for _, n := range t.byFile[f] {
			pull(n.uses)
		}
	}
	t.links[from] = seen
	return seen
}

var (
	sharedLibrary = regexp.MustCompile(`(?m)^[^#\n]*(?:\s-shared\b|\.la\b|\bLT_INIT\b|\bAM_PROG_LIBTOOL\b|\bAC_PROG_LIBTOOL\b|\bSHARED\b|\bshared_library\(|\.so\b)`)
	shared        = regexp.MustCompile(`(?m)^[^#\n]*(?:\.\./|\$[({]top_builddir[)}]/)[\w./-]*\.so\b`)
	archived      = regexp.MustCompile(`(?m)^[^#\n]*\s(?:\.\./|\$[({]top_builddir[)}]/)[\w./-]*\.a\b`)
	hiding        = regexp.MustCompile(`(?m)^[^#\n]*(?:--version-script|-export-symbols|-fvisibility=hidden|_VISIBILITY_PRESET\s+hidden|gnu_symbol_visibility\s*:\s*'hidden')`)
)

// build is a build file whose text matches, in a folder or above it; "" is any
// folder, and a slash behind the folder means just that one.
func (s *Switch) build(what *regexp.Regexp, folder string) string {
	if s.ctx.Builds == nil {
		return ""
	}
	for _, name := range s.ctx.Builds() {
		d := path.Dir(name)
		if only, ok := strings.CutSuffix(folder, "/"); ok && d != only {
			continue
		}
		if folder != "" && d != "." && d != folder && !strings.HasPrefix(folder, d+"/") {
			continue
		}
		if src, err := s.ctx.Read(name); err == nil && what.Match(src) {
			return name
		}
	}
	return ""
}

// hidden tells why a file outside the folder of the variable's home cannot use
// it: the home goes into a library that hides what is not listed.
func (j *job) hidden(home *parse.File, users []*parse.File) error {
	for _, f := range users {
		if name := j.hides(home, f); name != "" {
			return fmt.Errorf("%s: %s hides the symbols of a library there, so that %s may not share a variable with it (--switch env reads the environment where the sockets are made)", home.Path, name, f.Path)
		}
	}
	return nil
}

// hides is the build file that hides what stands in one file from another,
// "" for none.
func (s *Switch) hides(home, user *parse.File) string {
	if path.Dir(user.Path) == path.Dir(home.Path) {
		return ""
	}
	name := s.build(hiding, path.Dir(home.Path))
	here := path.Dir(user.Path) + "/"
	if name == "" || s.build(archived, here) != "" && s.build(shared, here) == "" {
		return ""
	}
	return name
}
