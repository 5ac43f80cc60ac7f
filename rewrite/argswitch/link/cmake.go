package link

import (
	"path"
	"slices"
	"sort"
	"strings"
)

// cmakeCall is one command with its arguments, as they stand.
type cmakeCall struct {
	name string
	args []string
}

// cmakeScope is the variables of one folder; those of the folders above are
// seen from it.
type cmakeScope struct {
	dir  string
	up   *cmakeScope
	vars map[string][]string
}

// cmakeEval evaluates the files of a tree, twice: values that a folder hands up
// are known to the folder above in the second round only.
type cmakeEval struct {
	r      *reader
	names  map[string]bool
	scopes map[string]*cmakeScope
	funcs  map[string]*cmakeFunc
	units  map[string]*Unit
	order  []*Unit
	root   string
	depth  int
	steps  int // so far, commands and words
	file   string
}

// Lists that a loop makes out of itself end here, as an unknown part.
const (
	maxSteps    = 200_000
	maxWords    = 2_000
	unknownList = "$(SOURCES)"
)

type cmakeFunc struct {
	params []string
	body   []cmakeCall
}

func (r *reader) cmake(names []string) {
	c := &cmakeEval{r: r, names: map[string]bool{}, scopes: map[string]*cmakeScope{}, funcs: map[string]*cmakeFunc{}}
	var lists []string
	for _, n := range names {
		c.names[n] = true
		if !strings.HasSuffix(n, ".cmake") {
			lists = append(lists, n)
		}
	}
	sort.SliceStable(lists, func(a, b int) bool { return strings.Count(lists[a], "/") < strings.Count(lists[b], "/") })
	for range 2 {
		c.steps = 0
		c.units, c.order = map[string]*Unit{}, nil
		for i, name := range lists {
			if i == 0 {
				c.root = path.Dir(name)
			}
			src, err := r.read(name)
			if err != nil {
				continue
			}
			c.file = name
			c.run(cmakeCalls(string(src)), c.scope(path.Dir(name)))
		}
	}
	for _, u := range c.order {
		r.add(u)
	}
}

func (c *cmakeEval) scope(dir string) *cmakeScope {
	if s := c.scopes[dir]; s != nil {
		return s
	}
	s := &cmakeScope{dir: dir, vars: map[string][]string{}}
	c.scopes[dir] = s
	if dir != "." && dir != "/" && dir != c.root {
		s.up = c.scope(path.Dir(dir))
	}
	return s
}

func (s *cmakeScope) get(name string) ([]string, bool) {
	for ; s != nil; s = s.up {
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return nil, false
}

func (s *cmakeScope) add(name string, words []string) {
	for _, w := range words {
		if !slices.Contains(s.vars[name], w) {
			s.vars[name] = append(s.vars[name], w)
		}
	}
	if s.vars[name] == nil {
		s.vars[name] = []string{}
	}
}

// cmakeCalls splits a file into commands.
func cmakeCalls(src string) []cmakeCall {
	var out []cmakeCall
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case c == '#':
			i = afterComment(src, i)
		case isName(string(c)):
			from := i
			for i < len(src) && isName(string(src[i])) {
				i++
			}
			name := strings.ToLower(src[from:i])
			for i < len(src) && (src[i] == ' ' || src[i] == '\t') {
				i++
			}
			if i < len(src) && src[i] == '(' {
				args, end := cmakeArgs(src, i+1)
				out = append(out, cmakeCall{name, args})
				i = end
			}
		default:
			i++
		}
	}
	return out
}

func afterComment(src string, i int) int {
	if strings.HasPrefix(src[i:], "#[[") {
		if k := strings.Index(src[i:], "]]"); k >= 0 {
			return i + k + 2
		}
	}
	if k := strings.IndexByte(src[i:], '\n'); k >= 0 {
		return i + k
	}
	return len(src)
}

