package detect

import (
	"bytes"
	"sort"
	"sync"

	"github.com/keepatch/keepatch/parse"
	"golang.org/x/sync/errgroup"
)

// posting says that a name with that hash occurs in that file.
type posting struct {
	hash uint32
	file int32
}

// load reads every file once and builds the index.
func load(paths []string, opt Options) *program {
	p := &program{opt: opt, byHash: map[uint32][]*unit{}}
	paths = append([]string(nil), paths...)
	sort.Strings(paths)
	workers := opt.workers()
	type part struct {
		posts []posting
		errs  []FileError
		bytes int64
	}
	p.files = make([]*unit, len(paths))
	twins := opt.twins()
	parts := make([]part, workers)
	var next int
	var mu sync.Mutex
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			var words parse.Words
			var buf []byte
			out := &parts[w]
			for {
				mu.Lock()
				i := next
				next++
				if opt.Progress != nil && i <= len(paths) && i%64 == 0 {
					opt.Progress(i, len(paths))
				}
				mu.Unlock()
				if i >= len(paths) {
					return nil
				}
				u := &unit{prog: p, index: i, path: paths[i], dir: dirOf(paths[i])}
				p.files[i] = u
				if t := twins[u.path]; t != nil {
					u.twin, u.size, u.odd, u.marked = t, t.size, t.odd, t.marked
					out.bytes += u.size
					continue
				}
				src, err := p.read(paths[i], &buf)
				if err == nil {
					err = unfit(src)
				}
				if err != nil {
					out.errs = append(out.errs, FileError{File: paths[i], Message: reason(err)})
					u.once.Do(func() { u.file = parse.New(u.path, nil) })
					continue
				}
				u.size = int64(len(src))
				out.bytes += u.size
				hashes, odd := words.Scan(src)
				u.odd = odd
				u.marked = bytes.Contains(src, []byte(directive))
				for _, h := range hashes {
					out.posts = append(out.posts, posting{h, int32(i)})
				}
			}
		})
	}
	_ = g.Wait() // the workers return no errors; problems are data
	for _, q := range parts {
		p.errs = append(p.errs, q.errs...)
		p.bytes += q.bytes
	}
	parts = append(parts, part{posts: p.twinned(opt.Like)})
	p.bucket = make([][]posting, 1<<12)
	var counts [1 << 12]int
	for _, q := range parts {
		for _, x := range q.posts {
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
	for _, q := range parts {
		for _, x := range q.posts {
			b := x.hash >> 20
			p.bucket[b] = append(p.bucket[b], x)
		}
	}
	return p
}

// twins are the units of the like analysis that serve again, by path.
func (o *Options) twins() map[string]*unit {
	if o.Like == nil {
		return nil
	}
	twins := map[string]*unit{}
	for _, u := range o.Like.p.files {
		if o.Same(u.path) {
			twins[u.path] = u
		}
	}
	return twins
}

// twinned lists what the index of the like analysis has of the files that serve
// again.
func (p *program) twinned(like *Index) (out []posting) {
	if like == nil {
		return nil
	}
	now := map[*unit]int32{}
	for _, u := range p.files {
		if u.twin != nil {
			now[u.twin] = int32(u.index)
		}
	}
	index := make([]int32, len(like.p.files))
	for i, u := range like.p.files {
		index[i] = -1
		if n, ok := now[u]; ok {
			index[i] = n
		}
	}
	for _, list := range like.p.bucket {
		for _, x := range list {
			if n := index[x.file]; n >= 0 {
				out = append(out, posting{x.hash, n})
			}
		}
	}
	return out
}

// unitsWith returns the files in which a name occurs, in order of path.
func (p *program) unitsWith(name string) []*unit { return p.indexed(parse.NameHash(name)) }

// No other files than those that the following return can hold what they are
// named for.

// unitsDefining returns the files that may define a function or a function-like
// macro of that name.
func (p *program) unitsDefining(name string) []*unit { return p.indexed(parse.FuncHash(name)) }

// unitsDeclaring returns the files that may declare, at file scope, a variable
// of that name.
func (p *program) unitsDeclaring(name string) []*unit { return p.indexed(parse.VarHash(name)) }

// unitsTyping returns the files that may define a tag or a type of that name.
func (p *program) unitsTyping(name string) []*unit { return p.indexed(parse.TypeHash(name)) }

// unitsFilling returns the files that may give variables at file scope, of the
// type of that name, a braced initializer.
func (p *program) unitsFilling(name string) []*unit { return p.indexed(parse.InitHash(name)) }

// unitsWithMacro returns the files that define a macro of that name.
func (p *program) unitsWithMacro(name string) []*unit { return p.indexed(parse.MacroHash(name)) }

// unitsCalling returns the files that may call one of the functions that make
// sockets.
func (p *program) unitsCalling(name string) []*unit { return p.indexed(parse.CallHash(name)) }

// unitsNaming returns the files that may define a macro or an enumerator of that
// name.
func (p *program) unitsNaming(name string) []*unit {
	return union(p.unitsWithMacro(name), p.indexed(parse.EnumHash(name)))
}

// union joins two lists of files, each in order of path.
func union(a, b []*unit) []*unit {
	if len(a) == 0 || len(b) == 0 {
		return append(a, b...)
	}
	out := make([]*unit, 0, len(a)+len(b))
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

// unitsAccessing returns the files that have a member of that name in an
// expression.
func (p *program) unitsAccessing(name string) []*unit { return p.indexed(parse.MemberHash(name)) }

func (p *program) indexed(h uint32) []*unit {
	p.mu.Lock()
	defer p.mu.Unlock()
	if us, ok := p.byHash[h]; ok {
		return us
	}
	var us []*unit
	for _, x := range p.bucket[h>>20] {
		if x.hash == h {
			us = append(us, p.files[x.file])
		}
	}
	sort.Slice(us, func(i, j int) bool { return us[i].index < us[j].index })
	p.byHash[h] = us
	return us
}
