package rewrite

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// braced is the place in front of a single statement that is the body of an
// if, an else or a loop, which gets braces for it; nil where these cannot be
// put without touching what stands there.
func (a *anchorer) braced(up, body *parse.Stmt) *place {
	f := a.sp.file
	src := f.Src
	head := up.HeadEnd
	if up.Kind == parse.SIf && body == up.Else {
		head = up.ElsePos + len("else")
	}
	if head <= 0 || body.Kind == parse.SBlock || body.Kind == parse.SOpaque || body.Kind == parse.SMacro || !firstOnLine(src, body.Pos) || mended(a.sp.fn, up.Pos, body.End) {
		return nil
	}
	at, ok := lineAfter(f, head)
	end, ok2 := lineAfter(f, body.End)
	if !ok || !ok2 || at > lineStart(src, body.Pos) {
		return nil
	}
	last := body.End
	hasElse := up.Kind == parse.SIf && body == up.Body && up.Else != nil
	if hasElse {
		if last = up.ElsePos; !firstOnLine(src, last) || end > lineStart(src, last) {
			return nil
		}
	}
	for _, d := range f.Dirs {
		if off := int(f.Toks[d.Tok].Off); off > up.Pos && off < last {
			return nil
		}
	}
	st := a.styles.styleAt(a.sp.fn, body.Pos)
	out, in := indentAt(src, up.Pos), indentAt(src, body.Pos)
	if body == up.Else {
		out = indentAt(src, up.ElsePos)
	}
	if st.brace != braceSameLine && width(in, st.tab)-width(out, st.tab) != st.inner || st.brace == braceGNU {
		return nil
	}
	brace := out
	if st.brace == braceWhitesmiths {
		brace = in
	}
	pl := &place{list: &parse.Stmt{Kind: parse.SBlock, Pos: body.Pos, End: body.End, List: []*parse.Stmt{body}, Parent: up},
		check: up, at: at, base: in, body: body, test: a.sp.shared}
	if st.brace == braceSameLine {
		pl.braces = append(pl.braces, edit.Insert(head, st.braceGap+"{"))
		if hasElse {
			pl.braces = append(pl.braces, edit.Insert(last, "}"+st.braceGap))
			return pl
		}
	} else {
		pl.braces = append(pl.braces, edit.Insert(at, brace+"{"+st.eol))
	}
	if end == len(src) && (end == 0 || src[end-1] != '\n') {
		return nil
	}
	pl.braces = append(pl.braces, edit.Insert(end, brace+"}"+st.eol))
	return pl
}
