package knowledge

import "strings"

// NamesDescriptor reports whether a function gives a descriptor, by its name.
func NamesDescriptor(name string) bool {
	return givesDescriptor.End(strings.ToLower(name))
}

// EndsDescriptor reports whether a function outside the tree only closes a descriptor
// or asks the kernel by it, by its name: CloseSocket, rpl_ioctl.
func EndsDescriptor(name string) bool {
	return endsDescriptor.In(strings.ToLower(name))
}

// IsDescriptorType reports whether a parameter of that type can be a
// descriptor.
func IsDescriptorType(base string) bool {
	b := strings.ToLower(base)
	return b == "int" || b == "const int" || descriptorTypes.In(b)
}

// IsAddressSize reports whether a type is an integer that an address fits in.
func IsAddressSize(base string) bool {
	switch base {
	case "long", "unsigned long", "size_t", "ssize_t", "intptr_t", "uintptr_t":
		return true
	}
	return false
}

// Allocates reports whether a function whose text is not there returns new memory,
// by its name: malloc, g_malloc0, xcalloc, talloc_zero, g_new0.
func Allocates(name string) bool {
	s := strings.ToLower(name)
	return strings.Contains(s, "alloc") && !strings.Contains(s, "realloc") ||
		strings.HasPrefix(s, "g_new") || strings.HasPrefix(s, "g_slice_new")
}

// KeepsArgument reports whether a macro leaves its argument what it is, by its
// name.
func KeepsArgument(name string) bool { return ArgumentWords.In(name) }

// IsBranchHint reports whether a macro only tells the compiler what its argument will
// mostly be.
func IsBranchHint(name string) bool {
	switch name {
	case "likely", "unlikely", "LIKELY", "UNLIKELY", "__builtin_expect", "G_LIKELY", "G_UNLIKELY":
		return true
	}
	return false
}
