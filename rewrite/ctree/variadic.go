package ctree

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// Between counts the arguments that a call has between its text and those that the text
// prints, as the macro says that it calls: two in LOG("%s: %s", conn, peer, name, why) with
// #define LOG(fmt, conn, peer, ...). 0 for other calls.
func (p *Program) Between(f *parse.File, c *parse.Expr) int {
	at := LiteralIndex(c)
	params, ok := p.variadic(f, c.Callee())
	if !ok || at < 0 || len(params) <= at+1 || len(c.Args) < len(params) {
		return 0
	}
	return len(params) - at - 1
}

// variadic are the named parameters of a macro that takes more; ok is false for others.
func (p *Program) variadic(f *parse.File, name string) (params []string, ok bool) {
	m := p.FnMacro(f, name)
	if m == nil || len(m.Params) == 0 {
		return nil, false
	}
	last := len(m.Params) - 1
	if m.Params[last] != "..." {
		return nil, false
	}
	params = m.Params[:last]
	if last > 0 && namesRest(m, m.Params[last-1]) { // args...
		params = params[:last-1]
	}
	return params, true
}

// NeedsMore reports whether a call of a macro has to have more arguments than the n that it is
// given: what stands for the rest follows a comma in the definition, which would be left alone.
func (p *Program) NeedsMore(f *parse.File, name string, n int) bool {
	params, ok := p.variadic(f, name)
	if !ok || n > len(params) {
		return false
	}
	m := p.FnMacro(f, name)
	rest := "__VA_ARGS__"
	if i := len(m.Params) - 2; i >= 0 && namesRest(m, m.Params[i]) {
		rest = m.Params[i]
	}
	alone := false
	for i, k := range m.Body {
		switch m.File.Text(k) {
		case "__VA_OPT__":
			return false
		case rest:
			alone = alone || i > 0 && m.Body[i-1].Op == token.Comma
		}
	}
	return alone
}

// namesRest reports whether a parameter of a macro is its name for the rest: args...
func namesRest(m *parse.Macro, param string) bool {
	head, _, _ := strings.Cut(string(m.File.Src[m.Off:m.End]), "...")
	return strings.HasSuffix(strings.TrimRight(head, " \t"), param)
}