// cmakeArgs reads arguments up to the bracket that ends them.
func cmakeArgs(src string, i int) (args []string, end int) {
	depth, word := 0, ""
	flush := func() {
		if word != "" {
			args = append(args, word)
		}
		word = ""
	}
	for i < len(src) {
		switch c := src[i]; {
		case c == '#':
			flush()
			i = afterComment(src, i)
			continue
		case c == '"':
			k := i + 1
			for k < len(src) && src[k] != '"' {
				if src[k] == '\\' {
					k++
				}
				k++
			}
			word += src[min(i+1, len(src)):min(k, len(src))]
			i = k
		case c == '(':
			depth++
			flush()
		case c == ')':
			flush()
			if depth == 0 {
				return args, i + 1
			}
			depth--
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';':
			flush()
		default:
			word += string(c)
		}
		i++
	}
	flush()
	return args, i
}

// words expands arguments, lists taken apart.
func (c *cmakeEval) words(s *cmakeScope, args []string) []string {
	var out []string
	for _, a := range args {
		out = append(out, c.word(s, a, 0)...)
	}
	return out
}

func (c *cmakeEval) word(s *cmakeScope, a string, depth int) []string {
	if c.steps++; c.steps > maxSteps {
		return []string{unknownList}
	}
	i := strings.LastIndex(a, "${")
	if i < 0 || depth > 20 {
		if a == "" {
			return nil
		}
		return strings.Split(a, ";")
	}
	k := strings.IndexByte(a[i:], '}')
	if k < 0 {
		return []string{a}
	}
	name := a[i+2 : i+k]
	vals, ok := s.get(name)
	switch name {
	case "CMAKE_CURRENT_SOURCE_DIR", "CMAKE_CURRENT_BINARY_DIR", "CMAKE_CURRENT_LIST_DIR":
		vals, ok = []string{"."}, true
	case "CMAKE_SOURCE_DIR", "PROJECT_SOURCE_DIR", "CMAKE_BINARY_DIR", "PROJECT_BINARY_DIR":
		vals, ok = []string{relative(s.dir, c.root)}, true
	}
	if !ok {
		vals = []string{"$(" + name + ")"}
	}
	var out []string
	for _, v := range vals {
		if out = append(out, c.word(s, a[:i]+v+a[i+k+1:], depth+1)...); len(out) > maxWords {
			return []string{unknownList}
		}
	}
	return out
}

// run evaluates commands, whatever condition they stand under.
func (c *cmakeEval) run(calls []cmakeCall, s *cmakeScope) {
	if c.depth++; c.depth > 30 || c.steps > maxSteps {
		c.depth--
		return
	}
	defer func() { c.depth-- }()
	for i := 0; i < len(calls); i++ {
		call := calls[i]
		c.steps++
		switch call.name {
		case "foreach":
			end := blockEnd(calls, i, "foreach")
			c.foreach(call, calls[i+1:end], s)
			i = end
		case "function", "macro":
			end := blockEnd(calls, i, call.name)
			if len(call.args) > 0 {
				c.funcs[strings.ToLower(call.args[0])] = &cmakeFunc{call.args[1:], calls[i+1 : end]}
			}
			i = end
		default:
			c.command(call, s)
		}
	}
}

