package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Setter is a function of the project that turns keepalive on for one of its
// parameters, as a call to it would be written.
type Setter struct {
	fn   *parse.Func
	args []string // %s stands for the descriptor
}

// FindSetter returns the project's own helper for a target, nil when there is
// none that could be called there.
func (p *Composer) FindSetter(t *Target) *Setter {
	var list []*Setter
	for _, s := range t.Site.Node.Setters {
		if s.Func != nil {
			list = append(list, &Setter{fn: s.Func, args: p.setterArgs(s.Func, s.FD)})
		}
	}
	for _, f := range append([]*parse.File{t.Spot.File}, p.Others(t.Spot.File)...) {
		for _, h := range p.OptionCalls(f) {
			if h.Opt != "SO_KEEPALIVE" {
				continue
			}
			for i, d := range h.Func.Params {
				if d.Name != "" && d.Name == h.FD {
					list = append(list, &Setter{fn: h.Func, args: p.setterArgs(h.Func, i)})
				}
			}
		}
	}
	for _, s := range list {
		if s.args != nil && s.fn.Start != t.Spot.Func.Start && p.callable(t, s.fn) && !p.DoesMore(s.fn) {
			return s
		}
	}
	return nil
}

// setterArgs are the arguments of a call: the descriptor alone, or what all
// the calls in the project agree on.
func (p *Composer) setterArgs(fn *parse.Func, fd int) []string {
	if fd >= len(fn.Params) {
		return nil
	}
	if len(fn.Params) == 1 {
		return []string{"%s"}
	}
	var agreed []string
	same := true
	for _, f := range p.Files {
		if len(f.Idents(fn.Name)) == 0 {
			continue
		}
		for _, g := range f.Funcs {
			if g.Macro != nil {
				continue
			}
			ctree.Calls(g.Body(), func(c *parse.Expr, _ *parse.Stmt) {
				if c.Callee() != fn.Name || len(c.Args) != len(fn.Params) {
					return
				}
				var args []string
				for i, a := range c.Args {
					if i == fd {
						args = append(args, "%s")
						continue
					}
					if b := a.Strip(); b.Kind != parse.XNumber && !ctree.IsConstName(b) {
						same = false
					}
					args = append(args, ctree.OneLine(ctree.ExprText(f, a)))
				}
				if agreed != nil && strings.Join(agreed, ",") != strings.Join(args, ",") {
					same = false
				}
				agreed = args
			})
		}
	}
	if !same {
		return nil
	}
	return agreed
}

// callable reports whether the function is declared where the block goes: in
// the file above it, or by whatever header makes the file's other calls of it
// compile.
func (p *Composer) callable(t *Target, fn *parse.Func) bool {
	f := t.Spot.File
	if fn.File == f && fn.NamePos < t.Place.Offset {
		return ctree.Within(ctree.Arms(f, t.Place.Offset), ctree.Arms(f, fn.NamePos))
	}
	for _, d := range f.Decls() {
		if d.Name == fn.Name && d.Type != nil && d.Type.Func && d.NamePos < t.Place.Offset {
			return true
		}
	}
	if fn.Static {
		return false
	}
	for _, i := range f.Idents(fn.Name) {
		tok := f.Toks[i]
		if int(i)+1 < len(f.Toks) && f.Toks[i+1].Op == parse.LParen && (fn.File != f || int(tok.Off) != fn.NamePos) {
			return true
		}
	}
	// Defined further down for other files to call: a header declares it.
	return fn.File == f && p.calledElsewhere(fn)
}

func (p *Composer) calledElsewhere(fn *parse.Func) bool {
	for _, f := range p.Files {
		if f != fn.File && len(f.Idents(fn.Name)) > 0 {
			return true
		}
	}
	return false
}

// DoesMore reports whether a helper does things that the socket may not be
// meant for: connecting, listening, or closing it.
func (p *Composer) DoesMore(fn *parse.Func) bool {
	found := false
	ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		switch c.Callee() {
		case "socket", "connect", "bind", "listen", "accept", "accept4", "fork", "close", "malloc", "read", "write", "getaddrinfo":
			found = true
		}
	})
	return found
}

// text is the call for a descriptor.
func (s *Setter) text(st *style.Style, fd string) string {
	args := strings.Join(s.args, ", ")
	return s.fn.Name + st.CallGap + "(" + st.Pad + strings.Replace(args, "%s", fd, 1) + st.Pad + ")"
}
