package argswitch

import (
	"bytes"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

func eolOf(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
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
		if (i == 0 || !ctree.IsWordByte(src[i-1])) && (at >= len(src) || !ctree.IsWordByte(src[at])) {
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
		if ctree.LineEnd(f.Src, int(c.End)-1) != off || !ctree.FirstOnLine(f.Src, int(c.Off)) {
			break
		}
		off = ctree.LineStart(f.Src, int(c.Off))
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

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// lineAfter is the line behind the one that holds end, when nothing but a
// comment follows on it.
func lineAfter(f *parse.File, end int) (int, bool) {
	for {
		le := ctree.LineEnd(f.Src, end)
		rest := bytes.TrimLeft(f.Src[end:le], " \t")
		if len(bytes.TrimSpace(rest)) == 0 {
			return le, le > 0 && f.Src[le-1] == '\n'
		}
		off := le - len(rest)
		c, ok := commentAt(f, off)
		if !ok {
			return 0, false
		}
		end = int(c.End)
		if c.Line {
			le := ctree.LineEnd(f.Src, off)
			return le, f.Src[le-1] == '\n'
		}
	}
}
