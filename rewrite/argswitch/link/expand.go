package link

import (
	"path"
	"sort"
	"strings"
)

// value is a variable's words over all branches.
func (m *makefile) value(name string) string { return m.expand("$("+name+")", nil) }

// expand replaces the variables and the functions of a text. What is not known
// stays as it is.
func (m *makefile) expand(s string, auto map[string]string) string {
	return m.expandIn(s, auto, map[string]int{})
}

func (m *makefile) expandIn(s string, auto map[string]string, on map[string]int) string {
	if !strings.ContainsAny(s, "$@") {
		return s
	}
	if m.steps++; len(on) > 50 || m.steps > maxSteps {
		return unknownList
	}
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() < 1<<18; i++ {
		switch {
		case s[i] == '@':
			k := strings.IndexByte(s[i+1:], '@')
			if k > 0 && isName(s[i+1:i+1+k]) {
				b.WriteString(m.substituted(s[i+1 : i+1+k]))
				i += k + 1
				continue
			}
			b.WriteByte('@')
		case s[i] != '$' || i+1 >= len(s):
			b.WriteByte(s[i])
		case s[i+1] == '$':
			b.WriteString("$$")
			i++
		case s[i+1] == '(' || s[i+1] == '{':
			end := closingParen(s, i+1)
			if end < 0 {
				b.WriteString(s[i:])
				return b.String()
			}
			b.WriteString(m.reference(s[i+2:end], auto, on))
			i = end
		default:
			if v, ok := auto[s[i+1:i+2]]; ok {
				m.outer = 0
				b.WriteString(v)
			} else if vals := m.vars[s[i+1:i+2]]; len(vals) > 0 {
				b.WriteString(m.named(s[i+1:i+2], auto, on))
			} else {
				b.WriteString(s[i : i+2])
			}
			i++
		}
	}
	m.steps += b.Len() >> 6
	return b.String()
}

func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return s != ""
}

