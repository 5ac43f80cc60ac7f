package rewrite

import (
	"regexp"
	"strings"
)

// wording is how a pattern is to be turned into a new message.
type wording struct {
	st     *style
	levels *levelWords
	strip  bool     // the pattern is from elsewhere: its name in front does not fit
	donor  *message // one whose reason is borrowed when the pattern gives none
}

// reason is the end of a message that says what errno meant.
type reason struct{ sep, verb, arg, tail string }

var verb = regexp.MustCompile(`%[-+ #0']*(?:\*|[0-9]+)?(?:\.(?:\*|[0-9]+))?[hlLzjtq]*[a-zA-Z%]`)

// plainLiteral joins adjacent literals; ok is false when a macro is among
// them.
func plainLiteral(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case ' ':
			i++
		case '"':
			j := i + 1
			for j < len(s) && s[j] != '"' {
				if s[j] == '\\' {
					j++
				}
				j++
			}
			if j >= len(s) {
				return "", false
			}
			b.WriteString(s[i+1 : j])
			i = j + 1
		default:
			return "", false
		}
	}
	return b.String(), true
}

// rewrite makes the pattern a message about SO_KEEPALIVE. ok is false when it
// cannot be said which of its arguments still make sense.
func (m *message) rewrite(w wording) (string, bool) {
	c := m.call
	at := literal(c)
	if at < 0 {
		return "", false
	}
	lit := literalOf(c.Args[at])
	text, ok := plainLiteral(lit.Name)
	if !ok {
		return "", false
	}
	var args []string
	for _, a := range c.Args[at+1:] {
		args = append(args, collapse(exprText(m.file, a)))
	}
	text, args, ok = m.about(text, args, w)
	if !ok {
		return "", false
	}
	var all []string
	for _, a := range c.Args[:at] {
		all = append(all, w.levels.soften(collapse(exprText(m.file, a)), m))
	}
	if m.name != "" {
		all = nil // err(1, "...") exits with its first argument, warn has none
	}
	quoted := `"` + text + `"`
	if a := c.Args[at]; a != lit {
		quoted = collapse(string(m.file.Src[a.Pos:lit.Pos]) + quoted + string(m.file.Src[lit.End:a.End]))
	}
	all = append(append(all, quoted), args...)
	name := collapse(exprText(m.file, c.X))
	if m.name != "" {
		name = m.name
	}
	gap := strings.TrimSuffix(string(m.file.Src[c.X.End:c.Args[0].Pos]), "(")
	if gap != "" && gap != " " {
		gap = w.st.callGap
	}
	sep := ", "
	if len(c.Args) > 1 && string(m.file.Src[c.Args[0].End:c.Args[1].Pos]) == "," && !strings.Contains(exprText(m.file, c), ", ") {
		sep = ","
	}
	list := strings.Join(all, sep)
	if n := len(args); sep == "," && at == len(c.Args)-1 && n > 0 { // its habit shows in front of the text only
		list = strings.Join(all[:len(all)-n], sep) + ", " + strings.Join(args, ", ")
	}
	return name + gap + "(" + w.st.pad + list + w.st.pad + ")", true
}

// slot is one verb of a format with the index of its argument, -1 for %m.
type slot struct{ from, to, arg int }

// slots pairs verbs and arguments. ok is false when they do not match, as for
// functions that take no format.
func slots(text string, args []string) (out []slot, ok bool) {
	n := 0
	for _, v := range verb.FindAllStringIndex(text, -1) {
		switch s := text[v[0]:v[1]]; {
		case s == "%%":
		case s == "%m":
			out = append(out, slot{v[0], v[1], -1})
		case strings.Contains(s, "*"):
			return nil, false
		default:
			out = append(out, slot{v[0], v[1], n})
			n++
		}
	}
	return out, n == len(args)
}

