package config

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

func blank(src []byte, off int) bool { return len(bytes.TrimSpace(src[off:lineEnd(src, off)])) == 0 }

func firstOnLine(src []byte, off int) bool {
	return len(bytes.TrimSpace(src[lineStart(src, off):off])) == 0
}

func eolOf(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func textOf(f *parse.File, e *parse.Expr) string {
	if e == nil {
		return ""
	}
	return string(f.Src[e.Pos:e.End])
}

func sameGuards(f *parse.File, a, b int) bool {
	return strings.Join(f.Guards(a), "\x00") == strings.Join(f.Guards(b), "\x00")
}

func tokens(f *parse.File, from, to int) []token.Token {
	i := f.TokAt(from)
	k := i
	for k < len(f.Toks) && int(f.Toks[k].Off) < to {
		k++
	}
	return f.Toks[i:k]
}

func commentAt(f *parse.File, off int) (token.Comment, bool) {
	i := sort.Search(len(f.Comments), func(i int) bool { return int(f.Comments[i].Off) >= off })
	if i < len(f.Comments) && int(f.Comments[i].Off) == off {
		return f.Comments[i], true
	}
	return token.Comment{}, false
}

// lineAfter is the line behind the one that holds end, when at most a comment
// follows on it.
func lineAfter(f *parse.File, end int) (int, bool) {
	le := lineEnd(f.Src, end)
	rest := bytes.TrimLeft(f.Src[end:le], " \t,")
	if len(bytes.TrimSpace(rest)) > 0 {
		c, ok := commentAt(f, le-len(rest))
		if !ok {
			return 0, false
		}
		if le = lineEnd(f.Src, int(c.End)-1); len(bytes.TrimSpace(f.Src[c.End:le])) > 0 {
			return 0, false
		}
	}
	return le, le > 0 && f.Src[le-1] == '\n'
}
