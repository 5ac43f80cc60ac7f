package cc

import (
	"errors"
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// isolated is the text of one function body made ready for cc: every token
// at its place, everything else blank. Literals are emptied and numbers are
// 1, since only the shape is asked for; so the text holds nothing that cc's
// scanner could stumble over.
type isolated struct {
	fn    *parse.Func
	base  int // offset in the file of buf[0]
	buf   []byte
	toks  []token.Token
	types map[string]bool // names that stand for types
	semi  map[int]bool    // offsets of semicolons put in
	keep  [][2]int        // ranges that no repair may cover
	edits []parse.Repair
	gone  [2]int // the head of the macro block just replaced
}

// The kinds of edits that only a second opinion needs.
const (
	RepairTypeArg = "type as an argument"
	RepairArgs    = "arguments that are no expressions"
	RepairWord    = "word in a declaration"
)

// Bounds of what is handed to cc, which descends by recursion.
const (
	ccMaxTokens = 60000
	ccMaxDepth  = 200
)

// isolate writes the body of fn in place. It refuses what cc could hang or
// overflow on.
func isolate(fn *parse.Func) (*isolated, error) {
	if fn.Macro != nil {
		return nil, errors.New("the body of a macro")
	}
	toks := fn.Tokens()
	if len(toks) < 2 || toks[0].Op != token.LBrace {
		return nil, errors.New("no body")
	}
	if len(toks) > ccMaxTokens {
		return nil, errors.New("too large for a second opinion")
	}
	base, end := int(toks[0].Off), int(toks[len(toks)-1].End)
	t := &isolated{fn: fn, base: base, toks: toks, semi: map[int]bool{}, types: map[string]bool{}}
	t.buf = make([]byte, end-base)
	for i := range t.buf {
		if t.buf[i] = ' '; fn.File.Src[base+i] == '\n' {
			t.buf[i] = '\n'
		}
	}
	if err := t.balanced(); err != nil {
		return nil, err
	}
	for _, p := range fn.File.Problems {
		if p.Off >= base && p.Off < end && strings.HasPrefix(p.Msg, "unterminated") {
			return nil, errors.New(p.Msg)
		}
	}
	for i := 0; i < len(toks); i++ {
		switch toks[i].Op {
		case token.KwExtension:
			continue
		case token.KwAttribute, token.KwAsm: // no part of any statement's shape
			for i+1 < len(toks) && (toks[i+1].Op == token.KwStorage || toks[i+1].Op == token.KwGoto) {
				i++
			}
			if i+1 < len(toks) && toks[i+1].Op == token.LParen {
				i = t.match(i+1) - 1
			}
			continue
		}
		if err := t.write(toks[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// balanced checks that the brackets pair up, kind by kind, that the last one
// closes the first, and that they are not nested too deeply.
func (t *isolated) balanced() error {
	deepest, closed, ok := token.Nesting(t.toks)
	switch {
	case deepest > ccMaxDepth:
		return errors.New("nested too deeply for a second opinion")
	case !ok || closed != len(t.toks)-1:
		return errors.New("unbalanced brackets")
	}
	return nil
}

// match returns the index after the bracket that closes the one at i.
func (t *isolated) match(i int) int {
	depth := 0
	for ; i < len(t.toks); i++ {
		switch t.toks[i].Op {
		case token.LParen, token.LBrack, token.LBrace:
			depth++
		case token.RParen, token.RBrack, token.RBrace:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return i
}

// write puts one token into the text.
func (t *isolated) write(tok token.Token) error {
	s := t.fn.File.Text(tok)
	switch tok.Kind {
	case token.String:
		s = `""`
	case token.Number, token.Char:
		s = "1"
	case token.Punct:
		switch tok.Op {
		case token.HashOp, token.HashHash, token.ColonColon:
			return errors.New("no C: " + tok.Op.String())
		}
		s = tok.Op.String() // digraphs are not known to cc
	case token.Keyword:
		switch s {
		case "__int64":
			s = "int"
		case "__const__":
			s = "const"
		}
	case token.Ident:
		s = plainName(s)
	default:
		return errors.New("bytes that are no C")
	}
	if int(tok.End-tok.Off) < len(s) {
		return errors.New("an unterminated literal")
	}
	copy(t.buf[int(tok.Off)-t.base:], s)
	return nil
}

// ccWords are keywords of cc's that are none of ours: no typedef can name them.
var ccWords = map[string]bool{
	"__auto_type": true, "__label__": true, "_Imaginary": true, "_Nonnull": true,
	"__real": true, "__real__": true, "__imag": true, "__imag__": true, "__complex": true, "__complex__": true,
	"_Float16": true, "_Float32": true, "_Float32x": true, "_Float64": true, "_Float64x": true,
	"_Float128": true, "_Float128x": true, "__float128": true, "__fp16": true, "__bf16": true,
	"_Decimal32": true, "_Decimal64": true, "_Decimal128": true, "__int128_t": true, "__uint128_t": true,
}

// plainName makes a name ordinary where cc's preprocessor would act on it or
// its scanner would not take it.
func plainName(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 0x80 || b[i] == '$' {
			b[i] = 'x'
		}
	}
	special := false
	switch s {
	case "_Static_assert", "_Pragma", "__VA_ARGS__", "__VA_OPT__", "defined", "__FILE__",
		"__LINE__", "__COUNTER__", "__DATE__", "__TIME__", "__TIMESTAMP__":
		special = true
	default:
		special = strings.HasPrefix(s, "__STDC") || strings.HasPrefix(s, "__has_")
	}
	if special {
		b[0] = 'x'
	}
	return string(b)
}

// prelude declares the types and opens the function that the body belongs to.
func (t *isolated) prelude() string {
	names := make([]string, 0, len(t.types))
	for s := range t.types {
		names = append(names, s)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("int __predefined_declarator;\n")
	for _, s := range names {
		b.WriteString("typedef int " + s + ";\n")
	}
	b.WriteString("int __keepatch_body(void)\n")
	return b.String()
}

// at is the byte of the text at an offset of the file, 0 outside.
func (t *isolated) at(off int) byte {
	if i := off - t.base; i >= 0 && i < len(t.buf) {
		return t.buf[i]
	}
	return 0
}

// held reports whether a range covers something that must stay as it is.
func (t *isolated) held(from, to int) bool {
	for _, k := range t.keep {
		if from < k[1] && k[0] < to {
			return true
		}
	}
	return false
}

// blank overwrites a range with s and blanks, unless it is held.
func (t *isolated) blank(from, to int, s, kind string) bool {
	if t.held(from, to) || from < t.base || to > t.base+len(t.buf) || to-from < len(s) {
		return false
	}
	for i := from - t.base; i < to-t.base; i++ {
		if t.buf[i] != '\n' {
			t.buf[i] = ' '
		}
	}
	copy(t.buf[from-t.base:], s)
	t.edits = append(t.edits, parse.Repair{Off: from, End: to, Kind: kind})
	return true
}
