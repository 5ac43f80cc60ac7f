// Package optval chooses the variable whose address setsockopt() gets as its optval:
// one of the function or the file that is 1 at the place, the one that a sibling
// option uses, or a new one, declared as the program declares such variables.
//
// What is there already goes before what has to be declared. A name that means
// something else where the block stands is never taken.
package optval

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/memo"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/anchor"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
	"github.com/keepatch/keepatch/rewrite/exemplar"
	"github.com/keepatch/keepatch/rewrite/style"
)

// Value is the variable whose address setsockopt gets.
type Value struct {
	Name    string
	Const   bool
	Declare string     // declaration inside the block, "" when there is none
	Own     bool       // in a block of its own
	Assign  string     // statement that sets a variable of the function to 1
	Edit    *edit.Edit // declaration elsewhere in the function
	Key     string     // of that declaration, for sharing it
	Guarded bool       // that declaration stands in an #ifdef SO_KEEPALIVE
	Under   bool       // it stands under an #if for setsockopt()
	how     DeclKind
	Mid     string // the list that takes declare among its statements
	Top     string // the function whose declarations take it, or would under fewer #if conditions
	// Literal and Size are the arguments where no variable is needed: &(int){1}, sizeof(int).
	Literal, Size string
}

const (
	DeclTop     DeclKind = iota // with the function's other variables
	DeclOwn                     // in a block around the call
	DeclMid                     // right before the call
	DeclScratch                 // a variable at hand is set to 1 first
)

// Request is what the choice depends on.
type Request struct {
	anchor.Point
	Style   *style.Style
	Model   *exemplar.OptionCall // the call that the new one is written after, nil without one
	Near    bool                 // the model works on the same descriptor in the same function
	Own     bool                 // a new variable in a block of its own, whatever else there is
	Gated   bool                 // the call stands under a condition that the block brings along
	Planned map[string]*Value    // declarations that other blocks make, by key
}

// Chooser finds the variables of a program that hold 1, and free names.
type Chooser struct {
	*ctree.Program
	*exemplar.Exemplars
	MixedDecls map[string]int // declarations that the first round put among statements, by list
	TopUses    TopUses        // of the first round

	takenNames memo.Table[nameIn, bool]
	globals    memo.Table[nameIn, *parse.Decl]
	values     memo.Table[*parse.File, []string]
}

// TopUses are the #if conditions of the blocks of a function that want a variable at its top.
type TopUses map[string][]ctree.GuardSet

// InAllBuilds reports whether every build that compiles the function of a value has one of its
// blocks, so that a variable under no condition is used in each.
func (u TopUses) InAllBuilds(f *parse.File, body int, key string) bool {
	return len(u[key]) > 1 && ctree.Covers(ctree.GuardsAt(f, body), u[key])
}

// NewChooser returns a chooser for one program.
func NewChooser(e *exemplar.Exemplars) *Chooser { return &Chooser{Program: e.Program, Exemplars: e} }

// Choose finds or makes the variable.
func (p *Chooser) Choose(t *Request) *Value {
	fn, m := t.Spot.Func, t.Model
	here := ctree.Arms(t.Spot.File, t.Place.Offset)
	if word := p.intWord(t); word != "" {
		t.Style.IntWord = word
	}
	if t.Own {
		return p.inOwnBlock(t, nil)
	}
	if v := p.existing(t, here); v != nil {
		return v
	}
	if v := p.fileLiteral(t.Spot.File, t.Model); v != nil {
		return v
	}
	how, v := p.modelDecl(t, here)
	if v != nil {
		return v
	}
	key := t.Spot.File.Path + "\x00" + fn.Name + "\x00" + strconv.Itoa(fn.BodyPos)
	top, mid := key, key+"\x00"+strconv.Itoa(t.listAround().Pos)
	if how == DeclMid && (p.MixedDecls[mid] > 1 || p.nestedMixed(key, t.listAround())) {
		how = DeclTop // once for all of them
	}
	if v, key = t.planned(how, key); v != nil {
		return v
	}
	name := p.freeName(fn, m)
	if how == DeclOwn {
		return p.inOwnBlock(t, m)
	}
	among := p.amongStatements(t, mid)
	if how == DeclMid && among != nil {
		return among
	}
	konst := m != nil && constModel(m)
	list := t.declList(name, t.beside(m), here)
	anywhere := p.TopUses.InAllBuilds(t.Spot.File, fn.BodyPos, top)
	if v := topDecl(t, name, konst, anywhere, here, list); v != nil {
		v.Top = top
		if v.Key = key; list != fn.Body() && v.Edit.Start > list.Pos {
			v.Key = innerKeys(key, list)[0] // what stands in other lists does not see it
		}
		v.how = DeclTop
		t.guardDecl(v)
		return v
	}
	if among != nil && !t.Gated && !anchor.StartsBlock(t.Place) {
		return among
	}
	return &Value{Name: name, Own: t.Gated || !anchor.StartsBlock(t.Place), Declare: t.Style.DeclareOne(name, konst), Const: konst, Top: top}
}

