package token

import (
	"bytes"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/parse/sites"
)

// Words collects the identifiers of files as hashes, without making tokens:
// one pass over the bytes tells in which files a name can occur at all. The
// zero value is ready; it is for one goroutine.
type Words struct {
	table []uint32 // open addressing; 0 is free
	list  []uint32
}

// NameHash returns the hash under which Words knows a name, never 0.
func NameHash(name string) uint32 { return hashOf(name) }

func hashOf[S string | []byte](name S) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h | 1
}

// Names are entered a second time, under a hash of their own, where they stand
// as something that the analysis asks for: a look-up then opens the files that
// can answer it and no others.
const (
	funcSalt   = 0x5bd1e994
	varSalt    = 0x2545f490
	typeSalt   = 0x38495ab4
	initSalt   = 0x61c88646
	enumSalt   = 0x7f4a7c14
	macroSalt  = 0x0c9d3aee
	aliasSalt  = 0x27d4eb2e
	memberSalt = 0x1b873592
	behindSalt = 0x68e31da4
	namedSalt  = 0x19d699a5
	typedSalt  = 0x52dce729
	fieldSalt  = 0x4f1bbcdc
	callSalt   = 0x4cf5ad42
	heldSalt   = 0x2545f491
	innerSalt  = 0x6c62272e
)

var (
	enumHash, defineHash, typedefHash = NameHash("enum"), NameHash("define"), NameHash("typedef")
	attributeHash                     = NameHash("__attribute__")
	structHash, unionHash, constHash  = NameHash("struct"), NameHash("union"), NameHash("const")
)

// FuncHash returns the hash of a name that may be that of a function or of a
// function-like macro defined here.
func FuncHash(name string) uint32 { return NameHash(name) ^ funcSalt }

// VarHash returns the hash of a name that may be declared at file scope as a
// variable.
func VarHash(name string) uint32 { return NameHash(name) ^ varSalt }

// TypeHash returns the hash of a name that may be defined at file scope as a
// tag or a type.
func TypeHash(name string) uint32 { return NameHash(name) ^ typeSalt }

// InitHash returns the hash of a type's name when a variable at file scope that
// has this type may be given a braced initializer.
func InitHash(name string) uint32 { return NameHash(name) ^ initSalt }

// InnerHash returns the same of a variable in a function.
func InnerHash(name string) uint32 { return NameHash(name) ^ innerSalt }

// EnumHash returns the hash of a name that may be an enumerator.
func EnumHash(name string) uint32 { return NameHash(name) ^ enumSalt }

// MacroHash returns the hash of a name that is defined as a macro.
func MacroHash(name string) uint32 { return NameHash(name) ^ macroSalt }

// MemberHash returns the hash of a name that stands after . or ->.
func MemberHash(name string) uint32 { return NameHash(name) ^ memberSalt }

// PairHash returns the hash of a member's name that stands after another member, as in
// a->member->name, or an element of it.
func PairHash(member, name string) uint32 { return pairOf(NameHash(member), NameHash(name)) }

func pairOf(member, name uint32) uint32 { return (member*0x9e3779b1 ^ name ^ behindSalt) | 1 }

// NestedMemberHash returns the hash of a member's name that stands after something else
// than a variable or a member, as in f()->name, or in a macro.
func NestedMemberHash(name string) uint32 { return NameHash(name) ^ behindSalt }

// NamedHash returns the hash of a name of which a typedef may make another one.
func NamedHash(name string) uint32 { return NameHash(name) ^ namedSalt }

// TypedHash returns the hash of a type's name when a variable may be declared at file
// scope that has this type.
func TypedHash(name string) uint32 { return NameHash(name) ^ typedSalt }

// FieldHash returns the hash of a type's name when a member of a struct may be declared
// that has this type.
func FieldHash(name string) uint32 { return NameHash(name) ^ fieldSalt }

// CallHash returns the hash of one of the names of IsSiteName when it may be
// called.
func CallHash(name string) uint32 { return NameHash(name) ^ callSalt }

// AliasHash returns the hash of one of the names of IsSiteName when a macro may
// stand for it.
func AliasHash(name string) uint32 { return NameHash(name) ^ aliasSalt }

