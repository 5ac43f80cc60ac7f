package detect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

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
	if name == nullName || external[name] && !p.definesLocally(u, name) {
		return nil
	}
	key := useKey{u, name}
	return p.targets.Get(key, func() (fns []*parse.Func) {
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

// global resolves a name with file scope as seen from u, nil when the tree
// has no such variable.
func (p *program) global(u *unit, name string) *global {
	if name == nullName {
		return nil
	}
	key := useKey{u, name}
	return p.globals.Get(key, func() *global { return p.findGlobal(u, name) })
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
		for _, d := range c.declsOf(name) {
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
	for _, d := range c.declsOf(name) {
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
	t := fi.unit.prog.argTypes.Get(argKey{fi.fn, i, depth}, func() argTyp {
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
	return p.structs.Get(key, func() *parse.Struct { return p.findStruct(u, base, 0) })
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
		if len(c.declsOf(key)) > 0 {
			cands = append(cands, c)
		}
	}
	for _, c := range nearest(u, cands) {
		for _, d := range c.declsOf(key) {
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
	if found != nil {
		return found
	}
	// One of a function's own.
	pos, _ := strconv.Atoi(key[strings.LastIndexByte(key, ':')+1:])
	for _, fn := range u.tree().FuncsAt(pos) {
		for _, l := range u.info(fn).local {
			if l.decl.Type != nil && l.decl.Type.Def != nil {
				walk(l.decl.Type.Def)
			}
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

// structKey names the struct that a base type means in a file, for all of the tree.
func (p *program) structKey(u *unit, base string) string {
	return p.structKeys.Get(useKey{u, base}, func() string {
		if s := p.structOf(u, base); s != nil {
			return s.File.Path + ":" + strconv.Itoa(s.Pos)
		}
		return "type " + strings.TrimPrefix(strings.TrimPrefix(base, "struct "), "union ")
	})
}
