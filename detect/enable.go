package detect

import (
	"github.com/keepatch/keepatch/parse"
)

// enabling is a setsockopt() that turns SO_KEEPALIVE on for a descriptor.
type enabling struct {
	h           happening
	conditional bool
	why         string // what it depends on
	// ways tells, where the callers of the function that makes the socket decide,
	// on which of them it is done; nil where they do not.
	ways map[*parse.Expr]effect
	// objs are the structs in which the descriptor was found, where they are known.
	objs []object
}

// effect is what a call does to SO_KEEPALIVE.
type effect uint8

const (
	noEffect effect = iota
	turnsOff
	maybeOn // under a run-time option
	turnsOn
)

// enablings finds, among what happens to a descriptor, the calls that turn
// keepalive on.
func (p *program) enablings(s *session, f *flow) []enabling {
	var out []enabling
	var offs []happening
	t := teller{p: p, s: s, fold: p.folder(s), ev: p.evaluator(s), begin: func(h happening) *parse.Expr { return f.begin(h) }, into: map[place][]object{}}
	t.ev.ways = t.fold
	for _, h := range f.happens {
		if h.what != evEnable && h.what != evSetOpt {
			continue
		}
		is, why, objs := t.inObject(f, h)
		e := enabling{h: h, objs: objs}
		if is >= maybeOn || is == turnsOff {
			if ways, differ := t.byCaller(f, h); differ {
				e.ways, why = ways, "as the caller says"
				is = noEffect
				for _, k := range ways {
					is = max(is, min(k, maybeOn))
				}
			} else {
				for _, k := range ways {
					is = k // the same on all
				}
			}
		}
		switch {
		case is == turnsOff && !h.j.sent:
			offs = append(offs, h)
		case is >= maybeOn:
			e.conditional, e.why = is == maybeOn, why
			out = append(out, e)
		}
	}
	return f.switchedOff(out, offs)
}

// teller finds out what calls do to SO_KEEPALIVE.
type teller struct {
	p     *program
	s     *session
	fold  *folder
	ev    *evaluator // one for all calls: they get their arguments from the same places
	begin func(happening) *parse.Expr
	why   string             // what the last answer depends on
	into  map[place][]object // see holders
}

// byCaller asks again for each call through which the function that makes the
// socket is entered, and whether the answers differ.
func (t *teller) byCaller(f *flow, h happening) (ways map[*parse.Expr]effect, differ bool) {
	fn := f.site.fi.fn
	if fi, _ := h.outermost(); h.j.exits != nil || fi.fn != fn || fn.Macro != nil || !t.fold.asked[fn] {
		return nil, false
	}
	entries := t.p.entries(fn)
	if len(entries) == 0 || len(entries) > maxCallers {
		return nil, false
	}
	ways = map[*parse.Expr]effect{}
	first := noEffect
	for i, c := range entries {
		is, _ := t.effect(h, appendFrame(h.j.in, c))
		ways[c.e] = is
		if i == 0 {
			first = is
		}
		differ = differ || is != first
	}
	return ways, differ
}

