package cfg

import (
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// Graph is the flow graph of one function. Nodes are statements' expressions
// and declarations in the order in which they are evaluated; conditions are
// whole (&& and || are not split), their edges carry the outcome.
type Graph struct {
	Nodes []*Node
	Entry *Node
	Exit  *Node
	at    map[*parse.Stmt]*Node // the node that evaluates the statement's own expression
	post  map[*parse.Expr]*Node // for (;; post)

	gates memo.Table[*Node, []*Node] // see ControlDeps
}

type Node struct {
	ID    int
	Stmt  *parse.Stmt
	Expr  *parse.Expr
	Decls []*parse.Decl
	Succ  []*Edge
	Pred  []*Edge

	twoSucc, twoPred [2]*Edge // room for as many as most nodes have
}

// NodeSet has a bit for each node of one graph.
type NodeSet []uint64

// NewSet returns an empty set for the nodes of the graph.
func (g *Graph) NewSet() NodeSet { return make(NodeSet, (len(g.Nodes)+63)/64) }

// Add adds a node.
func (s NodeSet) Add(n *Node) { s[n.ID/64] |= 1 << (n.ID % 64) }

// Has reports whether the set holds a node; the nil set is empty.
func (s NodeSet) Has(n *Node) bool { return s != nil && s[n.ID/64]>>(n.ID%64)&1 == 1 }

// Edge is a way from one node to the next; cond, when set, had the outcome
// truth. For a switch cond is its expression and label the case taken; a nil
// label with sw set is the default.
type Edge struct {
	From, To    *Node
	Cond        *parse.Expr
	Truth       bool
	IsSwitch    bool
	Label       *parse.Expr
	OtherLabels []*parse.Expr // of a default: the labels that were not met
}

// danglingEdge is the end of a path whose target is not known yet.
type danglingEdge struct {
	from *Node
	edge Edge
}

type builder struct {
	g         *Graph
	leaves    func(*parse.Expr) bool
	labels    map[string]*Node
	gotos     map[string][]danglingEdge
	breaks    *[]danglingEdge
	continues *[]danglingEdge
	sw        *switchState
	edges     []Edge // room for the next ones
}

type switchState struct {
	node   *Node
	expr   *parse.Expr
	labels []*parse.Expr
	deflt  bool
	// defaultEdge waits for the labels that come after it.
	defaultEdge *Edge
}

// New builds the flow graph of a function's body. leaves reports whether
// an expression statement never returns.
func New(body *parse.Stmt, leaves func(*parse.Expr) bool) *Graph {
	b := &builder{
		g:      &Graph{at: map[*parse.Stmt]*Node{}, post: map[*parse.Expr]*Node{}},
		leaves: leaves,
		labels: map[string]*Node{}, gotos: map[string][]danglingEdge{},
	}
	b.g.Entry = b.node(nil, nil)
	ends := b.stmt(body, []danglingEdge{{from: b.g.Entry}})
	b.g.Exit = b.node(nil, nil)
	b.connect(ends, b.g.Exit)
	for _, ds := range b.gotos {
		b.connect(ds, b.g.Exit) // computed or lost labels
	}
	return b.g
}

func (b *builder) node(s *parse.Stmt, e *parse.Expr) *Node {
	n := &Node{ID: len(b.g.Nodes), Stmt: s, Expr: e}
	n.Succ, n.Pred = n.twoSucc[:0], n.twoPred[:0]
	b.g.Nodes = append(b.g.Nodes, n)
	return n
}

func (b *builder) connect(ds []danglingEdge, to *Node) {
	for _, d := range ds {
		if len(b.edges) == 0 {
			b.edges = make([]Edge, 16)
		}
		p := &b.edges[0]
		b.edges = b.edges[1:]
		*p = d.edge
		p.From, p.To = d.from, to
		d.from.Succ = append(d.from.Succ, p)
		to.Pred = append(to.Pred, p)
		if p.IsSwitch && p.Label == nil && p.OtherLabels == nil && b.sw != nil {
			b.sw.defaultEdge = p
		}
	}
}

// step makes a node after the dangling ends.
func (b *builder) step(in []danglingEdge, s *parse.Stmt, e *parse.Expr) *Node {
	n := b.node(s, e)
	b.connect(in, n)
	if s != nil {
		if _, ok := b.g.at[s]; !ok {
			b.g.at[s] = n
		}
	}
	return n
}

func after(n *Node) []danglingEdge { return []danglingEdge{{from: n}} }

func branch(n *Node, truth bool) danglingEdge {
	return danglingEdge{from: n, edge: Edge{Cond: n.Expr, Truth: truth}}
}

// stmt adds a statement and returns the ends that fall out of it.
func (b *builder) stmt(s *parse.Stmt, in []danglingEdge) []danglingEdge {
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
		n.Decls = s.Decls
		return after(n)
	case parse.SIf:
		n := b.step(in, s, s.Expr)
		out := b.stmt(s.Body, []danglingEdge{branch(n, true)})
		if s.Else != nil {
			return append(out, b.stmt(s.Else, []danglingEdge{branch(n, false)})...)
		}
		return append(out, branch(n, false))
	case parse.SWhile, parse.SMacro, parse.SFor, parse.SDo:
		return b.loopStmt(s, in)
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
			b.gotos[s.Label] = append(b.gotos[s.Label], danglingEdge{from: n})
		}
		return nil
	case parse.SReturn:
		b.step(in, s, s.Expr)
		return nil
	case parse.SBreak:
		n := b.step(in, s, nil)
		if b.breaks != nil {
			*b.breaks = append(*b.breaks, danglingEdge{from: n})
		}
		return nil
	case parse.SContinue:
		n := b.step(in, s, nil)
		if b.continues != nil {
			*b.continues = append(*b.continues, danglingEdge{from: n})
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

// loopStmt adds a loop and returns the ends that fall out of it.
func (b *builder) loopStmt(s *parse.Stmt, in []danglingEdge) []danglingEdge {
	switch s.Kind {
	case parse.SFor:
		in = b.stmt(s.Init, in)
		n := b.step(in, s, s.Expr)
		out := b.loop(s, n, func(body []danglingEdge) {
			post := b.step(body, nil, s.Post)
			post.Stmt = s
			b.g.post[s.Post] = post
			b.connect(after(post), n)
		})
		if s.Expr != nil && !alwaysTrue(s.Expr) {
			out = append(out, branch(n, false))
		}
		return out
	case parse.SDo:
		head := b.step(in, nil, nil)
		var n *Node
		out := b.loopFrom(s, after(head), func(body []danglingEdge) {
			n = b.step(body, s, s.Expr)
			if s.Expr == nil || !alwaysFalse(s.Expr) {
				b.connect([]danglingEdge{branch(n, true)}, head)
			}
		})
		return append(out, branch(n, false))
	}
	n := b.step(in, s, s.Expr)
	out := b.loop(s, n, func(body []danglingEdge) { b.connect(body, n) })
	if s.Kind == parse.SMacro {
		return append(out, danglingEdge{from: n})
	}
	if !alwaysTrue(s.Expr) {
		out = append(out, branch(n, false))
	}
	return out
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
func (b *builder) loop(s *parse.Stmt, n *Node, again func([]danglingEdge)) []danglingEdge {
	d := branch(n, true)
	if s.Kind == parse.SMacro || n.Expr == nil {
		d = danglingEdge{from: n}
	}
	return b.loopFrom(s, []danglingEdge{d}, again)
}

func (b *builder) loopFrom(s *parse.Stmt, in []danglingEdge, again func([]danglingEdge)) []danglingEdge {
	var breaks, continues []danglingEdge
	oldB, oldC := b.breaks, b.continues
	b.breaks, b.continues = &breaks, &continues
	body := b.stmt(s.Body, in)
	b.breaks, b.continues = oldB, oldC
	again(append(body, continues...))
	return breaks
}

func (b *builder) switchStmt(s *parse.Stmt, in []danglingEdge) []danglingEdge {
	n := b.step(in, s, s.Expr)
	var breaks []danglingEdge
	oldB, oldS := b.breaks, b.sw
	st := &switchState{node: n, expr: s.Expr}
	b.breaks, b.sw = &breaks, st
	out := b.stmt(s.Body, nil)
	if st.defaultEdge != nil {
		st.defaultEdge.OtherLabels = st.labels
	}
	b.breaks, b.sw = oldB, oldS
	out = append(out, breaks...)
	if !st.deflt {
		out = append(out, danglingEdge{from: n, edge: Edge{Cond: s.Expr, IsSwitch: true, OtherLabels: st.labels}})
	}
	return out
}

func (b *builder) caseStmt(s *parse.Stmt, in []danglingEdge) []danglingEdge {
	if b.sw == nil {
		return b.stmt(s.Body, in)
	}
	d := danglingEdge{from: b.sw.node, edge: Edge{Cond: b.sw.expr, IsSwitch: true, Label: s.Expr}}
	if s.Kind == parse.SDefault {
		b.sw.deflt = true
		d.edge.Label = nil
	} else {
		b.sw.labels = append(b.sw.labels, s.Expr)
	}
	n := b.step(append(in, d), s, nil)
	return b.stmt(s.Body, after(n))
}

// NodeOf returns the node that evaluates e, nil when the graph has none.
func (g *Graph) NodeOf(e *parse.Expr) *Node {
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

// Exprs calls f for the expressions that are evaluated at n.
func (n *Node) Exprs(f func(*parse.Expr)) {
	if n.Expr != nil {
		f(n.Expr)
	}
	for _, d := range n.Decls {
		if d.Init != nil {
			f(d.Init)
		}
	}
}

// Reachable returns the nodes that control comes to from start over the edges that may
// be taken; it looks no further once goal is among them, nil for no goal.
func (g *Graph) Reachable(start, goal *Node, may func(*Edge) bool) NodeSet {
	met := g.NewSet()
	met.Add(start)
	queue := []*Node{start}
	for len(queue) > 0 && (goal == nil || !met.Has(goal)) {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.Succ {
			if !met.Has(e.To) && may(e) {
				met.Add(e.To)
				queue = append(queue, e.To)
			}
		}
	}
	return met
}

// Forward calls enter once for each node that control can come to from start;
// where it returns false, what lies behind is not looked for on this way.
func (g *Graph) Forward(start *Node, enter func(n *Node) bool) {
	seen := make([]bool, len(g.Nodes))
	seen[start.ID] = true
	queue := []*Node{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, e := range n.Succ {
			if !seen[e.To.ID] {
				seen[e.To.ID] = true
				if enter(e.To) {
					queue = append(queue, e.To)
				}
			}
		}
	}
}
