package builds

import (
	"fmt"
	"strings"
)

// Words splits a command into words as a POSIX shell does: single and
// double quotes, backslashes. Nothing is expanded.
func Words(s string) ([]string, error) {
	var words []string
	var word []byte
	open := false // a word has begun
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if open {
				words, word, open = append(words, string(word)), nil, false
			}
		case '\\':
			if i++; i < len(s) && s[i] != '\n' {
				word, open = append(word, s[i]), true
			}
		case '\'':
			n := strings.IndexByte(s[i+1:], c)
			if n < 0 {
				return nil, fmt.Errorf("a quote is not closed: %s", s[i:])
			}
			word, open = append(word, s[i+1:i+1+n]...), true
			i += 1 + n
		case '"':
			n := quoted(s[i+1:])
			if n < 0 {
				return nil, fmt.Errorf("a quote is not closed: %s", s[i:])
			}
			word, open = append(word, unescape(s[i+1:i+1+n])...), true
			i += 1 + n
		default:
			word, open = append(word, c), true
		}
	}
	if open {
		words = append(words, string(word))
	}
	return words, nil
}

// quoted is the length of the text before the closing double quote, -1
// when there is none.
func quoted(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// unescape takes away the backslashes that mean something in double quotes.
func unescape(s string) []byte {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("$`\"\\\n", s[i+1]) >= 0 {
			if i++; s[i] == '\n' {
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}
