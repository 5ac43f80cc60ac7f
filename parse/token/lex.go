package token

import "bytes"

// Lexed is the outcome of lexing one file.
type Lexed struct {
	Toks     []Token
	comments []Comment
	problems []Problem
}

type Lexer struct {
	Src []byte
	Lexed
}

// Character classes, one table look-up a byte.
const (
	cIdent = 1 << iota
	cDigit
	cBlank // blanks other than newline
)

var class [256]uint8

// IsIdentByte reports whether a byte may begin an identifier.
func IsIdentByte(c byte) bool { return class[c]&cIdent != 0 }

// IsBlankByte reports whether a byte is a blank other than a newline.
func IsBlankByte(c byte) bool { return class[c]&cBlank != 0 }

func init() {
	for c := 'a'; c <= 'z'; c++ {
		class[c] |= cIdent
		class[c-'a'+'A'] |= cIdent
	}
	class['_'] |= cIdent
	class['$'] |= cIdent // gcc's extension, on by default
	for c := '0'; c <= '9'; c++ {
		class[c] |= cDigit
	}
	for c := 0x80; c < 0x100; c++ {
		class[c] |= cIdent // extended characters stand in identifiers or nowhere
	}
	for _, c := range " \t\v\f\r" {
		class[c] |= cBlank
	}
}

// Lex splits src into tokens. It never fails: what is no C becomes a token of
// kind Other and, where it matters, a problem.
func Lex(src []byte) Lexed { return lexInto(src, make([]Token, 0, roomFor(src))) }

// roomFor is how many tokens the bytes usually have at most.
func roomFor(src []byte) int { return len(src)/5 + 16 }

// byteOrderMark is the mark that src begins with, if any.
func byteOrderMark(src []byte) []byte {
	mark := []byte("\xEF\xBB\xBF")
	if bytes.HasPrefix(src, mark) {
		return mark
	}
	return nil
}

// lexInto appends the tokens to toks.
func lexInto(src []byte, toks []Token) Lexed {
	l := Lexer{Src: src}
	l.Toks = toks
	bol := true
	i, n := len(byteOrderMark(src)), len(src)
	for i < n {
		c := src[i]
		switch {
		case c == '\n':
			bol = true
			i++
		case class[c]&cBlank != 0:
			i++
		case c == '\\' && l.NewlineAt(i+1) > 0:
			i += 1 + l.NewlineAt(i+1)
		case c == '/' && i+1 < n && (src[i+1] == '*' || src[i+1] == '/'):
			i = l.Comment(i)
		case c == '#' && bol:
			i = l.directive(i)
			bol = true
		default:
			i = l.Token(i, bol)
			bol = false
		}
	}
	return l.Lexed
}

// NewlineAt returns the length of the line end at i: 0, 1, or 2 for CR LF.
func (l *Lexer) NewlineAt(i int) int { return newlineAt(l.Src, i) }

// newlineAt is the length of the line end at i, 0 for none.
func newlineAt(src []byte, i int) int {
	if i < len(src) && src[i] == '\n' {
		return 1
	}
	if i+1 < len(src) && src[i] == '\r' && src[i+1] == '\n' {
		return 2
	}
	return 0
}

// Comment reads the comment at offset i and returns the offset after it.
func (l *Lexer) Comment(i int) int {
	src, start := l.Src, i
	if src[i+1] == '/' {
		for i < len(src) && src[i] != '\n' {
			if src[i] == '\\' && l.NewlineAt(i+1) > 0 {
				i += l.NewlineAt(i + 1)
			}
			i++
		}
		end := i
		if end > start && end <= len(src) && src[end-1] == '\r' {
			end--
		}
		if i > len(src) {
			i, end = len(src), len(src)
		}
		l.comments = append(l.comments, Comment{int32(start), int32(end), true})
		return i
	}
	if n := bytes.Index(src[i+2:], []byte("*/")); n >= 0 {
		end := i + 2 + n + 2
		l.comments = append(l.comments, Comment{int32(start), int32(end), false})
		return end
	}
	l.problem(start, "unterminated comment")
	l.comments = append(l.comments, Comment{int32(start), int32(len(src)), false})
	return len(src)
}

func (l *Lexer) problem(off int, msg string) {
	l.problems = append(l.problems, Problem{off, msg})
}

// directive reads from # to the end of the logical line. A block comment that
// begins in it may span lines.
func (l *Lexer) directive(i int) int {
	src, start := l.Src, i
	tok := Token{Off: int32(start), Kind: Hash, Bol: true}
	lone := false // a quote that is none: as in #error don't
	for i < len(src) && src[i] != '\n' {
		switch {
		case src[i] == '\\' && l.NewlineAt(i+1) > 0:
			i += 1 + l.NewlineAt(i+1)
			tok.Spliced = true
			continue
		case src[i] == '/' && i+1 < len(src) && (src[i+1] == '*' || src[i+1] == '/'):
			i = l.Comment(i)
			continue
		case src[i] == '"' && !lone:
			end := skipQuoted(src, i)
			lone = end == i+1
			i = end
			continue
		case src[i] == '\'' && charEnd(src, i) > 0:
			i = charEnd(src, i)
			continue
		}
		i++
	}
	end := i
	if end > start && end <= len(src) && src[end-1] == '\r' {
		end--
	}
	tok.End = int32(end)
	l.Toks = append(l.Toks, tok)
	return i
}

