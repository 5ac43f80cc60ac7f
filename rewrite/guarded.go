package rewrite

import "slices"

// optionGuarded reports whether the model stands in an #ifdef of its option,
// one of those that, like SO_KEEPALIVE, every system has.
func (p *composer) optionGuarded(m *habit) bool {
	switch m.opt {
	case "SO_REUSEADDR", "SO_RCVBUF", "SO_SNDBUF", "SO_LINGER", "SO_BROADCAST", "SO_OOBINLINE", "SO_KEEPALIVE", "SO_DEBUG":
	default:
		return false
	}
	return slices.Contains(m.file.Guards(m.call.Pos), m.opt)
}

// guardDecl puts a new declaration under the #ifdef that its only use stands in,
// where the sibling's variable is declared under an #if, too: in front of that,
// if it stands among the function's own.
func (t *target) guardDecl(id *idiom, v *value) {
	m, f := id.model, t.sp.file
	if m == nil || !id.near || m.fn.Start != t.sp.fn.Start || !t.proj.optionGuarded(m) || v.guarded || v.edit == nil {
		return
	}
	l, ok := visible(m.fn, m.stmt.Parent, m.call.Pos, m.value)
	if !ok || l.stmt == nil {
		return
	}
	body := t.sp.fn.Body()
	own, there := arms(f, body.Pos+1), arms(f, l.stmt.Pos)
	if len(there) <= len(own) || len(arms(f, v.edit.Start)) != len(own) {
		return
	}
	if l.stmt.Parent == body {
		if at := lineStart(f.Src, there[len(own)].start); at > v.edit.Start && at < t.pl.at {
			v.edit.Start, v.edit.End = at, at
		}
	}
	v.guarded = true
	v.edit.New = "#ifdef SO_KEEPALIVE" + t.st.eol + v.edit.New + "#endif" + t.st.eol
}
