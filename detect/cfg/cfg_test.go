package cfg

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/parse"
)

// build makes the graph of a function's body; exit() does not return.
func build(t *testing.T, body string) (*Graph, *parse.Func) {
	t.Helper()
	f := parse.New("x.c", []byte("int f(int a, int b)\n{\n"+body+"\n}\n"))
	if len(f.Funcs) != 1 {
		t.Fatalf("%d functions in %s", len(f.Funcs), body)
	}
	return New(f.Funcs[0].Body(), func(e *parse.Expr) bool {
		return e != nil && e.Kind == parse.XCall && e.Callee() == "exit"
	}), f.Funcs[0]
}

// label names a node by its text.
func (g *Graph) label(fn *parse.Func, n *Node) string {
	text := func(from, to int) string { return strings.Join(strings.Fields(string(fn.File.Src[from:to])), " ") }
	switch {
	case n == g.Entry:
		return "entry"
	case n == g.Exit:
		return "exit"
	case n.Expr != nil && n.Stmt != nil && n.Stmt.Kind == parse.SReturn:
		return "return " + text(n.Expr.Pos, n.Expr.End)
	case n.Expr != nil:
		return text(n.Expr.Pos, n.Expr.End)
	case len(n.Decls) > 0:
		return text(n.Stmt.Pos, n.Stmt.End)
	case n.Stmt == nil:
		return "do"
	}
	switch n.Stmt.Kind {
	case parse.SLabel:
		return n.Stmt.Label + ":"
	case parse.SCase:
		return "case " + text(n.Stmt.Expr.Pos, n.Stmt.Expr.End)
	case parse.SDefault:
		return "default"
	case parse.SFor:
		if g.at[n.Stmt] != n {
			return "step"
		}
		return "for"
	}
	return strings.TrimSuffix(text(n.Stmt.Pos, n.Stmt.End), ";")
}

// edges lists the edges of a graph: "from -> to", "from -true> to", "from -1> to" for
// a label of a switch.
func (g *Graph) edges(fn *parse.Func) (out []string) {
	for _, n := range g.Nodes {
		for _, e := range n.Succ {
			if !slices.Contains(e.To.Pred, e) {
				out = append(out, "an edge that its end does not know")
			}
			arrow := "->"
			switch {
			case e.IsSwitch && e.Label != nil:
				arrow = "-" + string(fn.File.Src[e.Label.Pos:e.Label.End]) + ">"
			case e.IsSwitch:
				arrow = fmt.Sprintf("-not %d labels>", len(e.OtherLabels))
			case e.Cond != nil:
				arrow = fmt.Sprintf("-%v>", e.Truth)
			}
			out = append(out, fmt.Sprintf("%s %s %s", g.label(fn, n), arrow, g.label(fn, e.To)))
		}
	}
	return out
}

