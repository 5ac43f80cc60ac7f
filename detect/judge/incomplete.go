package judge

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/eval"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/detect/site"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// demoteIncomplete makes a verdict undecided that what was left out could have changed: kind is
// why the kind of socket is not all known, options why its options are not. An option that is set may be switched off
// where the descriptor was not followed to, or be given a value that was not found. Where the
// tree turns keepalive on for no socket at all, none of that can be, and one that is used
// lacks it; where it turns it off for none, one that gets it on every path keeps it.
func (a *Analysis) demoteIncomplete(j *Judgement, kind, options value.Incomplete) {
	why := j.flowLacks
	switch j.Site.Verdict {
	case result.NotTCP:
		why = kind
		if j.Site.Role == result.Accepted && !why.Is() {
			why = a.unlinkedListener()
		}
	case result.Missing, result.Covered:
		why.Because(options)
		if len(j.Enablings) == 0 {
			for _, src := range j.Sources {
				why.Because(src.From.flowLacks)
				why.Because(src.From.optionsLack)
			}
			if why.Is() && (j.Site.Role != result.UnknownRole || !j.unconnected) && !a.mayEnable() {
				why = value.Incomplete{}
			}
		} else if why.Is() && j.Site.Keepalive == result.KeepaliveSet && !a.maySwitchOff() {
			why = value.Incomplete{}
		}
		if !knownTCP(j.Site) {
			why.Because(kind)
		}
	case result.Exempt:
	default:
		return
	}
	if why.Is() {
		j.undecide(why)
	}
}

// undecide takes a verdict back, for what the answers that it rests on lack.
func (j *Judgement) undecide(why value.Incomplete) {
	s := j.Site
	j.undecidedBy = why
	s.Verdict, s.Rules = result.Undecided, nil
	s.Fix.Reason = why.Reason
	f, off := why.File, why.Off
	if f == nil {
		f, off = j.Cand.File.Tree(), j.Cand.Off
	} else {
		s.Fix.Reason += fmt.Sprintf(" (%s:%d)", f.Path, f.Lines().Line(off))
	}
	s.Evidence = append(s.Evidence, result.Evidence{File: f.Path, Line: f.Lines().Line(off),
		Column: f.Lines().Col(off), Note: result.IncompleteFrom + why.Reason})
}

// mayEnable reports whether something in the tree can turn keepalive on, for whatever
// socket. It reads all files again, and is asked only where an answer is incomplete.
func (a *Analysis) mayEnable() bool {
	a.enableOnce.Do(func() {
		a.enables = len(a.Prog.Opt.Wrappers.Enables) > 0 || a.setsKeepalive(func(program.Ref) bool { return true }) ||
			a.namesKeepalive(func(u *program.File, i int) bool { return !specifies(u, i) })
	})
	return a.enables
}

// maySwitchOff reports whether something in the tree can turn keepalive off, for whatever
// socket: a setsockopt() whose value may be 0, or a function that is not in the tree.
func (a *Analysis) maySwitchOff() bool {
	a.offOnce.Do(func() {
		fold := eval.NewIntEval(a.Prog, fixpoint.NewSession())
		a.switchesOff = a.setsKeepalive(func(on program.Ref) bool { return !fold.Eval(on.In, on.Expr, nil).Excludes(0) }) ||
			a.namesKeepalive(a.callsOutside)
	})
	return a.switchesOff
}

// setsKeepalive reports whether a setsockopt() may be given SO_KEEPALIVE, by its name, a number or
// what comes from outside of the tree, with a value that counts.
func (a *Analysis) setsKeepalive(counts func(on program.Ref) bool) bool {
	s := fixpoint.NewSession()
	ev := eval.New(a.Prog, s)
	for name, use := range knowledge.FDUses.All() {
		if use.Event != knowledge.SetOption {
			continue
		}
		for _, c := range site.CallsNamed(a.Prog, name, name) {
			args := c.In.Args(c.Call)
			if len(args) < 4 || otherOption(args[2]) || a.systemConstant(args[2]) {
				continue
			}
			ev.Trail = &fixpoint.Trail{}
			if opt := ev.Eval(args[2].In, args[2].Expr, nil); (opt.Unknown != "" ||
				s.Incomplete.Is() || slices.ContainsFunc(opt.Set, mayBeKeepalive)) && counts(args[3]) {
				return true
			}
		}
	}
	return len(a.Prog.FilesNaming("SYS_"+setsockopt))+len(a.Prog.FilesNaming("__NR_"+setsockopt)) > 0
}

// mayBeKeepalive reports whether an option is SO_KEEPALIVE, by its name or as a number.
func mayBeKeepalive(opt string) bool {
	return opt == "SO_KEEPALIVE" || opt != "" && opt[0] >= '0' && opt[0] <= '9'
}

// systemConstant reports whether an expression is another constant of a header that is not in the
// tree, by its name. It is what its name says.
func (a *Analysis) systemConstant(r program.Ref) bool {
	e := r.Expr.Strip()
	return e != nil && e.Kind == parse.XIdent && value.IsUpper(e.Name) && e.Name != "SO_KEEPALIVE" && r.In.Lookup(e.Name, e.Pos) == nil &&
		len(a.Prog.Constants(r.In.File, e.Name)) == 0
}

const setsockopt = "setsockopt"

// namesKeepalive reports whether the option's name stands in the code of the tree, or a
// function is called that is named for it, in a way that counts.
func (a *Analysis) namesKeepalive(counts func(u *program.File, i int) bool) bool {
	return a.Prog.AnyFile(func(src []byte) bool {
		low := bytes.ToLower(src)
		return bytes.Contains(low, []byte("keepalive")) || bytes.Contains(low, []byte("keep_alive"))
	}, func(u *program.File) bool {
		f := u.Tree()
		for i, t := range f.Toks {
			if t.Kind == token.Ident && knowledge.NamesKeepalive(strings.ToLower(f.Text(t))) && counts(u, i) {
				return true
			}
		}
		return false
	})
}

// specifies reports whether a name is a type or a macro before what is declared: no expression has a
// name before another one.
func specifies(u *program.File, i int) bool {
	toks := u.Tree().Toks
	return i+1 < len(toks) && (toks[i+1].Kind == token.Ident || toks[i+1].Kind == token.Keyword)
}

// callsOutside reports whether a name is called and no function of the tree has it.
func (a *Analysis) callsOutside(u *program.File, i int) bool {
	f := u.Tree()
	return i+1 < len(f.Toks) && f.Text(f.Toks[i+1]) == "(" && len(a.Prog.FuncsNamed(u, f.Text(f.Toks[i]))) == 0
}

// knownTCP reports whether TCP is among what is known of the kind of a socket.
func knownTCP(s *result.Site) bool {
	among := func(list []string, set map[string]bool) bool {
		return slices.ContainsFunc(list, func(name string) bool { return set[name] })
	}
	return s.Transport == result.TCP || among(s.Node.Domains, knowledge.InetDomains) &&
		(s.Accepts() || among(s.Node.Types, knowledge.StreamTypes))
}

// unlinkedListener returns why a listener may lead to an accept() without being among its
// sources; "" where all listeners were followed to the end.
func (a *Analysis) unlinkedListener() (why value.Incomplete) {
	for _, k := range a.All {
		if k.flowLacks.Is() && !k.Cand.Accepts() && k.Flow.Has(knowledge.Listen) {
			why.Because(k.flowLacks)
		}
	}
	return why
}
