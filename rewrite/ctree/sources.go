package ctree

import (
	"bytes"
	"os"
	"path"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
)

// maxNaming bounds the files of a folder that are asked how they do something.
const maxNaming = 24

// maxSources bounds what is held of a program's other files.
const maxSources = 256 << 20

// Sources answers what a name means that none of the files with sites defines.
// A file is read when it is first asked about.
type Sources struct {
	files  []string
	read   func(string) ([]byte, error)
	index  *detect.Index
	byName map[string][]byte // what was read
	total  int               // bytes of it
	funcs  map[string]*parse.Func
	macros map[string]string
	parsed map[string][]*parse.File // files of a folder that hold a word

	byBase  map[string][]string    // the program's headers by their last name
	headers map[string]*headerText // those that were asked for, by path
}

// FilesNaming returns the files of a folder that hold a word, maxNaming at most.
func (s *Sources) FilesNaming(word, dir string) []*parse.File {
	key := dir + "\x00" + word
	if fs, ok := s.parsed[key]; ok {
		return fs
	}
	var out []*parse.File
	for _, name := range s.files {
		if Dir(name) != dir || len(out) >= maxNaming {
			continue
		}
		if b := s.text(name); bytes.Contains(b, []byte(word)) {
			out = append(out, parse.New(name, b))
		}
	}
	if s.parsed == nil {
		s.parsed = map[string][]*parse.File{}
	}
	s.parsed[key] = out
	return out
}

// text returns the bytes of one of the files, read on the first question; none where it cannot be
// read, which the analysis reports, or where too much is held already.
func (s *Sources) text(name string) []byte {
	if b, ok := s.byName[name]; ok {
		return b
	}
	if s.byName == nil {
		s.byName = map[string][]byte{}
	}
	read := s.read
	if read == nil {
		read = os.ReadFile
	}
	b, err := read(name)
	if err != nil || s.total+len(b) > maxSources {
		b = nil
	}
	s.total += len(b)
	s.byName[name] = b
	return b
}

// Function returns the definition of a function, nil when there is none or
// when it was not found.
func (s *Sources) Function(name string) *parse.Func {
	if s.index != nil {
		return s.index.Function(name)
	}
	if fn, ok := s.funcs[name]; ok {
		return fn
	}
	if s.funcs == nil {
		s.funcs = map[string]*parse.Func{}
	}
	s.funcs[name] = nil
	for _, file := range s.files {
		b := s.text(file)
		if !definesFunc(b, name) {
			continue
		}
		for _, fn := range parse.New(file, b).Funcs {
			if fn.Name == name && fn.Macro == nil {
				s.funcs[name] = fn
				return fn
			}
		}
	}
	return nil
}

// definesFunc looks for a line that could be the head of a definition: it
// begins in the first column, names the function, and is no prototype.
func definesFunc(b []byte, name string) bool {
	for i := range text.Occurrences(b, name) {
		start := text.LineStart(b, i)
		rest := bytes.TrimLeft(b[i+len(name):], " \t")
		if start < len(b) && (text.IsWordByte(b[start]) || b[start] == '*') && len(rest) > 0 && rest[0] == '(' {
			semi, brace := bytes.IndexByte(rest, ';'), bytes.IndexByte(rest, '{')
			if brace >= 0 && (semi < 0 || brace < semi || !bytes.Contains(rest[:semi+1], []byte(");"))) {
				return true
			}
		}
	}
	return false
}

// Macro returns the replacement of an object-like macro, "" when none was
// found.
func (s *Sources) Macro(name string) string {
	if s.index != nil {
		return s.index.Macro(name)
	}
	if m, ok := s.macros[name]; ok {
		return m
	}
	if s.macros == nil {
		s.macros = map[string]string{}
	}
	s.macros[name] = ""
	word := []byte(name)
	for _, file := range s.files {
		b := s.text(file)
		for at := 0; len(word) > 0; {
			i := bytes.Index(b[at:], word)
			if i < 0 {
				break
			}
			i += at
			at = i + len(word)
			if at >= len(b) || b[at] != ' ' && b[at] != '\t' {
				continue
			}
			head := strings.Fields(strings.Replace(string(b[text.LineStart(b, i):i]), "#", "# ", 1))
			if len(head) == 2 && head[0] == "#" && head[1] == "define" {
				s.macros[name] = strings.TrimSpace(string(b[at:text.LineEnd(b, at)]))
				return s.macros[name]
			}
		}
	}
	return ""
}

// MayDefine reports whether a file of the program may define a macro of that name.
func (s *Sources) MayDefine(name string) bool { return s.index == nil || s.index.MayDefine(name) }

const maxIncluded = 4

// Includes reports whether a file includes a header, itself or through headers
// of the project, maxIncluded of them within each other.
func (p *Program) Includes(f *parse.File, header string) bool {
	for _, d := range f.Dirs {
		if d.Name != "include" {
			continue
		}
		name := strings.Trim(d.Text, "<>\" \t")
		if name == header {
			return true
		}
		if p.Src.textIncludes(path.Base(name), header, maxIncluded-1) {
			return true
		}
	}
	return false
}

// textIncludes reports whether a header of that base name in the program
// includes another one.
func (s *Sources) textIncludes(base, header string, depth int) bool {
	for _, name := range s.files {
		if path.Base(name) != base {
			continue
		}
		for _, l := range strings.Split(string(s.text(name)), "\n") {
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

// InHeaders reports whether a word occurs in the program's headers.
func (s *Sources) InHeaders(word string) bool {
	for _, name := range s.files {
		if strings.HasSuffix(name, ".h") && bytes.Contains(s.text(name), []byte(word)) {
			return true
		}
	}
	return false
}

// Dir returns the folder of a path, "" for a file of the working directory.
func Dir(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}
