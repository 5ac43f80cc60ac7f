package compose

import (
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
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
	// Timers is how many of the timers asked for the call gives it.
	Timers int
}

// beyondKeepalive reports whether an option is neither keepalive nor one of its timers.
func beyondKeepalive(opt string) bool {
	return opt != "SO_KEEPALIVE" && !strings.HasPrefix(opt, "TCP_KEEP") && opt != "TCP_USER_TIMEOUT"
}

// FindSetter returns the project's own helper for a target, nil when there is
// none that could be called there. One that takes the timers asked for goes first.
func (p *Composer) FindSetter(t *Target) *Setter {
	f := t.Spot.File
	var best *Setter
	at := 0
	for _, g := range p.FilesWith("SO_KEEPALIVE", f) {
		for _, h := range p.OptionCalls(g) {
			if h.Opt != "SO_KEEPALIVE" || h.Func.Start == t.Spot.Func.Start && g == f || h.Func.Static && g != f {
				continue
			}
			for i, d := range h.Func.Params {
				if d.Name == "" || d.Name != h.FD || !p.callable(t, h.Func) || p.DoesMore(h.Func) || p.setUpElsewhere(t, h.Func, i) {
					continue
				}
				args, timers := p.setterArgs(t, h.Func, i)
				if args == nil || !exemplar.TurnsOn(h, args) || best != nil && best.Timers >= timers {
					continue
				}
				best, at = &Setter{fn: h.Func, args: args, Timers: timers}, i
			}
		}
	}
	if best != nil {
		p.likeSiblings(best, at)
	}
	return best
}

// setUpElsewhere reports whether a helper is the setup of another kind of socket: it
// sets more than keepalive, and the author keeps the two apart. Either the target is
// one way of several out of a function, others of which have keepalive, or its
// function calls a helper that sets other options of the descriptor.
func (p *Composer) setUpElsewhere(t *Target, fn *parse.Func, fd int) bool {
	more := false
	for opt := range p.optionsOf(fn, fd) {
		more = more || beyondKeepalive(opt)
	}
	if !more || len(t.Site.Node.Uncovered) > 0 {
		return more
	}
	f, own := t.Spot.File, false
	ctree.Calls(t.Spot.Func.Body(), func(c *parse.Expr, _ *parse.Stmt) {
		other := p.Definition(f, c.Callee())
		if other == nil || other.Macro != nil || other.Start == fn.Start && other.File == fn.File {
			return
		}
		for i, a := range c.Args {
			if i < len(other.Params) && ctree.IsLvalue(f, a, t.Spot.Key) {
				set := p.optionsOf(other, i)
				own = own || len(set) > 0 && !set["SO_KEEPALIVE"]
			}
		}
	})
	return own
}