// nestedMixed reports whether a list that is to declare among its statements stands in another
// such list of the function, or has one in it: the inner declaration would shadow the outer one.
func (p *Chooser) nestedMixed(key string, list *parse.Stmt) bool {
	for up := list.Parent; up != nil; up = up.Parent {
		if p.MixedDecls[key+"\x00"+strconv.Itoa(up.Pos)] > 0 {
			return true
		}
	}
	for other, n := range p.MixedDecls {
		pos, ok := strings.CutPrefix(other, key+"\x00")
		if at, err := strconv.Atoi(pos); ok && err == nil && n > 0 && at > list.Pos && at < list.End {
			return true
		}
	}
	return false
}

// amongStatements declares the variable right before the call, in a function that does so
// elsewhere; nil where it does not, or no name is free there. mid is the key of the list.
func (p *Chooser) amongStatements(t *Request, mid string) *Value {
	if !t.Spot.Func.HasMixedDecl() || t.Place.List.Parent != nil && t.Place.List.Parent.Kind == parse.SSwitch {
		return nil
	}
	name := p.listName(t, t.Model)
	if name == "" {
		return nil
	}
	return &Value{Name: name, Declare: declText(t.Style, t.Model, name), Own: t.Gated, Mid: mid}
}

// intWord is the program's name for int that the model of the file uses, where the
// function has no variable that is just an int.
func (p *Chooser) intWord(t *Request) string {
	fn, m := t.Spot.Func, t.Model
	if m == nil || m.File != t.Spot.File || m.Func.Start != fn.Start &&
		slices.ContainsFunc(ctree.Locals(fn), func(l ctree.Local) bool { return ctree.IsPlainInt(l.Decl) }) {
		return ""
	}
	return p.IntName(m)
}

// inOwnBlock declares the variable before the call, in a block of its own where none
// begins there, as the model does.
func (p *Chooser) inOwnBlock(t *Request, m *exemplar.OptionCall) *Value {
	own := t.Gated || !anchor.StartsBlock(t.Place)
	name := p.ownName(t, t.Model, own)
	return &Value{Name: name, Own: own, Declare: declText(t.Style, m, name)}
}

// existing is a variable that is 1 at the place already, one of the function's or of the
// file's, nil without one.
func (p *Chooser) existing(t *Request, here []ctree.Arm) *Value {
	fn := t.Spot.Func
	for _, l := range ctree.Locals(fn) {
		v, ok := ctree.Visible(fn, t.Place.List, t.Place.Offset, l.Decl.Name)
		if ok && v.Decl == l.Decl && p.HoldsInt(fn, l.Decl) && !exemplar.NamesOtherOption(l.Decl.Name) &&
			(l.Decl.Type.Const || !ctree.DecidesCondition(fn, l.Decl.Name) || t.setForNext(l.Decl.Name)) &&
			(ctree.ConstantOne(fn, l) && (l.Decl.Type.Const || exemplar.GenericName(l.Decl.Name) || onlyLent(fn, l.Decl.Name)) ||
				ctree.AssignedOne(fn, t.Place.List, t.Place.Offset, l) ||
				exemplar.GenericName(l.Decl.Name) && ctree.InitialOne(fn, t.Place.List, t.Place.Offset, l)) && ctree.Within(here, ctree.Arms(t.Spot.File, l.Stmt.Pos)) {
			return &Value{Name: l.Decl.Name, Const: l.Decl.Type.Const}
		}
	}
	if v, ok := p.fileValue(t, t.Model); ok {
		return v
	}
	return nil
}

// onlyLent reports whether a function never uses the number that a variable holds: it passes the address,
// and the size. Another 1 may be a descriptor, or a version, that happens to be one.
func onlyLent(fn *parse.Func, name string) bool {
	used := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XSizeof || x.Kind == parse.XUnary && fn.File.Src[x.Pos] == '&' {
					return false
				}
				used = used || x.Kind == parse.XIdent && x.Name == name
				return !used
			})
		})
		return !used
	})
	return !used
}

// setForNext reports whether a variable was given its 1 for the next option of the descriptor.
func (t *Request) setForNext(name string) bool {
	return t.Near && t.Model != nil && t.Model.Value == name && t.Model.Call.Pos > t.Place.Offset &&
		ctree.JustSet(t.Spot.Func, t.Place.List, t.Place.Offset, name)
}

