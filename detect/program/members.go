package program

import (
	"slices"
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
	for _, u := range p.FilesDefiningType(base[strings.LastIndexByte(base, ' ')+1:]) {
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
	return p.memberRefs.Get(membersKey{name: name}, func() (out []MemberRef) {
		for _, u := range p.FilesAccessing(name) {
			out = append(out, p.membersIn(u, name, memberUse)...)
		}
		return out
	})
}

// MembersOf returns of Members those that can be of the struct with that key, and all
// that stand in the file home. Of others it may return some: those of macros are among
// them. The files that cannot know the struct are not read, and in those that can the
// functions that do not touch it.
func (p *Program) MembersOf(owner, name string, home *File) []MemberRef {
	files := p.FilesAccessing(name)
	if owner == "?" || len(files) <= fewFiles || p.declaring(owner) > len(files)/2 {
		return p.Members(name)
	}
	k := p.knownBy(owner)
	if k == nil {
		return p.Members(name)
	}
	return p.memberRefs.Get(membersKey{owner, name, home}, func() (out []MemberRef) {
		behind := p.indexed(token.NestedMemberHash(name))
		for _, m := range k.members {
			behind = MergeFiles(behind, p.indexed(token.PairHash(m, name)))
		}
		for _, u := range files {
			switch {
			case u == home:
				out = append(out, p.membersIn(u, name, memberUse)...)
			case contains(k.files, u):
				out = append(out, k.membersIn(u, name, memberUse)...)
			case contains(behind, u):
				out = append(out, k.membersIn(u, name, nestedMemberUse)...)
			}
		}
		return out
	})
}

// fewFiles is how many files are read rather than those that say what the struct is.
const fewFiles = 64

// membersKey is what is asked of members: those of a name, of a struct, in one file.
type membersKey struct {
	owner, name string
	home        *File
}

// MembersIn returns the member expressions of that name in a file.
func (p *Program) MembersIn(u *File, name string) []MemberRef { return p.membersIn(u, name, memberUse) }

func (p *Program) membersIn(u *File, name string, kind UseKind) []MemberRef {
	return p.fileMembers.Get(fileMembersKey{u, name, kind}, func() (out []MemberRef) {
		funcs, _ := u.FuncsUsing(name, kind)
		return membersNamed(funcs, name)
	})
}

// membersNamed returns the member expressions of that name in functions.
func membersNamed(funcs []*FuncInfo, name string) (out []MemberRef) {
	for _, fi := range funcs {
		for e := range fi.Named(name) {
			if e.Kind == parse.XMember {
				out = append(out, MemberRef{fi, e, fi.OwnerKey(e), isWritten(e)})
			}
		}
	}
	return out
}

type fileMembersKey struct {
	u    *File
	name string
	kind UseKind
}

// known is where a struct is known.
type known struct {
	words   []string // the names of its type, and of the variables at file scope that have it
	files   []*File  // that name one of them
	members []string // that have it
}

// knownBy returns where the struct with that key is known, nil where that does not tell
// much: it has no name, or is used everywhere.
func (p *Program) knownBy(owner string) *known {
	return p.knownStructs.Get(owner, func() *known {
		types := p.NamesOf(owner)
		if len(types) == 0 || p.filesDeclaringOf(types) > maxKnown {
			return nil
		}
		k := &known{}
		words := types
		add := func(list *[]string, name string) {
			if !slices.Contains(*list, name) {
				*list = append(*list, name)
			}
		}
		for _, w := range types {
			files := MergeFiles(p.indexed(token.TypedHash(w)), p.indexed(token.FieldHash(w)))
			EachDecl(files, w, func(d *parse.Decl) {
				if named(d.Type.Base, w) && !d.Typedef {
					add(&words, d.Name)
				}
				EachField(d, func(m *parse.Decl) {
					if named(m.Type.Base, w) {
						add(&k.members, m.Name)
					}
				})
			})
		}
		if len(words)+len(k.members) > maxKnown {
			return nil
		}
		k.words = words
		for _, w := range words {
			k.files = MergeFiles(k.files, p.FilesNaming(w))
		}
		if s := p.StructAt(owner); s != nil {
			k.files = MergeFiles(k.files, []*File{p.FileAt(s.File)})
		}
		return k
	})
}

// membersIn returns the member expressions of that name in a file, without those in functions
// of which every one is the member of something else, as their words tell: it stands after a
// variable, and the function has no word that could make that one of the type, or after a member
// that has another one. Most names of members are those of several structs, and the trees of
// functions are what takes most of the memory.
func (k *known) membersIn(u *File, name string, kind UseKind) []MemberRef {
	f := u.Tree()
	var places []int32 // of the words
	for _, w := range k.words {
		places = append(places, f.Idents(w)...)
	}
	slices.Sort(places)
	isMacro := func(t token.Token) bool { return len(u.Prog.FilesWithMacro(f.Text(t))) > 0 }
	funcs, _ := u.funcsUsing(name, kind, func(fn *parse.Func, i int) bool {
		if i < 2 || f.Toks[i].Bol || f.Toks[i-1].Bol || f.Toks[i-2].Kind != token.Ident {
			return true
		}
		of := f.Toks[i-2]
		if i > 2 && (f.Toks[i-3].Op == token.Dot || f.Toks[i-3].Op == token.Arrow) {
			return slices.Contains(k.members, f.Text(of)) || isMacro(of)
		}
		n, _ := slices.BinarySearchFunc(places, fn.Start, func(at int32, start int) int { return int(f.Toks[at].Off) - start })
		return n < len(places) && int(f.Toks[places[n]].Off) < fn.End || isMacro(of)
	})
	return membersNamed(funcs, name)
}

// maxKnown is how many files are read, and words looked for, at most, to find the files
// that know a struct: all files that use a member of its name are read otherwise.
const maxKnown = 256

// declaring is about how many files have to be read to know where the struct with that
// key is known.
func (p *Program) declaring(owner string) int {
	return p.declarings.Get(owner, func() int { return p.filesDeclaringOf(p.ownNames(owner)) })
}

// filesDeclaringOf is how many files may declare something of a struct of these names.
func (p *Program) filesDeclaringOf(names []string) (n int) {
	for _, w := range names {
		n += len(p.indexed(token.NamedHash(w))) + len(p.indexed(token.TypedHash(w))) + len(p.indexed(token.FieldHash(w)))
	}
	return n
}

// ownNames returns the names that its own file gives the struct with that key.
func (p *Program) ownNames(owner string) (list []string) {
	s := p.StructAt(owner)
	if s == nil {
		return []string{owner[strings.LastIndexByte(owner, ' ')+1:]}
	}
	if s.Tag != "" {
		list = append(list, s.Tag)
	}
	for _, d := range s.File.Decls() {
		if d.Typedef && d.Type.Def == s {
			list = append(list, d.Name)
		}
	}
	return list
}

// NamesOf adds those that typedefs anywhere give it.
func (p *Program) NamesOf(owner string) []string {
	list := p.ownNames(owner)
	for i := 0; i < len(list); i++ { // the list grows
		EachDecl(p.indexed(token.NamedHash(list[i])), list[i], func(d *parse.Decl) {
			if d.Typedef && named(d.Type.Base, list[i]) && !slices.Contains(list, d.Name) {
				list = append(list, d.Name)
			}
		})
	}
	return list
}

// EachDecl calls visit for the declarations at file scope in which a name occurs.
func EachDecl(files []*File, name string, visit func(d *parse.Decl)) {
	for _, u := range files {
		for _, d := range u.Tree().DeclsNaming(name) {
			visit(d)
		}
	}
}

// EachField calls visit for the members of the struct that a declaration defines, and
// for those within.
func EachField(d *parse.Decl, visit func(m *parse.Decl)) {
	if d.Type.Def == nil {
		return
	}
	for _, m := range d.Type.Def.Fields {
		visit(m)
		EachField(m, visit)
	}
}

// named reports whether the last word of a type is that name.
func named(base, name string) bool { return base[strings.LastIndexByte(base, ' ')+1:] == name }

// StructAt returns the struct that has a key, nil where the tree does not define it.
func (p *Program) StructAt(key string) *parse.Struct {
	s, _ := p.structsByKey.Load(key)
	t, _ := s.(*parse.Struct)
	return t
}

// contains reports whether a list in order of path has a file.
func contains(list []*File, u *File) bool {
	_, ok := slices.BinarySearchFunc(list, u.index, func(v *File, index int) int { return v.index - index })
	return ok
}

// isWritten reports whether what stands at e may change there.
func isWritten(e *parse.Expr) bool {
	x := e
	for x.Up != nil {
		up := x.Up
		switch {
		case up.Kind == parse.XParen || up.Kind == parse.XCast, up.Kind == parse.XMember,
			up.Kind == parse.XIndex && up.X == x, up.Kind == parse.XUnary && up.Op == token.Mul:
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
