package program

import (
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
)

// maxWrapped is how many members a struct has at most that wraps an address: its
// length, a port, a link to the next one.
const maxWrapped = 8

// MayBeAddress reports whether a variable of a type can be a socket address: not
// where the tree defines it as a struct that has none, or as one about other things.
func (p *Program) MayBeAddress(u *File, base string) bool { return p.mayBeAddress(u, base, 0) }

func (p *Program) mayBeAddress(u *File, base string, depth int) bool {
	if base == "" || base == "void" || IsByte(base) || strings.Contains(strings.ToLower(base), "sockaddr") ||
		knowledge.TypeFamily(base) != "" {
		return true
	}
	s := p.StructOf(u, base)
	if s == nil {
		return !IsBuiltin(base)
	}
	if depth > 3 || !s.Union && len(s.Fields) > maxWrapped {
		return false
	}
	for _, d := range s.Fields {
		if b, ptr := DeclType(d); ptr == 0 && p.mayBeAddress(u, b, depth+1) {
			return true
		}
	}
	return false
}

// IsByte reports whether the elements of an array of that type are the bytes of a
// text or message: what they are is not known where the program is built.
func IsByte(base string) bool {
	switch base {
	case "char", "unsigned char", "signed char", "const char", "uint8_t", "u_char", "u_int8_t", "guchar", "gchar", "uint8", "BYTE", "void":
		return true
	}
	return false
}
