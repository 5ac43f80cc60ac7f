package value

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/knowledge"
)

// NameSet is a set of few names, in order. It is never changed, so that it may be
// shared.
type NameSet []string

// Has reports whether the set holds a name.
func (s NameSet) Has(name string) bool {
	for _, x := range s {
		if x == name {
			return true
		}
	}
	return false
}

func (s NameSet) with(name string) NameSet {
	i, there := slices.BinarySearch(s, name)
	if there {
		return s
	}
	out := make(NameSet, len(s)+1)
	copy(out, s[:i])
	out[i] = name
	copy(out[i+1:], s[i:])
	return out
}

// Without returns the set without a name; s is not changed.
func (s NameSet) Without(name string) NameSet {
	return s.filter(func(x string) bool { return x != name })
}

// Union returns the names of both; one of the two where it has them all.
func (s NameSet) Union(t NameSet) NameSet {
	if len(s) < len(t) {
		s, t = t, s
	}
	n := len(s)
	for i, k := 0, 0; k < len(t); k++ {
		for i < len(s) && s[i] < t[k] {
			i++
		}
		if i == len(s) || s[i] != t[k] {
			n++
		}
	}
	if n == len(s) {
		return s
	}
	out := make(NameSet, 0, n)
	for len(s) > 0 && len(t) > 0 {
		switch {
		case s[0] < t[0]:
			out, s = append(out, s[0]), s[1:]
		case t[0] < s[0]:
			out, t = append(out, t[0]), t[1:]
		default:
			out, s, t = append(out, s[0]), s[1:], t[1:]
		}
	}
	return append(append(out, s...), t...)
}

// filter returns the names that keep says yes to; nil only where s is.
func (s NameSet) filter(keep func(name string) bool) NameSet {
	for i, x := range s {
		if !keep(x) {
			out := append(NameSet{}, s[:i]...)
			for _, y := range s[i+1:] {
				if keep(y) {
					out = append(out, y)
				}
			}
			return out
		}
	}
	return s
}

// Values is the set of values that an expression can have, constants by their
// canonical names. unknown says why there may be others; "" where not.
type Values struct {
	Set     NameSet
	Unknown string
}

// Add adds a name.
func (v *Values) Add(name string) { v.Set = v.Set.with(name) }

// Join adds what w can be, and its reason if it is incomplete: the least upper bound.
func (v *Values) Join(w Values) {
	v.Set = v.Set.Union(w.Set)
	if v.Unknown == "" {
		v.Unknown = w.Unknown
	}
}

// Equal reports whether two values have the same names and the same reason.
func (v Values) Equal(w Values) bool { return slices.Equal(v.Set, w.Set) && v.Unknown == w.Unknown }

// List returns the values sorted, "?" last where there may be others.
func (v Values) List() []string {
	out := append(make([]string, 0, len(v.Set)+1), v.Set...)
	if v.Unknown != "" {
		out = append(out, "?")
	}
	return out
}

// String lists the names for evidence, separated by commas.
func (v Values) String() string { return strings.Join(v.List(), ", ") }

// Spelled is the value as evidence has it: "A or B, or something that is not known".
func (v Values) Spelled() string {
	s := strings.Join(v.List(), " or ")
	if s == "" {
		return "not known"
	}
	s = strings.ReplaceAll(s, " or ?", ", or something that is not known")
	return strings.ReplaceAll(s, "?", "not known")
}

// Single returns the value that is one name.
func Single(name string) Values { return Values{Set: NameSet{name}} }

// Unknown returns the value that nothing is known of; the reason is formatted as by fmt.Sprintf
// and becomes evidence.
func Unknown(format string, args ...any) Values {
	return Values{Unknown: fmt.Sprintf(format, args...)}
}

// CombineFlags is the value of a | b where one of them may be flags alone.
func CombineFlags(a, b Values) Values {
	base := func(v Values) Values {
		out := Values{Unknown: v.Unknown}
		for _, k := range v.Set {
			if !knowledge.TypeFlags[k] {
				out.Add(k)
			}
		}
		return out
	}
	x, y := base(a), base(b)
	switch {
	case len(x.Set) > 0 && len(y.Set) == 0:
		x.Unknown = a.Unknown // an unknown operand beside a type is flags
		return x
	case len(y.Set) > 0 && len(x.Set) == 0:
		y.Unknown = b.Unknown
		return y
	case len(x.Set) == 0 && len(y.Set) == 0:
		a.Join(b)
		return a
	}
	x.Join(y)
	return x
}
