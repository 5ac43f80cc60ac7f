package rewrite

import (
	"bytes"
	"os"
	"strings"

	"github.com/keepatch/keepatch/detect"
	"github.com/keepatch/keepatch/parse"
)

// maxSources bounds what is held of a program's other files.
const maxSources = 256 << 20

// sources answers what a name means that none of the files with sites defines.
// The program's files are read on the first question.
type sources struct {
	files  []string
	read   func(string) ([]byte, error)
	index  *detect.Index
	loaded bool
	text   [][]byte
	names  []string
	funcs  map[string]*parse.Func
	macros map[string]string
	parsed map[string][]*parse.File // files of a folder that hold a word
}

// naming returns the files of a folder that hold a word, a few at most.
func (s *sources) naming(word, dir string) []*parse.File {
	s.load()
	key := dir + "\x00" + word
	if fs, ok := s.parsed[key]; ok {
		return fs
	}
	var out []*parse.File
	for i, b := range s.text {
		if folder(s.names[i]) == dir && len(out) < 8 && bytes.Contains(b, []byte(word)) {
			out = append(out, parse.New(s.names[i], b))
		}
	}
	if s.parsed == nil {
		s.parsed = map[string][]*parse.File{}
	}
	s.parsed[key] = out
	return out
}

func (s *sources) load() {
	if s.loaded {
		return
	}
	s.loaded = true
	s.funcs, s.macros = map[string]*parse.Func{}, map[string]string{}
	read := s.read
	if read == nil {
		read = os.ReadFile
	}
	total := 0
	for _, name := range s.files {
		b, err := read(name)
		if err != nil || total+len(b) > maxSources {
			continue // what can't be read is told by the analysis
		}
		total += len(b)
		s.text = append(s.text, b)
		s.names = append(s.names, name)
	}
}

// function returns the definition of a function, nil when there is none or
// when it was not found.
func (s *sources) function(name string) *parse.Func {
	if s.index != nil {
		return s.index.Function(name)
	}
	s.load()
	if fn, ok := s.funcs[name]; ok {
		return fn
	}
	s.funcs[name] = nil
	for i, b := range s.text {
		if !definesFunc(b, name) {
			continue
		}
		for _, fn := range parse.New(s.names[i], b).Funcs {
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
	word := []byte(name)
	for at := 0; ; {
		i := bytes.Index(b[at:], word)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(word)
		if i > 0 && isWordByte(b[i-1]) || at < len(b) && isWordByte(b[at]) {
			continue
		}
		start := lineStart(b, i)
		rest := bytes.TrimLeft(b[at:], " \t")
		if start < len(b) && (isWordByte(b[start]) || b[start] == '*') && len(rest) > 0 && rest[0] == '(' {
			semi, brace := bytes.IndexByte(rest, ';'), bytes.IndexByte(rest, '{')
			if brace >= 0 && (semi < 0 || brace < semi || !bytes.Contains(rest[:semi+1], []byte(");"))) {
				return true
			}
		}
	}
}

// macro returns the replacement of an object-like macro, "" when none was
// found.
func (s *sources) macro(name string) string {
	if s.index != nil {
		return s.index.Macro(name)
	}
	s.load()
	if m, ok := s.macros[name]; ok {
		return m
	}
	s.macros[name] = ""
	word := []byte(name)
	for _, b := range s.text {
		for at := 0; ; {
			i := bytes.Index(b[at:], word)
			if i < 0 {
				break
			}
			i += at
			at = i + len(word)
			if at >= len(b) || b[at] != ' ' && b[at] != '\t' {
				continue
			}
			head := strings.Fields(strings.Replace(string(b[lineStart(b, i):i]), "#", "# ", 1))
			if len(head) == 2 && head[0] == "#" && head[1] == "define" {
				s.macros[name] = strings.TrimSpace(string(b[at:lineEnd(b, at)]))
				return s.macros[name]
			}
		}
	}
	return ""
}

// notFatal takes out what says the opposite.
var notFatal = strings.NewReplacer("NONFATAL", "", "NON_FATAL", "", "NOT_FATAL", "")

// fatalLevel reports whether a severity given to a logging call ends the
// program.
func (p *project) fatalLevel(expr string, depth int) bool {
	for i := 0; i < len(expr); {
		if !isWordByte(expr[i]) {
			i++
			continue
		}
		j := i
		for j < len(expr) && isWordByte(expr[j]) {
			j++
		}
		w := expr[i:j]
		i = j
		if strings.Contains(notFatal.Replace(w), "FATAL") || strings.Contains(w, "PANIC") || strings.Contains(w, "ABORT") {
			return true
		}
		if isUpper(w) && depth > 0 && !strings.HasPrefix(w, "LOG_") && p.fatalLevel(p.src.macro(w), depth-1) {
			return true
		}
	}
	return false
}
