package patch

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// AddLink puts a new link into a chain of ifs that else joins, after the last that
// takes an option: what follows on that one takes the words that no option is.
func (j *Patch) AddLink(f *parse.File, st Layout, links []*parse.Stmt, last int, cond, body string) bool {
	src, top := f.Src, links[0]
	base := text.IndentAt(src, top.Pos)
	for i := last; i >= 0; i-- {
		x := links[i]
		if !f.SameGuards(x.Body.End-1, top.Pos) || x.Else != nil && !f.SameGuards(x.ElsePos, top.Pos) {
			continue
		}
		switch {
		case x.Else == nil && i == 0 && len(links) == 1:
			return false // the others stand by themselves
		case x.Else == nil, text.FirstOnLine(src, x.ElsePos):
			at := 0
			if x.Else != nil {
				at = AboveComments(f, text.LineStart(src, x.ElsePos))
			} else if a, ok := LineAfter(f, x.Body.End); ok {
				at = a
			} else {
				continue
			}
			lines := st.Layout(base, "else if ("+cond+") {\n"+body+"}")
			j.Insert(f, at, strings.Join(lines, st.EOL())+st.EOL())
			return true
		case x.Body.Kind == parse.SBlock && len(strings.TrimSpace(string(src[x.Body.End:x.ElsePos]))) == 0 &&
			!strings.Contains(string(src[x.Body.End:x.ElsePos]), "\n"):
			lines := st.Layout(base, "if ("+cond+") {\n"+body+"}")
			gap := string(src[x.Body.End:x.ElsePos])
			j.Insert(f, x.Body.End, gap+"else "+strings.TrimLeft(strings.Join(lines, st.EOL()), " \t"))
			return true
		}
	}
	return false
}
