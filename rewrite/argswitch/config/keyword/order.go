package keyword

import (
	"slices"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/token"
)

// A keyword that is read when the sockets are there comes too late for them, as where a
// server reads its file again in each child.

// Early reports whether a place of a function comes before the code with the sockets on some
// way from main(): nothing before it on that way leads there. Of several callers one is
// enough: the others come again later, as at a reload. open is the answer where it is not known
// who calls a function.
func (x *Index) Early(fn *Func, at int, open bool) bool {
	return x.early(fn, at, open, map[*Func]bool{})
}

func (x *Index) early(fn *Func, at int, open bool, seen map[*Func]bool) bool {
	seen[fn] = true
	switch {
	case x.sitesBefore(fn, at):
		return false
	case fn.Name == "main" && fn.File == x.Prog.Main:
		return true
	}
	late := false
	for _, head := range x.Prog.Funcs { // a body may have two heads, one a build
		if head.File != fn.File || head.Forms[0].End != fn.Forms[0].End {
			continue
		}
		for _, up := range x.Callers[head.Name] {
			late = true
			if p := x.firstMention(up, head.Name); !seen[up] && p >= 0 && x.early(up, p, open, seen) {
				return true
			}
		}
	}
	return open && !late
}

// firstMention is the first place of a name in a function from which it goes on, or comes to a
// socket; -1 for none. A branch that ends the program after it is another program's way.
func (x *Index) firstMention(fn *Func, name string) int {
	for _, off := range fn.File.Idents(name) {
		if p := int(fn.File.Toks[off].Off); p > fn.Forms[0].BodyPos && p < fn.Forms[0].End && !x.endsAfter(fn, p) {
			return p
		}
	}
	return -1
}

// endsAfter reports whether the branch around a place leaves the function after it without
// a socket.
func (x *Index) endsAfter(fn *Func, at int) bool {
	ends := false
	fn.Forms[0].Body().Walk(func(s *parse.Stmt) bool {
		if at < s.Pos || at >= s.End {
			return false
		}
		if s.Kind != parse.SBlock || s.Parent == nil || s.Parent.Kind != parse.SIf {
			return true
		}
		for _, t := range s.List {
			if t.Pos > at && (t.Kind == parse.SReturn || t.Kind == parse.SExpr && knowledge.NoReturn.Has(t.Expr.Bare().Callee())) {
				ends = !x.leadsToSites(fn, t.Pos, t.End)
			}
		}
		return true
	})
	return ends
}

// sitesBefore reports whether a function makes a socket, or names a function that leads to
// one, before an offset.
func (x *Index) sitesBefore(fn *Func, at int) bool {
	return x.leadsToSites(fn, fn.Forms[0].BodyPos, at)
}

// leadsToSites is the same for a range of the function.
func (x *Index) leadsToSites(fn *Func, from, to int) bool {
	if x.leadingToSites == nil {
		x.leadingToSites = map[string]bool{}
		work := slices.Clone(x.Prog.Sites)
		for len(work) > 0 {
			name := work[0]
			work = work[1:]
			if x.leadingToSites[name] {
				continue
			}
			x.leadingToSites[name] = true
			for _, c := range x.Callers[name] {
				work = append(work, c.Name)
			}
		}
	}
	own := slices.Contains(x.Prog.Sites, fn.Name)
	f := fn.File
	return slices.ContainsFunc(f.Between(from, to), func(t token.Token) bool {
		name := f.Text(t)
		return x.leadingToSites[name] && name != fn.Name || own && sites.Has(name)
	})
}