// effect tells what the call does where the functions that lead to it were
// entered through fr, and what it depends on.
func (t *teller) effect(h happening, fr *frame) (effect, string) {
	var made *parse.Expr // the descriptor's own call, unless it was returned from there
	if h.j.exits == nil {
		made = t.begin(h)
	}
	if h.what == evSetOpt && (len(h.call.Args) < 4 || otherOption(h.call.Args[2])) || !t.fold.happensOn(h, fr, made) {
		return noEffect, ""
	}
	c := t.fold.condition(h, fr, t.begin(h))
	if h.what == evEnable {
		if c != "" {
			return maybeOn, c
		}
		return turnsOn, ""
	}
	var is effect
	rows, ok := t.fold.optionRows(h.fi, h.call.Args[2], fr)
	if !ok {
		rows = []optionRow{{}}
	}
	for _, r := range rows {
		is = max(is, t.option(h, fr, r))
	}
	switch {
	case is == turnsOn && c != "":
		return maybeOn, c
	case is == turnsOn && len(rows) > 1:
		return maybeOn, "from a table of options"
	case is == maybeOn:
		return maybeOn, orElse(t.why, c)
	}
	return is, ""
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// option tells what a call of setsockopt() does with one row of a table, or
// without any.
func (t *teller) option(h happening, fr *frame, row optionRow) effect {
	t.why = ""
	ev := t.ev
	ev.steps, ev.trail = 0, &trail{}
	// numbers says whether what an argument is as a number is asked for.
	arg := func(i int, numbers bool) (val values, n ints) {
		e := h.call.Args[i]
		if row.fi != nil {
			if fi, x, own := row.arg(e, h.call.Args[2]); own {
				if i == 3 && t.changes(h.fi, e) {
					return values{set: names{"0"}, unknown: "changed at run time"}, ints{open: true}
				}
				if x == nil {
					return one("0"), number1(0)
				}
				if numbers {
					n = t.fold.fold(fi, x, nil)
				}
				return ev.eval(fi, x, nil), n
			}
		}
		if numbers {
			n = t.fold.fold(h.fi, e, fr)
		}
		return ev.eval(h.fi, e, fr), n
	}
	defer func() {
		for fn := range ev.open {
			t.fold.asked[fn] = true
		}
	}()
	opt, _ := arg(2, false)
	if !opt.set.has("SO_KEEPALIVE") || isNull(h.call.Args[3]) {
		return noEffect
	}
	if level, _ := arg(1, false); !socketLevel(level) {
		return noEffect
	}
	val, n := arg(3, true)
	switch off := n.only(0) || val.only("0") && t.sees(h.fi, h.call.Args[3]); {
	case off && len(opt.set) == 1:
		return turnsOff
	case len(opt.set) > 1 || opt.unknown != "":
		t.why = "from a table of options"
		return maybeOn
	case val.set.has("0") && !val.only("0") && !n.never(0):
		t.why = "when its value is not 0"
		return maybeOn
	}
	return turnsOn
}

// sees reports whether the evaluator knows all that a value can be: of a variable
// that is counted up or whose address lies in a table of settings it does not.
func (t *teller) sees(fi *funcInfo, e *parse.Expr) bool {
	x := e.Strip()
	if x != nil && x.Kind == parse.XUnary {
		x = x.X.Strip()
	}
	if x == nil || x.Kind != parse.XIdent && x.Kind != parse.XMember {
		return true
	}
	if x.Kind == parse.XIdent {
		if d := fi.lookup(x.Name, x.Pos); d != nil {
			return fi.isParam(d) >= 0
		}
	}
	for _, u := range t.p.unitsWith(x.Name) {
		if u.namesOutside(x.Name) {
			return false
		}
	}
	return true
}

// changes reports whether the tree assigns to the member whose value or address
// is handed over.
func (t *teller) changes(fi *funcInfo, e *parse.Expr) bool {
	x := e.Strip()
	if x != nil && x.Kind == parse.XUnary {
		x = x.X.Strip()
	}
	return x != nil && x.Kind == parse.XMember && t.p.isStored(fi, x)
}

// otherOption reports whether an argument is another option than SO_KEEPALIVE by
// its name.
func otherOption(e *parse.Expr) bool {
	c, ok := socketConstant(e)
	return ok && c != "SO_KEEPALIVE"
}

// never reports whether a number is not among them.
func (v ints) never(n int64) bool { return !v.open && !v.loop && len(v.set) > 0 && !v.has(n) }

// onEveryWay reports whether keepalive is on whatever way the descriptor takes:
// without a condition, and for each caller that the function which makes the
// socket hands it to. Otherwise it returns a call on whose way it stays off,
// where it is a call that makes the difference.
func (a *analysis) onEveryWay(j *judged) (bare *ref, ok bool) {
	ways := map[*parse.Expr]bool{}
	for _, e := range j.enable {
		switch {
		case e.ways != nil:
			for c, is := range e.ways {
				if is == turnsOn {
					ways[c] = true
				}
			}
		case e.conditional:
		case e.h.j.exits == nil:
			return nil, true
		default:
			ways[e.h.j.exits.calls[0].e] = true
		}
	}
	if len(ways) == 0 {
		return nil, false
	}
	for _, c := range a.p.entries(j.c.fi.fn) {
		if c.e != nil && !ways[c.e] {
			return &c, false
		}
	}
	return nil, true
}

// reaches reports whether it is done to a descriptor that took the way exits, and
// not only to that of another caller of the same wrapper.
func (e *enabling) reaches(exits *exitChain) bool {
	if e.ways != nil && exits != nil && len(exits.calls) > 0 && e.ways[exits.calls[0].e] < maybeOn {
		return false
	}
	return exits.sameWay(e.h.j.exits)
}

// socketLevel reports whether an option can be one of SOL_SOCKET's; with the
// level of TCP the number of SO_KEEPALIVE means something else.
func socketLevel(level values) bool {
	if level.unknown != "" || len(level.set) == 0 {
		return true
	}
	for _, k := range level.set {
		if k != "IPPROTO_TCP" && k != "SOL_TCP" && k != "IPPROTO_IP" && k != "SOL_IP" && k != "6" {
			return true
		}
	}
	return false
}
