package patch

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
)

// Constant adds a constant of the kind that an existing one is, and returns
// its name.
func (j *Patch) Constant(f *parse.File, like string) (string, error) {
	prefix := prefixOf(f, like)
	name := prefix + "TCP_KEEPALIVE"
	if prefix != strings.ToUpper(prefix) {
		name = prefix + "tcp_keepalive"
	}
	if j.Tree.HasWord(name) {
		name = prefix + "KEEPALIVE_SWITCH"
		if j.Tree.HasWord(name) {
			return "", fmt.Errorf("taken")
		}
	}
	files := []*parse.File{f}
	for _, h := range j.Tree.Files {
		if !strings.HasSuffix(h.Path, ".c") {
			files = append(files, h)
		}
	}
	for _, h := range files {
		if last := enumOf(h, like); last >= 0 {
			j.Insert(h, text.LineStart(h.Src, last), text.IndentAt(h.Src, last)+name+","+text.EOL(h.Src, 0))
			return name, nil
		}
	}
	for _, h := range files {
		if end := loneEnum(h, like); end > 0 {
			j.Insert(h, end, ","+text.EOL(h.Src, 0)+text.IndentAt(h.Src, end-1)+name)
			return name, nil
		}
	}
	for _, h := range files {
		for _, m := range h.Macros {
			if m.Name == like && !m.FnLike && prefix != "" {
				if j.macroBeside(h, m, prefix, name) {
					return name, nil
				}
			}
		}
	}
	return "", fmt.Errorf("no constants of that kind")
}

// prefixOf is what the names of a constant and of its fellows begin with: OPT_ of
// OPT_MAX_IDLE, beside OPT_CERT.
func prefixOf(f *parse.File, like string) string {
	prefix := like[:strings.LastIndexByte(like, '_')+1]
	for {
		i := strings.LastIndexByte(strings.TrimSuffix(prefix, "_"), '_')
		if i < 0 {
			return prefix
		}
		with, without := map[string]bool{}, map[string]bool{}
		for _, t := range f.Toks {
			switch w := f.Text(t); {
			case t.Kind != token.Ident || !strings.HasPrefix(w, prefix[:i+1]):
			case strings.HasPrefix(w, prefix):
				with[w] = true
			default:
				without[w] = true
			}
		}
		if len(with) > len(without) || len(without) == 0 {
			return prefix
		}
		prefix = prefix[:i+1]
	}
}

// macroBeside defines a macro after the last one with the same prefix, with
// the number after the highest of them that no character has.
func (j *Patch) macroBeside(h *parse.File, like *parse.Macro, prefix, name string) bool {
	highest, last := -1, (*parse.Macro)(nil)
	for _, m := range h.Macros {
		if m.FnLike || !strings.HasPrefix(m.Name, prefix) {
			continue
		}
		n, ok := macroNumber(h, m)
		if !ok {
			continue
		}
		highest = max(highest, n)
		if h.SameGuards(m.Off, like.Off) && (last == nil || m.Off > last.Off) {
			last = m
		}
	}
	if last == nil || highest < 0 {
		return false
	}
	val := highest + 1
	if val >= ' ' && val < 256 {
		val = 256
	}
	gap := " "
	if text := h.Src[last.Off:last.Body[0].Off]; strings.HasSuffix(string(text), "\t") {
		gap = "\t"
	}
	at := text.LineEnd(h.Src, last.End-1)
	j.Insert(h, at, fmt.Sprintf("#define %s%s%d%s", name, gap, val, text.EOL(h.Src, 0)))
	return true
}

// macroNumber is the number that a macro stands for, in brackets perhaps.
func macroNumber(f *parse.File, m *parse.Macro) (int, bool) {
	var num []token.Token
	for _, t := range m.Body {
		if t.Op != token.LParen && t.Op != token.RParen {
			num = append(num, t)
		}
	}
	if len(num) != 1 || num[0].Kind != token.Number {
		return 0, false
	}
	n, err := strconv.ParseInt(f.Text(num[0]), 0, 32)
	return int(n), err == nil
}

// enumOf finds where a new enumerator can stand in the enum that has one of a name, at the
// top of a file or in a function: before the last one that has no value of its own.
// It is -1 without one.
func enumOf(f *parse.File, name string) int {
	for i, t := range f.Toks {
		open := i + 1
		if open < len(f.Toks) && f.Toks[open].Kind == token.Ident {
			open++
		}
		if t.Op != token.KwEnum || open >= len(f.Toks) || f.Toks[open].Op != token.LBrace {
			continue
		}
		if last, found := lastBare(f, open+1, name); found {
			return last
		}
	}
	return -1
}

// loneEnum is the end of the only enumerator of an enum, whose value is no text's: another
// one may follow it.
func loneEnum(f *parse.File, name string) int {
	for i, t := range f.Toks {
		if t.Kind != token.Ident || f.Text(t) != name || i < 2 || f.Toks[i-1].Op != token.LBrace ||
			f.Toks[i-2].Op != token.KwEnum && (i < 3 || f.Toks[i-3].Op != token.KwEnum) {
			continue
		}
		end := i
		for end+1 < len(f.Toks) && f.Toks[end+1].Op != token.RBrace && f.Toks[end+1].Op != token.Comma {
			end++
		}
		if end+1 < len(f.Toks) && f.Toks[end+1].Op == token.RBrace && text.FirstOnLine(f.Src, int(t.Off)) &&
			!text.FirstOnLine(f.Src, int(f.Toks[end].Off)) {
			return int(f.Toks[end].End)
		}
	}
	return 0
}

// lastBare goes through the enumerators after a brace.
func lastBare(f *parse.File, at int, name string) (last int, found bool) {
	last = -1
	for n := 0; at < len(f.Toks) && f.Toks[at].Op != token.RBrace; n++ {
		first, depth, set := f.Toks[at], 0, false
		for ; at < len(f.Toks); at++ {
			o := f.Toks[at].Op
			if depth == 0 && (o == token.Comma || o == token.RBrace) {
				break
			}
			switch o {
			case token.LParen, token.LBrace:
				depth++
			case token.RParen, token.RBrace:
				depth--
			case token.Assign:
				set = true
			}
		}
		if at < len(f.Toks) && f.Toks[at].Op == token.Comma {
			at++
		}
		word, off := f.Text(first), int(first.Off)
		found = found || word == name
		if first.Kind == token.Ident && !set && n > 0 && len(f.Guards(off)) == 0 &&
			text.FirstOnLine(f.Src, off) && !strings.Contains(strings.ToUpper(word), "MAX") {
			last = off
		}
	}
	return last, found
}
