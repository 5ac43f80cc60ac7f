// Package anchor finds where the block for a socket goes: the statement that
// creates the descriptor, the check that belongs to it, and the first line from
// which the descriptor is known to be good, or has to be tested.
//
// A place is between two statements of one list and begins a line. Every answer
// without a place has a reason. A search looks at a bounded number of statements
// after the creation.
//
// Five words stand for five things, here and in what builds on it:
//
//	Site    a call as the report has it: result.Site, made by the analysis
//	Spot    the same call in its tree: its statement, and the lvalue that takes the descriptor
//	Place   where the block goes: between which statements, before which line
//	Point   a Spot with its Place
//	Target  compose.Target: a Point of a Site with what was decided to insert
package anchor

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/noreturn"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Finder finds places for blocks.
type Finder struct {
	*exemplar.Exemplars
	Styles *style.Styles
}

// Search starts the search for one spot.
func (p *Finder) Search(sp *Spot) *Search {
	return &Search{spot: sp, exits: p.Exits, styles: p.Styles}
}

// Point is what is known of one insertion before it is decided what to insert.
type Point struct {
	Spot  *Spot
	Place *Place
}

// Place is where the block goes: between two statements of one list.
type Place struct {
	List   *parse.Stmt // the block whose list it stands in
	After  *parse.Stmt // the statement before it; nil at the start of the block
	Check  *parse.Stmt // the error check that belongs to the creation, nil when there is none
	Offset int         // offset of the line that the block pushes down
	Base   string      // indentation of the statements there
	// Test says that the descriptor may be invalid here, so that the block
	// must look before it sets.
	Test bool
	// Fails says that nothing tests it, and the call that has it next fails on an invalid
	// one: a block that says nothing about a failure needs no test either.
	Fails  bool
	Tested *parse.Stmt // a test of the descriptor that the block stands before
	// Braces are what makes a block of a single statement, body, for the lines
	// before it.
	Braces []edit.Edit
	Body   *parse.Stmt
	// Earlier is the place before the checks that this one was moved after, or the
	// one that serves where Else does not; nil where there is none.
	Earlier *Place
	// Valueless is the place for a block that needs no variable, where this one was moved
	// behind the value that the next option gets; nil where it was not.
	Valueless *Place
	// Late says that the program sets its own options for TCP there, late as it is: other
	// code may have the descriptor already.
	Late bool
	// Else is an if without an else, the last of a chain, which gets one for the block.
	Else *parse.Stmt
	// Moved tells that the line lies after an #endif that closes the check.
	Moved bool
}

// Checks returns the check, and the earlier ones of its chain, the nearest first:
// if (fd < 0) { ... } else if (...) { ... }.
func (pl *Place) Checks() (list []*parse.Stmt) {
	for c := pl.Check; c != nil; c = c.Parent {
		list = append(list, c)
		if up := c.Parent; up == nil || up.Kind != parse.SIf || up.Else != c {
			break
		}
	}
	return list
}

const maxToCheck = 10 // statements between a call and its check

// Search finds the place for one spot.
type Search struct {
	spot   *Spot
	exits  *noreturn.Exits
	styles *style.Styles
	hops   int
	names  []string // lvalues that the descriptor was copied to on the way
	early  bool     // a block may stand before a declaration, though its function has no such
}

// FindPlace finds the place of the block, or the reason why there is none. Where
// several lvalues take the descriptor, the one that the code tests is asked.
func (p *Finder) FindPlace(sp *Spot) (*Place, string) {
	pl, why := p.findPlaceAt(sp)
	for _, alt := range sp.aliases {
		if why == "" && !pl.Test {
			break
		}
		other := *sp
		other.FD, other.Key = alt, ctree.Normalize(alt)
		if at, err := p.findPlaceAt(&other); err == "" && (why != "" || !at.Test) {
			pl, why = at, ""
			sp.FD, sp.Key = other.FD, other.Key
		}
	}
	return pl, why
}

