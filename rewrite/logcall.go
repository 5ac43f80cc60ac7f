package rewrite

import (
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// message is a logging call that serves as the pattern of a new one.
type message struct {
	file *parse.File
	fn   *parse.Func
	call *parse.Expr
	opt  string // the socket option it reports, "" for the creation call's
	left bool   // the code around it gives up after the message
	cond string // the condition the message stands under: debug, logging
}

// noLog are functions that take a string and report nothing.
var noLog = []string{"snprintf", "sprintf", "strcpy", "strlcpy", "strcat", "strdup", "strcmp", "memcpy", "open", "getenv", "asprintf"}

// findMessage returns the message of an error branch, nil when it has none
// that a warning could be made of.
func (p *project) findMessage(f *parse.File, fn *parse.Func, body *parse.Stmt, opt string) *message {
	var found *message
	home := arms(f, body.Pos)
	body.Walk(func(s *parse.Stmt) bool {
		if found != nil {
			return false
		}
		if s.Kind != parse.SExpr {
			return true
		}
		c := s.Expr.Strip()
		if c == nil || c.Kind != parse.XCall || !p.isLog(f, c) {
			return true
		}
		if len(arms(f, c.Pos)) != len(home) && len(arms(f, c.Pos)) != len(arms(f, fn.BodyPos)) {
			return true
		}
		m := &message{file: f, fn: fn, call: c, opt: opt, left: p.exits.leaves(f, body)}
		if up := s.Parent; up != nil && ancestor(body, up) {
			if up.Kind == parse.SBlock && up.Parent != nil && up != body {
				up = up.Parent
			}
			if up.Kind == parse.SIf && ancestor(body, up) {
				if strings.Contains(exprText(f, up.Expr), "errno") || up.Else != nil {
					// A filter by the kind of error says nothing of ours.
				} else {
					m.cond = collapse(exprText(f, up.Expr))
				}
			}
		}
		found = m
		return false
	})
	return found
}

// isLog recognises a call that reports: a string literal among its arguments,
// or perror.
func (p *project) isLog(f *parse.File, c *parse.Expr) bool {
	name := c.Callee()
	if name == "perror" {
		return true
	}
	if name == "" || p.exits.call(f, c) || literal(c) < 0 {
		return false
	}
	for _, w := range noLog {
		if strings.Contains(name, w) {
			return false
		}
	}
	return true
}

// literal returns the index of the argument that holds the format, -1 when
// there is none.
func literal(c *parse.Expr) int {
	for i, a := range c.Args {
		if lit := literalOf(a); lit != nil {
			return i
		}
	}
	return -1
}

// literalOf returns the string of an argument, through _("...").
func literalOf(a *parse.Expr) *parse.Expr {
	a = a.Strip()
	if a == nil {
		return nil
	}
	if a.Kind == parse.XString {
		return a
	}
	if a.Kind == parse.XCall && len(a.Args) == 1 {
		switch a.Callee() {
		case "_", "N_", "gettext", "tr", "i18n", "TEXT", "T":
			return literalOf(a.Args[0])
		}
	}
	return nil
}

// collapse brings a piece of C that may span lines onto one, literals kept.
func collapse(s string) string {
	var b strings.Builder
	quote := byte(0)
	space := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if quote != 0 {
			b.WriteByte(c)
			if c == '\\' && i+1 < len(s) {
				i++
				b.WriteByte(s[i])
			} else if c == quote {
				quote = 0
			}
			continue
		}
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if c == '"' || c == '\'' {
			quote = c
		}
		b.WriteByte(c)
	}
	return b.String()
}

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
func (m *message) rewrite(st *style, levels *levelWords) (string, bool) {
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
	isPerror := c.Callee() == "perror"
	text, args, ok = aboutKeepalive(text, args, m.opt, isPerror)
	if !ok {
		return "", false
	}
	var all []string
	for _, a := range c.Args[:at] {
		all = append(all, levels.soften(collapse(exprText(m.file, a)), m))
	}
	quoted := `"` + text + `"`
	if a := c.Args[at]; a != lit {
		s := string(m.file.Src[a.Pos:lit.Pos]) + quoted + string(m.file.Src[lit.End:a.End])
		quoted = collapse(s)
	}
	all = append(append(all, quoted), args...)
	name := collapse(exprText(m.file, c.X))
	pre := collapse(string(m.file.Src[c.X.End:c.Args[0].Pos]))
	gap := st.callGap
	if m.fn.File == m.file && pre != "" {
		gap = strings.TrimSuffix(string(m.file.Src[c.X.End:c.Args[0].Pos]), "(")
		if strings.ContainsAny(gap, "\r\n\t") || strings.TrimSpace(gap) != "" {
			gap = st.callGap
		}
	}
	sep := ", "
	if at+1 < len(c.Args) || at > 0 {
		i := 0
		if len(c.Args) > 1 {
			if between := string(m.file.Src[c.Args[i].End:c.Args[i+1].Pos]); between == "," && !strings.Contains(string(m.file.Src[c.Pos:c.End]), ", ") {
				sep = ","
			}
		}
	}
	return name + gap + "(" + st.pad + strings.Join(all, sep) + st.pad + ")", true
}