// HeldHash returns the hash of one of the names of IsSiteName when its address may be
// taken.
func HeldHash(name string) uint32 { return NameHash(name) ^ heldSalt }

// Scan returns the hashes of the identifiers in src outside comments and
// literals (but those in #include lines), each once. The slice is valid until the next call. odd reports
// that a comment or a literal is not closed, so that the file must be lexed
// to say where.
func (w *Words) Scan(src []byte) (hashes []uint32, odd bool) {
	if len(w.table) == 0 {
		w.table = make([]uint32, 1<<12)
	}
	clear(w.table)
	w.list = w.list[:0]
	sc := wordScanner{w: w, src: src}
	sc.scan()
	return w.list, sc.odd
}

// wordScanner walks the bytes once. It keeps just enough count of brackets to
// tell names at file scope from others; where #if branches leave them
// unbalanced, a name in the first column starts afresh. Names too many do no
// harm: they cost a look at a file that does not define them.
type wordScanner struct {
	w       *Words
	src     []byte
	odd     bool
	braces  int
	parens  int
	enum    enumState
	typedef bool     // between typedef and its semicolon
	equals  bool     // after the = of a declaration at file scope
	named   uint32   // the name before the parentheses at file scope; 0 is none
	args    bool     // after such parentheses
	types   []uint32 // the words of the declaration at file scope that may name its type
	called  bool     // after parentheses at file scope that are no attribute's
	fields  bool     // in the braces of a type, perhaps of an initializer, at file scope
	last    uint32   // the last word outside of directives
	older   uint32   // the one before it
	oldest  uint32   // the one before that
	prev    byte     // the last byte that is no blank
	before  byte     // the one before it
}

type enumState uint8

const (
	noEnum  enumState = iota
	enumKey           // after the keyword
	inEnum            // in the list
)

func (s *wordScanner) scan() {
	src, n := s.src, len(s.src)
	bol := true
	for i := len(byteOrderMark(src)); i < n; {
		c := src[i]
		switch {
		case c == '\n':
			bol = true
			i++
			continue
		case class[c]&cBlank != 0:
			i++
			continue
		case c == '/' && i+1 < n && src[i+1] == '*':
			k := bytes.Index(src[i+2:], []byte("*/"))
			if k < 0 {
				s.odd = true
				return
			}
			i += k + 4
			continue
		case c == '/' && i+1 < n && src[i+1] == '/':
			i = s.lineComment(i)
			continue
		case c == '#' && bol:
			i = s.directive(i)
			continue
		case class[c]&cIdent != 0:
			i = s.ident(i)
		case class[c]&cDigit != 0:
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				i++
			}
		case c == '"' || c == '\'':
			i = s.quoted(i)
		default:
			s.bracket(c, i)
			i++
		}
		s.before, s.prev = s.prev, c
		bol = false
	}
}

func (s *wordScanner) lineComment(i int) int {
	k := bytes.IndexByte(s.src[i:], '\n')
	if k < 0 {
		return len(s.src)
	}
	if k > 0 && s.src[i+k-1] == '\\' {
		s.odd = true // continued: rare enough to lex
	}
	return i + k
}

func (s *wordScanner) quoted(i int) int {
	src, n, c := s.src, len(s.src), s.src[i]
	i++
	for i < n && src[i] != c && src[i] != '\n' {
		if src[i] == '\\' {
			i++
			if i < n && src[i] == '\r' {
				i++
			}
		}
		i++
	}
	if i >= n || src[i] == '\n' {
		s.odd = true
		return min(i, n)
	}
	return i + 1
}

