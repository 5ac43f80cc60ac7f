package detect

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// Bounds of what a pasted name is looked up for.
const (
	maxPasted     = 16 // names that one can become
	maxPasteDepth = 4  // macros that hand a part of it on
)

// pasted returns the functions that a name which a macro of u puts together can
// be: event_add_##kind is event_add_read where the macro is used with read.
func (p *program) pasted(u *unit, name string) []*parse.Func {
	var out []*parse.Func
	u.tables()
	for _, fn := range u.tree().Funcs {
		if fn.Macro == nil || !u.info(fn).callsAny(name) {
			continue
		}
		for _, joined := range p.joins(fn, pieces(name), 0) {
			for _, f := range p.funcsNamed(u, joined) {
				if !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

func pieces(name string) []string {
	list := strings.Split(name, "##")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// pastedOn returns what a name that the macro fi puts together becomes on the way
// that the descriptor came, "" where the way does not say.
func (p *program) pastedOn(fi *funcInfo, name string, prov *trace) string {
	if fi.fn.Macro == nil || !strings.Contains(name, "##") {
		return ""
	}
	list := pieces(name)
	for m := fi.fn.Macro; ; {
		t := prov
		for t != nil && t.call.Callee() != m.Name {
			t = t.up
		}
		if t == nil {
			return ""
		}
		var ok bool
		if list, ok = substitute(m, list, t.call); !ok {
			return ""
		}
		if m, prov = t.fi.fn.Macro, t.up; m == nil || !depends(m, list) {
			return strings.Join(list, "")
		}
	}
}

// depends reports whether a piece is a parameter of the macro.
func depends(m *parse.Macro, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return slices.Contains(m.Params, s) })
}

// substitute puts the arguments of a macro's use in the place of its
// parameters; ok is false where one is more than a word.
func substitute(m *parse.Macro, list []string, call *parse.Expr) (given []string, ok bool) {
	given = slices.Clone(list)
	for i, s := range list {
		k := slices.Index(m.Params, s)
		if k < 0 {
			continue
		}
		if k >= len(call.Args) {
			return nil, false
		}
		x := call.Args[k]
		if x.Kind != parse.XIdent && x.Kind != parse.XNumber {
			return nil, false
		}
		given[i] = x.Name
	}
	return given, true
}

// joins returns what the pieces of a name make in the uses of the macro fn.
func (p *program) joins(fn *parse.Func, list []string, depth int) []string {
	if !depends(fn.Macro, list) {
		return []string{strings.Join(list, "")}
	}
	if depth == maxPasteDepth {
		return nil
	}
	var out []string
	for _, c := range p.callers(fn) {
		given, ok := substitute(fn.Macro, list, c.e)
		if !ok {
			continue
		}
		names := []string{strings.Join(given, "")}
		if c.fi.fn.Macro != nil {
			names = p.joins(c.fi.fn, given, depth+1)
		}
		for _, name := range names {
			if !slices.Contains(out, name) && len(out) < maxPasted {
				out = append(out, name)
			}
		}
	}
	return out
}

// pasted evaluates a name that the macro fi, used on the way fr, puts together:
// SO_##name.
func (ev *evaluator) pasted(fi *funcInfo, name string, fr *frame) values {
	list, m := pieces(name), fi.fn.Macro
	for m != nil && depends(m, list) {
		ev.sess.look(fr)
		if fr == nil {
			return dunno("%s is what the macro's user has", name)
		}
		var ok bool
		if list, ok = substitute(m, list, fr.call.e); !ok {
			return dunno("%s cannot be put together", name)
		}
		m, fr = fr.call.fi.fn.Macro, fr.up
	}
	c, ok := canonical(strings.Join(list, ""))
	if !ok {
		return dunno("%s is not known", strings.Join(list, ""))
	}
	return one(c)
}
