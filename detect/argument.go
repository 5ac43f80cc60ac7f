package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// argument follows a descriptor into a call.
func (f *flow) argument(fi *funcInfo, call, arg *parse.Expr, j journey) {
	if call.X == arg {
		return // called through: it is no descriptor then
	}
	i := -1
	for k, a := range call.Args {
		if a == arg {
			i = k
		}
	}
	if i < 0 {
		return
	}
	name := f.p.alias(fi.unit, call.Callee())
	if f.p.enablesKeepalive(name, i) {
		f.happens = append(f.happens, happening{evEnable, fi, call, j})
	}
	if use, ok := fdUses[name]; ok && !f.p.definesLocally(fi.unit, name) {
		if use.arg == i {
			f.happens = append(f.happens, happening{use.what, fi, call, j})
		}
		return
	}
	switch name {
	case "fileno", "fileno_unlocked":
		f.value(fi, call, j)
		return
	case "fdopen":
		f.happens = append(f.happens, happening{evData, fi, call, j})
		f.value(fi, call, j) // the stream stands for its descriptor
		return
	case "dup", "fcntl":
		if i == 0 && (name == "dup" || f.duplicates(fi, call)) {
			f.value(fi, call, j)
		}
		return
	case "memcpy", "memmove", "bcopy":
		if dst, src := 0, 1; len(call.Args) > 1 {
			if name == "bcopy" {
				dst, src = 1, 0
			}
			if i == src {
				f.pointed(fi, call.Args[dst], call, j)
			}
		}
		return
	case "dup2", "dup3":
		if i == 0 && len(call.Args) > 1 {
			f.duplicated(fi, call, j)
		}
		return
	}
	fns := f.p.callees(fi, call, j.prov, functionsAt)
	for _, fn := range fns {
		if i >= len(fn.Params) || fn.Params[i].Name == "" {
			continue
		}
		if kinds := f.p.kindsOf(fn); len(kinds) > 0 && !f.kindFits(kinds, f.through(j, fi, call).prov) {
			continue
		}
		gi := f.p.infoOf(fn)
		f.arrive(place{kind: inLocal, fn: fn, decl: fn.Params[i]}, nil, gi, f.enter(j, fi, call))
	}
	if len(fns) > 0 || external[name] && name != "pthread_create" {
		return
	}
	if f.p.macroNamed(name) {
		return // a macro that calls nothing: it tests or converts
	}
	if f.setsOutside(fi, call, i, j) {
		f.happens = append(f.happens, happening{evEnable, fi, call, j})
	}
	if f.handle(fi, call, i, j) {
		return
	}
	f.happens = append(f.happens, happening{evPassed, fi, call, j})
	f.callbacks(fi, call, i, j)
	if f.handles(fi, call, arg) {
		f.value(fi, call, j)
	}
}

// alias returns the name that an object-like macro gives a call: after
// #define SOCKET_CONNECT connect it is connect.
func (p *program) alias(u *unit, name string) string {
	// What bears a library's name does that function's work, whatever a
	// replacement header makes of it: #define dup2 rpl_dup2.
	if _, known := fdUses[name]; known || external[name] || name == "" {
		return name
	}
	for _, c := range p.constants(u, name) {
		if c.macro == nil || c.x == nil || c.x.Kind != parse.XIdent {
			continue
		}
		if _, ok := fdUses[c.x.Name]; ok || len(p.funcsNamed(u, c.x.Name)) > 0 {
			return c.x.Name
		}
	}
	return name
}

// macroNamed reports whether the tree has a function-like macro of that name.
func (p *program) macroNamed(name string) bool {
	for _, u := range p.unitsWithMacro(name) {
		u.tables()
		for _, m := range u.macros[name] {
			if m.FnLike {
				return true
			}
		}
	}
	return false
}

// duplicates reports whether an fcntl call returns a copy of the descriptor.
func (f *flow) duplicates(fi *funcInfo, call *parse.Expr) bool {
	return len(call.Args) > 1 && strings.HasPrefix(constName(call.Args[1]), "F_DUPFD")
}

// duplicated handles dup2(fd, n). Where the program has a name of its own for n,
// the calls that use it mean the same descriptor.
func (f *flow) duplicated(fi *funcInfo, call *parse.Expr, j journey) {
	f.value(fi, call, j)
	v := f.p.evaluator(f.sess).eval(fi, call.Args[1], j.in)
	if c := constName(call.Args[1]); c != "" {
		v.add(c)
	}
	sym := f.p.evaluator(f.sess)
	sym.symbolic = true
	own := ""
	for _, name := range sym.eval(fi, call.Args[1], j.in).list() {
		if isUpper(name) && !strings.HasSuffix(name, "_FILENO") {
			own = name
		}
	}
	for _, k := range v.list() {
		for n, name := range stdNames {
			if k == name {
				k = n
			}
		}
		if stdNames[k] != "" {
			f.escapes = true
			f.arrive(place{kind: inStd, key: fi.unit.dir + "\x00" + k + "\x00" + own}, nil, fi, j.laid(call, fi))
		}
	}
}

// callbacks follows a descriptor that is registered together with a function
// of the tree, as event loops do: the function is called with it.
//
// Where its address is handed over, as to pthread_create(), the function gets
// a pointer to it.
func (f *flow) callbacks(fi *funcInfo, call *parse.Expr, fd int, j journey) {
	byRef := fi.isPointer(call.Args[fd])
	for k, a := range call.Args {
		if k == fd {
			continue
		}
		x := pointee(a)
		if x == nil || x.Kind != parse.XIdent || fi.lookup(x.Name, x.Pos) != nil {
			continue
		}
		for _, fn := range f.p.funcsNamed(fi.unit, x.Name) {
			if fn.Macro != nil {
				continue
			}
			if byRef {
				for _, q := range fn.Params {
					if q.Type != nil && q.Type.Ptr > 0 {
						f.arrive(place{kind: inLocal, fn: fn, decl: q}, nil, f.p.infoOf(fn), f.enter(j, fi, call))
						break
					}
				}
				continue
			}
			f.watched(fi, call, k, fn, j)
			for _, q := range fn.Params {
				if q.Type != nil && q.Type.Ptr == 0 && isDescriptorType(q.Type.Base) {
					f.arrive(place{kind: inLocal, fn: fn, decl: q}, nil, f.p.infoOf(fn), f.enter(j, fi, call))
					break
				}
			}
		}
	}
}

// namesDescriptor reports whether a function gives a descriptor, by its name.
func namesDescriptor(name string) bool {
	s := strings.ToLower(name)
	return strings.HasSuffix(s, "fd") || strings.HasSuffix(s, "fileno") || strings.HasSuffix(s, "get_socket")
}

// isDescriptorType reports whether a parameter of that type can be a
// descriptor.
func isDescriptorType(base string) bool {
	b := strings.ToLower(base)
	return b == "int" || strings.Contains(b, "socket") || strings.Contains(b, "fd") || b == "const int"
}
