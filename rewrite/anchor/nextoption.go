package anchor

import (
	"bytes"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/exemplar"
)

// PastNextOption moves a block after the option that is set next on the same
// descriptor, where a variable is declared for that one among the statements:
//
//	const int yes = 1;
//	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
//
// Before it the block would need a variable of its own.
func (p *Finder) PastNextOption(sp *Spot, pl *Place) *Place {
	if at := p.amongOuterOptions(sp, pl); at != nil {
		return at
	}
	if pl.Braces != nil || pl.Test {
		return pl
	}
	pl = p.pastRecord(sp, p.pastStores(sp, pl))
	f := sp.File
	var fresh *parse.Decl
	n := NextStmt(pl)
	if at := p.pastNextValue(sp, pl, n); at != nil {
		return at
	}
	for i := 0; i < betweenOptions && n != nil && (p.onlyPrepares(sp, n, []string{sp.Key}) || p.preparesOrLeaves(sp, n)); i++ {
		n = ctree.Next(n)
	}
	for ; n != nil && n.Kind == parse.SDecl; n = ctree.Next(n) {
		for _, d := range n.Decls {
			if v, ok := ctree.Number(d.Init); !ok || v != 1 || !p.HoldsInt(sp.Func, d) || !exemplar.GenericName(d.Name) {
				continue
			}
			if at := p.pastFlag(sp, pl, n, d); at != nil {
				return at
			}
			if d.Type.Const || !ctree.Changed(sp.Func, d.Name) {
				fresh = d
			}
		}
	}
	if fresh == nil || n == nil || pl.After == nil || pl.After.Kind == parse.SDecl && !pl.After.IsMixedDecl() {
		return pl
	}
	for _, h := range p.OptionCalls(f) {
		if h.Stmt != n || h.FD != sp.Key || h.Form == exemplar.FormOther || !knowledge.SwitchedOptions[h.Opt] ||
			h.Value != fresh.Name || len(ctree.Arms(f, n.Pos)) != len(ctree.Arms(f, pl.Offset)) {
			continue
		}
		if at := p.afterOption(sp, pl, h); at != nil {
			return at
		}
	}
	return pl
}

// pastFlag moves a block after the declaration of a variable for the next call on the descriptor
// that takes a 1 as an option does, nil where none follows:
//
//	int yes = 1;
//	ioctl(fd, FIONBIO, &yes);
func (p *Finder) pastFlag(sp *Spot, pl *Place, decl *parse.Stmt, d *parse.Decl) *Place {
	f, n := sp.File, ctree.Next(decl)
	if n == nil || n.Kind != parse.SExpr && n.Kind != parse.SIf || ctree.CommentBefore(f, decl.Pos) != "" {
		return nil
	}
	c := called(n.Expr)
	if c == nil || c.Kind != parse.XCall || len(c.Args) < 3 || knowledge.FDUses.Get(c.Callee()).Event != knowledge.Ioctl || !ctree.IsLvalue(f, c.Args[0], sp.Key) {
		return nil
	}
	if v := c.Args[2].Strip(); v == nil || v.Kind != parse.XUnary || v.Op != token.And || !ctree.IsLvalue(f, v.X, d.Name) {
		return nil
	}
	return p.afterStmt(sp, pl, decl)
}

