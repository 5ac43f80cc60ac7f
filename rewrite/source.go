package rewrite

import (
	"bytes"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// exprText returns the bytes of an expression as they stand in the file.
func exprText(f *parse.File, e *parse.Expr) string {
	if e == nil {
		return ""
	}
	return string(f.Src[e.Pos:e.End])
}

// norm takes the blanks and comments out of a piece of C, so that two spellings of one expression
// compare equal. It is used on lvalues and casts, never on literals.
func norm(s string) string {
	if i := strings.Index(s, "/*"); i >= 0 {
		if j := strings.Index(s[i:], "*/"); j >= 0 {
			return norm(s[:i] + " " + s[i+j+2:])
		}
	}
	return strings.Join(strings.Fields(s), "")
}

// same reports whether e, without parentheses and casts, spells the lvalue fd.
func same(f *parse.File, e *parse.Expr, fd string) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	switch e.Kind {
	case parse.XIdent, parse.XMember, parse.XIndex, parse.XUnary:
		return norm(exprText(f, e)) == fd
	}
	return false
}

// mentions reports whether the lvalue fd is read or written anywhere in e.
func mentions(f *parse.File, e *parse.Expr, fd string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if !found && (x.Kind == parse.XIdent || x.Kind == parse.XMember || x.Kind == parse.XIndex || x.Kind == parse.XUnary) &&
			norm(exprText(f, x)) == fd {
			found = true
		}
		return !found
	})
	return found
}

// stmtMentions is mentions for a statement and everything below it.
func stmtMentions(f *parse.File, s *parse.Stmt, fd string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			if mentions(f, e, fd) {
				found = true
			}
		})
		return !found
	})
	return found
}

// assigns reports whether something at or below s gives fd a new value.
func assigns(f *parse.File, s *parse.Stmt, fd string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XAssign && same(f, y.X, fd) {
					found = true
				}
				return true
			})
		})
		return !found
	})
	return found
}

// calls calls visit for each call in s and below, in the order of the text.
func calls(s *parse.Stmt, visit func(call *parse.Expr, owner *parse.Stmt)) {
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XCall {
					visit(y, x)
				}
				return true
			})
		})
		return true
	})
}

// lineStart returns the offset at which the line of off begins.
func lineStart(src []byte, off int) int {
	return bytes.LastIndexByte(src[:off], '\n') + 1
}

// lineEnd returns the offset of the byte after the line's ending.
func lineEnd(src []byte, off int) int {
	if i := bytes.IndexByte(src[off:], '\n'); i >= 0 {
		return off + i + 1
	}
	return len(src)
}

// blankLine reports whether the line at off holds nothing but white space.
func blankLine(src []byte, off int) bool {
	return off < len(src) && len(bytes.TrimSpace(src[off:lineEnd(src, off)])) == 0
}

// indentAt returns the white space that the line of off begins with.
func indentAt(src []byte, off int) string {
	i := lineStart(src, off)
	j := i
	for j < len(src) && (src[j] == ' ' || src[j] == '\t') {
		j++
	}
	return string(src[i:j])
}

// firstOnLine reports whether nothing but white space stands before off on
// its line.
func firstOnLine(src []byte, off int) bool {
	return lineStart(src, off)+len(indentAt(src, off)) == off
}

// width is the column, from 0, that s ends in when it starts a line.
func width(s string, tab int) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\t' {
			n += tab - n%tab
		} else {
			n++
		}
	}
	return n
}

// commentBefore returns the comment that stands on the lines just above off,
// which begins a line, else "".
func commentBefore(f *parse.File, off int) string {
	start := lineStart(f.Src, off)
	for i := len(f.Comments) - 1; i >= 0; i-- {
		c := f.Comments[i]
		if int(c.End) > start {
			continue
		}
		if len(bytes.TrimSpace(f.Src[c.End:start])) > 0 || bytes.Count(f.Src[c.End:start], []byte("\n")) > 1 {
			return ""
		}
		if !firstOnLine(f.Src, int(c.Off)) {
			return ""
		}
		return string(f.Src[c.Off:c.End])
	}
	return ""
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// collapse brings a piece of C that may span lines onto one, literals kept.
func collapse(s string) string {
	var b strings.Builder
	quote := byte(0)
	space := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if quote != 0 {
			b.WriteByte(c)
			if c == '\\' && i+1 < len(s) {
				i++
				b.WriteByte(s[i])
			} else if c == quote {
				quote = 0
			}
			continue
		}
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if c == '"' || c == '\'' {
			quote = c
		}
		b.WriteByte(c)
	}
	return b.String()
}

func withoutStrings(s string) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func hasWord(s, w string) bool {
	for i := 0; ; {
		j := strings.Index(s[i:], w)
		if j < 0 {
			return false
		}
		j += i
		i = j + len(w)
		if (j == 0 || !isWordByte(s[j-1])) && (i >= len(s) || !isWordByte(s[i])) {
			return true
		}
	}
}

// replaceWord exchanges an lvalue in a text, where it stands by itself.
func replaceWord(text, old, repl string) string {
	for at := 0; ; {
		i := strings.Index(text[at:], old)
		if i < 0 {
			return text
		}
		i += at
		j := i + len(old)
		if (i == 0 || !isWordByte(text[i-1]) && text[i-1] != '.' && text[i-1] != '>') && (j == len(text) || !isWordByte(text[j])) {
			text = text[:i] + repl + text[j:]
			j = i + len(repl)
		}
		at = j
	}
}

// commentBehind is the offset of the comment that ends the line of off, -1
// when there is none.
func commentBehind(f *parse.File, off int) int {
	end := lineEnd(f.Src, off)
	for _, c := range f.Comments {
		if int(c.Off) >= off && int(c.Off) < end {
			return int(c.Off)
		}
	}
	return -1
}

// lineAfter returns the start of the line behind the one that holds end, a
// comment that begins on that line included. ok is false when other code
// shares the line.
func lineAfter(f *parse.File, end int) (int, bool) {
	src := f.Src
	for {
		le := lineEnd(src, end)
		rest := src[end:le]
		trimmed := bytes.TrimLeft(rest, " \t")
		off := end + len(rest) - len(trimmed)
		if len(bytes.TrimSpace(trimmed)) == 0 {
			return le, true
		}
		i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].Off) >= off })
		if i < len(f.Comments) && int(f.Comments[i].Off) == off {
			end = int(f.Comments[i].End)
			if f.Comments[i].Line {
				return lineEnd(src, int(f.Comments[i].Off)), true
			}
			continue
		}
		return 0, false
	}
}

// count adds 1 to a if first is set, else to b.
func count(first bool, a, b *int) {
	if first {
		*a++
	} else {
		*b++
	}
}

// words are the identifiers of a piece of C that are looked up in scope: not
// those in literals or behind . and ->, and no keywords.
func words(text string) (names []string) {
	s := withoutStrings(text)
	for i := 0; i < len(s); {
		c := s[i]
		if !isWordByte(c) {
			i++
			continue
		}
		j := i
		for j < len(s) && isWordByte(s[j]) {
			j++
		}
		before := strings.TrimRight(s[:i], " \t")
		member := strings.HasSuffix(before, ".") || strings.HasSuffix(before, "->")
		if w := s[i:j]; (c < '0' || c > '9') && !member && !keywords[w] {
			names = append(names, w)
		}
		i = j
	}
	return names
}

var keywords = map[string]bool{"if": true, "else": true, "return": true, "goto": true, "break": true, "continue": true, "sizeof": true,
	"const": true, "void": true, "char": true, "int": true, "unsigned": true, "struct": true, "for": true, "while": true, "do": true}
