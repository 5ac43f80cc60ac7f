// Package ctree has helpers on C text and trees, and the rewriter's view of a
// program: files that hold sites parsed, the others read on demand.
//
// Text helpers work on the bytes of a file and on offsets; nothing is printed from
// a tree. Tree helpers answer from one function, in time linear in it, and err on
// the safe side: what is not certain counts as changed, alive or taken.
package ctree

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// Normalize takes the blanks and comments out of a piece of C, so that two spellings of one expression
// compare equal. It is used on lvalues and casts, never on literals.
func Normalize(s string) string {
	if i := strings.Index(s, "/*"); i >= 0 {
		if j := strings.Index(s[i:], "*/"); j >= 0 {
			return Normalize(s[:i] + " " + s[i+j+2:])
		}
	}
	return strings.Join(strings.Fields(s), "")
}

// IsLvalue reports whether e, without parentheses and casts, spells the lvalue fd.
func IsLvalue(f *parse.File, e *parse.Expr, fd string) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	switch e.Kind {
	case parse.XIdent, parse.XMember, parse.XIndex, parse.XUnary:
		return Normalize(parse.ExprText(f, e)) == fd
	}
	return false
}

// Mentions reports whether the lvalue fd is read or written anywhere in e.
func Mentions(f *parse.File, e *parse.Expr, fd string) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if !found && (x.Kind == parse.XIdent || x.Kind == parse.XMember || x.Kind == parse.XIndex || x.Kind == parse.XUnary) &&
			Normalize(parse.ExprText(f, x)) == fd {
			found = true
		}
		return !found
	})
	return found
}

// StmtMentions is mentions for a statement and everything below it.
func StmtMentions(f *parse.File, s *parse.Stmt, fd string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			if Mentions(f, e, fd) {
				found = true
			}
		})
		return !found
	})
	return found
}

// Assigns reports whether something at or below s gives fd a new value.
func Assigns(f *parse.File, s *parse.Stmt, fd string) bool {
	found := false
	s.Walk(func(x *parse.Stmt) bool {
		x.Exprs(func(e *parse.Expr) {
			e.Walk(func(y *parse.Expr) bool {
				if y.Kind == parse.XAssign && IsLvalue(f, y.X, fd) {
					found = true
				}
				return true
			})
		})
		return !found
	})
	return found
}

// Calls calls visit for each call in s and below, in the order of the text.
func Calls(s *parse.Stmt, visit func(call *parse.Expr, owner *parse.Stmt)) {
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

// NamesClose reports whether a function closes what it is given, by its name:
// close_on_exec() does not.
func NamesClose(callee string) bool {
	low := strings.ToLower(callee)
	return strings.Contains(low, "close") && !strings.Contains(low, "exec")
}

// CommentBefore returns the comment that stands on the lines just above off,
// which begins a line, else "".
func CommentBefore(f *parse.File, off int) string {
	start := text.LineStart(f.Src, off)
	for i := len(f.Comments) - 1; i >= 0; i-- {
		c := f.Comments[i]
		if int(c.End) > start {
			continue
		}
		if len(bytes.TrimSpace(f.Src[c.End:start])) > 0 || bytes.Count(f.Src[c.End:start], []byte("\n")) > 1 {
			return ""
		}
		if !text.FirstOnLine(f.Src, int(c.Off)) {
			return ""
		}
		return string(f.Src[c.Off:c.End])
	}
	return ""
}

// OneLine brings a piece of C that may span lines onto one, literals kept.
func OneLine(s string) string {
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

// WithoutStrings removes string and character literals from a piece of C.
func WithoutStrings(s string) string {
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

// ReplaceWord exchanges an lvalue in a text, where it stands by itself.
func ReplaceWord(content, old, repl string) string {
	content, _ = exchange(content, old, repl, func(before string) bool {
		c := before[len(before)-1]
		return !text.IsWordByte(c) && c != '.' && c != '>'
	})
	return content
}

// ReplaceInLiteral exchanges a word in the text of a literal, where no letter, digit
// or underscore continues it; the letter of an escape such as \n does not. ok says
// whether it was there.
func ReplaceInLiteral(content, old, repl string) (out string, ok bool) {
	return exchange(content, old, repl, func(before string) bool {
		n := len(before)
		return !text.IsWordByte(before[n-1]) || n > 1 && before[n-2] == '\\'
	})
}

// exchange replaces old where no word byte follows it and starts accepts what
// stands before it, or nothing does.
func exchange(content, old, repl string, starts func(before string) bool) (out string, ok bool) {
	if old == "" {
		return content, false
	}
	for at := 0; ; {
		i := strings.Index(content[at:], old)
		if i < 0 {
			return content, ok
		}
		i += at
		j := i + len(old)
		if (i == 0 || starts(content[:i])) && (j == len(content) || !text.IsWordByte(content[j])) {
			content, ok = content[:i]+repl+content[j:], true
			j = i + len(repl)
		}
		at = j
	}
}

// CommentAfter is the offset of the comment that ends the line of off, -1
// when there is none.
func CommentAfter(f *parse.File, off int) int {
	end := text.LineEnd(f.Src, off)
	for _, c := range f.Comments {
		if int(c.Off) >= off && int(c.Off) < end {
			return int(c.Off)
		}
	}
	return -1
}

// LineAfter returns the start of the line after the one that holds end, a
// comment that begins on that line included. ok is false when other code
// shares the line.
func LineAfter(f *parse.File, end int) (int, bool) {
	src := f.Src
	for {
		le := text.LineEnd(src, end)
		rest := src[end:le]
		trimmed := bytes.TrimLeft(rest, " \t")
		off := end + len(rest) - len(trimmed)
		if len(bytes.TrimSpace(trimmed)) == 0 {
			return le, true
		}
		c, ok := f.CommentAt(off)
		if !ok {
			return 0, false
		}
		if end = int(c.End); c.Line {
			return text.LineEnd(src, off), true
		}
	}
}

// Count adds 1 to a if first is set, else to b.
func Count(first bool, a, b *int) {
	if first {
		*a++
	} else {
		*b++
	}
}

// Identifiers are the identifiers of a piece of C that are looked up in scope: not
// those in literals or after . and ->, and no keywords.
func Identifiers(content string) (names []string) {
	s := WithoutStrings(content)
	for i, w := range text.Words(s) {
		before := strings.TrimRight(s[:i], " \t")
		member := strings.HasSuffix(before, ".") || strings.HasSuffix(before, "->")
		if (w[0] < '0' || w[0] > '9') && !member && !keywords[w] {
			names = append(names, w)
		}
	}
	return names
}

var keywords = map[string]bool{"if": true, "else": true, "return": true, "goto": true, "break": true, "continue": true, "sizeof": true,
	"const": true, "void": true, "char": true, "int": true, "unsigned": true, "struct": true, "for": true, "while": true, "do": true}
