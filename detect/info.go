package detect

import (
	"sync"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// funcInfo is what is asked of one function again and again: its calls and
// names, the declarations of its locals, its flow graph.
type funcInfo struct {
	fn    *parse.Func
	unit  *unit
	names nameTable     // identifiers and members
	calls []*parse.Expr // direct calls, in order of the text
	local []localDecl

	cfgOnce sync.Once
	cfg     *graph

	blockOnce sync.Once
	blocks    map[*parse.Stmt]*parse.Expr // statement expressions by their blocks

	memos memo.Registry // of the packages that analyse it
}

// graph returns the function's flow graph.
func (fi *funcInfo) graph() *graph {
	fi.cfgOnce.Do(func() { fi.cfg = newGraph(fi.fn.Body(), leaves) })
	return fi.cfg
}

// leaves reports whether an expression statement is a call that never returns.
func leaves(e *parse.Expr) bool {
	return e != nil && e.Kind == parse.XCall && noReturn[e.Callee()]
}

// nodeOf returns the node that evaluates e, nil when the flow graph has none.
func (fi *funcInfo) nodeOf(e *parse.Expr) *node { return fi.graph().nodeOf(e) }

type localDecl struct {
	name  string // decl's, at hand for lookup
	decl  *parse.Decl
	scope *parse.Stmt // the statement inside which it is known; nil for parameters
}

func (u *unit) info(fn *parse.Func) *funcInfo {
	u.infoMu.Lock()
	defer u.infoMu.Unlock()
	if fi := u.infos[fn]; fi != nil {
		return fi
	}
	fi := &funcInfo{fn: fn, unit: u}
	for _, d := range fn.Params {
		fi.local = append(fi.local, localDecl{d.Name, d, nil})
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name != "" {
				fi.local = append(fi.local, localDecl{d.Name, d, scopeOf(s)})
			}
		}
		s.Exprs(func(e *parse.Expr) { u.found = fi.collect(e, u.found) })
		return true
	})
	fi.names = tableOf(u.found)
	u.found = u.found[:0]
	if u.infos == nil {
		u.infos = map[*parse.Func]*funcInfo{}
	}
	u.infos[fn] = fi
	return fi
}

// scopeOf returns the statement inside which the names that s declares are
// known.
func scopeOf(s *parse.Stmt) *parse.Stmt {
	p := s.Parent
	for p != nil && (p.Kind == parse.SCase || p.Kind == parse.SDefault || p.Kind == parse.SLabel) {
		p = p.Parent
	}
	return p
}

// collect notes the calls and declarations in an expression, and appends its
// identifiers and members to found.
func (fi *funcInfo) collect(e *parse.Expr, found []*parse.Expr) []*parse.Expr {
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XIdent, parse.XMember:
			found = append(found, x)
		case parse.XCall:
			if x.Callee() != "" {
				fi.calls = append(fi.calls, x)
			}
		case parse.XBlock:
			x.Block.Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					if d.Name != "" {
						fi.local = append(fi.local, localDecl{d.Name, d, scopeOf(s)})
					}
				}
				return true
			})
		}
		return true
	})
	return found
}

// lookup returns the local declaration or parameter that name means at an
// offset, nil when it is none of the function's own.
func (fi *funcInfo) lookup(name string, off int) *parse.Decl {
	var best *parse.Decl
	bestSize := 1 << 30
	for i := range fi.local {
		l := &fi.local[i]
		if l.name != name {
			continue
		}
		size := 1 << 29
		if l.scope != nil {
			if off < l.scope.Pos || off >= l.scope.End || off < l.decl.Pos {
				continue
			}
			size = l.scope.End - l.scope.Pos
		}
		if size <= bestSize {
			best, bestSize = l.decl, size
		}
	}
	return best
}

// isParam returns the index of a declaration among the parameters, or -1.
func (fi *funcInfo) isParam(d *parse.Decl) int {
	for i, p := range fi.fn.Params {
		if p == d {
			return i
		}
	}
	return -1
}

// ref is a place in a function.
type ref struct {
	fi *funcInfo
	e  *parse.Expr
}

// evidence is a note on the text at an offset.
func (fi *funcInfo) evidence(off int, note string) Evidence {
	l := fi.unit.tree().Lines()
	return Evidence{File: fi.unit.path, Line: l.Line(off), Column: l.Col(off), Note: note}
}
