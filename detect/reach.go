package detect

import (
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// pathOf spells an lvalue so that the same object reads the same: a->b, a.b
// and (*a).b are "a.b", elements of an array are "a[]". It is "" for what is
// no path from a variable.
func pathOf(e *parse.Expr) string {
	e = e.Strip()
	if e == nil {
		return ""
	}
	switch e.Kind {
	case parse.XIdent:
		return e.Name
	case parse.XMember:
		if p := pathOf(e.X); p != "" {
			return p + "." + e.Name
		}
	case parse.XIndex:
		if p := pathOf(e.X); p != "" {
			return p + "[]"
		}
	case parse.XUnary:
		if e.Op == parse.Mul || e.Op == parse.And {
			return pathOf(e.X)
		}
	}
	return ""
}

// rootOf returns the variable that a path begins with.
func rootOf(path string) string {
	for i := 0; i < len(path); i++ {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return path
}

// rootName is the variable that e's path begins with, without the path.
func rootName(e *parse.Expr) string {
	for e = e.Strip(); e != nil; e = e.X.Strip() {
		switch {
		case e.Kind == parse.XIdent:
			return e.Name
		case e.Kind == parse.XMember, e.Kind == parse.XIndex, e.Kind == parse.XUnary && (e.Op == parse.Mul || e.Op == parse.And):
		default:
			return ""
		}
	}
	return ""
}

// defUse is what is asked of one function's definitions and branches again and
// again.
type defUse struct {
	reached memo.Table[spot, reached] // see reach
	facts   memo.Table[spot, *fact]   // see factsAt

	cmpOnce  sync.Once
	compared map[string]bool // paths that are compared with constants

	defOnce sync.Once
	defined map[string]nodeSet // nodes that may define a path, by its root

	askOnce sync.Once
	asking  []*edge // those whose condition asks for a parameter
}

func (fi *funcInfo) defUse() *defUse { return memo.Of[defUse](&fi.memos) }

// def is one way in which a path got its value.
type def struct {
	kind   defKind
	e      *parse.Expr // the value, or the object that was copied, or the call
	arg    int         // defOut: the argument through which the call stores
	suffix string      // what to append to e's path: ".ai_family"
	off    int
}

type defKind uint8

const (
	defValue   defKind = iota // e
	defObject                 // the member suffix of the object e
	defZero                   // cleared
	defOut                    // stored by the call e through argument arg
	defUnknown                // declared, never set
)

// reach returns the definitions of path that reach position pos of node n,
// and whether the function's entry does too.
func (fi *funcInfo) reach(n *node, pos int, path string) (defs []def, entry bool) {
	if n == nil || len(fi.definers()[rootOf(path)]) == 0 {
		return nil, true
	}
	r := fi.defUse().reached.Get(spot{n, pos, path}, func() (r reached) {
		r.defs, r.entry = fi.reachOver(nil, n, pos, path)
		return r
	})
	return r.defs, r.entry
}

// spot is a path read at a position of a node.
type spot struct {
	n    *node
	pos  int
	path string
}

// reached is what is asked of a spot again and again: each site and each way of
// calling comes by.
type reached struct {
	defs  []def
	entry bool
}

// reachOver does the same over the ways that are taken.
func (fi *funcInfo) reachOver(l *live, n *node, pos int, path string) (defs []def, entry bool) {
	nodes := fi.definers()[rootOf(path)]
	if len(nodes) == 0 {
		return nil, true
	}
	weak := strings.Contains(path, "[]") // a store to one element leaves the others
	seen := make([]bool, len(fi.graph().nodes))
	var visit func(n *node, pos int)
	visit = func(n *node, pos int) {
		if nodes.has(n) {
			if d, ok := fi.lastDef(n, pos, path); ok {
				defs = append(defs, d)
				if !weak || d.kind != defValue && d.kind != defOut {
					return
				}
			}
		}
		if n == fi.graph().entry {
			entry = true
			return
		}
		for _, e := range n.pred {
			if !seen[e.from.id] && l.goes(e) {
				seen[e.from.id] = true
				visit(e.from, 1<<30)
			}
		}
	}
	if n == nil {
		return nil, true
	}
	visit(n, pos)
	return defs, entry
}

// definers maps each variable to the nodes that may define it or something
// below it.
func (fi *funcInfo) definers() map[string]nodeSet {
	du := fi.defUse()
	du.defOnce.Do(func() {
		du.defined = map[string]nodeSet{}
		g := fi.graph()
		for _, n := range g.nodes {
			add := func(root string) {
				set := du.defined[root]
				if set == nil {
					set = g.newSet()
					du.defined[root] = set
				}
				set.add(n)
			}
			for _, d := range n.decls {
				add(d.Name)
			}
			n.exprs(func(top *parse.Expr) {
				top.Walk(func(x *parse.Expr) bool {
					switch x.Kind {
					case parse.XAssign:
						add(rootName(x.X))
					case parse.XCall:
						for _, a := range x.Args {
							if p := pathOf(a); p != "" {
								add(rootOf(p))
							}
						}
					}
					return true
				})
			})
		}
	})
	return du.defined
}

// lastDef finds the last definition of path at node n that takes effect
// before pos.
func (fi *funcInfo) lastDef(n *node, pos int, path string) (best def, ok bool) {
	root := rootOf(path)
	take := func(d def) {
		if d.off <= pos && (!ok || d.off >= best.off) {
			best, ok = d, true
		}
	}
	for _, d := range n.decls {
		if d.Name != root {
			continue
		}
		at := d.NamePos
		if d.Init != nil {
			at = d.Init.End
		}
		switch {
		case d.Init == nil && d.Static:
			take(def{kind: defZero, off: at})
		case d.Init == nil:
			take(def{kind: defUnknown, off: at})
		case path == root:
			take(def{kind: defValue, e: d.Init, off: at})
		case d.Init.Kind == parse.XInit:
			take(fi.initMember(d, path[len(root):], at))
		default:
			take(def{kind: defObject, e: d.Init, suffix: path[len(root):], off: at})
		}
	}
	n.exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			switch x.Kind {
			case parse.XAssign:
				if x.Op != parse.Assign {
					return true
				}
				lhs := pathOf(x.X)
				switch {
				case lhs == "":
				case lhs == path:
					take(def{kind: defValue, e: x.Y, off: x.End})
				case strings.HasPrefix(path, lhs) && (path[len(lhs)] == '.' || path[len(lhs)] == '['):
					take(def{kind: defObject, e: x.Y, suffix: path[len(lhs):], off: x.End})
				}
			case parse.XCall:
				if d, is := fi.callDef(x, path); is {
					take(d)
				}
			}
			return true
		})
	})
	return best, ok
}