// about rewrites a format and its arguments.
func (m *message) about(text string, args []string, w wording) (string, []string, bool) {
	sl, ok := slots(text, args)
	if !ok {
		if len(sl) == 0 && !m.anyStale(args) { // no printf: its other arguments stay
			return say(strings.TrimSuffix(text, `\n`)), args, true
		}
		return "", nil, false
	}
	prefix, used := leadIn(text)
	if m.opt != "" {
		if s, ok := replaceOption(text, m.opt); ok && !m.anyStale(args) && !ofItsOwn(args) {
			if w.strip && used > 0 && !strings.Contains(prefix, "%") && !strings.Contains(prefix, "KEEPALIVE") {
				s = upperLike(s[used:], text)
			}
			return m.explain(s, args, w)
		}
	}
	if w.strip && !strings.Contains(prefix, "%") {
		prefix = ""
	}
	perrorLike := m.call.Callee() == "perror" || strings.HasPrefix(m.name, "warn") && m.name != "warnx" ||
		len(args) == 0 && len(m.call.Args) == 1 && !strings.ContainsAny(text, " %")
	core := text[used:]
	why := m.reason(text, args, sl, used)
	end := ""
	if strings.HasSuffix(core, `\n`) {
		end = `\n`
		core = strings.TrimSuffix(core, end)
	}
	if strings.HasSuffix(core, ".") && why == nil {
		end = "." + end
	}
	var keep []string
	for _, s := range sl {
		if s.to <= used && s.arg >= 0 {
			if m.anyStale(args[s.arg : s.arg+1]) {
				return "", nil, false
			}
			keep = append(keep, args[s.arg])
		}
	}
	out := prefix + say(core)
	switch {
	case why != nil:
		out += why.sep + why.verb + why.tail
		if why.arg != "" {
			keep = append(keep, why.arg)
		}
	case !perrorLike && !saysFailure(out):
		out += " failed"
	}
	if why == nil && !perrorLike {
		return m.explain(out+end, keep, w)
	}
	return out + end, keep, true
}

