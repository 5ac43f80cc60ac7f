package rewrite

import (
	"path"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// timerHeaders declare what the timers need.
var timerHeaders = []string{"netinet/in.h", "netinet/tcp.h"}

// includeEdits returns the insertions that give a file the headers of the
// timers: beside their kind, inside the #if that the socket headers stand in.
// ok is false where no place is certain.
func (p *project) includeEdits(f *parse.File, eol string) (edits []edit.Edit, ok bool) {
	for _, h := range timerHeaders {
		more, found := p.includeOf(f, h, eol)
		if !found {
			return nil, false
		}
		edits = append(edits, more...)
	}
	return edits, true
}

// includeOf is the same for one header.
func (p *project) includeOf(f *parse.File, header, eol string) ([]edit.Edit, bool) {
	if p.reaches(f, header, 4) {
		return nil, true
	}
	at, line, found := includePlace(f, header)
	if !found {
		return nil, false
	}
	return []edit.Edit{edit.Insert(at, strings.Replace(line, "%", "<"+header+">", 1)+eol)}, true
}

// eol is the line ending of a file.
func (p *project) eol(f *parse.File) string { return text.EOL(f.Src, 0) }

// reaches reports whether a file includes a header, itself or through headers
// of the project.
func (p *project) reaches(f *parse.File, header string, depth int) bool {
	for _, d := range f.Dirs {
		if d.Name != "include" {
			continue
		}
		name := strings.Trim(d.Text, "<>\" \t")
		if name == header {
			return true
		}
		if depth > 0 && p.src.textIncludes(path.Base(name), header, depth-1) {
			return true
		}
	}
	return false
}

// textIncludes reports whether a header of that base name in the program
// includes another one.
func (s *sources) textIncludes(base, header string, depth int) bool {
	s.load()
	for i, name := range s.names {
		if path.Base(name) != base {
			continue
		}
		for _, l := range strings.Split(string(s.text[i]), "\n") {
			l = strings.TrimSpace(l)
			rest, ok := strings.CutPrefix(l, "#")
			if !ok {
				continue
			}
			rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "include")
			if !ok {
				continue
			}
			rest = strings.TrimSpace(rest)
			if strings.HasPrefix(rest, "<"+header+">") || strings.HasPrefix(rest, "\""+header+"\"") {
				return true
			}
			if depth > 0 && strings.HasPrefix(rest, "\"") {
				inner := strings.Trim(strings.Fields(rest)[0], "\"")
				if path.Base(inner) != base && s.textIncludes(path.Base(inner), header, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

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
			text := string(f.Src[lineStart(f.Src, off):d.Body])
			if strings.TrimSpace(text) == "" || !firstOnLine(f.Src, off) {
				continue
			}
			if at := lineEnd(f.Src, int(f.Toks[d.Tok].End)); at <= len(f.Src) && at > 0 && f.Src[at-1] == '\n' {
				return at, text + "%", true
			}
		}
	}
	// The last header that every build includes, one of the system's first.
	for _, mark := range []string{"<", "\""} {
		last := -1
		for i, d := range f.Dirs {
			off := int(f.Toks[d.Tok].Off)
			if d.Name == "include" && strings.HasPrefix(d.Text, mark) && firstOnLine(f.Src, off) && len(arms(f, off)) == 0 {
				last = i
			}
		}
		if last < 0 {
			continue
		}
		d := f.Dirs[last]
		at := lineEnd(f.Src, int(f.Toks[d.Tok].End))
		if at > 0 && f.Src[at-1] == '\n' {
			return at, string(f.Src[lineStart(f.Src, int(f.Toks[d.Tok].Off)):d.Body]) + "%", true
		}
	}
	return 0, "", false
}
