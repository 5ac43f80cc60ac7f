// Package builds tells from a compile_commands.json which #if arms of a file its
// compile commands take.
//
// The directives of the file and of what it includes are interpreted under each
// command as the preprocessor does, over three truth values: a macro is defined,
// undefined or unknown, and so is each arm. What cannot be known makes names
// unknown and never undefined: a header that is not found (every name from there
// on), an arm that may be taken (what it defines), a macro of the compiler that is
// not in the table, an option that is not read, a text that is too large. An arm
// is left out only if it is certainly not taken.
//
// The cost is that of the directives of the file and its headers, which are read
// once a database.
package builds

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/keepatch/keepatch/parse/cond"
)

// Database holds the compile commands of one or several compile_commands.json
// (clang.llvm.org/docs/JSONCompilationDatabase.html).
type Database struct {
	Name     string // the file that was read first, as it was named
	Commands int
	files    map[string][]Command // by real path
}

// Command is one way in which a file is compiled.
type Command struct {
	Dir  string   // absolute
	Args []string // the compiler first
}

// Headers are the directives of headers, each read once.
type Headers struct {
	read   func(path string) ([]byte, error)
	system func() []string

	mu     sync.Mutex
	opened map[string]func() *cond.Tree
}

// NewHeaders returns headers that are read by their absolute path.
func NewHeaders(read func(path string) ([]byte, error)) *Headers {
	return &Headers{read: read, system: sync.OnceValue(systemFolders), opened: map[string]func() *cond.Tree{}}
}

// at returns the header of a path; nil where there is none.
func (h *Headers) at(path string) *cond.Tree {
	h.mu.Lock()
	get := h.opened[path]
	if get == nil {
		get = sync.OnceValue(func() *cond.Tree {
			if st, err := os.Stat(path); err != nil || st.IsDir() {
				return nil
			}
			text, err := h.read(path)
			if err != nil {
				return nil
			}
			return cond.Directives(path, text)
		})
		h.opened[path] = get
	}
	h.mu.Unlock()
	return get()
}

// New returns a database without commands.
func New() *Database {
	return &Database{files: map[string][]Command{}}
}

// Names are the places where the database of a source tree lies.
func Names(dir string) []string {
	const name = "compile_commands.json"
	return []string{filepath.Join(dir, name), filepath.Join(dir, "build", name)}
}

// Files is the number of files that have a command.
func (d *Database) Files() int { return len(d.files) }

// Of returns the commands of a file, by its absolute path, in the order of the database.
func (d *Database) Of(path string) []Command { return d.files[realPath(path)] }

// Add reads a compile_commands.json. Rows that cannot be read are reported in its
// error; the others are taken all the same. Of an error of the file itself, line
// is where it stands, or 0.
func (d *Database) Add(name string) (line int, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	var rows []struct {
		Directory, File, Command string
		Arguments                []string
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return lineOf(text, err), err
	}
	if d.Name == "" {
		d.Name = filepath.ToSlash(name)
	}
	base, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return 0, err
	}
	var faults []error
	for i, r := range rows {
		args := r.Arguments
		if len(args) == 0 {
			args, err = Words(r.Command)
		}
		if err == nil && (len(args) == 0 || r.File == "") {
			err = errors.New("a row needs file, and arguments or command")
		}
		if err != nil {
			faults, err = append(faults, fmt.Errorf("row %d: %w", i+1, err)), nil
			args = nil // compiled in a way that is not known
		}
		dir := within(base, r.Directory)
		file := realPath(within(dir, r.File))
		d.files[file] = append(d.files[file], Command{dir, args})
		d.Commands++
	}
	return 0, errors.Join(faults...)
}

// lineOf is the line of a fault in JSON.
func lineOf(text []byte, err error) int {
	off := int64(-1)
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		off = e.Offset
	} else if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
		off = e.Offset
	}
	if off < 0 {
		return 0
	}
	line := 1
	for _, c := range text[:min(off, int64(len(text)))] {
		if c == '\n' {
			line++
		}
	}
	return line
}

// within is a path as seen from a folder.
func within(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// realPath is a path without symbolic links, as far as it exists.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// Taken returns, by the number of each arm of a file, whether one of the file's
// commands may take it; nil where the file has no command, or one that cannot be
// read. path is absolute.
func (d *Database) Taken(path string, f *cond.Tree, h *Headers) map[int]bool {
	commands := d.Of(path)
	if len(commands) == 0 {
		return nil
	}
	taken := map[int]bool{}
	for _, c := range commands {
		s, ok := settings(c)
		if !ok {
			return nil
		}
		p := &preprocessor{headers: h, set: s, names: s.names(), once: map[string]bool{}, budget: maxDirectives}
		for _, name := range s.before {
			p.include(place{c.Dir, -1}, `"`+name+`"`, cond.Yes, false)
		}
		p.main(f, filepath.Dir(path), taken)
		if p.budget < 0 {
			return nil
		}
	}
	return taken
}
