package message

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// reason is the end of a message that says what errno meant.
type reason struct {
	sep, verb, tail string
	args            []string
	at              int // where it begins in the text
}

// reason finds the verb that prints what errno meant, and how it is set off.
func (m *Message) reason(content string, args []string, sl []slot, used int) *reason {
	at, last := -1, -1 // the last run of such verbs: %s (%d)
	for i, s := range sl {
		if s.from < used || s.arg >= 0 && !m.isErrno(args[s.arg]) {
			continue
		}
		if at < 0 || last != i-1 || !reasonParts.MatchString(content[sl[last].to:s.from]) {
			at = i
		}
		last = i
	}
	if at < 0 {
		return nil
	}
	s := sl[at]
	sep := content[used:s.from]
	i := len(sep)
	for i > 0 && strings.IndexByte(" :-(='[,", sep[i-1]) >= 0 && !ctree.ClosesQuote(sep[:i]) {
		i--
	}
	if strings.HasPrefix(strings.TrimSpace(sep[i:]), "=") { // ", err = %d"
		j := i
		for j > 0 && text.IsWordByte(sep[j-1]) {
			j--
		}
		switch word := strings.ToLower(sep[j:i]); {
		case strings.Contains(word, "err"), word == "code", word == "rc", word == "ret":
			for i = j; i > 0 && strings.IndexByte(" ,;([", sep[i-1]) >= 0; {
				i--
			}
		}
	}
	marks := strings.TrimSpace(sep[i:]) != ""
	for j := wordBefore(sep[:i]); j >= 0 && i == len(strings.TrimRight(sep[:i], " ")); j = wordBefore(sep[:i]) {
		word := strings.ToLower(sep[j:i])
		if !reasonWords[word] || j == 0 || marks && word != "errno" && word != "with" {
			break
		}
		for i = j; i > 0 && strings.IndexByte(" ,(:", sep[i-1]) >= 0; {
			i--
		}
	}
	r := &reason{sep: sep[i:], verb: content[s.from:sl[last].to], at: used + i}
	if strings.TrimSpace(r.sep) == "" {
		r.sep = ": "
	}
	if last == at && strings.Contains(r.sep, "(") {
		r.tail = ")"
		r.sep = " (" // (%d) %s: the number alone says little
		if !strings.HasSuffix(sep, "(") {
			r.sep, r.tail = ": ", ""
		}
		if strings.Contains(sep[i:], "=") && !strings.Contains(sep[i:], ")") {
			r.sep, r.tail = sep[i:], ")"
		}
	}
	rest := content[sl[last].to:]
	if r.tail == "" {
		r.tail = ctree.Closers(r.sep+r.verb, rest)
		rest = rest[len(r.tail):]
	} else {
		rest = strings.TrimPrefix(rest, r.tail)
	}
	if mark := strings.TrimSuffix(rest, lineEnd(rest)); len(strings.TrimSpace(mark)) == 1 && endMark(mark) == mark {
		r.tail += mark
	}
	for _, s := range sl[at : last+1] {
		if s.arg >= 0 {
			r.args = append(r.args, args[s.arg])
		}
	}
	return r
}

// reasonParts matches what stands between two verbs of one reason: "errno: %d, error info: %s".
var reasonParts = text.NewPattern(`(?i)^[ ,:;=()\[\]'"-]*(?:(?:error|errno|err|code|info|msg|message|reason|text) ?)*[ ,:;=()\[\]'"-]*$`)

// endMark is the punctuation that ends a text, with a blank that is written behind it.
func endMark(s string) string {
	mark := s[len(strings.TrimRight(s, ".! ")):]
	if !strings.ContainsAny(mark, ".!") || strings.HasPrefix(mark, "..") && strings.Contains(s, ", ") {
		return "" // "failed, retrying..." goes on
	}
	return mark
}

// reasonWords lead to the reason: "failed with error %d".
var reasonWords = map[string]bool{"with": true, "error": true, "errno": true, "code": true, "err": true,
	"because": true, "due": true, "to": true, "reason": true, "status": true}

