// Package link reads from the build files of a tree which sources each program
// is linked from: the object lists of automake, of plain makefiles, of CMake
// and of meson.
//
// Nothing is run. Variables are expanded, and every branch of a conditional is
// taken, so that a list is the union over all builds. What cannot be expanded,
// as the output of a shell command, is named in Unit.Unknown. The cost is one
// pass over each build file, and one look-up for each object.
package link

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

// Kind is what a link makes.
type Kind int

const (
	Program Kind = iota
	Archive      // or objects that other links take in as a whole
	Shared       // a library that is linked by itself
)

// Unit is one program or library of the tree.
type Unit struct {
	Name    string
	Kind    Kind
	File    string   // the build file
	Test    bool     // built for the tests alone, as automake's check_PROGRAMS
	Unknown []string // parts that were not understood, its libraries' included
	// Sources are the files that are linked into it, those of the libraries of
	// the tree included.
	Sources map[string]bool
	// Libraries are the shared libraries of the tree among these.
	Libraries []*Unit

	// Exclusive tells that the link names its sources and objects and nothing else: no library,
	// and no variable that may stand for one.
	Exclusive bool

	dir            string
	items          []string // objects, sources and libraries, as the build file has them
	needs          []*Unit
	librariesAdded bool
}

// Graph is the units of a tree.
type Graph struct {
	Units []*Unit
	// Optional are the sources that makefiles list under a condition alone.
	Optional map[string]bool

	names []string // the build files, and how they are read, for Names
	read  func(string) ([]byte, error)
	files []buildFile
}

// Apart reports whether a program or library is linked from a file, and not from another
// one that includes it.
func (g *Graph) Apart(file, includer string) bool {
	for _, u := range g.Units {
		if u.Sources[file] && !u.Sources[includer] {
			return true
		}
	}
	return false
}

// reader gathers the units.
type reader struct {
	read          func(string) ([]byte, error)
	sources       map[string]bool
	inOrder       []string            // sources by their names
	byBase        map[string][]string // sources by their last name
	byDir         map[string][]string // sources by their folder
	lines         map[string][]makeLine
	objects       map[string][]string // objects with a rule of their own: their sources
	substitutions map[string][]string // values of configure's substitutions
	configureDirs []string            // folders with a configure script
	units         []*Unit
	byName        map[string][]*Unit
	listed        map[string]int // sources by how makefiles list them: always, sometimes
}

const (
	sometimes = 1
	always    = 2
)

// list notes that a line of a makefile names sources, under a condition or not.
func (r *reader) list(dir, line string, how int) {
	for _, w := range strings.Fields(line) {
		ext := path.Ext(w)
		if ext != ".c" && ext != ".o" && ext != ".lo" {
			continue
		}
		name := path.Join(dir, strings.TrimSuffix(leading.ReplaceAllString(w, ""), ext)+".c")
		if near := r.byBase[path.Base(name)]; !r.sources[name] && len(near) == 1 {
			name = near[0]
		}
		r.listed[name] = max(r.listed[name], how)
	}
}

