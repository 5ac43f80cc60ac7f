// Package include writes the #include lines that a block needs: beside their kind,
// where every build that compiles the block sees them, and only what the file does
// not include yet. It also says whose headers a file takes its sockets from.
package include

import (
	"path"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// timerHeaders declare what the timers need.
var timerHeaders = []string{"netinet/in.h", "netinet/tcp.h"}

// Timers returns the insertions that give a file the headers of the
// timers: beside their kind, where every build that compiles the code at an offset sees
// them. ok is false where no place is certain.
func Timers(p *ctree.Program, f *parse.File, code int, eol string) (edits []edit.Edit, ok bool) {
	if OtherStack(f) || windowsAlone(p, f) {
		return nil, true // its header declares the timers, too, or there is no other
	}
	for _, h := range timerHeaders {
		if h == "netinet/tcp.h" && p.Includes(f, "linux/tcp.h") {
			continue // which has the same, and cannot be read beside it
		}
		more, found := Header(p, f, h, code, eol)
		if !found {
			return nil, false
		}
		if n := len(edits); n > 0 && len(more) > 0 && more[0].Start == edits[n-1].Start {
			if both, ok := underOne(edits[n-1].New, more[0].New, eol); ok {
				edits[n-1].New, more = both, nil
			}
		}
		edits = append(edits, more...)
	}
	return edits, true
}

// underOne joins lines that stand under the same #if.
func underOne(first, second, eol string) (string, bool) {
	line, rest, _ := strings.Cut(second, eol)
	body, ends := strings.CutSuffix(first, "#endif"+eol)
	return body + rest, ends && strings.HasPrefix(line, "#if") && strings.HasPrefix(first, line+eol)
}

// NoTimers says why the header of the timers cannot be included in a file, "" where it
// can: a file that defines the header of TCP's segments or its states itself, or takes
// them from the program's own headers, would get them twice.
func NoTimers(p *ctree.Program, f *parse.File) string {
	if OtherStack(f) || p.Includes(f, "netinet/tcp.h") {
		return ""
	}
	for _, t := range ownDefinitions {
		defines := func(h *parse.File) bool {
			at := t.defined.Regexp().FindIndex(h.Src)
			return at != nil && innerGuard(h, at[0]) == "" // else for some platform
		}
		own := defines(f)
		p.Headers(f, t.word, func(h *parse.File) bool {
			own = own || defines(h)
			return !own
		})
		if own {
			return "the file has " + t.what + " of its own, <netinet/tcp.h> another"
		}
	}
	return ""
}

// ownDefinitions are what <netinet/tcp.h> defines and what programs with a TCP of their
// own define, too.
var ownDefinitions = []struct {
	word, what string
	defined    *text.Pattern
}{
	{"tcphdr", "a struct tcphdr", text.NewPattern(`\bstruct\s+tcphdr\s*\{`)},
	{"TCP_ESTABLISHED", "a TCP_ESTABLISHED", stateNamed("TCP_ESTABLISHED")},
	{"TCP_LISTEN", "a TCP_LISTEN", stateNamed("TCP_LISTEN")},
}

// stateNamed matches an enumerator, or a macro.
func stateNamed(name string) *text.Pattern {
	return text.NewPattern(`\benum\b[^;{}()]*\{[^}]*\b` + name + `\b|(?m:^)[ \t]*#[ \t]*define[ \t]+` + name + `\b`)
}

// Header is the same for one header.
func Header(p *ctree.Program, f *parse.File, header string, code int, eol string) ([]edit.Edit, bool) {
	if included(p, f, header, code) {
		return nil, true
	}
	at, line, found := includePlace(f, header, code)
	if !found {
		return nil, false
	}
	if under := headerGuard(p, f, header); under != "" && len(ctree.Arms(f, at)) == 0 {
		if at = afterIncludes(f); at < 0 { // the macro may come from any of them
			return nil, false
		}
		line = under + eol + nested(f, line) + eol + "#endif"
	}
	return []edit.Edit{edit.Insert(at, strings.Replace(line, "%", "<"+header+">", 1)+eol)}, true
}

// nested is how a file spells an #include under an #if, line where it has none.
func nested(f *parse.File, line string) string {
	for _, d := range f.Dirs {
		off := int(f.Toks[d.Tok].Off)
		if d.Name != "include" || off > 0 && f.Src[off-1] != '\n' {
			continue
		}
		if arms := ctree.Arms(f, off); len(arms) == 1 && int(f.Toks[f.Dirs[0].Tok].Off) != arms[0].Start {
			return string(f.Src[off:d.Body]) + "%"
		}
	}
	return line
}

// included reports whether the code at an offset sees a header already.
func included(p *ctree.Program, f *parse.File, header string, code int) bool {
	hidden := false
	for _, d := range f.Dirs {
		if d.Name == "include" && strings.Trim(d.Text, "<>\" \t") == header {
			if off := int(f.Toks[d.Tok].Off); off < firstUse(f, code) && includedFor(f, code, off) {
				return true
			}
			hidden = true
		}
	}
	return !hidden && p.Includes(f, header)
}

// firstUse is the offset that an #include has to stand before: that of the code, or of the first
// function.
func firstUse(f *parse.File, code int) int {
	if code >= 0 {
		return code
	}
	first := len(f.Src)
	for _, fn := range f.Funcs {
		if fn.Macro == nil {
			first = min(first, fn.Start)
		}
	}
	return first
}

// headerTest matches the conditions that ask whether a system has a header, and the
// guard of a header.
var headerTest = text.NewPattern(`_H_*\b`)

// includedFor reports whether an #include counts for the code at an offset: each condition
// on it is one on the code too, or asks for a header or a platform. Any other may be
// off where the code is compiled, and then the options of the timers are unknown
// there. One for another platform counts for code of that platform only. A negative
// offset stands for code that counts with all other includes.
func includedFor(f *parse.File, code, include int) bool {
	guards := f.Guards(include)
	if f.Foreign(include, "linux") != "" && (code < 0 || f.Foreign(code, "linux") == "") {
		return false
	}
	if code < 0 || len(guards) == 0 || f.PlatformAware(include) || besideWindows(f, include) {
		return true
	}
	own := f.Guards(code)
	for _, g := range guards {
		if !headerTest.MatchString(g) && !slices.Contains(own, g) {
			return false
		}
	}
	return true
}

// windowsHeaders have what programs for Windows use in the place of the socket headers.
var windowsHeaders = map[string]bool{"winsock.h": true, "winsock2.h": true, "ws2tcpip.h": true, "windows.h": true}

// windowsAlone reports whether a file takes its sockets from Windows, and none of the other systems'
// headers for them in any build: it does not compile with one.
func windowsAlone(p *ctree.Program, f *parse.File) bool {
	for _, h := range []string{"sys/socket.h", "netinet/in.h", "netdb.h", "arpa/inet.h"} {
		if p.Includes(f, h) {
			return false
		}
	}
	return p.Includes(f, "winsock2.h") || p.Includes(f, "winsock.h")
}

// besideWindows reports whether another arm of an #if around an #include has the headers of Windows,
// whatever the macro is that the program tells it by.
func besideWindows(f *parse.File, include int) bool {
	in := ctree.Arms(f, include)
	for _, d := range f.Dirs {
		if d.Name != "include" || !windowsHeaders[strings.ToLower(strings.Trim(d.Text, "<>\" \t"))] {
			continue
		}
		for i, a := range ctree.Arms(f, int(f.Toks[d.Tok].Off)) {
			if i < len(in) && a.Start == in[i].Start && a.Arm != in[i].Arm {
				return true
			}
		}
	}
	return false
}

// neighbours are the headers that a new one stands well beside, best first.
var neighbours = []string{"netinet/in.h", "netinet/", "arpa/inet.h", "sys/socket.h", "netdb.h"}

// plainNeighbours are the same for the headers of the C library itself.
var plainNeighbours = []string{"stdio.h", "stdlib.h", "string.h", "errno.h", "stdarg.h", "unistd.h"}

// includePlace finds the line after the nearest relative of a header, and how
// such a line is spelled there.
func includePlace(f *parse.File, header string, code int) (at int, line string, ok bool) {
	limit := firstUse(f, code)
	beside := func(off int) bool { return off < limit && includedFor(f, code, off) }
	if at, line, ok = besideKind(f, header, beside); ok {
		return at, line, true
	}
	if at, line, ok = afterLast(f, limit); ok {
		return at, line, true
	}
	return besideKind(f, header, func(off int) bool { return off < limit })
}

// besideKind is the line after the nearest relative of a header among the includes
// that are taken.
func besideKind(f *parse.File, header string, taken func(off int) bool) (at int, line string, ok bool) {
	near := neighbours
	if !strings.Contains(header, "/") {
		near = plainNeighbours
	}
	for _, n := range near {
		for _, d := range f.Dirs {
			if d.Name != "include" || !strings.HasPrefix(strings.TrimLeft(d.Text, "<\""), n) {
				continue
			}
			off := int(f.Toks[d.Tok].Off)
			content := string(f.Src[text.LineStart(f.Src, off):d.Body])
			if !taken(off) || strings.TrimSpace(content) == "" || !text.FirstOnLine(f.Src, off) {
				continue
			}
			if at := text.LineEnd(f.Src, int(f.Toks[d.Tok].End)); at <= len(f.Src) && at > 0 && f.Src[at-1] == '\n' {
				return at, content + "%", true
			}
		}
	}
	return 0, "", false
}

// afterLast is the line after the last header above an offset that every build includes, one of
// the system's first.
func afterLast(f *parse.File, limit int) (at int, line string, ok bool) {
	for _, mark := range []string{"<", "\""} {
		last := -1
		for i, d := range f.Dirs {
			off := int(f.Toks[d.Tok].Off)
			if d.Name == "include" && off < limit && strings.HasPrefix(d.Text, mark) && text.FirstOnLine(f.Src, off) && len(ctree.Arms(f, off)) == 0 {
				last = i
			}
		}
		if last < 0 {
			continue
		}
		d := f.Dirs[last]
		at := text.LineEnd(f.Src, int(f.Toks[d.Tok].End))
		if at > 0 && f.Src[at-1] == '\n' {
			return at, string(f.Src[text.LineStart(f.Src, int(f.Toks[d.Tok].Off)):d.Body]) + "%", true
		}
	}
	return 0, "", false
}

// afterIncludes is the line after the last #include under no condition, -1 without
// one.
func afterIncludes(f *parse.File) int {
	for i := len(f.Dirs) - 1; i >= 0; i-- {
		d := f.Dirs[i]
		if off := int(f.Toks[d.Tok].Off); d.Name == "include" && text.FirstOnLine(f.Src, off) && len(ctree.Arms(f, off)) == 0 {
			if at := text.LineEnd(f.Src, int(f.Toks[d.Tok].End)); at > 0 && f.Src[at-1] == '\n' {
				return at
			}
		}
	}
	return -1
}

// headerGuard is the directive under which the program's headers include the nearest
// relative of a header that the file gets through them alone: where the program allows
// for systems without such headers, a new #include must, too. "" where they are included
// everywhere.
func headerGuard(p *ctree.Program, f *parse.File, header string) string {
	if !strings.Contains(header, "/") {
		return ""
	}
	for _, n := range neighbours {
		for _, d := range f.Dirs {
			if d.Name == "include" && strings.HasPrefix(strings.TrimLeft(d.Text, "<\""), n) {
				return "" // the file itself shows how
			}
		}
	}
	for _, n := range neighbours {
		if strings.HasSuffix(n, "/") {
			continue
		}
		var under []string
		seen, bare := false, false
		p.Headers(f, strings.TrimSuffix(path.Base(n), ".h"), func(h *parse.File) bool {
			for _, d := range h.Dirs {
				off := int(h.Toks[d.Tok].Off)
				if d.Name != "include" || strings.Trim(d.Text, "<>\" \t") != n || h.Foreign(off, "linux") != "" {
					continue // where it is for other systems alone, this one has it from another header
				}
				seen = true
				g := innerGuard(h, off)
				if g == "" {
					bare = true
				}
				if !slices.Contains(under, g) {
					under = append(under, g)
				}
			}
			return !bare
		})
		if seen {
			if bare {
				return ""
			}
			return eitherOf(under)
		}
	}
	return ""
}

// eitherOf is a directive under which one of several holds.
func eitherOf(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	var out []string
	for _, d := range list {
		word, cond, _ := strings.Cut(strings.TrimPrefix(d, "#"), " ")
		cond = strings.TrimSpace(cond)
		switch word {
		case "ifdef":
			cond = "defined(" + cond + ")"
		case "ifndef":
			cond = "!defined(" + cond + ")"
		default:
			if strings.ContainsAny(cond, "&?") {
				cond = "(" + cond + ")"
			}
		}
		out = append(out, cond)
	}
	return "#if " + strings.Join(out, " || ")
}

// innerGuard is the innermost #if around an offset of a header, or the opposite of one whose
// #else is, the include guard aside; "" where there is none, or one that could not be said
// elsewhere.
func innerGuard(h *parse.File, off int) string {
	arms := ctree.Arms(h, off)
	if len(arms) > 0 && len(h.Dirs) > 0 && int(h.Toks[h.Dirs[0].Tok].Off) == arms[0].Start {
		arms = arms[1:]
	}
	if len(arms) == 0 {
		return ""
	}
	a := arms[len(arms)-1]
	line := strings.TrimSpace(string(h.Src[a.Start:text.LineEnd(h.Src, a.Start)]))
	if strings.HasSuffix(line, "\\") {
		return ""
	}
	for _, mark := range []string{"/*", "//"} {
		line, _, _ = strings.Cut(line, mark)
	}
	word, cond, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), " ")
	cond = strings.TrimSpace(cond)
	switch {
	case a.Arm == a.Start:
		return "#" + word + " " + cond
	case !isElse(h, a):
		return ""
	}
	switch {
	case word == "ifdef":
		return "#ifndef " + cond
	case word == "ifndef":
		return "#ifdef " + cond
	case oneTest.MatchString(cond):
		return "#if !" + cond
	}
	return "#if !(" + cond + ")"
}

