package token

import (
	"bytes"
	"slices"

	"github.com/keepatch/keepatch/detect/knowledge"
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
	callSalt   = 0x4cf5ad42
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

// EnumHash returns the hash of a name that may be an enumerator.
func EnumHash(name string) uint32 { return NameHash(name) ^ enumSalt }

// MacroHash returns the hash of a name that is defined as a macro.
func MacroHash(name string) uint32 { return NameHash(name) ^ macroSalt }

// MemberHash returns the hash of a name that stands behind . or ->.
func MemberHash(name string) uint32 { return NameHash(name) ^ memberSalt }

// CallHash returns the hash of one of the names of IsSiteName when it may be
// called.
func CallHash(name string) uint32 { return NameHash(name) ^ callSalt }

// AliasHash returns the hash of one of the names of IsSiteName when a macro may
// stand for it.
func AliasHash(name string) uint32 { return NameHash(name) ^ aliasSalt }

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
	equals  bool     // behind the = of a declaration at file scope
	named   uint32   // the name before the parentheses at file scope; 0 is none
	args    bool     // behind such parentheses
	types   []uint32 // the words of the declaration at file scope that may name its type
	last    uint32   // the last word outside of directives
	prev    byte     // the last byte that is no blank
	before  byte     // the one before it
}

type enumState uint8

const (
	noEnum  enumState = iota
	enumKey           // behind the keyword
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
		}
		if s.prev != '"' { // extern "C" {
			s.braces++
		}
		s.parens = 0
	case '}':
		s.braces = max(s.braces-1, 0)
		s.parens = 0
		s.enum = noEnum
		if s.braces == 0 && s.args && !s.equals { // the end of a function
			s.args, s.types = false, s.types[:0]
		}
	case '(':
		s.parens++
		if s.last != attributeHash {
			s.endEnumKey()
		}
	case ')':
		s.parens = max(s.parens-1, 0)
		if s.parens == 0 && s.named != 0 {
			// What follows at once ends a prototype; a definition has its body, or
			// what old C and attributes put in front of it.
			if c := s.next(i + 1); c != ';' && c != ',' {
				s.w.add(s.named ^ funcSalt)
			}
			s.named, s.args = 0, true
		}
	case ';':
		s.parens = 0
		s.endEnumKey()
		if s.braces == 0 {
			s.typedef, s.equals, s.args, s.named = false, false, false, 0
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

// word returns the hash of the identifier at i and the offset behind it.
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
	case s.prev == '.' || s.prev == '>' && s.before == '-':
		s.w.add(h ^ memberSalt)
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
	s.last = h
	s.called(h, i)
	return i
}

// declared enters a name at file scope as what it can be by the byte behind it.
func (s *wordScanner) declared(h uint32, next byte) {
	switch {
	case s.parens > 0:
		switch {
		case next == ')': // int (*handler)(int), typedef int (handler)(int), DECLARE(handler);
			s.w.add(h ^ varSalt)
			s.w.add(h ^ typeSalt)
			s.w.add(h ^ funcSalt)
		case next == '(' && (s.prev == '*' || s.last == constHash): // int (*handler(int which))(int)
			s.w.add(h ^ funcSalt)
		case next == '[' && (s.prev == '*' || s.last == constHash): // int (*const handlers[])(int)
			s.w.add(h ^ varSalt)
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
			s.w.add(h ^ varSalt)
		}
	default: // an attribute, a comment, a directive
		s.types = append(s.types, h)
		s.w.add(h ^ funcSalt)
		s.w.add(h ^ varSalt)
		s.w.add(h ^ typeSalt)
	}
}

// called enters the names of IsSiteName where they can be calls.
func (s *wordScanner) called(h uint32, i int) bool {
	if isSiteHash(h) {
		switch s.next(i) {
		case '(', ')', '/', '\\', '#':
			s.w.add(h ^ callSalt)
			return true
		}
	}
	return false
}

// siteHashes are those of the names of knowledge.SiteNames, and siteBits what their
// last bits can be.
var siteHashes, siteBits = func() (list []uint32, bits uint64) {
	for _, name := range knowledge.SiteNames {
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
			if s.prev == '>' && s.before == '-' || s.prev == '.' {
				s.w.add(h ^ memberSalt)
			} else if s.called(h, i) && macro != 0 {
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
func IsSiteName(s []byte) bool { return isSiteHash(hashOf(s)) && knowledge.Sites[string(s)] }