// Read reads the build files of the given names; sources are the C files and grammars
// of the tree.
func Read(names []string, read func(string) ([]byte, error), sources []string) *Graph {
	r := &reader{read: read, sources: map[string]bool{}, byBase: map[string][]string{}, byDir: map[string][]string{},
		lines: map[string][]makeLine{}, objects: map[string][]string{},
		substitutions: map[string][]string{}, byName: map[string][]*Unit{}, listed: map[string]int{}}
	for _, s := range sources {
		s = path.Clean(s)
		if !r.sources[s] {
			r.sources[s] = true
			r.inOrder = append(r.inOrder, s)
			r.byBase[path.Base(s)] = append(r.byBase[path.Base(s)], s)
		}
	}
	sort.Strings(r.inOrder)
	for _, s := range r.inOrder {
		r.byDir[path.Dir(s)] = append(r.byDir[path.Dir(s)], s)
	}
	names = append([]string(nil), names...)
	sort.Strings(names)
	for _, name := range names {
		if base := path.Base(name); base == "configure.ac" || base == "configure.in" {
			r.configureDirs = append(r.configureDirs, path.Dir(name))
			r.configure(name)
		}
	}
	var cmake, meson []string
	for _, name := range names {
		switch base := path.Base(name); {
		case strings.EqualFold(base, "CMakeLists.txt"), strings.HasSuffix(base, ".cmake"):
			cmake = append(cmake, name)
		case base == "meson.build":
			meson = append(meson, name)
		case base == "configure.ac", base == "configure.in":
		default:
			r.makefile(name)
		}
	}
	r.cmake(cmake)
	r.meson(meson)
	g := r.resolve()
	g.names, g.read = names, read
	return g
}

func (r *reader) add(u *Unit) {
	if u.Name == "" || len(u.items) == 0 {
		return
	}
	r.units = append(r.units, u)
	r.byName[path.Base(u.Name)] = append(r.byName[path.Base(u.Name)], u)
}

// resolve turns the items of each unit into sources and other units.
func (r *reader) resolve() *Graph {
	for _, u := range r.units {
		u.Sources = map[string]bool{}
		for _, it := range u.items {
			r.item(u, it)
		}
	}
	for _, u := range r.units {
		u.addLibraries(map[*Unit]bool{})
	}
	g := &Graph{Optional: map[string]bool{}}
	for name, how := range r.listed {
		g.Optional[name] = how == sometimes
	}
	for _, u := range r.units {
		if len(u.Sources) > 0 {
			g.Units = append(g.Units, u)
		}
	}
	return g
}

// addLibraries takes in what the libraries of a unit are linked from.
func (u *Unit) addLibraries(on map[*Unit]bool) {
	if u.librariesAdded || on[u] {
		return
	}
	on[u] = true
	taken, shared := map[*Unit]bool{}, map[*Unit]bool{}
	library := func(l *Unit) {
		if !shared[l] {
			shared[l] = true
			u.Libraries = append(u.Libraries, l)
		}
	}
	for _, n := range u.needs {
		if taken[n] {
			continue
		}
		taken[n] = true
		n.addLibraries(on)
		for s := range n.Sources {
			u.Sources[s] = true
		}
		u.Unknown = append(u.Unknown, n.Unknown...)
		if n.Kind == Shared {
			library(n)
		}
		for _, l := range n.Libraries {
			library(l)
		}
	}
	sort.Strings(u.Unknown)
	u.Unknown = slices.Compact(u.Unknown)
	u.librariesAdded = true
}

var (
	unexpanded = text.NewPattern(`\$[({][^)}]*[)}]|@\w+@|\$<[^>]*>`)
	leading    = text.NewPattern(`^(?:\$[({][^)}]*[)}]|@\w+@)/+`)
	objectLike = text.NewPattern(`(?i)obj|src|source|shell|wildcard`)
)

