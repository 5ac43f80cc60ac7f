package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// timerHeaders declare what the timers need.
var timerHeaders = []string{"netinet/in.h", "netinet/tcp.h"}

// IncludeEdits returns the insertions that give a file the headers of the
// timers: beside their kind, inside the #if that the socket headers stand in.
// ok is false where no place is certain.
func (p *Composer) IncludeEdits(f *parse.File, eol string) (edits []edit.Edit, ok bool) {
	for _, h := range timerHeaders {
		more, found := p.IncludeEdit(f, h, eol)
		if !found {
			return nil, false
		}
		edits = append(edits, more...)
	}
	return edits, true
}

// IncludeEdit is the same for one header.
func (p *Composer) IncludeEdit(f *parse.File, header, eol string) ([]edit.Edit, bool) {
	if p.Includes(f, header, 4) {
		return nil, true
	}
	at, line, found := includePlace(f, header)
	if !found {
		return nil, false
	}
	return []edit.Edit{edit.Insert(at, strings.Replace(line, "%", "<"+header+">", 1)+eol)}, true
}

// EOL is the line ending of a file.
func (p *Composer) EOL(f *parse.File) string { return text.EOL(f.Src, 0) }

// neighbours are the headers that a new one stands well beside, best first.
var neighbours = []string{"netinet/in.h", "netinet/", "arpa/inet.h", "sys/socket.h", "netdb.h"}

// plainNeighbours are the same for the headers of the C library itself.
var plainNeighbours = []string{"stdio.h", "stdlib.h", "string.h", "errno.h", "stdarg.h", "unistd.h"}

// includePlace finds the line behind the nearest relative of a header, and how
// such a line is spelled there.
func includePlace(f *parse.File, header string) (at int, line string, ok bool) {
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
			if strings.TrimSpace(content) == "" || !text.FirstOnLine(f.Src, off) {
				continue
			}
			if at := text.LineEnd(f.Src, int(f.Toks[d.Tok].End)); at <= len(f.Src) && at > 0 && f.Src[at-1] == '\n' {
				return at, content + "%", true
			}
		}
	}
	// The last header that every build includes, one of the system's first.
	for _, mark := range []string{"<", "\""} {
		last := -1
		for i, d := range f.Dirs {
			off := int(f.Toks[d.Tok].Off)
			if d.Name == "include" && strings.HasPrefix(d.Text, mark) && text.FirstOnLine(f.Src, off) && len(ctree.Arms(f, off)) == 0 {
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
