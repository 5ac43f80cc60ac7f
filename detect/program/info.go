package program

import (
	"slices"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/cfg"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// FuncInfo is what is asked of one function again and again: its calls and
// names, the declarations of its locals, its flow graph.
type FuncInfo struct {
	Func   *parse.Func
	File   *File
	Names  NameTable     // identifiers and members
	Calls  []*parse.Expr // direct calls, in order of the text
	Locals []LocalDecl

	cfgOnce sync.Once
	cfg     *cfg.Graph

	blockOnce sync.Once
	blocks    map[*parse.Stmt]*parse.Expr // statement expressions by their blocks

	Memos memo.Registry // of the packages that analyse it
}

// Graph returns the function's flow graph.
func (fi *FuncInfo) Graph() *cfg.Graph {
	fi.cfgOnce.Do(func() { fi.cfg = cfg.New(fi.Func.Body(), leaves) })
	return fi.cfg
}

// leaves reports whether an expression statement is a call that never returns, by the table alone:
// what a definition says would need the graphs of other functions, and a way too many makes no
// verdict wrong. Where a block stands needs more, see package noreturn of rewrite.
func leaves(e *parse.Expr) bool {
	return e != nil && e.Kind == parse.XCall && knowledge.NoReturn.Has(e.Callee())
}

// NodeOf returns the node that evaluates e, nil when the flow graph has none.
func (fi *FuncInfo) NodeOf(e *parse.Expr) *cfg.Node { return fi.Graph().NodeOf(e) }

// LocalDecl is a declaration within a function.
type LocalDecl struct {
	name  string // Decl's, at hand for lookup
	Decl  *parse.Decl
	scope *parse.Stmt // the statement inside which it is known; nil for parameters
}

// Info returns what is known of a function of the file, built on first use.
func (u *File) Info(fn *parse.Func) *FuncInfo {
	u.infoMu.Lock()
	defer u.infoMu.Unlock()
	if fi := u.infos[fn]; fi != nil {
		return fi
	}
	fi := &FuncInfo{Func: fn, File: u}
	for _, d := range fn.Params {
		fi.Locals = append(fi.Locals, LocalDecl{d.Name, d, nil})
	}
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			if d.Name != "" {
				fi.Locals = append(fi.Locals, LocalDecl{d.Name, d, scopeOf(s)})
			}
		}
		s.Exprs(func(e *parse.Expr) { u.found = fi.collect(e, u.found) })
		fi.declaredByMacro(s)
		return true
	})
	fi.Names = tableOf(u.found)
	u.found = u.found[:0]
	if u.infos == nil {
		u.infos = map[*parse.Func]*FuncInfo{}
	}
	u.infos[fn] = fi
	return fi
}