// item resolves one word of a unit.
func (r *reader) item(u *Unit, word string) {
	if full, ok := strings.CutPrefix(word, "//"); ok { // wherever it was named
		if r.sources[full] {
			u.Sources[full] = true
		}
		return
	}
	loose := false // the folder is not known
	for leading.MatchString(word) {
		word, loose = leading.ReplaceAllString(word, ""), true
	}
	if unexpanded.MatchString(word) {
		if objectLike.MatchString(word) {
			u.Unknown = append(u.Unknown, word)
		}
		return
	}
	ext := path.Ext(word)
	switch {
	case strings.HasPrefix(word, "-l"):
		for _, end := range []string{".la", ".a", ".so", ""} {
			if r.library(u, "lib"+word[2:]+end, true) {
				return
			}
		}
		r.library(u, word[2:], true)
	case strings.HasPrefix(word, "-"):
	case ext == ".o" || ext == ".lo" || ext == ".obj" || ext == ".ao" || ext == ".po":
		stem := strings.TrimSuffix(word, ext)
		if from := r.objects[path.Join(u.dir, stem)+".o"]; len(from) > 0 {
			for _, s := range from {
				r.source(u, s, false)
			}
			return
		}
		r.source(u, stem+".c", loose)
	case ext == ".c" || ext == ".y" || ext == ".l":
		r.source(u, word, loose)
	case ext == ".a" && r.library(u, word, loose):
	case ext == ".a": // where libtool keeps what a convenience library is made of
		r.library(u, strings.TrimSuffix(strings.Replace(word, ".libs/", "", 1), ".a")+".la", loose)
	case ext == ".la" || ext == ".so" || ext == ".dylib":
		r.library(u, word, loose)
	case ext == "":
		r.library(u, word, true) // CMake and meson know libraries by a bare name
	}
}

// source finds a file: where it is said to be, else the one whose path ends
// alike, as objects may lie in another folder.
func (r *reader) source(u *Unit, name string, loose bool) {
	if full := path.Join(u.dir, name); !loose && r.sources[full] {
		u.Sources[full] = true
		return
	}
	if full := path.Clean(name); r.sources[full] && !loose {
		u.Sources[full] = true
		return
	}
	list := r.byBase[path.Base(name)]
	if stem, ok := strings.CutSuffix(name, ".c"); ok && len(list) == 0 {
		for _, ext := range []string{".y", ".l"} { // what the file is made of
			list = append(list, r.byBase[path.Base(stem)+ext]...)
		}
	}
	if len(list) == 0 {
		return // generated, or in another language
	}
	best, deepest, ties := "", -1, 0
	for _, s := range list {
		n := 2 * commonSuffix(s, name)
		if strings.HasPrefix(s, u.dir+"/") || u.dir == "." {
			n++
		}
		switch {
		case n > deepest:
			best, deepest, ties = s, n, 1
		case n == deepest:
			ties++
		}
	}
	if ties > 1 {
		u.Unknown = append(u.Unknown, name)
		return
	}
	u.Sources[best] = true
}

// commonSuffix counts the last parts that two paths have in common.
func commonSuffix(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(path.Clean(b), "/")
	n := 0
	for n < len(x) && n < len(y) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

// library finds a unit of the tree, of the same path best; what is not found
// is the system's.
func (r *reader) library(u *Unit, name string, loose bool) bool {
	var best *Unit
	full := path.Join(u.dir, name)
	for _, l := range r.byName[path.Base(name)] {
		if l == u || l.Kind == Program {
			continue
		}
		if !loose && path.Join(l.dir, l.Name) == full {
			best = l
			break
		}
		if best == nil || commonSuffix(path.Join(l.dir, l.Name), name) > commonSuffix(path.Join(best.dir, best.Name), name) {
			best = l
		}
	}
	if best == nil {
		return false
	}
	u.needs = append(u.needs, best)
	return true
}

// configureDir is the folder of the configure script that a build file belongs to.
func (r *reader) configureDir(dir string) string {
	best := ""
	for _, t := range r.configureDirs {
		if (t == "." || dir == t || strings.HasPrefix(dir, t+"/")) && len(t) > len(best) {
			best = t
		}
	}
	return best
}

// Finals are the links that have to find every symbol: programs, and shared
// libraries.
func (g *Graph) Finals() []*Unit {
	var out []*Unit
	for _, u := range g.Units {
		if u.Kind != Archive {
			out = append(out, u)
		}
	}
	return out
}

// LinkedBy lists the programs that a file is linked into.
func (g *Graph) LinkedBy(file string) []*Unit {
	var out []*Unit
	for _, u := range g.Units {
		if u.Kind == Program && u.Sources[path.Clean(file)] {
			out = append(out, u)
		}
	}
	return out
}
