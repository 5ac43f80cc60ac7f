package program

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// pasted returns the functions that a name which a macro of u puts together can
// be: event_add_##kind is event_add_read where the macro is used with read.
func (p *Program) pasted(u *File, name string) []*parse.Func {
	var out []*parse.Func
	u.Tables()
	for _, fn := range u.Tree().Funcs {
		if fn.Macro == nil || !u.Info(fn).CallsAny(name) {
			continue
		}
		for _, joined := range p.joins(fn, PasteParts(name), map[string]bool{}) {
			for _, f := range p.FuncsNamed(u, joined) {
				if !slices.Contains(out, f) {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// PasteParts splits a name made by ## into its parts.
func PasteParts(name string) []string {
	list := strings.Split(name, "##")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// Depends reports whether a piece is a parameter of the macro.
func Depends(m *parse.Macro, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return slices.Contains(m.Params, s) })
}

// Substitute puts the arguments of a macro's use in the place of its
// parameters; ok is false where one is more than a word.
func Substitute(m *parse.Macro, list []string, call *parse.Expr) (given []string, ok bool) {
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

// joins returns what the pieces of a name make in the uses of the macro fn. done
// holds what was asked before: macros may use each other.
func (p *Program) joins(fn *parse.Func, list []string, done map[string]bool) []string {
	if !Depends(fn.Macro, list) {
		return []string{strings.Join(list, "")}
	}
	key := fmt.Sprintf("%s:%d:%s", fn.File.Path, fn.NamePos, strings.Join(list, " "))
	if done[key] {
		return nil
	}
	done[key] = true
	var out []string
	for _, c := range p.Callers(fn) {
		given, ok := Substitute(fn.Macro, list, c.Expr)
		if !ok {
			continue
		}
		names := []string{strings.Join(given, "")}
		if c.In.Func.Macro != nil {
			names = p.joins(c.In.Func, given, done)
		}
		for _, name := range names {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