// ofItsOwn reports whether an argument is made for the one message, such as
// reuse ? "on" : "off".
func ofItsOwn(args []string) bool {
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

// explain adds the reason that the program gives in its other messages, when
// this one has none.
func (m *message) explain(text string, args []string, w wording) (string, []string, bool) {
	sl, ok := slots(text, args)
	d := w.donor
	if !ok || d == nil || d == m || d.file != m.file || d.call.Callee() != m.call.Callee() || strings.ContainsAny(text, ":\\") || strings.HasSuffix(text, ".") {
		return text, args, true
	}
	if m.reason(text, args, sl, 0) != nil {
		return text, args, true
	}
	at := literal(d.call)
	donor, ok := plainLiteral(literalOf(d.call.Args[at]).Name)
	if !ok {
		return text, args, true
	}
	var dargs []string
	for _, a := range d.call.Args[at+1:] {
		dargs = append(dargs, collapse(exprText(d.file, a)))
	}
	dsl, ok := slots(donor, dargs)
	if !ok {
		return text, args, true
	}
	_, used := leadIn(donor)
	why := d.reason(donor, dargs, dsl, used)
	if why == nil || len(d.prep) > 0 {
		return text, args, true
	}
	if why.arg != "" {
		args = append(args, why.arg)
	}
	return text + why.sep + why.verb + why.tail, args, true
}

// reason finds the verb that prints what errno meant, and how it is set off.
func (m *message) reason(text string, args []string, sl []slot, used int) *reason {
	at := -1
	for i, s := range sl {
		if s.from >= used && (s.arg < 0 || m.isErrno(args[s.arg])) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	s := sl[at]
	sep := text[used:s.from]
	i := len(sep)
	for i > 0 && strings.IndexByte(" :-(='[", sep[i-1]) >= 0 {
		i--
	}
	r := &reason{sep: sep[i:], verb: text[s.from:s.to]}
	if strings.TrimSpace(r.sep) == "" {
		r.sep = ": "
	}
	if strings.Contains(r.sep, "(") {
		r.tail = ")"
		r.sep = " (" // (%d) %s: the number alone says little
		if !strings.HasSuffix(sep, "(") {
			r.sep, r.tail = ": ", ""
		}
	}
	if s.arg >= 0 {
		r.arg = args[s.arg]
	}
	return r
}

// isErrno recognises the argument that names the reason: strerror(errno) and
// its like, or what a statement in front of the message made of errno.
func (m *message) isErrno(arg string) bool {
	if m.anyStale([]string{arg}) {
		return false
	}
	if isErrnoText(arg) {
		return true
	}
	for _, p := range m.prep {
		if isErrnoText(p) && strings.Contains(p, arg) {
			return true
		}
	}
	return false
}

// anyStale reports whether an argument names a variable that is not what it is
// in the pattern's own branch.
func (m *message) anyStale(args []string) bool {
	for _, a := range args {
		for i := 0; i < len(a); {
			if !isWordByte(a[i]) {
				i++
				continue
			}
			j := i
			for j < len(a) && isWordByte(a[j]) {
				j++
			}
			if m.stale[a[i:j]] {
				return true
			}
			i = j
		}
	}
	return false
}

// isErrnoText recognises the argument that names the reason.
func isErrnoText(s string) bool {
	low := strings.ToLower(s)
	if strings.Contains(low, "gai_") {
		return false
	}
	return strings.Contains(low, "strerror") || strings.Contains(low, "errno") || strings.Contains(low, "sockerr") || strings.Contains(low, "sock_err")
}

// replaceOption puts SO_KEEPALIVE in the place of another option's name.
func replaceOption(text, opt string) (string, bool) {
	short := opt
	if i := strings.IndexByte(opt, '_'); i >= 0 {
		short = opt[i+1:]
	}
	for _, r := range [][2]string{
		{opt, "SO_KEEPALIVE"}, {short, "KEEPALIVE"}, {strings.ToLower(opt), "so_keepalive"},
		{strings.ToLower(short), "keepalive"},
	} {
		if i := strings.Index(text, r[0]); i >= 0 {
			return strings.ReplaceAll(text, r[0], r[1]), true
		}
	}
	return "", false
}

var piece = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9_ ./-]{0,30}|%s)(?:\(\))?: `)

// leadIn returns the part of a format that names the program or the function,
// "ftp: " or "%s: ", and its length.
func leadIn(text string) (string, int) {
	used := 0
	for {
		p := piece.FindString(text[used:])
		if p == "" {
			break
		}
		low := strings.ToLower(p)
		if strings.HasPrefix(low, "socket") || strings.HasPrefix(low, "accept") || strings.HasPrefix(low, "failed") ||
			strings.HasPrefix(low, "error") || strings.HasPrefix(low, "can") || strings.HasPrefix(low, "could") || strings.HasPrefix(low, "unable") {
			break
		}
		rest := verb.ReplaceAllString(text[used+len(p):], "")
		rest = strings.NewReplacer(`\n`, "", `\t`, "").Replace(rest)
		if !strings.ContainsAny(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			break
		}
		if strings.Contains(low, " ") && strings.Contains(low, "fail") {
			break
		}
		used += len(p)
	}
	return text[:used], used
}

// say chooses the words in the manner of the message that core was taken
// from.
func say(core string) string {
	low := strings.ToLower(core)
	upper := core != "" && core[0] >= 'A' && core[0] <= 'Z'
	cased := func(s string) string {
		if upper {
			return strings.ToUpper(s[:1]) + s[1:]
		}
		return s
	}
	for _, w := range []string{"cannot", "can't", "can not", "couldn't", "could not", "unable to", "failed to"} {
		if strings.HasPrefix(low, w) {
			return cased(w + " set SO_KEEPALIVE")
		}
	}
	switch {
	case strings.HasPrefix(low, "failed"):
		return cased("failed to set SO_KEEPALIVE")
	case strings.HasPrefix(low, "error "):
		return cased("error setting SO_KEEPALIVE")
	case strings.Contains(low, "() failed"):
		return "setsockopt(SO_KEEPALIVE) failed"
	case strings.Contains(low, " failed"):
		return "setsockopt SO_KEEPALIVE failed"
	}
	return "setsockopt SO_KEEPALIVE"
}
