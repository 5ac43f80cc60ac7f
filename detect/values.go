package detect

import (
	"fmt"
	"sort"
	"strings"
)

// values is the set of values that an expression can have, constants by their
// canonical names. unknown says why there may be others; "" where not.
type values struct {
	set     map[string]bool
	unknown string
}

func (v *values) add(name string) {
	if v.set == nil {
		v.set = map[string]bool{}
	}
	v.set[name] = true
}

func (v *values) join(w values) {
	for k := range w.set {
		v.add(k)
	}
	if v.unknown == "" {
		v.unknown = w.unknown
	}
}

// list returns the values sorted, "?" last where there may be others.
func (v values) list() []string {
	out := make([]string, 0, len(v.set)+1)
	for k := range v.set {
		out = append(out, k)
	}
	sort.Strings(out)
	if v.unknown != "" {
		out = append(out, "?")
	}
	return out
}

func (v values) String() string { return strings.Join(v.list(), ", ") }

func one(name string) values { return values{set: map[string]bool{name: true}} }

func dunno(format string, args ...any) values {
	return values{unknown: fmt.Sprintf(format, args...)}
}

// combine is the value of a | b where one of them may be flags alone.
func combine(a, b values) values {
	base := func(v values) values {
		out := values{unknown: v.unknown}
		for k := range v.set {
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