// optionsOf are the options that a function sets itself of one of its parameters.
func (p *Composer) optionsOf(fn *parse.Func, fd int) map[string]bool {
	set := map[string]bool{}
	for _, h := range p.OptionCalls(fn.File) {
		if h.Func.Start == fn.Start && h.FD == fn.Params[fd].Name {
			set[h.Opt] = true
		}
	}
	return set
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

// setterArgs are the arguments of a call at a target, nil unless all are known: the
// descriptor, a parameter of the target's function that has the setter's name and type
// for it, a timer that is asked for, or the constant that all calls in the project
// have there. timers is how many of those asked for are among them.
func (p *Composer) setterArgs(t *Target, fn *parse.Func, fd int) (args []string, timers int) {
	if fd >= len(fn.Params) {
		return nil, 0
	}
	var agreed []string
	if len(fn.Params) > 1 {
		agreed = p.agreedArgs(fn)
	}
	for i, d := range fn.Params {
		n := t.timerFor(fn, d)
		switch {
		case i == fd:
			args = append(args, "%s")
		case isPassedOn(t.Spot.Func, d):
			args = append(args, d.Name)
		case n > 0:
			args, timers = append(args, strconv.Itoa(n)), timers+1
		case agreed != nil && agreed[i] != "":
			args = append(args, agreed[i])
		default:
			return nil, 0
		}
	}
	return args, timers
}

// timerFor is the timer asked for that a parameter of a setter takes, by its name, 0
// for none. A setter that takes a single time begins to probe after it.
func (t *Target) timerFor(fn *parse.Func, d *parse.Decl) int {
	switch timerWord(d) {
	case "":
		return 0
	case "cnt", "count", "probes":
		return t.Count
	case "intvl", "interval":
		for _, x := range fn.Params {
			if w := timerWord(x); w == "idle" || w == "time" {
				return t.Interval
			}
		}
	}
	return t.Idle
}

// timerWord is the word by which a parameter's name tells that it is a timer.
func timerWord(d *parse.Decl) string {
	if d.Type == nil || d.Type.Ptr > 0 || d.Type.Array || d.Type.Func {
		return ""
	}
	low := strings.ReplaceAll(strings.ToLower(d.Name), "timeout", "")
	for _, w := range []string{"idle", "intvl", "interval", "cnt", "count", "probes", "time"} {
		if strings.Contains(low, w) {
			return w
		}
	}
	return ""
}

// isPassedOn reports whether a function has a parameter of a setter's name and type, a
// pointer to what all functions of the kind get: a context, a buffer for the reason.
func isPassedOn(fn *parse.Func, d *parse.Decl) bool {
	if d.Name == "" || d.Type == nil || d.Type.Ptr == 0 || ctree.Changed(fn, d.Name) {
		return false
	}
	for _, x := range fn.Params {
		if x.Name == d.Name && x.Type != nil && x.Type.Base == d.Type.Base && x.Type.Ptr == d.Type.Ptr && x.Type.Const == d.Type.Const {
			return !ctree.DeclaredWithin(fn.Body(), d.Name)
		}
	}
	return false
}

// agreedArgs are the constants that all calls of a function have for its parameters,
// "" for a parameter without one.
func (p *Composer) agreedArgs(fn *parse.Func) []string {
	return p.agreed.Get(fn, func() []string { return p.findAgreedArgs(fn) })
}

func (p *Composer) findAgreedArgs(fn *parse.Func) (agreed []string) {
	for _, f := range p.FilesWith(fn.Name, fn.File) {
		for _, g := range f.Funcs {
			if g.Macro != nil {
				continue
			}
			ctree.Calls(g.Body(), func(c *parse.Expr, _ *parse.Stmt) {
				if c.Callee() != fn.Name || len(c.Args) != len(fn.Params) {
					return
				}
				first := agreed == nil
				if first {
					agreed = make([]string, len(c.Args))
				}
				for i, a := range c.Args {
					text := ""
					if b := a.Strip(); b.Kind == parse.XNumber || ctree.IsConstName(b) {
						text = ctree.OneLine(parse.ExprText(f, a))
					}
					if first {
						agreed[i] = text
					} else if agreed[i] != text {
						agreed[i] = ""
					}
				}
			})
		}
	}
	return agreed
}

// callable reports whether the function is declared where the block goes: in
// the file above it, or by whatever header makes the file's other calls of it
// compile; and does something with a descriptor that is as new as it is there.
func (p *Composer) callable(t *Target, fn *parse.Func) bool {
	f := t.Spot.File
	if p.comesTooEarly(t, fn) {
		return false
	}
	if fn.File == f && fn.NamePos < t.Place.Offset {
		return ctree.Within(ctree.Arms(f, t.Place.Offset), ctree.Arms(f, fn.NamePos))
	}
	for _, d := range f.DeclsNaming(fn.Name) {
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

// comesTooEarly reports whether a function acts only on descriptors that the program has put into
// a list or a table, and the one of a target is not there yet.
func (p *Composer) comesTooEarly(t *Target, fn *parse.Func) bool {
	kept := p.registries.Get(fn, func() string { return p.OnlyRegistered(fn) })
	return kept != "" && !p.Registered(t.Spot.File, t.Spot.Call, t.Place.List, t.Place.Offset, t.Spot.Key, kept)
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
		found = found || knowledge.DoesMoreThanSet(c.Callee())
	})
	return found
}

// text is the call for a descriptor.
func (s *Setter) text(st *style.Style, fd string) string {
	args := strings.Join(s.args, ", ")
	return s.fn.Name + st.CallGap + "(" + st.Pad + strings.Replace(args, "%s", fd, 1) + st.Pad + ")"
}
