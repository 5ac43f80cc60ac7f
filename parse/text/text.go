package text

import (
	"bytes"
	"unicode/utf8"
)

const (
	lf   = "\n"
	crlf = "\r\n"
)

// EOL returns the line ending, "\n" or "\r\n", that text inserted at the byte
// offset off should use: the one of the line that off lies on and of the line
// before it when they agree or only one of them has any, else the one most
// lines of the file have, and "\n" when that is undecided too. A file whose
// lines end in lone CRs gives "\n".
func EOL(src []byte, off int) string {
	off = min(max(off, 0), len(src))
	here, before := "", ""
	if i := bytes.IndexByte(src[off:], '\n'); i >= 0 {
		here = endingAt(src, off+i)
	}
	// The search starts below off, so an off on the LF itself still finds the
	// line before.
	if i := bytes.LastIndexByte(src[:off], '\n'); i >= 0 {
		before = endingAt(src, i)
	}
	switch {
	case here == before && here != "", before == "" && here != "":
		return here
	case here == "" && before != "":
		return before
	}
	return majority(src)
}

// endingAt names the line ending whose LF stands at offset i.
func endingAt(src []byte, i int) string {
	if i > 0 && src[i-1] == '\r' {
		return crlf
	}
	return lf
}

// majority returns the line ending most lines have, LF on a draw.
func majority(src []byte) string {
	all := bytes.Count(src, []byte(lf))
	if with := bytes.Count(src, []byte(crlf)); with > all-with {
		return crlf
	}
	return lf
}

// UTF16Col turns a 1-based byte column of line into a 1-based column in UTF-16
// code units, the unit SARIF counts in by default. A byte that is not UTF-8
// counts one unit. A column inside a character gives that character's column;
// one past the end gives the column just after the last character, one below 1
// gives 1.
func UTF16Col(line []byte, byteCol int) int {
	col := 1
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		if i += n; i >= byteCol {
			break
		}
		if r > 0xFFFF {
			col++
		}
		col++
	}
	return col
}
