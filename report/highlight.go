package report

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// htmlSpan is a part of a line with one style.
type htmlSpan struct {
	Class string // in page.css; "" is plain text
	Mark  bool
	Text  string
}

// wordClass maps the words of C to classes of page.css.
var wordClass = sync.OnceValue(func() map[string]string {
	classes := map[string]string{}
	for class, words := range map[string]string{
		"k": "break case continue default do else for goto if return sizeof switch while",
		"t": "auto bool char const double enum extern float inline int long register restrict short signed static struct typedef union " +
			"unsigned void volatile FILE",
	} {
		for _, w := range strings.Fields(words) {
			classes[w] = class
		}
	}
	return classes
})

// cLexer has rules of its own: chroma/v2/lexers registers all its languages in
// init, which would add 10 ms to every start of keepatch. Words are distinguished
// after the lexer, by a map: a pattern per kind would be tried at each word.
var cLexer = sync.OnceValue(func() chroma.Lexer {
	return chroma.MustNewLexer(&chroma.Config{Name: "C"}, func() chroma.Rules {
		return chroma.Rules{
			"root": {
				{Pattern: `[^\w"'/#\n]+|\n`, Type: chroma.Text},
				{Pattern: `(?:L|u8?|U)?"(?:\\.|[^"\\\n])*"?`, Type: chroma.LiteralString},
				{Pattern: `(?:L|u8?|U)?'(?:\\.|[^'\\\n])*'?`, Type: chroma.LiteralString},
				{Pattern: `\d[\w.]*`, Type: chroma.LiteralNumber},
				{Pattern: `\w+`, Type: chroma.Name},
				{Pattern: `//[^\n]*`, Type: chroma.Comment},
				{Pattern: `/\*`, Type: chroma.Comment, Mutator: chroma.Push("comment")},
				{Pattern: `(#[ \t]*include[ \t]*)(<[^>\n]{1,99}>)`, Type: chroma.ByGroups(chroma.CommentPreproc, chroma.LiteralString)},
				{Pattern: `#[ \t]*\w*`, Type: chroma.CommentPreproc},
				{Pattern: `/`, Type: chroma.Text},
			},
			"comment": {
				{Pattern: `[^*]+`, Type: chroma.Comment},
				{Pattern: `\*/`, Type: chroma.Comment, Mutator: chroma.Pop(1)},
				{Pattern: `\*`, Type: chroma.Comment},
			},
		}
	})
})

// spanClass maps token types to classes of page.css.
var spanClass = map[chroma.TokenType]string{
	chroma.LiteralString: "s", chroma.LiteralNumber: "n", chroma.Comment: "c", chroma.CommentPreproc: "p",
}

// classOf returns the class of a token; rest is the text after it.
func classOf(token chroma.Token, rest string) string {
	if token.Type != chroma.Name {
		return spanClass[token.Type]
	}
	if class := wordClass()[token.Value]; class != "" {
		return class
	}
	if strings.HasSuffix(token.Value, "_t") {
		return "t"
	}
	if strings.HasPrefix(strings.TrimLeft(rest, " \t"), "(") {
		return "f"
	}
	return ""
}

// highlight splits lines of C, given without line ends, into spans. With comment
// set, the first line starts inside a comment.
func highlight(lines []string, comment bool) [][]htmlSpan {
	plain := func() (out [][]htmlSpan) {
		for _, l := range lines {
			out = append(out, []htmlSpan{{Text: l}})
		}
		return out
	}
	if len(lines) == 0 {
		return nil
	}
	const opened = "/*"
	src, skip := strings.Join(lines, "\n"), 0
	if comment {
		src, skip = opened+src, len(opened)
	}
	tokens, err := cLexer().Tokenise(nil, src)
	if err != nil {
		return plain()
	}
	out := make([][]htmlSpan, 1, len(lines))
	rest := src
	for token := tokens(); token != chroma.EOF; token = tokens() {
		rest = rest[min(len(token.Value), len(rest)):]
		class := classOf(token, rest)
		value := token.Value[min(skip, len(token.Value)):]
		skip -= len(token.Value) - len(value)
		for i, text := range strings.Split(value, "\n") {
			if i > 0 {
				out = append(out, nil)
			}
			last := &out[len(out)-1]
			*last = addSpan(*last, class, text)
		}
	}
	if len(out) != len(lines) {
		return plain()
	}
	return out
}

func addSpan(spans []htmlSpan, class, text string) []htmlSpan {
	if text == "" {
		return spans
	}
	if n := len(spans); n > 0 && spans[n-1].Class == class {
		spans[n-1].Text += text
		return spans
	}
	return append(spans, htmlSpan{Class: class, Text: text})
}

// markRange splits spans so that the bytes [from, to) of their text are marked.
func markRange(spans []htmlSpan, from, to int) []htmlSpan {
	var out []htmlSpan
	at := 0
	for _, s := range spans {
		a := min(max(from-at, 0), len(s.Text))
		b := min(max(to-at, a), len(s.Text))
		for i, part := range []string{s.Text[:a], s.Text[a:b], s.Text[b:]} {
			if part != "" {
				out = append(out, htmlSpan{Class: s.Class, Mark: i == 1, Text: part})
			}
		}
		at += len(s.Text)
	}
	return out
}

// commentStarts reports for each line of a C source whether it starts inside a
// comment. Directives need no care: none starts or ends a comment.
func commentStarts(src []byte) []bool {
	starts := []bool{false}
	in := byte(0) // '*' or '/' in a comment, '"' or '\'' in a literal
	for i := 0; i < len(src); i++ {
		c := src[i]
		next := byte(0)
		if i+1 < len(src) {
			next = src[i+1]
		}
		switch {
		case c == '\n':
			if in != '*' {
				in = 0
			}
			starts = append(starts, in == '*')
		case in == '*':
			if c == '*' && next == '/' {
				in = 0
				i++
			}
		case in == 0 && c == '/' && (next == '*' || next == '/'):
			in = next
			i++
		case in == 0 && (c == '"' || c == '\''):
			in = c
		case c == '\\' && next != '\n':
			i++
		case c == in:
			in = 0
		}
	}
	return starts
}
