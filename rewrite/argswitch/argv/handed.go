package argv

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
	"github.com/keepatch/keepatch/rewrite/argswitch/program"
)

// handing follows main()'s list of arguments from function to function.
type handing struct {
	j       *patch.Patch
	p       *program.Program
	params  map[*program.Node]map[string]bool // the list in each function that gets it
	globals map[string]bool                   // variables that hold it
	lost    bool                              // it goes where it cannot be followed
}

// handed are those of some functions that get main()'s list of arguments by calls with it; false if
// it goes to others, too, perhaps: by a pointer to a function or within a structure.
func handed(j *patch.Patch, nodes []*program.Node, p *program.Program) ([]*program.Node, bool) {
	h := &handing{j: j, p: p, params: map[*program.Node]map[string]bool{}, globals: map[string]bool{}}
	for _, fn := range p.Main.Forms {
		for _, d := range fn.Params {
			if isList(d.Type) {
				h.give(p.Main, d.Name)
				break // the environment is no list of arguments
			}
		}
	}
	for known := 0; known < len(h.globals) && !h.lost; { // once more where another variable was found
		known = len(h.globals)
		for n := range p.Steps {
			h.follow(n)
		}
	}
	var own []*program.Node
	for _, n := range nodes {
		if h.params[n] != nil {
			own = append(own, n)
		}
	}
	return own, !h.lost
}

// isList reports whether a type is an array of strings.
func isList(t *parse.Type) bool {
	return t != nil && t.Base == "char" && (t.Ptr >= 2 || t.Ptr >= 1 && (t.Array || len(t.Dims) > 0))
}

// give notes that a function has the list under a name.
func (h *handing) give(n *program.Node, name string) {
	if h.params[n][name] {
		return
	}
	if h.params[n] == nil {
		h.params[n] = map[string]bool{}
	}
	h.params[n][name] = true
	h.follow(n)
}

// follow looks at what a function does with the list.
func (h *handing) follow(n *program.Node) {
	for _, fn := range n.Forms {
		local := map[string]bool{}
		for _, d := range fn.Params {
			local[d.Name] = true
		}
		names := map[string]bool{}
		for name := range h.globals {
			names[name] = !local[name]
		}
		for name := range h.params[n] {
			names[name] = true
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			for _, d := range s.Decls {
				local[d.Name] = true
				switch {
				case list(d.Init, names):
					names[d.Name] = true
				case d.Init != nil && d.Init.Kind == parse.XInit:
					h.stored(d.Init, names)
				}
			}
			s.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					switch {
					case x.Kind == parse.XCall:
						h.call(n, x, names)
					case x.Kind == parse.XCompound:
						h.stored(x.X, names)
					case x.Kind == parse.XAssign && x.Op == token.Assign && list(x.Y, names):
						to := x.X.Strip()
						if to == nil || to.Kind != parse.XIdent {
							h.lost = true
						} else if names[to.Name] = true; !local[to.Name] {
							h.globals[to.Name] = true
						}
					}
					return true
				})
			})
			return !h.lost
		})
	}
}

// stored reports the list as lost if it is one of the members of a new object.
func (h *handing) stored(init *parse.Expr, names map[string]bool) {
	init.Walk(func(x *parse.Expr) bool {
		h.lost = h.lost || x.Kind == parse.XIdent && names[x.Name]
		return x.Kind != parse.XCall
	})
}

// call hands the list on.
func (h *handing) call(n *program.Node, call *parse.Expr, names map[string]bool) {
	for i, a := range call.Args {
		if x := a.Strip(); x != nil && x.Kind == parse.XUnary && x.Op == token.And && list(x.X, names) {
			h.lost = true // &argv
		}
		if !list(a, names) {
			continue
		}
		callee := call.Callee()
		if strings.HasPrefix(callee, "exec") || strings.HasPrefix(callee, "getopt") {
			continue
		}
		found := h.j.Tree.Find(callee, n.File)
		h.lost = h.lost || len(found) == 0
		for _, m := range found {
			if m.Macro || i >= len(m.Forms[0].Params) {
				h.lost = true
				return
			}
			h.give(m, m.Forms[0].Params[i].Name)
		}
	}
}

// list reports whether an expression is the list, or a later part of it: argv, argv + 1, &argv[i].
func list(e *parse.Expr, names map[string]bool) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	switch e.Kind {
	case parse.XIdent:
		return names[e.Name]
	case parse.XPostfix:
		return list(e.X, names)
	case parse.XBinary:
		return (e.Op == token.Add || e.Op == token.Sub) && (list(e.X, names) || list(e.Y, names))
	case parse.XUnary:
		if x := e.X.Strip(); e.Op == token.And && x != nil {
			return x.Kind == parse.XIndex && list(x.X, names)
		}
		return (e.Op == token.Inc || e.Op == token.Dec) && list(e.X, names)
	case parse.XCond:
		return list(e.Y, names) || list(e.Z, names)
	}
	return false
}
