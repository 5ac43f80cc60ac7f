package usage

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// place finds where the option's lines go in the source, before the line
// u, and how they are written there.
func place(b *Block, u *Line, lines []string) (at int, content string, ok bool) {
	f := b.f
	src := f.Src
	eol := text.EOL(src, 0)
	if !u.first {
		if at, content, ok := afterNewline(f, u, lines, eol); ok {
			return at, content, ok
		}
		return inLiteral(f, u, lines, eol)
	}
	l := u.lit
	if !f.SameGuards(l.Off, b.anchor()) {
		return 0, "", false
	}
	if s := statementOf(f, l.Off); s != nil {
		if pre, post, ok := b.soleLiteral(s, l, u); ok && text.FirstOnLine(src, s.Pos) && s.Parent != nil &&
			s.Parent.Kind == parse.SBlock && f.SameGuards(s.Pos, l.Off) {
			ind := text.IndentAt(src, s.Pos)
			nl := `\n`
			if !u.newline && strings.Contains(pre, "puts") {
				nl = "" // it ends the line by itself
			}
			var out strings.Builder
			for _, x := range lines {
				out.WriteString(ind + pre + `"` + x + nl + `"` + post + eol)
			}
			return text.LineStart(src, s.Pos), out.String(), true
		}
	}
	if row, ok := arrayRow(f, l); ok && !u.newline {
		ind := string(src[text.LineStart(src, row):row])
		if strings.TrimSpace(ind) != "" {
			return 0, "", false
		}
		var out strings.Builder
		for _, x := range lines {
			out.WriteString(ind + `"` + x + `",` + eol)
		}
		return text.LineStart(src, row), out.String(), true
	}
	if !u.newline {
		return 0, "", false
	}
	// One literal more before this one.
	if text.FirstOnLine(src, l.Off) {
		ind := text.IndentAt(src, l.Off)
		tail := ""
		if inMacro(f, l.Off) {
			tail = " \\"
		}
		var out strings.Builder
		for _, x := range lines {
			out.WriteString(ind + `"` + x + `\n"` + tail + eol)
		}
		return text.LineStart(src, l.Off), out.String(), true
	}
	if i := f.TokAt(l.Off); inMacro(f, l.Off) || i > 0 && f.Toks[i-1].Kind == token.String {
		return 0, "", false // two literals of one line stay together
	}
	pad := strings.Repeat(" ", text.Width(string(src[text.LineStart(src, l.Off):l.Off]), 8))
	if strings.Contains(text.IndentAt(src, l.Off), "\t") {
		w := len(pad)
		pad = strings.Repeat("\t", w/8) + strings.Repeat(" ", w%8)
	}
	var out strings.Builder
	for _, x := range lines {
		out.WriteString(`"` + x + `\n"` + eol + pad)
	}
	return l.Off, out.String(), true
}

// placeBehind is the same for the end of a list: behind the entry u and what is said
// about it.
func placeBehind(b *Block, u *Line, lines []string) (at int, content string, ok bool) {
	f := b.f
	last, next := b.lastOf(u)
	if next != nil && next.lit.Off == last.lit.Off {
		return inLiteral(f, next, lines, text.EOL(f.Src, 0))
	}
	l := last.lit
	if !f.SameGuards(l.Off, b.anchor()) || inMacro(f, l.Off) {
		return 0, "", false
	}
	eol := text.EOL(f.Src, 0)
	var out strings.Builder
	s := statementOf(f, l.Off)
	if u.lit.Text() == `\n`+u.text || s == nil && !joined(f, l.Off) {
		return 0, "", false
	}
	pre, post, ok := "", "", false
	if s != nil {
		if statementOf(f, u.lit.Off) == s {
			pre, post, ok = b.soleLiteral(s, u.lit, u) // what is said about it, too
		}
		if !ok {
			pre, post, ok = b.soleLiteral(s, l, last)
		}
	}
	if !last.newline && !strings.Contains(pre, "puts") {
		return 0, "", false
	}
	if ok {
		at, ok := patch.LineAfter(f, s.End)
		if !ok || !text.FirstOnLine(f.Src, s.Pos) || s.Parent == nil || s.Parent.Kind != parse.SBlock || !f.SameGuards(s.Pos, l.Off) {
			return 0, "", false
		}
		nl := `\n`
		if !last.newline && strings.Contains(pre, "puts") {
			nl = "" // it ends the line by itself
		}
		for _, x := range lines {
			out.WriteString(text.IndentAt(f.Src, s.Pos) + pre + `"` + x + nl + `"` + post + eol)
		}
		return at, out.String(), true
	}
	if !text.FirstOnLine(f.Src, l.Off) {
		return 0, "", false
	}
	for _, x := range lines {
		out.WriteString(eol + text.IndentAt(f.Src, l.Off) + `"` + x + `\n"`)
	}
	return l.End, out.String(), true
}

