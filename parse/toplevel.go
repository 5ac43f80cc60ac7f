package parse

import (
	"slices"
	"sort"
	"sync"

	"github.com/keepatch/keepatch/parse/token"
)

type lazy = sync.Once

// item is one external declaration that is no function definition.
type item struct{ from, to int } // token range in the pass, the semicolon included

// textKey tells texts of tokens apart.
type textKey struct {
	start, n int
	sum      uint64
}

func keyOf(runs ...[]token.Token) textKey {
	k := textKey{}
	for _, toks := range runs {
		if k.n == 0 && len(toks) > 0 {
			k.start = int(toks[0].Off)
		}
		k.n += len(toks)
		for _, t := range toks {
			k.sum = k.sum*1099511628211 + uint64(t.Off)
		}
	}
	return k
}

// splitAll finds the functions and declarations of every pass and keeps each
// text once.
func (f *File) splitAll() {
	k := keeper{f: f}
	tmp := f.tmp
	tmp.first = f.Collect(f.Selections[0], 0, len(f.Toks), token.Room(tmp.first, len(f.Toks)))
	s := splitter{f: f, toks: tmp.first}
	s.split()
	if len(f.Selections) > 1 {
		k.funcs, k.items = map[textKey]bool{}, map[textKey]bool{}
	}
	k.keep(&s)
	if len(f.Selections) > 1 {
		d := newDeltas(f, &s)
		for n, p := range f.Selections[1:] {
			tmp.later = d.split(p, n+1, &k, tmp.later[:0])
		}
	}
	for _, m := range f.Macros {
		if fn := m.function(f); fn != nil {
			f.Funcs = append(f.Funcs, fn)
		}
	}
	sort.SliceStable(f.Funcs, func(i, j int) bool { return f.Funcs[i].Start < f.Funcs[j].Start })
	f.reach = make([]int32, len(f.Funcs))
	end := 0
	for i, fn := range f.Funcs {
		end = max(end, fn.End)
		f.reach[i] = int32(end)
	}
}

// keeper enters what a splitter found into the file, each text once.
type keeper struct {
	f            *File
	funcs, items map[textKey]bool // nil for a single pass, in which no text comes twice
}

// keep takes over the finds of s.
func (k *keeper) keep(s *splitter) {
	for _, fn := range s.funcs {
		if k.funcs != nil {
			key := keyOf(fn.head, fn.body)
			if k.funcs[key] {
				continue
			}
			k.funcs[key] = true
		}
		fn.head, fn.body = k.own(fn.head), k.own(fn.body)
		k.f.Funcs = append(k.f.Funcs, fn)
	}
	for _, it := range s.items {
		toks := s.toks[it.from:it.to]
		if k.items != nil {
			key := keyOf(toks)
			if k.items[key] {
				continue
			}
			k.items[key] = true
		}
		k.f.decls.items = append(k.f.decls.items, k.own(toks))
	}
}

// own returns tokens of a pass, which are in memory that is used again, as part
// of the file's where no directive stands between them, else a copy.
func (k *keeper) own(toks []token.Token) []token.Token {
	n := len(toks)
	if n == 0 {
		return nil
	}
	all := k.f.Toks[k.f.TokAt(int(toks[0].Off)):]
	if n <= len(all) && all[n-1].Off == toks[n-1].Off {
		return all[:n:n]
	}
	return slices.Clone(toks)
}

type splitter struct {
	f      *File
	toks   []token.Token
	pass   int
	funcs  []*Func
	items  []item
	rest   int     // where the tokens begin that split could make nothing of
	ends   []int32 // by opening bracket: see close
	uneven bool    // see even
}

