package text

import (
	"bytes"
	"iter"
	"strings"
)

// LineStart returns the offset at which the line of off begins.
func LineStart(src []byte, off int) int {
	return bytes.LastIndexByte(src[:off], '\n') + 1
}

// LineEnd returns the offset of the byte after the line's ending.
func LineEnd(src []byte, off int) int {
	if i := bytes.IndexByte(src[off:], '\n'); i >= 0 {
		return off + i + 1
	}
	return len(src)
}

// BlankLine reports whether the line at off holds nothing but white space.
func BlankLine(src []byte, off int) bool {
	return off < len(src) && len(bytes.TrimSpace(src[off:LineEnd(src, off)])) == 0
}

// IndentAt returns the white space that the line of off begins with.
func IndentAt(src []byte, off int) string {
	i := LineStart(src, off)
	j := i
	for j < len(src) && (src[j] == ' ' || src[j] == '\t') {
		j++
	}
	return string(src[i:j])
}

// FirstOnLine reports whether nothing but white space stands before off on
// its line.
func FirstOnLine(src []byte, off int) bool {
	return LineStart(src, off)+len(IndentAt(src, off)) == off
}

// Width is the column, from 0, that s ends in when it starts a line and tab stops
// lie every tab columns. Bytes other than tabs are one column wide. A tab below 1
// means 8, the width of terminals.
func Width(s string, tab int) int {
	if tab < 1 {
		tab = 8
	}
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

// Words are the words of a text, with their offsets: the longest runs of word bytes.
func Words(s string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := 0; i < len(s); i++ {
			if !IsWordByte(s[i]) {
				continue
			}
			from := i
			for i < len(s) && IsWordByte(s[i]) {
				i++
			}
			if !yield(from, s[from:i]) {
				return
			}
		}
	}
}

// Occurrences are the offsets at which a word stands in a text by itself, with no word byte at either
// side; none for no word.
func Occurrences(src []byte, word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := 0; word != ""; {
			i := bytes.Index(src[at:], []byte(word))
			if i < 0 {
				return
			}
			i += at
			at = i + len(word)
			if (i == 0 || !IsWordByte(src[i-1])) && (at == len(src) || !IsWordByte(src[at])) && !yield(i) {
				return
			}
		}
	}
}

// HasWord reports whether a word stands in a text by itself.
func HasWord[T ~string | ~[]byte](src T, word string) bool {
	for range Occurrences([]byte(src), word) {
		return true
	}
	return false
}

// IsWordByte reports whether a byte can stand in a C identifier or number.
func IsWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// StripSpace removes all white space, so that two spellings of an expression compare equal.
func StripSpace(s string) string { return strings.Join(strings.Fields(s), "") }
