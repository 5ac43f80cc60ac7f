package detect

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// graph is the flow graph of one function. Nodes are statements' expressions
// and declarations in the order in which they are evaluated; conditions are
// whole (&& and || are not split), their edges carry the outcome.
type graph struct {
	nodes []*node
	entry *node
	exit  *node
	at    map[*parse.Stmt]*node // the node that evaluates the statement's own expression
	post  map[*parse.Expr]*node // for (;; post)

	gates memo.Table[*node, []*node] // see gatesOf
}

type node struct {
	id    int
	stmt  *parse.Stmt
	expr  *parse.Expr
	decls []*parse.Decl
	succ  []*edge
	pred  []*edge

	twoSucc, twoPred [2]*edge // room for as many as most nodes have
}

// nodeSet has a bit for each node of one graph.
type nodeSet []uint64

func (g *graph) newSet() nodeSet { return make(nodeSet, (len(g.nodes)+63)/64) }

func (s nodeSet) add(n *node) { s[n.id/64] |= 1 << (n.id % 64) }

func (s nodeSet) has(n *node) bool { return s != nil && s[n.id/64]>>(n.id%64)&1 == 1 }

// edge is a way from one node to the next; cond, when set, had the outcome
// truth. For a switch cond is its expression and label the case taken; a nil
// label with sw set is the default.
type edge struct {
	from, to *node
	cond     *parse.Expr
	truth    bool
	sw       bool
	label    *parse.Expr
	others   []*parse.Expr // of a default: the labels that were not met
}

// dangling is the end of a path whose target is not known yet.
type dangling struct {
	from *node
	edge edge
}

type builder struct {
	g         *graph
	leaves    func(*parse.Expr) bool
	labels    map[string]*node
	gotos     map[string][]dangling
	breaks    *[]dangling
	continues *[]dangling
	sw        *switchState
	edges     []edge // room for the next ones
}

type switchState struct {
	node   *node
	expr   *parse.Expr
	labels []*parse.Expr
	deflt  bool
	// defaultEdge waits for the labels that come after it.
	defaultEdge *edge
}

// newGraph builds the flow graph of a function's body. leaves reports whether
// an expression statement never returns.
func newGraph(body *parse.Stmt, leaves func(*parse.Expr) bool) *graph {
	b := &builder{
		g:      &graph{at: map[*parse.Stmt]*node{}, post: map[*parse.Expr]*node{}},
		leaves: leaves,
		labels: map[string]*node{}, gotos: map[string][]dangling{},
	}
	b.g.entry = b.node(nil, nil)
	ends := b.stmt(body, []dangling{{from: b.g.entry}})
	b.g.exit = b.node(nil, nil)
	b.connect(ends, b.g.exit)
	for _, ds := range b.gotos {
		b.connect(ds, b.g.exit) // computed or lost labels
	}
	return b.g
}

func (b *builder) node(s *parse.Stmt, e *parse.Expr) *node {
	n := &node{id: len(b.g.nodes), stmt: s, expr: e}
	n.succ, n.pred = n.twoSucc[:0], n.twoPred[:0]
	b.g.nodes = append(b.g.nodes, n)
	return n
}

func (b *builder) connect(ds []dangling, to *node) {
	for _, d := range ds {
		if len(b.edges) == 0 {
			b.edges = make([]edge, 16)
		}
		p := &b.edges[0]
		b.edges = b.edges[1:]
		*p = d.edge
		p.from, p.to = d.from, to
		d.from.succ = append(d.from.succ, p)
		to.pred = append(to.pred, p)
		if p.sw && p.label == nil && p.others == nil && b.sw != nil {
			b.sw.defaultEdge = p
		}
	}
}

// step makes a node behind the dangling ends.
func (b *builder) step(in []dangling, s *parse.Stmt, e *parse.Expr) *node {
	n := b.node(s, e)
	b.connect(in, n)
	if s != nil {
		if _, ok := b.g.at[s]; !ok {
			b.g.at[s] = n
		}
	}
	return n
}

func after(n *node) []dangling { return []dangling{{from: n}} }

func branch(n *node, truth bool) dangling {
	return dangling{from: n, edge: edge{cond: n.expr, truth: truth}}
}

