package rewrite

import (
	"github.com/keepatch/keepatch/parse"
)

// model finds the setsockopt call that the block is written after: on the same
// descriptor in the same function, in a helper that the descriptor is handed
// to next, in the function, in the file, in the project.
func (p *composer) model(t *target) (*habit, bool) {
	f := t.sp.file
	var best *habit
	far := 0
	for _, h := range append(p.optCallsOf(f), p.habitsOf(f)...) {
		if h.fn.Start != t.sp.fn.Start || h.fd != t.sp.key || h.form == formOther {
			continue
		}
		d := h.call.Pos - t.pl.at
		if d < 0 {
			d = -d * 3 // what follows the creation is the better neighbour
		}
		if h.level != "SOL_SOCKET" {
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
	try := func(h *habit, base int) {
		s := base
		if h.form == formOther || h.value == "" && h.through == nil {
			return
		}
		if h.through != nil {
			if fn := p.definition(f, h.call.Callee()); fn != nil && !p.callable(t, fn) || fn != nil && fn.Start == t.sp.fn.Start && fn.File == f {
				return
			}
			s += 10 // nobody goes round the program's own function
		}
		if v, ok := visible(h.fn, h.stmt.Parent, h.call.Pos, h.value); ok && isPlainInt(v.decl) {
			s += 8
		}
		if h.opt == "SO_KEEPALIVE" {
			s += 16
		}
		if h.file == f && !h.ignored() && h.body != nil && p.findMessage(h.file, h.fn, h.body, h.opt, h.fd) == nil {
			s -= 12 // it has no words that could be taken over
		}
		if switches[h.opt] {
			s += 4
		}
		if h.level == "SOL_SOCKET" {
			s += 2
		}
		if h.file == f && h.fd == t.sp.key {
			s += 7
		}
		if h.fn.Start == t.sp.fn.Start && h.file == f {
			s += 6
		}
		if s > score {
			best, score = h, s
		}
	}
	for _, h := range append(p.optCallsOf(f), p.habitsOf(f)...) {
		try(h, 20)
	}
	if best != nil {
		return best, false
	}
	score = -100
	for i, g := range p.others(f) {
		for _, h := range p.habitsOf(g) {
			near := 0
			if folder(g.Path) == folder(f.Path) {
				near = 4
			}
			_ = i
			try(h, near)
		}
	}
	if best == nil {
		// Files without sites may still show how options are set.
		for _, g := range p.src.naming("setsockopt", folder(f.Path)) {
			for _, h := range p.habitsOf(g) {
				try(h, 0)
			}
		}
	}
	return best, false
}

// helperModel: the descriptor is handed, unchecked, to a function of the
// project that sets an option on it.
func (p *composer) helperModel(t *target) *habit {
	var best *habit
	calls(t.sp.fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if best != nil || c.Pos < t.sp.call.Pos || len(c.Args) == 0 || len(c.Args) > 3 || s.Kind != parse.SExpr || s.Expr.Strip() != c {
			return
		}
		at := -1
		for i, a := range c.Args {
			if same(t.sp.file, a, t.sp.key) {
				at = i
			}
		}
		fn := p.function(t.sp.file, c.Callee())
		if at < 0 || fn == nil || at >= len(fn.Params) {
			return
		}
		for _, h := range p.habitsOf(fn.File) {
			if h.fn.Start == fn.Start && h.fd == fn.Params[at].Name && h.ignored() {
				best = h
				return
			}
		}
	})
	return best
}

// voidHabit is the cast that ignored results get here.
func (p *composer) voidHabit(t *target, model *habit) string {
	if model != nil && model.form == formVoid {
		return model.void
	}
	if model != nil && model.form == formBare {
		return ""
	}
	void, bare, spelled := 0, 0, ""
	for _, f := range append([]*parse.File{t.sp.file}, p.others(t.sp.file)...) {
		for _, h := range p.habitsOf(f) {
			switch h.form {
			case formVoid:
				void++
				if spelled == "" {
					spelled = h.void
				}
			case formBare:
				bare++
			}
		}
	}
	if void > bare {
		return spelled
	}
	return ""
}