func (s *wordScanner) bracket(c byte, i int) {
	switch c {
	case '{':
		switch {
		case s.enum == enumKey:
			s.enum = inEnum
		case s.braces == 0:
			s.openBrace()
		case s.prev == '=' && s.args && !s.equals:
			s.w.add(s.older ^ innerSalt)  // type name = {
			s.w.add(s.oldest ^ innerSalt) // type name[SIZE] = {
		}
		if s.braces == 0 && s.prev != '"' {
			s.fields, s.called = !s.called, false
		}
		if s.prev != '"' { // extern "C" {
			s.braces++
		}
		s.parens = 0
	case '}':
		s.braces = max(s.braces-1, 0)
		s.parens = 0
		s.enum = noEnum
		s.fields = s.fields && s.braces > 0
		if s.braces == 0 && s.args && !s.equals { // the end of a function
			s.args, s.types = false, s.types[:0]
		}
	case '(':
		if s.braces == 0 && s.parens == 0 && s.last != attributeHash && s.older != structHash && s.older != unionHash {
			s.called = true
		}
		s.parens++
		if s.last != attributeHash {
			s.endEnumKey()
		}
	case ')':
		s.parens = max(s.parens-1, 0)
		if s.parens == 0 && s.named != 0 {
			// What follows at once ends a prototype; a definition has its body, or
			// what old C and attributes put before it.
			if c := s.next(i + 1); c != ';' && c != ',' {
				s.w.add(s.named ^ funcSalt)
			}
			s.named, s.args = 0, true
		}
	case ';':
		s.parens = 0
		s.endEnumKey()
		if s.braces == 0 {
			s.typedef, s.equals, s.args, s.called, s.named = false, false, false, false, 0
			s.types = s.types[:0]
		}
	case '=':
		s.endEnumKey()
		s.equals = s.equals || s.braces == 0 && s.parens == 0
	}
}

func (s *wordScanner) endEnumKey() {
	if s.enum == enumKey {
		s.enum = noEnum
	}
}

// openBrace begins the body of a function, of a type or of an initializer.
func (s *wordScanner) openBrace() {
	if s.named != 0 { // its parentheses do not pair up
		s.w.add(s.named ^ funcSalt)
		s.named = 0
	}
	if s.equals {
		for _, h := range s.types {
			s.w.add(h ^ initSalt)
		}
	}
}

// word returns the hash of the identifier at i and the offset after it.
func (s *wordScanner) word(i int) (h uint32, end int) {
	h = 2166136261
	for i < len(s.src) && class[s.src[i]]&(cIdent|cDigit) != 0 {
		h = (h ^ uint32(s.src[i])) * 16777619
		i++
	}
	return h | 1, i
}

func (s *wordScanner) ident(i int) int {
	src, n, start := s.src, len(s.src), i
	h, i := s.word(i)
	s.w.add(h)
	if s.typedef && s.braces == 0 {
		s.w.add(h ^ namedSalt)
	}
	if start == 0 || src[start-1] == '\n' {
		k := i
		for k < n && (src[k] == ' ' || src[k] == '\t') {
			k++
		}
		if k >= n || src[k] != ':' { // no label
			s.braces, s.parens = 0, 0
		}
	}
	switch {
	case s.prev == '.' && s.before == '.': // ... NAME
		s.w.add(h ^ memberSalt)
	case s.prev == '.' || s.prev == '>' && s.before == '-':
		s.w.add(h ^ memberSalt)
		s.receiver(h, start)
		return i
	case h == enumHash:
		s.enum = enumKey
	case s.enum == inEnum:
		s.w.add(h ^ enumSalt)
	case s.braces == 0 && h == typedefHash:
		s.typedef = true
	case s.braces == 0 && (s.parens == 0 || s.prev == '*' || s.prev == '(' || s.last == constHash || s.typedef):
		s.declared(h, s.next(i))
	case s.last == structHash || s.last == unionHash: // within another one
		if c := s.next(i); c != '*' && c != ')' && (class[c]&cIdent == 0 || c == '_') {
			s.w.add(h ^ typeSalt)
		}
	}
	switch {
	case s.fields:
		if c := s.next(i); class[c]&cIdent != 0 || c == '*' || c == '{' || c == '/' || c == '\\' || c == '#' {
			s.w.add(h ^ fieldSalt)
		}
	case s.braces == 0 && s.parens == 0 && (h == structHash || h == unionHash):
		s.called = false
	}
	s.oldest, s.older, s.last = s.older, s.last, h
	s.call(h, i)
	return i
}

