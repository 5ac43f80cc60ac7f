package defuse

import (
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// memos is what is asked of one function's definitions and branches again and
// again.
type memos struct {
	reached memo.Table[point, reachSet]    // see reach
	facts   memo.Table[point, *value.Fact] // see FactsAt
	uses    memo.Table[assignment, []*parse.Expr]
	failed  memo.Table[*parse.Expr, bool] // see Failed

	cmpOnce  sync.Once
	compared map[string]bool // paths that are compared with constants

	defOnce sync.Once
	defined map[string]cfg.NodeSet // nodes that may define a path, by its root

	askOnce sync.Once
	asking  []*cfg.Edge // those whose condition asks for a parameter
}

func memosOf(fi *program.FuncInfo) *memos { return memo.Of[memos](&fi.Memos) }

// Def is one way in which a path got its value.
type Def struct {
	Kind   DefKind
	Expr   *parse.Expr // the value, or the object that was copied, or the call
	Arg    int         // DefOut: the argument through which the call stores
	Suffix string      // what to append to e's path: ".ai_family"
	Off    int
}

// DefKind says how a definition gives a path its value.
type DefKind uint8

const (
	DefValue  DefKind = iota // e
	DefObject                // the member suffix of the object e
	DefZero                  // cleared
	DefOut                   // stored by the call e through argument arg
	DefUnset                 // declared, never set
)

// Reaching returns the definitions of path that reach position pos of node n,
// and whether the function's entry does too.
func Reaching(fi *program.FuncInfo, n *cfg.Node, pos int, path string) (defs []Def, entry bool) {
	if n == nil || len(DefNodes(fi)[value.RootOf(path)]) == 0 {
		return nil, true
	}
	r := memosOf(fi).reached.Get(point{n, pos, path}, func() (r reachSet) {
		r.defs, r.entry = ReachingOn(fi, nil, n, pos, path)
		return r
	})
	return r.defs, r.entry
}

// point is a path read at a position of a node.
type point struct {
	n    *cfg.Node
	pos  int
	path string
}

// reachSet is the answer for a point; each site and each way of
// calling comes by.
type reachSet struct {
	defs  []Def
	entry bool
}

// ReachingOn does the same over the ways that are taken.
func ReachingOn(fi *program.FuncInfo, l *Feasible, n *cfg.Node, pos int, path string) (defs []Def, entry bool) {
	nodes := DefNodes(fi)[value.RootOf(path)]
	if n == nil || len(nodes) == 0 {
		return nil, true
	}
	at := pos // where it is read
	if n.Stmt != nil && at >= n.Stmt.End {
		at = n.Stmt.Pos
	}
	weak := strings.Contains(path, "[]") // a store to one element leaves the others
	seen := make([]bool, len(fi.Graph().Nodes))
	var visit func(n *cfg.Node, pos int)
	visit = func(n *cfg.Node, pos int) {
		if nodes.Has(n) {
			if d, ok := LastDef(fi, n, pos, path); ok {
				defs = append(defs, d)
				if (!weak || d.Kind != DefValue && d.Kind != DefOut) && l.always(fi, at, d) {
					return
				}
			}
		}
		if n == fi.Graph().Entry {
			entry = true
			return
		}
		for _, e := range n.Pred {
			if !seen[e.From.ID] && l.includes(e) {
				seen[e.From.ID] = true
				visit(e.From, 1<<30)
			}
		}
	}
	visit(n, pos)
	return defs, entry
}

// DefNodes maps each variable to the nodes that may define it or something
// below it.
func DefNodes(fi *program.FuncInfo) map[string]cfg.NodeSet {
	du := memosOf(fi)
	du.defOnce.Do(func() {
		du.defined = map[string]cfg.NodeSet{}
		g := fi.Graph()
		for _, n := range g.Nodes {
			add := func(root string) {
				set := du.defined[root]
				if set == nil {
					set = g.NewSet()
					du.defined[root] = set
				}
				set.Add(n)
			}
			for _, d := range n.Decls {
				add(d.Name)
			}
			n.Exprs(func(top *parse.Expr) {
				top.Walk(func(x *parse.Expr) bool {
					switch x.Kind {
					case parse.XAssign:
						add(value.RootName(x.X))
					case parse.XCall:
						for _, a := range x.Args {
							if p := value.PathOf(a); p != "" {
								add(value.RootOf(p))
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

// LastDef finds the last definition of path at node n that takes effect
// before pos.
func LastDef(fi *program.FuncInfo, n *cfg.Node, pos int, path string) (best Def, ok bool) {
	root := value.RootOf(path)
	take := func(d Def) {
		if d.Off <= pos && (!ok || d.Off >= best.Off) {
			best, ok = d, true
		}
	}
	for _, d := range n.Decls {
		if d.Name != root || d.Static {
			continue // what a static variable holds is from the calls before
		}
		take(Initial(fi, d, path[len(root):]))
	}
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			switch x.Kind {
			case parse.XAssign:
				if x.Op != token.Assign {
					return true
				}
				lhs := value.PathOf(x.X)
				switch {
				case lhs == "":
				case lhs == path:
					take(Def{Kind: DefValue, Expr: x.Y, Off: x.End})
				case strings.HasPrefix(path, lhs) && (path[len(lhs)] == '.' || path[len(lhs)] == '['):
					take(Def{Kind: DefObject, Expr: x.Y, Suffix: path[len(lhs):], Off: x.End})
				}
			case parse.XCall:
				if d, is := callDef(fi, x, path); is {
					take(d)
				}
			}
			return true
		})
	})
	return best, ok
}

// Initial is the definition that a variable's declaration is of the member rest.
func Initial(fi *program.FuncInfo, d *parse.Decl, rest string) Def {
	switch {
	case d.Init == nil && d.Static:
		return Def{Kind: DefZero, Off: d.NamePos}
	case d.Init == nil:
		return Def{Kind: DefUnset, Off: d.NamePos}
	case rest == "":
		return Def{Kind: DefValue, Expr: d.Init, Off: d.Init.End}
	case d.Init.Kind == parse.XInit:
		return initMember(fi, d, rest, d.Init.End)
	}
	return Def{Kind: DefObject, Expr: d.Init, Suffix: rest, Off: d.Init.End}
}

// callDef tells whether a call defines the path: through its address, or by
// clearing or copying the object.
func callDef(fi *program.FuncInfo, x *parse.Expr, path string) (Def, bool) {
	name := x.Callee()
	outs, lib := knowledge.Outputs.Lookup(name)
	for i, a := range x.Args {
		b := a.Strip()
		if b == nil {
			continue
		}
		addr := b.Kind == parse.XUnary && b.Op == token.And
		p := value.PathOf(b)
		if p == "" || p != path && !(strings.HasPrefix(path, p) && (path[len(p)] == '.' || path[len(p)] == '[')) {
			continue
		}
		whole := p != path
		if knowledge.Clears.Has(name) {
			if i == 0 && (addr || whole) {
				return Def{Kind: DefZero, Off: x.End}, true
			}
			continue
		}
		if c, ok := knowledge.Copies.Lookup(name); ok {
			if i == c.To && len(x.Args) > 1 {
				return Def{Kind: DefObject, Expr: x.Args[c.From], Suffix: path[len(p):], Off: x.End}, true
			}
			continue
		}
		if lib && !strings.Contains(outs, string(rune('0'+i))) || !lib && knowledge.External.Has(name) {
			continue // it only reads there
		}
		if !addr && b.Kind == parse.XIdent && whole {
			if d := fi.Lookup(b.Name, b.Pos); d != nil && d.Type.Array {
				addr = true // an array is passed by its address
			}
		}
		addr = addr || b.Kind == parse.XIdent && pointsToList(fi, b)
		if addr {
			return Def{Kind: DefOut, Expr: x, Arg: i, Suffix: path[len(p):], Off: x.End}, true
		}
	}
	return Def{}, false
}

// pointsToList reports whether a variable says where a list of addresses is to go:
// getaddrinfo(host, port, &hints, res), and then *res.
func pointsToList(fi *program.FuncInfo, v *parse.Expr) bool {
	d := fi.Lookup(v.Name, v.Pos)
	return d != nil && d.Type != nil && d.Type.Ptr == 2 && !d.Type.Array && knowledge.IsAddrinfo(d.Type.Base)
}

// rowColumn returns what the rows of an array's initializer give to a member, as one
// list.
func rowColumn(fi *program.FuncInfo, init *parse.Expr, base, name string) *parse.Expr {
	out := &parse.Expr{Kind: parse.XInit, Pos: init.Pos, End: init.End}
	for _, row := range init.Args {
		if row.Kind == parse.XDesig {
			row = row.X
		}
		if row == nil || row.Kind != parse.XInit {
			return init // it is unknown which it is
		}
		if x := fi.FieldInit(row, base, name); x != nil {
			out.Args = append(out.Args, x)
		}
	}
	return out
}

// initMember finds the initializer of a member of a variable with a braced
// initializer; a member that is not named is zero.
func initMember(fi *program.FuncInfo, d *parse.Decl, suffix string, off int) Def {
	name := strings.TrimPrefix(suffix, ".")
	if suffix == "[]" {
		return Def{Kind: DefValue, Expr: d.Init, Off: off}
	}
	base, _ := program.DeclType(d)
	if col, ok := strings.CutPrefix(suffix, "[]."); ok && d.Type.Array {
		return Def{Kind: DefValue, Expr: rowColumn(fi, d.Init, base, col), Off: off}
	}
	if x := fi.FieldInit(d.Init, base, name); x != nil {
		return Def{Kind: DefValue, Expr: x, Off: off}
	}
	if len(d.Init.Args) > 1 && d.Init.Args[0].Kind != parse.XDesig && knowledge.KnownMembers[strings.TrimPrefix(base, "struct ")] == nil &&
		!knowledge.IsSystemStruct(base) && fi.File.Prog.StructOf(fi.File, base) == nil {
		return Def{Kind: DefValue, Expr: d.Init, Off: off} // which one is unknown
	}
	return Def{Kind: DefZero, Off: off}
}