// split walks the tokens at brace depth 0. An external declaration ends at
// its semicolon or, for a function, at the brace that closes its body.
func (s *splitter) split() {
	start := 0
	for i := 0; i < len(s.toks); {
		t := s.toks[i]
		switch t.Op {
		case token.Semi:
			s.item(start, i+1)
			i++
			start = i
		case token.Colon:
			if i++; s.isAccess(start, i-1) {
				start = i
			}
		case token.RBrace: // of extern "C", or one too many
			i++
			start = i
		case token.LParen, token.LBrack:
			i = s.close(i)
			if i < len(s.toks) && t.Op == token.LParen {
				if j := s.oldStyle(start, i); j > 0 {
					i = j
				}
			}
		case token.LBrace:
			if i == start || s.isExternC(start, i) || s.isCxxScope(start, i) {
				i++
				start = i
				continue
			}
			end := s.close(i)
			if fn := s.function(start, i, end); fn != nil {
				s.funcs = append(s.funcs, fn)
				i = end
				start = i
				continue
			}
			if i = end; i-start > maxHead {
				start = i
			}
		default:
			i++
		}
	}
	s.rest = start
}

func (s *splitter) item(from, to int) {
	if to-from > 1 {
		s.items = append(s.items, item{from, to})
	}
}

func (s *splitter) isExternC(start, brace int) bool {
	return brace-start == 2 && s.toks[start].Op == token.KwExtern && s.toks[start+1].Kind == token.String
}

// maxHead bounds the tokens before a function's body. The longest heads of
// real code are a tenth of it.
const maxHead = 2000

// oldStyle recognises the head of a K&R definition: an identifier list, then
// declarations, then a brace. It returns the index of the brace, else 0.
func (s *splitter) oldStyle(start, i int) int {
	t := s.toks[i]
	if t.Kind != token.Ident && t.Kind != token.Keyword || t.Op == token.KwAttribute ||
		t.Op == token.KwAsm || i-start > maxHead || s.hasTypedef(start, i) {
		return 0
	}
	// Inside the parentheses: names and commas alone.
	open := s.openOf(i - 1)
	if open <= start || s.toks[open-1].Kind != token.Ident {
		return 0
	}
	names := 0
	for j := open + 1; j < i-1; j++ {
		if s.toks[j].Kind == token.Ident {
			names++
		} else if s.toks[j].Op != token.Comma {
			return 0
		}
	}
	if names == 0 {
		return 0
	}
	last := i
	for j := i; j < len(s.toks) && j < i+400; j++ {
		switch s.toks[j].Op {
		case token.LBrace:
			if j == last && j > i { // right after a semicolon
				return j
			}
			return 0
		case token.LParen, token.LBrack:
			j = s.close(j) - 1
		case token.RBrace, token.Assign:
			return 0
		case token.Semi:
			last = j + 1
		}
	}
	return 0
}

func (s *splitter) hasTypedef(from, to int) bool {
	for j := from; j < to; j++ {
		if s.toks[j].Op == token.KwTypedef {
			return true
		}
	}
	return false
}

// function makes a Func of head [start,brace) and body [brace,end), nil when
// the brace opens an aggregate or an initializer.
func (s *splitter) function(start, brace, end int) *Func {
	if brace-start > maxHead {
		return nil
	}
	group := -1 // the parameter list: the last parenthesis that is no attribute's
	depth0 := start
	for j := start; j < brace; j++ {
		switch s.toks[j].Op {
		case token.Assign:
			return nil
		case token.KwTypedef:
			return nil
		case token.LParen, token.LBrack, token.LBrace:
			if s.toks[j].Op == token.LParen && j > start {
				prev := s.toks[j-1]
				if group >= 0 && s.isNameMacro(group, j) {
					group = j
				} else if prev.Kind == token.Ident && (group < 0 || !s.isAttrMacro(group, j) || s.isResultMacro(start, group, j)) ||
					prev.Op == token.RParen && group < 0 {
					group = j
				}
			}
			k := s.close(j)
			if k > brace {
				return nil
			}
			j = k - 1
		case token.Semi:
			if group < 0 {
				depth0 = j + 1
			} else if s.toks[brace-1].Op != token.Semi {
				return nil
			}
		}
		if group >= 0 && j > group && s.toks[j].Op == token.Semi {
			break // K&R declarations follow; their parentheses are not the list
		}
	}
	if group <= depth0 {
		if group < 0 && brace == start+1 && s.toks[start].Kind == token.Ident && (end == len(s.toks) || s.toks[end].Op != token.Semi) {
			return s.nameless(start, end)
		}
		return nil
	}
	if prev := s.toks[brace-1]; prev.Op == token.KwEnum || prev.Op == token.KwStruct || prev.Op == token.KwUnion {
		return nil
	}
	name := s.toks[group-1]
	if made := group - 4; made >= depth0 && s.isNameMacro(group-3, group) {
		name = s.toks[group-2]
		if s.f.nameMacros == nil {
			s.f.nameMacros = map[string]bool{}
		}
		s.f.nameMacros[s.f.Text(s.toks[made])] = true
	} else if name.Kind != token.Ident {
		// int (*f(int))(int) or (f)(x): take the first word in the parentheses
		for j := depth0; j < group; j++ {
			if s.toks[j].Op == token.LParen {
				for k := j; k < group; k++ {
					if s.toks[k].Kind == token.Ident && name.Kind != token.Ident {
						name = s.toks[k]
					}
				}
			}
		}
		if name.Kind != token.Ident {
			return nil
		}
	}
	fn := s.define(name, depth0, brace, end)
	fn.readHead(group - depth0)
	return fn
}

