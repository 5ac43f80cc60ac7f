package compose

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// model finds the setsockopt call that the block is written after: on the same
// descriptor in the same function, in a helper that the descriptor is handed
// to next, in the function, in the file, in the project.
func (p *Composer) model(t *Target) (*exemplar.OptionCall, bool) {
	f := t.Spot.File
	var best *exemplar.OptionCall
	far := 0
	for _, h := range append(p.SetterCalls(f), p.OptionCalls(f)...) {
		if h.Func.Start != t.Spot.Func.Start || h.FD != t.Spot.Key || h.Form == exemplar.FormOther {
			continue
		}
		d := h.Call.Pos - t.Place.Offset
		if d < 0 {
			d = -d * 3 // what follows the creation is the better neighbour
		}
		if h.Level != "SOL_SOCKET" {
			d += 1000 // so is what everybody knows
		}
		if best == nil || d < far {
			best, far = h, d
		}
	}
	if best != nil {
		return best, true
	}
	if h := p.helperModel(t); h != nil {
		return h, false
	}
	score := -100
	try := func(h *exemplar.OptionCall, base int) {
		s := base
		if h.Form == exemplar.FormOther || h.Value == "" && h.Through == nil {
			return
		}
		if h.Through != nil {
			if fn := p.Definition(f, h.Call.Callee()); fn != nil && !p.callable(t, fn) || fn != nil && fn.Start == t.Spot.Func.Start && fn.File == f {
				return
			}
			s += 10 // nobody goes round the program's own function
		}
		if v, ok := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value); ok && ctree.IsPlainInt(v.Decl) {
			s += 8
		}
		if h.Opt == "SO_KEEPALIVE" {
			s += 16
		}
		if h.File == f && !h.Ignored() && h.Body != nil && p.FindMessage(h.File, h.Func, h.Body, h.Opt, h.FD) == nil {
			s -= 12 // it has no words that could be taken over
		}
		if exemplar.SwitchedOptions[h.Opt] {
			s += 4
		}
		if h.Level == "SOL_SOCKET" {
			s += 2
		}
		if h.File == f && h.FD == t.Spot.Key {
			s += 7
		}
		if h.Func.Start == t.Spot.Func.Start && h.File == f {
			s += 6
		}
		if s > score {
			best, score = h, s
		}
	}
	// What a file drops here and there is no pattern where it looks at most of its
	// results, and the function has none.
	looked, dropped := optionCare(p.OptionCalls(f), func(h *exemplar.OptionCall) bool { return true })
	for _, h := range append(p.SetterCalls(f), p.OptionCalls(f)...) {
		if looked <= dropped || !h.Ignored() || h.Func.Start == t.Spot.Func.Start {
			try(h, 20)
		}
	}
	if best != nil {
		return best, false
	}
	score = -100
	for _, g := range p.Others(f) {
		near := 0
		if ctree.Dir(g.Path) == ctree.Dir(f.Path) {
			near = 4
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
	void, bare, spelled := 0, 0, ""
	for _, f := range append([]*parse.File{t.Spot.File}, p.Others(t.Spot.File)...) {
		for _, h := range p.OptionCalls(f) {
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
