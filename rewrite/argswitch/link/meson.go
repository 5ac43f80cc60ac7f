package link

import (
	"path"
	"sort"
	"strings"
)

// mesonValue is a string, a list, or a dictionary; what is built is known by a
// string as well.
type mesonValue struct {
	text string
	list []mesonValue
	keys []string // of a dictionary, its values in list
	many bool     // a list
}

// words are the strings of a value, lists taken apart.
func (v mesonValue) words() []string {
	if !v.many && v.keys == nil {
		if v.text == "" {
			return nil
		}
		return []string{v.text}
	}
	var out []string
	for _, x := range v.list {
		out = append(out, x.words()...)
	}
	return out
}

// mesonEval evaluates meson.build and those that it names with subdir().
type mesonEval struct {
	r    *reader
	vars map[string]mesonValue
	done map[string]bool
	n    int // units so far
	ifs  int // how many ifs are open: what is set in one adds to what another branch has set
}

func (r *reader) meson(names []string) {
	sort.SliceStable(names, func(a, b int) bool { return strings.Count(names[a], "/") < strings.Count(names[b], "/") })
	done := map[string]bool{}
	for _, n := range names {
		m := &mesonEval{r: r, vars: map[string]mesonValue{}, done: done}
		m.file(n)
	}
}

func (m *mesonEval) file(name string) {
	if m.done[name] {
		return
	}
	m.done[name] = true
	src, err := m.r.read(name)
	if err != nil {
		return
	}
	p := &mesonParser{run: m, name: name, dir: path.Dir(name), toks: mesonTokens(string(src))}
	ifs := m.ifs
	p.block("")
	m.ifs = ifs
}

// mesonTokens splits a file; a string keeps its first quote, and a line's end
// is a token outside brackets.
func mesonTokens(src string) []string {
	var out []string
	depth := 0
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			if depth == 0 {
				out = append(out, "\n")
			}
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\\':
			i++
		case c == '#':
			for i < len(src) && src[i] != '\n' {
				i++
			}
		case strings.HasPrefix(src[i:], "'''"):
			k := strings.Index(src[i+3:], "'''")
			if k < 0 {
				return out
			}
			out = append(out, "'"+src[i+3:i+3+k])
			i += k + 6
		case c == '\'':
			k := i + 1
			for k < len(src) && src[k] != '\'' && src[k] != '\n' {
				if src[k] == '\\' {
					k++
				}
				k++
			}
			out = append(out, "'"+src[i+1:min(k, len(src))])
			i = k + 1
		case isName(string(c)):
			from := i
			for i < len(src) && isName(string(src[i])) {
				i++
			}
			out = append(out, src[from:i])
		default:
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
			if i+1 < len(src) && strings.Contains("+= == != <= >=", src[i:i+2]) && src[i+1] == '=' {
				out = append(out, src[i:i+2])
				i += 2
				continue
			}
			out = append(out, string(c))
			i++
		}
	}
	return append(out, "\n")
}

type mesonParser struct {
	run  *mesonEval
	name string
	dir  string
	toks []string
	at   int
}

func (p *mesonParser) peek() string {
	if p.at < len(p.toks) {
		return p.toks[p.at]
	}
	return ""
}

func (p *mesonParser) next() string {
	t := p.peek()
	p.at++
	return t
}

// block runs statements up to a word that ends them; conditions are passed
// over.
func (p *mesonParser) block(end string) {
	for p.at < len(p.toks) {
		switch t := p.peek(); {
		case t == end && end != "":
			p.line()
			return
		case t == "\n":
			p.at++
		case t == "if", t == "elif", t == "else", t == "endif", t == "continue", t == "break":
			switch t {
			case "if":
				p.run.ifs++
			case "endif":
				p.run.ifs--
			}
			p.line()
		case t == "foreach":
			p.foreach()
		case p.at+1 < len(p.toks) && (p.toks[p.at+1] == "=" || p.toks[p.at+1] == "+=") && isName(t):
			adds := p.toks[p.at+1] == "+="
			p.at += 2
			v := p.expr().bounded()
			old := p.run.vars[t]
			if !adds && p.run.ifs <= 0 {
				old = mesonValue{}
			}
			// Another branch may have set it.
			p.run.vars[t] = mesonValue{many: old.many || v.many || len(old.words()) > 0 && len(v.words()) > 0,
				list: joined(old.parts(), v.parts())}
			if len(old.parts()) == 0 {
				p.run.vars[t] = v
			}
			p.line()
		default:
			p.expr()
			p.line()
		}
	}
}

// parts are the elements of a list, or the value itself.
func (v mesonValue) parts() []mesonValue {
	if v.many || v.keys != nil {
		return v.list
	}
	if v.text == "" {
		return nil
	}
	return []mesonValue{v}
}

