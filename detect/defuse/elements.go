package defuse

import (
	"strings"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// ElementStores are the assignments of which one gave the element of an array that e reads its
// value: fds[n] after fds[n] = socket(), until n, or what may be the same element under another
// name, changes. ok is false where another way leads to e, or what is on the way cannot be told;
// a path that Reaching knows has all elements as one.
func ElementStores(fi *program.FuncInfo, e *parse.Expr) (stores []*parse.Expr, ok bool) {
	q := elementOf(fi, e)
	if q == nil || !q.visit(fi.NodeOf(e), e.Pos, fi.Graph().NewSet()) {
		return nil, false
	}
	return q.stores, true
}

// elementOf is the query for the element that e is part of, nil for no element, or none with a name.
func elementOf(fi *program.FuncInfo, e *parse.Expr) *elementQuery {
	q := &elementQuery{fi: fi, path: value.PathOf(LvalueOf(e))}
	var index []string
	if q.name, index = elementName(LvalueOf(e), nil); q.name == "" || len(index) == 0 {
		return nil
	}
	q.vars = map[string]bool{value.RootOf(q.path): true}
	for _, v := range index {
		q.vars[v] = true
	}
	for v := range q.vars {
		if d := fi.Lookup(v, e.Pos); d == nil || d.Static {
			q.outside = true
			q.moved = q.moved || v != value.RootOf(q.path) && !value.IsNumeral(v)
		}
	}
	return q
}

// elementQuery goes back from the read of one element.
type elementQuery struct {
	fi      *program.FuncInfo
	path    string          // with all elements as one
	name    string          // with its indexes
	vars    map[string]bool // the array's or object's name, and those in the indexes
	outside bool            // one of them can be changed by functions that are called
	moved   bool            // an index can
	stores  []*parse.Expr
}

func (q *elementQuery) visit(n *cfg.Node, pos int, seen cfg.NodeSet) bool {
	if n == nil || n == q.fi.Graph().Entry {
		return false
	}
	last, known := q.stored(n, pos)
	switch {
	case !known:
		return false
	case last != nil:
		q.stores = append(q.stores, last)
		return true
	}
	for _, e := range n.Pred {
		if !seen.Has(e.From) {
			seen.Add(e.From)
			if !q.visit(e.From, 1<<30, seen) {
				return false
			}
		}
	}
	return true
}

// stored is the last assignment to the element at a node before a position; known is false where
// the node may change the element in another way, or which one is meant.
func (q *elementQuery) stored(n *cfg.Node, pos int) (last *parse.Expr, known bool) {
	known = true
	for _, d := range n.Decls {
		known = known && !q.vars[d.Name]
	}
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			if x.End > pos {
				return true // what it is part of comes later
			}
			switch {
			case x.Kind == parse.XAssign && x.Op == token.Assign && q.isElement(x.X):
				if last == nil || x.End > last.End {
					last = x
				}
			case q.changes(x):
				known = false
			}
			return true
		})
	})
	return last, known
}

// renamed reports whether a node may change which element is meant by the name.
func (q *elementQuery) renamed(n *cfg.Node) (found bool) {
	n.Exprs(func(top *parse.Expr) {
		top.Walk(func(x *parse.Expr) bool {
			found = found || q.renames(x)
			return !found
		})
	})
	return found
}

// renames reports whether an expression may change which element is meant: its index, or what the
// array's name points to.
func (q *elementQuery) renames(x *parse.Expr) bool {
	switch x.Kind {
	case parse.XAssign:
		return q.vars[value.PathOf(x.X)]
	case parse.XPostfix, parse.XUnary:
		return (x.Op == token.Inc || x.Op == token.Dec || x.Op == token.And) && q.vars[value.PathOf(x.X)]
	case parse.XCall:
		return q.moved && !knowledge.External.Has(x.Callee())
	}
	return false
}

func (q *elementQuery) isElement(lhs *parse.Expr) bool {
	name, _ := elementName(lhs.Strip(), nil)
	return name == q.name
}

// changes reports whether an expression may change the element, or which one is meant.
func (q *elementQuery) changes(x *parse.Expr) bool {
	if q.renames(x) {
		return true
	}
	switch x.Kind {
	case parse.XAssign:
		lhs := x.X.Strip()
		path := value.PathOf(lhs)
		switch {
		case path == q.path:
			name, _ := elementName(lhs, nil)
			return name == "" || !differentNumerals(name, q.name)
		case strings.HasPrefix(q.path, path+"[") || strings.HasPrefix(q.path, path+"."):
			return true
		}
		// Through a pointer, or the same member of an object that goes by another name.
		return lhs != nil && (lhs.Kind == parse.XUnary || lhs.Kind == parse.XIndex ||
			lhs.Kind == parse.XMember && value.LastWord(path) == value.LastWord(q.path) || path == "")
	case parse.XUnary:
		return x.Op == token.And && q.vars[value.RootName(x.X)] // an output, or a pointer that it can be changed by
	case parse.XCall:
		if !knowledge.External.Has(x.Callee()) {
			if q.outside {
				return true
			}
			for _, a := range x.Args {
				if q.vars[value.RootName(a)] && !q.isElement(a) {
					return true
				}
			}
		}
	}
	return false
}

// LvalueOf is the element that the name of an array, or a member, is part of.
func LvalueOf(e *parse.Expr) *parse.Expr {
	for e.Up != nil && (e.Up.Kind == parse.XParen || e.Up.Kind == parse.XIndex && e.Up.X == e) {
		e = e.Up
	}
	return e.Strip()
}

// elementName spells an lvalue as PathOf does, with its indexes; "" for what has no name that
// stays the same. The variables of the indexes are added to index, or numerals.
func elementName(e *parse.Expr, index []string) (string, []string) {
	if e = e.Strip(); e == nil {
		return "", nil
	}
	switch e.Kind {
	case parse.XIdent:
		return e.Name, index
	case parse.XMember:
		if p, index := elementName(e.X, index); p != "" {
			return p + "." + e.Name, index
		}
	case parse.XIndex:
		i := e.Y.Strip()
		if i == nil || i.Kind != parse.XIdent && i.Kind != parse.XNumber {
			return "", nil
		}
		if p, index := elementName(e.X, index); p != "" {
			return p + "[" + i.Name + "]", append(index, i.Name)
		}
	}
	return "", nil
}

// differentNumerals reports whether two names of elements differ in numerals: fds[0] and fds[1].
func differentNumerals(a, b string) bool {
	x, y := strings.FieldsFunc(a, isBracket), strings.FieldsFunc(b, isBracket)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && value.IsNumeral(x[i]) && value.IsNumeral(y[i]) {
			return true
		}
	}
	return false
}

func isBracket(r rune) bool { return r == '[' || r == ']' }
