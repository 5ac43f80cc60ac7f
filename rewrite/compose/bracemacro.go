package compose

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/templates"
)

// BraceMacros puts braces around what a failure does where one of its calls may be
// a macro that stands for nothing, or for several statements: an if without
// braces would have an empty body (-Wempty-body), or less than its author sees.
func (p *Composer) BraceMacros(t *Target, b *templates.Block) {
	for _, s := range append(append([]string(nil), b.Report...), b.Leave...) {
		if ids := ctree.Identifiers(s); len(ids) > 0 && p.oddMacro(t.Spot.File, ids[0]) {
			t.Style.BraceOne = true
		}
	}
}

// oddMacro reports whether one of the definitions that a file may see of a macro is
// empty or more than one statement.
func (p *Composer) oddMacro(f *parse.File, name string) bool {
	return p.oddMacros.Get(macroIn{f, name}, func() bool { return p.findOddMacro(f, name) })
}

func (p *Composer) findOddMacro(f *parse.File, name string) bool {
	odd, any := false, false
	ask := func(g *parse.File) {
		for _, m := range g.Macros {
			if m.Name == name {
				any = true
				odd = odd || !oneStatement(m)
			}
		}
	}
	ask(f)
	p.Headers(f, name, func(h *parse.File) bool {
		ask(h)
		return !odd
	})
	if !any {
		if m := p.FnMacro(f, name); m != nil {
			odd = !oneStatement(m)
		}
	}
	return odd
}

// oneStatement reports whether a macro's replacement is one expression or statement.
func oneStatement(m *parse.Macro) bool {
	depth, n := 0, len(m.Body)
	for i, k := range m.Body {
		switch k.Op {
		case token.LParen, token.LBrace, token.LBrack:
			depth++
		case token.RParen, token.RBrace, token.RBrack:
			depth--
		case token.Semi:
			if depth == 0 && i < n-1 {
				return false
			}
		}
	}
	return n > 0
}

// macroIn is the name of a macro in a file.
type macroIn struct {
	file *parse.File
	name string
}
