package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// policy is what the block does when setsockopt fails.
type policy int8

const (
	policyIgnore policy = iota
	policyWarn          // report and go on
	policyLeave         // report, clean up and give up this descriptor
)

// idiom is the way in which the block is to be written.
type idiom struct {
	policy policy
	model  *habit // the call that the new one is written after, nil without one
	near   bool   // the model works on the same descriptor in the same function
	void   string // cast in front of an ignored call
	test   string // behind the call: " < 0"
	front  string // in front of it: "-1 == "
	also   string // another condition behind: " && debug"
	result string // variable that takes the result first
	cond   string // condition that the message stands under
	report []string
	loud   string   // the last statement of report with its level unsoftened
	leave  []string // clean-up and jump
	check  *checkCall
	said   *message // the pattern of report
}

// target is everything that is known about one insertion.
type target struct {
	point
	site    *detect.Site
	proj    *composer
	st      *style
	onError string // match, warn, ignore; "" is match
	// What was decided for the block.
	id      *idiom
	kind    string // the condition of the call's arm, where another makes datagram sockets
	orElse  bool   // the block is the else of the check
	without plain  // what obligations refused
}

// idiomFor decides the error handling.
func (p *composer) idiomFor(t *target) *idiom {
	id := &idiom{}
	id.model, id.near = p.model(t)
	id.void = p.voidHabit(t, id.model)
	if t.onError == "ignore" {
		return id
	}
	warn := t.onError == "warn"
	if !warn {
		if id.check = p.checked(t, id); id.check != nil {
			return id
		}
	}
	creation := p.creationMessage(&t.point)
	if m := id.model; m != nil {
		if m.ignored() && !warn && (m.file == t.sp.file || creation == nil || creation.cond != "" || !p.canSay(&t.point, creation) || p.mostlyIgnored(t.sp.file)) {
			return id
		}
		if id.test, id.front = m.test, m.front; folder(m.file.Path) != folder(t.sp.file.Path) {
			// Another part of the program has habits of its own.
			if own, front := t.ownTest(); own+front != "" && !p.usualTest(m) {
				id.test, id.front = own, front
			} else if op := strings.TrimRight(id.test, " -0123456789"); strings.HasPrefix(own, " ") && op != "" && op[0] != ' ' {
				id.test = " " + op + " " + strings.TrimLeft(id.test[len(op):], " ")
			}
		}
		if id.also = ""; isIdentTail(m.also) && p.seesAll(&t.point, m.fn, m.also) {
			id.also = m.also
		}
	}
	var found *message
	if m := id.model; m != nil && m.body != nil {
		found = p.findMessage(m.file, m.fn, m.body, m.opt, m.fd)
	}
	if m := id.model; found == nil && m != nil && m.body != nil && m.file == t.sp.file {
		found = p.tamed(m)
	}
	first, second := found, creation
	if found != nil && creation != nil && found.file != t.sp.file && found.call.Callee() != creation.call.Callee() {
		first, second = creation, found // the function's own way to report
	}
	if found != nil && creation != nil && found.fn.Start != t.sp.fn.Start && (!namesOption(found) || folder(found.file.Path) != folder(t.sp.file.Path)) {
		first, second = creation, found // it says nothing that the function's own would not
	}
	for _, m := range []*message{first, second, p.anyMessage(&t.point)} {
		if m == nil || !p.canSay(&t.point, m) || t.without.mute[m.call.Callee()] {
			continue
		}
		w := wording{st: t.st, levels: p.levels(), strip: m.file != t.sp.file, donor: creation, fn: t.sp.fn.Name,
			why: p.socketReason(&t.point), proj: p.messages, file: t.sp.file, own: t.sp.fn,
			known: func(name string) bool { return len(p.funcs[name]) > 0 }}
		if s, ok := m.rewrite(w); ok {
			id.policy, id.said = policyWarn, m
			id.report = append([]string(nil), m.prep...)
			if m.lead != "" {
				id.report = append(id.report, m.lead)
			}
			id.report = append(id.report, s+";")
			w.levels = nil
			if l, ok := m.rewrite(w); ok {
				id.loud = l + ";"
			}

			if m.cond != "" && p.seesAll(&t.point, m.fn, m.cond) {
				id.cond = m.cond
			}
			break
		}
	}
	p.testFor(t, id)
	if !warn && !t.without.stays {
		p.leaveFor(t, id)
	}
	return id
}

// usualTest reports whether the program looks at the results of its options in
// the way of h nearly everywhere.
func (p *composer) usualTest(h *habit) bool {
	as, other := 0, 0
	for _, f := range p.files {
		for _, g := range p.habitsOf(f) {
			if g.form == formIf || g.form == formAssign {
				count(norm(g.front+"x"+g.test) == norm(h.front+"x"+h.test), &as, &other)
			}
		}
	}
	return as > 3 && as > 3*other
}

