package link

import (
	"slices"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse/text"
)

var primary = text.NewPattern(`^(\w+?)_(PROGRAMS|LIBRARIES|LTLIBRARIES)$`)

// automake makes units of the lists that automake knows.
func (m *makefile) automake() {
	kinds := map[string]Kind{}
	run, test := strings.Fields(m.value("TESTS")), map[string]bool{}
	var names []string
	vars := make([]string, 0, len(m.vars))
	for v := range m.vars {
		vars = append(vars, v)
	}
	sort.Strings(vars)
	for _, v := range vars {
		f := primary.FindStringSubmatch(v)
		if f == nil {
			continue
		}
		kind := Program
		switch where := f[1][strings.LastIndexByte(f[1], '_')+1:]; {
		case f[2] == "LIBRARIES", f[2] == "LTLIBRARIES" && (where == "noinst" || where == "check" || where == "EXTRA"):
			kind = Archive
		case f[2] == "LTLIBRARIES":
			kind = Shared
		}
		for _, name := range strings.Fields(m.value(v)) {
			if unexpanded.MatchString(name) {
				continue
			}
			where := f[1][strings.LastIndexByte(f[1], '_')+1:]
			forTests := kind == Program && (where == "check" || where == "noinst" && slices.Contains(run, name))
			test[name] = forTests && (test[name] || !slices.Contains(names, name)) // in no other list
			if old, ok := kinds[name]; !ok {
				names = append(names, name)
				kinds[name] = kind
			} else if old == Archive {
				kinds[name] = kind
			}
		}
	}
	listed := map[string]bool{}
	for _, name := range names {
		listed[canonical(name)] = true
		m.target(name, kinds[name], test[name])
	}
	// What configure decides to build is listed by its sources alone.
	for _, v := range vars {
		if stem, ok := strings.CutSuffix(v, "_SOURCES"); ok && !listed[stem] && stem != "" && stem == canonical(stem) &&
			strings.HasSuffix(m.name, ".am") && !strings.HasPrefix(stem, "EXTRA_") && !strings.HasPrefix(stem, "nodist_") &&
			!strings.HasPrefix(stem, "dist_") && stem != "BUILT" {
			name, kind := stem, Program
			for _, end := range []string{"_la", "_a"} {
				if s, ok := strings.CutSuffix(stem, end); ok {
					name, kind = s+"."+end[1:], Archive
				}
			}
			m.target(name, kind, false)
		}
	}
}

func canonical(name string) string {
	b := []byte(name)
	for i, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '@') {
			b[i] = '_'
		}
	}
	return string(b)
}

// target makes one unit of automake's variables.
func (m *makefile) target(name string, kind Kind, test bool) {
	c := canonical(name)
	u := &Unit{Name: name, Kind: kind, Test: test, File: m.name, dir: m.dir}
	found := false
	for _, v := range []string{c + "_SOURCES", "nodist_" + c + "_SOURCES", "dist_" + c + "_SOURCES", "EXTRA_" + c + "_SOURCES"} {
		if _, ok := m.vars[v]; ok {
			found = true
			u.items = append(u.items, parts(m.value(v))...)
		}
	}
	if _, ok := m.vars[c+"_OBJECTS"]; ok && !found {
		return // a makefile that automake wrote
	}
	if !found {
		u.items = append(u.items, strings.TrimSuffix(strings.TrimSuffix(name, ".la"), ".a")+".c")
	}
	own := false
	for _, v := range []string{c + "_LDADD", c + "_LIBADD", c + "_DEPENDENCIES"} {
		if _, ok := m.vars[v]; ok {
			own = own || strings.HasSuffix(v, "_LDADD")
			u.items = append(u.items, libraryWords(m.value(v))...)
		}
	}
	if !own && kind == Program {
		u.items = append(u.items, libraryWords(m.value("LDADD"))...)
	}
	m.add(u)
}

// parts are the words of a list of sources; what was not expanded counts
// whatever its name.
func parts(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if unexpanded.MatchString(leading.ReplaceAllString(w, "")) {
			w = "$(SRC " + strings.Trim(w, "$(){}@") + ")"
			w = strings.ReplaceAll(w, " ", ":")
		}
		out = append(out, w)
	}
	return out
}

// bsdProgram is PROG and SRCS of <bsd.prog.mk>.
func (m *makefile) bsdProgram() {
	prog := strings.Fields(m.value("PROG"))
	if !m.bsd || len(prog) == 0 {
		return
	}
	u := &Unit{Name: prog[0], Kind: Program, File: m.name, dir: m.dir}
	if _, ok := m.vars["SRCS"]; ok {
		u.items = parts(m.value("SRCS"))
	} else {
		u.items = []string{prog[0] + ".c"}
	}
	u.items = append(u.items, libraryWords(m.value("LDADD"))...)
	m.add(u)
}
