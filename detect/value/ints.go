package value

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse/token"
)

// Single reports whether the value is one known number, perhaps of a variable that a loop
// changes.
func (v Ints) Single() bool { return !v.Open && len(v.Set) == 1 }

// Excludes reports whether a number is not among them.
func (v Ints) Excludes(n int64) bool { return !v.Open && !v.Loop && len(v.Set) > 0 && !v.Has(n) }

// Ints is the set of numbers that an expression can be; open says that it can be
// any other as well.
type Ints struct {
	Set  []int64 // sorted
	Open bool
	Loop bool // what is found out at the moment is left out
}

// MaxInts is how many numbers are distinguished.
const MaxInts = 24

// IntOf returns the value that is the number n.
func IntOf(n int64) Ints { return Ints{Set: []int64{n}} }

// Add adds a number; beyond MaxInts numbers the value becomes open.
func (v *Ints) Add(n int64) {
	i, there := slices.BinarySearch(v.Set, n)
	switch {
	case there:
	case len(v.Set) >= MaxInts:
		v.Open = true
	default:
		v.Set = slices.Insert(slices.Clone(v.Set), i, n)
	}
}

// Join adds what w can be: the least upper bound.
func (v *Ints) Join(w Ints) {
	v.Open, v.Loop = v.Open || w.Open, v.Loop || w.Loop
	for _, n := range w.Set {
		v.Add(n)
	}
}

// Pairwise applies an operation to all pairs.
func Pairwise(x, y Ints, op func(a, b int64) (int64, bool)) Ints {
	if x.Open || y.Open || x.Loop || y.Loop || len(x.Set)*len(y.Set) > 4*MaxInts {
		return Ints{Open: true}
	}
	var out Ints
	for _, a := range x.Set {
		for _, b := range y.Set {
			n, ok := op(a, b)
			if !ok {
				return Ints{Open: true}
			}
			out.Add(n)
		}
	}
	return out
}

// Only reports whether the value is n and nothing else.
func (v Ints) Only(n int64) bool { return !v.Open && !v.Loop && len(v.Set) == 1 && v.Set[0] == n }

// Bools are the numbers of a condition with these outcomes.
func Bools(yes, no bool) Ints {
	var v Ints
	if no {
		v.Add(0)
	}
	if yes {
		v.Add(1)
	}
	return v
}

// Compute is the value of a binary operation; ok is false where it has none that
// is the same everywhere.
func Compute(op token.Op, a, b int64) (n int64, ok bool) {
	switch op {
	case token.Or, token.OrAssign:
		return a | b, true
	case token.And, token.AndAssign:
		return a & b, true
	case token.Xor, token.XorAssign:
		return a ^ b, true
	case token.Add, token.AddAssign:
		return a + b, true
	case token.Sub, token.SubAssign:
		return a - b, true
	case token.Mul:
		return a * b, true
	case token.Shl:
		return a << (uint64(b) & 63), b >= 0 && b < 63
	case token.Shr:
		return a >> (uint64(b) & 63), b >= 0 && b < 63 && a >= 0
	case token.EqEq:
		return BoolInt(a == b), true
	case token.NotEq:
		return BoolInt(a != b), true
	case token.Lt:
		return BoolInt(a < b), true
	case token.Gt:
		return BoolInt(a > b), true
	case token.Le:
		return BoolInt(a <= b), true
	case token.Ge:
		return BoolInt(a >= b), true
	}
	return 0, false
}

// BoolInt returns the number of a truth value in C.
func BoolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// ParseInt reads an integer constant.
func ParseInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimRight(s, "uUlL"), 0, 64)
	return n, err == nil
}

// ParseChar reads a character constant of one character below 128.
func ParseChar(s string) (int64, bool) {
	if strings.HasPrefix(s, `'\0'`) {
		return 0, true
	}
	r, _, tail, err := strconv.UnquoteChar(strings.TrimPrefix(s, "'"), '\'')
	return int64(r), err == nil && tail == "'" && r < 128
}

// Outcomes reports whether a condition with this value can be true, and whether it can be
// false.
func (v Ints) Outcomes() (yes, no bool) {
	if v.Open || v.Loop || len(v.Set) == 0 {
		return true, true
	}
	for _, n := range v.Set {
		yes, no = yes || n != 0, no || n == 0
	}
	return yes, no
}

// Has reports whether n is among the known numbers.
func (v Ints) Has(n int64) bool {
	for _, k := range v.Set {
		if k == n {
			return true
		}
	}
	return false
}