// steps move a place on, in this order, over what belongs to the creation though it stands below
// its check. Each returns the place that it gets where it finds nothing.
var steps = []func(*Search, *Place) *Place{
	(*Search).pastNoSocketTests, // of a wrapper's result: what leaves where it is no socket
	(*Search).pastOpenFlag,      // opened = 1;
	(*Search).pastLoop,          // the break of a loop that is left with a descriptor alone
	(*Search).pastNullTest,      // of what is acquired for the descriptor first
	(*Search).pastRejections,    // what is turned away needs no option
	(*Search).pastCopy,          // last, since the block names the copy: what stands before it has the old name
}

func (p *Finder) findPlaceAt(sp *Spot) (*Place, string) {
	a := p.Search(sp)
	pl, why := a.start()
	if why == "" {
		if pl.Braces != nil {
			return pl, ""
		}
		if pl, why = a.LinePlace(pl); why == "" && a.changedBefore(pl) {
			why = "the expression for the descriptor changes before the block"
		}
		if why == "" && pl.Else != nil {
			pl.Earlier = a.afterCall()
			return pl, ""
		}
		if why == "" {
			for _, past := range steps {
				pl = past(a, pl)
			}
			return pl, ""
		}
	}
	if pl := a.afterCall(); pl != nil {
		return pl, ""
	}
	return nil, why
}

// afterCall is the place after a call that is a statement of its own, under a test;
// nil after others.
func (a *Search) afterCall() *Place {
	s := a.spot.Stmt
	if s.Kind != parse.SExpr && (s.Kind != parse.SDecl || s.Parent == nil || s.Parent.Kind == parse.SFor) {
		return nil
	}
	if pl, err := a.After(s, nil, true); err == "" && ctree.ListMember(s) == s && pl.After == s {
		if pl, err = a.LinePlace(pl); err == "" {
			return pl
		}
	}
	return nil
}

// start looks at the statement that holds the call.
func (a *Search) start() (*Place, string) {
	s := a.spot.Stmt
	switch s.Kind {
	case parse.SExpr, parse.SDecl, parse.SMacro:
		if s.Parent != nil && s.Parent.Kind == parse.SFor && (s.Kind == parse.SDecl || s.Parent.Init == s) {
			if a.conditionState(s.Parent.Expr).Yes != noreturn.Valid {
				return nil, "the call is in the head of a for"
			}
			return a.loopStmt(s.Parent)
		}
		if a.failureHandled(s.Expr) && !a.testedNext(s) {
			// CHECK(fd = socket(...)): the macro deals with the failure.
			return a.After(s, s, false)
		}
		return a.findCheck(s)
	case parse.SIf:
		return a.ifStmt(s, true)
	case parse.SWhile, parse.SFor:
		return a.loopStmt(s)
	case parse.SDo:
		k := a.conditionState(s.Expr)
		if k.No == noreturn.Valid && !noreturn.Breaks(s.Body) {
			return a.After(s, s, false)
		}
		if k.Yes == noreturn.Invalid {
			return a.findCheckFrom(s, nil)
		}
		return a.findCheck(s)
	case parse.SReturn:
		return nil, "the call's result is returned at once"
	case parse.SOpaque:
		return nil, "the statement around the call could not be parsed"
	}
	return nil, "the call is in the head of a " + kindWord(s.Kind)
}

func kindWord(k parse.StmtKind) string {
	switch k {
	case parse.SSwitch:
		return "switch"
	case parse.SCase:
		return "case"
	}
	return "statement that cannot be patched"
}

func (a *Search) conditionState(e *parse.Expr) noreturn.Knowledge {
	k := noreturn.Implied(a.spot.File, e, a.spot.Key)
	for i := 0; i < len(a.names) && !k.Known(); i++ {
		k = noreturn.Implied(a.spot.File, e, a.names[i])
	}
	return k
}

