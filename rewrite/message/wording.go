package message

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Wording is how a pattern is to be turned into a new message.
type Wording struct {
	Style    *style.Style
	Levels   *LevelWords
	Strip    bool              // the pattern is from elsewhere: its name in front does not fit
	FuncName string            // the name of the function that the message is for
	FD       string            // the descriptor that it is about
	Known    func(string) bool // is that a function of the program
	word     string            // for its level, that the pattern begins with
	Donor    *Message          // one whose reason is borrowed when the pattern gives none
	Why      string            // what tells the reason of a socket's failure, see SocketReason
	Messages *Messages
	File     *parse.File
	Func     *parse.Func // the function that the message is for
}

var verb = text.NewPattern(`%(?:[0-9]+\$)?[-+ #0']*(?:\*(?:[0-9]+\$)?|[0-9]+)?(?:\.(?:\*(?:[0-9]+\$)?|[0-9]+))?[hlLzjtq]*[a-zA-Z%]`)

// Adapt makes the pattern a message about SO_KEEPALIVE. ok is false when it
// cannot be said which of its arguments still make sense.
func (m *Message) Adapt(w Wording) (string, bool) {
	c := m.Call
	at := ctree.LiteralIndex(c)
	if at < 0 {
		return "", false
	}
	s, ok := m.said(w, at)
	if !ok {
		return "", false
	}
	if w.allSay(m, s) {
		return m.sayAgain(w, s, at)
	}
	text, args, ok := m.withoutReason(s.text, s.args, w)
	if !ok {
		return "", false
	}
	word := levelPrefix(text)
	text = strings.TrimPrefix(text, word)
	w.word = w.mildWord(m, word)
	text, args, ok = m.substitute(text, args, w)
	if w.word == "" && !strings.HasPrefix(text, "set") && !strings.HasPrefix(text, "SO_") && !namesWho(text) && !fileLead.MatchString(text) {
		text = upperLike(text, word) // it was no beginning, and is one now
	}
	if w.word != word && !saysFailure(text) { // the word told
		body := strings.TrimSuffix(text, `\n`)
		text = body + " failed" + text[len(body):]
	}
	text = strings.ReplaceAll(w.word+text, "getsockopt", "setsockopt")
	if !ok {
		return "", false
	}
	text = w.withoutVersion(m, w.withoutSubject(m, w.ownInFunction(m, w.otherName(m, text))))
	text, args = setReason(text, args, w.Why)
	text = w.functionTag(w.functionVerb(text, args), c)
	text, args = w.functionName(w.whichSocket(text, args), args, c.Callee())
	if m.File != w.File && w.Messages != nil && w.File != nil {
		text = w.Messages.withFileLead(w.File, m, text)
	}
	if !strings.HasSuffix(text, `\n`) && w.Messages != nil && w.Messages.endsInNewline(w.File, c.Callee()) {
		text += `\n`
	}
	if w.Messages.appendsErrno(w.File, cmp.Or(m.name, c.Callee())) {
		text = strings.TrimRight(strings.TrimSuffix(text, lineEnd(text)), ".!: ") // the reason comes behind it on the line
	}
	all, ok := m.front(w, at)
	if !ok {
		return "", false
	}
	if w.Messages != nil {
		text = w.Messages.withLevelPrefix(w.File, c, all, text)
	}
	if m.name != "" {
		all = nil // err(1, "...") exits with its first argument, warn has none
	}
	if w.File != nil && m.File != w.File && ctree.HasMacro(text) {
		return "", false // it may mean another thing here
	}
	text, args = s.printed(w, m, len(all), text, args)
	return m.call(w, all, text, args, at), true
}

// front are the arguments before the text; ok is false where one is not what it is in the pattern's branch.
func (m *Message) front(w Wording, at int) (all []string, ok bool) {
	for i, a := range m.Call.Args[:at] {
		if m.anyStale([]string{parse.ExprText(m.File, a)}) {
			return nil, false
		}
		all = append(all, w.constant(i, ctree.OneLine(parse.ExprText(m.File, a)), m))
	}
	return all, true
}

