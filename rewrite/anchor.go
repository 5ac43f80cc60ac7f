package rewrite

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// place is where the block goes: between two statements of one list.
type place struct {
	list  *parse.Stmt // the block whose list it stands in
	after *parse.Stmt // the statement before it; nil at the start of the block
	check *parse.Stmt // the error check that belongs to the creation, nil when there is none
	at    int         // offset of the line that the block pushes down
	base  string      // indentation of the statements there
	// test says that the descriptor may be invalid here, so that the block
	// must look before it sets.
	test   bool
	tested *parse.Stmt // a test of the descriptor that the block stands in front of
	// braces are what makes a block of a single statement, body, for the lines
	// in front of it.
	braces []edit.Edit
	body   *parse.Stmt
	// moved tells that the line lies after an #endif that closes the check.
	moved bool
}

// checks returns the check, and the earlier ones of its chain, the nearest first:
// if (fd < 0) { ... } else if (...) { ... }.
func (pl *place) checks() (list []*parse.Stmt) {
	for c := pl.check; c != nil; c = c.Parent {
		list = append(list, c)
		if up := c.Parent; up == nil || up.Kind != parse.SIf || up.Else != c {
			break
		}
	}
	return list
}

const maxAhead = 10 // statements between a call and its check

// anchorer finds the place for one spot.
type anchorer struct {
	sp     *spot
	exits  *exits
	styles *styles
	hops   int
	names  []string // lvalues that the descriptor was copied to on the way
}

// anchor finds the place of the block, or the reason why there is none. Where
// several lvalues take the descriptor, the one that the code tests is asked.
func (p *finder) anchor(sp *spot) (*place, string) {
	pl, why := p.anchorAt(sp)
	for _, alt := range sp.alts {
		if why == "" && !pl.test {
			break
		}
		other := *sp
		other.fd, other.key = alt, norm(alt)
		if at, err := p.anchorAt(&other); err == "" && (why != "" || !at.test) {
			pl, why = at, ""
			sp.fd, sp.key = other.fd, other.key
		}
	}
	return pl, why
}

func (p *finder) anchorAt(sp *spot) (*place, string) {
	a := p.anchorer(sp)
	pl, why := a.start()
	if why == "" {
		if pl.braces != nil {
			return pl, ""
		}
		if pl, why = a.settle(pl); why == "" && a.movedBefore(pl) {
			why = "the descriptor is named by something that changes before the block"
		}
		if why == "" {
			return a.belonging(pl), ""
		}
	}
	// Whatever follows a statement of its own, behind it a test tells.
	if s := sp.stmt; s.Kind == parse.SExpr || s.Kind == parse.SDecl && s.Parent != nil && s.Parent.Kind != parse.SFor {
		if pl, err := a.after(s, nil, true); err == "" && listMember(s) == s && pl.after == s {
			if pl, err = a.settle(pl); err == "" {
				return pl, ""
			}
		}
	}
	return nil, why
}

