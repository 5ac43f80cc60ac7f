package detect

import (
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// ints is the set of numbers that an expression can be; open says that it can be
// any other as well.
type ints struct {
	set  []int64 // sorted
	open bool
	loop bool // what is found out at the moment is left out
}

// maxInts is how many numbers are told apart.
const maxInts = 24

func number1(n int64) ints { return ints{set: []int64{n}} }

func (v *ints) add(n int64) {
	i, there := slices.BinarySearch(v.set, n)
	switch {
	case there:
	case len(v.set) >= maxInts:
		v.open = true
	default:
		v.set = slices.Insert(slices.Clone(v.set), i, n)
	}
}

func (v *ints) join(w ints) {
	v.open, v.loop = v.open || w.open, v.loop || w.loop
	for _, n := range w.set {
		v.add(n)
	}
}

// each applies an operation to all pairs.
func each(x, y ints, op func(a, b int64) (int64, bool)) ints {
	if x.open || y.open || x.loop || y.loop || len(x.set)*len(y.set) > 4*maxInts {
		return ints{open: true}
	}
	var out ints
	for _, a := range x.set {
		for _, b := range y.set {
			n, ok := op(a, b)
			if !ok {
				return ints{open: true}
			}
			out.add(n)
		}
	}
	return out
}

// folder computes with numbers what the flags and switches of a function are on
// one way of calling it. Where the evaluator asks which constant a value can be,
// and takes what is known for the rest, the folder must leave nothing out: what it
// cannot follow is open.
type folder struct {
	p     *program
	s     *session
	ev    *evaluator // set where it is asked what a socket is; nil where that is TCP
	steps int
	busy  map[busyKey]bool
	memo  contextual[*parse.Expr, ints]
	came  contextual[*parse.Expr, bool]
	whole bool                 // pointers are moved on from the elements that they are set to
	asked map[*parse.Func]bool // functions of which it matters who calls them
	held  map[string]ints      // what globals and members hold, which depends on no way of calling
}

// maxFoldUnits is in how many files a name may stand for what is stored under it
// to be looked for.
const maxFoldUnits = 12

const maxFoldSteps = 3000

func (p *program) folder(s *session) *folder {
	return &folder{p: p, s: s, busy: map[busyKey]bool{}, memo: newContextual[*parse.Expr, ints](), came: newContextual[*parse.Expr, bool](), asked: map[*parse.Func]bool{}, held: map[string]ints{}}
}

// fold returns the numbers that e can be in fi, entered through fr.
func (f *folder) fold(fi *funcInfo, e *parse.Expr, fr *frame) ints {
	e = e.Strip()
	if f.steps++; e == nil || f.steps > maxFoldSteps {
		return ints{open: true}
	}
	if v, ok := f.memo.get(f.s, e, fr); ok {
		return v
	}
	key := busyKey{e, fr}
	if f.busy[key] {
		return ints{loop: true} // the same value once more, unless something is done to it
	}
	f.busy[key] = true
	outer := f.s.low
	f.s.low = untouched
	v := f.kind(fi, e, fr)
	delete(f.busy, key)
	if len(f.busy) == 0 {
		v.loop = false
	}
	if !v.loop {
		f.memo.put(f.s, e, fr, f.s.low, v)
	}
	f.s.low = min(f.s.low, outer)
	return v
}

func (f *folder) kind(fi *funcInfo, e *parse.Expr, fr *frame) ints {
	switch e.Kind {
	case parse.XNumber:
		if n, ok := numeral(e.Name); ok {
			return number1(n)
		}
	case parse.XChar:
		if n, ok := character(e.Name); ok {
			return number1(n)
		}
	case parse.XIdent:
		return f.ident(fi, e, fr)
	case parse.XMember:
		return f.member(fi, e, fr)
	case parse.XAssign:
		if e.Op == parse.Assign {
			return f.fold(fi, e.Y, fr)
		}
	case parse.XComma:
		return f.fold(fi, e.Args[len(e.Args)-1], fr)
	case parse.XCompound:
		if x := e.X; x != nil && x.Kind == parse.XInit && len(x.Args) == 1 && x.Args[0].Kind != parse.XDesig {
			return f.fold(fi, x.Args[0], fr) // (int){ 1 }
		}
	case parse.XUnary:
		switch e.Op {
		case parse.And:
			if x := e.X.Strip(); x != nil && (x.Kind == parse.XCompound || x.Kind == parse.XIdent || x.Kind == parse.XMember) {
				return f.fold(fi, x, fr) // of a value that is handed over by its address
			}
		case parse.Sub, parse.Tilde:
			return each(f.fold(fi, e.X, fr), number1(0), func(a, _ int64) (int64, bool) {
				if e.Op == parse.Sub {
					return -a, true
				}
				return ^a, true
			})
		case parse.Not:
			return truth2(f.outcome(fi, e, fr))
		}
	case parse.XCond:
		return f.choice(fi, e, fr)
	case parse.XBinary:
		switch e.Op {
		case parse.AndAnd, parse.OrOr, parse.EqEq, parse.NotEq, parse.Lt, parse.Gt, parse.Le, parse.Ge:
			return truth2(f.outcome(fi, e, fr))
		}
		x, y := f.fold(fi, e.X, fr), f.fold(fi, e.Y, fr)
		if e.Op == parse.And && (x.only(0) || y.only(0)) {
			return number1(0)
		}
		return each(x, y, func(a, b int64) (int64, bool) { return compute(e.Op, a, b) })
	case parse.XCall:
		return f.result(fi, e, fr)
	}
	return ints{open: true}
}

func (v ints) only(n int64) bool { return !v.open && !v.loop && len(v.set) == 1 && v.set[0] == n }

// truth2 are the numbers of a condition with these outcomes.
func truth2(yes, no bool) ints {
	var v ints
	if no {
		v.add(0)
	}
	if yes {
		v.add(1)
	}
	return v
}

// choice folds c ? x : y and c ?: y by the outcomes that c can have.
func (f *folder) choice(fi *funcInfo, e *parse.Expr, fr *frame) (v ints) {
	yes, no := f.outcome(fi, e.X, fr)
	if yes {
		if e.Y != nil {
			v.join(f.fold(fi, e.Y, fr))
		} else {
			v.join(f.fold(fi, e.X, fr))
		}
	}
	if no {
		v.join(f.fold(fi, e.Z, fr))
	}
	return v
}

// compute is the value of a binary operation; ok is false where it has none that
// is the same everywhere.
func compute(op parse.Op, a, b int64) (n int64, ok bool) {
	switch op {
	case parse.Or, parse.OrAssign:
		return a | b, true
	case parse.And, parse.AndAssign:
		return a & b, true
	case parse.Xor, parse.XorAssign:
		return a ^ b, true
	case parse.Add, parse.AddAssign:
		return a + b, true
	case parse.Sub, parse.SubAssign:
		return a - b, true
	case parse.Mul:
		return a * b, true
	case parse.Shl:
		return a << (uint64(b) & 63), b >= 0 && b < 63
	case parse.Shr:
		return a >> (uint64(b) & 63), b >= 0 && b < 63 && a >= 0
	case parse.EqEq:
		return asInt(a == b), true
	case parse.NotEq:
		return asInt(a != b), true
	case parse.Lt:
		return asInt(a < b), true
	case parse.Gt:
		return asInt(a > b), true
	case parse.Le:
		return asInt(a <= b), true
	case parse.Ge:
		return asInt(a >= b), true
	}
	return 0, false
}

func asInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// numeral reads an integer constant.
func numeral(s string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimRight(s, "uUlL"), 0, 64)
	return n, err == nil
}

