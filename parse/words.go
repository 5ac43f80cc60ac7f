package parse

import "bytes"

// Words collects the identifiers of files as hashes, without making tokens:
// one pass over the bytes tells in which files a name can occur at all. The
// zero value is ready; it is for one goroutine.
type Words struct {
	table []uint32 // open addressing; 0 is free
	list  []uint32
}

// NameHash returns the hash under which Words knows a name, never 0.
func NameHash(name string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h | 1
}

// The names in some places are entered a second time under a hash of their own.
const (
	defSalt    = 0x5bd1e994
	memberSalt = 0x1b873592
	typeSalt   = 0x38495ab4
)

var enumHash, defineHash = NameHash("enum"), NameHash("define")

// DefHash returns the hash of a name that stands at file scope, where it may be
// defined: as a function, variable, type, tag, enumerator or macro.
func DefHash(name string) uint32 { return NameHash(name) ^ defSalt }

// TypeHash returns the hash of a name that stands at file scope before another
// name, as that of a type does.
func TypeHash(name string) uint32 { return NameHash(name) ^ typeSalt }

// MemberHash returns the hash of a name that stands behind . or ->.
func MemberHash(name string) uint32 { return NameHash(name) ^ memberSalt }

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
	w      *Words
	src    []byte
	odd    bool
	braces int
	parens int
	enum   bool // between enum and the end of its list
	prev   byte // the last byte that is no blank
	before byte // the one before it
}

func (s *wordScanner) scan() {
	src, n := s.src, len(s.src)
	bol := true
	for i := 0; i < n; {
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
			s.bracket(c)
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

func (s *wordScanner) bracket(c byte) {
	switch c {
	case '{':
		if s.prev != '"' { // extern "C" {
			s.braces++
		}
		s.parens = 0
	case '}':
		s.braces = max(s.braces-1, 0)
		s.parens = 0
		if s.braces == 0 {
			s.enum = false
		}
	case '(':
		s.parens++
	case ')':
		s.parens = max(s.parens-1, 0)
	case ';':
		s.parens = 0
		if s.braces == 0 {
			s.enum = false
		}
	}
}

func (s *wordScanner) ident(i int) int {
	src, n, start := s.src, len(s.src), i
	h := uint32(2166136261)
	for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
		h = (h ^ uint32(src[i])) * 16777619
		i++
	}
	h |= 1
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
	case s.enum:
		s.w.add(h ^ defSalt)
	case h == enumHash && s.braces == 0:
		s.enum = true
	case s.braces == 0 && (s.parens == 0 || s.prev == '*'):
		if s.declares(i) {
			s.w.add(h ^ defSalt)
		} else {
			s.w.add(h ^ typeSalt)
		}
	}
	return i
}

// declares reports whether what follows a name can follow one that is being
// declared, or a tag before its list; behind a type's name stands another name
// or a star. Where something else follows, such as an attribute or a comment,
// the answer is yes.
func (s *wordScanner) declares(i int) bool {
	for i < len(s.src) && (class[s.src[i]]&cBlank != 0 || s.src[i] == '\n') {
		i++
	}
	if i >= len(s.src) {
		return true
	}
	c := s.src[i]
	return c != '*' && (class[c]&cIdent == 0 || c == '_')
}

// directive reads a whole preprocessing line: its words count, its brackets do
// not, and the name that a #define gives is one at file scope.
func (s *wordScanner) directive(i int) int {
	src, n := s.src, len(s.src)
	defined := false
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
			h := uint32(2166136261)
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				h = (h ^ uint32(src[i])) * 16777619
				i++
			}
			h |= 1
			s.w.add(h)
			if defined {
				s.w.add(h ^ defSalt)
			}
			defined = h == defineHash
			if s.prev == '>' && s.before == '-' || s.prev == '.' {
				s.w.add(h ^ memberSalt)
			}
			s.before, s.prev = s.prev, 'a'
		case class[c]&cDigit != 0:
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				i++
			}
		case c == '/' && i+1 < n && src[i+1] == '*':
			k := bytes.Index(src[i+2:], []byte("*/"))
			if k < 0 {
				s.odd = true
				return n
			}
			i += k + 4
		case c == '/' && i+1 < n && src[i+1] == '/':
			return s.lineComment(i)
		default:
			// Quotes are passed over as plain bytes: the words of a header's
			// name count, and #error don't closes none.
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
