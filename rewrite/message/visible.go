package message

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// A message of another file names what that file declares and includes. Here only what the
// patched file has, too, is named.

// reasonHeaders declare what tells the reason of a failure.
var reasonHeaders = map[string]string{"errno": "errno.h", "strerror": "string.h"}

// reasonVisible reports whether errno or strerror() is known in a file, as far as its headers
// and its own code tell.
func (p *Messages) reasonVisible(f *parse.File, name string) bool {
	return p.Includes(f, reasonHeaders[name]) || p.usesGlobal(f, name)
}

func (p *Messages) usesGlobal(f *parse.File, name string) bool {
	return p.globals.Get(messageKey{file: f, callee: name}, func() bool { return ctree.UsesGlobal(f, name) })
}

// visibleFrom reports whether a name that a message of the file from has means something in a
// file f: f uses it, or it is of a header that both include. What is static in from is its own.
func (p *Messages) visibleFrom(f, from *parse.File, name string) bool {
	switch {
	case reasonHeaders[name] != "":
		return p.reasonVisible(f, name)
	case ctree.DefinesAtTop(f, name), name == "stderr", strings.HasPrefix(name, "__func"):
		return true
	case ctree.StaticAtTop(from, name):
		return false
	case p.usesGlobal(f, name):
		return true
	case ctree.DefinesAtTop(from, name) || p.OfHeader(from, name):
		return p.OfHeader(f, name)
	}
	return ctree.IsUpper(name)
}

// ownInPlace is what all calls of a function in a file have for its argument i, a name that the
// file declares: the constant for its part of the program. "" where they differ, and where
// another file's arg is visible, or is no name.
func (p *Messages) ownInPlace(f *parse.File, m *Message, i int) string {
	arg := m.Call.Args[i].Strip()
	if m.File != f && ctree.LiteralIn(m.Call.Args[i]) != nil {
		if p.tagInPlace(m.File, m.Call.Callee(), i) == "" {
			return "" // it says which call failed
		}
		return p.tagInPlace(f, m.Call.Callee(), i)
	}
	if m.File == f || arg == nil || arg.Kind != parse.XIdent || p.visibleFrom(f, m.File, arg.Name) {
		return ""
	}
	own := ""
	for _, r := range p.inFile(f).texts {
		if r.callee != m.Call.Callee() || i >= len(r.front) {
			continue
		}
		if own != "" && own != r.front[i] {
			return ""
		}
		own = r.front[i]
	}
	if !ctree.IsName(own) || !ctree.DefinesAtTop(f, own) {
		return ""
	}
	return own
}

// tagInPlace is the literal that all messages of a file by a function and its siblings have for their
// argument i: the name of its part of the program. "" where they differ, or have none.
func (p *Messages) tagInPlace(f *parse.File, callee string, i int) string {
	family, own := callee[:strings.LastIndexByte(callee, '_')+1], ""
	for _, r := range p.inFile(f).texts {
		if r.callee != callee && (family == "" || !strings.HasPrefix(r.callee, family)) || i >= len(r.front) {
			continue
		}
		if tag := r.front[i]; !strings.HasPrefix(tag, `"`) || own != "" && own != tag {
			return ""
		}
		own = r.front[i]
	}
	return own
}

// withoutReason leaves out the reason of a text where the file that the message is for does not
// know errno, or strerror(). ok is false where the text goes on behind it.
func (m *Message) withoutReason(content string, args []string, w Wording) (string, []string, bool) {
	sl, ok := slots(content, args)
	if !ok || w.Messages == nil || w.File == nil || m.File == w.File {
		return content, args, true
	}
	why := m.reason(content, args, sl, 0)
	if why == nil || !slices.ContainsFunc(why.args, func(arg string) bool {
		return text.HasWord(arg, "errno") && !w.Messages.reasonVisible(w.File, "errno") ||
			text.HasWord(arg, "strerror") && !w.Messages.reasonVisible(w.File, "strerror")
	}) {
		return content, args, true
	}
	last := sl[len(sl)-1]
	head, end := content[:why.at], lineEnd(content)
	if rest := strings.Trim(strings.TrimSuffix(content[last.to:], end), " )]}'."); rest != "" || !slices.Contains(why.args, args[len(args)-1]) {
		return "", nil, false
	}
	if !saysFailure(head) {
		head += " failed"
	}
	return head + end, args[:len(args)-len(why.args)], true
}
