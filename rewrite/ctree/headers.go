package ctree

import (
	"bytes"
	"os"
	"path"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// maxHeaders bounds the headers that one file is followed through.
const maxHeaders = 512

// headerText is one header of the program.
type headerText struct {
	src      []byte
	file     *parse.File // nil until it is needed
	includes []string
}

// Headers calls visit for the headers of the program that a file includes, itself
// or through others, that hold a word, until visit returns false. System headers are not looked
// for. Breadth first: the nearest declaration comes first.
func (p *Program) Headers(f *parse.File, word string, visit func(h *parse.File) bool) {
	type step struct{ from, name string }
	var queue []step
	for _, d := range f.Dirs {
		if name := includedName(d.Text); d.Name == "include" && name != "" {
			queue = append(queue, step{f.Path, name})
		}
	}
	seen := map[string]bool{f.Path: true}
	for len(queue) > 0 && len(seen) < maxHeaders {
		s := queue[0]
		queue = queue[1:]
		at := p.Src.resolve(s.from, s.name)
		if at == "" || seen[at] {
			continue
		}
		seen[at] = true
		h := p.Src.header(at)
		if h == nil {
			continue
		}
		for _, name := range h.includes {
			queue = append(queue, step{at, name})
		}
		if hasWordBytes(h.src, word) {
			if h.file == nil {
				h.file = parse.New(at, h.src)
			}
			if !visit(h.file) {
				return
			}
		}
	}
}

// DeclaredInHeader reports whether a header that the file includes
// declares the function.
func (p *Program) DeclaredInHeader(f *parse.File, name string) bool {
	found := false
	p.Headers(f, name, func(h *parse.File) bool {
		for _, d := range h.DeclsNaming(name) {
			found = found || d.Name == name && d.Type != nil && d.Type.Func
		}
		for _, fn := range h.Funcs {
			found = found || fn.Name == name
		}
		return !found
	})
	return found
}

// includedName is the name in an #include, "" for one that a macro gives.
func includedName(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < 3 {
		return ""
	}
	end := map[byte]byte{'"': '"', '<': '>'}[text[0]]
	if i := strings.IndexByte(text[1:], end); end != 0 && i > 0 {
		return text[1 : 1+i]
	}
	return ""
}

// resolve is the header that an #include of a file means: beside the file, else
// the one of the program whose path ends so, the nearest of several.
func (s *Sources) resolve(from, name string) string {
	if s.byBase == nil {
		s.byBase = map[string][]string{}
		for _, n := range s.files {
			s.byBase[path.Base(n)] = append(s.byBase[path.Base(n)], n)
		}
	}
	best, most := "", -1
	beside := path.Join(Dir(from), name)
	tail := "/" + strings.TrimLeft(path.Clean("/"+name), "/")
	for _, n := range s.byBase[path.Base(name)] {
		if path.Clean(n) == beside {
			return n
		}
		if strings.HasSuffix("/"+n, tail) {
			if c := commonPrefix(Dir(n), Dir(from)); c > most {
				best, most = n, c
			}
		}
	}
	return best
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// includesIn returns the names that the #include lines of a text have. Most of a header is none of
// them: a search for the word is faster than a pattern at each line.
func includesIn(src []byte) (names []string) {
	const word = "include"
	for i := range text.Occurrences(src, word) {
		at := i + len(word)
		head, isDirective := bytes.CutSuffix(bytes.TrimRight(src[:i], " \t"), []byte("#"))
		head = bytes.TrimRight(head, " \t")
		if !isDirective || len(head) > 0 && head[len(head)-1] != '\n' {
			continue
		}
		rest := bytes.TrimLeft(src[at:], " \t")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '<' {
			continue
		}
		if end := bytes.IndexAny(rest[1:], "\">\n"); end > 0 && rest[1+end] != '\n' {
			names = append(names, string(bytes.Trim(rest[:end+1], `"<>`)))
		}
	}
	return names
}

// header reads one header, nil when it can't be read.
func (s *Sources) header(at string) *headerText {
	if h, ok := s.headers[at]; ok {
		return h
	}
	if s.headers == nil {
		s.headers = map[string]*headerText{}
	}
	read := s.read
	if read == nil {
		read = os.ReadFile
	}
	s.headers[at] = nil
	src, err := read(at)
	if err != nil {
		return nil // the analysis says so
	}
	h := &headerText{src: src, includes: includesIn(src)}
	s.headers[at] = h
	return h
}

// hasWordBytes reports whether a text holds a whole word; none is in every text.
func hasWordBytes(b []byte, word string) bool { return word == "" || text.HasWord(b, word) }
