package detect

import "github.com/keepatch/keepatch/parse"

// inObject asks what a call does to SO_KEEPALIVE where the descriptor was taken out
// of a struct: only the structs count into which it was put. objs are those in
// which it can have been found, where they are all known.
func (t *teller) inObject(f *flow, h happening) (is effect, why string, objs []object) {
	is, why = t.effect(h, h.j.in)
	got := h.j.got
	if got == nil || is == noEffect {
		return is, why, nil
	}
	if !h.j.any && h.j.exits.len() <= got.exits && t.fold.otherTable(f.puts[got.from], h.j.put, got.fi.fn) {
		return noEffect, "", nil
	}
	into, known := t.into[got.from]
	if !known {
		into = t.holders(f.puts[got.from])
		t.into[got.from] = into
	}
	left := got.left(h.j.exits) // FD(c), conn_fd(c)
	outer := got.fi.fn
	for fr := left; fr != nil; fr = fr.up {
		outer = fr.call.fi.fn
	}
	calls := t.p.callers(outer)
	if len(calls) == 0 || len(calls) > maxCallers || outer.Macro == nil && len(t.p.mentions(outer)) > 0 {
		calls = []ref{{}}
	}
	var kept []ref
	var lists [][]object
	for _, c := range calls {
		if list := t.fold.holder(got.fi, got.e, c.below(left)); !apart(into, list) {
			kept, lists = append(kept, c), append(lists, list)
		}
	}
	// Where the callers decide what is done, each is asked.
	ask := len(kept) < len(calls) || t.fold.asked[outer] && len(calls) > 1
	all, best := true, noEffect
	for i, c := range kept {
		one, because := is, why
		if ask {
			one, because = t.effect(h, c.below(h.j.in))
		}
		if one == noEffect {
			continue
		}
		if one > best {
			best, why = one, because
		}
		objs = append(objs, lists[i]...)
		all = all && len(lists[i]) > 0
	}
	if !all {
		objs = nil
	}
	return best, why, objs
}

// below is the way fr entered through the call.
func (c ref) below(fr *frame) *frame {
	if c.e == nil {
		return fr
	}
	return appendFrame(fr, c)
}

// holders returns the objects into which the descriptor was put; none where they
// are not all known.
func (t *teller) holders(puts []put) (out []object) {
	for _, q := range puts {
		if q.e.Kind != parse.XMember {
			return nil
		}
		list := t.fold.holder(q.fi, q.e, q.in)
		if len(list) == 0 {
			return nil
		}
		out = append(out, list...)
	}
	return out
}

// left returns the calls by which the function that read the member handed the
// descriptor out; nil where it did not.
func (g *taken) left(exits *exitChain) *frame {
	if exits.len() <= g.exits {
		return nil
	}
	return (&exitChain{calls: exits.calls[g.exits:]}).frames()
}

// elsewhere reports whether the descriptor that went the way j was found in other
// objects than those for which the option was set.
func (e *enabling) elsewhere(f *folder, j journey) bool {
	if len(e.objs) == 0 || j.got == nil {
		return false
	}
	return apart(e.objs, f.holder(j.got.fi, j.got.e, j.got.left(j.exits)))
}
