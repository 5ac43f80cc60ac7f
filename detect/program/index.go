package program

import (
	"bytes"
	"sort"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// posting says that a name with that hash occurs in that file.
type posting struct {
	hash uint32
	file int32
}

// minPiece is the number of postings in a piece of memory: 32 kB.
const minPiece = 4096

// Load reads every file once and builds the index.
func Load(paths []string, opt Options) *Program {
	p := &Program{Opt: opt, byHash: map[uint32][]*File{}}
	paths = append([]string(nil), paths...)
	sort.Strings(paths)
	workers := opt.WorkerCount()
	type part struct {
		posts [][]posting // in pieces: one list would be copied as it grows
		errs  []result.FileError
		read  int
		bytes int64
	}
	p.Files = make([]*File, len(paths))
	twins := opt.reusable()
	parts := make([]part, workers)
	var next int
	var mu sync.Mutex
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			var words token.Words
			var buf []byte
			out := &parts[w]
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if opt.Progress != nil && i < len(paths) && i%64 == 0 {
					opt.Progress(indexed * float64(i) / float64(len(paths)))
				}
				if i >= len(paths) {
					return nil
				}
				u := &File{Prog: p, index: i, Path: paths[i], Dir: dirOf(paths[i])}
				p.Files[i] = u
				if t := twins[u.Path]; t != nil {
					u.twin, u.size, u.LexErrors, u.HasDirective = t, t.size, t.LexErrors, t.HasDirective
					out.bytes += u.size
					out.read++
					continue
				}
				src, err := p.read(paths[i], &buf)
				if err == nil {
					err = notSource(src)
				}
				if err != nil {
					out.errs = append(out.errs, result.FileError{File: paths[i], Message: reason(err)})
					u.once.Do(func() { u.file = parse.New(u.Path, nil) })
					continue
				}
				u.size = int64(len(src))
				out.bytes += u.size
				out.read++
				hashes, odd := words.Scan(src)
				u.LexErrors = odd
				u.HasDirective = bytes.Contains(src, []byte(Directive))
				for _, h := range hashes {
					k := len(out.posts) - 1
					if k < 0 || len(out.posts[k]) == cap(out.posts[k]) {
						out.posts = append(out.posts, make([]posting, 0, max(minPiece, len(hashes))))
						k++
					}
					out.posts[k] = append(out.posts[k], posting{h, int32(i)})
				}
			}
		})
	}
	_ = g.Wait() // the workers return no errors; problems are data
	for _, q := range parts {
		p.Errors = append(p.Errors, q.errs...)
		p.Read += q.read
		p.Bytes += q.bytes
	}
	var posts [][]posting
	for _, q := range parts {
		posts = append(posts, q.posts...)
	}
	p.sortPostings(append(posts, p.reusedPostings(opt.Like)))
	return p
}