// tests reports whether a condition names the descriptor.
func (a *Search) tests(e *parse.Expr) bool {
	for _, n := range a.names {
		if ctree.Mentions(a.spot.File, e, n) {
			return true
		}
	}
	return ctree.Mentions(a.spot.File, e, a.spot.Key)
}

// failureHandled recognises a call inside a macro or function that deals with its
// failure: after the statement the descriptor is good.
func (a *Search) failureHandled(e *parse.Expr) bool {
	for _, name := range a.spot.via {
		if a.exits.HandlesFailure(a.spot.File, name) {
			return true
		}
	}
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || e.X.Bare() == a.spot.Call.X.Bare() {
		return false
	}
	if strings.Contains(strings.ToLower(e.Callee()), "assert") && len(e.Args) > 0 && a.conditionState(e.Args[0]).Yes == noreturn.Valid {
		return true
	}
	name := e.Callee()
	return name != "" && (ctree.IsUpper(name) || strings.Contains(strings.ToLower(name), "check")) &&
		a.exits.HandlesFailure(a.spot.File, name)
}

// testedNext reports whether the next statement tests the descriptor: what
// stands around the call has left that to it.
func (a *Search) testedNext(s *parse.Stmt) bool {
	n := ctree.Next(s)
	return n != nil && n.Kind == parse.SIf && a.conditionState(n.Expr).Known()
}

// ifStmt takes the branch of an if that knows the descriptor. inCond says that
// the call itself stands in the condition.
func (a *Search) ifStmt(s *parse.Stmt, inCond bool) (*Place, string) {
	k := a.conditionState(s.Expr)
	switch {
	case k.Yes == noreturn.Valid:
		return a.success(s, inCond)
	case k.No == noreturn.Valid && (a.exits.Leaves(a.spot.File, s.Body) || a.exits.AssumeEnds(a.spot.File, s.Body)):
		if s.Else != nil && (ctree.StmtMentions(a.spot.File, s.Else, a.spot.Key) || a.changesLvalue(s.Else)) {
			pl, why := a.elseArm(s)
			if why == "" {
				return pl, ""
			}
			if a.exits.Leaves(a.spot.File, s) { // else return fd;
				if inCond {
					return nil, why
				}
				return a.beforeTest(s)
			}
			if a.mayClose(s.Else) {
				return nil, "the descriptor may be closed again in the else branch"
			}
		}
		return a.After(s, s, false)
	case k.No == noreturn.Valid && k.Yes == noreturn.Invalid && s.Else != nil:
		return a.elseArm(s)
	case k.No == noreturn.Valid, k.Yes == noreturn.Invalid:
		if ctree.Assigns(a.spot.File, s.Body, a.spot.Key) {
			return a.findCheckFrom(s, s) // a second try: its check follows
		}
		if last := a.chainOut(s); last != nil {
			return a.After(s, last, false)
		}
		if k.Yes == noreturn.Invalid && k.No != noreturn.Valid {
			if !inCond && s.Else != nil && s.Else.Kind != parse.SIf && ctree.StmtMentions(a.spot.File, s.Else, a.spot.Key) {
				return a.beforeTest(s) // if (fd < 0 && verbose) report(); else serve(fd);
			}
			if !inCond {
				return a.findCheckFrom(s, s)
			}
			return nil, "the condition does not tell whether the call succeeded"
		}
		return a.findCheckFrom(s, s)
	}
	if a.slips(s.Expr) && s.Else == nil && a.exits.Leaves(a.spot.File, s.Body) {
		n := ctree.Next(s)
		return a.After(s, s, n == nil || !a.failsByItself(n))
	}
	if inCond {
		return nil, "the condition does not tell whether the call succeeded"
	}
	if k.No == noreturn.Invalid && a.exits.Leaves(a.spot.File, s.Body) {
		return a.beforeTest(s) // if (fd >= 0 || errno != EINVAL) return fd;
	}
	return nil, "no check of the descriptor was recognised"
}

