package message

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// said is what a call prints.
type said struct {
	text   string
	held   []string // arguments between the text and those that it prints
	args   []string
	format string // the call's own, where the text is an argument: "%s"

	open, close string // what stands around that argument's literal: _( and )
}

// frame is a format that has no words of its own: "%s", "[%s]".
var frame = text.NewPattern(`^[^\pL%\\]*%s[^\pL%\\]*$`)

// said reads the text at an index of the call's arguments and what stands after. ok is
// false where the text may hold more conversions than can be seen.
func (m *Message) said(w Wording, at int) (s said, ok bool) {
	if s.text, ok = ctree.JoinLiterals(ctree.LiteralIn(m.Call.Args[at]).Name); !ok {
		return s, false
	}
	for _, a := range m.Call.Args[at+1:] {
		text := ctree.OneLine(parse.ExprText(m.File, a))
		for _, name := range m.saved {
			text = ctree.ReplaceWord(text, name, "errno")
		}
		s.args = append(s.args, text)
	}
	if _, fits := slots(s.text, s.args); !fits && w.Messages != nil && m.head == "" {
		n := w.Messages.Between(m.File, m.Call)
		if _, fits = slots(s.text, s.args[n:]); fits {
			s.held, s.args = s.args[:n], s.args[n:]
		}
	}
	last := m.Call.Args[len(m.Call.Args)-1]
	if lit := ctree.LiteralIn(last); lit != nil && len(s.args) == 1 && frame.MatchString(strings.TrimSuffix(s.text, lineEnd(s.text))) {
		if text, plain := ctree.JoinLiterals(lit.Name); plain && !ctree.HasMacro(text) {
			s.format, s.text, s.args = s.text, text, nil
			s.open, s.close = string(m.File.Src[last.Pos:lit.Pos]), string(m.File.Src[lit.End:last.End])
		}
	}
	return s, !m.anyStale(s.held)
}

// printed brings a new text and its arguments into the form of the pattern's call, or into one
// that its macro takes; front is the number of arguments before the text.
func (s said) printed(w Wording, m *Message, front int, text string, args []string) (string, []string) {
	end := lineEnd(text)
	if s.format == "" && len(args) == 0 && w.Messages != nil && m.head == "" && m.name == "" && !ctree.HasMacro(text) &&
		w.Messages.NeedsMore(m.File, m.Call.Callee(), front+1+len(s.held)) {
		s.format = "%s" + end
	}
	switch text = strings.TrimSuffix(text, end); {
	case s.format == "":
		text += end
	case len(args) > 0:
		text = strings.Replace(s.format, "%s", text, 1)
	default:
		text, args = s.format, []string{s.open + `"` + text + `"` + s.close}
	}
	return text, append(s.held[:len(s.held):len(s.held)], args...)
}