// oneTest matches a condition that is a single test: _WIN32, defined(_WIN32).
var oneTest = text.NewPattern(`^(?:\w+|defined *\( *\w+ *\)|defined +\w+)$`)

// isElse reports whether an arm is the #else of an #if without another.
func isElse(h *parse.File, a ctree.Arm) bool {
	for _, d := range h.Dirs {
		off := int(h.Toks[d.Tok].Off)
		if off <= a.Start || off > a.Arm || len(ctree.Arms(h, off)) == 0 {
			continue
		}
		if d.Name == "else" && off == a.Arm {
			return true
		}
		arms := ctree.Arms(h, off) // of the arm that ends here
		if strings.HasPrefix(d.Name, "elif") && arms[len(arms)-1].Start == a.Start {
			return false
		}
	}
	return false
}

// stackHeaders are the headers by which network stacks other than the system's offer
// sockets; what the timers need is declared there. From the stacks' manuals: lwIP,
// Zephyr, NetX Duo, RIOT and Mbed's port of lwIP.
var stackHeaders = map[string]bool{
	"lwip/sockets.h": true, "zephyr/net/socket.h": true, "net/socket.h": true, "nxd_bsd.h": true, "nx_bsd.h": true, "lwipv4_init.h": true,
}

// OtherStack reports whether a file takes its sockets from a stack of its own, and
// names none of the system's headers for them under no condition.
func OtherStack(f *parse.File) bool {
	found := false
	for _, d := range f.Dirs {
		if d.Name != "include" {
			continue
		}
		name := strings.Trim(d.Text, "<>\" \t")
		found = found || stackHeaders[name]
		if name == "sys/socket.h" || strings.HasPrefix(name, "netinet/") || name == "arpa/inet.h" {
			return false
		}
	}
	return found
}

