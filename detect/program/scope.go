package program

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Global is a variable with file scope, resolved from one file.
type Global struct {
	Key  string // unique in the tree
	Decl *parse.Decl
	File *File
}

func (p *Program) FileOf(fn *parse.Func) *File { return p.FileAt(fn.File) }

func (p *Program) FileAt(f *parse.File) *File {
	lo, hi := 0, len(p.Files)
	for lo < hi {
		m := (lo + hi) / 2
		if p.Files[m].Path < f.Path {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return p.Files[lo]
}

// InfoOf returns what is known of a function, built on first use.
func (p *Program) InfoOf(fn *parse.Func) *FuncInfo { return p.FileOf(fn).Info(fn) }

// FuncsNamed returns the definitions (and function-like macros) that a use of
// name in u can mean.
func (p *Program) FuncsNamed(u *File, name string) []*parse.Func {
	if name == NullName || knowledge.External.Has(name) && !p.DefinesLocally(u, name) {
		return nil
	}
	key := UseKey{u, name}
	return p.targets.Get(key, func() (fns []*parse.Func) {
		if strings.Contains(name, "##") {
			return p.pasted(u, name)
		}
		var cands []*File
		for _, c := range p.filesDefining(name) {
			c.Tables()
			for _, fn := range c.Funcs[name] {
				if c == u || !fn.Static || strings.HasSuffix(c.Path, ".h") || p.includes(u, c) {
					cands = append(cands, c)
					break
				}
			}
		}
		for _, c := range Nearest(u, cands) {
			for _, fn := range c.Funcs[name] {
				if c == u || !fn.Static || strings.HasSuffix(c.Path, ".h") || p.includes(u, c) {
					fns = append(fns, fn)
				}
			}
		}
		return fns
	})
}

// DefinesLocally reports whether the file itself defines a function that has
// the name of a library's.
func (p *Program) DefinesLocally(u *File, name string) bool {
	u.Tables()
	return len(u.Funcs[name]) > 0
}

// includes reports whether u includes the C file c by name.
func (p *Program) includes(u, c *File) bool {
	base := c.Path[strings.LastIndexByte(c.Path, '/')+1:]
	for _, d := range u.Tree().Dirs {
		if d.Name == "include" && strings.HasSuffix(strings.Trim(d.Text, `"<>`), base) && strings.HasSuffix(base, ".c") {
			return true
		}
	}
	return false
}

// Global resolves a name with file scope as seen from u, nil when the tree
// has no such variable.
func (p *Program) Global(u *File, name string) *Global {
	if name == NullName {
		return nil
	}
	key := UseKey{u, name}
	return p.globals.Get(key, func() *Global { return p.findGlobal(u, name) })
}

// DeclaredInHeader reports whether a header of the tree declares a variable of that
// name with external linkage.
func (p *Program) DeclaredInHeader(name string) bool {
	for _, u := range p.filesDeclaring(name) {
		if !strings.HasSuffix(u.Path, ".h") {
			continue
		}
		for _, d := range u.DeclsOf(name) {
			if d.Extern && !d.Typedef {
				return true
			}
		}
	}
	return false
}

// FilesSeeing returns the files in which the name of a global means it.
func (p *Program) FilesSeeing(g *Global) []*File {
	if g.Decl.Static && strings.HasSuffix(g.File.Path, ".c") {
		return []*File{g.File}
	}
	var out []*File
	for _, u := range p.FilesNaming(g.Decl.Name) {
		if h := p.Global(u, g.Decl.Name); h != nil && h.Key == g.Key {
			out = append(out, u)
		}
	}
	return out
}

func (p *Program) findGlobal(u *File, name string) *Global {
	var defs, externs []*File
	for _, c := range p.filesDeclaring(name) {
		for _, d := range c.DeclsOf(name) {
			if d.Typedef || d.Enum || d.IsFunc || d.Static && c != u && !strings.HasSuffix(c.Path, ".h") {
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
	pick := Nearest(u, defs)
	if len(pick) == 0 {
		pick = Nearest(u, externs)
	}
	if len(pick) == 0 {
		return nil
	}
	c := pick[0]
	for _, d := range c.DeclsOf(name) {
		if d.Typedef || d.Enum || d.IsFunc {
			continue
		}
		return &Global{Key: c.Path + ":" + name, Decl: d, File: c}
	}
	return nil
}

// TypeOf returns the declared type of an expression as base name and levels
// of pointers, "" where it is not known. A name for a pointer type is what it points to:
// for typedef struct conn *Conn it is struct conn, 1.
func (fi *FuncInfo) TypeOf(e *parse.Expr) (base string, ptr int) {
	return fi.typeDepth(e, 0)
}

func (fi *FuncInfo) typeDepth(e *parse.Expr, depth int) (string, int) {
	if e == nil || depth > 12 {
		return "", 0
	}
	p := fi.File.Prog
	switch e.Kind {
	case parse.XParen:
		return fi.typeDepth(e.X, depth+1)
	case parse.XCast, parse.XCompound:
		return p.withoutNames(fi.File, e.Type.Base, e.Type.Ptr)
	case parse.XIdent:
		if d := fi.Lookup(e.Name, e.Pos); d != nil {
			if i := fi.ParamIndex(d); i >= 0 && fi.Func.Macro != nil {
				return fi.argType(i, depth+6)
			}
			return p.DeclType(fi.File, d)
		}
		if g := p.Global(fi.File, e.Name); g != nil {
			return p.DeclType(g.File, g.Decl)
		}
	case parse.XMember:
		if d := fi.Member(e, depth+1); d != nil {
			return p.DeclType(fi.File, d)
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
		case token.And:
			return b, n + 1
		case token.Mul:
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
		for _, fn := range p.FuncsNamed(fi.File, e.Callee()) {
			if fn.Macro == nil {
				return p.withoutNames(fi.File, fn.Result.Base, fn.Result.Ptr)
			}
		}
	}
	return "", 0
}

// argType returns the type that the arguments of a macro at place i have, as far
// as it is known and the first uses agree: a macro's parameters have none of their own. depth bounds how
// many macros are looked through.
func (fi *FuncInfo) argType(i, depth int) (base string, ptr int) {
	if depth > 12 {
		return "", 0
	}
	t := fi.File.Prog.argTypes.Get(argKey{fi.Func, i, depth}, func() argTyp {
		var t argTyp
		n := 0
		fi.File.Prog.eachCaller(fi.Func, func(c Ref) bool {
			if i >= len(c.Expr.Args) {
				return true
			}
			base, ptr := c.In.typeDepth(c.Expr.Args[i], depth)
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

// DeclType returns the type of what is declared as base name and levels of pointers;
// "" for pointers to functions, whose values have no members.
func DeclType(d *parse.Decl) (string, int) {
	if d.Type.Func && !d.IsFunc {
		return "", 0
	}
	n := d.Type.Ptr
	if d.Type.Array {
		n++
	}
	if d.Type.Def != nil && d.Type.Def.Tag == "" {
		return anonKey(d.Type.Def), n
	}
	return d.Type.Base, n
}

// DeclType is the same without names for pointer types, seen from a file.
func (p *Program) DeclType(u *File, d *parse.Decl) (string, int) {
	base, n := DeclType(d)
	return p.withoutNames(u, base, n)
}

// PointerLevels returns how many levels of pointers a declared type has, those of a name for
// a pointer type among them; an array is none.
func (p *Program) PointerLevels(u *File, t *parse.Type) int {
	_, n := p.withoutNames(u, t.Base, t.Ptr)
	return n
}

// pointerName is what a name for a pointer type stands for.
type pointerName struct {
	base string
	ptr  int
}

// withoutNames replaces the name of a pointer type by what it points to, seen from a file.
func (p *Program) withoutNames(u *File, base string, ptr int) (string, int) {
	if !mayBeTypedef(base) {
		return base, ptr
	}
	to := p.pointerNames.Get(UseKey{u, base}, func() pointerName { return p.pointerName(u, base) })
	return to.base, ptr + to.ptr
}

// mayBeTypedef reports whether a base name can be one that the tree gives a type.
func mayBeTypedef(base string) bool {
	return base != "" && !IsBuiltin(base) && strings.IndexByte(base, ' ') < 0
}

// pointerName follows the names of a type, each once: headers of several platforms, and code that
// is being written, may lead round. A name that leads to no pointer stands for itself.
func (p *Program) pointerName(u *File, base string) pointerName {
	to, levels := pointerName{base, 0}, 0
	seen := map[string]bool{}
	for name := base; mayBeTypedef(name) && !seen[name]; {
		seen[name] = true
		t := p.TypedefOf(u, name)
		if t == nil || t.Func || t.Array {
			break
		}
		if levels += t.Ptr; t.Ptr > 0 {
			pointee, _ := DeclType(&parse.Decl{Type: t})
			to = pointerName{pointee, levels}
		}
		name = t.Base
	}
	return to
}

func anonKey(s *parse.Struct) string { return fmt.Sprintf("struct@%s:%d", s.File.Path, s.Pos) }

// Member returns the declaration of the member that e names.
func (fi *FuncInfo) Member(e *parse.Expr, depth int) *parse.Decl {
	base, _ := fi.typeDepth(e.X, depth)
	if base == "" {
		return nil
	}
	s := fi.File.Prog.StructOf(fi.File, base)
	if s == nil {
		return nil
	}
	return s.Field(e.Name)
}

// StructOf resolves a base type name, through typedefs, to the definition of
// a struct or union; nil when the tree has none.
func (p *Program) StructOf(u *File, base string) *parse.Struct {
	key := UseKey{u, base}
	return p.structs.Get(key, func() *parse.Struct { return p.findStruct(u, base, 0) })
}

// TypedefOf returns the type that a name is defined as, as seen from a file; nil where the
// tree does not define it.
func (p *Program) TypedefOf(u *File, name string) *parse.Type {
	return p.typedefs.Get(UseKey{u, name}, func() *parse.Type {
		var cands []*File
		find := func(c *File) *parse.Type {
			for _, d := range c.DeclsOf(name) {
				if d.Typedef {
					return d.Type
				}
			}
			return nil
		}
		for _, c := range p.FilesDefiningType(name) {
			if find(c) != nil {
				cands = append(cands, c)
			}
		}
		for _, c := range Nearest(u, cands) {
			return find(c)
		}
		return nil
	})
}

func (p *Program) findStruct(u *File, base string, depth int) *parse.Struct {
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
		for _, c := range p.Files {
			if c.Path == path {
				c.Tables()
				return c.anonymous(base)
			}
		}
		return nil
	}
	if word == "" || IsBuiltin(base) {
		return nil
	}
	key := base
	if strings.HasPrefix(base, "union ") {
		key = "struct " + word
	}
	var cands []*File
	for _, c := range p.FilesDefiningType(word) {
		if len(c.DeclsOf(key)) > 0 {
			cands = append(cands, c)
		}
	}
	for _, c := range Nearest(u, cands) {
		for _, d := range c.DeclsOf(key) {
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
func (u *File) anonymous(key string) *parse.Struct {
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
	for _, d := range u.Tree().Decls() {
		if d.Type.Def != nil {
			walk(d.Type.Def)
		}
	}
	if found != nil {
		return found
	}
	// One of a function's own.
	pos, _ := strconv.Atoi(key[strings.LastIndexByte(key, ':')+1:])
	for _, fn := range u.Tree().FuncsAt(pos) {
		for _, l := range u.Info(fn).Locals {
			if l.Decl.Type != nil && l.Decl.Type.Def != nil {
				walk(l.Decl.Type.Def)
			}
		}
	}
	return found
}

// IsBuiltin reports whether a base type is a type of C or a common typedef of one: it has no
// members.
func IsBuiltin(base string) bool {
	switch base {
	case "int", "char", "void", "unsigned int", "unsigned", "long", "short", "unsigned char",
		"unsigned long", "size_t", "ssize_t", "double", "float":
		return true
	}
	return false
}

// OwnerKey names the struct that a member expression belongs to, so that two
// members of the same name in different structs are distinguished; "?" where the
// type is not known.
func (fi *FuncInfo) OwnerKey(e *parse.Expr) string {
	base, _ := fi.TypeOf(e.X)
	if base == "" || IsBuiltin(base) {
		return UnknownStruct
	}
	return fi.File.Prog.StructKey(fi.File, base)
}

// UnknownStruct is the key of a struct whose type is not known.
const UnknownStruct = "?"

// StructKey names the struct that a base type means in a file, for all of the tree.
func (p *Program) StructKey(u *File, base string) string {
	return p.structKeys.Get(UseKey{u, base}, func() string {
		if s := p.StructOf(u, base); s != nil {
			key := s.File.Path + ":" + strconv.Itoa(s.Pos)
			p.structsByKey.Store(key, s)
			return key
		}
		return "type " + strings.TrimPrefix(strings.TrimPrefix(base, "struct "), "union ")
	})
}