// maxLeaves is how many strings a value has at most; a list of lists that grows in a loop is an
// unknown part from then on.
const maxLeaves = 1 << 14

// leaves counts the strings of a value, up to a limit.
func (v mesonValue) leaves(limit int) (n int) {
	if !v.many && v.keys == nil {
		return 1
	}
	for _, x := range v.list {
		if n += x.leaves(limit - n); n >= limit {
			break
		}
	}
	return n
}

// bounded is the value, or an unknown part if it is larger.
func (v mesonValue) bounded() mesonValue {
	if v.leaves(maxLeaves) < maxLeaves {
		return v
	}
	return mesonValue{text: unknownList}
}

// joined is both lists, with each element once: deps = deps + more in a loop would double the
// list each time.
func joined(a, b []mesonValue) (list []mesonValue) {
	seen := map[string]bool{}
	for _, v := range append(append([]mesonValue(nil), a...), b...) {
		if k := v.key(); !seen[k] {
			seen[k] = true
			list = append(list, v)
		}
	}
	return list
}

// key is the same for values that are the same.
func (v mesonValue) key() string {
	if !v.many && v.keys == nil {
		return v.text
	}
	var k strings.Builder
	k.WriteByte('[')
	for i, x := range v.list {
		if i < len(v.keys) {
			k.WriteString(v.keys[i] + "\x00")
		}
		k.WriteString(x.key() + "\x01")
	}
	return k.String()
}

func (p *mesonParser) line() {
	for p.at < len(p.toks) && p.next() != "\n" {
	}
}

func (p *mesonParser) foreach() {
	p.at++
	var names []string
	for p.at < len(p.toks) && p.peek() != ":" && p.peek() != "\n" {
		if t := p.next(); isName(t) {
			names = append(names, t)
		}
	}
	p.at++
	v := p.expr()
	p.line()
	from := p.at
	run := false
	for i, x := range v.list {
		if len(names) == 2 && i < len(v.keys) {
			p.run.vars[names[0]], p.run.vars[names[1]] = mesonValue{text: v.keys[i]}, x
		} else if len(names) > 0 {
			p.run.vars[names[0]] = x
		}
		p.at, run = from, true
		p.block("endforeach")
	}
	if !run {
		depth := 1
		for p.at < len(p.toks) && depth > 0 {
			switch p.next() {
			case "foreach":
				depth++
			case "endforeach":
				depth--
			}
		}
	}
	for _, n := range names {
		delete(p.run.vars, n)
	}
}

// expr reads an expression: joined values, of both sides of a choice.
func (p *mesonParser) expr() mesonValue {
	v := p.postfix()
	for {
		switch t := p.peek(); t {
		case "+", "/":
			p.at++
			w := p.postfix()
			switch {
			case v.many || w.many:
				v = mesonValue{many: true, list: append(append([]mesonValue(nil), v.parts()...), w.parts()...)}
			case t == "/":
				v = mesonValue{text: path.Join(v.text, w.text)}
			default:
				v = mesonValue{text: v.text + w.text}
			}
		case "==", "!=", "<", ">", "<=", ">=", "and", "or", "in", "not", "-", "*", "%":
			p.at++
			p.postfix()
		case "?":
			p.at++
			a := p.expr()
			if p.peek() == ":" {
				p.at++
			}
			b := p.expr()
			return mesonValue{many: true, list: append(append([]mesonValue(nil), a.parts()...), b.parts()...)}
		default:
			return v
		}
	}
}

func (p *mesonParser) postfix() mesonValue {
	t := p.next()
	var v mesonValue
	switch {
	case strings.HasPrefix(t, "'"):
		v = mesonValue{text: t[1:]}
	case t == "f" && strings.HasPrefix(p.peek(), "'"):
		v = mesonValue{text: p.next()[1:]}
	case t == "[":
		v = mesonValue{many: true, list: p.elements("]")}
	case t == "{":
		v = p.dictionary()
	case t == "(":
		v = p.expr()
		if p.peek() == ")" {
			p.at++
		}
	case t == "not" || t == "-":
		p.postfix()
	case isName(t) && p.peek() == "(":
		p.at++
		v = p.call(t)
	case isName(t):
		v = p.run.vars[t]
	case t == "\n" || t == ")" || t == "]" || t == "}" || t == "," || t == ":":
		p.at--
		return v
	}
	for {
		switch p.peek() {
		case ".":
			p.at++
			name := p.next()
			if p.peek() == "(" {
				p.at++
				v = p.method(v, name)
			}
		case "[":
			p.at++
			i := p.expr()
			if p.peek() == "]" {
				p.at++
			}
			v = v.element(i)
		default:
			return v
		}
	}
}

