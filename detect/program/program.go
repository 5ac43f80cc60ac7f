package program

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
)

// maxFile is the size in bytes above which a file is reported and passed
// over. The largest hand-written C file known to us has 9 MB.
const maxFile = 64 << 20

// Program is the tree under analysis: an index of which names occur in which
// files, and the files themselves, lexed and parsed on demand.
type Program struct {
	Opt    Options
	Files  []*File // in order of path
	bucket [][]posting
	Errors []result.FileError
	Read   int // how many of them could be read
	Bytes  int64

	mu     sync.Mutex
	byHash map[uint32][]*File
	Memos  memo.Registry // of the packages that analyse it
	caches
	declaredArgs declaredArgs
	judged       atomic.Int64 // see Judged
}

// The part of an analysis that the index is, as it is told of, and the number of
// rounds in which each site is looked at then.
const (
	indexed = 0.4
	rounds  = 3
)

// Judged reports to the progress display that one of n sites was looked at.
func (p *Program) Judged(n int) {
	if p.Opt.Progress != nil {
		p.Opt.Progress(min(indexed+(1-indexed)*float64(p.judged.Add(1))/float64(rounds*n), 1))
	}
}

// File is one file of the tree.
type File struct {
	Prog      *Program
	index     int
	Path      string
	Dir       string
	size      int64
	LexErrors bool // a comment or literal is not closed
	// HasDirective says that a suppression comment may be in it.
	HasDirective bool
	once         sync.Once
	file         *parse.File
	twin         *File // of another program, with the same bytes

	declOnce sync.Once
	Funcs    map[string][]*parse.Func
	Macros   map[string][]*parse.Macro
	namedMu  sync.Mutex
	named    map[string][]*parse.Decl // see DeclsOf
	initOnce sync.Once
	inits    []*parse.Decl // see filled
	bodyOnce sync.Once
	bodies   map[string][]macroName // see macrosNaming
	infoMu   sync.Mutex
	found    []*parse.Expr // memory that Info uses again from function to function
	infos    map[*parse.Func]*FuncInfo
}

func dirOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// read reads a file whole, into buf where that is possible.
func (p *Program) read(path string, buf *[]byte) ([]byte, error) {
	if p.Opt.Read != nil {
		return p.Opt.Read(path)
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

// notSource says why bytes are no C source.
func notSource(src []byte) error {
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

// Tree returns the lexed file, reading it again where the index pass did not
// keep it.
func (u *File) Tree() *parse.File {
	u.once.Do(func() {
		if u.twin != nil {
			u.file = u.twin.Tree()
			return
		}
		var buf []byte
		src, err := u.Prog.read(u.Path, &buf)
		if err != nil || notSource(src) != nil {
			src = nil // it was readable a moment ago; the index pass has said what there was to say
		}
		u.file = parse.New(u.Path, src)
		u.file.Own = u.Prog.ownHeader
	})
	return u.file
}

// ownHeader reports whether the sources have a header of that base name, in lower
// case, which brings in none that another platform has.
func (p *Program) ownHeader(name string) bool {
	return p.ownHeaders.Get(name, func() bool {
		for _, u := range p.filesCalled(name) {
			if !slices.ContainsFunc(u.Tree().ForeignIncludes(), func(h string) bool { return len(p.filesCalled(h)) == 0 }) {
				return true
			}
		}
		return false
	})
}

// filesCalled returns the files whose base name it is, in lower case.
func (p *Program) filesCalled(name string) (out []*File) {
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, u := range p.Files {
		if strings.EqualFold(u.Path[strings.LastIndexByte(u.Path, '/')+1:], name) {
			out = append(out, u)
		}
	}
	return out
}

// Tables builds the look-up tables of a file's own functions and macros.
func (u *File) Tables() {
	u.declOnce.Do(func() {
		if t := u.twin; t != nil {
			t.Tables()
			u.Funcs, u.Macros = t.Funcs, t.Macros
			return
		}
		f := u.Tree()
		u.Funcs = map[string][]*parse.Func{}
		for _, fn := range f.Funcs {
			u.Funcs[fn.Name] = append(u.Funcs[fn.Name], fn)
		}
		u.Macros = map[string][]*parse.Macro{}
		for _, m := range f.Macros {
			u.Macros[m.Name] = append(u.Macros[m.Name], m)
		}
	})
}

// DeclsOf returns the declarations at file scope of a name, or of "struct TAG"
// those that define it, nested ones too.
func (u *File) DeclsOf(key string) []*parse.Decl {
	if u.twin != nil {
		return u.twin.DeclsOf(key)
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
	for _, d := range u.Tree().DeclsNaming(tag) {
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

// Filled returns the variables at file scope that have a braced initializer.
func (u *File) Filled() []*parse.Decl {
	if u.twin != nil {
		return u.twin.Filled()
	}
	u.initOnce.Do(func() {
		for _, d := range u.Tree().Decls() {
			if d.Init != nil && d.Init.Kind == parse.XInit {
				u.inits = append(u.inits, d)
			}
		}
	})
	return u.inits
}

// Nearest keeps, of candidates in several files, those that a use in from can
// mean: its own file, else those that share the longest leading path with it.
// Trees hold several programs with functions of the same name.
func Nearest(from *File, cands []*File) []*File {
	if len(cands) < 2 {
		return cands
	}
	best := -1
	var out []*File
	for _, c := range cands {
		n := shared(from.Dir, c.Dir)
		if c == from {
			return []*File{c}
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

// HasMain reports whether a file holds a program's main function.
func (u *File) HasMain() bool {
	if !u.Prog.Occurs(u, "main") {
		return false
	}
	u.Tables()
	return len(u.Funcs["main"]) > 0
}

// Below returns the part of a path that is the project's own.
func (p *Program) Below(file string) string { return knowledge.Below(p.Opt.Roots, file) }

// IsTestOrExample reports whether a file's program is a test or an example.
func (p *Program) IsTestOrExample(file string) bool { return knowledge.IsTestOrExample(p.Below(file)) }

// IsLibrary reports whether the tree makes no program, but for its tests and examples.
func (p *Program) IsLibrary() bool {
	for _, u := range p.FilesNaming("main") {
		if u.HasMain() && !p.IsTestOrExample(u.Path) {
			return false
		}
	}
	return true
}

// OnlyTried reports whether only tests and examples call a function that is for others:
// what they pass is not all that it gets.
func (p *Program) OnlyTried(fn *parse.Func) bool {
	if fn.Static || fn.Macro != nil || fn.Name == "main" || p.IsTestOrExample(fn.File.Path) {
		return false
	}
	tried := false
	p.eachCaller(fn, func(c Ref) bool {
		tried = p.IsTestOrExample(c.In.File.Path)
		return tried
	})
	return tried && len(p.AddressesTaken(fn)) == 0
}

// IsForeign reports whether a call is not compiled for the platform.
func (p *Program) IsForeign(r Ref) bool {
	return p.ForeignAt(r.In.File, r.Expr.NamePos)
}

// ForeignAt reports whether the code at a byte offset is not compiled for the platform.
func (p *Program) ForeignAt(u *File, off int) bool {
	t := u.Tree()
	return t.Dead(off) || t.Foreign(off, p.Opt.Platform) != ""
}

// Occurs reports whether a name occurs in a file.
func (p *Program) Occurs(u *File, name string) bool {
	_, ok := slices.BinarySearchFunc(p.FilesNaming(name), u.index, func(v *File, index int) int { return v.index - index })
	return ok
}