// receiver enters the member with hash h, whose name begins at i, by what stands before
// the operator: a variable or an element of one, a member or an element of one, or more
// than that.
func (s *wordScanner) receiver(h uint32, i int) {
	i = s.blanksBefore(i) - 1 // the operator
	if i > 0 && s.src[i] == '>' {
		i--
	}
	i = s.blanksBefore(i)
	if i <= 0 || s.src[i-1] == '{' || s.src[i-1] == ',' {
		return // an initializer names it
	}
	for s.src[i-1] == ']' {
		k := bytes.LastIndexByte(s.src[max(0, i-maxIndex):i], '[')
		if k < 0 || bytes.IndexByte(s.src[max(0, i-maxIndex)+k:i-1], ']') >= 0 {
			break
		}
		if i = s.blanksBefore(max(0, i-maxIndex) + k); i == 0 {
			break
		}
	}
	end := i
	for i > 0 && class[s.src[i-1]]&(cIdent|cDigit) != 0 {
		i--
	}
	if i == end {
		s.w.add(h ^ behindSalt)
		return
	}
	word := hashOf(s.src[i:end])
	for i = s.blanksBefore(i); i > 0 && (s.src[i-1] == '\n' || s.src[i-1] == '\r'); i = s.blanksBefore(i) {
		i--
		line := s.src[bytes.LastIndexByte(s.src[:i], '\n')+1 : i]
		if line = bytes.TrimLeft(line, " \t"); len(line) > 0 && line[0] == '#' {
			s.w.add(h ^ behindSalt)
			return
		}
	}
	switch {
	case i == 0:
	case s.src[i-1] == '.' || s.src[i-1] == '>' && i > 1 && s.src[i-2] == '-':
		s.w.add(pairOf(word, h))
	case s.src[i-1] == '/' || s.src[i-1] == '\\':
		s.w.add(h ^ behindSalt)
	}
}

// maxIndex is how far the brackets of an index are looked back for.
const maxIndex = 80

// blanksBefore returns where the blanks that end at i begin.
func (s *wordScanner) blanksBefore(i int) int {
	for i > 0 && (s.src[i-1] == ' ' || s.src[i-1] == '\t') {
		i--
	}
	return i
}

// declared enters a name at file scope as what it can be by the byte after it.
func (s *wordScanner) declared(h uint32, next byte) {
	switch {
	case s.parens > 0:
		switch {
		case next == ')': // int (*handler)(int), typedef int (handler)(int), DECLARE(handler);
			s.w.add(h ^ varSalt)
			s.w.add(s.named ^ typedSalt)
			s.w.add(h ^ typeSalt)
			s.w.add(h ^ funcSalt)
		case next == '(' && (s.prev == '*' || s.last == constHash): // int (*handler(int which))(int)
			s.w.add(h ^ funcSalt)
		case next == '[' && (s.prev == '*' || s.last == constHash): // int (*const handlers[])(int)
			s.w.add(h ^ varSalt)
			s.w.add(s.named ^ typedSalt)
		}
	case next == '*' || class[next]&cIdent != 0 && next != '_':
		s.types = append(s.types, h) // another name is to come
	case next == '(':
		s.named = h
		if s.typedef {
			s.w.add(h ^ typeSalt)
		}
	case next == '{':
		s.w.add(h ^ typeSalt)
		s.w.add(h ^ funcSalt)        // a macro may stand for a function's head
		s.types = append(s.types, h) // struct point { int x, y; } origin = { 0, 0 };
	case next == ';' || next == ',' || next == '=' || next == '[':
		if s.typedef || s.prev == '}' {
			s.w.add(h ^ typeSalt)
		}
		if !s.typedef || s.prev == '}' {
			s.variable(h)
		}
	default: // an attribute, a comment, a directive
		s.types = append(s.types, h)
		s.w.add(h ^ funcSalt)
		s.variable(h)
		s.w.add(h ^ typeSalt)
	}
}

// variable enters a name as that of a variable, and the words that may be its type.
func (s *wordScanner) variable(h uint32) {
	s.w.add(h ^ varSalt)
	for _, t := range s.types {
		s.w.add(t ^ typedSalt)
	}
}

// call enters the names of IsSiteName where they can be calls.
func (s *wordScanner) call(h uint32, i int) bool {
	if isSiteHash(h) {
		next := s.next(i)
		if strings.IndexByte("={,(?:&*", s.prev) >= 0 && strings.IndexByte(";,}):", next) >= 0 {
			s.w.add(h ^ heldSalt)
		}
		switch next {
		case '(', ')', '/', '\\', '#':
			s.w.add(h ^ callSalt)
			return true
		}
	}
	return false
}

