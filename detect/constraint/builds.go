package constraint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse/builds"
)

// Exclusion is the #if arm that keeps a place out of every build.
type Exclusion struct {
	Off  int // of its directive
	Note string
}

// builtFiles holds the #if arms that the builds of a program take, by file.
type builtFiles struct {
	mu      sync.Mutex
	taken   map[*program.File]func() map[int]bool
	headers *builds.Headers
}

// Excluded returns the #if arm that no command of compile_commands.json takes and
// that a place stands in; nil where there is none. A file without a command is compiled
// by others or included, and one that is included elsewhere is compiled there too:
// nothing is known of their arms.
func (c *Constraints) Excluded(u *program.File, off int) *Exclusion {
	if c.prog.Opt.Builds == nil {
		return nil
	}
	f := u.Tree()
	chain := f.Chain(f.TokAt(off))
	if len(chain) == 0 {
		return nil
	}
	taken := c.takenArms(u)
	if taken == nil {
		return nil
	}
	for _, b := range chain {
		if taken[b.Number] {
			continue
		}
		d := f.Toks[b.From-1]
		commands := "the file's command"
		if n := len(c.prog.Opt.Builds.Of(absolute(u.Path))); n > 1 {
			commands = fmt.Sprintf("each of the file's %d commands", n)
		}
		return &Exclusion{int(d.Off), fmt.Sprintf("false under %s: %s", commands, b.Guard())}
	}
	return nil
}

// takenArms returns the arms of a file that a build may take; nil where nothing is
// known.
func (c *Constraints) takenArms(u *program.File) map[int]bool {
	b := &c.built
	b.mu.Lock()
	if b.taken == nil {
		b.taken = map[*program.File]func() map[int]bool{}
		b.headers = builds.NewHeaders(c.headerReader())
	}
	get := b.taken[u]
	if get == nil {
		get = sync.OnceValue(func() map[int]bool {
			path := absolute(u.Path)
			if len(c.prog.Opt.Builds.Of(path)) == 0 || c.isIncluded(u) {
				return nil
			}
			return c.prog.Opt.Builds.Taken(path, &u.Tree().Tree, b.headers)
		})
		b.taken[u] = get
	}
	b.mu.Unlock()
	return get()
}

// headerReader reads headers by their absolute path: those of the program as the
// analysis reads them.
func (c *Constraints) headerReader() func(path string) ([]byte, error) {
	if c.prog.Opt.Read == nil {
		return os.ReadFile
	}
	names := map[string]string{}
	for _, v := range c.prog.Files {
		names[absolute(v.Path)] = v.Path
	}
	return func(path string) ([]byte, error) {
		if name, ok := names[path]; ok {
			return c.prog.Opt.Read(name)
		}
		return os.ReadFile(path)
	}
}

// isIncluded reports whether a file of the tree includes one of that name.
func (c *Constraints) isIncluded(u *program.File) bool {
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	stem, _, _ := strings.Cut(name, ".")
	words := strings.FieldsFunc(stem, func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return true
	}
	for _, v := range c.prog.FilesNaming(words[0]) {
		for _, d := range v.Tree().Dirs {
			if d.Name == "include" && strings.HasSuffix(strings.TrimRight(d.Text, "\"> \t"), name) {
				return true
			}
		}
	}
	return false
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func absolute(path string) string {
	if abs, err := filepath.Abs(filepath.FromSlash(path)); err == nil {
		return abs
	}
	return path
}
