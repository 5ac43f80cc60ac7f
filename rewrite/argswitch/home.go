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
	ofSite, weight := map[*parse.File]bool{}, map[*parse.File]int{}
	for _, n := range sites {
		ofSite[n.file] = true
		weight[n.file]++
	}
	if f := j.readerHome(users, sites); f != nil {
		for _, u := range users {
			if err := j.hidden(u, []*parse.File{f}); ofSite[u] && err != nil {
				return nil, err
			}
		}
		return []*parse.File{f}, nil
	}
	bySites := append([]*parse.File(nil), users...)
	sort.SliceStable(bySites, func(a, b int) bool { return weight[bySites[a]] > weight[bySites[b]] })
	for _, f := range bySites {
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
		if j.t.drags(n, ofSite) && !holdsFile(out, n.file) {
			out = append(out, n.file)
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

// linkedByAll reports whether every program that uses one of the files links f.
func (j *job) linkedByAll(f *parse.File, users []*parse.File) bool {
	for _, n := range j.mains() {
		uses, links := false, false
		for m := range j.t.reach(n) {
			if m.macro {
				continue
			}
			uses = uses || holdsFile(users, m.file)
			links = links || m.file == f
		}
		if uses && !links {
			return false
		}
	}
	return true
}

// drags reports whether a program may be linked with one of the files: unlike
// calls, linking takes a file as a whole.
func (t *tree) drags(from *node, files map[*parse.File]bool) bool {
	byFile := map[*parse.File][]*node{}
	for _, nodes := range t.funcs {
		for _, n := range nodes {
			if !n.macro {
				byFile[n.file] = append(byFile[n.file], n)
			}
		}
	}
	seen := map[*parse.File]bool{from.file: true}
	for queue := []*parse.File{from.file}; len(queue) > 0; {
		f := queue[0]
		queue = queue[1:]
		if files[f] {
			return true
		}
		for _, n := range byFile[f] {
			for _, name := range append(n.uses[:len(n.uses):len(n.uses)], t.loose[f]...) {
				for _, m := range t.find(name, f) {
					if !seen[m.file] && (!t.mains[m.file] || m.file == from.file) {
						seen[m.file] = true
						queue = append(queue, m.file)
					}
				}
			}
		}
	}
	return false
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