func TestNew(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"a line", "x(); y();", "entry -> x() | x() -> y() | y() -> exit"},
		{"a declaration", "int c = a; x();", "entry -> int c = a; | int c = a; -> x() | x() -> exit"},
		{"if", "if (a) x(); y();", "entry -> a | a -true> x() | a -false> y() | x() -> y() | y() -> exit"},
		{"if and else", "if (a) x(); else y();", "entry -> a | a -true> x() | a -false> y() | x() -> exit | y() -> exit"},
		{"&& is not split", "if (a && b) x();", "entry -> a && b | a && b -true> x() | a && b -false> exit | x() -> exit"},
		{"return", "if (a) return b; y();", "entry -> a | a -true> return b | a -false> y() | y() -> exit"},
		{"a call that does not return", "if (a) exit(1); y();", "entry -> a | a -true> exit(1) | a -false> y() | y() -> exit"},
		{"while", "while (a) x(); y();", "entry -> a | a -true> x() | a -false> y() | x() -> a | y() -> exit"},
		{"break and continue", "while (a) { if (b) break; continue; } y();",
			"entry -> a | a -true> b | a -false> y() | b -true> break | b -false> continue | break -> y() | continue -> a | y() -> exit"},
		{"do", "do x(); while (a); y();", "entry -> do | do -> x() | x() -> a | a -true> do | a -false> y() | y() -> exit"},
		{"do once", "do { if (a) break; x(); } while (0); y();", "entry -> do | do -> a | a -true> break | a -false> x() | break -> y() | x() -> 0 | 0 -false> y() | y() -> exit"},
		{"for", "for (i = 0; a; i++) x();", "entry -> i = 0 | i = 0 -> a | a -true> x() | a -false> exit | x() -> i++ | i++ -> a"},
		{"for, continue goes to the step", "for (; a; i++) { if (b) continue; x(); }",
			"entry -> a | a -true> b | a -false> exit | b -true> continue | b -false> x() | continue -> i++ | x() -> i++ | i++ -> a"},
		{"for ever", "for (;;) x(); y();", "entry -> for | for -> x() | x() -> step | step -> for | y() -> exit"},
		{"while (1)", "while (1) { if (a) break; } y();", "entry -> 1 | 1 -true> a | a -true> break | a -false> 1 | break -> y() | y() -> exit"},
		{"switch", "switch (a) { case 1: x(); break; case 2: y(); default: z(); }",
			"entry -> a | a -1> case 1 | a -2> case 2 | a -not 2 labels> default | case 1 -> x() | x() -> break | break -> exit | case 2 -> y() | y() -> default | default -> z() | z() -> exit"},
		{"switch without default", "switch (a) { case 1: x(); }", "entry -> a | a -1> case 1 | a -not 1 labels> exit | case 1 -> x() | x() -> exit"},
		{"default before a label", "switch (a) { default: x(); break; case 1: y(); }",
			"entry -> a | a -not 1 labels> default | a -1> case 1 | default -> x() | x() -> break | break -> exit | case 1 -> y() | y() -> exit"},
		{"goto forwards", "if (a) goto out; x(); out: y();", "entry -> a | a -true> goto out | a -false> x() | goto out -> out: | x() -> out: | out: -> y() | y() -> exit"},
		{"goto back", "again: x(); if (a) goto again;", "entry -> again: | again: -> x() | x() -> a | a -true> goto again | a -false> exit | goto again -> again:"},
		{"a label that is not there", "goto out; x();", "entry -> goto out | goto out -> exit | x() -> exit"},
		{"a macro that heads a block", "EACH(a, b) { x(); } y();", "entry -> EACH(a, b) | EACH(a, b) -> x() | EACH(a, b) -> y() | x() -> EACH(a, b) | y() -> exit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, fn := build(t, tt.body)
			got := g.edges(fn)
			want := strings.Split(tt.want, " | ")
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// find returns the node of a text.
func find(t *testing.T, g *Graph, fn *parse.Func, label string) *Node {
	t.Helper()
	for _, n := range g.Nodes {
		if g.label(fn, n) == label {
			return n
		}
	}
	t.Fatalf("no node %s", label)
	return nil
}

// TestControlDeps holds which conditions decide whether control comes to mark().
func TestControlDeps(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"none", "x(); mark();", ""},
		{"an arm", "if (a) mark();", "a"},
		{"behind the join", "if (a) x(); mark();", ""},
		{"nested", "if (a) { if (b) mark(); }", "a, b"},
		{"the other arm leaves", "if (a) return 0; mark();", "a"},
		{"the other arm leaves in the end", "if (a) { if (b) x(); return 0; } mark();", "a"},
		{"an exit", "if (a) exit(1); mark();", "a"},
		{"both arms come", "if (a) x(); else y(); if (b) mark();", "b"},
		{"behind a loop", "while (a) x(); mark();", "a"},
		{"in a loop", "while (a) { if (b) continue; mark(); }", "a, b"},
		{"a way out of the loop", "while (a) { if (b) return 0; } mark();", "a, b"},
		{"a case", "switch (a) { case 1: mark(); }", "a"},
		{"nothing comes there", "return a; mark();", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g, fn := build(t, tt.body)
			var got []string
			for _, n := range g.ControlDeps(find(t, g, fn, "mark()")) {
				got = append(got, g.label(fn, n))
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("%q, want %q", s, tt.want)
			}
		})
	}
}

// TestPostDominators holds the first node that all ways from each node to mark() lead
// through.
func TestPostDominators(t *testing.T) {
	g, fn := build(t, "if (a) x(); else if (b) return 0; y(); while (c) z(); mark();")
	dom := g.postDominators(find(t, g, fn, "mark()"))
	for from, want := range map[string]string{
		"entry": "a", "a": "y()", "x()": "y()", "b": "y()", "y()": "c", "c": "mark()", "z()": "c", "mark()": "mark()", "return 0": "",
	} {
		got := ""
		if n := dom.next[find(t, g, fn, from).ID]; n != nil {
			got = g.label(fn, n)
		}
		if got != want {
			t.Errorf("from %s: %q, want %q", from, got, want)
		}
	}
}

func TestNodeOf(t *testing.T) {
	g, fn := build(t, "int c = x(a); for (i = y(b); z(c); w(i)) { if (v(c)) return u(a); }")
	for name, want := range map[string]string{
		"x": "int c = x(a);", "y": "i = y(b)", "z": "z(c)", "w": "w(i)", "v": "v(c)", "u": "return u(a)",
	} {
		fn.Body().Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XCall && x.Callee() == name {
						if n := g.NodeOf(x.Args[0]); n == nil || g.label(fn, n) != want {
							t.Errorf("%s() is evaluated at %v, want %s", name, n, want)
						}
					}
					return true
				})
			})
			return true
		})
	}
}

// TestReach holds which calls control comes to: past stop() only by Reachable.
func TestReach(t *testing.T) {
	g, fn := build(t, "x(); if (a) { stop(); y(); } else z(); return 0; w();")
	names := func(has func(*Node) bool) string {
		var out []string
		for _, n := range g.Nodes {
			if has(n) && n.Expr != nil && n.Expr.Kind == parse.XCall {
				out = append(out, n.Expr.Callee())
			}
		}
		return strings.Join(out, " ")
	}
	if got := names(g.Reachable(g.Entry, nil, func(*Edge) bool { return true }).Has); got != "x stop y z" {
		t.Errorf("reachable: %s", got)
	}
	if got := names(g.Reachable(g.Entry, nil, func(e *Edge) bool { return e.Cond == nil || !e.Truth }).Has); got != "x z" {
		t.Errorf("where a is 0: %s", got)
	}
	met := g.NewSet()
	g.Forward(g.Entry, func(n *Node) bool { met.Add(n); return g.label(fn, n) != "stop()" })
	if got := names(met.Has); got != "x stop z" {
		t.Errorf("forward: %s", got)
	}
}
