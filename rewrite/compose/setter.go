package compose

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Setter is a function of the project that turns keepalive on for one of its
// parameters, as a call to it would be written.
type Setter struct {
	fn   *parse.Func
	args []string             // %s stands for the descriptor
	like *exemplar.OptionCall // a call that its caller looks at the result of, nil without one
	void string               // the cast that its other calls have
}

// FindSetter returns the project's own helper for a target, nil when there is
// none that could be called there.
func (p *Composer) FindSetter(t *Target) *Setter {
	f := t.Spot.File
	for _, g := range p.FilesWith("SO_KEEPALIVE", f) {
		for _, h := range p.OptionCalls(g) {
			if h.Opt != "SO_KEEPALIVE" || h.Func.Start == t.Spot.Func.Start && g == f || h.Func.Static && g != f {
				continue
			}
			for i, d := range h.Func.Params {
				if d.Name == "" || d.Name != h.FD || !p.callable(t, h.Func) || p.DoesMore(h.Func) {
					continue
				}
				if args := p.setterArgs(h.Func, i); args != nil {
					s := &Setter{fn: h.Func, args: args}
					p.likeSiblings(s, i)
					return s
				}
			}
		}
	}
	return nil
}

// likeSiblings reads how the other calls of a setter look at its result.
func (p *Composer) likeSiblings(s *Setter, fd int) {
	checked, dropped := 0, 0
	for _, g := range p.FilesWith(s.fn.Name, s.fn.File) {
		for _, h := range p.CallsOf(g, s.fn.Name, fd) {
			switch h.Form {
			case exemplar.FormIf, exemplar.FormAssign, exemplar.FormCheck:
				checked++
				if s.like == nil {
					s.like = h
				}
			case exemplar.FormVoid:
				s.void = h.Void
				dropped++
			case exemplar.FormBare:
				dropped++
			}
		}
	}
	if dropped >= checked {
		s.like = nil
	}
	if s.like != nil {
		s.void = ""
	}
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
	for _, f := range p.FilesWith(fn.Name, fn.File) {
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
		if int(i)+1 < len(f.Toks) && f.Toks[i+1].Op == token.LParen && (fn.File != f || int(tok.Off) != fn.NamePos) {
			return true
		}
	}
	// A header declares it, for other files to call.
	return p.DeclaredInHeader(f, fn.Name) || fn.File == f && p.calledElsewhere(fn)
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
