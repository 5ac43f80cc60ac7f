package judge

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/parse/builds"
)

// exclusion is the #if arm that keeps a site out of every build; none where off < 0.
type exclusion struct {
	off  int // of its directive
	note string
}

// builtFiles holds the #if arms that the builds of a program take, by file.
type builtFiles struct {
	mu      sync.Mutex
	taken   map[*program.File]func() map[int]bool
	headers *builds.Headers
}

// unbuiltBy returns the #if arm that no command of compile_commands.json takes and
// that a call site stands in. A file without a command is compiled by others or
// included, and one that is included elsewhere is compiled there too: nothing
// is known of their arms.
func (a *Analysis) unbuiltBy(j *Judgement) *exclusion {
	if j.unbuilt == nil {
		j.unbuilt = a.excludedAt(j.Cand.File, j.Cand.Off)
	}
	if j.unbuilt.off < 0 {
		return nil
	}
	return j.unbuilt
}

func (a *Analysis) excludedAt(u *program.File, off int) *exclusion {
	none := &exclusion{off: -1}
	if a.Prog.Opt.Builds == nil {
		return none
	}
	f := u.Tree()
	chain := f.Chain(f.TokAt(off))
	if len(chain) == 0 {
		return none
	}
	taken := a.takenArms(u)
	if taken == nil {
		return none
	}
	for _, b := range chain {
		if taken[b.Number] {
			continue
		}
		d := f.Toks[b.From-1]
		commands := "the file's command"
		if n := len(a.Prog.Opt.Builds.Of(absolute(u.Path))); n > 1 {
			commands = fmt.Sprintf("each of the file's %d commands", n)
		}
		return &exclusion{int(d.Off), fmt.Sprintf("false under %s: %s", commands, b.Guard())}
	}
	return none
}

// takenArms returns the arms of a file that a build may take; nil where nothing is
// known.
func (a *Analysis) takenArms(u *program.File) map[int]bool {
	b := &a.built
	b.mu.Lock()
	if b.taken == nil {
		b.taken = map[*program.File]func() map[int]bool{}
		b.headers = builds.NewHeaders(a.headerReader())
	}
	get := b.taken[u]
	if get == nil {
		get = sync.OnceValue(func() map[int]bool {
			path := absolute(u.Path)
			if len(a.Prog.Opt.Builds.Of(path)) == 0 || a.isIncluded(u) {
				return nil
			}
			return a.Prog.Opt.Builds.Taken(path, &u.Tree().Tree, b.headers)
		})
		b.taken[u] = get
	}
	b.mu.Unlock()
	return get()
}

// headerReader reads headers by their absolute path: those of the program as the
// analysis reads them.
func (a *Analysis) headerReader() func(path string) ([]byte, error) {
	if a.Prog.Opt.Read == nil {
		return os.ReadFile
	}
	names := map[string]string{}
	for _, v := range a.Prog.Files {
		names[absolute(v.Path)] = v.Path
	}
	return func(path string) ([]byte, error) {
		if name, ok := names[path]; ok {
			return a.Prog.Opt.Read(name)
		}
		return os.ReadFile(path)
	}
}

// isIncluded reports whether a file of the tree includes one of that name.
func (a *Analysis) isIncluded(u *program.File) bool {
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	stem, _, _ := strings.Cut(name, ".")
	words := strings.FieldsFunc(stem, func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return true
	}
	for _, v := range a.Prog.FilesNaming(words[0]) {
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
