package program

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/token"
)

// IsPrivate reports whether one file alone, and no header, tells what the struct is.
func (p *Program) IsPrivate(s *parse.Struct, base string) bool {
	if strings.HasSuffix(s.File.Path, ".h") {
		return false
	}
	if strings.HasPrefix(base, "struct@") {
		return true
	}
	for _, u := range p.filesTyping(base[strings.LastIndexByte(base, ' ')+1:]) {
		if u.Path != s.File.Path && len(u.DeclsOf(base)) > 0 {
			return false
		}
	}
	return true
}

// IsStored reports whether the tree assigns to that member of that struct.
func (p *Program) IsStored(fi *FuncInfo, e *parse.Expr) bool {
	owner := fi.OwnerKey(e)
	for _, m := range p.Members(e.Name) {
		if up := m.Expr.Up; (m.Owner == owner || m.Owner == "?") && up != nil && up.Kind == parse.XAssign && up.X == m.Expr {
			return true
		}
	}
	return false
}

// IsAssigned reports whether the tree changes that member of that struct.
func (p *Program) IsAssigned(fi *FuncInfo, e *parse.Expr) bool {
	return p.MemberAssigned(fi.OwnerKey(e), e.Name)
}

// MemberAssigned is the same by the key of the struct and the name of the member.
func (p *Program) MemberAssigned(owner, name string) bool {
	for _, m := range p.Members(name) {
		up := m.Expr.Up
		if m.Owner != owner && m.Owner != "?" || up == nil {
			continue
		}
		if up.Kind == parse.XAssign && up.X == m.Expr || up.Kind == parse.XUnary && up.Op == token.And {
			return true
		}
	}
	return false
}

// MemberRef is a member expression somewhere in the tree.
type MemberRef struct {
	In      *FuncInfo
	Expr    *parse.Expr
	Owner   string // struct key, "?" where the type is not known
	Written bool   // it is assigned to, or its address is taken, or more is below it
}

// Members returns all member expressions of that name in the tree, in order.
func (p *Program) Members(name string) []MemberRef {
	return p.memberRefs.Get(name, func() (out []MemberRef) {
		for _, u := range p.FilesAccessing(name) {
			funcs, _ := u.FuncsUsing(name, memberUse)
			for _, fi := range funcs {
				for e := range fi.Named(name) {
					if e.Kind == parse.XMember {
						out = append(out, MemberRef{fi, e, fi.OwnerKey(e), isWritten(e)})
					}
				}
			}
		}
		return out
	})
}

// isWritten reports whether what stands at e may change there.
func isWritten(e *parse.Expr) bool {
	x := e
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen || up.Kind == parse.XCast, up.Kind == parse.XMember, up.Kind == parse.XIndex && up.X == x, up.Kind == parse.XUnary && up.Op == token.Mul:
			x = up
		case up.Kind == parse.XUnary && up.Op == token.And, up.Kind == parse.XCall && up.X != x:
			return true
		case up.Kind == parse.XAssign:
			return up.X == x
		default:
			return false
		}
	}
	return false
}