// pastRecord moves a block after the statement that gives the descriptor to an object, where
// the next option leaves the close to code that finds it there:
//
//	c->s = s;
//	if (setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) == -1)
//		goto bad;
func (p *Finder) pastRecord(sp *Spot, pl *Place) *Place {
	f, n := sp.File, NextStmt(pl)
	if n == nil || n.Kind != parse.SExpr || !ctree.IsName(sp.FD) {
		return pl
	}
	if e := n.Expr.Bare(); e.Kind != parse.XAssign || e.Op != token.Assign || e.X.Bare().Kind != parse.XMember ||
		!ctree.PureLvalue(e.X.Bare()) || !ctree.IsLvalue(f, e.Y, sp.Key) {
		return pl
	}
	var next *exemplar.OptionCall
	for _, h := range p.OptionCalls(f) {
		if h.FD == sp.Key && h.Stmt.Parent == n.Parent && h.Stmt.Pos > n.Pos && (next == nil || h.Stmt.Pos < next.Stmt.Pos) {
			next = h
		}
	}
	if next == nil || next.Body == nil {
		return pl
	}
	last := next.Body
	if last.Kind == parse.SBlock && len(last.List) > 0 {
		last = last.List[len(last.List)-1]
	}
	if last.Kind != parse.SGoto || ctree.StmtMentions(f, next.Body, sp.Key) {
		return pl
	}
	if at := p.afterStmt(sp, pl, n); at != nil {
		return at
	}
	return pl
}

// pastStores moves a block after the constants that the descriptor's object gets, where the next
// option hands the object to its destructor, which may look at them:
//
//	c->state = IDLE;
//	if (setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
//		conn_free(c);
//		return NULL;
//	}
func (p *Finder) pastStores(sp *Spot, pl *Place) *Place {
	f := sp.File
	object, _, _ := strings.Cut(strings.ReplaceAll(sp.Key, "->", "."), ".")
	var last *parse.Stmt
	n := NextStmt(pl)
	for n != nil && n.Kind == parse.SExpr {
		e := n.Expr.Bare()
		if e.Kind != parse.XAssign || e.Op != token.Assign || e.X.Bare().Kind != parse.XMember || ctree.Root(e.X) != object ||
			!ctree.PureLvalue(e.X.Bare()) || ctree.IsLvalue(f, e.X, sp.Key) || !ctree.IsConst(e.Y) {
			break
		}
		last, n = n, ctree.Next(n)
	}
	if last == nil || n == nil {
		return pl
	}
	for _, h := range p.OptionCalls(f) {
		if h.Stmt == n && h.FD == sp.Key && h.Body != nil && p.Exits.Leaves(f, h.Body) && !ctree.StmtMentions(f, h.Body, sp.Key) &&
			ctree.StmtMentions(f, h.Body, object) {
			if at := p.afterStmt(sp, pl, last); at != nil {
				return at
			}
		}
	}
	return pl
}

// amongOuterOptions is the place for a block that would need a test of its own or braces, where the
// program sets options without one after the branch that makes the descriptor:
//
//	if (wanted) {
//		fd = socket(AF_INET, SOCK_STREAM, 0);
//		if (fd < 0)
//			error = errno;
//	}
//	on = 1;
//	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
//
// It is nil where that is not what happens to the descriptor next.
func (p *Finder) amongOuterOptions(sp *Spot, pl *Place) *Place {
	f, m := sp.File, ctree.ListMember(sp.Stmt)
	if !pl.Test && pl.Braces == nil || m == nil || m.Parent.Parent == nil || m.Parent.Parent.Kind != parse.SIf {
		return nil
	}
	for s := ctree.Next(m); s != nil; s = ctree.Next(s) {
		given := false
		ctree.Calls(s, func(c *parse.Expr, _ *parse.Stmt) {
			given = given || slices.ContainsFunc(c.Args, func(a *parse.Expr) bool { return ctree.Mentions(f, a, sp.Key) })
		})
		if given {
			return nil
		}
	}
	branch := ctree.ListMember(m.Parent.Parent)
	if branch == nil {
		return nil
	}
	n := ctree.Next(branch)
	for _, h := range p.OptionCalls(f) {
		if n != nil && h.Stmt == ctree.Next(n) && h.FD == sp.Key && h.Ignored() {
			return p.pastNextValue(sp, &Place{List: branch.Parent, After: branch, Check: pl.Check, Offset: text.LineStart(f.Src, n.Pos)}, n)
		}
	}
	return nil
}

