package argswitch

import (
	"bytes"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

func lineStart(src []byte, off int) int { return bytes.LastIndexByte(src[:off], '\n') + 1 }

func lineEnd(src []byte, off int) int {
	if i := bytes.IndexByte(src[off:], '\n'); i >= 0 {
		return off + i + 1
	}
	return len(src)
}

// blank reports whether the line at off holds nothing but white space.
func blank(src []byte, off int) bool {
	return len(bytes.TrimSpace(src[off:lineEnd(src, off)])) == 0
}

func indentAt(src []byte, off int) string {
	i := lineStart(src, off)
	k := i
	for k < len(src) && (src[k] == ' ' || src[k] == '\t') {
		k++
	}
	return string(src[i:k])
}

func firstOnLine(src []byte, off int) bool {
	return lineStart(src, off)+len(indentAt(src, off)) == off
}

func eolOf(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// hasWord reports whether a word stands in a text by itself.
func hasWord(src []byte, word string) bool {
	w := []byte(word)
	for at := 0; ; {
		i := bytes.Index(src[at:], w)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(w)
		if (i == 0 || !isWordByte(src[i-1])) && (at >= len(src) || !isWordByte(src[at])) {
			return true
		}
	}
}

// commentAt returns the comment that begins at off.
func commentAt(f *parse.File, off int) (token.Comment, bool) {
	i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].Off) >= off })
	if i < len(f.Comments) && int(f.Comments[i].Off) == off {
		return f.Comments[i], true
	}
	return token.Comment{}, false
}

// aboveComments returns the start of the comments that stand on lines of their
// own right above the line at off, or off itself.
func aboveComments(f *parse.File, off int) int {
	for i := len(f.Comments) - 1; i >= 0; i-- {
		c := f.Comments[i]
		if int(c.Off) >= off {
			continue
		}
		if lineEnd(f.Src, int(c.End)-1) != off || !firstOnLine(f.Src, int(c.Off)) {
			break
		}
		off = lineStart(f.Src, int(c.Off))
	}
	return off
}

func textOf(f *parse.File, e *parse.Expr) string {
	if e == nil {
		return ""
	}
	return string(f.Src[e.Pos:e.End])
}

// oneLine joins what stands on several lines; literals are left alone.
func oneLine(s string) string {
	if strings.Contains(s, `"`) {
		var b strings.Builder
		for i, l := range strings.Split(s, "\n") {
			l = strings.TrimSpace(l)
			if i > 0 && !strings.HasSuffix(b.String(), "(") {
				b.WriteByte(' ')
			}
			b.WriteString(l)
		}
		return b.String()
	}
	return strings.Join(strings.Fields(s), " ")
}

// sameGuards reports whether two places are compiled by the same builds.
func sameGuards(f *parse.File, a, b int) bool {
	return strings.Join(f.Guards(a), "\x00") == strings.Join(f.Guards(b), "\x00")
}

// tokens returns the tokens in a range of a file, directives included.
func tokens(f *parse.File, from, to int) []token.Token {
	i := f.TokAt(from)
	k := i
	for k < len(f.Toks) && int(f.Toks[k].Off) < to {
		k++
	}
	return f.Toks[i:k]
}

// width is the column, from 0, in which s ends when it starts a line.
func width(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\t' {
			n += 8 - n%8
		} else {
			n++
		}
	}
	return n
}