// skipQuoted passes over a string inside a directive; over the quote alone
// where nothing closes it on the line.
func skipQuoted(src []byte, i int) int {
	q := src[i]
	for j := i + 1; j < len(src) && src[j] != '\n'; j++ {
		if src[j] == '\\' {
			if nl := newlineAt(src, j+1); nl > 0 {
				j += nl
			} else {
				j++
			}
			continue
		}
		if src[j] == q {
			return j + 1
		}
	}
	return i + 1
}

// charEnd is the end of a character constant of one character inside a directive, 0
// for another apostrophe, as in #error don't.
func charEnd(src []byte, i int) int {
	if i++; i < len(src) && src[i] == '\\' {
		i++
	}
	if i+1 < len(src) && src[i] != '\n' && src[i] != '\r' && src[i+1] == '\'' {
		return i + 2
	}
	return 0
}

// Token reads one token at offset i, which is no white space and no comment, and returns the
// offset after it; bol tells that it is the first of its line.
func (l *Lexer) Token(i int, bol bool) int {
	src, n := l.Src, len(l.Src)
	c := src[i]
	t := Token{Off: int32(i), Bol: bol}
	switch {
	case class[c]&cIdent != 0:
		j := i + 1
		for {
			for j < n && class[src[j]]&(cIdent|cDigit) != 0 {
				j++
			}
			if j < n && src[j] == '\\' {
				if nl := l.NewlineAt(j + 1); nl > 0 && j+1+nl < n && class[src[j+1+nl]]&(cIdent|cDigit) != 0 {
					j += 1 + nl
					t.Spliced = true
					continue
				}
			}
			break
		}
		if j < n && (src[j] == '"' || src[j] == '\'') && isPrefix(src[i:j]) {
			return l.quoted(t, j)
		}
		t.Kind, t.End = Ident, int32(j)
		if op := keywordOp(src[i:j]); op != NoOp {
			t.Kind, t.Op = Keyword, op
		}
		l.Toks = append(l.Toks, t)
		return j
	case class[c]&cDigit != 0, c == '.' && i+1 < n && class[src[i+1]]&cDigit != 0:
		j := i + 1
		for j < n {
			d := src[j]
			if class[d]&(cIdent|cDigit) != 0 || d == '.' {
				j++
			} else if (d == '+' || d == '-') && (src[j-1]|0x20 == 'e' || src[j-1]|0x20 == 'p') && !isHex(src[i:j]) {
				j++
			} else {
				break
			}
		}
		t.Kind, t.End = Number, int32(j)
		l.Toks = append(l.Toks, t)
		return j
	case c == '"' || c == '\'':
		return l.quoted(t, i)
	}
	op, w := punct(src, i)
	t.Kind, t.Op, t.End = Punct, op, int32(i+w)
	if op == NoOp {
		t.Kind = Other
	}
	l.Toks = append(l.Toks, t)
	return i + w
}

func isHex(s []byte) bool {
	return len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' && s[len(s)-1]|0x20 == 'e'
}

func isPrefix(s []byte) bool {
	switch string(s) {
	case "L", "u", "U", "u8":
		return true
	}
	return false
}

// quoted reads a string or character literal whose opening quote is at q. One
// that is not closed on its line ends there: the rest of the file is worth
// more than the quote.
func (l *Lexer) quoted(t Token, q int) int {
	src, n := l.Src, len(l.Src)
	quote := src[q]
	t.Kind = String
	if quote == '\'' {
		t.Kind = Char
	}
	j := q + 1
	for j < n {
		switch src[j] {
		case quote:
			t.End = int32(j + 1)
			l.Toks = append(l.Toks, t)
			return j + 1
		case '\\':
			if nl := l.NewlineAt(j + 1); nl > 0 {
				t.Spliced = true
				j += 1 + nl
			} else {
				j += 2
			}
			continue
		case '\n':
			l.unclosed(t, j)
			return j
		}
		j++
	}
	if j > n {
		j = n
	}
	l.unclosed(t, j)
	return j
}

func (l *Lexer) unclosed(t Token, end int) {
	if t.Kind == String {
		l.problem(int(t.Off), "unterminated string")
	} else {
		l.problem(int(t.Off), "unterminated character constant")
	}
	t.End = int32(end)
	l.Toks = append(l.Toks, t)
}
