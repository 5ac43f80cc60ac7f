package detect

import (
	"fmt"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/parse"
)

// caches hold what is derived from the whole tree. Each entry is a pure
// function of its key, so the order in which goroutines fill them is of no
// consequence.
type caches struct {
	globals    single[useKey, *global]
	consts     memo[useKey, []constDef]
	argTypes   memo[argKey, argTyp]
	argConsts  memo[*parse.Expr, []string]
	registered memo[*parse.Func, []registration]
	entered    memo[*parse.Func, []ref]
	kinds      memo[*parse.Func, map[string]string]
	targets    memo[useKey, []*parse.Func]
	structs    single[useKey, *parse.Struct]
	memberRefs single[string, []memberRef]
	indirect   memo[*parse.Expr, []*parse.Func]
}

// memo remembers what was found out about a key. The zero value is ready.
type memo[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

// get returns the value of key, found out on the first call. find runs without
// the lock, as it asks for other values; two goroutines may do the same work,
// to the same result.
func (c *memo[K, V]) get(key K, find func() V) V {
	c.mu.Lock()
	v, ok := c.m[key]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = find()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[K]V{}
	}
	c.m[key] = v
	return v
}

// single is a memo whose values are found out once: a second goroutine waits. It
// is for what asks for no value that is looked up in the same way.
type single[K comparable, V any] struct {
	memo[K, *lone[V]]
}

type lone[V any] struct {
	once  sync.Once
	value V
}

func (c *single[K, V]) get(key K, find func() V) V {
	c.mu.Lock()
	l := c.m[key]
	if l == nil {
		if c.m == nil {
			c.m = map[K]*lone[V]{}
		}
		l = &lone[V]{}
		c.m[key] = l
	}
	c.mu.Unlock()
	l.once.Do(func() { l.value = find() })
	return l.value
}

// useKey is a name as used in one file.
type useKey struct {
	u    *unit
	name string
}

// global is a variable with file scope, resolved from one file.
type global struct {
	key  string // unique in the tree
	decl *parse.Decl
	unit *unit
}

func (p *program) unitOf(fn *parse.Func) *unit { return p.unitAt(fn.File) }

