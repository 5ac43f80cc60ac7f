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

var includeHash = NameHash("include")

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
	n := len(src)
	for i := 0; i < n; {
		c := src[i]
		switch {
		case class[c]&cIdent != 0:
			h := uint32(2166136261)
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				h = (h ^ uint32(src[i])) * 16777619
				i++
			}
			w.add(h | 1)
			if h|1 == includeHash {
				for i < n && (src[i] == ' ' || src[i] == '\t') {
					i++
				}
				i++ // the words of a header's name count
			}
		case class[c]&cDigit != 0:
			for i < n && class[src[i]]&(cIdent|cDigit) != 0 {
				i++
			}
		case c == '/' && i+1 < n && src[i+1] == '*':
			k := bytes.Index(src[i+2:], []byte("*/"))
			if k < 0 {
				return w.list, true
			}
			i += k + 4
		case c == '/' && i+1 < n && src[i+1] == '/':
			k := bytes.IndexByte(src[i:], '\n')
			if k < 0 {
				return w.list, odd
			}
			if k > 0 && src[i+k-1] == '\\' {
				odd = true // continued: rare enough to lex
			}
			i += k
		case c == '"' || c == '\'':
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
				odd = true
			}
			i++
		default:
			i++
		}
	}
	return w.list, odd
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