// wordBefore is where the last word of a text begins, -1 without one.
func wordBefore(s string) int {
	j := len(s)
	for j > 0 && text.IsWordByte(s[j-1]) {
		j--
	}
	if j == len(s) {
		return -1
	}
	return j
}

// inWords reports whether a verb prints the reason's text.
func inWords(args []string, s slot) bool {
	return s.arg < 0 || strings.Contains(strings.ToLower(args[s.arg]), "strerror")
}

// isErrno recognises the argument that names the reason: strerror(errno) and
// its like, or what a statement before the message made of errno.
func (m *Message) isErrno(arg string) bool {
	if m.anyStale([]string{arg}) {
		return false
	}
	if isErrnoText(arg) || m.makesReason(arg) || m.result != "" && strings.TrimLeft(arg, "-") == m.result {
		return true
	}
	for _, p := range m.Prep {
		callee, _, _ := strings.Cut(p, "(")
		if (isErrnoText(p) || readsSocketError(callee)) && strings.Contains(p, arg) {
			return true
		}
	}
	return false
}

// anyStale reports whether an argument names a variable that is not what it is
// in the pattern's own branch.
func (m *Message) anyStale(args []string) bool {
	for _, a := range args {
		for _, w := range text.Words(a) {
			if m.stale[w] {
				return true
			}
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
	return strings.Contains(low, "strerror") || strings.Contains(low, "errno") ||
		strings.Contains(low, "sockerr") || strings.Contains(low, "sock_err") || strings.Contains(low, "syserr")
}

// ReplaceOption puts SO_KEEPALIVE in the place of another option's name, where
// that stands as a word of its own.
func ReplaceOption(text, opt string) (string, bool) {
	short := opt
	if i := strings.IndexByte(opt, '_'); i >= 0 {
		short = opt[i+1:]
	}
	for _, r := range [][2]string{
		{opt, "SO_KEEPALIVE"}, {short, "KEEPALIVE"}, {strings.ToLower(opt), "so_keepalive"},
		{strings.ToLower(short), "keepalive"},
	} {
		if s, ok := ctree.ReplaceInLiteral(text, r[0], r[1]); ok {
			return s, true
		}
	}
	return "", false
}

// piece matches a part of what a message begins with that says who speaks.
var piece = text.NewPattern(strings.Join([]string{
	`^(?:[A-Za-z][A-Za-z0-9_ ./~-]{0,30}|%(?:\.\*)?s(?:[A-Za-z]\w*)?|%s:%[du])(?:\((?:%[a-z]+[:, ]*)*\)|\[%[a-z]+\])?: `,             // "ftp: ", "output(%s:%s): ", "FEED[%s]: "
	`^(?:client|conn|connection|peer|session|channel|user|player|thread|worker|process|slot|link|node)(?: #?| no\. ?)%[0-9]*[dux]: `, // "client %d: "
	`^[A-Za-z][A-Za-z0-9_]{0,15}(?: %[0-9]*[dux])?(?:\\t| )+\| `,                                                                     // "TCP %u\t| "
	`^(?:\[%s(?::%[sdu])?\]|\(%s(?::%[sdu])?\)|<%s(?::%[sdu])?>|\{%s(?::%[sdu])?\}|\[[!*x+-]\]|\[[A-Za-z][A-Za-z0-9_.-]{0,20}\]:?|[*!#>-]{1,3}) `,
	`^[\[(]?\x01\w+\x02(?:\(\))?[\])]?(?:[:,] ?(?:line:? |\()?%d\)?)?(?:[:,]? |:)?`, // a macro, __FILE__ ":%d: "
}, "|"))

// messageMarks matches the marks before a message that mean something to the function
// that prints it, or to who reads its output: "$" for the reason, "!", "*** "; what goes
// on with a line that another call began: ": "; and what ends that line: "\n".
var messageMarks = text.NewPattern(`^(?:\\n)*(?:(?:[$!*?>@#+=&|^-]+|[:,;]) ?)?`)

// startsFailure matches what says which call failed, or that one did: no name of a function
// or a program, such as acceptConnection.
var startsFailure = text.NewPattern(`^(?:(?:socket|setsockopt|accept4?|failed|error|errors|can|cannot|could|unable)(?:[^a-z0-9_]|$)|can't|couldn't)`)

// leadIn returns the part of a format that names the program or the function,
// "ftp: " or "%s: ", with the marks or the number of the process in front, and its length.
func leadIn(text string, args []string) (string, int) {
	used := len(messageMarks.FindString(text)) + len(processLead(text, args))
	for {
		p := piece.FindString(text[used:])
		if p == "" {
			break
		}
		low := strings.ToLower(p)
		if startsFailure.MatchString(low) {
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

// phrases are what messages of failures begin with, and how they go on.
var phrases = []struct {
	begins []string
	rest   string
}{
	{[]string{"cannot", "can't", "can not", "couldn't", "could not", "unable to", "failed to"}, " set SO_KEEPALIVE"},
	{[]string{"failed"}, " to set SO_KEEPALIVE"},
	{[]string{"error", "problem", "trouble", "failure"}, " setting SO_KEEPALIVE"},
}

// phrase chooses the words in the manner of the message that core was taken
// from.
func phrase(core string) string {
	low := strings.ToLower(core)
	for n, p := range phrases {
		for _, w := range p.begins {
			// "Sorry, cannot ...", "backend cannot ..."
			if i := strings.Index(low, w+" "); i == 0 || i == 2 && low[:2] == "i " || i > 2 && i < 10 && low[i-2:i] == ", " ||
				n == 0 && i > 0 && doesIt(low[:i], low[i+len(w):]) {
				return core[:i+len(w)] + p.rest
			}
		}
	}
	first, _, _ := strings.Cut(core, " ")
	stem := strings.TrimRight(core, ".! ")
	if i := strings.IndexAny(core, ":%(-,"); i > 0 {
		stem = strings.TrimRight(core[:i], " ")
	}
	failed := ""
	for _, w := range []string{" failure", " fail"} {
		if strings.HasSuffix(strings.ToLower(stem), w) {
			failed = w
		}
	}
	if strings.Contains(low, " failed") {
		failed = " failed"
	}
	switch strings.ToLower(first) {
	case "opening", "creating", "making", "getting", "allocating":
		return upperLike("setting SO_KEEPALIVE", core) + failed
	case "create", "open", "make", "get":
		return upperLike("set SO_KEEPALIVE", core) + failed
	}
	switch {
	case strings.HasPrefix(low, "socket()"), strings.HasPrefix(low, "accept()"),
		strings.HasPrefix(low, "accept4()"), strings.Contains(low, "() failed"):
		return "setsockopt(SO_KEEPALIVE)" + failed
	case strings.HasSuffix(strings.ToLower(stem), " error") && failed == "":
		return "setsockopt SO_KEEPALIVE error"
	}
	return "setsockopt SO_KEEPALIVE" + failed
}

// doesIt reports whether a word before "cannot" is who cannot, and not what cannot be done.
func doesIt(before, behind string) bool {
	subject := strings.TrimSuffix(before, " ")
	_, isCall := knowledge.SocketCall(subject)
	return ctree.IsName(subject) && !isCall && subject != "setsockopt" && !strings.HasPrefix(behind, " be ") && subject != "connection"
}

// namesWho reports whether a message begins with who cannot.
func namesWho(content string) bool {
	low := strings.ToLower(content)
	for _, w := range phrases[0].begins {
		if i := strings.Index(low, w+" "); i > 0 && doesIt(low[:i], low[i+len(w):]) {
			return true
		}
	}
	return false
}

// NamesOption reports whether a message says that it is about an option.
func NamesOption(m *Message) bool {
	text := parse.ExprText(m.File, m.Call)
	_, ok := ReplaceOption(text, m.opt)
	return ok || strings.Contains(strings.ToLower(text), "option")
}

// SaysSetting reports whether a message says that something could not be set.
func (p *Messages) SaysSetting(m *Message) bool {
	return text.HasWord(strings.ToLower(parse.ExprText(m.File, m.Call)), "set")
}

// GivesReason reports whether a message tells what errno means.
func (p *Messages) GivesReason(m *Message) bool {
	return m.appendsReason(p) || slices.ContainsFunc(m.Call.Args, func(a *parse.Expr) bool { return isErrnoText(parse.ExprText(m.File, a)) })
}
