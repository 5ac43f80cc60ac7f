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
	prefix := like[:strings.LastIndexByte(like, '_')+1]
	name := prefix + "TCP_KEEPALIVE"
	if prefix != strings.ToUpper(prefix) {
		name = prefix + "tcp_keepalive"
	}
	if j.Tree.Knows(name) {
		name = prefix + "KEEPALIVE_SWITCH"
		if j.Tree.Knows(name) {
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
		last := enumOf(h, like)
		if last == nil {
			continue
		}
		if !text.FirstOnLine(h.Src, last.NamePos) {
			return "", fmt.Errorf("the enum stands on one line")
		}
		off := text.LineStart(h.Src, last.NamePos)
		j.Insert(h, off, text.IndentAt(h.Src, last.NamePos)+name+","+EOLOf(h.Src))
		return name, nil
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

// macroBeside defines a macro behind the last one with the same prefix, with
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
	j.Insert(h, at, fmt.Sprintf("#define %s%s%d%s", name, gap, val, EOLOf(h.Src)))
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

// enumOf finds the enumerator of an enum without gaps that a new one can stand
// in front of: the last one that has no value of its own.
func enumOf(f *parse.File, name string) *parse.Decl {
	var here []*parse.Decl
	found := false
	all := f.Decls()
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			fn.Body().Walk(func(s *parse.Stmt) bool {
				all = append(all[:len(all):len(all)], s.Decls...)
				return true
			})
		}
	}
	for _, d := range all {
		if !d.Enum {
			continue
		}
		if d.Index == 0 {
			if found {
				break
			}
			here = nil
		}
		here = append(here, d)
		found = found || d.Name == name
	}
	if !found {
		return nil
	}
	var last *parse.Decl
	for _, d := range here {
		if d.Init == nil && d.Index > 0 && len(f.Guards(d.NamePos)) == 0 && text.FirstOnLine(f.Src, d.NamePos) && !strings.Contains(strings.ToUpper(d.Name), "MAX") {
			last = d
		}
	}
	return last
}
