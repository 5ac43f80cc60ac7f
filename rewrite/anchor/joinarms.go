package anchor

import (
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/sites"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/ctree"
)

// AfterArms is the place after the #endif where each arm of the #if around a call
// makes the socket in its own way, and all come out with the descriptor:
//
//	#ifdef SOCK_CLOEXEC
//		if ((fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
//			goto fail;
//	#else
//		if ((fd = socket(domain, SOCK_STREAM, 0)) < 0)
//			goto fail;
//	#endif
//
// Where an arm comes out with a descriptor that was not tested, the block tests it. It is
// nil where an arm makes none, or where the line is in no list of statements.
func (p *Finder) AfterArms(sp *Spot, pl *Place) *Place {
	f := sp.File
	mine, there := ctree.Arms(f, sp.Call.Pos), ctree.Arms(f, pl.Offset)
	depth := len(mine) - 1
	if depth < 0 || pl.Else != nil || len(there) != len(mine) || !ctree.Within(there, mine) {
		return nil
	}
	group := mine[depth]
	if !group.HasElse || group.End == 0 || group.Start < sp.Func.Body().Pos || group.End > sp.Func.Body().End {
		return nil
	}
	last := pl.After
	for _, s := range pl.List.List {
		if s.End <= group.End && (last == nil || s.Pos > last.Pos) {
			last = s
		}
	}
	if last == nil || last.Pos < mine[depth].Arm || !p.joins(sp, pl, group) || p.Exits.Leaves(f, last) {
		return nil
	}
	made, untested := p.eachArm(sp, group, depth)
	if !made {
		return nil
	}
	if n := ctree.Next(last); n != nil && n.Pos < group.End {
		return nil
	}
	a := p.Search(sp)
	at := &Place{List: pl.List, After: last, Check: pl.Check, Test: untested, Offset: text.LineEnd(f.Src, group.End), Moved: true}
	if at.Base = a.indent(at); a.changedBefore(at) {
		return nil
	}
	return at
}

// AfterBranches is the place behind an if whose two arms both end with a call that makes the socket, which
// nothing has tested by then:
//
//	if (v6)
//		fd = socket(AF_INET6, SOCK_STREAM, 0);
//	else
//		fd = socket(AF_INET, SOCK_STREAM, 0);
//
// It is nil for others.
func (p *Finder) AfterBranches(sp *Spot, pl *Place) *Place {
	last := ctree.ListMember(sp.Stmt)
	if last == nil || pl.After != last || pl.List != last.Parent || pl.Moved || pl.Braces != nil || pl.Else != nil || ctree.Next(last) != nil {
		return nil
	}
	head := pl.List.Parent
	if head == nil || head.Kind != parse.SIf || head.Else == nil || ChainHead(head) != head || ctree.ListMember(head) != head ||
		ctree.HasDirective(sp.File, head.Pos, head.End) {
		return nil
	}
	for _, arm := range []*parse.Stmt{head.Body, head.Else} {
		if arm.Kind != parse.SBlock || len(arm.List) == 0 || !p.endsWithSocket(sp, arm.List[len(arm.List)-1]) {
			return nil
		}
	}
	a := p.Search(sp)
	at, why := a.findCheckFrom(head, nil)
	if why != "" || at.List != head.Parent {
		return nil
	}
	if at, why = a.LinePlace(at); why != "" {
		return nil
	}
	return at
}

// endsWithSocket reports whether a statement gives the descriptor a new socket.
func (p *Finder) endsWithSocket(sp *Spot, s *parse.Stmt) bool {
	if s.Kind != parse.SExpr {
		return false
	}
	e := s.Expr.Bare()
	if e.Kind != parse.XAssign || !ctree.IsLvalue(sp.File, e.X, sp.Key) {
		return false
	}
	c := e.Y.Strip()
	return c != nil && c.Kind == parse.XCall && makesSocket(c)
}

// joins reports whether an arm leads from a place in it to the #endif, and does
// nothing with the descriptor on the way but set options.
func (p *Finder) joins(sp *Spot, pl *Place, group ctree.Arm) bool {
	f := sp.File
	if pl.Moved || pl.Braces != nil || pl.Offset > group.End || pl.List.Pos > group.Start || pl.List.End < group.End {
		return false
	}
	only := true
	for _, s := range pl.List.List {
		if s.Pos < pl.Offset || s.Pos > group.End {
			continue
		}
		only = only && !ctree.Assigns(f, s, sp.Key)
		ctree.Calls(s, func(c *parse.Expr, _ *parse.Stmt) {
			only = only && (!ctree.Mentions(f, c, sp.Key) || p.Exits.SetsOptions(f, c, sp.Key))
		})
	}
	return only
}

// eachArm reports whether all arms of an #if give the descriptor a new socket and come
// out with it, and whether some come out where that has failed, too.
func (p *Finder) eachArm(sp *Spot, group ctree.Arm, depth int) (made, untested bool) {
	f, good := sp.File, map[int]bool{}
	for _, fn := range f.Funcs {
		if fn.Macro != nil || !fn.SameBody(sp.Func) {
			continue
		}
		ctree.Calls(fn.Body(), func(c *parse.Expr, s *parse.Stmt) {
			if c.Pos < group.Start || c.Pos > group.End || !makesSocket(c) || ctree.AssignedTo(f, s, c) != sp.Key {
				return
			}
			arms := ctree.Arms(f, c.Pos)
			if len(arms) != depth+1 || good[arms[depth].Arm] {
				return
			}
			if other, why := p.FindSpot(f, fn, c.Pos); why == "" {
				at, why := p.findPlaceAt(other)
				good[arms[depth].Arm] = why == "" && p.joins(other, at, group)
				untested = untested || why == "" && at.Test
			}
		})
	}
	for _, d := range f.Dirs {
		at := int(f.Toks[d.Tok].Off)
		if at < group.Start || at >= group.End || !isArm(d.Name) {
			continue
		}
		if arms := ctree.Arms(f, text.LineEnd(f.Src, at)); len(arms) == depth+1 && !good[arms[depth].Arm] {
			return false, false
		}
	}
	return len(good) > 1, untested
}

func isArm(directive string) bool {
	switch directive {
	case "if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "else":
		return true
	}
	return false
}

// makesSocket recognises the calls that make a socket or take one from a listener:
// some systems have names of their own for them, such as paccept().
func makesSocket(c *parse.Expr) bool {
	name := strings.ToLower(c.Callee())
	if strings.HasSuffix(name, "socket") {
		return len(c.Args) < 2 || !NeverStream(baseType(c.Args[1])) && !unixFamily(c.Args[0])
	}
	return slices.ContainsFunc(sites.Accepting, func(call string) bool { return strings.HasSuffix(name, call) })
}
