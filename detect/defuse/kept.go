package defuse

import (
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// KeptAtExit follows what an expression that ends at pos stores to put: whether a way leads to the
// end of the function on which nothing else is stored there, and the calls while it is there. A way
// on which a condition finds that the value is negative holds no descriptor.
func KeptAtExit(fi *program.FuncInfo, put *parse.Expr, pos int) (calls []*parse.Expr, kept bool) {
	k := keeping{fi: fi, path: value.PathOf(LvalueOf(put)), element: elementOf(fi, put), seen: fi.Graph().NewSet()}
	n := fi.NodeOf(put)
	if k.path == "" || n == nil || k.element == nil && strings.Contains(k.path, "[]") {
		return nil, true
	}
	k.visit(n, pos)
	return k.calls, k.kept
}

// keeping goes on from a store.
type keeping struct {
	fi      *program.FuncInfo
	path    string
	element *elementQuery // nil where it is no element of an array
	seen    cfg.NodeSet
	calls   []*parse.Expr
	kept    bool
}

func (k *keeping) visit(n *cfg.Node, pos int) {
	off := k.overwritten(n, pos)
	if off < 0 {
		off = k.closed(n, pos)
	}
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			if x.Kind == parse.XCall && x.End > pos && (off < 0 || x.End <= off) {
				k.calls = append(k.calls, x)
			}
			return true
		})
	})
	k.kept = k.kept || off < 0 && (n == k.fi.Graph().Exit || n.Stmt != nil && n.Stmt.Kind == parse.SReturn)
	if off >= 0 || k.kept {
		return
	}
	for _, e := range n.Succ {
		if !k.seen.Has(e.To) && !k.fails(e) {
			k.seen.Add(e.To)
			k.visit(e.To, -1)
		}
	}
}

// overwritten is where a node stores something else there, -1 where it does not. If it may be
// another place from here on that goes by this name, what was stored stays where it is.
func (k *keeping) overwritten(n *cfg.Node, pos int) int {
	if k.element == nil {
		d, ok := LastDef(k.fi, n, 1<<30, k.path)
		switch {
		case !ok || d.Off <= pos || d.Kind == DefOut:
			return -1
		case d.Kind != DefValue:
			k.kept = true
			return -1
		}
		return d.Off
	}
	if last, _ := k.element.stored(n, 1<<30); last != nil && last.End > pos {
		return last.End
	}
	k.kept = k.kept || k.element.renamed(n)
	return -1
}

// closed is where a node closes the descriptor, -1 where it does not: what is left there is no
// descriptor any more.
func (k *keeping) closed(n *cfg.Node, pos int) int {
	off := -1
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			use := knowledge.FDUses.Get(x.Callee())
			if x.Kind == parse.XCall && x.End > pos && use.Event == knowledge.Close && use.Arg < len(x.Args) && k.isPlace(x.Args[use.Arg]) {
				off = max(off, x.End)
			}
			return true
		})
	})
	return off
}

func (k *keeping) isPlace(e *parse.Expr) bool {
	if k.element != nil {
		return k.element.isElement(e)
	}
	return value.PathOf(e) == k.path
}

// fails reports whether a branch is taken for a negative value alone.
func (k *keeping) fails(e *cfg.Edge) bool {
	if e.Cond == nil || e.IsSwitch || !negative(e.Cond, e.Truth, k.path) {
		return false
	}
	own := true
	e.Cond.Walk(func(x *parse.Expr) bool {
		if k.element != nil && x.Kind == parse.XIndex && value.PathOf(LvalueOf(x)) == k.path {
			own = own && k.element.isElement(LvalueOf(x))
		}
		return own
	})
	return own
}
