package detect

import (
	"strings"

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
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

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
	nodes := fi.definers()[rootOf(path)]
	if len(nodes) == 0 {
		return nil, true
	}
	weak := strings.Contains(path, "[]") // a store to one element leaves the others
	seen := map[*node]bool{}
	var visit func(n *node, pos int)
	visit = func(n *node, pos int) {
		if nodes[n] {
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
			if !seen[e.from] {
				seen[e.from] = true
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
func (fi *funcInfo) definers() map[string]map[*node]bool {
	fi.defOnce.Do(func() {
		fi.defined = map[string]map[*node]bool{}
		for _, n := range fi.graph().nodes {
			add := func(root string) {
				if fi.defined[root] == nil {
					fi.defined[root] = map[*node]bool{}
				}
				fi.defined[root][n] = true
			}
			for _, d := range n.decls {
				add(d.Name)
			}
			n.exprs(func(top *parse.Expr) {
				top.Walk(func(x *parse.Expr) bool {
					switch x.Kind {
					case parse.XAssign:
						add(rootOf(pathOf(x.X)))
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
	return fi.defined
}

// comparedPaths are the paths that some condition of the function compares
// with a constant; of others no branch says anything.
func (fi *funcInfo) comparedPaths() map[string]bool {
	fi.cmpOnce.Do(func() {
		fi.compared = map[string]bool{}
		fi.fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SSwitch {
				fi.compared[pathOf(s.Expr)] = true
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XBinary && (x.Op == parse.EqEq || x.Op == parse.NotEq) {
						if constName(x.Y) != "" {
							fi.compared[pathOf(lhsOf(x.X))] = true
						}
						if constName(x.X) != "" {
							fi.compared[pathOf(lhsOf(x.Y))] = true
						}
					}
					return true
				})
			})
			return true
		})
		delete(fi.compared, "")
	})
	return fi.compared
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
	if x := fi.fieldInit(d.Init, d.Type.Base, name); x != nil {
		return def{kind: defValue, e: x, off: off}
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

// fact is what the branches taken say of a path's value.
type fact struct {
	allowed  map[string]bool // nil: anything
	excluded map[string]bool
}

func (f *fact) top() bool { return f.allowed == nil && len(f.excluded) == 0 }

func allow(vs ...string) *fact {
	f := &fact{allowed: map[string]bool{}}
	for _, v := range vs {
		f.allowed[v] = true
	}
	return f
}

func exclude(vs ...string) *fact {
	f := &fact{excluded: map[string]bool{}}
	for _, v := range vs {
		f.excluded[v] = true
	}
	return f
}

// both holds where f and g hold.
func both(f, g *fact) *fact {
	out := &fact{excluded: map[string]bool{}}
	for _, h := range []*fact{f, g} {
		for v := range h.excluded {
			out.excluded[v] = true
		}
	}
	switch {
	case f.allowed == nil:
		out.allowed = g.allowed
	case g.allowed == nil:
		out.allowed = f.allowed
	default:
		out.allowed = map[string]bool{}
		for v := range f.allowed {
			if g.allowed[v] {
				out.allowed[v] = true
			}
		}
	}
	return out
}

// either holds where f or g holds.
func either(f, g *fact) *fact {
	out := &fact{excluded: map[string]bool{}}
	not := func(h *fact, v string) bool {
		return h.excluded[v] || h.allowed != nil && !h.allowed[v]
	}
	for v := range f.excluded {
		if not(g, v) {
			out.excluded[v] = true
		}
	}
	for v := range g.excluded {
		if not(f, v) {
			out.excluded[v] = true
		}
	}
	if f.allowed != nil && g.allowed != nil {
		out.allowed = map[string]bool{}
		for v := range f.allowed {
			out.allowed[v] = true
		}
		for v := range g.allowed {
			out.allowed[v] = true
		}
	}
	return out
}

func (f *fact) equal(g *fact) bool {
	if (f.allowed == nil) != (g.allowed == nil) || len(f.allowed) != len(g.allowed) || len(f.excluded) != len(g.excluded) {
		return false
	}
	for v := range f.allowed {
		if !g.allowed[v] {
			return false
		}
	}
	for v := range f.excluded {
		if !g.excluded[v] {
			return false
		}
	}
	return true
}

// constrain says what the outcome of a condition tells of a path.
func constrain(cond *parse.Expr, truth bool, path string) *fact {
	e := cond.Strip()
	if e == nil {
		return &fact{}
	}
	switch e.Kind {
	case parse.XUnary:
		if e.Op == parse.Not {
			return constrain(e.X, !truth, path)
		}
	case parse.XAssign:
		return constrain(e.X, truth, path)
	case parse.XCall: // likely(x), UNLIKELY(x)
		if len(e.Args) == 1 && strings.Contains(strings.ToLower(e.Callee()), "likely") {
			return constrain(e.Args[0], truth, path)
		}
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr:
			x, y := constrain(e.X, truth, path), constrain(e.Y, truth, path)
			if (e.Op == parse.AndAnd) == truth {
				return both(x, y)
			}
			return either(x, y)
		case parse.EqEq, parse.NotEq:
			v := ""
			if pathOf(lhsOf(e.X)) == path {
				v = constName(e.Y)
			} else if pathOf(lhsOf(e.Y)) == path {
				v = constName(e.X)
			}
			if v == "" {
				return &fact{}
			}
			if (e.Op == parse.EqEq) == truth {
				return allow(v)
			}
			return exclude(v)
		}
	}
	return &fact{}
}

// lhsOf looks through an assignment inside a comparison, (x = f()) == C, and
// through flags that are masked out of it.
func lhsOf(e *parse.Expr) *parse.Expr {
	s := e.Strip()
	if s != nil && s.Kind == parse.XAssign {
		return s.X
	}
	if s != nil && s.Kind == parse.XBinary && s.Op == parse.And {
		if y := s.Y.Strip(); y.Kind == parse.XUnary && y.Op == parse.Tilde {
			return s.X // type & ~FLAGS: what remains is the type
		}
	}
	return e
}

// constName returns the canonical name of a constant, "" for an expression
// that does not look like one.
func constName(e *parse.Expr) string {
	s := e.Strip()
	if s == nil {
		return ""
	}
	switch s.Kind {
	case parse.XNumber:
		return s.Name
	case parse.XUnary:
		if s.Op == parse.Sub && s.X != nil && s.X.Kind == parse.XNumber {
			return "-" + s.X.Name
		}
	case parse.XIdent:
		if c, ok := canonical(s.Name); ok {
			return c
		}
		if isUpper(s.Name) {
			return s.Name
		}
	}
	return ""
}

func isUpper(s string) bool {
	letters := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
		if s[i] >= 'A' && s[i] <= 'Z' {
			letters++
		}
	}
	return letters > 1
}

// factsAt returns what the branches on every way to e tell of a path that is
// not assigned in between.
func (fi *funcInfo) factsAt(e *parse.Expr, path string) *fact {
	out := &fact{}
	if !fi.comparedPaths()[path] {
		return out
	}
	n := fi.nodeOf(e)
	if n != nil {
		out = fi.flowFacts(n, path)
	}
	// Inside one condition: a && socket(...) is reached only where a holds.
	for x := e; x.Up != nil; x = x.Up {
		up := x.Up
		switch {
		case up.Kind == parse.XBinary && up.Op == parse.AndAnd && up.Y == x:
			out = both(out, constrain(up.X, true, path))
		case up.Kind == parse.XBinary && up.Op == parse.OrOr && up.Y == x:
			out = both(out, constrain(up.X, false, path))
		case up.Kind == parse.XCond && up.Y == x:
			out = both(out, constrain(up.X, true, path))
		case up.Kind == parse.XCond && up.Z == x:
			out = both(out, constrain(up.X, false, path))
		}
	}
	return out
}

// flowFacts is a forward data flow over the graph, for one path.
func (fi *funcInfo) flowFacts(target *node, path string) *fact {
	g := fi.graph()
	nodes := fi.definers()[rootOf(path)]
	in := make([]*fact, len(g.nodes))
	in[g.entry.id] = &fact{}
	queue := []*node{g.entry}
	rounds := 0
	for len(queue) > 0 && rounds < 20*len(g.nodes)+100 {
		rounds++
		n := queue[0]
		queue = queue[1:]
		cur := in[n.id]
		if nodes[n] {
			if _, ok := fi.lastDef(n, 1<<30, path); ok {
				cur = &fact{}
			}
		}
		if c := asserted(n, path); c != nil {
			cur = both(cur, c)
		}
		for _, e := range n.succ {
			next := cur
			if c := edgeFact(e, path); !c.top() {
				next = both(cur, c)
			}
			if next.allowed != nil && len(next.allowed) == 0 {
				continue // nobody comes this way
			}
			old := in[e.to.id]
			if old != nil {
				next = either(old, next)
				if next.equal(old) {
					continue
				}
			}
			in[e.to.id] = next
			queue = append(queue, e.to)
		}
	}
	if in[target.id] == nil {
		return &fact{}
	}
	return in[target.id]
}

// asserted returns what an assertion demands of a path: assert(x == C), or a
// project's own macro of that name.
func asserted(n *node, path string) *fact {
	if n.expr == nil || n.expr.Kind != parse.XCall || len(n.expr.Args) == 0 {
		return nil
	}
	if !strings.Contains(strings.ToLower(n.expr.Callee()), "assert") {
		return nil
	}
	return constrain(n.expr.Args[0], true, path)
}

func edgeFact(e *edge, path string) *fact {
	switch {
	case e.cond == nil:
		return &fact{}
	case !e.sw:
		return constrain(e.cond, e.truth, path)
	case pathOf(e.cond) != path:
		return &fact{}
	case e.label != nil:
		if v := constName(e.label); v != "" {
			return allow(v)
		}
		return &fact{}
	}
	f := &fact{excluded: map[string]bool{}}
	for _, l := range e.others {
		if v := constName(l); v != "" {
			f.excluded[v] = true
		}
	}
	return f
}
