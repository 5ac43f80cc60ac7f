package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/style"
)

// braced is the place before a single statement that is the body of an
// if, an else or a loop, which gets braces for it; nil where these cannot be
// put without touching what stands there.
func (a *Search) braced(up, body *parse.Stmt) *Place {
	f := a.spot.File
	src := f.Src
	head := up.HeadEnd
	if up.Kind == parse.SIf && body == up.Else {
		head = up.ElsePos + len("else")
	}
	if head <= 0 || body.Kind == parse.SBlock || body.Kind == parse.SOpaque || body.Kind == parse.SMacro ||
		!text.FirstOnLine(src, body.Pos) || ctree.Repaired(a.spot.Func, up.Pos, body.End) {
		return nil
	}
	at, ok := ctree.LineAfter(f, head)
	end, ok2 := ctree.LineAfter(f, body.End)
	if !ok || !ok2 || at > text.LineStart(src, body.Pos) {
		return nil
	}
	last := body.End
	hasElse := up.Kind == parse.SIf && body == up.Body && up.Else != nil
	if hasElse {
		if last = up.ElsePos; !text.FirstOnLine(src, last) || end > text.LineStart(src, last) {
			return nil
		}
	}
	if ctree.HasDirective(f, up.Pos, last) {
		return nil
	}
	st := a.styles.StyleAt(a.spot.Func, body.Pos)
	out, in := text.IndentAt(src, up.Pos), text.IndentAt(src, body.Pos)
	if body == up.Else {
		out = text.IndentAt(src, up.ElsePos)
	}
	var deeper []edit.Edit
	brace := out
	switch wide := text.Width(in, st.Tab) - text.Width(out, st.Tab); {
	case st.Brace == style.BraceGNU:
		brace = in // and the statement moves in, as far again
		if wide*2 != st.Inner {
			return nil
		}
		if in, deeper, ok = movedIn(src, body, st, wide); !ok {
			return nil
		}
	case st.Brace != style.BraceSameLine && wide != st.Inner:
		return nil
	case st.Brace == style.BraceWhitesmiths:
		brace = in
	}
	pl := &Place{List: &parse.Stmt{Kind: parse.SBlock, Pos: body.Pos, End: body.End, List: []*parse.Stmt{body}, Parent: up},
		Check: up, Offset: at, Base: in, Body: body, Test: a.spot.Shared, Braces: deeper}
	if st.Brace == style.BraceSameLine {
		pl.Braces = append(pl.Braces, edit.Insert(head, st.BraceGap+"{"))
		if hasElse {
			pl.Braces = append(pl.Braces, edit.Insert(last, "}"+st.BraceGap))
			return pl
		}
	} else {
		pl.Braces = append(pl.Braces, edit.Insert(at, brace+"{"+st.EOL))
	}
	if end == len(src) && (end == 0 || src[end-1] != '\n') {
		return nil
	}
	pl.Braces = append(pl.Braces, edit.Insert(end, brace+"}"+st.EOL))
	return pl
}

// movedIn gives the lines of a statement more indentation. in is that of its first line
// then; ok is false where blanks have to become tabs.
func movedIn(src []byte, body *parse.Stmt, st *style.Style, by int) (in string, edits []edit.Edit, ok bool) {
	for at := text.LineStart(src, body.Pos); at < body.End; at = text.LineEnd(src, at) {
		if text.BlankLine(src, at) {
			continue
		}
		old := text.IndentAt(src, at)
		line := st.Columns(text.Width(old, st.Tab) + by)
		more, found := strings.CutPrefix(line, old)
		if !found || strings.HasSuffix(strings.TrimRight(string(src[at:text.LineEnd(src, at)]), "\r\n"), "\\") {
			return "", nil, false
		}
		if len(edits) == 0 {
			in = line
		}
		edits = append(edits, edit.Insert(at+len(old), more))
	}
	return in, edits, true
}
