package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// braceAsModel braces a single statement as the block's model does, when that
// stands in the same function.
func (t *target) braceAsModel() {
	st := t.st
	if t.id == nil || t.id.model == nil || t.id.model.file != t.sp.file {
		return
	}
	s := t.id.model.stmt
	if s == nil || s.Kind != parse.SIf || s.Body == nil || s.Pos < t.sp.fn.Start || s.End > t.sp.fn.End {
		return
	}
	switch {
	case s.Body.Kind != parse.SBlock:
		st.braceOne, st.braceLong = false, false
	case len(s.Body.List) == 1:
		st.braceOne = true
	}
}

// widen takes the line that the model's call stands on, or the pattern of the
// message, for the limit, where it is longer: nobody breaks a line that is
// shorter than its twin.
func (t *target) widen() {
	st := t.st
	if t.id == nil {
		return
	}
	if m := t.id.model; m != nil && m.file == t.sp.file && m.fn.Start == t.sp.fn.Start {
		st.limit = max(st.limit, lineOf(m.file, m.call, st.tab))
		st.text = max(st.text, st.limit)
	}
	if m := t.id.said; m != nil && m.file == t.sp.file && m.fn.Start == t.sp.fn.Start {
		st.text = max(st.text, lineOf(m.file, m.call, st.tab))
	}
}

// breakAs reads where the new call is to be broken if it is too long: at the
// argument at which the function's other setsockopt() is, the model first, then
// the nearest; behind each one where all broken calls of the function are so.
// A line that is as full as it can be shows no habit.
func (t *target) breakAs() {
	f, fn := t.sp.file, t.sp.fn
	best, far := breakStyle{}, 0
	for _, h := range t.proj.habitsOf(f) {
		if h.fn.Start != fn.Start || h.level != "SOL_SOCKET" && h.level != "IPPROTO_TCP" {
			continue
		}
		b := t.st.breaksOf(f, h.call)
		d := max(h.call.Pos-t.pl.at, t.pl.at-h.call.Pos)
		if t.id != nil && t.id.model == h {
			d = -1
		}
		if b != (breakStyle{}) && (best == breakStyle{} || d < far) {
			best, far = b, d
		}
	}
	if best.after == 0 && !best.single {
		n, all := 0, true
		calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if len(c.Args) > 2 && strings.Contains(string(f.Src[c.Args[0].Pos:c.End]), "\n") {
				n++
				all = all && t.st.breaksOf(f, c).single
				best.heads = best.heads || s.Kind == parse.SIf
			}
		})
		best.single = all && n > 1
	}
	t.st.wrap.breakStyle = best
}
