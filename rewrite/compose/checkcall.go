package compose

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/message"
)

// Some programs hand the result of each call to a macro that deals with a
// failure: CHECK(setsockopt(...)), or rc = setsockopt(...); ASSERT(rc == 0).

// checked is the way in which a block hands its result to a macro: that of the
// model on the same descriptor; for a client that of the function's other steps,
// where the creation itself is dealt with so.
func (p *Composer) checked(t *Target, id *Idiom) *exemplar.CheckCall {
	if m := id.Model; id.near && m.Form == exemplar.FormCheck {
		return p.checkFits(t, m.Check, m.Opt)
	}
	if t.Site.Role != result.Client || t.Place.Test {
		return nil
	}
	c := t.Place.Check
	if c == nil || c.Kind != parse.SExpr && c.Kind != parse.SMacro {
		return nil
	}
	macro := c.Expr.Strip().Callee()
	if m := id.Model; m != nil {
		like := m.Form == exemplar.FormCheck && m.Check.Name == macro
		if like && !jumpsElsewhere(m.Check, m.Func, t.Spot.Func) {
			return p.checkFits(t, m.Check, m.Opt)
		}
		if !like && m.File == t.Spot.File {
			return nil
		}
	}
	var found *exemplar.CheckCall
	ctree.Calls(t.Spot.Func.Body(), func(x *parse.Expr, s *parse.Stmt) {
		at, ok := knowledge.SocketCall(x.Callee())
		if found != nil || !ok || at < 0 || at >= len(x.Args) || x.Pos < t.Place.Offset ||
			!ctree.IsLvalue(t.Spot.File, x.Args[at], t.Spot.Key) || s.Kind != parse.SExpr {
			return
		}
		if k := exemplar.ReadCheck(t.Spot.File, s, x); k != nil && k.Name == macro && !strings.Contains(k.Tail, `"`) {
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
func (p *Composer) checkFits(t *Target, k *exemplar.CheckCall, opt string) *exemplar.CheckCall {
	if !p.HandlesTest(t.Spot.File, k.Name) || k.Result != "" && !p.canHold(t, k.Result) {
		return nil
	}
	fit := *k
	if strings.Contains(k.Tail, `"`) {
		tail, ok := message.ReplaceOption(k.Tail, opt)
		if !ok && !strings.Contains(k.Tail, "setsockopt") {
			return nil
		}
		if ok {
			fit.Tail = tail
		}
	}
	if !p.SeesAll(&t.Point, t.Spot.Func, ctree.WithoutStrings(fit.Head+fit.Tail)) {
		return nil
	}
	return &fit
}

// jumpsElsewhere reports whether the text around a call names a label of the function that
// it stands in which another function lacks: CHECK_OR_GOTO(setsockopt(...), fail_close).
func jumpsElsewhere(k *exemplar.CheckCall, from, to *parse.Func) bool {
	there, here := ctree.Labels(from), ctree.Labels(to)
	for _, w := range strings.FieldsFunc(k.Head+k.Tail, func(r rune) bool { return r > 127 || !text.IsWordByte(byte(r)) }) {
		if there[w] && !here[w] {
			return true
		}
	}
	return false
}
