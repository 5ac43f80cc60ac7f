package detect

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// callers returns the direct calls of fn in the tree: those whose callee,
// seen from their file, can be fn.
func (p *program) callers(fn *parse.Func) (out []ref) {
	p.eachCaller(fn, func(c ref) bool {
		out = append(out, c)
		return true
	})
	return out
}

// eachCaller calls visit for them, until it returns false.
func (p *program) eachCaller(fn *parse.Func, visit func(c ref) bool) {
	home := p.unitOf(fn)
	units := p.unitsWith(fn.Name)
	if fn.Static && !strings.HasSuffix(home.path, ".h") {
		units = []*unit{home}
		for _, u := range p.unitsWith(fn.Name) {
			if u != home && p.includes(u, home) {
				units = append(units, u)
			}
		}
	}
	for _, u := range units {
		// A macro that bears the name of a library's function is what its users
		// call: #define socket(d, t, p) my_socket(d, t, p).
		shadows := fn.Macro != nil && external[fn.Name]
		if !shadows && !p.means(u, fn) {
			continue
		}
		kind := calledMention
		if fn.Macro != nil && !fn.Macro.FnLike {
			kind = anyMention // such a macro is used without parentheses
		}
		funcs, _ := u.funcsWith(fn.Name, kind)
		for _, fi := range funcs {
			if fi.fn == fn || shadows && fi.fn.Macro != nil {
				continue // recursion adds nothing
			}
			uses := fi.callsOf(fn.Name)
			if kind == anyMention {
				uses = fi.named(fn.Name)
			}
			for c := range uses {
				if fi.lookup(fn.Name, c.NamePos) == nil && !visit(ref{fi, c}) {
					return
				}
			}
		}
	}
}

// means reports whether the name of fn, used in u, can mean fn.
func (p *program) means(u *unit, fn *parse.Func) bool {
	for _, t := range p.funcsNamed(u, fn.Name) {
		if t == fn || t.File == fn.File && t.Start == fn.Start {
			return true
		}
	}
	return false
}

// mentionKind says which occurrences of a name are asked for. To leave out the
// others by their neighbours saves the trees of the functions they stand in.
type mentionKind uint8

const (
	anyMention    mentionKind = iota
	heldMention               // of a function's name: otherwise than being called
	calledMention             // of a function's name: f() or (f)()
	memberOnly                // behind . or ->
	neverMember               // elsewhere
)

func (k mentionKind) takes(toks []parse.Token, i int) bool {
	switch k {
	case heldMention:
		return i+1 >= len(toks) || toks[i+1].Op != parse.LParen
	case calledMention:
		return i+1 < len(toks) && (toks[i+1].Op == parse.LParen || toks[i+1].Op == parse.RParen)
	case memberOnly, neverMember:
		behind := i > 0 && (toks[i-1].Op == parse.Dot || toks[i-1].Op == parse.Arrow)
		return behind == (k == memberOnly)
	}
	return true
}

// funcsMentioning returns the functions of a file in whose text a name occurs.
func (u *unit) funcsMentioning(name string) []*funcInfo {
	out, _ := u.funcsWith(name, anyMention)
	return out
}

// funcsWith returns those with an occurrence of that kind, and whether there is
// one outside of functions.
func (u *unit) funcsWith(name string, kind mentionKind) (out []*funcInfo, outside bool) {
	f := u.tree()
	seen := map[*parse.Func]bool{}
	var funcs []*parse.Func
	for _, i := range f.Idents(name) {
		if !kind.takes(f.Toks, int(i)) {
			continue
		}
		funcs = f.AppendFuncsAt(funcs[:0], int(f.Toks[i].Off))
		for _, fn := range funcs {
			if !seen[fn] {
				seen[fn] = true
				out = append(out, u.info(fn))
			}
		}
		outside = outside || len(funcs) == 0
	}
	for _, m := range u.macrosNaming(name) {
		if !seen[m.fn] && kind.takes(m.fn.Macro.Body, m.token) {
			seen[m.fn] = true
			out = append(out, u.info(m.fn))
		}
	}
	return out, outside
}

// macroName is an occurrence of a name in the replacement of a macro that reads as
// a function.
type macroName struct {
	fn    *parse.Func
	token int
}

// macrosNaming returns the occurrences of a name in such replacements, in order.
func (u *unit) macrosNaming(name string) []macroName {
	if u.twin != nil {
		return u.twin.macrosNaming(name)
	}
	u.bodyOnce.Do(func() {
		f := u.tree()
		u.bodies = map[string][]macroName{}
		for _, fn := range f.Funcs {
			if fn.Macro == nil {
				continue
			}
			for i, t := range fn.Macro.Body {
				if t.Kind == parse.Ident {
					u.bodies[f.Text(t)] = append(u.bodies[f.Text(t)], macroName{fn, i})
				}
			}
		}
	})
	return u.bodies[name]
}