// call is the call that prints a text with its arguments, after those of all; at is where
// the pattern has its text.
func (m *Message) call(w Wording, all []string, text string, args []string, at int) string {
	c := m.Call
	lit := ctree.LiteralIn(c.Args[at])
	gap := " "
	if ctree.TouchesMacro(m.File.Src[lit.Pos:lit.End]) {
		gap = ""
	}
	quoted := ctree.Quote(text, gap)
	if a := c.Args[at]; a != lit {
		quoted = ctree.OneLine(string(m.File.Src[a.Pos:lit.Pos]) + quoted + string(m.File.Src[lit.End:a.End]))
	}
	all = append(append(all, quoted), args...)
	name := ctree.OneLine(parse.ExprText(m.File, c.X))
	if m.name != "" {
		name = m.name
	} else if w.Levels != nil && w.Messages != nil && m.opt == "" {
		name = w.Messages.milderFunc(w.File, name, at)
	}
	gap = strings.TrimSuffix(string(m.File.Src[c.X.End:c.Args[0].Pos]), "(")
	if gap != "" && gap != " " || m.File != w.File && w.File != nil {
		gap = w.Style.CallGap
	}
	sep := ", "
	if len(c.Args) > 1 && string(m.File.Src[c.Args[0].End:c.Args[1].Pos]) == "," && !strings.Contains(parse.ExprText(m.File, c), ", ") {
		sep = ","
	}
	if m.head != "" && len(c.Args) > 1 && string(m.File.Src[c.Args[0].End:c.Args[1].Pos]) == "," {
		sep = ","
	}
	list := strings.Join(all, sep)
	if n := len(args); sep == "," && at == len(c.Args)-1 && n > 0 { // its habit shows before the text only
		list = strings.Join(all[:len(all)-n], sep) + ", " + strings.Join(args, ", ")
	}
	if m.head != "" {
		return m.head + list + m.tail
	}
	pad := w.Style.Pad
	if own, ok := ctree.Padding(m.File, c); ok && m.File == w.File {
		pad = own
	}
	return name + gap + "(" + pad + list + pad + ")"
}

// mildWord is what a message begins with that does not end anything, made after
// one that does: the word of the file's messages by the same function that warn,
// and none in the place of "ERROR: " where the file has no such word.
func (w Wording) mildWord(m *Message, word string) string {
	if w.Levels == nil || w.Messages == nil || !m.leaves || !knowledge.IsGravePrefix(strings.TrimRight(word, ": -")) {
		return word
	}
	return w.Messages.warningWord(w.File, m.Call.Callee())
}

// warningWord is what the file's messages by a function that warn begin with.
func (p *Messages) warningWord(f *parse.File, callee string) string {
	return p.mildWords.Get(messageKey{file: f, callee: callee}, func() string { return p.findWarningWord(f, callee) })
}

func (p *Messages) findWarningWord(f *parse.File, callee string) string {
	for _, r := range p.inFile(f).reports {
		if r.call.Callee() != callee {
			continue
		}
		if lit, ok := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name); ok &&
			strings.HasPrefix(strings.ToLower(levelPrefix(lit)), "warn") {
			return levelPrefix(lit)
		}
	}
	return ""
}

// constant is an argument before the text: a level, a domain.
func (w Wording) constant(i int, arg string, m *Message) string {
	if tame, ok := m.softLevels[i]; ok {
		return tame
	}
	if w.Messages != nil && w.File != nil {
		arg = cmp.Or(w.Messages.ownInPlace(w.File, m, i), arg)
	}
	if m.opt == "" && w.Messages != nil {
		arg = w.Messages.domain(w.File, i, arg)
	}
	if w.Levels == nil {
		return arg
	}
	return w.Levels.soften(arg, m, w)
}

// slot is one verb of a format with the index of its argument, the value's and
// not that of a width, and how many arguments it takes; arg is -1 for %m.
type slot struct{ from, to, arg, takes int }

// first is the index of the first argument of a slot.
func (s slot) first() int { return s.arg - s.takes + 1 }

// slots pairs verbs and arguments. ok is false when they do not match, as for
// functions that take no format.
func slots(text string, args []string) (out []slot, ok bool) {
	n := 0
	for _, v := range verb.FindAllStringIndex(text, -1) {
		switch s := text[v[0]:v[1]]; {
		case s == "%%":
		case s == "%m":
			out = append(out, slot{v[0], v[1], -1, 0})
		case strings.Contains(s, "$"):
			return out, false // numbered: their order is the author's own
		default:
			takes := 1 + strings.Count(s, "*")
			n += takes
			out = append(out, slot{v[0], v[1], n - 1, takes})
		}
	}
	return out, n == len(args)
}