// modelDecl is how the model declares its variable, as far as that fits the place, or the
// model's variable itself.
func (p *Chooser) modelDecl(t *Request, here []ctree.Arm) (how DeclKind, v *Value) {
	fn, m := t.Spot.Func, t.Model
	how = DeclTop
	if m != nil {
		how = DeclKindOf(m)
		if v, ok := ctree.Visible(m.Func, m.Stmt.Parent, m.Call.Pos, m.Value); ok && v.Stmt != nil && t.Near && inBracesOfItsOwn(v.Stmt, m) {
			how = DeclOwn // though it assigns the value
		}
		if m.File != t.Spot.File && how == DeclOwn &&
			(!p.mostlyOwn() || t.beside(m) && ctree.Dir(m.File.Path) != ctree.Dir(t.Spot.File.Path)) {
			how = DeclTop
		}
		if v, ok := p.siblingValue(t, here); ok {
			return how, v
		}
		if how == DeclScratch && m.Value != "" && !exemplar.NamesOtherOption(m.Value) {
			if v, ok := ctree.Visible(fn, t.Place.List, t.Place.Offset, m.Value); ok && takesOne(v.Decl) && v.Stmt != nil &&
				!v.Decl.Type.Const && ctree.Dead(fn, t.Place.List, t.Place.After, m.Value) &&
				(m.Func.Start == fn.Start && m.File == t.Spot.File || exemplar.GenericName(m.Value) || !takesResults(fn, m.Value)) {
				return how, &Value{Name: m.Value, Assign: assignText(m)}
			}
			how = DeclTop
		}
	}
	if how == DeclTop && (m == nil || m.Func.Start != fn.Start || m.File != t.Spot.File) && (ctree.DeclaresLate(fn) ||
		t.Spot.Stmt.Parent != fn.Body() && t.splitsCheck(t.Spot.Stmt) && hasMixedDecl(t.Spot.Stmt.Parent)) {
		how = DeclMid
	}
	return how, nil
}

// hasMixedDecl reports whether a list declares among its statements.
func hasMixedDecl(list *parse.Stmt) bool {
	return list != nil && slices.ContainsFunc(list.List, func(s *parse.Stmt) bool { return s.Kind == parse.SDecl && s.IsMixedDecl() })
}

// takesResults reports whether a function keeps in a variable what calls return: one of
// another function by that name may be for something else.
func takesResults(fn *parse.Func, name string) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		for _, d := range s.Decls {
			found = found || d.Name == name && d.Init != nil && d.Init.Strip().Kind == parse.XCall
		}
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				found = found || x.Kind == parse.XAssign && ctree.IsLvalue(fn.File, x.X, name) &&
					x.Y.Strip() != nil && x.Y.Strip().Kind == parse.XCall
				return !found
			})
		})
		return !found
	})
	return found
}

// listAround is the list of statements that takes a declaration before the block.
func (t *Request) listAround() *parse.Stmt {
	around := t.Place.List
	if t.Place.Braces != nil { // the list that its if stands in
		for around = around.Parent; around.Parent != nil && around.Kind != parse.SBlock; {
			around = around.Parent
		}
	}
	return around
}

// planned is what another block of the function declares, nil where this one does not see
// it; then own is the key for a declaration of its own.
func (t *Request) planned(how DeclKind, key string) (v *Value, own string) {
	guards := ctree.GuardsAt(t.Spot.File, t.Place.Offset)
	if how == DeclScratch {
		return nil, key
	}
	own = key
	for _, k := range append([]string{underGuards(key, nil), key, underGuards(key, guards)}, innerKeys(key, t.Place.List)...) {
		v := t.Planned[k]
		if v == nil || v.Edit.Start > t.Place.Offset || how == DeclOwn && v.how != how {
			continue
		}
		if ctree.Covers(guards, []ctree.GuardSet{ctree.GuardsAt(t.Spot.File, v.Edit.Start)}) {
			return v, own
		}
		if k == own {
			own = underGuards(own, guards) // another arm has it: this one gets its own
		}
	}
	return nil, own
}

// takesOne reports whether a variable that another option uses holds a 1 as an int does.
func takesOne(d *parse.Decl) bool {
	if t := d.Type; t != nil && (t.Base == "unsigned int" || t.Base == "unsigned") {
		return t.Ptr == 0 && !t.Array && !t.Func
	}
	return ctree.IsPlainInt(d)
}

// underGuards is the key of a declaration that a function has under some #if
// conditions only.
func underGuards(key string, guards ctree.GuardSet) string {
	return key + "\x00#" + strings.Join(slices.Sorted(maps.Keys(guards)), "\x00")
}