// blockEnd is the command that ends a block.
func blockEnd(calls []cmakeCall, i int, name string) int {
	depth := 0
	for k := i; k < len(calls); k++ {
		switch calls[k].name {
		case name:
			depth++
		case "end" + name:
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return len(calls) - 1
}

func (c *cmakeEval) foreach(call cmakeCall, body []cmakeCall, s *cmakeScope) {
	if len(call.args) < 2 {
		return
	}
	list := call.args[1:]
	if strings.EqualFold(list[0], "IN") {
		list = list[1:]
		if len(list) > 0 && strings.EqualFold(list[0], "LISTS") {
			var all []string
			for _, v := range list[1:] {
				all = append(all, "${"+v+"}")
			}
			list = all
		} else if len(list) > 0 {
			list = list[1:]
		}
	}
	old, had := s.vars[call.args[0]]
	for _, w := range c.words(s, list) {
		s.vars[call.args[0]] = []string{w}
		c.run(body, s)
	}
	if delete(s.vars, call.args[0]); had {
		s.vars[call.args[0]] = old
	}
}

func (c *cmakeEval) command(call cmakeCall, s *cmakeScope) {
	args := c.words(s, call.args)
	if len(args) == 0 {
		return
	}
	switch call.name {
	case "set":
		if n := len(args); n > 1 && args[n-1] == "PARENT_SCOPE" {
			if s.up != nil {
				s.up.add(args[0], args[1:n-1])
			}
			return
		}
		s.add(args[0], args[1:])
	case "list":
		if len(args) > 2 && (args[0] == "APPEND" || args[0] == "PREPEND") {
			s.add(args[1], args[2:])
		}
	case "file":
		if len(args) > 2 && strings.HasPrefix(args[0], "GLOB") {
			s.add(args[1], c.r.glob(s.dir, args[2:]))
		}
	case "aux_source_directory":
		if len(args) > 1 {
			s.add(args[1], c.r.glob(s.dir, []string{path.Join(args[0], "*.c")}))
		}
	case "include":
		c.include(args[0], s)
	case "add_executable":
		c.unit(args[0], Program, s, args[1:])
	case "add_library":
		c.unit(args[0], Archive, s, args[1:])
	case "target_sources", "target_link_libraries":
		if u := c.units[args[0]]; u != nil {
			c.items(u, s, args[1:])
		}
	default:
		if f := c.funcs[call.name]; f != nil {
			c.call(f, args, s)
		}
	}
}

func (c *cmakeEval) include(name string, s *cmakeScope) {
	for n := range c.names {
		if path.Join(s.dir, name) == n || path.Base(n) == path.Base(name)+".cmake" ||
			path.Base(n) == path.Base(name) && strings.HasSuffix(name, ".cmake") {
			if src, err := c.r.read(n); err == nil {
				c.run(cmakeCalls(string(src)), s)
			}
			return
		}
	}
}

// call runs a function of the tree's own, in its caller's scope.
func (c *cmakeEval) call(f *cmakeFunc, args []string, s *cmakeScope) {
	in := &cmakeScope{dir: s.dir, up: s, vars: map[string][]string{"ARGV": args}}
	for i, p := range f.params {
		if i < len(args) {
			in.vars[p] = []string{args[i]}
		}
	}
	if len(args) > len(f.params) {
		in.vars["ARGN"] = args[len(f.params):]
	} else {
		in.vars["ARGN"] = []string{}
	}
	c.run(f.body, in)
}

func (c *cmakeEval) unit(name string, kind Kind, s *cmakeScope, args []string) {
	if len(args) > 0 {
		switch args[0] {
		case "SHARED", "MODULE":
			kind = Shared
		case "ALIAS", "IMPORTED":
			return
		}
	}
	u := c.units[name]
	if u == nil {
		u = &Unit{Name: name, Kind: kind, File: c.file, dir: s.dir}
		c.units[name] = u
		c.order = append(c.order, u)
	}
	c.items(u, s, args)
}

// items adds sources, relative to the folder of the command, and libraries.
func (c *cmakeEval) items(u *Unit, s *cmakeScope, args []string) {
	for _, a := range args {
		switch a {
		case "STATIC", "SHARED", "MODULE", "OBJECT", "PRIVATE", "PUBLIC", "INTERFACE", "WIN32",
			"MACOSX_BUNDLE", "EXCLUDE_FROM_ALL", "debug", "optimized", "general":
			continue
		}
		if in, ok := strings.CutPrefix(a, "$<TARGET_OBJECTS:"); ok {
			a = strings.TrimSuffix(in, ">")
		}
		if unexpanded.MatchString(a) && !isPart(a) && !strings.Contains(a, "/") {
			if objectLike.MatchString(a) {
				u.Unknown = append(u.Unknown, a)
			}
			continue
		}
		if path.Ext(a) == ".c" && !leading.MatchString(a) && s.dir != u.dir && c.r.sources[path.Join(s.dir, a)] {
			a = "//" + path.Join(s.dir, a)
		}
		u.items = append(u.items, a)
	}
}
