package message

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// functionMessages are a file's messages of failures that stand in the function.
func (p *Messages) functionMessages(fn *parse.Func) (own []*report) {
	k := p.inFile(fn.File)
	at, _ := slices.BinarySearchFunc(k.byPlace, fn.Start, func(i, off int) int { return cmp.Compare(k.reports[i].call.Pos, off) })
	to := at
	for to < len(k.byPlace) && k.reports[k.byPlace[to]].call.Pos < fn.End {
		to++
	}
	for _, i := range slices.Sorted(slices.Values(k.byPlace[at:to])) {
		if r := k.reports[i]; r.call.End <= fn.End {
			own = append(own, r)
		}
	}
	return own
}

// firstWord is the name that all messages of a function by one reporter begin with,
// "lcm_tcpq " of perror("lcm_tcpq socket"); "" without one, or where only one speaks.
func (p *Messages) firstWord(fn *parse.Func, callee string) string {
	word, n := "", 0
	for _, r := range p.functionMessages(fn) {
		if r.call.Callee() != callee || ctree.LiteralIndex(r.call) < 0 {
			continue
		}
		lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name)
		first, rest, _ := strings.Cut(lit, " ")
		if n++; n == 1 {
			word = first
		}
		if first != word || rest == "" || !strings.Contains(first, "_") || !ctree.IsName(first) {
			return ""
		}
	}
	if n < 2 {
		return ""
	}
	return word + " "
}

// BeginsLikeOthers reports whether a message begins with the name that all of its
// function's begin with: one of another file would be the only one without.
func (p *Messages) BeginsLikeOthers(m *Message) bool {
	return p.firstWord(m.Func, m.Call.Callee()) != ""
}

// functionReason is strerror(errno) where the function tells so, and in no other way,
// what went wrong with a socket: its file may know several.
func (p *Messages) functionReason(t *anchor.Point) string {
	var told []*parse.Expr
	for _, r := range p.functionMessages(t.Spot.Func) {
		if r.socket {
			told = append(told, r.call)
		}
	}
	if m := p.CreationMessage(t); m != nil && m.Func.Start == t.Spot.Func.Start && m.head == "" {
		told = append(told, m.Call)
	}
	reason := ""
	for _, c := range told {
		for _, a := range c.Args[ctree.LiteralIndex(c)+1:] {
			text := ctree.Normalize(parse.ExprText(t.Spot.File, a))
			if !isErrnoText(text) {
				continue
			}
			if text != "strerror(errno)" || underWindows(t.Spot.File, a.Pos) {
				return ""
			}
			reason = text
		}
	}
	return reason
}

// functionVerb prints the reason as the function's other messages print theirs: %s for
// the %.100s of a pattern from elsewhere.
func (w Wording) functionVerb(text string, args []string) string {
	sl, ok := slots(text, args)
	if !ok || w.Messages == nil || w.Func == nil {
		return text
	}
	own := ""
	for _, r := range w.Messages.functionMessages(w.Func) {
		at := ctree.LiteralIndex(r.call)
		lit, plain := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[at]).Name)
		var told []string
		for _, a := range r.call.Args[at+1:] {
			told = append(told, parse.ExprText(w.File, a))
		}
		verbs, fit := slots(lit, told)
		if !plain || !fit {
			continue
		}
		for _, v := range verbs {
			if v.arg < 0 || !inWords(told, v) {
				continue
			}
			verb := lit[v.from:v.to]
			if own != "" && verb != own {
				return text
			}
			own = verb
		}
	}
	for i := len(sl) - 1; i >= 0 && own != ""; i-- {
		if v := sl[i]; v.arg >= 0 && inWords(args, v) {
			text = text[:v.from] + own + text[v.to:]
		}
	}
	return text
}

// functionTag begins a message with the capitals that all others of the function
// begin with: "SMTP_CHECK ".
func (w Wording) functionTag(text string, c *parse.Expr) string {
	if w.Messages == nil || w.Func == nil {
		return text
	}
	tag, n := "", 0
	for _, r := range w.Messages.functionMessages(w.Func) {
		if r.call.Callee() != c.Callee() {
			continue
		}
		lit, _ := ctree.JoinLiterals(ctree.LiteralIn(r.call.Args[ctree.LiteralIndex(r.call)]).Name)
		word, _, _ := strings.Cut(lit, " ")
		if n++; n > 1 && word != tag {
			return text
		}
		tag = word
	}
	if n < 2 || !isTag(tag) || strings.HasPrefix(text, tag) {
		return text
	}
	return tag + " " + text
}

// isTag reports whether a word names a part of a program: it is of capitals, and
// no level.
func isTag(word string) bool {
	letters := 0
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= 'A' && c <= 'Z':
			letters++
		case c != '_' && c != '-' && c != ':' && c != '[' && c != ']' && (c < '0' || c > '9'):
			return false
		}
	}
	low := strings.ToLower(strings.Trim(word, "[]:"))
	return letters > 2 && !knowledge.IsGravePrefix(low) && !strings.HasPrefix(low, "warn") &&
		!strings.HasPrefix(word, "SO_") && !strings.HasPrefix(word, "TCP_")
}
