package detect

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
)

// maxFile is the size in bytes above which a file is reported and passed
// over. The largest hand-written C file known to us has 9 MB.
const maxFile = 64 << 20

// program is the tree under analysis: an index of which names occur in which
// files, and the files themselves, lexed and parsed when somebody asks.
type program struct {
	opt    Options
	files  []*unit // in order of path
	bucket [][]posting
	errs   []FileError
	bytes  int64

	mu     sync.Mutex
	byHash map[uint32][]*unit
	memos  memo.Registry // of the packages that analyse it
	caches
	declaredArgs declaredArgs
}

// unit is one file of the tree.
type unit struct {
	prog  *program
	index int
	path  string
	dir   string
	size  int64
	odd   bool // a comment or literal is not closed
	// marked says that a suppression comment may be in it.
	marked bool
	once   sync.Once
	file   *parse.File
	twin   *unit // of another program, with the same bytes

	declOnce sync.Once
	funcs    map[string][]*parse.Func
	macros   map[string][]*parse.Macro
	namedMu  sync.Mutex
	named    map[string][]*parse.Decl // see declsOf
	initOnce sync.Once
	inits    []*parse.Decl // see filled
	bodyOnce sync.Once
	bodies   map[string][]macroName // see macrosNaming
	infoMu   sync.Mutex
	found    []*parse.Expr // memory that info uses again from function to function
	infos    map[*parse.Func]*funcInfo
}

func dirOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// read reads a file whole, into buf where that is possible.
func (p *program) read(path string, buf *[]byte) ([]byte, error) {
	if p.opt.Read != nil {
		return p.opt.Read(path)
	}
	return readInto(path, buf)
}

// readInto reads a file into buf, which grows when that is too small.
func readInto(path string, buf *[]byte) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, regular, err := f.size()
	switch {
	case err != nil:
		return nil, err
	case !regular:
		return nil, fmt.Errorf("not a regular file")
	case size > maxFile:
		return nil, fmt.Errorf("too large: %d MB, the limit is %d MB", size>>20, maxFile>>20)
	}
	if int64(cap(*buf)) < size+1 {
		*buf = make([]byte, size+1+int64(cap(*buf)/4)) // what is used again grows in steps
	}
	b := (*buf)[:cap(*buf)]
	n := 0
	for n < len(b) {
		k, err := f.Read(b[n:])
		n += k
		if k == 0 || err != nil || size > 0 && int64(n) >= size {
			break
		}
	}
	return b[:n], nil
}

// unfit says why bytes are no C source.
func unfit(src []byte) error {
	if bytes.IndexByte(src, 0) >= 0 {
		return fmt.Errorf("binary file, not C source")
	}
	return nil
}

// reason is an error without the path that os puts before it.
func reason(err error) string {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// tree returns the lexed file, reading it again where the index pass did not
// keep it.
func (u *unit) tree() *parse.File {
	u.once.Do(func() {
		if u.twin != nil {
			u.file = u.twin.tree()
			return
		}
		var buf []byte
		src, err := u.prog.read(u.path, &buf)
		if err != nil || unfit(src) != nil {
			src = nil // it was readable a moment ago; the index pass has said what there was to say
		}
		u.file = parse.New(u.path, src)
	})
	return u.file
}

// tables builds the look-up tables of a file's own functions and macros.
func (u *unit) tables() {
	u.declOnce.Do(func() {
		if t := u.twin; t != nil {
			t.tables()
			u.funcs, u.macros = t.funcs, t.macros
			return
		}
		f := u.tree()
		u.funcs = map[string][]*parse.Func{}
		for _, fn := range f.Funcs {
			u.funcs[fn.Name] = append(u.funcs[fn.Name], fn)
		}
		u.macros = map[string][]*parse.Macro{}
		for _, m := range f.Macros {
			u.macros[m.Name] = append(u.macros[m.Name], m)
		}
	})
}

// declsOf returns the declarations at file scope of a name, or of "struct TAG"
// those that define it, nested ones too.
func (u *unit) declsOf(key string) []*parse.Decl {
	if u.twin != nil {
		return u.twin.declsOf(key)
	}
	u.namedMu.Lock()
	defer u.namedMu.Unlock()
	if list, ok := u.named[key]; ok {
		return list
	}
	var out []*parse.Decl
	tag, isTag := strings.CutPrefix(key, "struct ")
	var defining func(d *parse.Decl)
	defining = func(d *parse.Decl) {
		if d.Type.Def == nil {
			return
		}
		if d.Type.Def.Tag == tag {
			out = append(out, d)
		}
		for _, m := range d.Type.Def.Fields {
			defining(m)
		}
	}
	for _, d := range u.tree().DeclsNaming(tag) {
		if isTag {
			defining(d)
		} else if d.Name == key {
			out = append(out, d)
		}
	}
	if u.named == nil {
		u.named = map[string][]*parse.Decl{}
	}
	u.named[key] = out
	return out
}

// filled returns the variables at file scope that have a braced initializer.
func (u *unit) filled() []*parse.Decl {
	if u.twin != nil {
		return u.twin.filled()
	}
	u.initOnce.Do(func() {
		for _, d := range u.tree().Decls() {
			if d.Init != nil && d.Init.Kind == parse.XInit {
				u.inits = append(u.inits, d)
			}
		}
	})
	return u.inits
}

// nearest keeps, of candidates in several files, those that a use in from can
// mean: its own file, else those that share the longest leading path with it.
// Trees hold several programs with functions of the same name.
func nearest(from *unit, cands []*unit) []*unit {
	if len(cands) < 2 {
		return cands
	}
	best := -1
	var out []*unit
	for _, c := range cands {
		n := shared(from.dir, c.dir)
		if c == from {
			return []*unit{c}
		}
		if n > best {
			best, out = n, nil
		}
		if n == best {
			out = append(out, c)
		}
	}
	return out
}

// shared counts the leading path elements that two folders have in common; a
// header folder beside the sources counts as near.
func shared(a, b string) int {
	if a == b {
		return 1 << 20
	}
	n := 0
	for a != "" && b != "" {
		x, ra, _ := strings.Cut(a, "/")
		y, rb, _ := strings.Cut(b, "/")
		if x != y {
			break
		}
		n++
		a, b = ra, rb
	}
	return n
}
