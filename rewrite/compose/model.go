package compose

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// What speaks for a call as the pattern of the new one. Sums are compared, so that the file goes
// before all but the option itself, and what stands in the function before what is easy to copy.
const (
	inOwnFile      = 20 // the file's habits are the block's
	inOwnFolder    = 4
	ofKeepalive    = 16  // the same option: level, value and message are right as they are
	byOwnFunction  = 10  // the program's own function goes first
	withPlainInt   = 8   // its value is a variable that a block can have, too
	onSameFD       = 7   // what is done to this descriptor
	inSameFunction = 6   // in the function that the block stands in
	ofSwitch       = 4   // an option that is on or off: its value is 1
	ofSocketLevel  = 2   // the level need not be changed
	withoutWords   = -12 // it looks at its result, and has no message that could be taken over
	noPattern      = -100
)

// model finds the setsockopt call that the block is written after: on the same
// descriptor in the same function, in a helper that the descriptor is handed
// to next, in the function, in the file, in the project.
func (p *Composer) model(t *Target) (*exemplar.OptionCall, bool) {
	if h := p.nearModel(t); h != nil {
		return h, true
	}
	if h := p.helperModel(t); h != nil {
		return h, false
	}
	f := t.Spot.File
	var best *exemplar.OptionCall
	score := noPattern
	try := func(h *exemplar.OptionCall, base int) {
		s := base
		if h.Form == exemplar.FormOther || h.Value == "" && h.Through == nil || h.Through != nil && t.Plain.Direct {
			return
		}
		if h.Through != nil {
			if fn := p.Definition(f, h.Call.Callee()); fn != nil && !p.callable(t, fn) ||
				fn != nil && (fn.Start == t.Spot.Func.Start && fn.File == f || p.endsMore(t, fn)) {
				return
			}
			s += byOwnFunction
		}
		s += p.merit(h, h.File == f)
		if h.File == f && h.FD == t.Spot.Key {
			s += onSameFD
		}
		if h.Func.Start == t.Spot.Func.Start && h.File == f {
			s += inSameFunction
		}
		if s > score {
			best, score = h, s
		}
	}
	// What a file drops here and there is no pattern where it looks at most of its
	// results, and the function has none.
	own := p.patternsOf(f)
	for _, h := range own.calls {
		if own.looked <= own.dropped || !h.Ignored() || h.Through != nil || h.Func.Start == t.Spot.Func.Start {
			try(h, inOwnFile)
		}
	}
	if best != nil {
		return best, false
	}
	score = noPattern
	for _, g := range p.Others(f) {
		near := 0
		if ctree.Dir(g.Path) == ctree.Dir(f.Path) {
			near = inOwnFolder
		}
		for _, h := range p.SetterCalls(g) {
			// Of another file's functions those that a header of this one declares.
			if fn := p.Definition(f, h.Call.Callee()); fn != nil && p.callable(t, fn) {
				try(h, near)
			}
		}
		for _, h := range p.OptionCalls(g) {
			try(h, near)
		}
	}
	if best == nil {
		// Files without sites may still show how options are set.
		for _, g := range p.Src.FilesNaming("setsockopt", ctree.Dir(f.Path)) {
			for _, h := range p.OptionCalls(g) {
				try(h, 0)
			}
		}
	}
	return best, false
}

// endsMore reports whether a function of the program's own ends it where an option cannot be set, and the
// failure to make the socket would not: no option is worth that.
func (p *Composer) endsMore(t *Target, fn *parse.Func) bool {
	ends := func(f *parse.File, s *parse.Stmt) (found bool) {
		ctree.Calls(s, func(c *parse.Expr, _ *parse.Stmt) { found = found || p.Exits.NeverReturns(f, c) })
		return found
	}
	c := t.Place.Check
	if c == nil || c.Body == nil {
		return t.Site.Role == result.Accepted && ends(fn.File, fn.Body())
	}
	return !ends(t.Spot.File, c.Body) && ends(fn.File, fn.Body())
}

