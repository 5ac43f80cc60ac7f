package flow

import (
	"slices"

	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// userNames follows a variable into the macros that name it without being given it:
//
//	#define TRY(level, opt) (setsockopt(s, level, opt, &on, sizeof(on)) < 0)
//	if (TRY(SOL_SOCKET, SO_KEEPALIVE))
func (f *Flow) userNames(s state) {
	d := s.at.decl
	calls := f.callsNaming(s.in, d.Name)
	if len(calls) == 0 {
		return
	}
	var reached []defuse.ReachedPart
	if s.from != nil {
		reached = defuse.ReachedNodes(s.in, d, s.from)
	}
	for _, c := range calls {
		if s.in.Lookup(d.Name, c.Pos) != d {
			continue
		}
		if reached != nil {
			if n := s.in.NodeOf(c); n == nil || !reached[n.ID].Covers(c, s.from) {
				continue
			}
		}
		f.inMacros(s.in, c, d.Name, s.ctx, nil)
	}
}

// inMacros goes on where the macros that a call can mean, or those in their replacements, name
// the variable; around are the macros in whose replacements the call stands.
func (f *Flow) inMacros(fi *program.FuncInfo, call *parse.Expr, name string, ctx Context, around []*parse.Func) {
	for _, fn := range f.Prog.FuncsNamed(fi.File, call.Callee()) {
		if fn.Macro == nil || slices.Contains(fn.Macro.Params, name) || slices.Contains(around, fn) {
			continue
		}
		gi := f.Prog.InfoOf(fn)
		in := f.enterCall(ctx, fi, call)
		for e := range gi.Named(name) {
			if e.Kind == parse.XIdent && gi.Lookup(name, e.Pos) == nil && !f.isStore(e) {
				f.value(gi, e, in)
			}
		}
		for _, c := range f.callsNaming(gi, name) {
			f.inMacros(gi, c, name, in, append(slices.Clip(around), fn))
		}
	}
}

// nameIn is a variable's name in a function.
type nameIn struct {
	fi   *program.FuncInfo
	name string
}

// callsNaming returns the calls in a function of macros that name a variable, or whose
// replacements use one that does.
func (f *Flow) callsNaming(fi *program.FuncInfo, name string) []*parse.Expr {
	return memo.Of[flowMemos](&f.Prog.Memos).callsNaming.Get(nameIn{fi, name}, func() (out []*parse.Expr) {
		for _, c := range fi.Calls {
			if f.macroNames(c.Callee(), name, map[string]bool{}) {
				out = append(out, c)
			}
		}
		return out
	})
}

// macroNames reports whether a macro of the tree names a variable. What names a variable of its
// user stands in one file with the name. The macros in asked do not, or are being asked.
func (f *Flow) macroNames(macro, name string, asked map[string]bool) bool {
	if asked[macro] {
		return false
	}
	asked[macro] = true
	for _, u := range f.Prog.FilesWithMacro(macro) {
		if !f.Prog.Occurs(u, name) {
			continue
		}
		u.Tables()
		for _, m := range u.Macros[macro] {
			if !m.FnLike || slices.Contains(m.Params, name) {
				continue
			}
			for i, t := range m.Body {
				if t.Kind != token.Ident || i > 0 && (m.Body[i-1].Op == token.Arrow || m.Body[i-1].Op == token.Dot) {
					continue
				}
				if word := m.File.Text(t); word == name || i+1 < len(m.Body) &&
					m.Body[i+1].Op == token.LParen && f.macroNames(word, name, asked) {
					return true
				}
			}
		}
	}
	return false
}
