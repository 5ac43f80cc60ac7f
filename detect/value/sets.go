package value

// Only reports whether v is that one value.
func (v Values) Only(name string) bool { return v.Unknown == "" && len(v.Set) == 1 && v.Set.Has(name) }

// Within reports whether w holds all values of v.
func (v Values) Within(w Values) bool {
	for _, k := range v.Set {
		if !w.Set.Has(k) {
			return false
		}
	}
	return true
}

// NameNumbers gives plain numbers their names.
func NameNumbers(v Values, names map[string]string) Values {
	out := Values{Unknown: v.Unknown}
	for _, k := range v.Set {
		if n, ok := names[k]; ok {
			k = n
		}
		out.Add(k)
	}
	return out
}

// HasAny reports whether v can be one of the set.
func HasAny(v Values, set map[string]bool) bool {
	for _, k := range v.Set {
		if set[k] {
			return true
		}
	}
	return false
}

// OnlyOf reports whether v is known and all that it can be is in the set.
func OnlyOf(v Values, set map[string]bool) bool {
	if v.Unknown != "" || len(v.Set) == 0 {
		return false
	}
	for _, k := range v.Set {
		if !set[k] {
			return false
		}
	}
	return true
}

// MayDecideForTCP reports whether v can be something that decides for TCP although
// nothing in v does: it is not known, or holds names that say nothing. What is
// known of a value counts for the rest of it: a domain that is AF_INET on the
// ways that could be followed is not taken for a unix one on the others.
func MayDecideForTCP(v Values, a, b map[string]bool) bool {
	if HasAny(v, a) {
		return false
	}
	return v.Unknown != "" || !HasAny(v, b)
}