// start looks at the statement that holds the call.
func (a *anchorer) start() (*place, string) {
	s := a.sp.stmt
	switch s.Kind {
	case parse.SExpr, parse.SDecl, parse.SMacro:
		if s.Parent != nil && s.Parent.Kind == parse.SFor && (s.Kind == parse.SDecl || s.Parent.Init == s) {
			if a.implied(s.Parent.Expr).yes != valid {
				return nil, "the call stands in the head of a for"
			}
			return a.onLoop(s.Parent)
		}
		if a.dealt(s.Expr) && !a.testedNext(s) {
			// CHECK(fd = socket(...)): the macro deals with the failure.
			return a.after(s, s, false)
		}
		return a.ahead(s)
	case parse.SIf:
		return a.onIf(s, true)
	case parse.SWhile, parse.SFor:
		return a.onLoop(s)
	case parse.SDo:
		k := a.implied(s.Expr)
		if k.no == valid && !breaks(s.Body) {
			return a.after(s, s, false)
		}
		if k.yes == invalid {
			return a.aheadFrom(s, nil, true)
		}
		return a.ahead(s)
	case parse.SReturn:
		return nil, "the call's result is returned at once"
	case parse.SOpaque:
		return nil, "the statement around the call was not understood"
	}
	return nil, "the call stands in the head of a " + kindWord(s.Kind)
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

func (a *anchorer) implied(e *parse.Expr) knowledge {
	k := implied(a.sp.file, e, a.sp.key)
	for i := 0; i < len(a.names) && !k.tells(); i++ {
		k = implied(a.sp.file, e, a.names[i])
	}
	return k
}

// tests reports whether a condition names the descriptor.
func (a *anchorer) tests(e *parse.Expr) bool {
	for _, n := range a.names {
		if mentions(a.sp.file, e, n) {
			return true
		}
	}
	return mentions(a.sp.file, e, a.sp.key)
}

// dealt recognises a call inside a macro or function that deals with its
// failure: behind the statement the descriptor is good.
func (a *anchorer) dealt(e *parse.Expr) bool {
	for _, name := range a.sp.via {
		if a.exits.deals(a.sp.file, name) {
			return true
		}
	}
	e = e.Strip()
	if e == nil || e.Kind != parse.XCall || e.X.Bare() == a.sp.call.X.Bare() {
		return false
	}
	if strings.Contains(strings.ToLower(e.Callee()), "assert") && len(e.Args) > 0 && a.implied(e.Args[0]).yes == valid {
		return true
	}
	name := e.Callee()
	return name != "" && (isUpper(name) || strings.Contains(strings.ToLower(name), "check")) && a.exits.deals(a.sp.file, name)
}

// testedNext reports whether the next statement tests the descriptor: what
// stands around the call has left that to it.
func (a *anchorer) testedNext(s *parse.Stmt) bool {
	n := next(s)
	return n != nil && n.Kind == parse.SIf && a.implied(n.Expr).tells()
}

// onIf takes the branch of an if that knows the descriptor. inCond says that
// the call itself stands in the condition.
func (a *anchorer) onIf(s *parse.Stmt, inCond bool) (*place, string) {
	k := a.implied(s.Expr)
	switch {
	case k.yes == valid:
		return a.success(s, inCond)
	case k.no == valid && (a.exits.leaves(a.sp.file, s.Body) || a.exits.ends(a.sp.file, s.Body)):
		if s.Else != nil && (stmtMentions(a.sp.file, s.Else, a.sp.key) || a.moves(s.Else)) {
			pl, why := a.elseArm(s)
			if why == "" {
				return pl, ""
			}
			if a.exits.leaves(a.sp.file, s) { // else return fd;
				if inCond {
					return nil, why
				}
				return a.inFront(s)
			}
			if a.mayClose(s.Else) {
				return nil, "the descriptor may be closed again in the else branch"
			}
		}
		return a.after(s, s, false)
	case k.no == valid && s.Else != nil:
		return a.elseArm(s)
	case k.no == valid, k.yes == invalid:
		if assigns(a.sp.file, s.Body, a.sp.key) {
			return a.aheadFrom(s, s, true) // a second try: its check follows
		}
		if k.yes == invalid && k.no != valid {
			if !inCond {
				return a.aheadFrom(s, s, true)
			}
			return nil, "the condition does not tell whether the call succeeded"
		}
		return a.aheadFrom(s, s, true)
	}
	if a.zeroIsBad(s.Expr) && s.Else == nil && a.exits.leaves(a.sp.file, s.Body) {
		n := next(s)
		return a.after(s, s, n == nil || !a.failsByItself(n))
	}
	if inCond {
		return nil, "the condition does not tell whether the call succeeded"
	}
	if k.no == invalid && a.exits.leaves(a.sp.file, s.Body) {
		return a.inFront(s) // if (fd >= 0 || errno != EINVAL) return fd;
	}
	return nil, "no test of the descriptor was recognised"
}

// zeroIsBad recognises if (!(fd = socket(...))): a slip of its author, who
// takes it for the check.
func (a *anchorer) zeroIsBad(e *parse.Expr) bool {
	e = e.Strip()
	if e == nil {
		return false
	}
	if e.Kind == parse.XUnary && e.Op == parse.Not {
		return holds(a.sp.file, e.X, a.sp.key)
	}
	v, ok := number(e.Y)
	return e.Kind == parse.XBinary && e.Op == parse.EqEq && ok && v == 0 && holds(a.sp.file, e.X, a.sp.key)
}

// success is the place inside the branch that is taken when the call went
// well.
func (a *anchorer) success(s *parse.Stmt, inCond bool) (*place, string) {
	b := s.Body
	if b == nil {
		return nil, "the success branch is empty"
	}
	if !inCond && (a.used(s.Expr) || compound(s.Expr) && a.closes(b)) {
		if pl, why := a.inFront(s); why == "" {
			return pl, "" // if (fd >= 0 && connect(fd, ...) < 0) close(fd);
		}
	}
	if b.Kind == parse.SBlock {
		if len(b.List) == 1 && b.List[0].Kind == parse.SBreak && s.Else == nil {
			if loop := enclosingLoop(s); loop != nil && a.endless(loop) {
				return a.after(loop, s, false)
			}
		}
		return a.inside(b, s)
	}
	if b.Kind == parse.SBreak {
		if loop := enclosingLoop(s); loop != nil && a.endless(loop) {
			return a.after(loop, s, false)
		}
		if loop := enclosingLoop(s); loop != nil {
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
	return a.inFront(s)
}

// used reports whether an expression hands the descriptor to a socket call.
func (a *anchorer) used(e *parse.Expr) bool {
	found := false
	e.Walk(func(x *parse.Expr) bool {
		if at, ok := socketCalls[x.Callee()]; ok && x.Kind == parse.XCall && at >= 0 && at < len(x.Args) {
			found = found || same(a.sp.file, x.Args[at], a.sp.key)
		}
		return !found
	})
	return found
}

// closes reports whether the first thing a branch does is to close the
// descriptor.
func (a *anchorer) closes(s *parse.Stmt) bool {
	if s.Kind == parse.SBlock && len(s.List) > 0 {
		s = s.List[0]
	}
	return closesAtOnce(a.sp.file, s, a.sp.key)
}

// compound reports whether a condition asks for more than one thing.
func compound(e *parse.Expr) bool {
	e = e.Strip()
	return e != nil && e.Kind == parse.XBinary && e.Op == parse.AndAnd
}

// endless reports whether a loop is left by one break alone.
func (a *anchorer) endless(loop *parse.Stmt) bool {
	forever := loop.Kind == parse.SFor && loop.Expr == nil
	if v, ok := number(loop.Expr); loop.Kind == parse.SWhile && ok && v != 0 {
		forever = true
	}
	n := 0
	loop.Body.Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SBreak && enclosingBreakable(s) == loop {
			n++
		}
		return true
	})
	return forever && n == 1
}

// inFront places the block before a test that it has to make itself.
func (a *anchorer) inFront(s *parse.Stmt) (*place, string) {
	prev := before(s)
	if prev == nil {
		return nil, "the success branch is a single statement without braces"
	}
	pl, why := a.after(prev, nil, true)
	if pl != nil {
		pl.tested = s
	}
	return pl, why
}

// elseArm is the place in the else of a check whose first branch does not
// leave: the last else of a chain.
func (a *anchorer) elseArm(s *parse.Stmt) (*place, string) {
	e := s.Else
	for e != nil && e.Kind == parse.SIf {
		if e.Else == nil {
			return nil, "the success branch is an else if without an else"
		}
		s, e = e, e.Else
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

// mayClose reports whether a branch closes the descriptor and goes on.
func (a *anchorer) mayClose(s *parse.Stmt) bool {
	found := false
	calls(s, func(c *parse.Expr, owner *parse.Stmt) {
		if strings.Contains(strings.ToLower(c.Callee()), "close") && len(c.Args) > 0 && same(a.sp.file, c.Args[0], a.sp.key) {
			list, i := position(owner)
			rest := &parse.Stmt{Kind: parse.SBlock}
			if list != nil {
				rest.List = list[i:]
			}
			if !a.exits.leaves(a.sp.file, rest) {
				found = true
			}
		}
	})
	return found
}

// onLoop: while ((fd = accept(...)) >= 0) { or while ((fd = accept(...)) < 0) {.
func (a *anchorer) onLoop(s *parse.Stmt) (*place, string) {
	k := a.implied(s.Expr)
	switch {
	case k.yes == valid:
		if s.Body != nil && s.Body.Kind != parse.SBlock {
			if pl := a.braced(s, s.Body); pl != nil {
				return pl, ""
			}
		}
		if s.Body == nil || s.Body.Kind != parse.SBlock {
			return nil, "the success branch is a single statement without braces"
		}
		return a.inside(s.Body, s)
	case k.no == valid:
		return a.after(s, s, breaks(s.Body))
	case k.yes == invalid && s.Kind == parse.SWhile:
		return a.aheadFrom(s, nil, true) // tried again on EINTR: the check follows
	}
	return nil, "the loop's condition does not tell whether the call succeeded"
}

// afterLoop: the loop ends by break once a call went well; the place is
// behind the test that follows it.
func (a *anchorer) afterLoop(loop *parse.Stmt) (*place, string) {
	s := next(loop)
	for i := 0; s != nil && i < 3; i++ {
		if s.Kind == parse.SIf {
			if a.implied(s.Expr).tells() {
				return a.onIf(s, false)
			}
			if s.Else == nil && a.exits.leaves(a.sp.file, s.Body) {
				return a.after(s, s, false)
			}
			break
		}
		if stmtMentions(a.sp.file, s, a.sp.key) {
			break
		}
		s = next(s)
	}
	return nil, "no test of the descriptor was found behind the loop"
}

// after places the block behind a member of a list.
func (a *anchorer) after(s, check *parse.Stmt, test bool) (*place, string) {
	s = listMember(s)
	if s == nil {
		return nil, "the statement stands in no block"
	}
	if a.exits.leaves(a.sp.file, s) {
		return nil, "nothing behind the creation block is ever reached"
	}
	return &place{list: s.Parent, after: s, check: check, test: test || a.sp.shared && check == nil}, ""
}

// inside places the block at the start of a block.
func (a *anchorer) inside(b, check *parse.Stmt) (*place, string) {
	return &place{list: b, check: check}, ""
}

// finder finds places for blocks.
type finder struct {
	*exemplars
	styles *styles
}

// anchorer starts the search for one spot.
func (p *finder) anchorer(sp *spot) *anchorer {
	return &anchorer{sp: sp, exits: p.exits, styles: p.styles}
}

// point is what is known of one insertion before it is decided what to insert.
type point struct {
	sp *spot
	pl *place
}

// following is the statement that the block pushes down.
func following(pl *place) *parse.Stmt {
	if pl.after == nil {
		if len(pl.list.List) > 0 {
			return pl.list.List[0]
		}
		return nil
	}
	return next(pl.after)
}

// closesAtOnce reports whether a statement closes the descriptor and does
// nothing else.
func closesAtOnce(f *parse.File, s *parse.Stmt, fd string) bool {
	if s.Kind != parse.SExpr {
		return false
	}
	c := s.Expr.Strip()
	return c != nil && c.Kind == parse.XCall && len(c.Args) == 1 && same(f, c.Args[0], fd) &&
		strings.Contains(strings.ToLower(c.Callee()), "close")
}

// maxSteps is how many statements may lie between a new socket and the call of
// the function that sets it up.
const maxSteps = 6

// isLeading reports whether the place is right behind the declarations that a
// branch begins with.
func isLeading(pl *place) bool {
	return pl.after != nil && pl.after.Kind == parse.SDecl && !midway(pl.after) && pl.check != nil && !ancestor(pl.check, pl.after)
}

// startsBlock reports whether declarations may stand at the place in C89: at
// the start of a branch, which the block then needs not open itself.
func startsBlock(pl *place) bool {
	return pl.after == nil || isLeading(pl)
}

func neverStream(e *parse.Expr) bool {
	return isConstName(e) && (e.Strip().Name == "SOCK_DGRAM" || e.Strip().Name == "SOCK_RAW")
}

// firstIn returns a statement of the list that the block joins.
func firstIn(pl *place) *parse.Stmt {
	if pl.after != nil {
		return pl.after
	}
	if len(pl.list.List) > 0 {
		return pl.list.List[0]
	}
	return pl.list
}