// closingParen is the bracket that ends the one at i.
func closingParen(s string, i int) int {
	open, shut := s[i], byte(')')
	if open == '{' {
		shut = '}'
	}
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// substituted is what configure puts in for @NAME@.
func (m *makefile) substituted(name string) string {
	if v, ok := m.known(name); ok {
		return v
	}
	if words := m.r.substitutions[name]; len(words) > 0 {
		return strings.Join(words, " ")
	}
	return "@" + name + "@"
}

// known are the names with a fixed meaning.
func (m *makefile) known(name string) (string, bool) {
	switch name {
	case "srcdir", "builddir", "abs_srcdir", "abs_builddir", "CURDIR":
		return ".", true
	case "top_srcdir", "top_builddir", "abs_top_srcdir", "abs_top_builddir":
		top := m.r.configureDir(m.dir)
		if top == "" {
			return "", false
		}
		return relative(m.dir, top), true
	case "EXEEXT", "EXE", "exeext":
		return "", true
	case "OBJEXT", "O", "OBJ_EXT":
		return "o", true
	case "LIBEXT", "A":
		return "a", true
	}
	return "", false
}

// relative is the way from one folder up to another.
func relative(dir, top string) string {
	if dir == top {
		return "."
	}
	rest := dir
	if top != "." {
		rest = strings.TrimPrefix(dir, top+"/")
	}
	return strings.TrimSuffix(strings.Repeat("../", strings.Count(rest, "/")+1), "/")
}

// named is the value of a variable: the words of all branches, each once, since a makefile that
// sets its flags for each compiler and each system would double them with each name on the way.
// A value that neither a rule nor the names it is in had part in is kept.
func (m *makefile) named(name string, auto map[string]string, on map[string]int) string {
	if v, ok := m.values[name]; ok {
		return v
	}
	before := m.outer
	m.outer = len(on) + 1
	v := m.union(name, auto, on)
	if m.outer > len(on) && m.loaded {
		m.values[name] = v
	}
	m.outer = min(m.outer, before)
	return v
}

// union joins the words of a variable's values.
func (m *makefile) union(name string, auto map[string]string, on map[string]int) string {
	vals := m.vars[name]
	if len(vals) == 0 {
		if v, ok := m.known(name); ok {
			return v
		}
		if words := m.r.substitutions[name]; len(words) > 0 {
			return strings.Join(words, " ")
		}
		return "$(" + name + ")"
	}
	if depth, ok := on[name]; ok {
		m.outer = min(m.outer, depth)
		return "" // X := $(X) more
	}
	on[name] = len(on) + 1
	defer delete(on, name)
	if len(vals) == 1 {
		return m.expandIn(vals[0], auto, on)
	}
	var out []string
	seen := map[string]bool{}
	for _, v := range vals {
		for _, w := range strings.Fields(m.expandIn(v, auto, on)) {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return strings.Join(out, " ")
}

// reference is $(NAME), $(NAME:a=b) or $(function ...).
func (m *makefile) reference(in string, auto map[string]string, on map[string]int) string {
	if fn, rest, ok := strings.Cut(in, " "); ok && isName(strings.ReplaceAll(fn, "-", "_")) {
		return m.function(fn, rest, auto, on)
	}
	in = m.expandIn(in, auto, on)
	if name, change, ok := strings.Cut(in, ":"); ok {
		from, to, ok := strings.Cut(change, "=")
		if !ok {
			return m.named(name, auto, on)
		}
		if !strings.Contains(from, "%") {
			from, to = "%"+from, "%"+to
		}
		return eachWord(m.named(name, auto, on), func(w string) string { return patsubst(from, to, w) })
	}
	if v, ok := auto[in]; ok {
		m.outer = 0
		return v
	}
	return m.named(in, auto, on)
}

func eachWord(s string, change func(string) string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = change(w)
	}
	return strings.Join(words, " ")
}

// patsubst replaces a word that a pattern with % fits.
func patsubst(from, to, w string) string {
	head, tail, ok := strings.Cut(from, "%")
	if !ok || len(w) < len(head)+len(tail) || !strings.HasPrefix(w, head) || !strings.HasSuffix(w, tail) {
		return w
	}
	return strings.Replace(to, "%", w[len(head):len(w)-len(tail)], 1)
}

// function evaluates the functions that lists are made with.
func (m *makefile) function(fn, rest string, auto map[string]string, on map[string]int) string {
	var args []string
	for _, a := range splitArgs(rest) {
		args = append(args, m.expandIn(a, auto, on))
	}
	at := func(i int) string {
		if i < len(args) {
			return strings.TrimSpace(args[i])
		}
		return ""
	}
	switch fn {
	case "patsubst":
		return eachWord(at(2), func(w string) string { return patsubst(at(0), at(1), w) })
	case "subst":
		return strings.ReplaceAll(at(2), at(0), at(1))
	case "addprefix":
		return eachWord(at(1), func(w string) string { return at(0) + w })
	case "addsuffix":
		return eachWord(at(1), func(w string) string { return w + at(0) })
	case "notdir":
		return eachWord(at(0), path.Base)
	case "basename":
		return eachWord(at(0), func(w string) string { return strings.TrimSuffix(w, path.Ext(w)) })
	case "strip", "sort", "abspath", "realpath":
		return at(0)
	case "filter":
		return strings.Join(matching(at(0), at(1), true), " ")
	case "filter-out":
		return strings.Join(matching(at(0), at(1), false), " ")
	case "if", "or", "and": // every branch
		return strings.Join(args[min(1, len(args)):], " ")
	case "wildcard":
		return m.wildcard(at(0))
	case "foreach":
		var out []string
		if parts := splitArgs(rest); len(parts) == 3 {
			for _, w := range strings.Fields(at(1)) {
				out = append(out, m.expandIn(parts[2], map[string]string{at(0): w}, on))
			}
		}
		return strings.Join(out, " ")
	}
	return "$(" + fn + ")"
}

// splitArgs cuts at the commas outside brackets.
func splitArgs(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

func matching(patterns, words string, want bool) []string {
	var out []string
	for _, w := range strings.Fields(words) {
		fits := false
		for _, p := range strings.Fields(patterns) {
			head, tail, star := strings.Cut(p, "%")
			fits = fits || w == p || star && len(w) >= len(head)+len(tail) && strings.HasPrefix(w, head) && strings.HasSuffix(w, tail)
		}
		if fits == want {
			out = append(out, w)
		}
	}
	return out
}

// wildcard lists the sources of the tree that fit.
func (m *makefile) wildcard(patterns string) string {
	return strings.Join(m.r.glob(m.dir, strings.Fields(patterns)), " ")
}

// glob lists the sources that fit patterns, relative to a folder.
func (r *reader) glob(dir string, patterns []string) []string {
	var out []string
	for _, p := range patterns {
		for _, s := range r.matching(path.Join(dir, p)) {
			rel := s
			if dir != "." {
				rel = strings.TrimPrefix(s, dir+"/")
			}
			if rel == s && dir != "." {
				continue // outside the folder
			}
			out = append(out, rel)
		}
	}
	sort.Strings(out)
	return out
}

// matching are the sources that a pattern fits, in order. Its folder is looked up if it has no
// stars of its own.
func (r *reader) matching(pattern string) []string {
	var out []string
	list := r.inOrder
	if dir := path.Dir(pattern); !strings.ContainsAny(dir, `*?[\`) {
		list = r.byDir[dir]
	}
	for _, s := range list {
		if ok, err := path.Match(pattern, s); err == nil && ok {
			out = append(out, s)
		}
	}
	return out
}