// sortPostings puts the postings in buckets by the top bits of their hashes, all in
// one piece of memory.
func (p *Program) sortPostings(lists [][]posting) {
	p.bucket = make([][]posting, 1<<12)
	var counts [1 << 12]int
	for _, q := range lists {
		for _, x := range q {
			counts[x.hash>>20]++
		}
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	all := make([]posting, total)
	at := 0
	for i, n := range counts {
		p.bucket[i] = all[at : at : at+n]
		at += n
	}
	for _, q := range lists {
		for _, x := range q {
			b := x.hash >> 20
			p.bucket[b] = append(p.bucket[b], x)
		}
	}
}

// reusable are the units of the like analysis that serve again, by path.
func (o *Options) reusable() map[string]*File {
	if o.Like == nil {
		return nil
	}
	twins := map[string]*File{}
	for _, u := range o.Like.prog.Files {
		if o.Same(u.Path) {
			twins[u.Path] = u
		}
	}
	return twins
}

// reusedPostings lists what the index of the like analysis has of the files that serve
// again.
func (p *Program) reusedPostings(like *Index) (out []posting) {
	if like == nil {
		return nil
	}
	now := map[*File]int32{}
	for _, u := range p.Files {
		if u.twin != nil {
			now[u.twin] = int32(u.index)
		}
	}
	index := make([]int32, len(like.prog.Files))
	for i, u := range like.prog.Files {
		index[i] = -1
		if n, ok := now[u]; ok {
			index[i] = n
		}
	}
	for _, list := range like.prog.bucket {
		for _, x := range list {
			if n := index[x.file]; n >= 0 {
				out = append(out, posting{x.hash, n})
			}
		}
	}
	return out
}

// FilesNaming returns the files in which a name occurs, in order of path.
func (p *Program) FilesNaming(name string) []*File { return p.indexed(token.NameHash(name)) }

// AnyFile reports whether a file holds something, by its tree, of those that hold it by
// their bytes, which are read again where the tree is not there. A file that can no longer
// be read counts as one that does.
func (p *Program) AnyFile(bytes func([]byte) bool, holds func(*File) bool) bool {
	var buf []byte
	for _, u := range p.Files {
		src, err := p.read(u.Path, &buf)
		if err != nil || bytes(src) && holds(u) {
			return true
		}
	}
	return false
}

// No other files than those that the following return can hold what they are
// named for.

// filesDefining returns the files that may define a function or a function-like
// macro of that name.
func (p *Program) filesDefining(name string) []*File { return p.indexed(token.FuncHash(name)) }

// filesDeclaring returns the files that may declare, at file scope, a variable
// of that name.
func (p *Program) filesDeclaring(name string) []*File { return p.indexed(token.VarHash(name)) }

// FilesDefiningType returns the files that may define a tag or a type of that name.
func (p *Program) FilesDefiningType(name string) []*File { return p.indexed(token.TypeHash(name)) }

// FilesInitializing returns the files that may give variables at file scope, of the
// type of that name, a braced initializer.
func (p *Program) FilesInitializing(name string) []*File { return p.indexed(token.InitHash(name)) }

// FilesInitializingWithin returns those that may give one to a variable of a function.
func (p *Program) FilesInitializingWithin(name string) []*File {
	return p.indexed(token.InnerHash(name))
}

// FilesWithField returns the files that may have a struct with a member of the type.
func (p *Program) FilesWithField(name string) []*File { return p.indexed(token.FieldHash(name)) }

// FilesWithMacro returns the files that define a macro of that name.
func (p *Program) FilesWithMacro(name string) []*File { return p.indexed(token.MacroHash(name)) }

// FilesCalling returns the files that may call one of the functions that make
// sockets.
func (p *Program) FilesCalling(name string) []*File { return p.indexed(token.CallHash(name)) }

// FilesAliasing returns the files in which a macro may stand for one of the functions that make sockets.
func (p *Program) FilesAliasing(name string) []*File { return p.indexed(token.AliasHash(name)) }

// filesWithConstant returns the files that may define a macro or an enumerator of that
// name.
func (p *Program) filesWithConstant(name string) []*File {
	return MergeFiles(p.FilesWithMacro(name), p.indexed(token.EnumHash(name)))
}

// Before reports whether a file comes before another of the program in the order of paths.
func (u *File) Before(v *File) bool { return u.index < v.index }

// MergeFiles joins two lists of files, each in order of path.
func MergeFiles(a, b []*File) []*File {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]*File, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].index < b[0].index:
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || b[0].index < a[0].index:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return out
}

// FilesAccessing returns the files that have a member of that name in an
// expression.
func (p *Program) FilesAccessing(name string) []*File { return p.indexed(token.MemberHash(name)) }

func (p *Program) indexed(h uint32) []*File {
	p.mu.Lock()
	defer p.mu.Unlock()
	if us, ok := p.byHash[h]; ok {
		return us
	}
	var us []*File
	for _, x := range p.bucket[h>>20] {
		if x.hash == h {
			us = append(us, p.Files[x.file])
		}
	}
	sort.Slice(us, func(i, j int) bool { return us[i].index < us[j].index })
	p.byHash[h] = us
	return us
}

// Directive begins a suppression in a comment.
const Directive = "keepatch:"
