package compose

import (
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// optionCare counts the option calls of a list whose results are checked, and those
// whose results are ignored.
func optionCare(calls []*exemplar.OptionCall, which func(*exemplar.OptionCall) bool) (looked, dropped int) {
	for _, h := range calls {
		if h.Form != exemplar.FormOther && which(h) {
			ctree.Count(h.Ignored(), &dropped, &looked)
		}
	}
	return looked, dropped
}

// wantsReport reports whether a block without a message of its function to follow should
// look for one elsewhere: where the code around looks at such results. The nearest
// that say so decide: the model, else the calls that set up a descriptor in the
// function, else those in the file.
func (p *Composer) wantsReport(t *Target, m *exemplar.OptionCall) bool {
	if m != nil {
		return !m.Ignored()
	}
	if looked, dropped := setupCare(t.Spot.Func); looked+dropped > 0 {
		return looked > dropped
	}
	f, pass := t.Spot.File, t.Spot.Func.Pass
	return p.fileCare.Get(filePass{f, pass}, func() bool {
		looked, dropped := 0, 0
		for _, fn := range f.Funcs {
			if fn.Macro == nil && fn.Pass == pass {
				l, d := setupCare(fn)
				looked, dropped = looked+l, dropped+d
			}
		}
		return looked > dropped
	})
}

// filePass is one selection of a file's #if branches.
type filePass struct {
	file *parse.File
	pass int
}

// setupCare is optionCare for all that changes a descriptor in a function.
func setupCare(fn *parse.Func) (looked, dropped int) {
	ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
		if knowledge.SetsUp(c.Callee()) {
			e := ctree.Uncast(s.Expr)
			ctree.Count(s.Kind == parse.SExpr && e == c, &dropped, &looked)
		}
	})
	return looked, dropped
}