// declaredByMacro adds the variables that a macro declares: DESCRIPTOR(fd); after
// #define DESCRIPTOR(fd) int fd = -1. Of several definitions one with a type of the language counts.
func (fi *FuncInfo) declaredByMacro(s *parse.Stmt) {
	use := s.Expr
	if s.Kind != parse.SExpr || use == nil || use.Kind != parse.XIdent && use.Callee() == "" {
		return
	}
	name := use.Name
	if use.Kind == parse.XCall {
		name = use.Callee()
	}
	for _, c := range Nearest(fi.File, fi.File.Prog.FilesWithMacro(name)) {
		c.Tables()
		for _, m := range c.Macros[name] {
			for _, d := range m.Declares() {
				given, ok := Substitute(m, []string{d.Name}, use)
				if !ok || d.Name == "" || d.Type.Def != nil {
					continue
				}
				old := fi.Lookup(given[0], s.End)
				if old != nil && (old.Pos != s.Pos || IsBuiltin(old.Type.Base)) {
					continue
				}
				made := &parse.Decl{Name: given[0], Pos: s.Pos, NamePos: s.Pos, End: s.End, Type: d.Type, Static: d.Static, Extern: d.Extern}
				fi.Locals = append(fi.Locals, LocalDecl{given[0], made, scopeOf(s)})
			}
		}
	}
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
func (fi *FuncInfo) collect(e *parse.Expr, found []*parse.Expr) []*parse.Expr {
	e.Walk(func(x *parse.Expr) bool {
		switch x.Kind {
		case parse.XIdent, parse.XMember:
			found = append(found, x)
		case parse.XCall:
			if x.Callee() != "" {
				fi.Calls = append(fi.Calls, x)
			}
		case parse.XBlock:
			x.Block.Walk(func(s *parse.Stmt) bool {
				for _, d := range s.Decls {
					if d.Name != "" {
						fi.Locals = append(fi.Locals, LocalDecl{d.Name, d, scopeOf(s)})
					}
				}
				return true
			})
		}
		return true
	})
	return found
}

// Lookup returns the local declaration or parameter that name means at an
// offset, nil when it is none of the function's own.
func (fi *FuncInfo) Lookup(name string, off int) *parse.Decl {
	var best *parse.Decl
	bestSize := 1 << 30
	for i := range fi.Locals {
		l := &fi.Locals[i]
		if l.name != name {
			continue
		}
		size := 1 << 29
		if l.scope != nil {
			if off < l.scope.Pos || off >= l.scope.End || off < l.Decl.Pos {
				continue
			}
			size = l.scope.End - l.scope.Pos
		}
		if size <= bestSize {
			best, bestSize = l.Decl, size
		}
	}
	return best
}

// ParamIndex returns the index of a declaration among the parameters, or -1.
func (fi *FuncInfo) ParamIndex(d *parse.Decl) int {
	for i, p := range fi.Func.Params {
		if p == d {
			return i
		}
	}
	return -1
}

// CallKey identifies a call in the text: the offset is that of the function's name.
type CallKey struct {
	File *File
	Off  int
}

// Ref is a place in a function.
type Ref struct {
	In   *FuncInfo
	Expr *parse.Expr
}

// Evidence is a note on the text at an offset.
func (fi *FuncInfo) Evidence(off int, note string) result.Evidence {
	l := fi.File.Tree().Lines()
	return result.Evidence{File: fi.File.Path, Line: l.Line(off), Column: l.Col(off), Note: note}
}

// IsArray reports whether e names an array, not a pointer, which a parameter is.
func (fi *FuncInfo) IsArray(e *parse.Expr) bool {
	var d *parse.Decl
	switch x := e.Strip(); {
	case x == nil:
	case x.Kind == parse.XMember:
		d = fi.Member(x, 0)
	case x.Kind == parse.XIdent:
		if d = fi.Lookup(x.Name, x.Pos); d != nil {
			return d.Type.Array && fi.ParamIndex(d) < 0
		}
		if g := fi.File.Prog.Global(fi.File, x.Name); g != nil {
			d = g.Decl
		}
	}
	return d != nil && d.Type.Array
}

// SetByMacro reports whether a macro may set a variable that it gets, as
// LIST_FOREACH() and HASH_FIND() do.
func (fi *FuncInfo) SetByMacro(d *parse.Decl) bool {
	for u := range fi.Named(d.Name) {
		if u.Kind != parse.XIdent || u.Up == nil || u.Up.Kind != parse.XCall || u.Up.X == u || fi.Lookup(d.Name, u.Pos) != d {
			continue
		}
		if MacroSets(u.Up.Callee()) {
			return true
		}
	}
	return false
}

// MacroSets reports whether what is called may be a macro that sets its arguments, by its name.
func MacroSets(name string) bool {
	loops := strings.Contains(strings.ToLower(name), "each")
	return name != "" && !knowledge.External.Has(name) && (loops || name == strings.ToUpper(name) && !knowledge.KeepsArgument(name))
}

// Results returns the expressions that a function returns; for a macro the
// last expression of its replacement.
func (fi *FuncInfo) Results() []*parse.Expr {
	var out []*parse.Expr
	if fi.Func.Macro != nil {
		if l := fi.Func.Body().List; len(l) > 0 && l[len(l)-1].Kind == parse.SExpr {
			out = append(out, l[len(l)-1].Expr)
		}
		return out
	}
	fi.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SReturn && s.Expr != nil {
			out = append(out, s.Expr)
		}
		return true
	})
	return out
}

// IsResult reports whether a function returns the value of e; for a macro
// whether e is the value of its replacement.
func (fi *FuncInfo) IsResult(e *parse.Expr) bool { return slices.Contains(fi.Results(), e) }

// HasCall reports whether an expression is one of the function's own.
func (fi *FuncInfo) HasCall(e *parse.Expr) bool {
	for c := range fi.CallsOf(e.Callee()) {
		if c == e {
			return true
		}
	}
	return false
}

// Text is the text of an expression as it stands, blanks folded.
func (fi *FuncInfo) Text(e *parse.Expr) string {
	s := strings.Join(strings.Fields(string(fi.Func.File.Src[e.Pos:e.End])), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}
