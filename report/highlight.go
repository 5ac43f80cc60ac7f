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

// The words of C that are highlighted.
var (
	keywords = []string{"break", "case", "continue", "default", "do", "else", "for", "goto", "if", "return", "sizeof", "switch", "while"}
	types    = []string{"auto", "bool", "char", "const", "double", "enum", "extern", "float", "inline", "int", "long", "register",
		"restrict", "short", "signed", "static", "struct", "typedef", "union", "unsigned", "void", "volatile", `\w+_t`, "FILE"}
)

// cLexer has rules of its own: chroma/v2/lexers registers all its languages in
// init, which would add 10 ms to every start of keepatch.
var cLexer = sync.OnceValue(func() chroma.Lexer {
	return chroma.MustNewLexer(&chroma.Config{Name: "C"}, func() chroma.Rules {
		return chroma.Rules{
			"root": {
				{Pattern: `[^\w"'/#\n]+|\n`, Type: chroma.Text},
				{Pattern: chroma.Words("", `\b`, keywords...), Type: chroma.Keyword},
				{Pattern: `(?:` + strings.Join(types, "|") + `)\b`, Type: chroma.KeywordType},
				{Pattern: `[A-Za-z_]\w*(?=[ \t]*\()`, Type: chroma.NameFunction},
				{Pattern: `(?:L|u8?|U)?"(?:\\.|[^"\\\n])*"?`, Type: chroma.LiteralString},
				{Pattern: `(?:L|u8?|U)?'(?:\\.|[^'\\\n])*'?`, Type: chroma.LiteralString},
				{Pattern: `[A-Za-z_]\w*`, Type: chroma.Name},
				{Pattern: `\d[\w.]*`, Type: chroma.LiteralNumber},
				{Pattern: `//[^\n]*`, Type: chroma.Comment},
				{Pattern: `/\*`, Type: chroma.Comment, Mutator: chroma.Push("comment")},
				{Pattern: `(#[ \t]*include[ \t]*)(<[^>\n]*>)`, Type: chroma.ByGroups(chroma.CommentPreproc, chroma.LiteralString)},
				{Pattern: `#[ \t]*\w*`, Type: chroma.CommentPreproc},
				{Pattern: `[/\w]`, Type: chroma.Text},
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
	chroma.Keyword: "k", chroma.KeywordType: "t", chroma.NameFunction: "f", chroma.LiteralString: "s",
	chroma.LiteralNumber: "n", chroma.Comment: "c", chroma.CommentPreproc: "p",
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
	for token := tokens(); token != chroma.EOF; token = tokens() {
		value := token.Value[min(skip, len(token.Value)):]
		skip -= len(token.Value) - len(value)
		for i, text := range strings.Split(value, "\n") {
			if i > 0 {
				out = append(out, nil)
			}
			last := &out[len(out)-1]
			*last = addSpan(*last, spanClass[token.Type], text)
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