// afterOption is the place after an option call and the look at its result, nil
// where there is none.
func (p *Finder) afterOption(sp *Spot, pl *Place, h *exemplar.OptionCall) *Place {
	n := h.Stmt
	if h.Form == exemplar.FormAssign || h.Form == exemplar.FormCheck && h.Check.Result != "" {
		n = ctree.Next(n)
	}
	return p.afterStmt(sp, pl, n)
}

// afterStmt is the place after a statement, nil where there is none.
func (p *Finder) afterStmt(sp *Spot, pl *Place, n *parse.Stmt) *Place {
	a := p.Search(sp)
	if at, why := a.After(n, pl.Check, false); why == "" {
		if at, why = a.LinePlace(at); why == "" && !at.Test {
			return at
		}
	}
	return nil
}

// betweenOptions is how many statements may lie between the place and the next option.
const betweenOptions = 2

// pastNextValue moves a block after on = 1, which stands before the next
// option on the same descriptor or on a copy of it, nil where nothing of the kind
// follows. Before it the block would set the variable, too. A comment above
// on = 1 is about that option: the block goes after it.
func (p *Finder) pastNextValue(sp *Spot, pl *Place, n *parse.Stmt) *Place {
	names := append(copiesAbove(sp, pl), sp.Key)
	for i := 0; i < betweenOptions && n != nil && p.onlyPrepares(sp, n, names); i++ {
		n = ctree.Next(n)
	}
	if n == nil || n.Kind != parse.SExpr || n.Expr.Bare().Kind != parse.XAssign || !text.FirstOnLine(sp.File.Src, n.Pos) {
		return nil
	}
	x := n.Expr.Bare().X.Bare()
	for _, h := range p.OptionCalls(sp.File) {
		if h.Stmt != ctree.Next(n) || !slices.Contains(names, h.FD) || h.Form == exemplar.FormOther || !knowledge.SwitchedOptions[h.Opt] ||
			x.Kind != parse.XIdent || h.Value != x.Name || exemplar.NamesOtherOption(x.Name) {
			continue
		}
		at := p.afterStmt(sp, pl, n)
		if at == nil || at.Offset > h.Stmt.Pos {
			return nil
		}
		at.Valueless = pl
		if ctree.CommentBefore(sp.File, n.Pos) != "" {
			at = p.afterOption(sp, pl, h)
		}
		if l, ok := ctree.Visible(sp.Func, pl.List, pl.Offset, x.Name); ok && at != nil && p.HoldsInt(sp.Func, l.Decl) &&
			ctree.AssignedOne(sp.Func, at.List, at.Offset, l) {
			return at
		}
	}
	return nil
}

// copiesAbove are the variables that the list of a place declares as copies of the
// descriptor.
func copiesAbove(sp *Spot, pl *Place) (names []string) {
	for _, l := range ctree.Locals(sp.Func) {
		if d := l.Decl; l.Stmt != nil && l.Stmt.Parent == pl.List && l.Stmt.End <= pl.Offset &&
			ctree.IsLvalue(sp.File, d.Init, sp.Key) && !ctree.Changed(sp.Func, d.Name) {
			names = append(names, d.Name)
		}
	}
	return names
}

// onlyPrepares recognises a step that always goes on to the next and after which the
// descriptor is as new: options of it, and the close of another one.
func (p *Finder) onlyPrepares(sp *Spot, n *parse.Stmt, names []string) bool {
	if n.Kind != parse.SExpr {
		return false
	}
	c := n.Expr.Bare()
	if c.Kind == parse.XAssign && !slices.ContainsFunc(names, func(fd string) bool { return ctree.Mentions(sp.File, c.X, fd) }) {
		c = c.Y.Bare() // rc = setsockopt(...);
	}
	if c.Kind == parse.XCast {
		c = c.X.Bare()
	}
	if c == nil || c.Kind != parse.XCall || p.Exits.NeverReturns(sp.File, c) {
		return false
	}
	if knowledge.FDUses.Get(c.Callee()).Event == knowledge.Close {
		return !slices.ContainsFunc(names, func(fd string) bool { return ctree.Mentions(sp.File, c, fd) })
	}
	return slices.ContainsFunc(names, func(fd string) bool { return p.Exits.SetsOptions(sp.File, c, fd) })
}

