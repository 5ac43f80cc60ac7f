package program

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// BlockValue returns the statement expression whose value the statement s is:
// of ({ ...; s; }), nil for all other statements.
func (fi *FuncInfo) BlockValue(s *parse.Stmt) *parse.Expr {
	b := s.Parent
	if s.Kind != parse.SExpr || b == nil || b.Kind != parse.SBlock || len(b.List) == 0 || b.List[len(b.List)-1] != s || s.Expr == nil {
		return nil
	}
	fi.blockOnce.Do(func() {
		fi.blocks = map[*parse.Stmt]*parse.Expr{}
		fi.Func.Body().Walk(func(st *parse.Stmt) bool {
			st.Exprs(func(e *parse.Expr) {
				e.Walk(func(x *parse.Expr) bool {
					if x.Kind == parse.XBlock {
						fi.blocks[x.Block] = x
					}
					return true
				})
			})
			return true
		})
	})
	return fi.blocks[b]
}

// PassesThrough reports whether a call is a macro that has its only argument
// as value: one of the tree that does no more than cast it, or one of a
// library, such as glibc's TEMP_FAILURE_RETRY() or the likely() of many.
func (p *Program) PassesThrough(fi *FuncInfo, call, arg *parse.Expr) bool {
	if len(call.Args) != 1 || call.Args[0] != arg {
		return false
	}
	name := call.Callee()
	if name == "" || len(p.FuncsNamed(fi.File, name)) > 0 {
		return false
	}
	var cands []*File
	for _, u := range p.FilesWithMacro(name) {
		u.Tables()
		if len(u.Macros[name]) > 0 {
			cands = append(cands, u)
		}
	}
	for _, u := range Nearest(fi.File, cands) {
		for _, m := range u.Macros[name] {
			return m.Casts()
		}
	}
	return name == "TEMP_FAILURE_RETRY" || strings.HasSuffix(strings.ToLower(name), "likely")
}
