package cc

import (
	"sort"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// index returns the index of the first token at or after off.
func (t *isolated) index(off int) int {
	return sort.Search(len(t.toks), func(i int) bool { return int(t.toks[i].Off) >= off })
}

// mendAt takes away what cc objected to at off, the token it did not expect:
// a name becomes a type, else the arguments around it go, else the head of
// its statement, else the statement. False when nothing may go.
func (t *isolated) mendAt(off int) bool {
	k := t.index(off)
	if t.guessType(k) {
		return true
	}
	// The culprit usually stands before the token, unless that opens a
	// statement.
	at := off
	if k > 0 && k <= len(t.toks) {
		switch t.toks[k-1].Op {
		case token.Semi, token.LBrace, token.RBrace, token.Colon:
		default:
			at = int(t.toks[k-1].Off)
		}
	}
	var calls []*parse.Expr
	var stmts []*parse.Stmt
	walkAll(t.fn.Body(), func(s *parse.Stmt) bool {
		in := s.Pos <= at && at < s.End
		if in {
			stmts = append(stmts, s)
		}
		return in
	}, func(_ *parse.Stmt, e *parse.Expr) bool {
		in := e.Pos <= at && at < e.End
		if in && e.Kind == parse.XCall && at >= e.X.End {
			calls = append(calls, e)
		}
		return in
	})
	for i := len(calls) - 1; i >= 0; i-- {
		e := calls[i]
		// The argument list starts after the callee; a blank may lie between.
		from := e.X.End + strings.IndexByte(string(t.buf[e.X.End-t.base:e.End-t.base])+"(", '(') + 1
		if t.replace(from, e.End-1, "0", RepairArgs) {
			return true
		}
	}
	for i := len(stmts) - 1; i > 0; i-- {
		s := stmts[i]
		if s.HeadEnd > at && s.Expr != nil && t.replace(s.Expr.Pos, s.Expr.End, "0", RepairArgs) {
			return true
		}
		if t.replace(s.Pos, s.End, ";", parse.RepairOpaque) {
			return true
		}
	}
	return false
}

// replace is blank where that changes anything.
func (t *isolated) replace(from, to int, s, kind string) bool {
	if from < t.base || to > t.base+len(t.buf) || from >= to || strings.Trim(string(t.buf[from-t.base:to-t.base]), " \n") == s {
		return false
	}
	return t.blank(from, to, s, kind)
}

// guessType declares a name beside token k as a type where it stands like one.
func (t *isolated) guessType(k int) bool {
	for j := k; j >= 0 && j >= k-2; j-- {
		if j+1 >= len(t.toks) || j == 0 || t.toks[j].Kind != token.Ident {
			continue
		}
		name := plainName(t.fn.File.Text(t.toks[j]))
		n := t.toks[j+1]
		if t.types[name] || ccWords[name] || n.Kind != token.Ident && n.Op != token.Mul && n.Op != token.RParen && n.Op != token.KwConst {
			continue
		}
		switch t.toks[j-1].Op {
		case token.LParen, token.Comma, token.Semi, token.LBrace, token.RBrace, token.KwConst, token.KwStatic, token.KwStorage:
			t.types[name] = true
			return true
		}
	}
	return false
}
