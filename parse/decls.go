package parse

import (
	"slices"
	"sort"
	"sync"

	"github.com/keepatch/keepatch/parse/token"
)

// fileDecls are the external declarations of a file, each read when somebody
// asks for a name in it: of a header with a thousand of them few are ever asked for.
type fileDecls struct {
	items [][]token.Token // in order of the passes that have them

	mu     sync.Mutex
	read   [][]*Decl        // by item, nil before it is read
	common map[string][]int // items by a name that the file has often

	allOnce sync.Once
	all     []*Decl

	orderOnce sync.Once
	order     []int32 // the items by where they begin
	reach     []int32 // for each of order, the last end up to it
}

// Decls returns the file's external declarations over all passes: variables,
// typedefs, structs (as declarations without a name), enumerators, prototypes.
func (f *File) Decls() []*Decl {
	d := &f.decls
	d.allOnce.Do(func() {
		for i := range d.items {
			d.all = append(d.all, f.itemDecls(i)...)
		}
	})
	return d.all
}

// DeclsNaming returns those in whose text a name occurs, in the same order. All
// that one declaration declares comes with it: the enumerators of an enum.
func (f *File) DeclsNaming(name string) (out []*Decl) {
	for _, item := range f.itemsNaming(name) {
		out = append(out, f.itemDecls(item)...)
	}
	return out
}

// often is how many times a file has a name that is likely to be asked for again.
const often = 64

// itemsNaming are the declarations in whose text a name occurs.
func (f *File) itemsNaming(name string) []int {
	d := &f.decls
	if len(d.items) == 0 {
		return nil
	}
	d.mu.Lock()
	hits, ok := d.common[name]
	d.mu.Unlock()
	if ok {
		return hits
	}
	d.orderOnce.Do(d.sort)
	idents := f.Idents(name)
	for _, i := range idents {
		off := f.Toks[i].Off
		n := sort.Search(len(d.order), func(k int) bool { return d.items[d.order[k]][0].Off > off })
		for n--; n >= 0 && d.reach[n] > off; n-- {
			if item := int(d.order[n]); last(d.items[item]).End > off {
				hits = append(hits, item)
			}
		}
	}
	slices.Sort(hits)
	hits = slices.Compact(hits)
	if len(idents) > often {
		d.mu.Lock()
		if d.common == nil {
			d.common = map[string][]int{}
		}
		d.common[name] = hits
		d.mu.Unlock()
	}
	return hits
}

// sort makes the items findable by offset.
func (d *fileDecls) sort() {
	d.order = make([]int32, len(d.items))
	for i := range d.order {
		d.order[i] = int32(i)
	}
	sort.SliceStable(d.order, func(i, k int) bool { return d.items[d.order[i]][0].Off < d.items[d.order[k]][0].Off })
	d.reach = make([]int32, len(d.items))
	end := int32(0)
	for k, item := range d.order {
		end = max(end, last(d.items[item]).End)
		d.reach[k] = end
	}
}

func last(toks []token.Token) token.Token { return toks[len(toks)-1] }

// itemDecls reads one item.
func (f *File) itemDecls(i int) []*Decl {
	d := &f.decls
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.read == nil {
		d.read = make([][]*Decl, len(d.items))
	}
	if d.read[i] == nil {
		q := &parser{f: f, toks: d.items[i], room: f.rooms.take()}
		list := append([]*Decl{}, q.declaration(true)...)
		f.rooms.put(q.room)
		list = append(list, q.enums...)
		for _, x := range list {
			x.Init.link(nil, nil)
		}
		d.read[i] = list
	}
	return d.read[i]
}

// DeclaresAt reports whether token i is, by what stands before it, the name of a parameter, or of a
// member that an initializer fills.
func (f *File) DeclaresAt(i int) bool {
	if i < 2 {
		return i == 1
	}
	switch prev := f.Toks[i-1]; prev.Op {
	case token.Dot:
		return f.Toks[i-2].Op == token.LBrace || f.Toks[i-2].Op == token.Comma
	case token.Mul:
		return true
	default:
		return prev.Kind == token.Ident || prev.Kind == token.Keyword
	}
}