// aboutKeepalive rewrites a format and its arguments.
func aboutKeepalive(text string, args []string, opt string, perror bool) (string, []string, bool) {
	if opt != "" {
		if s, ok := replaceOption(text, opt); ok {
			return s, args, true
		}
	}
	verbs := verb.FindAllStringIndex(text, -1)
	// Which verb prints the reason?
	type slot struct{ from, to, arg int }
	var slots []slot
	n := 0
	for _, v := range verbs {
		s := text[v[0]:v[1]]
		switch {
		case s == "%%":
		case s == "%m":
			slots = append(slots, slot{v[0], v[1], -1})
		case strings.Contains(s, "*"):
			return "", nil, false
		default:
			slots = append(slots, slot{v[0], v[1], n})
			n++
		}
	}
	if n > len(args) {
		return "", nil, false
	}
	reason := -1
	for i, s := range slots {
		if s.arg < 0 || isErrnoText(args[s.arg]) {
			reason = i
		}
	}
	prefix, used := leadIn(text)
	var keep []string
	for _, s := range slots {
		if s.to <= used && s.arg >= 0 {
			keep = append(keep, args[s.arg])
		}
	}
	core := text[used:]
	end := ""
	if strings.HasSuffix(core, `\n`) {
		end = `\n`
		core = strings.TrimSuffix(core, end)
	}
	if strings.HasSuffix(core, ".") && reason < 0 {
		end = "." + end
	}
	out := prefix + say(core)
	if reason >= 0 && slots[reason].from >= used {
		s := slots[reason]
		sep := text[used:s.from]
		i := len(sep)
		for i > 0 && strings.IndexByte(" :-(='[", sep[i-1]) >= 0 {
			i--
		}
		sep = sep[i:]
		if sep == "" || sep == " " {
			sep = ": "
		}
		out += sep + text[s.from:s.to]
		if strings.Contains(sep, "(") {
			out += ")"
		}
		if s.arg >= 0 {
			keep = append(keep, args[s.arg])
		}
	} else if !perror && !strings.Contains(out, "ailed") && !strings.Contains(out, "rror") && !strings.Contains(strings.ToLower(out), "n't") && !strings.Contains(out, "annot") && !strings.Contains(out, "nable") {
		out += " failed"
	}
	return out + end, keep, true
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

// levelWords knows which levels of severity the program's logging calls use.
type levelWords struct{ words map[string]bool }

// soften turns the level of a message about a failure that ended something
// into that of a warning, when the program has one.
func (l *levelWords) soften(arg string, m *message) string {
	switch arg {
	case "LOG_CRIT", "LOG_ALERT", "LOG_EMERG":
		if l.words["LOG_WARNING"] {
			return "LOG_WARNING"
		}
		return "LOG_ERR"
	case "LOG_ERR":
		if m.left && l.words["LOG_WARNING"] {
			return "LOG_WARNING"
		}
	}
	return arg
}
