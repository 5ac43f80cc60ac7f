package rewrite

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// value is the variable whose address setsockopt gets.
type value struct {
	name    string
	konst   bool
	declare string     // declaration inside the block, "" when there is none
	own     bool       // in a block of its own
	assign  string     // statement that sets a variable of the function to 1
	edit    *edit.Edit // declaration elsewhere in the function
	key     string     // of that declaration, for sharing it
	guarded bool       // that declaration stands in an #ifdef SO_KEEPALIVE
	how     declKind
	mid     string // the list that takes declare among its statements
}

const (
	declTop     declKind = iota // with the function's other variables
	declOwn                     // in a block around the call
	declMid                     // right in front of the call
	declScratch                 // a variable at hand is set to 1 first
)

// chooseValue finds or makes the variable.
func (p *composer) chooseValue(t *target, id *idiom, gated bool, planned map[string]*value) *value {
	fn := t.sp.fn
	here := arms(t.sp.file, t.pl.at)
	if t.without.ownVar {
		m := id.model
		name := innerName(t, m)
		return &value{name: name, own: gated || !startsBlock(t.pl), declare: p.declText(t.st, nil, name)}
	}
	// One that the function has already.
	for _, l := range locals(fn) {
		v, ok := visible(fn, t.pl.list, t.pl.at, l.decl.Name)
		if ok && v.decl == l.decl && !forAnother(l.decl.Name) && (constantOne(fn, l) || assignedOne(fn, t.pl.list, t.pl.at, l)) && within(here, arms(t.sp.file, l.stmt.Pos)) {
			return &value{name: l.decl.Name, konst: l.decl.Type.Const}
		}
	}
	key := t.sp.file.Path + "\x00" + fn.Name + "\x00" + strconv.Itoa(fn.BodyPos)
	m := id.model
	how := declTop
	if m != nil {
		how = p.declKindOf(m)
		if m.file != t.sp.file && how == declOwn && (!p.mostlyOwn() || t.beside(m) && folder(m.file.Path) != folder(t.sp.file.Path)) {
			how = declTop
		}
		if v, ok := p.siblingValue(t, id, here); ok {
			return v
		}
		if how == declScratch && m.value != "" && !forAnother(m.value) {
			if v, ok := visible(fn, t.pl.list, t.pl.at, m.value); ok && isPlainInt(v.decl) && v.stmt != nil && !v.decl.Type.Const && dead(fn, t.pl.list, t.pl.after, m.value) {
				return &value{name: m.value, assign: p.assignText(m)}
			}
			how = declTop
		}
	}
	if how == declTop && (m == nil || m.fn.Start != fn.Start || m.file != t.sp.file) && declaresLate(fn) {
		how = declMid
	}
	around := t.pl.list
	if t.pl.braces != nil { // the list that its if stands in
		for around = around.Parent; around.Parent != nil && around.Kind != parse.SBlock; {
			around = around.Parent
		}
	}
	list := key + "\x00" + strconv.Itoa(around.Pos)
	if how == declMid && !gated && p.mids[list] > 1 {
		how = declTop // once for all of them
	}
	guards := guardsAt(t.sp.file, t.pl.at)
	if how != declScratch {
		for _, k := range append([]string{key, underGuards(key, guards)}, innerKeys(key, t.pl.list)...) {
			v := planned[k]
			if v == nil || v.edit.Start > t.pl.at || how != declTop && v.how != how {
				continue
			}
			if covers(guards, []guardSet{guardsAt(t.sp.file, v.edit.Start)}) {
				return v
			}
			if k == key {
				key = underGuards(key, guards) // another arm has it: this one gets its own
			}
		}
	}
	name := freeName(fn, m)
	switch {
	case how == declOwn:
		name = innerName(t, m)
		return &value{name: name, own: gated || !startsBlock(t.pl), declare: p.declText(t.st, m, name)}
	case how == declMid && mixes(fn) && (t.pl.list.Parent == nil || t.pl.list.Parent.Kind != parse.SSwitch):
		name = innerName(t, m)
		if !declaredIn(t.pl.list, name) {
			return &value{name: name, declare: p.declText(t.st, m, name), own: gated, mid: list}
		}
	}
	konst := m != nil && p.constModel(m)
	inside := t.beside(m)
	if v := p.topDecl(t, name, konst, here, inside); v != nil {
		if v.edit.Start != t.pl.at || v.key == "" {
			if v.key = key; inside {
				v.key = innerKeys(key, t.pl.list)[0]
			}
		}
		v.how = declTop
		t.guardDecl(id, v)
		return v
	}
	return &value{name: name, own: gated || !startsBlock(t.pl), declare: t.st.one(name, konst), konst: konst}
}

