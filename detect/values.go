package detect

import (
	"fmt"
	"slices"
	"strings"
)

// names is a set of few names, in order. It is never changed, so that it may be
// shared.
type names []string

func (s names) has(name string) bool {
	for _, x := range s {
		if x == name {
			return true
		}
	}
	return false
}

func (s names) with(name string) names {
	i, there := slices.BinarySearch(s, name)
	if there {
		return s
	}
	out := make(names, len(s)+1)
	copy(out, s[:i])
	out[i] = name
	copy(out[i+1:], s[i:])
	return out
}

func (s names) without(name string) names {
	return s.where(func(x string) bool { return x != name })
}

// union returns the names of both; one of the two where it has them all.
func (s names) union(t names) names {
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
	out := make(names, 0, n)
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

// where returns the names that keep says yes to; nil only where s is.
func (s names) where(keep func(name string) bool) names {
	for i, x := range s {
		if !keep(x) {
			out := append(names{}, s[:i]...)
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

// values is the set of values that an expression can have, constants by their
// canonical names. unknown says why there may be others; "" where not.
type values struct {
	set     names
	unknown string
}

func (v *values) add(name string) { v.set = v.set.with(name) }

func (v *values) join(w values) {
	v.set = v.set.union(w.set)
	if v.unknown == "" {
		v.unknown = w.unknown
	}
}

// list returns the values sorted, "?" last where there may be others.
func (v values) list() []string {
	out := append(make([]string, 0, len(v.set)+1), v.set...)
	if v.unknown != "" {
		out = append(out, "?")
	}
	return out
}

func (v values) String() string { return strings.Join(v.list(), ", ") }

func one(name string) values { return values{set: names{name}} }

func dunno(format string, args ...any) values {
	return values{unknown: fmt.Sprintf(format, args...)}
}

// combine is the value of a | b where one of them may be flags alone.
func combine(a, b values) values {
	base := func(v values) values {
		out := values{unknown: v.unknown}
		for _, k := range v.set {
			if !typeFlags[k] {
				out.add(k)
			}
		}
		return out
	}
	x, y := base(a), base(b)
	switch {
	case len(x.set) > 0 && len(y.set) == 0:
		x.unknown = a.unknown // an unknown operand beside a type is flags
		return x
	case len(y.set) > 0 && len(x.set) == 0:
		y.unknown = b.unknown
		return y
	case len(x.set) == 0 && len(y.set) == 0:
		a.join(b)
		return a
	}
	x.join(y)
	return x
}