func (p *program) unitAt(f *parse.File) *unit {
	lo, hi := 0, len(p.files)
	for lo < hi {
		m := (lo + hi) / 2
		if p.files[m].path < f.Path {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return p.files[lo]
}

func (p *program) infoOf(fn *parse.Func) *funcInfo { return p.unitOf(fn).info(fn) }

// funcsNamed returns the definitions (and function-like macros) that a use of
// name in u can mean.
func (p *program) funcsNamed(u *unit, name string) []*parse.Func {
	if external[name] && !p.definesLocally(u, name) {
		return nil
	}
	key := useKey{u, name}
	return p.targets.get(key, func() (fns []*parse.Func) {
		if strings.Contains(name, "##") {
			return p.pasted(u, name)
		}
		var cands []*unit
		for _, c := range p.unitsDefining(name) {
			c.tables()
			for _, fn := range c.funcs[name] {
				if c == u || !fn.Static || strings.HasSuffix(c.path, ".h") || p.includes(u, c) {
					cands = append(cands, c)
					break
				}
			}
		}
		for _, c := range nearest(u, cands) {
			for _, fn := range c.funcs[name] {
				if c == u || !fn.Static || strings.HasSuffix(c.path, ".h") || p.includes(u, c) {
					fns = append(fns, fn)
				}
			}
		}
		return fns
	})
}

// definesLocally reports whether the file itself defines a function that has
// the name of a library's.
func (p *program) definesLocally(u *unit, name string) bool {
	u.tables()
	return len(u.funcs[name]) > 0
}

// includes reports whether u includes the C file c by name.
func (p *program) includes(u, c *unit) bool {
	base := c.path[strings.LastIndexByte(c.path, '/')+1:]
	for _, d := range u.tree().Dirs {
		if d.Name == "include" && strings.HasSuffix(strings.Trim(d.Text, `"<>`), base) && strings.HasSuffix(base, ".c") {
			return true
		}
	}
	return false
}

// callers returns the direct calls of fn in the tree: those whose callee,
// seen from their file, can be fn.
func (p *program) callers(fn *parse.Func) (out []ref) {
	p.eachCaller(fn, func(c ref) bool {
		out = append(out, c)
		return true
	})
	return out
}

// eachCaller calls visit for them, until it returns false.
func (p *program) eachCaller(fn *parse.Func, visit func(c ref) bool) {
	home := p.unitOf(fn)
	units := p.unitsWith(fn.Name)
	if fn.Static && !strings.HasSuffix(home.path, ".h") {
		units = []*unit{home}
		for _, u := range p.unitsWith(fn.Name) {
			if u != home && p.includes(u, home) {
				units = append(units, u)
			}
		}
	}
	for _, u := range units {
		// A macro that bears the name of a library's function is what its users
		// call: #define socket(d, t, p) my_socket(d, t, p).
		shadows := fn.Macro != nil && external[fn.Name]
		if !shadows && !p.means(u, fn) {
			continue
		}
		for _, fi := range u.funcsMentioning(fn.Name) {
			if fi.fn == fn || shadows && fi.fn.Macro != nil {
				continue // recursion adds nothing
			}
			uses := fi.calls[fn.Name]
			if fn.Macro != nil && !fn.Macro.FnLike {
				uses = fi.names[fn.Name] // such a macro is used without parentheses
			}
			for _, c := range uses {
				if fi.lookup(fn.Name, c.NamePos) == nil && !visit(ref{fi, c}) {
					return
				}
			}
		}
	}
}

// means reports whether the name of fn, used in u, can mean fn.
func (p *program) means(u *unit, fn *parse.Func) bool {
	for _, t := range p.funcsNamed(u, fn.Name) {
		if t == fn || t.File == fn.File && t.Start == fn.Start {
			return true
		}
	}
	return false
}

// mentionKind says which occurrences of a name are asked for. To leave out the
// others by their neighbours saves the trees of the functions they stand in.
type mentionKind uint8

const (
	anyMention  mentionKind = iota
	heldMention             // of a function's name: otherwise than being called
	memberOnly              // behind . or ->
)

func (k mentionKind) takes(toks []parse.Token, i int) bool {
	switch k {
	case heldMention:
		return i+1 >= len(toks) || toks[i+1].Op != parse.LParen
	case memberOnly:
		return i > 0 && (toks[i-1].Op == parse.Dot || toks[i-1].Op == parse.Arrow)
	}
	return true
}

// funcsMentioning returns the functions of a file in whose text a name occurs.
func (u *unit) funcsMentioning(name string) []*funcInfo {
	out, _ := u.funcsWith(name, anyMention)
	return out
}

// funcsWith returns those with an occurrence of that kind, and whether there is
// one outside of functions.
func (u *unit) funcsWith(name string, kind mentionKind) (out []*funcInfo, outside bool) {
	f := u.tree()
	seen := map[*parse.Func]bool{}
	for _, i := range f.Idents(name) {
		if !kind.takes(f.Toks, int(i)) {
			continue
		}
		funcs := f.FuncsAt(int(f.Toks[i].Off))
		for _, fn := range funcs {
			if !seen[fn] {
				seen[fn] = true
				out = append(out, u.info(fn))
			}
		}
		outside = outside || len(funcs) == 0
	}
	for _, fn := range f.Funcs {
		if fn.Macro == nil || seen[fn] {
			continue
		}
		for i, t := range fn.Macro.Body {
			if t.Kind == parse.Ident && f.Spells(t, name) && kind.takes(fn.Macro.Body, i) {
				out = append(out, u.info(fn))
				break
			}
		}
	}
	return out, outside
}

// global resolves a name with file scope as seen from u, nil when the tree
// has no such variable.
func (p *program) global(u *unit, name string) *global {
	key := useKey{u, name}
	return p.globals.get(key, func() *global { return p.findGlobal(u, name) })
}

// unitsSeeing returns the files in which the name of a global means it.
func (p *program) unitsSeeing(g *global) []*unit {
	if g.decl.Static && strings.HasSuffix(g.unit.path, ".c") {
		return []*unit{g.unit}
	}
	var out []*unit
	for _, u := range p.unitsWith(g.decl.Name) {
		if h := p.global(u, g.decl.Name); h != nil && h.key == g.key {
			out = append(out, u)
		}
	}
	return out
}

func (p *program) findGlobal(u *unit, name string) *global {
	var defs, externs []*unit
	for _, c := range p.unitsDeclaring(name) {
		c.tables()
		for _, d := range c.decls[name] {
			if d.Typedef || d.Enum || d.Type.Func && d.Params != nil || d.Static && c != u && !strings.HasSuffix(c.path, ".h") {
				continue
			}
			if d.Extern && d.Init == nil {
				externs = append(externs, c)
			} else {
				defs = append(defs, c)
				break
			}
		}
	}
	pick := nearest(u, defs)
	if len(pick) == 0 {
		pick = nearest(u, externs)
	}
	if len(pick) == 0 {
		return nil
	}
	c := pick[0]
	for _, d := range c.decls[name] {
		if d.Typedef || d.Enum {
			continue
		}
		return &global{key: c.path + ":" + name, decl: d, unit: c}
	}
	return nil
}

// typeOf returns the declared type of an expression as base name and levels
// of pointers, "" where it is not known.
func (fi *funcInfo) typeOf(e *parse.Expr) (base string, ptr int) {
	return fi.typeDepth(e, 0)
}

func (fi *funcInfo) typeDepth(e *parse.Expr, depth int) (string, int) {
	if e == nil || depth > 12 {
		return "", 0
	}
	p := fi.unit.prog
	switch e.Kind {
	case parse.XParen:
		return fi.typeDepth(e.X, depth+1)
	case parse.XCast, parse.XCompound:
		return e.Type.Base, e.Type.Ptr
	case parse.XIdent:
		if d := fi.lookup(e.Name, e.Pos); d != nil {
			if i := fi.isParam(d); i >= 0 && fi.fn.Macro != nil {
				return fi.argType(i, depth+6)
			}
			return declType(d)
		}
		if g := p.global(fi.unit, e.Name); g != nil {
			return declType(g.decl)
		}
	case parse.XMember:
		if d := fi.member(e, depth+1); d != nil {
			return declType(d)
		}
		if e.Name == "data" {
			// Its members must not be taken for those of other structs.
			if b, _ := fi.typeDepth(e.X, depth+1); b == "struct epoll_event" {
				return "epoll_data_t", 0
			}
		}
	case parse.XUnary:
		b, n := fi.typeDepth(e.X, depth+1)
		switch e.Op {
		case parse.And:
			return b, n + 1
		case parse.Mul:
			return b, n - 1
		}
		return b, n
	case parse.XIndex:
		b, n := fi.typeDepth(e.X, depth+1)
		return b, n - 1
	case parse.XAssign, parse.XPostfix:
		return fi.typeDepth(e.X, depth+1)
	case parse.XBinary:
		return fi.typeDepth(e.X, depth+1)
	case parse.XCond:
		if e.Y != nil {
			return fi.typeDepth(e.Y, depth+1)
		}
	case parse.XComma:
		return fi.typeDepth(e.Args[len(e.Args)-1], depth+1)
	case parse.XCall:
		for _, fn := range p.funcsNamed(fi.unit, e.Callee()) {
			if fn.Macro == nil {
				return fn.Result.Base, fn.Result.Ptr
			}
		}
	}
	return "", 0
}

// argType returns the type that the arguments of a macro at place i have, as far
// as it is known and the first uses agree: a macro's parameters have none of their own. depth bounds how
// many macros are looked through.
func (fi *funcInfo) argType(i, depth int) (base string, ptr int) {
	if depth > 12 {
		return "", 0
	}
	t := fi.unit.prog.argTypes.get(argKey{fi.fn, i, depth}, func() argTyp {
		var t argTyp
		n := 0
		fi.unit.prog.eachCaller(fi.fn, func(c ref) bool {
			if i >= len(c.e.Args) {
				return true
			}
			base, ptr := c.fi.typeDepth(c.e.Args[i], depth)
			switch {
			case base == "":
			case t.base == "":
				t = argTyp{base, ptr}
			case t.base != base:
				t = argTyp{}
				return false
			}
			n++
			return n < maxArgs
		})
		return t
	})
	return t.base, t.ptr
}

// maxArgs is how many uses of a macro are asked for the type of an argument.
const maxArgs = 12

type argKey struct {
	fn       *parse.Func
	i, depth int
}

type argTyp struct {
	base string
	ptr  int
}

func declType(d *parse.Decl) (string, int) {
	n := d.Type.Ptr
	if d.Type.Array {
		n++
	}
	if d.Type.Def != nil && d.Type.Def.Tag == "" {
		return anonKey(d.Type.Def), n
	}
	return d.Type.Base, n
}

func anonKey(s *parse.Struct) string { return fmt.Sprintf("struct@%s:%d", s.File.Path, s.Pos) }

// member returns the declaration of the member that e names.
func (fi *funcInfo) member(e *parse.Expr, depth int) *parse.Decl {
	base, _ := fi.typeDepth(e.X, depth)
	if base == "" {
		return nil
	}
	s := fi.unit.prog.structOf(fi.unit, base)
	if s == nil {
		return nil
	}
	return s.Field(e.Name)
}

// structOf resolves a base type name, through typedefs, to the definition of
// a struct or union; nil when the tree has none.
func (p *program) structOf(u *unit, base string) *parse.Struct {
	key := useKey{u, base}
	return p.structs.get(key, func() *parse.Struct { return p.findStruct(u, base, 0) })
}

func (p *program) findStruct(u *unit, base string, depth int) *parse.Struct {
	if depth > 8 {
		return nil
	}
	word := base
	if i := strings.LastIndexByte(base, ' '); i >= 0 {
		word = base[i+1:]
	}
	if strings.HasPrefix(base, "struct@") {
		path, pos, _ := strings.Cut(base[len("struct@"):], ":")
		_ = pos
		for _, c := range p.files {
			if c.path == path {
				c.tables()
				return c.anonymous(base)
			}
		}
		return nil
	}
	if word == "" || isBuiltin(base) {
		return nil
	}
	key := base
	if strings.HasPrefix(base, "union ") {
		key = "struct " + word
	}
	var cands []*unit
	for _, c := range p.unitsTyping(word) {
		c.tables()
		if len(c.decls[key]) > 0 {
			cands = append(cands, c)
		}
	}
	for _, c := range nearest(u, cands) {
		for _, d := range c.decls[key] {
			if strings.HasPrefix(key, "struct ") {
				if d.Type.Def != nil {
					return d.Type.Def
				}
				continue
			}
			if !d.Typedef {
				continue
			}
			if d.Type.Def != nil {
				return d.Type.Def
			}
			if d.Type.Base != base {
				if s := p.findStruct(c, d.Type.Base, depth+1); s != nil {
					return s
				}
			}
		}
	}
	return nil
}

// anonymous finds a struct without a tag by the key that anonKey gave it.
func (u *unit) anonymous(key string) *parse.Struct {
	var found *parse.Struct
	var walk func(s *parse.Struct)
	walk = func(s *parse.Struct) {
		if s.Tag == "" && anonKey(s) == key {
			found = s
		}
		for _, m := range s.Fields {
			if m.Type.Def != nil {
				walk(m.Type.Def)
			}
		}
	}
	for _, d := range u.tree().Decls() {
		if d.Type.Def != nil {
			walk(d.Type.Def)
		}
	}
	return found
}

func isBuiltin(base string) bool {
	switch base {
	case "int", "char", "void", "unsigned int", "unsigned", "long", "short", "unsigned char", "unsigned long", "size_t", "ssize_t", "double", "float":
		return true
	}
	return false
}

// ownerKey names the struct that a member expression belongs to, so that two
// members of the same name in different structs are told apart; "?" where the
// type is not known.
func (fi *funcInfo) ownerKey(e *parse.Expr) string {
	base, _ := fi.typeOf(e.X)
	if base == "" || isBuiltin(base) {
		return "?"
	}
	return fi.unit.prog.structKey(fi.unit, base)
}

func (p *program) structKey(u *unit, base string) string {
	if s := p.structOf(u, base); s != nil {
		return fmt.Sprintf("%s:%d", s.File.Path, s.Pos)
	}
	return "type " + strings.TrimPrefix(strings.TrimPrefix(base, "struct "), "union ")
}