// slips recognises if (!(fd = socket(...))), if (fd == 0) and if (fd == 1): a slip of its
// author, who takes it for the check.
func (a *Search) slips(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	if e.Kind == parse.XUnary && e.Op == token.Not {
		return noreturn.Denotes(a.spot.File, e.X, a.spot.Key)
	}
	v, ok := ctree.Number(e.Y)
	return e.Kind == parse.XBinary && e.Op == token.EqEq && ok && (v == 0 || v == 1) && noreturn.Denotes(a.spot.File, e.X, a.spot.Key)
}

// success is the place inside the branch that is taken when the call went
// well.
func (a *Search) success(s *parse.Stmt, inCond bool) (*Place, string) {
	b := s.Body
	if b == nil {
		return nil, "the success branch is empty"
	}
	if !inCond && (a.passedToSocketCall(s.Expr) || Compound(s.Expr) && (a.closes(b) || a.usedAfterBranch(s))) {
		if pl, why := a.beforeTest(s); why == "" {
			return pl, "" // if (fd >= 0 && connect(fd, ...) < 0) close(fd);
		}
	}
	if b.Kind == parse.SBlock {
		if len(b.List) == 1 && b.List[0].Kind == parse.SBreak && s.Else == nil {
			if loop := ctree.EnclosingLoop(s); loop != nil && a.isInfiniteLoop(loop) {
				return a.After(loop, s, false)
			}
		}
		return a.inside(b, s)
	}
	if b.Kind == parse.SBreak {
		if loop := ctree.EnclosingLoop(s); loop != nil && a.isInfiniteLoop(loop) {
			return a.After(loop, s, false)
		}
		if loop := ctree.EnclosingLoop(s); loop != nil {
			if pl, why := a.afterLoop(loop); why == "" {
				return pl, ""
			}
		}
	}
	if pl := a.braced(s, b); pl != nil {
		return pl, ""
	}
	if inCond {
		return nil, "the success branch is a single statement without braces"
	}
	return a.beforeTest(s)
}

// usedAfterBranch reports whether the descriptor is used after a branch that may not be taken
// though it is good: if (name && fd >= 0) { *name = ...; } return fd;
func (a *Search) usedAfterBranch(s *parse.Stmt) bool {
	f := a.spot.File
	if s.Else != nil || a.exits.Leaves(f, s.Body) {
		return false
	}
	for n := ctree.Next(s); n != nil; n = ctree.Next(n) {
		if ctree.StmtMentions(f, n, a.spot.Key) {
			return !a.mayClose(n)
		}
	}
	return false
}

// passedToSocketCall reports whether an expression hands the descriptor to a socket call.
func (a *Search) passedToSocketCall(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if at, ok := knowledge.SocketCall(x.Callee()); ok && x.Kind == parse.XCall && at >= 0 && at < len(x.Args) {
			found = found || ctree.IsLvalue(a.spot.File, x.Args[at], a.spot.Key)
		}
		return !found
	})
	return found
}

// closes reports whether the first thing a branch does is to close the
// descriptor.
func (a *Search) closes(s *parse.Stmt) bool {
	if s.Kind == parse.SBlock && len(s.List) > 0 {
		s = s.List[0]
	}
	return ClosesAtOnce(a.spot.File, s, a.spot.Key)
}

// Compound reports whether a condition asks for more than one thing.
func Compound(e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && e.Kind == parse.XBinary && e.Op == token.AndAnd
}

// isInfiniteLoop reports whether a loop is left by one break alone.
func (a *Search) isInfiniteLoop(loop *parse.Stmt) bool {
	forever := loop.Kind == parse.SFor && loop.Expr == nil
	if v, ok := ctree.Number(loop.Expr); loop.Kind == parse.SWhile && ok && v != 0 {
		forever = true
	}
	n := 0
	loop.Body.Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SBreak && ctree.EnclosingBreakable(s) == loop {
			n++
		}
		return true
	})
	return forever && n == 1
}