// innerKeys are those of the declarations that a function's inner lists begin
// with, the list itself first.
func innerKeys(key string, list *parse.Stmt) (keys []string) {
	for ; list != nil; list = list.Parent {
		keys = append(keys, key+"\x00"+strconv.Itoa(list.Pos))
	}
	return keys
}

// siblingValue is the variable that the model on the same descriptor uses, when
// it switches an option on with a value that is there already.
func (p *Chooser) siblingValue(t *Request, here []ctree.Arm) (*Value, bool) {
	m, fn := t.Model, t.Spot.Func
	if !t.Near || !knowledge.SwitchedOptions[m.Opt] || m.Call.Pos < t.Place.Offset || exemplar.NamesOtherOption(m.Value) {
		return nil, false
	}
	l, ok := ctree.Visible(fn, t.Place.List, t.Place.Offset, m.Value)
	at, ok2 := ctree.Visible(fn, m.Stmt.Parent, m.Call.Pos, m.Value)
	if !ok || !ok2 || l.Decl != at.Decl || !p.HoldsInt(fn, l.Decl) || l.Stmt == nil ||
		!ctree.Within(here, ctree.Arms(t.Spot.File, l.Stmt.Pos)) {
		return nil, false
	}
	if v, num := ctree.Number(l.Decl.Init); l.Decl.Init == nil || !num || v != 1 {
		return nil, false
	}
	// Not changed before the model's call, in the order of the text: nothing
	// may jump back between the declaration and the call.
	for s := t.Place.List; s != nil; s = s.Parent {
		switch s.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro:
			return nil, false
		}
	}
	changedBefore := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos < m.Call.Pos {
			s.Exprs(func(e *parse.Expr) {
				changedBefore = changedBefore || e.Pos < m.Call.Pos && e != l.Decl.Init && ctree.ChangedIn(e, m.Value)
			})
		}
		return !changedBefore
	})
	if changedBefore {
		return nil, false
	}
	return &Value{Name: m.Value, Const: l.Decl.Type.Const}, true
}

// mostlyOwn reports whether the project declares the values of its options in
// blocks of their own.
func (p *Chooser) mostlyOwn() bool {
	own, other := 0, 0
	for _, f := range p.Files {
		for _, h := range p.OptionCalls(f) {
			if v, ok := ctree.Visible(h.Func, h.Stmt.Parent, h.Call.Pos, h.Value); ok && ctree.IsPlainInt(v.Decl) {
				ctree.Count(DeclKindOf(h) == DeclOwn, &own, &other)
			}
		}
	}
	return own > other
}

// innerName is a name for a block of its own: names of other inner blocks do
// not count as taken.
func (p *Chooser) innerName(t *Request, m *exemplar.OptionCall) string {
	var names []string
	if m != nil && exemplar.GenericName(m.Value) {
		names = append(names, m.Value)
	}
	fn := t.Spot.Func
	for _, n := range append(names, "on", "keepalive", "one") {
		if _, ok := ctree.Visible(fn, t.Place.List, fn.End, n); !ok && !p.takenOutside(fn, n) {
			return n
		}
	}
	return p.freeName(fn, m)
}

// ownName is a name for a declaration before the call, in braces of its own
// or at the start of those that are there.
func (p *Chooser) ownName(t *Request, m *exemplar.OptionCall, braces bool) string {
	if !braces {
		if n := p.listName(t, m); n != "" {
			return n
		}
	}
	return p.innerName(t, m)
}

// listName is a name for a declaration among the statements of the block's list:
// one that no other block of that list declares, since it would shadow this one.
func (p *Chooser) listName(t *Request, m *exemplar.OptionCall) string {
	first := p.innerName(t, m)
	for _, n := range []string{first, "on", "keepalive", "one", "optval", "enable"} {
		if _, ok := ctree.Visible(t.Spot.Func, t.Place.List, t.Spot.Func.End, n); !ok &&
			!ctree.DeclaredWithin(t.Place.List, n) && !p.takenOutside(t.Spot.Func, n) {
			return n
		}
	}
	return ""
}

// freeName is the model's name where it fits, else the first usual one that
// means nothing yet.
func (p *Chooser) freeName(fn *parse.Func, m *exemplar.OptionCall) string {
	var names []string
	if m != nil {
		if exemplar.GenericName(m.Value) {
			names = append(names, m.Value)
		} else if exemplar.NamesOtherOption(m.Value) {
			names = append(names, "keepalive")
		}
	}
	for _, n := range append(names, "on", "keepalive", "one", "optval", "enable", "so_keepalive") {
		if !p.taken(fn, n) {
			return n
		}
	}
	return "keepalive_on"
}