// element is one value of a list or dictionary.
func (v mesonValue) element(i mesonValue) mesonValue {
	for k, name := range v.keys {
		if name == i.text {
			return v.list[k]
		}
	}
	if n := int(strings.Index("0123456789", i.text)); len(i.text) == 1 && n >= 0 && n < len(v.list) {
		return v.list[n]
	}
	return mesonValue{}
}

func (p *mesonParser) elements(end string) []mesonValue {
	var out []mesonValue
	for p.at < len(p.toks) && p.peek() != end {
		from := p.at
		if v := p.expr(); v.text != "" || v.many || v.keys != nil {
			out = append(out, v)
		}
		if p.peek() == "," || p.at == from {
			p.at++
		}
	}
	p.at++
	return out
}

func (p *mesonParser) dictionary() mesonValue {
	v := mesonValue{keys: []string{}}
	for p.at < len(p.toks) && p.peek() != "}" {
		from := p.at
		k := p.expr()
		if p.peek() == ":" {
			p.at++
			v.keys = append(v.keys, k.text)
			v.list = append(v.list, p.expr())
		}
		if p.peek() == "," || p.at == from {
			p.at++
		}
	}
	p.at++
	return v
}

// arguments reads those of a call, by place and by name.
func (p *mesonParser) arguments() (args []mesonValue, named map[string]mesonValue) {
	named = map[string]mesonValue{}
	for p.at < len(p.toks) && p.peek() != ")" {
		from := p.at
		if isName(p.peek()) && p.at+1 < len(p.toks) && p.toks[p.at+1] == ":" {
			key := p.next()
			p.at++
			named[key] = p.expr()
		} else if v := p.expr(); v.text != "" || v.many || v.keys != nil {
			args = append(args, v)
		}
		if p.peek() == "," || p.at == from {
			p.at++
		}
	}
	p.at++
	return args, named
}

// method is a call on a value: what takes objects out of a target is the target
// itself, as far as a link goes.
func (p *mesonParser) method(v mesonValue, name string) mesonValue {
	args, _ := p.arguments()
	switch name {
	case "extract_all_objects", "extract_objects", "get", "to_string", "strip", "underscorify",
		"partial_dependency", "as_system", "as_link_whole":
		if name == "get" && len(args) > 0 {
			return v.element(args[0])
		}
		return v
	case "format":
		for i, a := range args {
			v.text = strings.ReplaceAll(v.text, "@"+string(rune('0'+i))+"@", a.text)
		}
		return v
	case "keys":
		out := mesonValue{many: true}
		for _, k := range v.keys {
			out.list = append(out.list, mesonValue{text: k})
		}
		return out
	case "dependencies", "sources", "sources_objects":
		return v
	}
	return mesonValue{}
}

func (p *mesonParser) call(name string) mesonValue {
	args, named := p.arguments()
	switch name {
	case "files":
		out := mesonValue{many: true}
		for _, a := range args {
			for _, w := range a.words() {
				out.list = append(out.list, mesonValue{text: "//" + path.Join(p.dir, w)}) // wherever it is used
			}
		}
		return out
	case "join_paths":
		var all []string
		for _, a := range args {
			all = append(all, a.words()...)
		}
		return mesonValue{text: path.Join(all...)}
	case "subdir":
		if len(args) > 0 {
			m := p.run
			m.file(path.Join(p.dir, args[0].text, "meson.build"))
		}
	case "executable":
		return p.unit(Program, args, named)
	case "static_library", "library", "build_target":
		return p.unit(Archive, args, named)
	case "shared_library", "both_libraries", "shared_module":
		return p.unit(Shared, args, named)
	case "declare_dependency":
		return mesonValue{many: true, list: []mesonValue{named["sources"], named["link_with"],
			named["link_whole"], named["dependencies"], named["objects"]}}
	}
	return mesonValue{}
}

func (p *mesonParser) unit(kind Kind, args []mesonValue, named map[string]mesonValue) mesonValue {
	if len(args) == 0 || args[0].text == "" {
		return mesonValue{}
	}
	p.run.n++
	u := &Unit{Name: args[0].text, Kind: kind, File: p.name, dir: p.dir}
	if kind != Program {
		u.Name = "lib" + u.Name + ".a"
	}
	if named["build_by_default"].text == "" && kind == Archive && len(named["version"].words())+len(named["soversion"].words()) > 0 {
		u.Kind = Shared
	}
	list := args[1:]
	for _, k := range []string{"sources", "link_with", "link_whole", "dependencies", "objects"} {
		list = append(list, named[k])
	}
	for _, v := range list {
		u.items = append(u.items, v.words()...)
	}
	p.run.r.add(u)
	return mesonValue{text: u.Name}
}