// substitute rewrites a format and its arguments.
func (m *Message) substitute(text string, args []string, w Wording) (string, []string, bool) {
	sl, ok := slots(text, args)
	if !ok && strings.Contains(text, "$") {
		return m.withoutNumbers(text, args)
	}
	if !ok {
		if len(sl) == 0 && !verb.MatchString(text) && !m.anyStale(args) { // no printf: its other arguments stay
			if m.opt != "" && ctree.IsName(text) { // fail("setsockopt", "SO_REUSEADDR", 0)
				if s, ok := ReplaceOption(text, m.opt); ok {
					return s, args, true
				}
			}
			return phrase(strings.TrimSuffix(text, lineEnd(text))), args, true
		}
		return "", nil, false
	}
	prefix, used := m.lead(text, args, w)
	for i, a := range args {
		if m.opt != "" && a == `"`+m.opt+`"` && !m.anyStale(args) {
			args[i] = `"SO_KEEPALIVE"`
			return text, args, true
		}
	}
	if m.opt != "" {
		if s, ok := ReplaceOption(text, m.opt); ok && !m.anyStale(args) && !isSpecific(args) {
			if s, args, ok = m.withoutValue(s, args); !ok {
				return "", nil, false
			}
			if s, args, ok = m.withoutOther(s, args); !ok {
				return "", nil, false
			}
			s = w.aboutConnection(m, turnedOn(s))
			if w.Strip && used > 0 && !strings.Contains(prefix, "%") && !strings.Contains(prefix, "KEEPALIVE") {
				mark := messageMarks.FindString(text)
				s = mark + upperLike(s[used:], text[len(mark):])
			}
			return m.addReason(s, args, w)
		}
	}
	if w.Strip && !strings.Contains(prefix, "%") {
		prefix = messageMarks.FindString(prefix)
	}
	perrorLike := m.appendsReason(w.Messages) || len(args) == 0 && !strings.ContainsAny(text, ` %\`)
	core := text[used:]
	why := m.reason(text, args, sl, used)
	end := lineEnd(core)
	core = strings.TrimSuffix(core, end)
	if why == nil {
		end = endMark(core) + end
	}
	var keep []string
	for _, s := range sl {
		if s.to <= used && s.arg >= 0 {
			if m.anyStale(args[s.first() : s.arg+1]) {
				return "", nil, false
			}
			keep = append(keep, args[s.first():s.arg+1]...)
		}
	}
	if why != nil {
		core = text[used:why.at]
	}
	out := prefix + phrase(core)
	switch {
	case why != nil:
		if m.word() != w.word && !saysFailure(out) {
			out += " failed"
		}
		out += why.sep + why.verb + why.tail
		keep = append(keep, why.args...)
	case !perrorLike && !saysFailure(out) && !saysFailure(w.word) && !m.namesCall(core):
		out += " failed"
	}
	if why == nil && !perrorLike {
		return m.addReason(out+end, keep, w)
	}
	return out + end, keep, true
}

// lead returns what a message begins with before it says anything, and how much of the text that is.
func (m *Message) lead(text string, args []string, w Wording) (prefix string, used int) {
	prefix, used = leadIn(text, args)
	own := m.Func.Name + " "
	if (used == 0 && len(args) == 0 || looksLikeFunction(m.Func.Name)) && strings.HasPrefix(text[used:], own) {
		prefix, used = prefix+own, used+len(own) // "dial connect", "Syserror: take_client accept"
	}
	if used == 0 && strings.HasPrefix(text, "%s ") && len(args) > 0 && isFuncWord(args[0]) {
		prefix, used = "%s ", len("%s ")
	}
	if used == 0 && w.Messages != nil {
		if own := w.Messages.firstWord(m.Func, m.Call.Callee()); strings.HasPrefix(text, own) {
			prefix, used = own, len(own)
		}
	}
	return m.withoutStep(text, prefix, used, w)
}

// stepInFront matches the name of a function at the end of what a message begins with.
var stepInFront = text.NewPattern(`\b(\w+)(?:\(\))?: $`)

// withoutStep takes out of what a message begins with the name of the step that failed: "connect: "
// where that is a function of the system, "seal_text " before a verb.
func (m *Message) withoutStep(text, prefix string, used int, w Wording) (string, int) {
	if at := stepInFront.FindStringSubmatchIndex(prefix); at != nil {
		name := prefix[at[2]:at[3]]
		if m.follows(name) && (w.Known == nil || !w.Known(name)) {
			return prefix[:at[0]], used
		}
		return prefix, used
	}
	name, _, _ := strings.Cut(text[used:], " ")
	if n := strings.TrimSuffix(name, "()"); ctree.IsName(n) && m.follows(n) && namesWho(text[used:]) {
		used += len(name) + 1
	}
	return prefix, used
}

// follows reports whether a message stands where a call by that name has failed: in an if
// that tests it, or right after it.
func (m *Message) follows(name string) bool {
	found := false
	look := func(s *parse.Stmt) {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				found = found || x.Kind == parse.XCall && x.Callee() == name
				return !found
			})
		})
	}
	for s := m.Call.In; s != nil && !found; s = s.Parent {
		if s.Kind != parse.SIf {
			continue
		}
		look(s)
		if before := ctree.Prev(s); before != nil {
			look(before)
		}
	}
	return found
}

// processLead is the number of the process or the thread that a message begins with.
func processLead(text string, args []string) string {
	if len(args) == 0 || !strings.Contains(strings.ToLower(args[0]), "pid") && !strings.Contains(args[0], "pthread_self") {
		return ""
	}
	return numberLead.FindString(text)
}

var numberLead = text.NewPattern(`^(?:%0?[0-9]*l?[duxX]|\[%0?[0-9]*l?[duxX]\]|\(%0?[0-9]*l?[duxX]\))(?:: ?| - | )`)

// lineEnd is what ends the line of a message, as its literal spells it.
func lineEnd(text string) string {
	for _, end := range []string{`\r\n`, `\n`} {
		if strings.HasSuffix(text, end) {
			return end
		}
	}
	return ""
}

// withoutNumbers is a message like one whose arguments have numbers (%2$s): the
// numbers would all change, so that it says no more than what failed, and why.
func (m *Message) withoutNumbers(text string, args []string) (string, []string, bool) {
	why := ""
	for _, a := range args {
		if m.isErrno(a) {
			why = a
		}
	}
	end := lineEnd(text)
	core := verb.ReplaceAllString(strings.TrimSuffix(text, end), "")
	core = phrase(strings.TrimLeft(core, " :[]()-"))
	if why == "" {
		return core + end, nil, true
	}
	return core + ": %s" + end, []string{why}, true
}

// withoutValue takes out of another option's message what it says of that
// option's value and of what becomes of the program without it: "to 5 seconds",
// ", answers will be slow". ok is false when an argument would be left that is
// about the other option.
func (m *Message) withoutValue(text string, args []string) (string, []string, bool) {
	at := strings.Index(text, "KEEPALIVE")
	if at < 0 {
		at = strings.Index(text, "keepalive")
	}
	sl, ok := slots(text, args)
	if at < 0 || !ok {
		return text, args, ok
	}
	at += len("KEEPALIVE")
	for _, s := range sl {
		if s.from >= at && s.arg >= 0 && !m.isErrno(args[s.arg]) {
			if rest := text[at:s.from]; rest == ", " || rest == "=" || rest == " = " {
				text = text[:s.from] + "1" + text[s.to:]
				args = append(append([]string(nil), args[:s.first()]...), args[s.arg+1:]...)
				return m.withoutValue(text, args)
			}
		}
	}
	stop := len(strings.TrimSuffix(text, `\n`))
	for _, s := range sl {
		if s.from >= at && (s.arg < 0 || m.isErrno(args[s.arg])) {
			stop = len(strings.TrimRight(text[:s.from], " :-('[,"))
			break
		}
	}
	if stop < at {
		return text, args, true
	}
	tail := text[at:stop]
	cut := valueClause.FindStringIndex(tail)
	if i := strings.Index(tail, ", "); i >= 0 && (cut == nil || i < cut[0]) && !goesOn.MatchString(tail[i:]) {
		cut = []int{i, len(tail)}
	}
	if cut == nil {
		return text, args, true
	}
	kept := args[:0:0]
	for i, a := range args {
		of := sl[0]
		for _, s := range sl {
			if i >= s.first() && i <= s.arg {
				of = s
			}
		}
		if of.from < at+cut[0] || of.from >= at+cut[1] {
			kept = append(kept, a)
		}
	}
	return text[:at+cut[0]] + text[at+cut[1]:], kept, true
}

// withoutOther takes out the clause at the end of a message that names the other option
// again: ", disable with 'nodelay=0'". ok is false where it is named elsewhere.
func (m *Message) withoutOther(text string, args []string) (string, []string, bool) {
	_, short, _ := strings.Cut(m.opt, "_")
	if short = strings.ToLower(short); len(short) < 5 || short == "keepalive" || !strings.Contains(strings.ToLower(text), short) {
		return text, args, true
	}
	end := lineEnd(text)
	body := strings.TrimSuffix(text, end)
	for _, sep := range []string{", ", "; ", " - "} {
		if i := strings.LastIndex(body, sep); i > 0 && !strings.Contains(strings.ToLower(body[:i]), short) && !verb.MatchString(body[i:]) {
			return body[:i] + end, args, true
		}
	}
	return "", nil, false
}

// valueClause is what follows an option's name about its value.
var valueClause = text.NewPattern(` (?:to|of|=|at) (?:%[a-z]+|[0-9]+)[a-zA-Z ]*`)

// goesOn matches clauses that hold for any option: that the failure is one, and
// that the program goes on.
var goesOn = text.NewPattern(`(?i)ignor|continu|going on|goes on|anyway|fail|error`)

// word is the word for its level that the pattern begins with.
func (m *Message) word() string {
	text, _ := ctree.JoinLiterals(ctree.LiteralIn(m.Call.Args[ctree.LiteralIndex(m.Call)]).Name)
	return levelPrefix(text)
}

// namesCall reports whether a message says no more than which call failed, and where: "dial() connect".
func (m *Message) namesCall(core string) bool {
	if p := named.FindStringSubmatch(core); p != nil && p[1] == m.Func.Name {
		core = p[3]
	}
	_, ok := knowledge.SocketCall(strings.TrimSuffix(core, "()"))
	return ok
}

// appendsReason recognises functions that add what errno means by themselves.
func (m *Message) appendsReason(p *Messages) bool {
	c := m.Call
	if m.name != "" {
		return p.appendsErrno(m.File, m.name)
	}
	if p.appendsErrno(m.File, c.Callee()) {
		return true
	}
	for _, a := range c.Args[:max(ctree.LiteralIndex(c), 0)] { // error(0, errno, "..."), com_err(name, errno, "...")
		if parse.ExprText(m.File, a) == "errno" {
			return true
		}
	}
	return false
}

// appendsErrno reports whether a function, as a file sees it, puts what errno means behind its
// text. One of the program's own by the name of a library's may print the text as it is.
func (p *Messages) appendsErrno(f *parse.File, name string) bool {
	if !knowledge.AppendsErrno.Has(name) || p == nil || f == nil {
		return knowledge.AppendsErrno.Has(name)
	}
	if m := p.FnMacro(f, name); m != nil {
		return !printsAsIs(m)
	}
	fn := p.Definition(f, name)
	return fn == nil || slices.ContainsFunc([]string{"errno", "strerror", "perror", "vwarn", "vsyslog"}, func(w string) bool {
		return text.HasWord(string(fn.File.Src[fn.BodyPos:fn.End]), w)
	})
}

// printsAsIs reports whether the text that a macro gets is the end of what it prints: no literal
// follows its first parameter, which is passed on.
func printsAsIs(m *parse.Macro) bool {
	if len(m.Params) == 0 {
		return false
	}
	passed := false
	for i, k := range m.Body {
		w := m.File.Text(k)
		if k.Kind != token.Ident || w != strings.TrimSuffix(m.Params[0], "...") && w != "__VA_ARGS__" {
			continue
		}
		if i+1 < len(m.Body) && m.Body[i+1].Kind == token.String {
			return false
		}
		passed = true
	}
	return passed
}

// isSpecific reports whether an argument is made for the one message, such as
// reuse ? "on" : "off".
func isSpecific(args []string) bool {
	for _, a := range args {
		if strings.ContainsAny(a, "?\"") {
			return true
		}
	}
	return false
}

func saysFailure(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"fail", "error", "n't", "cannot", "can not", "could not", "unable"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// upperLike gives s the first letter's case of like.
func upperLike(s, like string) string {
	if s != "" && like != "" && like[0] >= 'A' && like[0] <= 'Z' {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}

// addReason adds the reason that the program gives in its other messages, when
// this one has none.
func (m *Message) addReason(text string, args []string, w Wording) (string, []string, bool) {
	sl, ok := slots(text, args)
	d := w.Donor
	if !ok || d == nil || d == m || d.maker != m.maker || d.File != m.File || d.Call.Callee() != m.Call.Callee() ||
		strings.ContainsAny(text, ":\\") || strings.HasSuffix(text, ".") {
		return text, args, true
	}
	if m.reason(text, args, sl, 0) != nil {
		return text, args, true
	}
	at := ctree.LiteralIndex(d.Call)
	donor, ok := ctree.JoinLiterals(ctree.LiteralIn(d.Call.Args[at]).Name)
	if !ok {
		return text, args, true
	}
	var dargs []string
	for _, a := range d.Call.Args[at+1:] {
		dargs = append(dargs, ctree.OneLine(parse.ExprText(d.File, a)))
	}
	dsl, ok := slots(donor, dargs)
	if !ok {
		return text, args, true
	}
	_, used := leadIn(donor, dargs)
	why := d.reason(donor, dargs, dsl, used)
	if why == nil || len(d.Prep) > 0 {
		return text, args, true
	}
	args = append(args, why.args...)
	return text + why.sep + why.verb + why.tail, args, true
}
