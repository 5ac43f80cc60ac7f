package message

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// printedText is any text that a function prints, of a failure or not.
type printedText struct {
	fn     *parse.Func
	callee string
	text   string
	first  string   // the argument after the text
	front  []string // those before it
	form   nameForm
	own    bool // it begins with the name of its function, in that form
}

// textOf is the text of a call, ok is false when it has none.
func textOf(fn *parse.Func, c *parse.Expr) (s printedText, ok bool) {
	in, at := c, ctree.LiteralIndex(c)
	if at < 0 {
		if in = ArgumentList(c); in == nil {
			return s, false
		}
		if at = ctree.LiteralIndex(in); at < 0 {
			return s, false
		}
	}
	text, ok := ctree.JoinLiterals(ctree.LiteralIn(in.Args[at]).Name)
	s = printedText{fn: fn, callee: c.Callee(), text: text}
	if at+1 < len(in.Args) {
		s.first = ctree.OneLine(parse.ExprText(fn.File, in.Args[at+1]))
	}
	for _, a := range in.Args[:at] {
		s.front = append(s.front, ctree.OneLine(parse.ExprText(fn.File, a)))
	}
	s.form, s.own = s.ownName()
	return s, ok
}

// named splits a message that begins with a name and goes on: "open_socket() => ",
// "opn_tcp : ", "servmgr ".
var named = text.NewPattern(`^(\w+|%s)((?:\(\))? ?(?:=>|->|:|-) ?|(?:\(\))? )(\S.*)$`)

// bracketed splits a message that begins with a name in brackets: "[tcp_handler] accept".
var bracketed = text.NewPattern(`^([\[(<{])(\w+)([\])>}].*)$`)

// partLead matches the part of the program in brackets that may stand before the name: "[net] ".
var partLead = text.NewPattern(`^\[[A-Za-z][A-Za-z0-9_. -]*\] `)

// gluedName splits a message that begins with what the names of its functions have in common, in a
// variable, and the rest of its own: "%sConnect: ".
var gluedName = text.NewPattern(`^%s([A-Za-z]\w*)(?:\(\))?: `)

// ownName is how the text begins with the name of its function; ok is false when it
// does not.
func (s printedText) ownName() (n nameForm, ok bool) {
	p := named.FindStringSubmatch(s.text)
	switch {
	case p == nil:
		return n, false
	case p[1] == "%s" && isFuncWord(s.first):
		return nameForm{arg: s.first, sep: p[2]}, true
	case p[1] == s.fn.Name:
		return nameForm{sep: p[2]}, true
	case strings.EqualFold(p[1], s.fn.Name):
		return nameForm{sep: p[2], upper: true}, true
	}
	return n, false
}

func isFuncWord(arg string) bool { return arg == "__func__" || strings.HasSuffix(arg, "FUNCTION__") }

// nameForm is how messages give the name of their function: itself, or by an
// argument, and what sets it off.
type nameForm struct {
	arg, sep string
	upper    bool // its first letter is a capital, the function's is none
}

// otherName exchanges or drops the name that a message of another function begins
// with: a function's, or that of the part of the program that its file is.
func (w Wording) otherName(m *Message, content string) string {
	if b := bracketed.FindStringSubmatch(content); b != nil && w.FuncName != "" &&
		m.Func.Name != w.FuncName && strings.EqualFold(b[2], m.Func.Name) {
		return b[1] + upperLike(w.FuncName, b[2]) + b[3]
	}
	if g := gluedName.FindStringSubmatch(content); g != nil && w.FuncName != "" && m.Func.Name != w.FuncName {
		if family, ok := strings.CutSuffix(m.Func.Name, g[1]); ok {
			rest, own := strings.CutPrefix(w.FuncName, family)
			if !own {
				rest = ""
			}
			return "%s" + rest + content[len("%s"+g[1]):]
		}
	}
	if part := cmp.Or(partLead.FindString(content), levelPrefix(content)); part != "" {
		return part + w.otherName(m, content[len(part):])
	}
	p := named.FindStringSubmatch(content)
	if p == nil || w.FuncName == "" || w.Known == nil || p[1] == w.FuncName {
		return content
	}
	name, rest := p[1], p[3]
	if m.File == w.File && w.Func != nil && strings.HasPrefix(m.Func.Name, name+"_") {
		if family := w.callsItself(p[2], m.Call.Callee(), 1); family != "" && strings.HasPrefix(w.Func.Name, family+"_") {
			return family + p[2] + rest // each function goes by the first part of its name
		}
	}
	if _, ok := knowledge.SocketCall(name); ok || saysFailure(name) || strings.HasPrefix(name, "%") {
		return content
	}
	own := strings.EqualFold(name, m.Func.Name)
	if !own && !w.Known(name) && !(m.File != w.File && w.isRole(m.File, name)) {
		return content
	}
	if strings.TrimSpace(p[2]) == "" && !(own && m.Func.Name != w.FuncName) && !w.opensMessages(m.File, name) {
		return content // a word that happens to be a function's name, too
	}
	switch {
	case m.File == w.File && w.beginsWith(name+p[2]):
		return content // the function calls itself so
	case m.File == w.File && own && w.callsItself(p[2], m.Call.Callee(), 2) != "":
		return w.callsItself(p[2], m.Call.Callee(), 2) + p[2] + rest
	case m.File == w.File && (own || p[2] == ": "), w.tellNames(w.File):
		return upperLike(w.FuncName, name) + p[2] + rest
	}
	return rest
}