// define makes a Func of the tokens from start to end.
func (s *splitter) define(name token.Token, start, brace, end int) *Func {
	fn := &Func{
		File: s.f, Name: s.f.Text(name), NamePos: int(name.Off),
		Start: int(s.toks[start].Off), BodyPos: int(s.toks[brace].Off), End: int(s.toks[end-1].End),
		Pass: s.pass, head: s.toks[start:brace:brace], body: s.toks[brace:end:end],
	}
	if s.toks[end-1].Op != token.RBrace || !s.even() && !bracesPair(s.toks[brace:end]) {
		fn.Repairs = append(fn.Repairs, Repair{fn.End, RepairBraces, fn.End})
	}
	return fn
}

// bracesPair reports whether as many braces are closed as opened.
func bracesPair(toks []token.Token) bool {
	depth := 0
	for _, t := range toks {
		switch t.Op {
		case token.LBrace:
			depth++
		case token.RBrace:
			depth--
		}
	}
	return depth == 0
}

// nameless makes a Func whose whole head is one macro: YY_DECL { ... }.
func (s *splitter) nameless(start, end int) *Func {
	fn := s.define(s.toks[start], start, start+1, end)
	fn.Result = &Type{}
	return fn
}

// isResultMacro reports whether the parenthesis at group is that of a macro which
// stands for the result type: LIB_DECLARE(int) f(int a) {, or which says something of the
// function: void matches_(func_f) f(struct x *a) {. Nothing but words such as static stand
// before it, and it is spelled as macros are, or only what stands in the parentheses at j has
// types.
func (s *splitter) isResultMacro(start, group, j int) bool {
	for j := start; j < group-1; j++ {
		if s.toks[j].Kind != token.Keyword {
			return false
		}
	}
	if isUpper(s.f.Text(s.toks[group-1])) {
		return true
	}
	lone := s.close(group) == group+3 && s.toks[group+1].Kind == token.Ident
	return lone && s.hasTypes(j+1, s.close(j)-1)
}

// hasTypes reports whether a list in parentheses begins with a parameter and its type.
func (s *splitter) hasTypes(from, to int) bool {
	if from >= to {
		return false
	}
	if s.toks[from].Kind == token.Keyword {
		return true
	}
	return s.toks[from].Kind == token.Ident && from+1 < to && (s.toks[from+1].Kind == token.Ident || s.toks[from+1].Op == token.Mul)
}

// isNameMacro reports whether the parenthesis at group is that of a macro which makes the function's
// name, before the parameter list at j: static int TRANS(Open)(int fd) {. It is spelled as macros are.
func (s *splitter) isNameMacro(group, j int) bool {
	return group > 0 && j == group+3 && s.toks[group].Op == token.LParen && s.toks[group-1].Kind == token.Ident &&
		s.toks[group+1].Kind == token.Ident && s.toks[group+2].Op == token.RParen && isUpper(s.f.Text(s.toks[group-1]))
}

// isAttrMacro reports whether the parenthesis at j, after a parameter list
// that began at group, is an attribute macro's: F(int a) UNUSED(b) {.
func (s *splitter) isAttrMacro(group, j int) bool {
	return s.close(group) == j-1
}
