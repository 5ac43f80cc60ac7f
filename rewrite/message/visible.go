package message

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
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

// usesGlobal reports whether a function of a file uses a name that is none of its own locals, parameters
// or members: a parameter may be called errno, too.
func (p *Messages) usesGlobal(f *parse.File, name string) bool {
	return p.globals.Get(messageKey{file: f, callee: name}, func() bool {
		for _, i := range f.Idents(name) {
			if i > 0 && (f.Toks[i-1].Op == token.Dot || f.Toks[i-1].Op == token.Arrow) {
				continue
			}
			if fns := f.FuncsAt(int(f.Toks[i].Off)); len(fns) > 0 && !ctree.Declares(fns[0], name) {
				return true
			}
		}
		return false
	})
}

// visibleFrom reports whether a name that a message of the file from has means something in a
// file f: f uses it, or it is of a header that both include. What is static in from is its own.
func (p *Messages) visibleFrom(f, from *parse.File, name string) bool {
	switch {
	case reasonHeaders[name] != "":
		return p.reasonVisible(f, name)
	case definesAtTop(f, name), name == "stderr", strings.HasPrefix(name, "__func"):
		return true
	case staticAtTop(from, name):
		return false
	case p.usesGlobal(f, name):
		return true
	case definesAtTop(from, name) || p.ofHeader(from, name):
		return p.ofHeader(f, name)
	}
	return ctree.IsUpper(name)
}

// staticAtTop reports whether a file, no header, has a static variable or function of a name.
func staticAtTop(f *parse.File, name string) bool {
	return !strings.HasSuffix(f.Path, ".h") && (slices.ContainsFunc(f.DeclsNaming(name), func(d *parse.Decl) bool { return d.Name == name && d.Static }) ||
		slices.ContainsFunc(f.FuncsNamed(name), func(fn *parse.Func) bool { return fn.Static }))
}

// definesAtTop reports whether a file gives a name a meaning outside of its functions.
func definesAtTop(f *parse.File, name string) bool {
	return len(f.FuncsNamed(name)) > 0 ||
		slices.ContainsFunc(f.DeclsNaming(name), func(d *parse.Decl) bool { return d.Name == name }) ||
		slices.ContainsFunc(f.Macros, func(m *parse.Macro) bool { return m.Name == name })
}

// ofHeader reports whether a header of the program that a file includes has a name.
func (p *Messages) ofHeader(f *parse.File, name string) (found bool) {
	p.Headers(f, name, func(*parse.File) bool {
		found = true
		return false
	})
	return found
}

// ownInPlace is what all calls of a function in a file have for its argument i, a name that the
// file declares: the constant for its part of the program. "" where they differ, and where
// another file's arg is visible, or is no name.
func (p *Messages) ownInPlace(f *parse.File, m *Message, i int) string {
	arg := m.Call.Args[i].Strip()
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
	if !ctree.IsName(own) || !definesAtTop(f, own) {
		return ""
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
