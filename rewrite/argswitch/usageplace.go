package argswitch

import (
	"github.com/keepatch/keepatch/rewrite/ctree"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// place finds where the option's lines go in the source, in front of the line
// u, and how they are written there.
func (j *job) place(b *block, u *usageLine, lines []string) (at int, text string, ok bool) {
	f := b.f
	src := f.Src
	eol := eolOf(src)
	if !u.first {
		return inLiteral(f, u, lines, eol)
	}
	l := u.lit
	if !sameGuards(f, l.off, b.anchor()) {
		return 0, "", false
	}
	if s := statementOf(f, l.off); s != nil {
		if pre, post, ok := alone(f, s, l, u); ok && ctree.FirstOnLine(src, s.Pos) && s.Parent != nil && s.Parent.Kind == parse.SBlock && sameGuards(f, s.Pos, l.off) {
			ind := ctree.IndentAt(src, s.Pos)
			nl := `\n`
			if !u.nl {
				nl = "" // puts()
			}
			var out strings.Builder
			for _, x := range lines {
				out.WriteString(ind + pre + `"` + x + nl + `"` + post + eol)
			}
			return ctree.LineStart(src, s.Pos), out.String(), true
		}
	}
	if row, ok := arrayRow(f, l); ok && !u.nl {
		ind := string(src[ctree.LineStart(src, row):row])
		if strings.TrimSpace(ind) != "" {
			return 0, "", false
		}
		var out strings.Builder
		for _, x := range lines {
			out.WriteString(ind + `"` + x + `",` + eol)
		}
		return ctree.LineStart(src, row), out.String(), true
	}
	if !u.nl {
		return 0, "", false
	}
	// One literal more in front of this one.
	if ctree.FirstOnLine(src, l.off) {
		ind := ctree.IndentAt(src, l.off)
		tail := ""
		if inMacro(f, l.off) {
			tail = " \\"
		}
		var out strings.Builder
		for _, x := range lines {
			out.WriteString(ind + `"` + x + `\n"` + tail + eol)
		}
		return ctree.LineStart(src, l.off), out.String(), true
	}
	if inMacro(f, l.off) {
		return 0, "", false
	}
	pad := strings.Repeat(" ", ctree.Width(string(src[ctree.LineStart(src, l.off):l.off]), 8))
	if strings.Contains(ctree.IndentAt(src, l.off), "\t") {
		w := len(pad)
		pad = strings.Repeat("\t", w/8) + strings.Repeat(" ", w%8)
	}
	var out strings.Builder
	for _, x := range lines {
		out.WriteString(`"` + x + `\n"` + eol + pad)
	}
	return l.off, out.String(), true
}

// inLiteral puts the lines into the middle of a literal.
func inLiteral(f *parse.File, u *usageLine, lines []string, eol string) (int, string, bool) {
	// Each line of the text on its own line of the source?
	end := `\n`
	before := string(f.Src[u.lit.off:u.off])
	if strings.HasSuffix(before, "\\\n") {
		end = `\n\` + eol
	}
	return u.off, strings.Join(lines, end) + end, true
}

// anchor is a place that every build with the list compiles.
func (b *block) anchor() int {
	for _, fn := range b.f.Funcs {
		if fn.Start == b.from && fn.Macro == nil {
			return fn.BodyPos
		}
	}
	return b.lines[0].lit.off
}

func inMacro(f *parse.File, off int) bool {
	t := f.Toks[min(f.TokAt(off), len(f.Toks)-1)]
	return t.Kind == token.Hash && int(t.Off) <= off && off < int(t.End)
}

// statementOf is the expression statement that holds an offset.
func statementOf(f *parse.File, off int) *parse.Stmt {
	var found *parse.Stmt
	for _, fn := range f.FuncsAt(off) {
		if fn.Macro != nil {
			continue
		}
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Kind == parse.SExpr && s.Pos <= off && off < s.End {
				found = s
			}
			return true
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// alone reports whether a literal is the only one of its statement and its
// last argument, or the one in front of a stream; pre and post are what
// stands around it.
func alone(f *parse.File, s *parse.Stmt, l literal, u *usageLine) (pre, post string, ok bool) {
	pre = string(f.Src[s.Pos:l.off])
	post = string(f.Src[l.end:s.End])
	if strings.ContainsAny(pre+post, "\"\n%") || u.lit.text() != u.text && u.lit.text() != u.text+`\n` {
		return "", "", false
	}
	rest := strings.TrimLeft(post, " \t")
	if !strings.HasPrefix(rest, ")") && !strings.HasPrefix(squeeze(rest), ",std") {
		return "", "", false
	}
	return pre, post, true
}

// arrayRow recognises a literal that is an element of an array.
func arrayRow(f *parse.File, l literal) (int, bool) {
	i := f.TokAt(l.off)
	if i == 0 || i+1 >= len(f.Toks) || f.Toks[i+1].Op != token.Comma {
		return 0, false
	}
	if p := f.Toks[i-1].Op; p != token.Comma && p != token.LBrace {
		return 0, false
	}
	if len(f.FuncsAt(l.off)) > 0 && statementOf(f, l.off) != nil {
		return 0, false
	}
	return l.off, true
}
