package program

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
	"github.com/keepatch/keepatch/detect/value"
	"github.com/keepatch/keepatch/parse"
)

// FieldInit returns the value that a braced initializer of a struct gives to
// a member, nil when it gives none.
func (fi *FuncInfo) FieldInit(init *parse.Expr, base, name string) *parse.Expr {
	desig := false
	for _, a := range init.Args {
		if a.Kind == parse.XDesig && a.Name != "" {
			desig = true
			if a.Name == name {
				return a.X
			}
		}
	}
	if desig {
		return nil
	}
	if fs := knowledge.KnownMembers[strings.TrimPrefix(base, "struct ")]; fs != nil {
		for i, f := range fs {
			if f == name && i < len(init.Args) {
				return init.Args[i]
			}
		}
		return nil
	}
	s := fi.File.Prog.StructOf(fi.File, base)
	if s == nil {
		return nil
	}
	for i, f := range s.Fields {
		if f.Name == name && i < len(init.Args) && init.Args[i].Kind != parse.XDesig {
			return init.Args[i]
		}
	}
	return nil
}

// StructKeyOr returns the key of the struct that base names in u, UnknownStruct if the type is not known.
func (p *Program) StructKeyOr(u *File, base string) string {
	if base == "" {
		return UnknownStruct
	}
	return p.StructKey(u, base)
}

// Initializer is a value in a braced initializer.
type Initializer struct {
	In   *FuncInfo
	Expr *parse.Expr
}

// OmitsMember reports whether the braces of a row leave a member out on purpose,
// which makes it zero (C11 6.7.9p21). A row of zeros does not: it ends a table, or
// clears an object that is filled later.
func (fi *FuncInfo) OmitsMember(row *parse.Expr, base, name string) bool {
	desig, some := 0, false
	for _, a := range row.Args {
		x := a
		if a.Kind == parse.XDesig {
			if a.Name == "" || a.Name == name {
				return false
			}
			desig, x = desig+1, a.X
		}
		if x != nil && value.ConstName(x) != "0" && value.ConstName(x) != "NULL" {
			some = true
		}
	}
	if !some || desig == len(row.Args) {
		return some
	}
	s := fi.File.Prog.StructOf(fi.File, base)
	if s == nil || desig > 0 {
		return false
	}
	for i, f := range s.Fields {
		if f.Name == name {
			return i >= len(row.Args)
		}
	}
	return false
}

// Initializers returns the values that initialized objects of the struct give
// to the member.
func (p *Program) Initializers(from *File, key, base, name string) []Initializer {
	var out []Initializer
	for _, row := range p.RowsOf(from, key, base) {
		if x := row.In.FieldInit(row.Expr, base, name); x != nil {
			out = append(out, Initializer{row.In, x})
		}
	}
	return out
}

// RowsOf returns the braced initializers of all objects of the struct, those
// of an array one by one.
func (p *Program) RowsOf(from *File, key, base string) []Initializer {
	if base == "" {
		return nil
	}
	var units []*File
	if strings.HasPrefix(base, "struct@") {
		units = []*File{from}
	}
	for _, word := range p.typeNames(from, base) {
		units = MergeFiles(units, p.FilesInitializing(word))
	}
	var out []Initializer
	for _, u := range units {
		host := &FuncInfo{Func: &parse.Func{File: u.Tree()}, File: u}
		for _, d := range u.Filled() {
			b, _ := DeclType(d)
			if b == "" || IsBuiltin(b) || p.StructKey(u, b) != key {
				continue
			}
			elems := []*parse.Expr{d.Init}
			if d.Type.Array {
				elems = p.elements(u, d, b)
			}
			for _, el := range elems {
				if el.Kind == parse.XDesig {
					el = el.X
				}
				if el == nil || el.Kind != parse.XInit {
					continue
				}
				out = append(out, Initializer{host, el})
			}
		}
	}
	return out
}

// elements returns the elements of an array's initializer, each in braces: C lets
// those of the inner ones be left out. Only tables with kinds of sockets are worth
// the trouble.
func (p *Program) elements(u *File, d *parse.Decl, base string) []*parse.Expr {
	list := d.Init.Args
	s := p.StructOf(u, base)
	if s == nil || s.Union || len(s.Fields) == 0 {
		return list
	}
	kinds := false
	for _, e := range list {
		if e.Kind == parse.XInit || e.Kind == parse.XDesig {
			return list
		}
		c := value.ConstName(e)
		kinds = kinds || knowledge.InetDomains[c] || knowledge.OtherDomains[c] || knowledge.StreamTypes[c] || knowledge.OtherTypes[c]
	}
	if !kinds {
		return list
	}
	for _, m := range s.Fields {
		if m.Type.Array || m.Type.Def != nil && m.Type.Ptr == 0 {
			return list
		}
	}
	var out []*parse.Expr
	for n := len(s.Fields); len(list) > 0; {
		n = min(n, len(list))
		out = append(out, &parse.Expr{Kind: parse.XInit, Pos: list[0].Pos, End: list[n-1].End, Args: list[:n:n]})
		list = list[n:]
	}
	return out
}

// typeNames returns the names under which objects of a type may be declared:
// its own, its tag, and those of the same typedef, of which one may be that of a
// pointer to it.
func (p *Program) typeNames(from *File, base string) []string {
	var out []string
	if word := base[strings.LastIndexByte(base, ' ')+1:]; !strings.HasPrefix(base, "struct@") {
		out = append(out, word)
	}
	s := p.StructOf(from, base)
	if s == nil {
		return out
	}
	return append(out, p.synonyms.Get(s, func() (names []string) {
		if s.Tag != "" {
			names = append(names, s.Tag)
		}
		for _, d := range s.File.Decls() {
			if d.Typedef && (d.Type.Def == s || s.Tag != "" && d.Type.Base == "struct "+s.Tag) {
				names = append(names, d.Name)
			}
		}
		return names
	})...)
}
