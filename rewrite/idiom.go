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
}

// target is everything that is known about one insertion.
type target struct {
	site *detect.Site
	sp   *spot
	pl   *place
	st   *style
	opt  *Options
	// What was decided for an inline block.
	id       *idiom
	gateTest string
	timers   Timers // those that can be set here
}

// idiomFor decides the error handling.
func (p *project) idiomFor(t *target) *idiom {
	id := &idiom{}
	id.model, id.near = p.model(t)
	id.void = p.voidHabit(t, id.model)
	if t.opt.OnError == "ignore" {
		return id
	}
	warn := t.opt.OnError == "warn"
	if m := id.model; m != nil {
		if m.ignored() && !warn {
			return id
		}
		id.test, id.front = m.test, m.front
		if id.also = ""; isIdentTail(m.also) && p.seesAll(t, m.fn, m.also) {
			id.also = m.also
		}
	}
	creation := p.creationMessage(t)
	var found *message
	if m := id.model; m != nil && m.body != nil {
		found = p.findMessage(m.file, m.fn, m.body, m.opt, m.fd)
	}
	first, second := found, creation
	if found != nil && creation != nil && found.file != t.sp.file && found.call.Callee() != creation.call.Callee() {
		first, second = creation, found // the function's own way to report
	}
	for _, m := range []*message{first, second, p.anyMessage(t)} {
		if m == nil || !p.canSay(t, m) {
			continue
		}
		w := wording{st: t.st, levels: p.levels(), strip: m.file != t.sp.file, donor: creation}
		if s, ok := m.rewrite(w); ok {
			id.policy = policyWarn
			id.report = append(append([]string(nil), m.prep...), s+";")
			w.levels = &levelWords{}
			if l, ok := m.rewrite(w); ok {
				id.loud = l + ";"
			}

			if m.cond != "" && p.seesAll(t, m.fn, m.cond) {
				id.cond = m.cond
			}
			break
		}
	}
	p.testFor(t, id)
	if !warn {
		p.leaveFor(t, id)
	}
	return id
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

// model finds the setsockopt call that the block is written after: on the same
// descriptor in the same function, in a helper that the descriptor is handed
// to next, in the function, in the file, in the project.
func (p *project) model(t *target) (*habit, bool) {
	f := t.sp.file
	var best *habit
	far := 0
	for _, h := range p.habitsOf(f) {
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
	score := -1
	try := func(h *habit, base int) {
		s := base
		if h.form == formOther || h.value == "" {
			return
		}
		if v, ok := visible(h.fn, h.stmt.Parent, h.call.Pos, h.value); ok && isPlainInt(v.decl) {
			s += 8
		}
		if h.opt == "SO_KEEPALIVE" {
			s += 16
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
	for _, h := range p.habitsOf(f) {
		try(h, 20)
	}
	if best != nil {
		return best, false
	}
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
	return best, false
}

// switches are the options that are on or off, so that the value set for them
// is one for SO_KEEPALIVE too.
var switches = map[string]bool{
	"SO_KEEPALIVE": true, "SO_REUSEADDR": true, "SO_REUSEPORT": true, "TCP_NODELAY": true, "SO_OOBINLINE": true,
	"SO_BROADCAST": true, "SO_DEBUG": true, "IPV6_V6ONLY": true, "SO_DONTROUTE": true, "SO_NOSIGPIPE": true,
	"TCP_CORK": true, "TCP_NOPUSH": true, "SO_EXCLUSIVEADDRUSE": true,
}

func folder(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}

// helperModel: the descriptor is handed, unchecked, to a function of the
// project that sets an option on it.
func (p *project) helperModel(t *target) *habit {
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
func (p *project) voidHabit(t *target, model *habit) string {
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

// creationMessage is what the program says when the call itself fails.
func (p *project) creationMessage(t *target) *message {
	c := t.pl.check
	if c == nil {
		return nil
	}
	f := t.sp.file
	for _, b := range []*parse.Stmt{c.Body, c.Else} {
		if b != nil && !ancestor(b, t.pl.list) {
			if m := p.findMessage(f, t.sp.fn, b, "", t.sp.key); m != nil {
				return m
			}
		}
	}
	return nil
}

// anyMessage is another error message of the function, one that reports a
// system call.
func (p *project) anyMessage(t *target) *message {
	f := t.sp.file
	var found *message
	t.sp.fn.Body().Walk(func(s *parse.Stmt) bool {
		if found == nil && s.Kind == parse.SIf && s.Body != nil {
			if m := p.findMessage(f, t.sp.fn, s.Body, "", t.sp.key); m != nil && (m.call.Callee() == "perror" || strings.Contains(exprText(f, m.call), "errno") || strings.Contains(exprText(f, m.call), "%m")) {
				found = m
			}
		}
		return found == nil
	})
	return found
}

// canSay reports whether everything that a message names can be named at the
// insertion.
func (p *project) canSay(t *target, m *message) bool {
	f := t.sp.file
	if m.file != f {
		if len(f.Idents(m.call.Callee())) == 0 {
			return false
		}
		for _, fn := range p.funcs[m.call.Callee()] {
			if fn.File == m.file && fn.Static {
				return false
			}
		}
	}
	ok := true
	for _, s := range m.prep {
		ok = ok && p.seesAll(t, m.fn, withoutStrings(s)) && p.freeFor(t, m, s)
	}
	if !ok { // the message has to do without what they make
		for _, s := range m.prep {
			m.stale[firstMade(m, s)] = true
		}
		m.prep, ok = nil, true
	}
	m.call.Walk(func(x *parse.Expr) bool {
		if x.Kind == parse.XIdent && x != m.call.X.Bare() && !p.sees(t, m.fn, x.Name) {
			ok = false
		}
		return ok
	})
	return ok
}

// firstMade is the variable that a statement in front of a message makes.
func firstMade(m *message, stmt string) string {
	for _, l := range locals(m.fn) {
		if n := l.decl.Name; strings.HasPrefix(stmt, n+" ") || strings.HasPrefix(stmt, n+"=") || strings.Contains(stmt, ", "+n+",") {
			return n
		}
	}
	return ""
}

// freeFor reports whether a statement in front of a message may be repeated:
// what it assigns is not needed any more.
func (p *project) freeFor(t *target, m *message, stmt string) bool {
	name, _, assigned := strings.Cut(stmt, "=")
	if name = strings.TrimSpace(name); !assigned || strings.ContainsAny(name, "([ ") {
		return true
	}
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
	return ok && (v.decl.Type.Array || dead(t.sp.fn, t.pl, name))
}

// sees reports whether a name that means something in from means the same at
// the insertion.
func (p *project) sees(t *target, from *parse.Func, name string) bool {
	f := t.sp.file
	there := declares(from, name)
	if from.File == f && from.Start == t.sp.fn.Start {
		if !there {
			return true
		}
		_, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
		return ok
	}
	if there {
		return false // the same name may be another thing
	}
	if declares(t.sp.fn, name) {
		return false
	}
	if from.File == f {
		return true
	}
	return len(f.Idents(name)) > 0 || isUpper(name) || name == "errno" || name == "strerror" || strings.HasPrefix(name, "__func") || name == "stderr"
}

func (p *project) seesAll(t *target, from *parse.Func, text string) bool {
	for i := 0; i < len(text); {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && isWordByte(text[j]) {
			j++
		}
		if c := text[i]; c < '0' || c > '9' {
			if !p.sees(t, from, text[i:j]) {
				return false
			}
		}
		i = j
	}
	return true
}

// levels collects the severities that the project's messages use.
func (p *project) levels() *levelWords {
	if p.words == nil {
		p.words = &levelWords{map[string]bool{}}
		for _, f := range p.files {
			for _, w := range []string{"LOG_WARNING"} {
				if len(f.Idents(w)) > 0 {
					p.words.words[w] = true
				}
			}
		}
	}
	return p.words
}

// testFor settles how the result is compared, and whether it goes through a
// variable.
func (p *project) testFor(t *target, id *idiom) {
	m := id.model
	if m != nil && m.form == formAssign {
		if p.canHold(t, m.result) {
			id.result = m.result
			return
		}
		id.test, id.front = "", ""
		m = nil
	}
	if m == nil || m.form == formOther || m.ignored() {
		id.test, id.front = t.creationTest()
	}
}

// canHold reports whether the variable may take the call's result here.
func (p *project) canHold(t *target, name string) bool {
	v, ok := visible(t.sp.fn, t.pl.list, t.pl.at, name)
	return ok && isPlainInt(v.decl) && v.stmt != nil && !v.decl.Type.Const && dead(t.sp.fn, t.pl, name)
}

// creationTest is the comparison that the creation check makes, for -1 and 0
// alone: a failed setsockopt returns -1 whatever invalid descriptors are.
func (t *target) creationTest() (behind, front string) {
	var e *parse.Expr
	if c := t.pl.check; c != nil {
		e = c.Expr
	}
	f := t.sp.file
	e.Walk(func(x *parse.Expr) bool {
		if behind != "" || front != "" || x.Kind != parse.XBinary {
			return behind == "" && front == ""
		}
		if v, ok := number(x.Y); ok && holds(f, x.X, t.sp.key) {
			switch {
			case x.Op == parse.Lt && v == 0:
				behind = collapseTest(string(f.Src[x.X.End:x.End]))
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
	if behind == "" && front == "" {
		behind = " < 0"
	}
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
