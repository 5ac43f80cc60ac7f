package report

import (
	"os"
	"path/filepath"

	"github.com/keepatch/keepatch/parse/text"
)

// maxSource is the size in bytes above which no excerpt of a file is shown, and
// maxKept how many bytes of sources are held at once: reports come in the order
// of files, so that little is read twice.
const (
	maxSource = 8 << 20
	maxKept   = 64 << 20
)

// Sources reads lines of source files on demand. A file that is gone, has
// changed or cannot be read has no lines; that never is an error, as the report
// says the same without its excerpts. The zero Sources reads paths as they are.
type Sources struct {
	Dir   string // folder that relative paths start from; "" is the working directory
	files map[string]*source
	kept  int64
}

type source struct {
	text     []byte
	lines    *text.Lines
	comments []bool // of each line, whether it starts inside one; nil until asked for
}

// Line returns a line (1-based) without its line ending. ok is false when the
// file has no such line.
func (s *Sources) Line(path string, n int) (line []byte, ok bool) {
	f := s.file(path)
	if f == nil || n < 1 || n > f.lines.Count() {
		return nil, false
	}
	return f.lines.Text(n), true
}

// InComment says whether a line starts inside a comment.
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

// Position returns the line and column (both 1-based, the column in bytes) of a
// byte offset. ok is false when the file has no such offset.
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
	f := readSource(s.join(path))
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
