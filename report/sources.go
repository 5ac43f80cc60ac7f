package report

import (
	"os"
	"path/filepath"

	"github.com/keepatch/keepatch/parse/text"
)

// maxSource is the size in bytes above which a file has no excerpts, maxKept the
// number of bytes of sources held at once. Reports are in the order of files, so
// that few are read twice.
const (
	maxSource = 8 << 20
	maxKept   = 64 << 20
)

// Sources reads lines of source files on demand. A file that is gone or cannot be
// read has no lines. That is not an error: the report lacks excerpts, no facts.
type Sources struct {
	Dir   string                            // base of relative paths; "" is the working directory
	Read  func(path string) ([]byte, error) // reads a file; nil means from disk
	files map[string]*source
	kept  int64
}

type source struct {
	text     []byte
	lines    *text.Lines
	comments []bool // see commentStarts; computed on demand
}

// Line returns a line (1-based) without its line end; ok is false if there is none.
func (s *Sources) Line(path string, n int) (line []byte, ok bool) {
	f := s.file(path)
	if f == nil || n < 1 || n > f.lines.Count() {
		return nil, false
	}
	return f.lines.Text(n), true
}

// InComment reports whether a line starts inside a comment.
func (s *Sources) InComment(path string, n int) bool {
	f := s.file(path)
	if f == nil {
		return false
	}
	if f.comments == nil {
		f.comments = commentStarts(f.text)
	}
	return n >= 1 && n <= len(f.comments) && f.comments[n-1]
}

// Position returns the line and column (1-based, in bytes) of a byte offset; ok is
// false if the file is shorter.
func (s *Sources) Position(path string, offset int) (line, column int, ok bool) {
	f := s.file(path)
	if f == nil || offset < 0 || offset > len(f.text) {
		return 0, 0, false
	}
	return f.lines.Line(offset), f.lines.Col(offset), true
}

func (s *Sources) file(path string) *source {
	if s == nil {
		return nil
	}
	if f, ok := s.files[path]; ok {
		return f
	}
	if s.files == nil || s.kept > maxKept {
		s.files, s.kept = map[string]*source{}, 0
	}
	var f *source
	if s.Read != nil {
		if src, err := s.Read(path); err == nil && len(src) <= maxSource {
			f = &source{text: src, lines: text.NewLines(src)}
		}
	} else {
		f = readSource(s.join(path))
	}
	s.files[path] = f
	if f != nil {
		s.kept += int64(len(f.text))
	}
	return f
}

func (s *Sources) join(path string) string {
	name := filepath.FromSlash(path)
	if s.Dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.Dir, name)
}

func readSource(name string) *source {
	st, err := os.Stat(name)
	if err != nil || !st.Mode().IsRegular() || st.Size() > maxSource {
		return nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return &source{text: src, lines: text.NewLines(src)}
}