// nearModel is the call on the same descriptor in the same function.
func (p *Composer) nearModel(t *Target) *exemplar.OptionCall {
	var best *exemplar.OptionCall
	far := 0
	for _, h := range p.patternsOf(t.Spot.File).byFunc[t.Spot.Func.Start] {
		if h.FD != t.Spot.Key || h.Form == exemplar.FormOther {
			continue
		}
		if fn := p.Definition(t.Spot.File, h.Call.Callee()); h.Through != nil && fn != nil && p.comesTooEarly(t, fn) {
			continue
		}
		d := h.Call.Pos - t.Place.Offset
		if d < 0 {
			d = -d * 3 // what follows the creation is the better neighbour
		}
		if h.Level != "SOL_SOCKET" {
			d += 1000 // so is what everybody knows
		}
		if strings.HasPrefix(h.Value, "(") {
			d += 1500 // a literal shows no way to write the variable's address
		}
		if best == nil || d < far {
			best, far = h, d
		}
	}
	return best
}

// patterns are the option calls of a file, those through functions of the program's
// own first.
type patterns struct {
	calls           []*exemplar.OptionCall
	byFunc          map[int][]*exemplar.OptionCall // by where the function begins
	looked, dropped int                            // results of setsockopt()
}

func (p *Composer) patternsOf(f *parse.File) patterns {
	return p.patterns.Get(f, func() (out patterns) {
		out.calls = slices.Concat(p.SetterCalls(f), p.OptionCalls(f))
		out.byFunc = map[int][]*exemplar.OptionCall{}
		for _, h := range out.calls {
			out.byFunc[h.Func.Start] = append(out.byFunc[h.Func.Start], h)
		}
		out.looked, out.dropped = optionCare(p.OptionCalls(f), func(*exemplar.OptionCall) bool { return true })
		return out
	})
}

// merit is what speaks for a call as a pattern wherever the block stands in a file.
func (p *Composer) merit(h *exemplar.OptionCall, own bool) int {
	return p.merits.Get(callFor{h, own}, func() (s int) {
		if v, ok := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value); ok && ctree.IsPlainInt(v.Decl) {
			s += withPlainInt
		}
		if h.Opt == "SO_KEEPALIVE" {
			s += ofKeepalive
		}
		if own && !h.Ignored() && h.Body != nil && p.FindMessage(h.File, h.Func, h.Body, h.Opt, h.FD) == nil {
			s += withoutWords
		}
		if knowledge.SwitchedOptions[h.Opt] {
			s += ofSwitch
		}
		if h.Level == "SOL_SOCKET" {
			s += ofSocketLevel
		}
		return s
	})
}

// callFor is an option call as a pattern for blocks of its own file, or of others.
type callFor struct {
	call *exemplar.OptionCall
	own  bool
}

// helperModel: the descriptor is handed, unchecked, to a function of the
// project that sets an option on it.
func (p *Composer) helperModel(t *Target) *exemplar.OptionCall {
	var best *exemplar.OptionCall
	ctree.Calls(t.Spot.Func.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if best != nil || c.Pos < t.Spot.Call.Pos || len(c.Args) == 0 || len(c.Args) > 3 || s.Kind != parse.SExpr || s.Expr.Strip() != c {
			return
		}
		at := -1
		for i, a := range c.Args {
			if ctree.IsLvalue(t.Spot.File, a, t.Spot.Key) {
				at = i
			}
		}
		fn := p.Function(t.Spot.File, c.Callee())
		if at < 0 || fn == nil || at >= len(fn.Params) {
			return
		}
		for _, h := range p.OptionCalls(fn.File) {
			if h.Func.Start == fn.Start && h.FD == fn.Params[at].Name && h.Ignored() {
				best = h
				return
			}
		}
	})
	return best
}

// voidHabit is the cast that ignored results get here.
func (p *Composer) voidHabit(t *Target, model *exemplar.OptionCall) string {
	if model != nil && model.Form == exemplar.FormVoid {
		return model.Void
	}
	if model != nil && model.Form == exemplar.FormBare {
		return ""
	}
	f := t.Spot.File
	return p.voidCasts.Get(f, func() string { return p.findVoidHabit(f) })
}

// findVoidHabit is the cast of most ignored results in the program, as f spells it if
// f has one.
func (p *Composer) findVoidHabit(f *parse.File) string {
	void, bare, spelled := 0, 0, ""
	for _, g := range append([]*parse.File{f}, p.Others(f)...) {
		for _, h := range p.OptionCalls(g) {
			switch h.Form {
			case exemplar.FormVoid:
				void++
				if spelled == "" {
					spelled = h.Void
				}
			case exemplar.FormBare:
				bare++
			}
		}
	}
	if void > bare {
		return spelled
	}
	return ""
}
