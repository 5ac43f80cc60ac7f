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
	fi := &funcInfo{fn: fn, unit: u, calls: map[string][]*parse.Expr{}, local: map[string][]localDecl{}}
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
		s.Exprs(func(e *parse.Expr) { u.scratch.found = fi.collect(e, u.scratch.found) })
		return true
	})
	u.scratch.group(fi)
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

// scratch is memory that info uses again from function to function.
type scratch struct {
	found  []*parse.Expr // identifiers and members
	ids    map[string]int32
	which  []int32 // the id of each found
	counts []int32 // by id
}

// group fills in names from what was found; all of them share one piece of
// memory.
func (s *scratch) group(fi *funcInfo) {
	if s.ids == nil {
		s.ids = map[string]int32{}
	}
	clear(s.ids)
	s.which, s.counts = s.which[:0], s.counts[:0]
	for _, x := range s.found {
		id, ok := s.ids[x.Name]
		if !ok {
			id = int32(len(s.counts))
			s.ids[x.Name] = id
			s.counts = append(s.counts, 0)
		}
		s.counts[id]++
		s.which = append(s.which, id)
	}
	at := int32(0)
	for id, n := range s.counts { // from here on where the next one goes
		s.counts[id] = at
		at += n
	}
	shared := make([]*parse.Expr, len(s.found))
	for i, x := range s.found {
		id := s.which[i]
		shared[s.counts[id]] = x
		s.counts[id]++
	}
	fi.names = make(map[string][]*parse.Expr, len(s.ids))
	for name, id := range s.ids {
		from := int32(0)
		if id > 0 {
			from = s.counts[id-1]
		}
		fi.names[name] = shared[from:s.counts[id]:s.counts[id]]
	}
	s.found = s.found[:0]
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
