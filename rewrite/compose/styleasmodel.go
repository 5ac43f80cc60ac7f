package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/style"
)

// BraceAsModel braces a single statement as the block's model does, when that
// stands in the same function; else as the function's ifs over one report, or, where it
// has none, as all option checks of the file.
func (t *Target) BraceAsModel() {
	st := t.Style
	if t.Idiom == nil || t.Idiom.Model == nil || t.Idiom.Model.File != t.Spot.File {
		return
	}
	s := t.Idiom.Model.Stmt
	if s == nil || s.Kind != parse.SIf || s.Body == nil {
		return
	}
	if s.Pos < t.Spot.Func.Start || s.End > t.Spot.Func.End {
		st.BraceOne = st.BraceOne || t.bracesReports()
		return
	}
	switch {
	case s.Body.Kind != parse.SBlock:
		st.BraceOne, st.BraceLong = false, false
	case len(s.Body.List) == 1:
		st.BraceOne = true
	}
}

// bracesReports reports whether ifs over one report have braces: those of the function,
// or else the file's checks of options.
func (t *Target) bracesReports() bool {
	f, braced, bare := t.Spot.File, 0, 0
	count := func(s *parse.Stmt) {
		switch b := s.Body; {
		case b == nil || s.Else != nil:
		case b.Kind == parse.SExpr:
			bare++
		case b.Kind == parse.SBlock && len(b.List) == 1 && b.List[0].Kind == parse.SExpr:
			braced++
		}
	}
	t.Spot.Func.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SIf && t.Composer.FindMessage(f, t.Spot.Func, s.Body, "", "") != nil {
			count(s)
		}
		return true
	})
	if braced+bare == 0 {
		for _, h := range t.Composer.OptionCalls(f) {
			if h.Stmt.Kind == parse.SIf {
				count(h.Stmt)
			}
		}
	}
	return braced > 0 && bare == 0
}

// OpenAsModel breaks the call after its parenthesis where the model's arguments
// begin on a line of their own, and indents them as those are.
func (t *Target) OpenAsModel() {
	h := t.Idiom.Model
	if h == nil || len(h.Call.Args) == 0 || !strings.Contains(string(h.File.Src[h.Call.X.End:h.Call.Args[0].Pos]), "\n") {
		return
	}
	tab := t.Style.Tab
	by := text.Width(text.IndentAt(h.File.Src, h.Call.Args[0].Pos), tab) - text.Width(text.IndentAt(h.File.Src, h.Stmt.Pos), tab)
	t.Style.Wrap.Open, t.Style.Wrap.OpenBy = true, max(by, 0)
}

// CommasAsSiblings takes the blanks after the commas from the function's other option calls, else
// from those of the file, as far as these agree.
func (t *Target) CommasAsSiblings() {
	f := t.Spot.File
	for _, own := range []bool{true, false} {
		tight, blank := 0, 0
		for _, h := range t.Composer.OptionCalls(f) {
			if own && h.Func.Start != t.Spot.Func.Start {
				continue
			}
			for i, a := range h.Call.Args[:len(h.Call.Args)-1] {
				switch gap := string(f.Src[a.End:h.Call.Args[i+1].Pos]); gap {
				case ",":
					tight++
				case ", ":
					blank++
				}
			}
		}
		switch {
		case tight > 0 && blank == 0 && (own || tight > 4): // one call elsewhere says little against the function
			t.Style.OptionCommas = style.CommasTight
		case blank > 0 && tight == 0:
			t.Style.OptionCommas = style.CommasBlank
		case tight+blank == 0:
			continue
		}
		return
	}
}

// WidenAsModel takes the line that the model's call stands on, or the pattern of the
// message, for the limit, where it is longer: a line is not broken that is
// shorter than its twin.
func (t *Target) WidenAsModel() {
	st := t.Style
	if t.Idiom == nil {
		return
	}
	if m := t.Idiom.Model; m != nil && m.File == t.Spot.File && m.Func.Start == t.Spot.Func.Start {
		if own := style.LineOf(m.File, m.Call, st.Tab); own > st.Limit { // the option's name may be longer
			st.Limit = own + max(0, len("SO_KEEPALIVE")-len(m.Opt))
		}
		st.TextLimit = max(st.TextLimit, st.Limit)
	}
	st.WidenAsNeighbours(t.Spot.Func, t.Place.Offset)
	if m := t.Idiom.pattern; m != nil && m.File == t.Spot.File && m.Func.Start == t.Spot.Func.Start {
		st.TextLimit = max(st.TextLimit, style.LineOf(m.File, m.Call, st.Tab))
	}
}

// BreakAsModel reads where the new call is to be broken if it is too long: at the
// argument at which the function's other setsockopt() is, the model first, then
// the nearest; after each one where all broken calls of the function are so.
// A line that is as full as it can be shows no habit.
func (t *Target) BreakAsModel() {
	f, fn := t.Spot.File, t.Spot.Func
	best, far := style.BreakStyle{}, 0
	for _, h := range t.Composer.OptionCalls(f) {
		if h.Func.Start != fn.Start || h.Level != "SOL_SOCKET" && h.Level != "IPPROTO_TCP" {
			continue
		}
		b := t.Style.BreaksOf(f, h.Call)
		d := max(h.Call.Pos-t.Place.Offset, t.Place.Offset-h.Call.Pos)
		if t.Idiom != nil && t.Idiom.Model == h {
			d = -1
		}
		if b != (style.BreakStyle{}) && (best == style.BreakStyle{} || d < far) {
			best, far = b, d
		}
	}
	if best.After == 0 && !best.Single {
		n, all := 0, true
		ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if len(c.Args) > 2 && strings.Contains(string(f.Src[c.Args[0].Pos:c.End]), "\n") {
				n++
				all = all && t.Style.BreaksOf(f, c).Single
				best.Heads = best.Heads || s.Kind == parse.SIf
			}
		})
		best.Single = all && n > 1
	}
	t.Style.Wrap.BreakStyle = best
}