// OwnSockets returns the header of the program that a file has SOL_SOCKET and other options from
// instead of the system's, where that knows no SO_KEEPALIVE; else "".
func OwnSockets(p *ctree.Program, f *parse.File) (header string) {
	if len(f.Idents("SO_KEEPALIVE")) > 0 {
		return ""
	}
	if !p.Src.MayDefine("SOL_SOCKET") {
		return "" // most programs: no header needs to be read
	}
	for _, word := range []string{"SO_REUSEADDR", "SO_ERROR"} {
		p.Headers(f, word, func(h *parse.File) bool {
			if header == "" && definesAlways(h, word) && definesAlways(h, "SOL_SOCKET") && knowledge.CodeKind(h.Path) != knowledge.Test {
				header = h.Path
			}
			return header == ""
		})
	}
	if header != "" {
		p.Headers(f, "SO_KEEPALIVE", func(*parse.File) bool {
			header = ""
			return false
		})
	}
	return header
}

// definesAlways reports whether a header gives a name a value of its own, under no condition but
// its include guard.
func definesAlways(h *parse.File, name string) bool {
	for i, d := range h.Dirs {
		if d.Name == "define" && firstWord(d.Text) == name && len(h.Guards(d.Body)) == 0 &&
			(i == 0 || !strings.Contains(h.Dirs[i-1].Text, name)) { // #ifndef NAME
			return true
		}
	}
	return false
}

// firstWord is what a directive's text begins with.
func firstWord(s string) string {
	if words := strings.Fields(s); len(words) > 1 {
		return words[0]
	}
	return ""
}

// BuiltForApple reports whether code at an offset can be built on Apple's systems, as
// far as its headers and the #if around it tell.
func BuiltForApple(f *parse.File, off int) bool {
	if OtherStack(f) {
		return false
	}
	for _, g := range f.Guards(off) {
		if strings.Trim(strings.TrimSuffix(strings.TrimPrefix(g, "defined("), ")"), "_") == "linux" {
			return false
		}
	}
	return !ctree.NeverOnApple(f)
}
