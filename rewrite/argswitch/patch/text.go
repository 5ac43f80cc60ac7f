package patch

import (
	"bytes"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// IsLetter reports whether a byte is an ASCII letter.
func IsLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// AboveComments returns the start of the comments that stand on lines of their
// own right above the line at off, or off itself.
func AboveComments(f *parse.File, off int) int {
	for i := len(f.Comments) - 1; i >= 0; i-- {
		c := f.Comments[i]
		if int(c.Off) >= off {
			continue
		}
		if text.LineEnd(f.Src, int(c.End)-1) != off || !text.FirstOnLine(f.Src, int(c.Off)) {
			break
		}
		off = text.LineStart(f.Src, int(c.Off))
	}
	return off
}

// OneLine joins what stands on several lines; literals are left alone.
func OneLine(s string) string {
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

// FunctionStart is where a function can be put before another one: above the comments
// on it, and above the #if that picks one of several heads for its body.
func FunctionStart(f *parse.File, fn *parse.Func) (int, bool) {
	at := AboveComments(f, text.LineStart(f.Src, fn.Start))
	depth := 0
	for i := len(f.Dirs) - 1; i >= 0 && !f.SameGuards(at, fn.BodyPos); i-- {
		d := f.Dirs[i]
		off := int(f.Toks[d.Tok].Off)
		switch {
		case off >= at:
		case d.Name == "endif":
			depth++
		case strings.HasPrefix(d.Name, "if") && depth > 0:
			depth--
		case strings.HasPrefix(d.Name, "if"):
			at = AboveComments(f, text.LineStart(f.Src, off))
		}
	}
	return at, f.SameGuards(at, fn.BodyPos)
}

// LineAfter is the line after the one that holds end, when nothing but a
// comment follows on it.
func LineAfter(f *parse.File, end int) (int, bool) {
	for {
		le := text.LineEnd(f.Src, end)
		rest := bytes.TrimLeft(f.Src[end:le], " \t")
		if len(bytes.TrimSpace(rest)) == 0 {
			return le, le > 0 && f.Src[le-1] == '\n'
		}
		off := le - len(rest)
		c, ok := f.CommentAt(off)
		if !ok {
			return 0, false
		}
		end = int(c.End)
		if c.Line {
			le := text.LineEnd(f.Src, off)
			return le, f.Src[le-1] == '\n'
		}
	}
}