// siteHashes are those of the names of sites.Names, and siteBits what their
// last bits can be.
var siteHashes, siteBits = func() (list []uint32, bits uint64) {
	for _, name := range sites.Names {
		h := NameHash(name)
		list = append(list, h)
		bits |= 1 << (h & 63)
	}
	return list, bits
}()

func isSiteHash(h uint32) bool { return siteBits>>(h&63)&1 == 1 && slices.Contains(siteHashes, h) }

// next is the first byte from i on that is no blank, 0 at the end.
func (s *wordScanner) next(i int) byte {
	for i < len(s.src) && (class[s.src[i]]&cBlank != 0 || s.src[i] == '\n') {
		i++
	}
	if i >= len(s.src) {
		return 0
	}
	return s.src[i]
}

// directive reads a whole preprocessing line: its words count, its brackets do
// not.
func (s *wordScanner) directive(i int) int {
	src, n := s.src, len(s.src)
	defined, macro := false, uint32(0)
	quoted, lone := 0, false // the end of the string around i; a quote closes none
	for i < n && src[i] != '\n' {
		c := src[i]
		switch {
		case c == '\\' && i+1 < n && (src[i+1] == '\n' || src[i+1] == '\r'):
			i++
			for i < n && (src[i] == '\r' || src[i] == '\n') {
				i++
				if src[i-1] == '\n' {
					break
				}
			}
		case class[c]&cIdent != 0:
			var h uint32
			h, i = s.word(i)
			s.w.add(h)
			if macro != 0 && isSiteHash(h) {
				s.w.add(h ^ aliasSalt)
			}
			if defined {
				macro = h
				s.w.add(h ^ macroSalt)
				if i < n && (src[i] == '(' || src[i] == '\\') {
					s.w.add(h ^ funcSalt)
				}
			}
			defined = h == defineHash
			member := s.prev == '>' && s.before == '-' || s.prev == '.'
			if member {
				s.w.add(h ^ memberSalt)
				s.w.add(h ^ behindSalt)
			}
			if ellipsis := s.prev == '.' && s.before == '.'; member && !ellipsis {
				// no call of the name
			} else if s.call(h, i) && macro != 0 {
				s.w.add(macro ^ funcSalt) // a macro around a call is listed with the functions
			}
			s.before, s.prev = s.prev, 'a'
		case class[c]&cDigit != 0:
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				i++
			}
		case c == '/' && i >= quoted && i+1 < n && src[i+1] == '*':
			k := bytes.Index(src[i+2:], []byte("*/"))
			if k < 0 {
				s.odd = true
				return n
			}
			i += k + 4
		case c == '/' && i >= quoted && i+1 < n && src[i+1] == '/':
			return s.lineComment(i)
		case c == '\\' && i < quoted: // an escaped quote does not end the string
			i = min(i+2, n)
		case c == '\'' && i >= quoted && charEnd(src, i) > 0:
			s.before, s.prev = s.prev, c
			i = charEnd(src, i)
		default:
			// The words of a string count, as those of a header's name have to.
			if c == '"' && i >= quoted && !lone {
				quoted = skipQuoted(src, i)
				lone = quoted == i+1
			}
			if class[c]&cBlank == 0 {
				s.before, s.prev = s.prev, c
			}
			i++
		}
	}
	s.before, s.prev = 0, ';'
	return i
}

func (w *Words) slot(h uint32) int {
	mask := uint32(len(w.table) - 1)
	i := (h * 2654435769 >> 8) & mask
	for w.table[i] != 0 && w.table[i] != h {
		i = (i + 1) & mask
	}
	return int(i)
}

func (w *Words) add(h uint32) {
	i := w.slot(h)
	if w.table[i] == h {
		return
	}
	w.table[i] = h
	w.list = append(w.list, h)
	if len(w.list)*2 > len(w.table) {
		w.table = make([]uint32, 2*len(w.table))
		for _, h := range w.list {
			w.table[w.slot(h)] = h
		}
	}
}

// IsSiteName reports whether s names one of the calls that a report is about.
func IsSiteName(s []byte) bool { return isSiteHash(hashOf(s)) && sites.Has(string(s)) }
