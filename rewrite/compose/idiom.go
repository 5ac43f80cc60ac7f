// Package compose writes the block for one socket: how a failure is tested,
// reported and cleaned up, the tests in front, the comment. It
// follows the option call that serves as the model, the check of the creation and
// the function, in this order, and fills in the fields of a template.
//
// A Plain takes away what an obligation refused, so that the same block can be
// composed again in a plainer form.
package compose

import (
	"strings"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/message"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/optval"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Composer writes blocks: it decides on the error handling, the variable, the
// tests and the clean-up of each, after the program's own ways.
type Composer struct {
	*ctree.Program
	*noreturn.Exits
	*exemplar.Exemplars
	*style.Styles
	*anchor.Finder
	*message.Messages
	*optval.Chooser
	OnlyReport map[*parse.Func]bool          // functions in which no block gives the descriptor up
	voids      *bool                         // results are cast to void, see castsVoid
	Args       map[*parse.Expr][]*parse.Expr // of the sockets that calls of wrappers make

	// What does not depend on the block is found once.
	oddMacros  memo.Table[macroIn, bool]
	windows    memo.Table[*parse.File, bool]
	patterns   memo.Table[*parse.File, patterns]
	merits     memo.Table[callFor, int]
	voidCasts  memo.Table[*parse.File, string]
	callGuards memo.Table[*parse.File, string]
	fileCare   memo.Table[filePass, bool]
	agreed     memo.Table[*parse.Func, []string]
	registries memo.Table[*parse.Func, string]
}

// Policy is what the block does when setsockopt fails.
type Policy int8

const (
	PolicyIgnore Policy = iota
	PolicyWarn          // report and go on
	PolicyLeave         // report, clean up and give up this descriptor
)

// Idiom is the way in which the block is to be written.
type Idiom struct {
	Policy     Policy
	Model      *exemplar.OptionCall // the call that the new one is written after, nil without one
	near       bool                 // the model works on the same descriptor in the same function
	Void       string               // cast before an ignored call
	Test       string               // after the call: " < 0"
	Front      string               // before it: "-1 == "
	Also       string               // another condition after: " && debug"
	Result     string               // variable that takes the result first
	Cond       string               // condition that the message stands under
	Report     []string
	unsoftened string   // the last statement of report with its level unsoftened
	Leave      []string // clean-up and jump
	Check      *exemplar.CheckCall
	pattern    *message.Message // the pattern of report
}

// Pattern is the message that the block's own is made of, nil without one.
func (id *Idiom) Pattern() *message.Message {
	if id == nil {
		return nil
	}
	return id.pattern
}

// Target is everything that is known about one insertion.
type Target struct {
	anchor.Point
	Site     *result.Site
	Composer *Composer
	Style    *style.Style
	OnError  string // match, warn, ignore; "" is match
	// What was decided for the block.
	Idiom  *Idiom
	Kind   string  // the condition of the call's arm, where another makes datagram sockets
	Inet   bool    // the block stands in the arm for internet addresses
	OrElse bool    // the block is the else of the check
	Plain  Plain   // what obligations refused
	Call   string  // of a helper that stands for setsockopt(), "" without one
	Setter *Setter // the program's own function, where its result is looked at
	// The timers asked for, in seconds and probes, for a function that takes some.
	Idle, Interval, Count int
}

// IdiomFor decides the error handling.
func (p *Composer) IdiomFor(t *Target) *Idiom {
	id := &Idiom{}
	if t.Setter != nil {
		id.Model = t.Setter.like
		id.near = id.Model.File == t.Spot.File && id.Model.Func.Start == t.Spot.Func.Start && id.Model.FD == t.Spot.Key
	} else {
		id.Model, id.near = p.model(t)
	}
	id.Void = p.voidHabit(t, id.Model)
	if t.OnError == "ignore" {
		return id
	}
	warn := t.OnError == "warn"
	if !warn {
		if id.Check = p.checked(t, id); id.Check != nil {
			return id
		}
	}
	creation := p.CreationMessage(&t.Point)
	if m := id.Model; m != nil {
		if m.Ignored() && !warn && (m.File == t.Spot.File || m.Through != nil || creation == nil || creation.Cond != "" ||
			!p.CanRepeat(&t.Point, creation) || p.mostlyIgnored(t.Spot.File)) {
			return id
		}
		if id.Test, id.Front = m.Test, m.Front; ctree.Dir(m.File.Path) != ctree.Dir(t.Spot.File.Path) {
			// Another part of the program has habits of its own.
			if own, front := t.ownTest(); own+front != "" && !p.usualTest(m) {
				id.Test, id.Front = own, front
			} else if op := strings.TrimRight(id.Test, " -0123456789"); strings.HasPrefix(own, " ") && op != "" && op[0] != ' ' {
				id.Test = " " + op + " " + strings.TrimLeft(id.Test[len(op):], " ")
			}
		}
		if id.Also = ""; isIdentTail(m.Also) && p.SeesAll(&t.Point, m.Func, m.Also) {
			id.Also = m.Also
		}
	}
	found := p.messageOf(t, id.Model)
	if m := id.Model; found == nil && m != nil && m.Body != nil && m.File == t.Spot.File {
		found = p.Softened(m)
	}
	if found != nil && found.File != t.Spot.File && p.OnlyKeepsErrors(&t.Point) {
		found = nil
	}
	first, second := found, creation
	if found != nil && creation != nil && p.creationFirst(t, found, creation) {
		first, second = creation, found
	}
	for _, m := range t.sources(first, second, p.AnyMessage(&t.Point, t.refused)) {
		if p.CanRepeat(&t.Point, m) && p.setMessage(t, id, m, creation) {
			break
		}
	}
	if id.pattern == nil && p.wantsReport(t, id.Model) {
		for _, m := range t.sources(p.Elsewhere(&t.Point)...) {
			if m.DropPrep(); p.setMessage(t, id, m, creation) {
				break
			}
		}
	}
	p.testFor(t, id)
	if !warn && !t.Plain.Stays {
		p.leaveOnFailure(t, id)
		if id.Policy == PolicyIgnore {
			p.leaveAsSiblings(t, id)
		}
		if id.Policy == PolicyIgnore {
			p.endAsSiblings(t, id)
		}
	}
	return id
}

// messageOf is the message about the failure of an option call, nil where there is none.
func (p *Composer) messageOf(t *Target, m *exemplar.OptionCall) *message.Message {
	if m == nil || m.Body == nil {
		return nil
	}
	found := p.FindMessage(m.File, m.Func, m.Body, m.Opt, m.FD)
	if found != nil && m.Through != nil && m.Form == exemplar.FormAssign && !t.Plain.Direct && !t.Plain.OwnTest && p.canHold(t, m.Result) {
		found.ReasonIsResult(m.Result)
	}
	return found
}

// creationFirst reports whether the message of the creation's own check is a better pattern than
// that of the model, which stands somewhere else.
func (p *Composer) creationFirst(t *Target, model, creation *message.Message) bool {
	otherFile := model.File != t.Spot.File
	otherFunc := model.Func.Start != t.Spot.Func.Start
	switch {
	case (otherFile || otherFunc) && model.Call.Callee() != creation.Call.Callee():
		return true // the function has its own way to report
	case otherFunc && (!message.NamesOption(model) && !p.saysMore(model, creation) || ctree.Dir(model.File.Path) != ctree.Dir(t.Spot.File.Path)):
		return true // it says nothing that the function's own would not
	case otherFile && p.BeginsLikeOthers(creation):
		return true // the name in front is this function's
	}
	return false
}

// saysMore reports whether the model's message is about setting something and gives the reason,
// which the creation's own does not.
func (p *Composer) saysMore(model, creation *message.Message) bool {
	return p.SaysSetting(model) && p.GivesReason(model) && !p.GivesReason(creation)
}

// setMessage makes the block's message of a pattern; it reports whether one came of it.
func (p *Composer) setMessage(t *Target, id *Idiom, m, creation *message.Message) bool {
	if t.Plain.silenced[m.Call.Callee()] {
		return false
	}
	w := message.Wording{Style: t.Style, Levels: p.Levels(), Strip: m.File != t.Spot.File,
		Donor: creation, FuncName: t.Spot.Func.Name, FD: t.Spot.Key,
		Why: p.SocketReason(&t.Point), Messages: p.Messages, File: t.Spot.File, Func: t.Spot.Func,
		Known: func(name string) bool { return len(p.Funcs[name]) > 0 }}
	s, ok := m.Adapt(w)
	// The pattern may name the descriptor that it is about, and what is not there yet.
	forDescriptor := func(s string) string {
		if m.FD != "" && m.FD != t.Spot.Key {
			s = ctree.ReplaceNames(s, map[string]string{m.FD: t.Spot.FD})
		}
		for _, a := range t.Plain.alias {
			s = strings.ReplaceAll(s, a[0], a[1])
		}
		return s
	}
	s = forDescriptor(s)
	if says := ctree.Identifiers(s); len(says) > 0 && t.Plain.silenced[says[0]] {
		return false // the milder function of the one that the pattern calls
	}
	if !ok || !p.RepeatedBy(&t.Point, m, s) || !p.SeesAll(&t.Point, m.Func, ctree.WithoutStrings(m.Begin+" "+m.Lead)) {
		return false
	}
	id.Policy, id.pattern = PolicyWarn, m
	id.Report = nil
	if m.Open != "" {
		id.Report = append(id.Report, m.Open)
	}
	id.Report = append(id.Report, m.Prep...)
	if m.Begin != "" {
		id.Report = append(id.Report, m.Begin)
	}
	if m.Lead != "" {
		id.Report = append(id.Report, m.Lead)
	}
	id.Report = append(id.Report, s+";")
	if then := m.After(s); then != "" && m.File == t.Spot.File {
		id.Report = append(id.Report, then)
	}
	if m.Close != "" {
		id.Report = append(id.Report, m.Close)
	}
	w.Levels = nil
	if l, ok := m.Adapt(w); ok {
		id.unsoftened = forDescriptor(l) + ";"
	}
	if m.Cond != "" && p.SeesAll(&t.Point, m.Func, m.Cond) {
		id.Cond = m.Cond
	}
	return true
}

// sources are the patterns of messages in the order in which they are asked,
// without those that the obligations refused.
func (t *Target) sources(list ...*message.Message) (out []*message.Message) {
	for _, how := range []Pass{Usable, Last} {
		for _, m := range list {
			if m != nil && t.Plain.passed[place(m)] == how {
				out = append(out, m)
			}
		}
	}
	return out
}

// refused reports whether an obligation refused a pattern for good.
func (t *Target) refused(m *message.Message) bool { return t.Plain.passed[place(m)] == Never }

// usualTest reports whether the program looks at the results of its options in
// the way of h nearly everywhere.
func (p *Composer) usualTest(h *exemplar.OptionCall) bool {
	as, other := 0, 0
	for _, f := range p.Files {
		for _, g := range p.OptionCalls(f) {
			if g.Form == exemplar.FormIf || g.Form == exemplar.FormAssign {
				ctree.Count(ctree.Normalize(g.Front+"x"+g.Test) == ctree.Normalize(h.Front+"x"+h.Test), &as, &other)
			}
		}
	}
	return as > 3 && as > 3*other
}

// mostlyIgnored reports whether a program leaves the results of its options
// alone, as far as the files beside f tell.
func (p *Composer) mostlyIgnored(f *parse.File) bool {
	ignored, checked := 0, 0
	for _, g := range p.Others(f) {
		for _, h := range p.OptionCalls(g) {
			if h.Form != exemplar.FormOther {
				ctree.Count(h.Ignored(), &ignored, &checked)
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
		if !text.IsWordByte(rest[i]) {
			return false
		}
	}
	return rest != ""
}

// testFor settles how the result is compared, and whether it goes through a
// variable.
func (p *Composer) testFor(t *Target, id *Idiom) {
	m := id.Model
	if t.Plain.OwnTest {
		id.Test, id.Front, id.Also = " < 0", "", ""
		return
	}
	if m != nil && m.Form == exemplar.FormAssign {
		if p.canHold(t, m.Result) {
			id.Result = m.Result
			return
		}
		id.Test, id.Front = "", ""
		m = nil
	}
	if m == nil || m.Form == exemplar.FormOther || m.Form == exemplar.FormCheck || m.Ignored() {
		id.Test, id.Front = t.CreationTest()
	}
}

// canHold reports whether the variable may take the call's result here.
func (p *Composer) canHold(t *Target, name string) bool {
	v, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Place.Offset, name)
	return ok && ctree.IsPlainInt(v.Decl) && v.Stmt != nil && !v.Decl.Type.Const &&
		ctree.Dead(t.Spot.Func, t.Place.List, t.Place.After, name)
}

// CreationTest is the comparison that the creation check makes, for -1 and 0
// alone: a failed setsockopt returns -1 whatever invalid descriptors are.
func (t *Target) CreationTest() (behind, front string) {
	behind, front = t.ownTest()
	if behind == "" && front == "" {
		if t.Style.Yoda {
			return "", "0 > "
		}
		behind = " < 0"
	}
	return behind, front
}

// ownTest is CreationTest where the check compares with a number, "" else.
func (t *Target) ownTest() (behind, front string) {
	for _, c := range t.Place.Checks() {
		if behind, front = t.testIn(c.Expr); behind != "" || front != "" {
			break
		}
	}
	return behind, front
}

func (t *Target) testIn(e *parse.Expr) (behind, front string) {
	f := t.Spot.File
	e.Walk(func(x *parse.Expr) bool {
		if behind != "" || front != "" || x.Kind != parse.XBinary {
			return behind == "" && front == ""
		}
		if v, ok := ctree.Number(x.Y); ok && noreturn.Denotes(f, x.X, t.Spot.Key) {
			switch {
			case x.Op == token.Lt && v == 0:
				behind = collapseTest(string(f.Src[x.X.End:x.End]))
			case x.Op == token.Ge && v == 0:
				behind = strings.Replace(collapseTest(string(f.Src[x.X.End:x.End])), ">=", "<", 1)
			case (x.Op == token.EqEq || x.Op == token.NotEq) && v == -1:
				behind = strings.Replace(collapseTest(string(f.Src[x.X.End:x.End])), "!=", "==", 1)
			}
		} else if v, ok := ctree.Number(x.X); ok && noreturn.Denotes(f, x.Y, t.Spot.Key) {
			if (x.Op == token.EqEq || x.Op == token.NotEq) && v == -1 {
				front = castOf.ReplaceAllString(strings.Replace(string(f.Src[x.Pos:x.Y.Pos]), "!=", "==", 1), "")
			}
		}
		return true
	})
	return behind, front
}

// castOf is a cast of the invalid descriptor, as in (SOCKET)-1: a result is an int.
var castOf = text.NewPattern(`\([\w *]+\)\s*`)

func collapseTest(s string) string {
	for { // parentheses that end before the operator
		i := strings.IndexByte(s, ')')
		if i < 0 || strings.ContainsAny(s[:i], "<>=!(") {
			break
		}
		s = s[i+1:]
	}
	s = castOf.ReplaceAllString(s, "")
	c := ctree.OneLine(s)
	if s != "" && s[0] == ' ' {
		return " " + c
	}
	if c != "" && !strings.HasPrefix(c, " ") && len(s) > 0 && (s[0] == '\n' || s[0] == '\r' || s[0] == '\t') {
		return " " + c
	}
	return c
}

// ChooseValue finds or makes the variable whose address a block hands over; gated is set
// where the call stands under a test of the block's own.
func (p *Composer) ChooseValue(t *Target, id *Idiom, gated bool, planned map[string]*optval.Value) *optval.Value {
	return p.Choose(&optval.Request{Point: t.Point, Style: t.Style, Model: id.Model,
		Near: id.near, Own: t.Plain.OwnVar, Gated: gated, Planned: planned})
}

// NewComposer returns a composer for a program; what it measures is kept.
func NewComposer(p *ctree.Program) *Composer {
	x := &noreturn.Exits{Program: p}
	e, s := exemplar.NewExemplars(x), style.NewStyles(p)
	return &Composer{Program: p, Exits: x, Exemplars: e, Styles: s, Finder: &anchor.Finder{Exemplars: e, Styles: s},
		Messages: message.NewMessages(x), Chooser: optval.NewChooser(e), Args: map[*parse.Expr][]*parse.Expr{}}
}