// callDef tells whether a call defines the path: through its address, or by
// clearing or copying the object.
func (fi *funcInfo) callDef(x *parse.Expr, path string) (def, bool) {
	name := x.Callee()
	outs, lib := outputs[name]
	for i, a := range x.Args {
		b := a.Strip()
		if b == nil {
			continue
		}
		addr := b.Kind == parse.XUnary && b.Op == parse.And
		p := pathOf(b)
		if p == "" || p != path && !(strings.HasPrefix(path, p) && (path[len(p)] == '.' || path[len(p)] == '[')) {
			continue
		}
		whole := p != path
		switch name {
		case "memset", "bzero", "ZeroMemory":
			if i == 0 && (addr || whole) {
				return def{kind: defZero, off: x.End}, true
			}
			continue
		case "memcpy", "memmove", "bcopy":
			dst, src := 0, 1
			if name == "bcopy" {
				dst, src = 1, 0
			}
			if i == dst && len(x.Args) > 1 {
				return def{kind: defObject, e: x.Args[src], suffix: path[len(p):], off: x.End}, true
			}
			continue
		}
		if lib && !strings.Contains(outs, string(rune('0'+i))) || !lib && external[name] {
			continue // it only reads there
		}
		if !addr && b.Kind == parse.XIdent && whole {
			if d := fi.lookup(b.Name, b.Pos); d != nil && d.Type.Array {
				addr = true // an array is passed by its address
			}
		}
		if addr {
			return def{kind: defOut, e: x, arg: i, suffix: path[len(p):], off: x.End}, true
		}
	}
	return def{}, false
}

// outputs are the arguments, by index, through which functions of the library
// store; of others in the list of external ones none does. Source: POSIX.1.
var outputs = map[string]string{
	"getaddrinfo": "3", "getsockopt": "34", "getsockname": "12", "getpeername": "12", "accept": "12", "accept4": "12",
	"recvfrom": "145", "read": "1", "recv": "1", "fread": "0", "inet_pton": "2", "inet_aton": "1", "sscanf": "23456789",
	"strtol": "1", "strtoul": "1", "gettimeofday": "0", "stat": "1", "fstat": "1", "pipe": "0", "socketpair": "3",
	"ioctl": "2", "select": "123", "wait": "0", "waitpid": "1", "snprintf": "0", "sprintf": "0", "strcpy": "0", "strncpy": "0",
}

// initMember finds the initializer of a member of a variable with a braced
// initializer; a member that is not named is zero.
func (fi *funcInfo) initMember(d *parse.Decl, suffix string, off int) def {
	name := strings.TrimPrefix(suffix, ".")
	if suffix == "[]" {
		return def{kind: defValue, e: d.Init, off: off}
	}
	base, _ := declType(d)
	if x := fi.fieldInit(d.Init, base, name); x != nil {
		return def{kind: defValue, e: x, off: off}
	}
	if len(d.Init.Args) > 1 && d.Init.Args[0].Kind != parse.XDesig && knownMembers[strings.TrimPrefix(base, "struct ")] == nil && !isForeign(base) && fi.unit.prog.structOf(fi.unit, base) == nil {
		return def{kind: defValue, e: d.Init, off: off} // nobody knows which it is
	}
	return def{kind: defZero, off: off}
}

// fieldInit returns the value that a braced initializer of a struct gives to
// a member, nil when it gives none.
func (fi *funcInfo) fieldInit(init *parse.Expr, base, name string) *parse.Expr {
	desig := false
	for _, a := range init.Args {
		if a.Kind == parse.XDesig && a.Name != "" {
			desig = true
			if a.Name == name {
				return a.X
			}
		}
	}
	if desig {
		return nil
	}
	if fs := knownMembers[strings.TrimPrefix(base, "struct ")]; fs != nil {
		for i, f := range fs {
			if f == name && i < len(init.Args) {
				return init.Args[i]
			}
		}
		return nil
	}
	s := fi.unit.prog.structOf(fi.unit, base)
	if s == nil {
		return nil
	}
	for i, f := range s.Fields {
		if f.Name == name && i < len(init.Args) && init.Args[i].Kind != parse.XDesig {
			return init.Args[i]
		}
	}
	return nil
}

// knownMembers are the members, in order, of structs that no tree defines.
// Source: POSIX.1 <netdb.h>; the order of the first five is glibc's, musl's
// and the BSDs'.
var knownMembers = map[string][]string{
	"addrinfo": {"ai_flags", "ai_family", "ai_socktype", "ai_protocol", "ai_addrlen"},
}
