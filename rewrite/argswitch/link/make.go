package link

import (
	"path"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

// makefile is one makefile and what it includes.
type makefile struct {
	r     *reader
	name  string
	dir   string
	vars  map[string][]string // all values, of every branch
	rules []*rule
	seen  map[string]bool
	steps int // expansions so far
	// values are those of variables, once all of it is loaded.
	values map[string]string
	loaded bool
	// outer is the depth of the outermost name that the value being expanded was cut at, as in
	// X := $(X) more; 0 if it took what a rule sets, as $@.
	outer int
	// missing are files that it includes and that are not there, as what configure makes.
	missing []string
	bsd     bool // it includes <bsd.prog.mk> and its like
}

type rule struct {
	targets, needs string
	recipe         []string
}

var (
	assignment = text.NewPattern(`^\s*(?:export\s+|override\s+)?([\w.@$(){}+-]+?)\s*(?:::?|[+?!])?=\s*(.*)$`)
	targetVar  = text.NewPattern(`^\s*(?:private\s+)?\w+\s*[+:?]?=`)
	includes   = text.NewPattern(`^\s*[-.s]?include\s+(.*)$`)
	directive  = text.NewPattern(`^\s*\.?(?:ifeq|ifneq|ifdef|ifndef|if|elif|else|endif|for|endfor|undef|error|endef|vpath|unexport)\b`)
	// dependencies are files that a compiler makes, which list no objects.
	dependencies = text.NewPattern(`(?i)\.(?:d|dd|P|Po|Plo|dep|deps|depend)$|depend|\.deps/`)
	defineLine   = text.NewPattern(`^\s*define\b\s*([\w.-]*)`)
	// parameter matches what makes a text between define and endef one for $(call), which may be rules.
	parameter = text.NewPattern(`\$[({]?[0-9]|:(?:$|[^=])`)
)

func (r *reader) makefile(name string) {
	m := &makefile{r: r, name: name, dir: path.Dir(name), vars: map[string][]string{}, seen: map[string]bool{}, values: map[string]string{}}
	m.load(name)
	m.loaded = true
	m.automake()
	m.bsdProgram()
	m.objectRules()
	m.linkRules()
}

// load reads one file: assignments and rules, whatever conditional they stand
// under.
func (m *makefile) load(name string) {
	if m.seen[name] {
		return
	}
	m.seen[name] = true
	src, err := m.r.read(name)
	if err != nil {
		if !dependencies.MatchString(name) {
			m.missing = append(m.missing, name)
		}
		return
	}
	var last *rule
	for _, l := range m.r.linesOf(name, src) {
		switch {
		case l.kind == recipeLine && last != nil:
			last.recipe = append(last.recipe, l.text)
		case l.kind == includeLine:
			m.include(l.text)
		case l.kind == assignmentLine:
			m.r.list(m.dir, l.text, l.how)
			v := m.expand(l.name, nil)
			m.vars[v] = append(m.vars[v], l.text)
			last = nil
		case l.kind == ruleLine:
			last = &rule{targets: l.name, needs: l.text}
			if !strings.HasSuffix(strings.TrimSpace(l.name), ".o") {
				m.r.list(m.dir, l.text, l.how)
			}
			if l.recipe != "" {
				last.recipe = append(last.recipe, l.recipe)
			}
			m.rules = append(m.rules, last)
		}
	}
}

// makeLine is a line of a makefile: a recipe's, "include text", "name = text" or "name: text;
// recipe".
type makeLine struct {
	kind               lineKind
	name, text, recipe string
	how                int // whether it stands under a condition
}

type lineKind int

const (
	recipeLine lineKind = iota
	includeLine
	assignmentLine
	ruleLine
)

// linesOf are the lines of a file, read once for all makefiles that include it.
func (r *reader) linesOf(name string, src []byte) []makeLine {
	if lines, ok := r.lines[name]; ok {
		return lines
	}
	lines := makeLines(string(src))
	r.lines[name] = lines
	return lines
}

func makeLines(src string) []makeLine {
	var out []makeLine
	skip, how, depth := false, always, 0
	var canned makeLine // what is between define and endef
	rules := false      // a tab in front of all rules begins no recipe
	for _, line := range logicalLines(src) {
		switch {
		case skip:
			if skip = !strings.HasPrefix(strings.TrimSpace(line), "endef"); skip {
				canned.text = strings.TrimPrefix(canned.text+" ; "+strings.TrimSpace(line), " ; ")
			} else if canned.name != "" && !parameter.MatchString(canned.text) {
				out = append(out, canned)
			}
		case strings.HasPrefix(line, "\t") && rules:
			out = append(out, makeLine{kind: recipeLine, text: strings.TrimSpace(line)})
		case strings.TrimSpace(line) == "" || directive.MatchString(line):
			word := strings.TrimLeft(line, " .\t")
			switch {
			case strings.HasPrefix(word, "endif"):
				depth--
			case strings.HasPrefix(word, "if"):
				depth++
			}
			if how = always; depth > 0 {
				how = sometimes
			}
		case defineLine.MatchString(line):
			skip = true
			canned = makeLine{kind: assignmentLine, name: defineLine.FindStringSubmatch(line)[1], how: how}
		case includes.MatchString(line):
			out = append(out, makeLine{kind: includeLine, text: includes.FindStringSubmatch(line)[1]})
		case assignment.MatchString(line):
			f := assignment.FindStringSubmatch(line)
			out = append(out, makeLine{kind: assignmentLine, name: f[1], text: f[2], how: how})
			rules = false
		default:
			if t, n, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(n, "=") {
				n, recipe, _ := strings.Cut(strings.TrimPrefix(n, ":"), ";")
				out = append(out, makeLine{kind: ruleLine, name: t, text: n, recipe: recipe, how: how})
				rules = true
			}
		}
	}
	return out
}

// add notes a unit.
func (m *makefile) add(u *Unit) {
	u.Unknown = append(u.Unknown, m.missing...)
	m.r.add(u)
}

// include follows what can be expanded.
func (m *makefile) include(names string) {
	for _, w := range strings.Fields(m.expand(names, nil)) {
		if strings.Contains(w, "bsd.") || strings.HasPrefix(w, "<") {
			m.bsd = true
			continue
		}
		w = leading.ReplaceAllString(w, "")
		if !unexpanded.MatchString(w) {
			m.load(path.Join(m.dir, w))
		}
	}
}

// logicalLines joins lines that end with a backslash and takes comments off.
func logicalLines(src string) []string {
	var out []string
	joined := ""
	for l := range strings.Lines(strings.ReplaceAll(src, "\r\n", "\n")) {
		l = strings.TrimRight(l, "\n")
		if rest, ok := strings.CutSuffix(l, "\\"); ok {
			joined += rest + " "
			continue
		}
		l = joined + l
		joined = ""
		if i := strings.IndexByte(l, '#'); i >= 0 && !strings.HasPrefix(l, "\t") && (i == 0 || l[i-1] != '\\') {
			l = l[:i]
		}
		out = append(out, strings.TrimRight(l, " "))
	}
	if joined != "" {
		out = append(out, joined)
	}
	return out
}

// objectRules notes from which source an object with a rule of its own is
// made.
func (m *makefile) objectRules() {
	for _, ru := range m.rules {
		for _, t := range strings.Fields(m.expand(ru.targets, nil)) {
			ext := path.Ext(t)
			if ext != ".o" && ext != ".lo" && ext != ".obj" || strings.Contains(t, "%") || unexpanded.MatchString(t) {
				continue
			}
			for _, n := range strings.Fields(m.expand(ru.needs, nil)) {
				if path.Ext(n) == ".c" && !strings.Contains(n, "%") {
					key := path.Join(m.dir, strings.TrimSuffix(t, ext)) + ".o"
					m.r.objects[key] = append(m.r.objects[key], n)
				}
			}
		}
	}
}

var (
	linking = text.NewPattern(`(?:^|\s)-o(?:\s|\$)|LINK|\$[({](?:\w*CC|LD|CXX|PURIFY)[)}]|^\W*(?:gcc|cc|clang|ld)\s`)
	notLink = text.NewPattern(`(?:^|\s)(?:-c|-MM?|-E|-S)(?:\s|$)|makedepend|\blint\b|\bctags\b|` +
		`^\W*(?:rm|cp|mv|install|tar|echo|strip|\$[({](?:RM|INSTALL\w*|STRIP)[)}])\s`)
	archiving = text.NewPattern(`^\W*(?:\w+-)?ar\s|\$[({]\w*AR[)}]|\$[({]AR|LIBTOOL|-shared|-o\s`)
	noProgram = text.NewPattern(`\.(?:o|lo|obj|c|h|cc|cpp|y|l|s|d|in|sh|py|pl|1|2|3|4|5|6|7|8|html|txt|` +
		`man|conf|xml|tar|gz|dep|depend|po|pot|service|pc|stamp|i|E)$`)
)

// linkRules makes units of the rules that link. The needs of a target may stand
// in another rule than its recipe.
func (m *makefile) linkRules() {
	needs, recipes := map[string][]string{}, map[string][]string{}
	var order []string
	for _, ru := range m.rules {
		targets, pattern, static := ru.targets, "", false
		n := ru.needs
		if p, rest, ok := strings.Cut(n, ":"); ok && strings.Contains(p, "%") {
			pattern, n, static = strings.TrimSpace(p), rest, true
		}
		for _, t := range strings.Fields(m.expand(targets, nil)) {
			if strings.Contains(t, "%") || strings.HasPrefix(t, ".") && !strings.Contains(t, "/") ||
				unexpanded.MatchString(leading.ReplaceAllString(t, "")) {
				continue
			}
			if _, ok := needs[t]; !ok {
				order = append(order, t)
				needs[t] = nil
			}
			list := n
			if targetVar.MatchString(n) {
				_, list, _ = strings.Cut(n, "=")
			}
			words := strings.Fields(m.expand(list, nil))
			if static {
				stem := patsubst(pattern, "%", t)
				for i, w := range words {
					words[i] = strings.Replace(w, "%", stem, 1)
				}
			}
			needs[t] = append(needs[t], words...)
			recipes[t] = append(recipes[t], ru.recipe...)
		}
	}
	for _, t := range order {
		m.linkRule(t, needs[t], recipes[t])
	}
}

// linkRule makes a unit of one target, if it is linked.
func (m *makefile) linkRule(t string, needs, recipe []string) {
	ext := path.Ext(t)
	kind := Program
	switch {
	case ext == ".a":
		kind = Archive
	case ext == ".so", ext == ".la", ext == ".dylib", strings.Contains(path.Base(t), ".so."), ext == ".dll":
		kind = Shared
	case noProgram.MatchString(t):
		return
	}
	u := &Unit{Name: t, Kind: kind, File: m.name, dir: m.dir}
	for _, w := range needs {
		if isPart(w) {
			u.items = append(u.items, w)
		}
	}
	links := false
	u.Exclusive = len(recipe) > 0 && len(m.missing) == 0
	want := linking
	if kind != Program {
		want = archiving
	}
	for _, line := range m.commands(t, recipe) {
		if notLink.MatchString(line) || !want.MatchString(line) {
			continue
		}
		links = true
		for _, w := range strings.Fields(line) {
			if isPart(w) || strings.HasPrefix(w, "-l") {
				u.items = append(u.items, w)
			}
			m.glob(u, w)
			u.Exclusive = u.Exclusive && path.Ext(w) != ".a" && path.Ext(w) != ".la" &&
				!(unexpanded.MatchString(w) && listVariable.MatchString(w))
		}
	}
	if len(recipe) == 0 && kind == Program { // make's own rule
		for _, w := range u.items {
			links = links || stem(w) == path.Base(t)
		}
		if !links && m.r.sources[path.Join(m.dir, t)+".c"] && len(u.items) > 0 {
			links = true
			u.items = append(u.items, t+".c")
		}
		for _, v := range []string{"LDLIBS", "LDADD"} {
			u.items = append(u.items, libraryWords(m.value(v))...)
		}
	}
	if links || kind != Program {
		m.add(u)
	}
}

// glob adds the sources that a word with a star names, as src/*.c, or *.o for those that lie
// where the objects do.
func (m *makefile) glob(u *Unit, w string) {
	ext := path.Ext(w)
	if !strings.Contains(w, "*") || ext != ".o" && ext != ".c" && ext != ".lo" && ext != ".obj" {
		return
	}
	u.Exclusive = false
	found := false
	pattern := path.Join(m.dir, strings.TrimSuffix(leading.ReplaceAllString(w, ""), ext)+".c")
	for _, s := range m.r.matching(pattern) {
		u.items = append(u.items, "//"+s)
		found = true
	}
	if !found {
		u.Unknown = append(u.Unknown, w)
	}
}

// commands are those of a recipe, one by one. What links is known by the names
// of variables, or by their values: a compiler is known by both.
func (m *makefile) commands(t string, recipe []string) []string {
	auto := map[string]string{"@": t, "^": "", "<": "", "+": "", "*": ""}
	var out []string
	for _, raw := range recipe {
		line := m.expand(raw, auto)
		parts := commandEnd.Split(line, -1)
		if !linking.MatchString(line) && !archiving.MatchString(line) &&
			(linking.MatchString(raw) || archiving.MatchString(raw)) && len(parts) == 1 {
			parts[0] = "$(CC) $(AR) " + parts[0]
		}
		out = append(out, parts...)
	}
	return out
}

// listVariable matches the names of variables that libraries or objects may be in.
var listVariable = text.NewPattern(`(?i)lib|obj|add|dep|extra|mod`)

var commandEnd = text.NewPattern(`;|&&|\|\|`)

func stem(w string) string { return strings.TrimSuffix(path.Base(w), path.Ext(w)) }

// isPart reports whether a word names something that is linked, or may.
func isPart(w string) bool {
	switch path.Ext(w) {
	case ".o", ".lo", ".obj", ".c", ".a", ".la", ".so", ".po":
		return !strings.Contains(w, "%") && !strings.Contains(w, "*")
	}
	return unexpanded.MatchString(w) && objectLike.MatchString(w)
}

func libraryWords(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if strings.HasPrefix(w, "-l") || isPart(w) {
			out = append(out, w)
		}
	}
	return out
}