// joined reports whether a literal is one of several that make a string.
func joined(f *parse.File, off int) bool {
	i := f.TokAt(off)
	return i > 0 && f.Toks[i-1].Kind == token.String || i+1 < len(f.Toks) && f.Toks[i+1].Kind == token.String
}

// lastOf is the last line about an option, and the line after it.
func (b *Block) lastOf(u *Line) (last, next *Line) {
	for i, l := range b.Lines {
		if l != u {
			continue
		}
		last = u
		for _, x := range b.Lines[i+1:] {
			white := leadingSpace(x.text)
			if x.Entry != nil || len(white) == len(x.text) || colWidth(white) <= colWidth(u.Entry.lead) {
				return last, x
			}
			last = x
		}
	}
	return last, nil
}

// afterNewline is the place of literals of their own where each line of the text is one
// that begins with the end of the line before.
func afterNewline(f *parse.File, u *Line, lines []string, eol string) (int, string, bool) {
	if u.newline || u.lit.Text() != `\n`+u.text || !text.FirstOnLine(f.Src, u.lit.Off) || inMacro(f, u.lit.Off) {
		return 0, "", false
	}
	ind := text.IndentAt(f.Src, u.lit.Off)
	var out strings.Builder
	for _, x := range lines {
		out.WriteString(ind + `"\n` + x + `"` + eol)
	}
	return text.LineStart(f.Src, u.lit.Off), out.String(), true
}

// inLiteral puts the lines into the middle of a literal.
func inLiteral(f *parse.File, u *Line, lines []string, eol string) (int, string, bool) {
	// Each line of the text on its own line of the source?
	end := `\n`
	before := string(f.Src[u.lit.Off:u.off])
	if strings.HasSuffix(before, "\\\n") {
		end = `\n\` + eol
	}
	return u.off, strings.Join(lines, end) + end, true
}

// anchor is a place that every build with the list compiles.
func (b *Block) anchor() int {
	for _, fn := range b.f.Funcs {
		if fn.Start == b.from && fn.Macro == nil {
			return fn.BodyPos
		}
	}
	return b.Lines[0].lit.Off
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

// soleLiteral reports whether a literal, or the text of one option that it begins, is the
// only one of its statement and its last argument, or the one before a stream; pre
// and post are what stands around it.
func (b *Block) soleLiteral(s *parse.Stmt, l patch.Literal, u *Line) (pre, post string, ok bool) {
	f := b.f
	pre = string(f.Src[s.Pos:l.Off])
	post = string(f.Src[literalsEnd(f, l):s.End])
	whole := post == string(f.Src[l.End:s.End])
	for _, x := range b.Lines { // of several options that one call prints none has its own
		if !whole && x != u && x.Entry != nil && s.Pos <= x.lit.Off && x.lit.Off < s.End {
			return "", "", false
		}
	}
	if strings.ContainsAny(pre+post, "\"\n%") || whole && u.lit.Text() != u.text && u.lit.Text() != u.text+`\n` {
		return "", "", false
	}
	rest := strings.TrimLeft(post, " \t")
	if !strings.HasPrefix(rest, ")") && !strings.HasPrefix(text.StripSpace(rest), ",std") {
		return "", "", false
	}
	return pre, post, true
}

// literalsEnd is the end of the literals that make one string with l.
func literalsEnd(f *parse.File, l patch.Literal) int {
	end := l.End
	for i := f.TokAt(l.Off) + 1; i < len(f.Toks) && f.Toks[i].Kind == token.String; i++ {
		end = int(f.Toks[i].End)
	}
	return end
}

// arrayRow recognises a literal that is an element of an array.
func arrayRow(f *parse.File, l patch.Literal) (int, bool) {
	i := f.TokAt(l.Off)
	if i == 0 || i+1 >= len(f.Toks) || f.Toks[i+1].Op != token.Comma {
		return 0, false
	}
	if p := f.Toks[i-1].Op; p != token.Comma && p != token.LBrace {
		return 0, false
	}
	if len(f.FuncsAt(l.Off)) > 0 && statementOf(f, l.Off) != nil {
		return 0, false
	}
	return l.Off, true
}