// lastName is the name of a variable, or of the member that a descriptor stands in.
func lastName(fd string) string {
	return fd[strings.LastIndexAny(fd, ".>")+1:]
}

// withoutSubject takes the name of the pattern's descriptor, where the new message is about
// another one, out of what a message begins with: "network tcp_listener: ".
func (w Wording) withoutSubject(m *Message, content string) string {
	if m.subject == "" || m.subject == lastName(w.FD) {
		return content
	}
	_, used := leadIn(content, nil)
	if i := strings.Index(content[:used], " "+m.subject+":"); i > 0 {
		return content[:i] + content[i+1+len(m.subject):]
	}
	return content
}

// ipVersion is a word for the version of IP that a message is about.
var ipVersion = text.NewPattern(`(?i)\b(ip-?v([46])) \b`)

// withoutVersion takes the version of IP out of a message, where the new one is about a
// socket of which nothing says so: "error setting SO_REUSEADDR ipv6 socket option".
func (w Wording) withoutVersion(m *Message, content string) string {
	at := ipVersion.FindStringSubmatchIndex(content)
	if at == nil || m == w.Donor || m.Func == nil || w.Func == nil {
		return content
	}
	digit := content[at[4]:at[5]]
	if strings.Contains(lastName(w.FD), digit) || strings.Contains(w.Func.Name, digit) {
		return content
	}
	if w.Donor == nil && m.Func == w.Func {
		return content
	}
	if w.Donor != nil {
		if i := ctree.LiteralIndex(w.Donor.Call); i < 0 || strings.Contains(strings.ToLower(ctree.LiteralIn(w.Donor.Call.Args[i]).Name), strings.ToLower(content[at[2]:at[3]])) {
			return content
		}
	}
	return content[:at[0]] + content[at[1]:]
}

// beginsWith reports whether the texts of the function itself begin so, more than
// with its own name.
func (w Wording) beginsWith(name string) bool {
	n := 0
	for _, s := range w.Messages.inFile(w.File).texts {
		if s.fn.Start != w.Func.Start {
			continue
		}
		if s.own {
			n--
		} else if strings.HasPrefix(s.text, name) {
			n++
		}
	}
	return n > 0
}

// callsItself is the name that all messages of the function begin with, whatever the
// function is called now; "" without one, or where fewer than least speak.
func (w Wording) callsItself(sep, callee string, least int) string {
	name, n := "", 0
	for _, r := range w.Messages.functionMessages(w.Func) {
		at := ctree.LiteralIndex(r.call)
		if at < 0 || r.call.Callee() != callee {
			continue
		}
		lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[at]).Name)
		first, _, ok := strings.Cut(lit, sep)
		if n++; !ok || !ctree.IsName(first) || n > 1 && first != name {
			return ""
		}
		name = first
	}
	if n < least {
		return ""
	}
	return name
}

// isRole reports whether a name is the file's: server of server.c.
func (w Wording) isRole(f *parse.File, name string) bool {
	base := strings.ToLower(path.Base(f.Path))
	return len(name) > 3 && strings.TrimSuffix(base, path.Ext(base)) == strings.ToLower(name)
}

// opensMessages reports whether several messages of a file begin with the name.
func (w Wording) opensMessages(f *parse.File, name string) bool {
	n := 0
	for _, s := range w.Messages.inFile(f).texts {
		if strings.HasPrefix(s.text, name+" ") || strings.HasPrefix(s.text, name+"() ") {
			n++
		}
	}
	return n > 2
}

// tellNames reports whether a file has messages that begin with the name of their
// function.
func (w Wording) tellNames(f *parse.File) bool {
	return w.Messages != nil && f != nil && slices.ContainsFunc(w.Messages.inFile(f).texts, func(s printedText) bool {
		return s.own && strings.TrimSpace(s.form.sep) != ""
	})
}