// beforeTest places the block before a test that it has to make itself.
func (a *Search) beforeTest(s *parse.Stmt) (*Place, string) {
	prev := ctree.Prev(s)
	if prev == nil {
		return nil, "the success branch is a single statement without braces"
	}
	pl, why := a.After(prev, nil, true)
	if pl != nil {
		pl.Tested = s
	}
	return pl, why
}

// elseArm is the place in the else of a check whose first branch does not
// leave: the last else of a chain, or where that one hangs up, the only arm that does not.
func (a *Search) elseArm(s *parse.Stmt) (*Place, string) {
	e := s.Else
	if pl := a.keepingArm(e); pl != nil {
		return pl, ""
	}
	for head := s; e != nil && e.Kind == parse.SIf; s, e = e, e.Else {
		if e.Else == nil {
			return a.newElse(head, e)
		}
	}
	if e != nil && e.Kind != parse.SBlock {
		if pl := a.braced(s, e); pl != nil {
			return pl, ""
		}
	}
	if e == nil || e.Kind != parse.SBlock {
		return nil, "the success branch is a single statement without braces"
	}
	return a.inside(e, s)
}

// keepingArm is the place in the only arm of a chain of ifs that keeps the descriptor, nil
// where its last else does, or several arms do.
//
//	else if (clients < max) {
//		client[clients++] = fd;
//	} else
//		close(fd);
func (a *Search) keepingArm(chain *parse.Stmt) *Place {
	var kept []arm
	list := arms(chain)
	for _, x := range list {
		hangsUp := false
		ctree.Calls(x.body, func(c *parse.Expr, s *parse.Stmt) {
			hangsUp = hangsUp || ctree.ListMember(s) == s && ClosesAtOnce(a.spot.File, s, a.spot.Key)
		})
		if x.body.Kind != parse.SBlock {
			hangsUp = ClosesAtOnce(a.spot.File, x.body, a.spot.Key)
		}
		if !hangsUp {
			kept = append(kept, x)
		}
	}
	if len(list) == 0 || len(kept) != 1 || kept[0].body == list[len(list)-1].body {
		return nil
	}
	if kept[0].body.Kind != parse.SBlock {
		return a.braced(kept[0].check, kept[0].body)
	}
	pl, _ := a.inside(kept[0].body, kept[0].check)
	return pl
}

// mayClose reports whether a branch closes the descriptor and goes on.
func (a *Search) mayClose(s *parse.Stmt) bool {
	found := false
	ctree.Calls(s, func(c *parse.Expr, owner *parse.Stmt) {
		if ctree.NamesClose(c.Callee()) && len(c.Args) > 0 && ctree.IsLvalue(a.spot.File, c.Args[0], a.spot.Key) {
			list, i := ctree.Position(owner)
			rest := &parse.Stmt{Kind: parse.SBlock}
			if list != nil {
				rest.List = list[i:]
			}
			if !a.exits.Leaves(a.spot.File, rest) {
				found = true
			}
		}
	})
	return found
}

// loopStmt: while ((fd = accept(...)) >= 0) { or while ((fd = accept(...)) < 0) {.
func (a *Search) loopStmt(s *parse.Stmt) (*Place, string) {
	k := a.conditionState(s.Expr)
	switch {
	case k.Yes == noreturn.Valid:
		if s.Body != nil && s.Body.Kind != parse.SBlock {
			if pl := a.braced(s, s.Body); pl != nil {
				return pl, ""
			}
		}
		if s.Body == nil || s.Body.Kind != parse.SBlock {
			return nil, "the success branch is a single statement without braces"
		}
		return a.inside(s.Body, s)
	case k.No == noreturn.Valid:
		return a.After(s, s, noreturn.Breaks(s.Body))
	case k.Yes == noreturn.Invalid && s.Kind == parse.SWhile:
		return a.findCheckFrom(s, nil) // tried again on EINTR: the check follows
	case s.Body != nil && s.Body.Kind == parse.SBlock && noreturn.Denotes(a.spot.File, s.Expr, a.spot.Key):
		for _, n := range s.Body.List {
			if n.Kind == parse.SIf && a.tests(n.Expr) && a.conditionState(n.Expr).Known() {
				return a.ifStmt(n, false) // he knows better in the body
			}
			if n.Kind != parse.SDecl {
				break
			}
		}
		return a.inside(s.Body, s) // while ((fd = accept(...))): its author takes 0 for the failure
	}
	return nil, "the loop's condition does not tell whether the call succeeded"
}

