package judge

import (
	"slices"

	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/flow"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
)

// byScripts returns the call by which the programs that an interpreter runs set options of their
// sockets, where this is such a socket: its kind, or its listener, is what such a program says, and
// the program gets the descriptor. Between the two it is a value of a language, which nobody follows.
func (t *optionEffects) byScripts(f *flow.Flow) (Enabling, bool) {
	if _, how := f.PassedOutside(); how == "" {
		return Enabling{}, false
	}
	// What the values are must not use up what the options have to spend.
	own := &optionEffects{p: t.p, s: fixpoint.NewSession()}
	own.ev = eval.New(own.p, own.s)
	call := memo.Of[judgeMemos](&t.p.Memos).scriptOption.Get(struct{}{}, own.scriptOption)
	kind := f.Site.Expr.Args // its domain and type, or its listener
	if f.Site.Expr.Callee() != "socket" {
		kind = kind[:min(1, len(kind))]
	} else {
		kind = kind[:min(2, len(kind))]
	}
	foreign := func(e *parse.Expr) bool { return !own.isData(f.Site.In, e) }
	if call.Expr == nil || len(kind) == 0 || slices.ContainsFunc(kind, foreign) {
		return Enabling{}, false
	}
	h := flow.FDEvent{Kind: knowledge.SetOption, In: call.In, Call: call.Expr}
	return Enabling{Event: h, conditional: true, why: "as the programs that it runs say"}, true
}

// scriptOption finds a setsockopt() all of whose arguments are values of a language, in a tree that
// tells it the option's name.
func (t *optionEffects) scriptOption() program.Ref {
	if len(t.p.FilesNaming("SO_KEEPALIVE")) == 0 {
		return program.Ref{}
	}
	for _, u := range t.p.FilesNaming("setsockopt") {
		for _, fi := range u.FuncsNaming("setsockopt") {
			for _, c := range fi.Calls {
				if c.Callee() == "setsockopt" && len(c.Args) == 5 && fi.Func.Macro == nil &&
					t.isData(fi, c.Args[0]) && t.isData(fi, c.Args[1]) && t.isData(fi, c.Args[2]) {
					return program.Ref{In: fi, Expr: c}
				}
			}
		}
	}
	return program.Ref{}
}

// isData reports whether an argument is a value of which the tree says nothing, read there or in
// a variable before.
func (t *optionEffects) isData(fi *program.FuncInfo, e *parse.Expr) bool {
	if x := e.Strip(); x != nil && x.Kind == parse.XCall {
		return onlyData(t.ev.Eval(fi, x, nil))
	}
	return t.fromData(program.Ref{In: fi, Expr: e})
}