// character reads a character constant of one character below 128.
func character(s string) (int64, bool) {
	if strings.HasPrefix(s, `'\0'`) {
		return 0, true
	}
	r, _, tail, err := strconv.UnquoteChar(strings.TrimPrefix(s, "'"), '\'')
	return int64(r), err == nil && tail == "'" && r < 128
}

// ident folds a name: a constant of the tree or a variable.
func (f *folder) ident(fi *funcInfo, e *parse.Expr, fr *frame) ints {
	if d := fi.lookup(e.Name, e.Pos); d != nil {
		return f.local(fi, d, e, fr)
	}
	if e.Name == nullName {
		return number1(0)
	}
	if v, ok := f.word(fi, e.Name, fr); ok {
		return v
	}
	if g := f.p.global(fi.unit, e.Name); g != nil {
		return f.global(g)
	}
	return ints{open: true}
}

// word folds a name that is no variable's: a truth value or a constant of the tree.
func (f *folder) word(fi *funcInfo, name string, fr *frame) (v ints, ok bool) {
	switch name {
	case "true", "TRUE":
		return number1(1), true
	case "false", "FALSE":
		return number1(0), true
	}
	defs := f.p.constants(fi.unit, name)
	return f.constant(name, defs, fr), len(defs) > 0
}

// constant folds a macro or an enumerator. A macro that the tree gives a value
// only where nobody else did can have another.
func (f *folder) constant(name string, defs []constDef, fr *frame) (v ints) {
	for _, c := range defs {
		switch {
		case c.macro != nil && c.macro.IsDefault():
			v.open = true
		case c.macro != nil || c.x != nil:
			v.join(f.fold(c.host0(), c.x, fr))
		default:
			v.join(f.enumerator(c.host.unit, name))
		}
	}
	return v
}

// enumerator is the value of one that stands without: one more than the one
// before it.
func (f *folder) enumerator(u *unit, name string) ints {
	list := u.tree().DeclsNaming(name)
	for i, d := range list {
		if !d.Enum || d.Name != name || d.Init != nil {
			continue
		}
		for k := i; k >= 0 && list[k].Enum; k-- {
			from := list[k]
			if from.Init == nil && from.Index > 0 {
				continue
			}
			base := number1(0)
			if from.Init != nil {
				base = f.fold(&funcInfo{fn: &parse.Func{File: u.tree()}, unit: u}, from.Init, nil)
			}
			return each(base, number1(int64(d.Index-from.Index)), func(a, b int64) (int64, bool) { return a + b, true })
		}
	}
	return ints{open: true}
}