// stmt adds a statement and returns the ends that fall out of it.
func (b *builder) stmt(s *parse.Stmt, in []dangling) []dangling {
	if s == nil {
		return in
	}
	switch s.Kind {
	case parse.SBlock:
		for _, x := range s.List {
			in = b.stmt(x, in)
		}
		return in
	case parse.SDecl:
		n := b.step(in, s, nil)
		n.decls = s.Decls
		return after(n)
	case parse.SIf:
		n := b.step(in, s, s.Expr)
		out := b.stmt(s.Body, []dangling{branch(n, true)})
		if s.Else != nil {
			return append(out, b.stmt(s.Else, []dangling{branch(n, false)})...)
		}
		return append(out, branch(n, false))
	case parse.SWhile, parse.SMacro:
		n := b.step(in, s, s.Expr)
		out := b.loop(s, n, func(body []dangling) { b.connect(body, n) })
		if s.Kind == parse.SMacro {
			return append(out, dangling{from: n})
		}
		if !alwaysTrue(s.Expr) {
			out = append(out, branch(n, false))
		}
		return out
	case parse.SFor:
		in = b.stmt(s.Init, in)
		n := b.step(in, s, s.Expr)
		out := b.loop(s, n, func(body []dangling) {
			post := b.step(body, nil, s.Post)
			post.stmt = s
			b.g.post[s.Post] = post
			b.connect(after(post), n)
		})
		if s.Expr != nil && !alwaysTrue(s.Expr) {
			out = append(out, branch(n, false))
		}
		return out
	case parse.SDo:
		head := b.step(in, nil, nil)
		var n *node
		out := b.loopFrom(s, after(head), func(body []dangling) {
			n = b.step(body, s, s.Expr)
			if s.Expr == nil || !alwaysFalse(s.Expr) {
				b.connect([]dangling{branch(n, true)}, head)
			}
		})
		return append(out, branch(n, false))
	case parse.SSwitch:
		return b.switchStmt(s, in)
	case parse.SCase, parse.SDefault:
		return b.caseStmt(s, in)
	case parse.SLabel:
		n := b.step(in, s, nil)
		b.labels[s.Label] = n
		b.connect(b.gotos[s.Label], n)
		delete(b.gotos, s.Label)
		return b.stmt(s.Body, after(n))
	case parse.SGoto:
		n := b.step(in, s, nil)
		if to := b.labels[s.Label]; to != nil {
			b.connect(after(n), to)
		} else {
			b.gotos[s.Label] = append(b.gotos[s.Label], dangling{from: n})
		}
		return nil
	case parse.SReturn:
		b.step(in, s, s.Expr)
		return nil
	case parse.SBreak:
		n := b.step(in, s, nil)
		if b.breaks != nil {
			*b.breaks = append(*b.breaks, dangling{from: n})
		}
		return nil
	case parse.SContinue:
		n := b.step(in, s, nil)
		if b.continues != nil {
			*b.continues = append(*b.continues, dangling{from: n})
		}
		return nil
	case parse.SExpr, parse.SOpaque:
		n := b.step(in, s, s.Expr)
		if b.leaves(s.Expr) {
			return nil
		}
		return after(n)
	}
	return in
}

func alwaysTrue(e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && (e.Kind == parse.XNumber && e.Name != "0" || e.Kind == parse.XIdent && (e.Name == "true" || e.Name == "TRUE"))
}

func alwaysFalse(e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && (e.Kind == parse.XNumber && e.Name == "0" || e.Kind == parse.XIdent && (e.Name == "false" || e.Name == "FALSE"))
}

// loop adds the body of a loop whose condition is evaluated at n and returns
// the ends of its breaks; again joins the end of the body to the next round.
func (b *builder) loop(s *parse.Stmt, n *node, again func([]dangling)) []dangling {
	d := branch(n, true)
	if s.Kind == parse.SMacro || n.expr == nil {
		d = dangling{from: n}
	}
	return b.loopFrom(s, []dangling{d}, again)
}

func (b *builder) loopFrom(s *parse.Stmt, in []dangling, again func([]dangling)) []dangling {
	var breaks, continues []dangling
	oldB, oldC := b.breaks, b.continues
	b.breaks, b.continues = &breaks, &continues
	body := b.stmt(s.Body, in)
	b.breaks, b.continues = oldB, oldC
	again(append(body, continues...))
	return breaks
}

func (b *builder) switchStmt(s *parse.Stmt, in []dangling) []dangling {
	n := b.step(in, s, s.Expr)
	var breaks []dangling
	oldB, oldS := b.breaks, b.sw
	st := &switchState{node: n, expr: s.Expr}
	b.breaks, b.sw = &breaks, st
	out := b.stmt(s.Body, nil)
	if st.defaultEdge != nil {
		st.defaultEdge.others = st.labels
	}
	b.breaks, b.sw = oldB, oldS
	out = append(out, breaks...)
	if !st.deflt {
		out = append(out, dangling{from: n, edge: edge{cond: s.Expr, sw: true, others: st.labels}})
	}
	return out
}

func (b *builder) caseStmt(s *parse.Stmt, in []dangling) []dangling {
	if b.sw == nil {
		return b.stmt(s.Body, in)
	}
	d := dangling{from: b.sw.node, edge: edge{cond: b.sw.expr, sw: true, label: s.Expr}}
	if s.Kind == parse.SDefault {
		b.sw.deflt = true
		d.edge.label = nil
	} else {
		b.sw.labels = append(b.sw.labels, s.Expr)
	}
	n := b.step(append(in, d), s, nil)
	return b.stmt(s.Body, after(n))
}

// nodeOf returns the node that evaluates e, nil when the graph has none.
func (g *graph) nodeOf(e *parse.Expr) *node {
	top := e
	for top.Up != nil {
		top = top.Up
	}
	for s := e.In; s != nil; s = s.Parent {
		if n := g.post[top]; n != nil && s == e.In {
			return n
		}
		if n := g.at[s]; n != nil {
			return n
		}
	}
	return nil
}

// exprs calls f for the expressions that are evaluated at n.
func (n *node) exprs(f func(*parse.Expr)) {
	if n.expr != nil {
		f(n.expr)
	}
	for _, d := range n.decls {
		if d.Init != nil {
			f(d.Init)
		}
	}
}

// from returns the nodes that control comes to from start over the edges that may
// be taken; it looks no further once goal is among them, nil for no goal.
func (g *graph) from(start, goal *node, may func(*edge) bool) nodeSet {
	met := g.newSet()
	met.add(start)
	queue := []*node{start}
	for len(queue) > 0 && (goal == nil || !met.has(goal)) {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.succ {
			if !met.has(e.to) && may(e) {
				met.add(e.to)
				queue = append(queue, e.to)
			}
		}
	}
	return met
}

// forward calls enter once for each node that control can come to from start;
// where it returns false, what lies behind is not looked for on this way.
func (g *graph) forward(start *node, enter func(n *node) bool) {
	seen := make([]bool, len(g.nodes))
	seen[start.id] = true
	queue := []*node{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.succ {
			if !seen[e.to.id] {
				seen[e.to.id] = true
				if enter(e.to) {
					queue = append(queue, e.to)
				}
			}
		}
	}
}
