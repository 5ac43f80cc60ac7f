package eval

import (
	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// A macro may name a variable of its user without being given it:
//
//	#define TRY(opt) setsockopt(s, SOL_SOCKET, opt, &on, sizeof(on))

// userName is a name in a macro's replacement as it stands where the macro is used.
type userName struct {
	call *parse.Expr
	name string
}

type evalMemos struct {
	users memo.Once[userName, *parse.Expr]
}

// inUser returns the variable that a name in the replacement of macro fi means where fr uses it;
// false where its user has none of that name.
func inUser(p *program.Program, s *fixpoint.Session, fi *program.FuncInfo, name string, fr *callgraph.Frame) (program.Ref, bool) {
	if fi.Func.Macro == nil {
		return program.Ref{}, false
	}
	s.DependsOn(fr)
	if fr == nil || fr.Call.Expr == nil || fr.Call.In == nil {
		return program.Ref{}, false
	}
	c := fr.Call
	if c.In.Lookup(name, c.Expr.Pos) == nil && c.In.Func.Macro == nil {
		return program.Ref{}, false
	}
	e := memo.Of[evalMemos](&p.Memos).users.Get(userName{c.Expr, name}, func() *parse.Expr {
		return &parse.Expr{Kind: parse.XIdent, Name: name, Pos: c.Expr.Pos, End: c.Expr.Pos, NamePos: c.Expr.Pos, Up: c.Expr, In: c.Expr.In}
	})
	return program.Ref{In: c.In, Expr: e}, true
}
