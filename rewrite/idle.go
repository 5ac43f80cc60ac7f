package rewrite

import (
	"regexp"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// harmless are the calls that leave a socket as unconnected as it was.
var harmless = map[string]bool{
	"if": true, "while": true, "for": true, "switch": true, "return": true, "sizeof": true, "close": true, "fcntl": true,
	"ioctl": true, "setsockopt": true, "getsockopt": true, "bind": true, "getsockname": true, "shutdown": true,
	"FD_SET": true, "FD_CLR": true, "FD_ISSET": true, "FD_ZERO": true,
}

// idleSocket reports whether a descriptor of unknown role is certainly one that
// nothing connects or listens on: the analysis saw it go nowhere, and every
// call that names it is harmless or one whose definition was looked at.
func (p *project) idleSocket(s *detect.Site, sp *spot) bool {
	if s.Role != detect.UnknownRole || !s.Node.Idle || s.Node.Handed {
		return false
	}
	name := sp.key
	if i := strings.LastIndexAny(name, ".>"); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Trim(name, "*()&")
	if name == "" || strings.ContainsAny(name, "[]()") {
		return false
	}
	text := [][]byte{sp.file.Src[sp.fn.BodyPos:sp.fn.End]}
	if !declares(sp.fn, name) || name != sp.key {
		p.src.load()
		text = append(text, sp.file.Src)
		text = append(text, p.src.text...)
	}
	used := regexp.MustCompile(`(?:\b(\w+)[ \t]*\((?:[^()";]*[^\w()";.>])?|[^=!<>]=[ \t]*)` + regexp.QuoteMeta(name) + `\b`)
	for _, b := range text {
		for _, m := range used.FindAllSubmatch(b, -1) {
			if w := string(m[1]); !harmless[w] && !p.leavesIdle(sp.file, w) {
				return false
			}
		}
	}
	return true
}

// leavesIdle: a function that closes, or one of the program's own that the
// analysis has followed the descriptor into.
func (p *project) leavesIdle(f *parse.File, name string) bool {
	if name == "" {
		return false // handed to another name
	}
	if strings.Contains(strings.ToLower(name), "close") {
		return true
	}
	if isUpper(name) {
		return false // a macro may be connect()
	}
	return p.function(f, name) != nil || p.src.function(name) != nil
}