// preparesOrLeaves recognises such a step with the check of its result:
//
//	if (fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
//		fatal("fcntl: %s", strerror(errno));
func (p *Finder) preparesOrLeaves(sp *Spot, n *parse.Stmt) bool {
	c := called(n.Expr)
	return n.Kind == parse.SIf && n.Else == nil && c != nil && c.Kind == parse.XCall && p.Exits.SetsOptions(sp.File, c, sp.Key) &&
		p.Exits.Leaves(sp.File, n.Body)
}

// SetNext reports whether one of the next statements turns keepalive on for
// the descriptor already: no block is put before its twin.
func (p *Finder) SetNext(sp *Spot, pl *Place) bool {
	for _, h := range p.OptionCalls(sp.File) {
		if h.Opt == "SO_KEEPALIVE" && h.FD == sp.Key && h.Func.NamePos == sp.Func.NamePos &&
			h.Stmt.Pos >= pl.Offset && onlyDirectives(sp.File.Src[pl.Offset:h.Stmt.Pos]) {
			return true
		}
	}
	n := NextStmt(pl)
	for i := 0; n != nil && i < MaxSteps && !ctree.Assigns(sp.File, n, sp.Key); i++ {
		for _, h := range p.OptionCalls(sp.File) {
			if h.Opt == "SO_KEEPALIVE" && h.FD == sp.Key && h.Before == "" &&
				(h.Stmt == n || ctree.ListMember(h.Stmt) == n && h.Stmt.Kind == parse.SExpr && n.Kind == parse.SExpr) {
				return true
			}
		}
		if (n.Kind == parse.SExpr || n.Kind == parse.SIf) && p.setsByItself(sp, called(n.Expr)) {
			return true
		}
		n = ctree.Next(n)
	}
	return false
}

// called is the call that an expression is, or whose result it compares; nil for others.
func called(e *parse.Expr) *parse.Expr {
	e = e.Strip()
	if e != nil && e.Kind == parse.XBinary && e.Op != token.AndAnd && e.Op != token.OrOr {
		e = e.X.Strip()
	}
	return e
}

// setsByItself recognises a call of a function of the program that turns keepalive on
// for the descriptor, whatever else it is given: as a statement of its own that no
// return stands before.
func (p *Finder) setsByItself(sp *Spot, c *parse.Expr) bool {
	if c == nil || c.Kind != parse.XCall {
		return false
	}
	fn := p.Exits.Definition(sp.File, c.Callee())
	if fn == nil || fn.Macro != nil {
		return false
	}
	for i, a := range c.Args {
		if i >= len(fn.Params) || !ctree.IsLvalue(sp.File, a, sp.Key) {
			continue
		}
		for _, h := range p.OptionCalls(fn.File) {
			if h.Opt == "SO_KEEPALIVE" && h.Func.Start == fn.Start && h.FD == fn.Params[i].Name &&
				h.Before == "" && h.Stmt.Parent == fn.Body() && !returnsBefore(fn, h.Stmt) {
				return true
			}
		}
	}
	return false
}

// returnsBefore reports whether a function may return before a statement.
func returnsBefore(fn *parse.Func, at *parse.Stmt) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		found = found || s.Pos < at.Pos && (s.Kind == parse.SReturn || s.Kind == parse.SGoto)
		return !found
	})
	return found
}

// onlyDirectives reports whether a text holds nothing but blanks and lines of the
// preprocessor.
func onlyDirectives(text []byte) bool {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}
