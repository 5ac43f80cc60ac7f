package message

import (
	"strings"

	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// What a pattern says of its own step, and would be wrong of the new one.

// opposites are the verbs for an option that is switched off, and those for one that is set.
var opposites = map[string]string{
	"reset": "set", "resetting": "setting", "unset": "set", "unsetting": "setting", "clear": "set", "clearing": "setting",
	"disable": "enable", "disabling": "enabling", "turn off": "turn on", "turning off": "turning on",
}

var switchesOff = text.NewPattern(`(?i)\b((?:un|re)set(?:ting)?|clear(?:ing)?|disabl(?:e|ing)|turn(?:ing)? off)( (?:the )?(?:socket )?(?:option )?(?:SO_)?KEEPALIVE)`)

// turnedOn says that the option could not be set where the pattern says so of one that is switched off.
func turnedOn(content string) string {
	at := switchesOff.FindStringSubmatchIndex(content)
	if at == nil {
		return content
	}
	verb := content[at[2]:at[3]]
	return content[:at[2]] + upperLike(opposites[strings.ToLower(verb)], verb) + content[at[3]:]
}

var (
	ofListener = text.NewPattern(`(?i) (?:(?:on|for|of|to) )?(?:the |a )?(?:listen(?:ing|er)?|server|bound|master) socket\b`)
	nextStep   = text.NewPattern(`([!.]) +(?:Will|Trying|Try|Skipping|Exiting|Aborting|Giving|Dropping)\b[^!.(:]*[!.]`)
)

// aboutConnection leaves out of another function's message that the socket is the one that listens,
// and what the function does next.
func (w Wording) aboutConnection(m *Message, content string) string {
	if m.Func == nil || w.Func == nil || m.File == w.File && m.Func.Start == w.Func.Start {
		return content
	}
	if at := ofListener.FindStringIndex(content); at != nil {
		content = content[:at[0]] + content[at[1]:]
	}
	return nextStep.ReplaceAllString(content, "$1")
}

// inFunction matches the name of a function at the end of a message: "error in open_server."
var inFunction = text.NewPattern(`\bin (\w+)((?:\(\))?[.!]?(?:\\r)?(?:\\n)?)$`)

// ownInFunction puts the function's own name at the end of a message, where another one's stands: that
// of the pattern, or one that is not there any more.
func (w Wording) ownInFunction(m *Message, content string) string {
	at := inFunction.FindStringSubmatchIndex(content)
	if at == nil || w.FuncName == "" || m.Func == nil || m.Func.Name == w.FuncName {
		return content
	}
	if name := content[at[2]:at[3]]; name == m.Func.Name || looksLikeFunction(name) {
		return content[:at[2]] + w.FuncName + content[at[3]:]
	}
	return content
}

// allSay reports whether all messages of the function, two at least, have the pattern's text, one word that
// is no name in C: it names what the user called, not what failed.
func (w Wording) allSay(m *Message, s said) bool {
	if w.Messages == nil || w.Func == nil || m.File != w.File || m.Func.Start != w.Func.Start || m.appendsReason(w.Messages) ||
		s.text == "" || strings.ContainsAny(s.text, ` %\`) || ctree.IsName(s.text) {
		return false
	}
	n := 0
	for _, r := range w.Messages.functionMessages(w.Func) {
		if r.call.Callee() != m.Call.Callee() {
			continue
		}
		if lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name); lit != s.text {
			return false
		}
		n++
	}
	return n > 1
}

// sayAgain is the pattern's call as it is.
func (m *Message) sayAgain(w Wording, s said, at int) (string, bool) {
	all, ok := m.front(w, at)
	if !ok || m.anyStale(s.args) {
		return "", false
	}
	return m.call(w, all, s.text, append(s.held, s.args...), at), true
}