// underGuards is the key of a declaration that a function has under some #if
// conditions only.
func underGuards(key string, guards guardSet) string {
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
func (p *composer) siblingValue(t *target, id *idiom, here []arm) (*value, bool) {
	m, fn := id.model, t.sp.fn
	if !id.near || !switches[m.opt] || m.call.Pos < t.pl.at {
		return nil, false
	}
	l, ok := visible(fn, t.pl.list, t.pl.at, m.value)
	at, ok2 := visible(fn, m.stmt.Parent, m.call.Pos, m.value)
	if !ok || !ok2 || l.decl != at.decl || !isPlainInt(l.decl) || l.stmt == nil || !within(here, arms(t.sp.file, l.stmt.Pos)) {
		return nil, false
	}
	if v, num := number(l.decl.Init); l.decl.Init == nil || !num || v != 1 {
		return nil, false
	}
	// Not changed before the model's call, in the order of the text: nothing
	// may jump back between the declaration and the call.
	for s := t.pl.list; s != nil; s = s.Parent {
		switch s.Kind {
		case parse.SWhile, parse.SFor, parse.SDo, parse.SMacro:
			return nil, false
		}
	}
	changedBefore := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Pos < m.call.Pos {
			s.Exprs(func(e *parse.Expr) {
				changedBefore = changedBefore || e.Pos < m.call.Pos && e != l.decl.Init && changedIn(e, m.value)
			})
		}
		return !changedBefore
	})
	if changedBefore {
		return nil, false
	}
	return &value{name: m.value, konst: l.decl.Type.Const}, true
}

// mostlyOwn reports whether the project declares the values of its options in
// blocks of their own.
func (p *composer) mostlyOwn() bool {
	own, other := 0, 0
	for _, f := range p.files {
		for _, h := range p.habitsOf(f) {
			if v, ok := visible(h.fn, h.stmt.Parent, h.call.Pos, h.value); ok && isPlainInt(v.decl) {
				count(p.declKindOf(h) == declOwn, &own, &other)
			}
		}
	}
	return own > other
}

// innerName is a name for a block of its own: names of other inner blocks do
// not count as taken.
func innerName(t *target, m *habit) string {
	var names []string
	if m != nil && genericName(m.value) {
		names = append(names, m.value)
	}
	fn := t.sp.fn
	for _, n := range append(names, "on", "keepalive", "one") {
		if _, ok := visible(fn, t.pl.list, fn.End, n); !ok && !takenOutside(fn, n) {
			return n
		}
	}
	return freeName(fn, m)
}

// freeName is the model's name where it fits, else the first usual one that
// means nothing yet.
func freeName(fn *parse.Func, m *habit) string {
	var names []string
	if m != nil {
		if genericName(m.value) {
			names = append(names, m.value)
		} else if forAnother(m.value) {
			names = append(names, "keepalive")
		}
	}
	for _, n := range append(names, "on", "keepalive", "one", "optval", "enable", "so_keepalive") {
		if !taken(fn, n) {
			return n
		}
	}
	return "keepalive_on"
}
