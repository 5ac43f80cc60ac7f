package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// Some programs hand the result of each call to a macro that deals with a
// failure: CHECK(setsockopt(...)), or rc = setsockopt(...); ASSERT(rc == 0).

// checked is the way in which a block hands its result to a macro: that of the
// model on the same descriptor; for a client that of the function's other steps,
// where the creation itself is dealt with so.
func (p *composer) checked(t *target, id *idiom) *checkCall {
	if m := id.model; id.near && m.form == formCheck {
		return p.checkFits(t, m.check, m.opt)
	}
	if t.site.Role != detect.Client || t.pl.test {
		return nil
	}
	c := t.pl.check
	if c == nil || c.Kind != parse.SExpr && c.Kind != parse.SMacro {
		return nil
	}
	macro := c.Expr.Strip().Callee()
	if m := id.model; m != nil && m.form == formCheck && m.check.name == macro {
		return p.checkFits(t, m.check, m.opt)
	}
	if m := id.model; m != nil && m.file == t.sp.file {
		return nil
	}
	var found *checkCall
	calls(t.sp.fn.Body(), func(x *parse.Expr, s *parse.Stmt) {
		at, ok := socketCalls[x.Callee()]
		if found != nil || !ok || at < 0 || at >= len(x.Args) || x.Pos < t.pl.at || !same(t.sp.file, x.Args[at], t.sp.key) || s.Kind != parse.SExpr {
			return
		}
		if k := readCheck(t.sp.file, s, x); k != nil && k.name == macro && !strings.Contains(k.tail, `"`) {
			found = k
		}
	})
	if found == nil {
		return nil
	}
	return p.checkFits(t, found, "")
}

// checkFits is the check with the option's name exchanged, nil where the macro
// just reports, or names what means something else at the insertion.
func (p *composer) checkFits(t *target, k *checkCall, opt string) *checkCall {
	if !p.dealsWith(t.sp.file, k.name) || k.result != "" && !p.canHold(t, k.result) {
		return nil
	}
	fit := *k
	if strings.Contains(k.tail, `"`) {
		tail, ok := replaceOption(k.tail, opt)
		if !ok && !strings.Contains(k.tail, "setsockopt") {
			return nil
		}
		if ok {
			fit.tail = tail
		}
	}
	if !p.seesAll(&t.point, t.sp.fn, withoutStrings(fit.head+fit.tail)) {
		return nil
	}
	return &fit
}