// afterLoop: the loop ends by break once a call went well; the place is
// after the test that follows it.
func (a *Search) afterLoop(loop *parse.Stmt) (*Place, string) {
	s := ctree.Next(loop)
	for i := 0; s != nil && i < 3; i++ {
		if s.Kind == parse.SIf {
			if a.conditionState(s.Expr).Known() {
				return a.ifStmt(s, false)
			}
			if s.Else == nil && a.exits.Leaves(a.spot.File, s.Body) {
				return a.After(s, s, false)
			}
			break
		}
		if ctree.StmtMentions(a.spot.File, s, a.spot.Key) {
			break
		}
		s = ctree.Next(s)
	}
	return nil, "no check of the descriptor was found after the loop"
}

// After places the block after a member of a list.
func (a *Search) After(s, check *parse.Stmt, test bool) (*Place, string) {
	s = ctree.ListMember(s)
	if s == nil {
		return nil, "the statement stands in no block"
	}
	if list, i := ctree.Position(s); i+1 < len(list) && list[i+1].Kind == parse.SEmpty && list[i+1].Pos == s.End {
		s = list[i+1] // if (fd < 0) { ... };
	}
	if a.exits.Leaves(a.spot.File, s) {
		return nil, "nothing after the creation block is reachable"
	}
	return &Place{List: s.Parent, After: s, Check: check, Test: test || a.spot.Shared && check == nil}, ""
}

// inside places the block at the start of a block.
func (a *Search) inside(b, check *parse.Stmt) (*Place, string) {
	return &Place{List: b, Check: check}, ""
}

// NextStmt is the statement that the block pushes down.
func NextStmt(pl *Place) *parse.Stmt {
	if pl.After == nil {
		if len(pl.List.List) > 0 {
			return pl.List.List[0]
		}
		return nil
	}
	return ctree.Next(pl.After)
}

// ClosesAtOnce reports whether a statement closes the descriptor and does
// nothing else.
func ClosesAtOnce(f *parse.File, s *parse.Stmt, fd string) bool {
	if s.Kind != parse.SExpr {
		return false
	}
	c := s.Expr.Strip()
	return c != nil && c.Kind == parse.XCall && len(c.Args) == 1 && ctree.IsLvalue(f, c.Args[0], fd) &&
		ctree.NamesClose(c.Callee())
}

// MaxSteps is how many statements may lie between a new socket and the call of
// the function that sets it up.
const MaxSteps = 6

// AfterDecls reports whether the place is right after the declarations that a
// branch begins with.
func AfterDecls(pl *Place) bool {
	return pl.After != nil && pl.After.Kind == parse.SDecl && !pl.After.IsMixedDecl() &&
		pl.Check != nil && !ctree.Ancestor(pl.Check, pl.After)
}

// StartsBlock reports whether declarations may stand at the place in C89: at
// the start of a branch, which the block then needs not open itself.
func StartsBlock(pl *Place) bool {
	return pl.After == nil || AfterDecls(pl)
}

// NeverStream reports whether an expression is the constant of a socket type that is never TCP.
func NeverStream(e *parse.Expr) bool {
	return ctree.IsConstName(e) && (e.Strip().Name == "SOCK_DGRAM" || e.Strip().Name == "SOCK_RAW")
}

// FirstStmt returns a statement of the list that the block joins.
func FirstStmt(pl *Place) *parse.Stmt {
	if pl.After != nil {
		return pl.After
	}
	if len(pl.List.List) > 0 {
		return pl.List.List[0]
	}
	return pl.List
}
