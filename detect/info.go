package detect

import (
	"sync"

	"github.com/keepatch/keepatch/parse"
)

// funcInfo is what is asked of one function again and again: its calls and
// names, the declarations of its locals, its flow graph.
type funcInfo struct {
	fn    *parse.Func
	unit  *unit
	names map[string][]*parse.Expr // identifiers and members, by name, in order of the text
	calls map[string][]*parse.Expr // direct calls by the callee's name
	local map[string][]localDecl

	callNames []string // the keys of calls, in order of the text

	cfgOnce sync.Once
	cfg     *graph

	blockOnce sync.Once
	blocks    map[*parse.Stmt]*parse.Expr // statement expressions by their blocks

	cmpOnce  sync.Once
	compared map[string]bool // paths that are compared with constants

	defOnce sync.Once
	defined map[string]map[*node]bool // nodes that may define a path, by its root
}

type localDecl struct {
	decl  *parse.Decl
	scope *parse.Stmt // the statement inside which it is known; nil for parameters
}

func (u *unit) info(fn *parse.Func) *funcInfo {
	u.infoMu.Lock()
	defer u.infoMu.Unlock()
	if fi := u.infos[fn]; fi != nil {
		return fi
	}
	fi := &funcInfo{fn: fn, unit: u, names: map[string][]*parse.Expr{}, calls: map[string][]*parse.Expr{}, local: map[string][]localDecl{}}
	for _, d := range fn.Params {
		fi.local[d.Name] = append(fi.local[d.Name], localDecl{d, nil})
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			scope := scopeOf(s)
			if d.Name != "" {
				fi.local[d.Name] = append(fi.local[d.Name], localDecl{d, scope})
			}
		}
		s.Exprs(func(e *parse.Expr) { u.found = fi.collect(e, u.found) })
		return true
	})
	fi.group(u.found)
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

// group fills in names; all of them share one piece of memory.
func (fi *funcInfo) group(found []*parse.Expr) {
	ids, counts := map[string]int32{}, []int32{}
	which := make([]int32, len(found))
	for i, x := range found {
		id, ok := ids[x.Name]
		if !ok {
			id = int32(len(counts))
			ids[x.Name] = id
			counts = append(counts, 0)
		}
		counts[id]++
		which[i] = id
	}
	at := make([]int32, len(counts))
	for id := 1; id < len(counts); id++ {
		at[id] = at[id-1] + counts[id-1]
	}
	shared := make([]*parse.Expr, len(found))
	for i, x := range found {
		shared[at[which[i]]] = x
		at[which[i]]++
	}
	for name, id := range ids {
		fi.names[name] = shared[at[id]-counts[id] : at[id] : at[id]]
	}
}

// collect notes the calls and declarations in an expression, and appends its
// identifiers and members to found.
func (fi *funcInfo) collect(e *parse.Expr, found []*parse.Expr) []*parse.Expr {
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XIdent, parse.XMember:
			found = append(found, x)
		case parse.XCall:
			if n := x.Callee(); n != "" {
				if fi.calls[n] == nil {
					fi.callNames = append(fi.callNames, n)
				}
				fi.calls[n] = append(fi.calls[n], x)
			}
		case parse.XBlock:
			x.Block.Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					if d.Name != "" {
						fi.local[d.Name] = append(fi.local[d.Name], localDecl{d, scopeOf(s)})
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
	for _, l := range fi.local[name] {
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

// pos is the position of an evidence.
func (fi *funcInfo) evidence(off int, note string) Evidence {
	l := fi.unit.tree().Lines()
	return Evidence{File: fi.unit.path, Line: l.Line(off), Column: l.Col(off), Note: note}
}
