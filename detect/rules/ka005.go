package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/callgraph"
	"github.com/keepatch/keepatch/detect/defuse"
	"github.com/keepatch/keepatch/detect/fixpoint"
	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/program"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

var ka005 = Rule{
	ID: "KA005", Name: "CrossedKeepaliveTimers", Severity: Note,
	Title: "Keepalive timers crossed or out of range",
	Hint:  "give each option its own value, in its range",
	Text: `One timer's value is given to another timer's option, or is outside what the
kernel takes: 1 to 32767 s for TCP_KEEPIDLE and TCP_KEEPINTVL, 1 to 127 for
TCP_KEEPCNT (Linux answers EINVAL). Such slips live for years because nothing
fails (rsyslog#4609, rsyslog#2367, nginx-tcp-keepalive#3).`,
	Before: `setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &interval, sizeof(interval));
setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &idle, sizeof(idle));`,
	After: `setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));`,
	Run: (*Pass).crossed,
}

// kindOfName tells what a name says about a timer's value, "" when it says
// nothing or several things.
func kindOfName(name string) knowledge.TimerKind {
	var found []knowledge.TimerKind
	l := strings.ToLower(name)
	if strings.Contains(l, "idle") || strings.Contains(l, "keepalive_time") && !strings.Contains(l, "timeout") ||
		strings.HasSuffix(l, "keepalivetime") || l == "ka_time" {
		found = append(found, knowledge.TimerIdle)
	}
	if knowledge.IntervalWords.In(l) {
		found = append(found, knowledge.TimerInterval)
	}
	for _, w := range nameWords(name) {
		if strings.HasSuffix(w, "cnt") || knowledge.CountWords.Has(w) {
			found = append(found, knowledge.TimerCount)
			break
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// nameWords splits a name at its underscores and capitals, in small letters.
func nameWords(name string) []string {
	var out []string
	start := 0
	cut := func(i int) {
		if i > start {
			out = append(out, strings.ToLower(strings.Trim(name[start:i], "_")))
		}
		start = i
	}
	for i := 1; i < len(name); i++ {
		up, before := name[i] >= 'A' && name[i] <= 'Z', name[i-1] >= 'A' && name[i-1] <= 'Z'
		if name[i] == '_' || up && !before {
			cut(i)
		}
	}
	cut(len(name))
	return out
}

// origin is something that a timer's value comes from.
type origin struct {
	fi   *program.FuncInfo
	e    *parse.Expr         // an identifier, a member or a number
	kind knowledge.TimerKind // what its name says
	via  bool                // a local variable: its value comes from elsewhere
}

// crossed attaches KA005: an option gets the value of another one, or one that
// the kernel refuses.
func (p *Pass) crossed() {
	type given struct {
		c       optionCall
		kind    knowledge.TimerKind
		origins []origin
	}
	var all []given
	takes := map[string]bool{} // "kind name": an option of the kind gets that variable
	for _, c := range p.calls {
		if !c.sole || len(c.timers) != 1 || knowledge.TimerKinds[c.timers[0]] == "" {
			continue
		}
		g := given{c: c, kind: knowledge.TimerKinds[c.timers[0]]}
		o := &origins{p: p.a.Prog, sess: p.sess}
		o.of(c.event.In, c.event.Call.Args[3], c.event.Ctx.Frame, 0)
		g.origins = o.list
		for _, x := range g.origins {
			takes[string(g.kind)+" "+x.e.Name] = true
		}
		all = append(all, g)
	}
	for _, g := range all {
		for _, x := range g.origins {
			// One setting that is used for both is meant so: the idle time
			// of many programs is their "keepalive interval".
			if x.kind != "" && x.kind != g.kind && !takes[string(x.kind)+" "+x.e.Name] {
				p.report("KA005", g.c.event.In.Evidence(g.c.event.Call.NamePos,
					fmt.Sprintf("%s is the %s, and gets the %s: %s", g.c.timers[0], g.kind, x.kind, x.fi.Text(x.e))))
			}
		}
		if !g.c.foreign {
			p.outOfRange(g.c, g.kind, g.origins)
		}
	}
}

// outOfRange looks for constants that no kernel takes. 0 and -1 often stand for
// "leave it alone", so they count only where there is no other value.
func (p *Pass) outOfRange(c optionCall, kind knowledge.TimerKind, list []origin) {
	sources := 0
	for _, x := range list {
		if !x.via {
			sources++
		}
	}
	for _, x := range list {
		if x.e.Kind != parse.XNumber {
			continue
		}
		v, ok := value.ParseInt(x.e.Name)
		if !ok {
			continue
		}
		choice := x.e.Up != nil && x.e.Up.Kind == parse.XCond // on ? delay : 0
		if v > int64(knowledge.TimerMax[kind]) || v < 1 && sources == 1 && !choice {
			p.report("KA005", c.event.In.Evidence(c.event.Call.NamePos,
				fmt.Sprintf("%s gets %d: it takes 1 to %d", c.timers[0], v, knowledge.TimerMax[kind])))
		}
	}
}

// origins finds the variables, members and numbers that a value is made of.
type origins struct {
	p    *program.Program
	sess *fixpoint.Session
	list []origin
	n    int
}

// Bounds of the search for origins.
const (
	maxOriginDepth = 8
	maxOrigins     = 64
)

func (o *origins) of(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) {
	e = program.StripAddr(e)
	o.n++
	if e == nil || depth > maxOriginDepth || o.n > maxOrigins {
		return
	}
	switch e.Kind {
	case parse.XNumber:
		o.list = append(o.list, origin{fi, e, "", false})
	case parse.XBinary:
		if v, ok := product(e); ok {
			o.list = append(o.list, origin{fi, v, "", false})
			return
		}
		for _, x := range []*parse.Expr{e.X, e.Y} {
			if x = program.StripAddr(x); x != nil && x.Kind != parse.XNumber { // a factor is no value
				o.of(fi, x, fr, depth+1)
			}
		}
	case parse.XCond:
		o.of(fi, e.Y, fr, depth+1)
		o.of(fi, e.Z, fr, depth+1)
	case parse.XAssign:
		o.of(fi, e.Y, fr, depth+1)
	case parse.XCompound, parse.XInit:
		for _, a := range append([]*parse.Expr{e.X}, e.Args...) {
			o.of(fi, a, fr, depth+1)
		}
	case parse.XMember:
		o.list = append(o.list, origin{fi, e, kindOfName(e.Name), false})
		o.member(fi, e, depth)
	case parse.XIdent:
		o.ident(fi, e, fr, depth)
	}
}

// ident continues at the definitions of a variable that reach its use, and at
// the callers where it is a parameter.
func (o *origins) ident(fi *program.FuncInfo, e *parse.Expr, fr *callgraph.Frame, depth int) {
	kind := kindOfName(e.Name)
	d := fi.Lookup(e.Name, e.Pos)
	if d == nil {
		if x := o.macro(e.Name); x != nil {
			o.list = append(o.list, origin{fi, x, kind, false})
			return
		}
		o.list = append(o.list, origin{fi, e, kind, false})
		return
	}
	i := fi.ParamIndex(d)
	called := i >= 0 && fr != nil && fr.Call.Expr != nil && i < len(fr.Call.Expr.Args)
	if kind != "" || i >= 0 && !called {
		o.list = append(o.list, origin{fi, e, kind, i < 0 || called})
	}
	if e.In != nil && fi.Func.Macro == nil {
		defs, _ := defuse.Reaching(fi, fi.NodeOf(e), e.Pos, e.Name)
		for _, x := range defs {
			if x.Kind == defuse.DefValue && x.Expr != e {
				o.of(fi, x.Expr, fr, depth+1)
			}
		}
	}
	if called {
		o.of(fr.Call.In, fr.Call.Expr.Args[i], fr.Up, depth+1)
	}
}

// member looks at what is stored to a member of a struct of the tree: that is
// where values get crossed as well.
func (o *origins) member(fi *program.FuncInfo, e *parse.Expr, depth int) {
	owner := fi.OwnerKey(e)
	if owner == "?" || owner == "" {
		return
	}
	for _, m := range o.p.MembersOf(owner, e.Name, fi.File) {
		up := m.Expr.Up
		if m.Owner != owner || up == nil || up.Kind != parse.XAssign || up.X != m.Expr || up.Op != token.Assign {
			continue
		}
		if y := program.StripAddr(up.Y); y != nil && (y.Kind == parse.XIdent || y.Kind == parse.XMember || y.Kind == parse.XNumber) {
			o.of(m.In, y, nil, depth+4)
		}
	}
}

// macro returns the number that a macro of the tree stands for, under the
// macro's name; nil when it is none.
func (o *origins) macro(name string) *parse.Expr {
	for _, u := range o.p.FilesWithMacro(name) {
		u.Tables()
		for _, m := range u.Macros[name] {
			if x := program.StripAddr(m.Expr()); x != nil && x.Kind == parse.XNumber {
				return x
			} else if v, ok := product(x); ok {
				return v
			}
		}
	}
	return nil
}

// product folds numbers that are multiplied, as in 2 * 60 * 60.
func product(e *parse.Expr) (*parse.Expr, bool) {
	v, ok := multiplied(e)
	if !ok || e.Kind == parse.XNumber {
		return nil, false
	}
	return &parse.Expr{Kind: parse.XNumber, Name: strconv.FormatInt(v, 10), Pos: e.Pos, End: e.End}, true
}

func multiplied(e *parse.Expr) (int64, bool) {
	e = e.Strip()
	switch {
	case e == nil:
	case e.Kind == parse.XNumber:
		v, err := strconv.ParseInt(strings.TrimRight(e.Name, "uUlL"), 0, 32)
		return v, err == nil
	case e.Kind == parse.XBinary && e.Op == token.Mul:
		x, ok := multiplied(e.X)
		y, also := multiplied(e.Y)
		if ok && also && x < 1<<31 && y < 1<<31 {
			return x * y, true
		}
	}
	return 0, false
}