// functionName begins a message with the name of the function, where the function's
// others by the same call do, or else those of the file.
func (w Wording) functionName(content string, args []string, callee string) (string, []string) {
	if w.Messages == nil || w.Func == nil || strings.HasPrefix(content, "%") {
		return content, args
	}
	if p := named.FindStringSubmatch(content[len(levelPrefix(content)):]); p != nil && strings.EqualFold(p[1], w.Func.Name) {
		return content, args
	}
	form, ok := w.nameForm(callee)
	switch {
	case !ok:
		return content, args
	case form.arg != "":
		if slices.ContainsFunc(args, isFuncWord) {
			return content, args
		}
		return "%s" + form.sep + content, append([]string{form.arg}, args...)
	case form.upper:
		return upperLike(w.Func.Name, "A") + form.sep + content, args
	}
	if p := named.FindStringSubmatch(content); p != nil && p[2] == form.sep && looksLikeFunction(p[1]) {
		content = p[3] // the name that the pattern's function had once
	}
	return w.Func.Name + form.sep + content, args
}

// looksLikeFunction reports whether the word before a message is spelled as names of functions are.
func looksLikeFunction(name string) bool {
	return strings.Contains(name, "_") && name == strings.ToLower(name)
}

// nameForm is the form in which most messages of the function, or else of the file,
// give the function's name.
func (w Wording) nameForm(callee string) (best nameForm, ok bool) {
	texts := w.Messages.inFile(w.Func.File).texts
	for _, whole := range []bool{false, true} {
		votes, total := map[nameForm]int{}, 0
		for _, s := range texts {
			if s.callee != callee || !whole && s.fn.Start != w.Func.Start {
				continue
			}
			total++
			if n := s.form; s.own && strings.TrimSpace(n.sep) != "" {
				if votes[n]++; votes[n] > votes[best] {
					best = n
				}
			}
		}
		n := votes[best]
		switch {
		case !whole && total > 1:
			return best, n > 1 && 3*n >= 2*total
		case whole:
			return best, n > 2 && 5*n >= 4*total
		}
	}
	return best, false
}

// fileLead matches a single word, of any signs, that a message begins with: "play~: ", "net-in : ".
var fileLead = text.NewPattern(`^[^\s:%"\\\[(]+ ?: `)

// withFileLead begins a message that was taken from another file with what the
// file's own by that function begin with.
func (p *Messages) withFileLead(f *parse.File, m *Message, content string) string {
	own := p.leadOf(f, m.Call.Callee())
	if own == "" {
		return content
	}
	content = strings.TrimPrefix(content, p.leadOf(m.File, m.Call.Callee()))
	if fileLead.MatchString(content) || markLead.MatchString(content) {
		return content
	}
	return own + content
}

// markLead matches a mark, or the name of a part, in brackets that a message begins with: "[-] ", "[net] ".
var markLead = text.NewPattern(`^\[(?:[!*x+-]|[A-Za-z][A-Za-z0-9_.-]{0,20})\]:? `)

// leadOf is the word that next to all messages of a file by a function begin with, or the mark that next
// to all its failures have: what goes well may have another.
func (p *Messages) leadOf(f *parse.File, callee string) string {
	words, marks := map[string]int{}, map[string]int{}
	for _, s := range p.inFile(f).texts {
		if s.callee == callee {
			words[fileLead.FindString(s.text)]++
		}
	}
	for _, r := range p.inFile(f).reports {
		if r.body != nil && r.call.Callee() == callee && tellsFailure(f, r.call) {
			lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name)
			marks[markLead.FindString(lit)]++
		}
	}
	if lead := commonLead(words, 3); lead != "" && levelPrefix(lead) == "" {
		return lead
	}
	return commonLead(marks, 2)
}

// commonLead is the beginning that four of five messages have, and at least some; "" without one.
func commonLead(votes map[string]int, least int) string {
	total, best := 0, ""
	for _, lead := range slices.Sorted(maps.Keys(votes)) {
		total += votes[lead]
		if lead != "" && votes[lead] > votes[best] || best == "" {
			best = lead
		}
	}
	if n := votes[best]; n < least || 5*n < 4*total {
		return ""
	}
	return best
}

// whichSocket begins a message with the descriptor's name, where the function's
// others about that descriptor do: the program has several.
func (w Wording) whichSocket(content string, args []string) string {
	if w.Messages == nil || w.Func == nil || !ctree.IsName(w.FD) || ctree.ReplaceWord(content, w.FD, "") != content {
		return content
	}
	for _, r := range w.Messages.functionMessages(w.Func) {
		if r.fd != w.FD {
			continue
		}
		lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name)
		rest, ok := strings.CutPrefix(lit, w.FD)
		switch {
		case !ok:
		case strings.HasPrefix(rest, ": "):
			return w.FD + ": " + content
		case strings.HasPrefix(rest, " set ") && len(args) == 0 && !saysFailure(rest) && lineEnd(rest) == lineEnd(content):
			return w.FD + " set keepalive" + lineEnd(content)
		}
	}
	return content
}