// mostlyIgnored reports whether a program leaves the results of its options
// alone, as far as the files beside f tell.
func (p *composer) mostlyIgnored(f *parse.File) bool {
	ignored, checked := 0, 0
	for _, g := range p.others(f) {
		for _, h := range p.habitsOf(g) {
			if h.form != formOther {
				count(h.ignored(), &ignored, &checked)
			}
		}
	}
	return ignored > 2 && ignored > 3*checked
}

func isIdentTail(s string) bool {
	s = strings.TrimSpace(s)
	rest, ok := strings.CutPrefix(s, "&&")
	if !ok {
		return false
	}
	rest = strings.TrimSpace(rest)
	for i := 0; i < len(rest); i++ {
		if !isWordByte(rest[i]) {
			return false
		}
	}
	return rest != ""
}

// testFor settles how the result is compared, and whether it goes through a
// variable.
func (p *composer) testFor(t *target, id *idiom) {
	m := id.model
	if m != nil && m.form == formAssign {
		if p.canHold(t, m.result) {
			id.result = m.result
			return
		}
		id.test, id.front = "", ""
		m = nil
	}
	if m == nil || m.form == formOther || m.form == formCheck || m.ignored() {
		id.test, id.front = t.creationTest()
	}
}

// canHold reports whether the variable may take the call's result here.
func (p *composer) canHold(t *target, name string) bool {
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
	return ok && isPlainInt(v.decl) && v.stmt != nil && !v.decl.Type.Const && dead(t.sp.fn, t.pl.list, t.pl.after, name)
}

// creationTest is the comparison that the creation check makes, for -1 and 0
// alone: a failed setsockopt returns -1 whatever invalid descriptors are.
func (t *target) creationTest() (behind, front string) {
	behind, front = t.ownTest()
	if behind == "" && front == "" {
		if t.st.yoda {
			return "", "0 > "
		}
		behind = " < 0"
	}
	return behind, front
}

// ownTest is creationTest where the check compares with a number, "" else.
func (t *target) ownTest() (behind, front string) {
	for _, c := range t.pl.checks() {
		if behind, front = t.testIn(c.Expr); behind != "" || front != "" {
			break
		}
	}
	return behind, front
}

func (t *target) testIn(e *parse.Expr) (behind, front string) {
	f := t.sp.file
	e.Walk(func(x *parse.Expr) bool {
		if behind != "" || front != "" || x.Kind != parse.XBinary {
			return behind == "" && front == ""
		}
		if v, ok := number(x.Y); ok && holds(f, x.X, t.sp.key) {
			switch {
			case x.Op == parse.Lt && v == 0:
				behind = collapseTest(string(f.Src[x.X.End:x.End]))
			case x.Op == parse.Ge && v == 0:
				behind = strings.Replace(collapseTest(string(f.Src[x.X.End:x.End])), ">=", "<", 1)
			case (x.Op == parse.EqEq || x.Op == parse.NotEq) && v == -1:
				behind = strings.Replace(collapseTest(string(f.Src[x.X.End:x.End])), "!=", "==", 1)
			}
		} else if v, ok := number(x.X); ok && holds(f, x.Y, t.sp.key) {
			if (x.Op == parse.EqEq || x.Op == parse.NotEq) && v == -1 {
				front = strings.Replace(string(f.Src[x.Pos:x.Y.Pos]), "!=", "==", 1)
			}
		}
		return true
	})
	return behind, front
}

func collapseTest(s string) string {
	if i := strings.LastIndexByte(s, ')'); i >= 0 {
		s = s[i+1:]
	}
	c := collapse(s)
	if s != "" && s[0] == ' ' {
		return " " + c
	}
	if c != "" && !strings.HasPrefix(c, " ") && len(s) > 0 && (s[0] == '\n' || s[0] == '\r' || s[0] == '\t') {
		return " " + c
	}
	return c
}

// composer writes blocks: it decides on the error handling, the variable, the
// tests and the clean-up of each, after the program's own ways.
type composer struct {
	*program
	*exits
	*exemplars
	*styles
	*finder
	*messages
	mild  map[*parse.Func]bool          // functions in which no block gives the descriptor up
	mids  map[string]int                // declarations that the first round put among statements, by list
	voids *bool                         // results are cast to void, see castsVoid
	args  map[*parse.Expr][]*parse.Expr // of the sockets that calls of wrappers make
}

func newComposer(p *program) *composer {
	x := &exits{program: p}
	e, s := newExemplars(x), newStyles(p)
	return &composer{program: p, exits: x, exemplars: e, styles: s, finder: &finder{e, s}, messages: newMessages(x), args: map[*parse.Expr][]*parse.Expr{}}
}
