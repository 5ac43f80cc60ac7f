package cond

// Truth is a truth value of three-valued logic (Kleene's): Open is known to be neither.
type Truth int8

// The truth values. The zero value is Open.
const (
	Open Truth = iota
	Yes
	No
)

// Not negates t; Open stays Open.
func (t Truth) Not() Truth {
	switch t {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Open
}

// And is No if one operand is, Yes if both are, else Open.
func And(x, y Truth) Truth {
	switch {
	case x == No || y == No:
		return No
	case x == Open || y == Open:
		return Open
	}
	return Yes
}

// Or is Yes if one operand is, No if both are, else Open.
func Or(x, y Truth) Truth { return And(x.Not(), y.Not()).Not() }

func truthOf(b bool) Truth {
	if b {
		return Yes
	}
	return No
}
