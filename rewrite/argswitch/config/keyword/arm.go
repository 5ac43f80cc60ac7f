package keyword

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/parse/token"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/source"
	"github.com/keepatch/keepatch/rewrite/argswitch/config/words"
)

// Arm is what a program does about one keyword, as far as a copy needs it.
type Arm struct {
	Target  []Replacement // what is replaced by the new variable
	Numeric bool          // the value is a number
	Flag    bool          // the keyword alone turns it on
	Strict  bool          // it reads a yes or no
	Locals  bool          // it declares variables for itself
	// Bounded is set where a number that a timer may have would be refused.
	Bounded bool
	casts   []Replacement // of a number to less than an int
	// Kind is the type that is stored through the target's address, "" for int.
	Kind string
	Text *parse.Expr // in a table, what the keyword is for
	Lits []*parse.Expr
}

// Replacement is a replacement of some text of the file; text is "" for the target.
type Replacement struct {
	From, To int
	Text     string
	member   string // what stands after the target
}

// ReadArm understands statements that set one variable, nil for others. habit
// are functions that check the keyword's argument.
func (x *Index) ReadArm(fn *parse.Func, stmts []*parse.Stmt, habit map[string]bool) *Arm {
	r := &armReader{x: x, fn: fn, arm: &Arm{}, checks: habit, locals: source.LocalsOf(fn)}
	for _, s := range stmts {
		r.stmt(s, false)
	}
	if r.unknown || r.key == "" || len(r.arm.Target) == 0 {
		return nil
	}
	a := r.arm
	a.Strict = r.bools > 0
	a.Numeric = r.numbers > 0 && !a.Strict
	a.Flag = !a.Strict && !a.Numeric
	if a.Flag && (r.consts == 0 || r.offValues > 0 || r.calls > 0) {
		return nil
	}
	return a
}

type armReader struct {
	x                             *Index
	fn                            *parse.Func
	arm                           *Arm
	locals, checks                map[string]bool
	key                           string // the text of the target
	pointer                       string // a local that points to it
	unknown                       bool
	typed                         bool
	bools, numbers, consts, calls int
	offValues                     int // constants that turn it off
}

// stmt reads one statement; nested is inside a test of the value.
func (r *armReader) stmt(s *parse.Stmt, nested bool) {
	if s == nil || r.unknown {
		return
	}
	switch s.Kind {
	case parse.SBlock:
		for _, t := range s.List {
			r.stmt(t, nested)
		}
	case parse.SExpr:
		r.effect(s.Expr.Bare(), nested)
	case parse.SIf:
		r.use(s.Expr)
		r.stmt(s.Body, true)
		r.stmt(s.Else, true)
	case parse.SReturn:
		if s.Expr != nil {
			r.use(s.Expr)
		}
	case parse.SGoto:
		if r.pointer != "" && !nested {
			r.sharedTail(s.Label, 3)
		}
	case parse.SDecl:
		// In a block of its own, or in a function, the copy has its own.
		if s.Parent == nil || s.Parent.Parent != nil && s.Parent.Parent.Kind == parse.SSwitch {
			r.unknown = true
		}
		r.arm.Locals = true
		for _, d := range s.Decls {
			r.unknown = r.unknown || d.Static
			if d.Init != nil {
				r.use(d.Init)
			}
		}
	case parse.SBreak, parse.SContinue, parse.SEmpty:
	default:
		r.unknown = true
	}
}

// effect reads an expression that stands for itself.
func (r *armReader) effect(e *parse.Expr, nested bool) {
	switch e.Kind {
	case parse.XAssign:
		if r.local(e.X) {
			if v := e.Y.Strip(); v.Kind == parse.XUnary && v.Op == token.And && !r.local(v.X) {
				r.pointer = e.X.Strip().Name
			}
			r.use(e.Y)
			return
		}
		r.assign(e)
	case parse.XCall:
		if !nested && r.checks[e.Callee()] && !r.storesBy(e) {
			calls := r.calls
			r.use(e)
			r.calls = calls
			return
		}
		if !nested && !r.storesBy(e) {
			r.unknown = true // more than a variable is set
			return
		}
		r.use(e)
	default:
		if e.Kind == parse.XCast && e.X.Strip().Kind == parse.XCall {
			r.effect(e.X.Strip(), nested)
			return
		}
		r.unknown = true
	}
}

// assign takes L = value, L |= FLAG and L &= ~FLAG.
func (r *armReader) assign(e *parse.Expr) {
	f := r.fn.File
	switch e.Op {
	case token.Assign:
		if !source.IsPlain(r.x.TypeOf(e.X)) {
			r.unknown = true
			return
		}
		r.isTarget(e.X)
		if v := e.Y.Strip(); source.IsConst(f, v) {
			r.consts++
			if source.IsOff(f, v) {
				r.offValues++
			}
			return
		}
		r.use(e.Y)
	case token.OrAssign, token.AndAssign:
		r.root(e.X)
		if !r.sameKey(text.StripSpace(parse.ExprText(f, e.X)) + "|" + strings.TrimLeft(text.StripSpace(parse.ExprText(f, e.Y)), "~")) {
			return
		}
		val := " = 1"
		if e.Op == token.AndAssign {
			val = " = 0"
			r.offValues++
		}
		r.consts++
		r.arm.Target = append(r.arm.Target, Replacement{From: e.Pos, To: e.End, member: val})
	default:
		r.unknown = true
	}
}

// sharedTail reads what several arms jump to with a pointer to their targets: it has to store
// through the pointer, whatever was there before.
func (r *armReader) sharedTail(label string, depth int) {
	var list []*parse.Stmt
	r.fn.Body().Walk(func(s *parse.Stmt) bool {
		if s.Kind == parse.SLabel && s.Label == label && s.Parent != nil && list == nil {
			for i, t := range s.Parent.List {
				if t == s {
					list = s.Parent.List[i:]
				}
			}
		}
		return list == nil
	})
	stores := 0
	for _, s := range list {
		s.Walk(func(s *parse.Stmt) bool {
			s.Exprs(func(e *parse.Expr) { stores += r.storesThrough(e) })
			return true
		})
		if s.Kind == parse.SGoto && depth > 0 {
			r.sharedTail(s.Label, depth-1)
			return
		}
		if s.Jumps() {
			break
		}
	}
	if words.BoolName.MatchString(label) {
		r.bools++
	}
	r.unknown = r.unknown || stores == 0
}

// storesThrough counts the stores through the pointer in an expression.
func (r *armReader) storesThrough(e *parse.Expr) (stores int) {
	e.Walk(func(e *parse.Expr) bool {
		switch e.Kind {
		case parse.XString:
			if words.BoolWord.MatchString(e.Name) {
				r.bools++
			}
		case parse.XCall:
			switch name := e.Callee(); {
			case r.x.IsBool(name):
				r.bools++
			case r.x.IsNumber(name):
				r.numbers++
			}
		case parse.XIdent:
			if e.Name != r.pointer {
				break
			}
			up := e.Up
			if up != nil && up.Kind == parse.XUnary && up.Op == token.Mul && up.Up != nil &&
				up.Up.Kind == parse.XAssign && up.Up.Op == token.Assign && up.Up.X.Bare() == up {
				stores++
			} else {
				r.unknown = true // it is compared, as with what no line has set so far
			}
		}
		return true
	})
	return stores
}

func (r *armReader) sameKey(key string) bool {
	if r.key != "" && r.key != key {
		r.unknown = true
		return false
	}
	r.key = key
	return true
}

// isTarget takes a variable or member that outlives the function.
func (r *armReader) isTarget(e *parse.Expr) {
	e = e.Bare()
	r.root(e)
	if r.sameKey(text.StripSpace(parse.ExprText(r.fn.File, e))) {
		r.arm.Target = append(r.arm.Target, Replacement{From: e.Pos, To: e.End})
	}
}

// inSection reports whether a call asks for the section that the line stands in.
func (r *armReader) inSection(e *parse.Expr) bool {
	if !CompareName.MatchString(e.Callee()) {
		return false
	}
	for _, a := range e.Args {
		if a = a.Strip(); a.Kind == parse.XIdent && SectionName.MatchString(a.Name) && r.locals[a.Name] {
			return true
		}
	}
	return false
}

// isKind takes the type of a target that is more than assigned to.
func (r *armReader) isKind(e *parse.Expr) {
	t := r.x.TypeOf(e)
	if !source.IsNumber(t) || r.typed && r.arm.Kind != source.KindOf(t) {
		r.unknown = true
		return
	}
	r.typed, r.arm.Kind = true, source.KindOf(t)
}

// root wants a variable, or a member of one of which there is just one.
func (r *armReader) root(e *parse.Expr) {
	for b := e.Bare(); ; b = b.X.Bare() {
		if b.Kind == parse.XIdent {
			if !r.x.sameObject(r.fn, b.Name, 6) {
				r.unknown = true
				if r.x.PerObject == "" && AboutConfig.MatchString(path.Base(r.fn.File.Path)) {
					r.x.PerObject = fmt.Sprintf("%s: the keywords are about one of several objects each, "+
						"as %s says, and none about the whole program could be copied",
						r.fn.File.Path, text.StripSpace(parse.ExprText(r.fn.File, e)))
				}
			}
			break
		}
		if b.Kind != parse.XMember {
			r.unknown = true
			return
		}
	}
}

func (r *armReader) local(e *parse.Expr) bool {
	e = e.Strip()
	return e.Kind == parse.XIdent && r.locals[e.Name]
}

// storesBy reports whether a call gets the address of a variable.
func (r *armReader) storesBy(call *parse.Expr) bool {
	for _, a := range call.Args {
		if a = a.Strip(); a.Kind == parse.XUnary && a.Op == token.And && !r.local(a.X) {
			return true
		}
	}
	return false
}

// reads reports whether a call turns the value into a yes, no or number.
func (r *armReader) reads(e *parse.Expr) bool {
	return r.x.IsBool(e.Callee()) || r.x.IsNumber(e.Callee())
}

// value reports whether an expression is what is assigned.
func (r *armReader) value(e *parse.Expr) bool {
	for up := e.Up; up != nil; up = up.Up {
		if up.Kind == parse.XAssign {
			return true
		}
	}
	return false
}

// use looks at an expression whose value is used.
func (r *armReader) use(e *parse.Expr) {
	e.Walk(func(e *parse.Expr) bool {
		switch e.Kind {
		case parse.XString:
			r.arm.Lits = append(r.arm.Lits, e)
			if words.BoolWord.MatchString(e.Name) {
				r.bools++
			}
		case parse.XCall:
			name := e.Callee()
			if r.inSection(e) {
				return false // the copy is for the same section
			}
			r.calls++
			if r.reads(e) {
				r.boundsOf(e)
			}
			switch {
			case r.x.IsBool(name):
				r.bools++
			case r.x.IsNumber(name):
				r.numbers++
			}
		case parse.XCast:
			if narrowCast.Match(r.fn.File.Src[e.Pos:e.X.Pos]) {
				r.arm.casts = append(r.arm.casts, Replacement{From: e.Pos, To: e.X.Pos, Text: "(int)"})
			}
		case parse.XBinary:
			r.bound(e)
		case parse.XAssign:
			if !r.local(e.X) {
				r.assign(e)
				return false
			}
		case parse.XUnary:
			if e.Op == token.And && !r.local(e.X) {
				if e.X.Strip().Kind == parse.XIdent || e.X.Strip().Kind == parse.XMember {
					r.isKind(e.X)
					r.isTarget(e.X)
					return false
				}
			}
			// The sense of a negated value is the opposite one.
			not := e.Op == token.Not && e.X.Strip().Kind == parse.XCall &&
				!CompareName.MatchString(e.X.Strip().Callee()) && r.reads(e.X.Strip())
			if e.Op == token.Inc || e.Op == token.Dec || not && r.value(e) {
				r.unknown = true
			}
		case parse.XPostfix, parse.XOpaque, parse.XBlock:
			r.unknown = true
		case parse.XMember, parse.XIdent:
			if r.key != "" && text.StripSpace(parse.ExprText(r.fn.File, e)) == r.key {
				r.isKind(e) // a conversion may go with it
				r.arm.Target = append(r.arm.Target, Replacement{From: e.Pos, To: e.End})
				return false
			}
		}
		return true
	})
}

// narrowCast is a cast to a type that not all numbers of seconds go into.
var narrowCast = text.NewPattern(`^\(\s*(u?int8_t|u?int16_t|(un)?signed char|char|(unsigned )?short( int)?|bool|_Bool|gboolean)\s*\)`)

// bound looks at a comparison with a constant: a limit that is not that of a yes or no, nor
// beyond what a timer may be.
func (r *armReader) bound(e *parse.Expr) {
	switch e.Op {
	case token.Lt, token.Le, token.Gt, token.Ge:
	default:
		return
	}
	for _, side := range []*parse.Expr{e.X.Strip(), e.Y.Strip()} {
		if v, err := strconv.ParseInt(side.Name, 0, 64); side.Kind == parse.XNumber && err == nil && v > 1 && v < 32767 {
			r.arm.Bounded = true
		}
	}
}

// boundsOf looks at the limits that a function gets which makes a number of the value. 8, 10 and
// 16 are the bases of strtol().
func (r *armReader) boundsOf(call *parse.Expr) {
	for _, a := range call.Args {
		if v, err := strconv.ParseInt(a.Strip().Name, 0, 64); a.Strip().Kind == parse.XNumber &&
			err == nil && v > 1 && v < 32767 && v != 8 && v != 10 && v != 16 {
			r.arm.Bounded = true
		}
	}
}

// Rename returns the replacements of a copy: the target, and the name wherever
// a literal names it. ok is false when a literal names something else.
func (a *Arm) Rename(f *parse.File, old, name, target string) (subs []Replacement, ok bool) {
	if a.Numeric {
		subs = append(subs, a.casts...)
	}
	for _, t := range a.Target {
		subs = append(subs, Replacement{From: t.From, To: t.To, Text: target + t.member})
	}
	for _, l := range a.Lits {
		if words.BoolWord.MatchString(l.Name) {
			continue
		}
		text := parse.ExprText(f, l)
		if i := words.IndexWord(text, old); i >= 0 {
			if !words.Fits(text[:i]+" "+text[i+len(old):], old) {
				return nil, false
			}
			subs = append(subs, Replacement{From: l.Pos + i, To: l.Pos + i + len(old), Text: name})
			continue
		}
		if !words.IsGeneric(text) {
			return nil, false
		}
	}
	return subs, true
}

// Replaced is a range of a file with replacements made.
func Replaced(f *parse.File, from, to int, subs []Replacement) string {
	var b strings.Builder
	at := from
	for at < to {
		next := -1
		for i, s := range subs {
			if s.From >= at && s.To <= to && (next < 0 || s.From < subs[next].From) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		b.Write(f.Src[at:subs[next].From])
		b.WriteString(subs[next].Text)
		at = subs[next].To
	}
	b.Write(f.Src[at:to])
	return b.String()
}

// Aligned keeps the columns of a row: what a replacement is longer than the old text goes
// off the blanks after it.
func Aligned(src []byte, subs []Replacement) []Replacement {
	out := slices.Clone(subs)
	for i, s := range out {
		end := s.To
		if end < len(src) && src[end] == ',' {
			end++
		}
		from := end
		for end < len(src) && src[end] == ' ' {
			end++
		}
		if end-from < 2 {
			continue
		}
		left := max(1, end-from-(len(s.Text)-(s.To-s.From)))
		out[i].Text += string(src[s.To:from]) + strings.Repeat(" ", left)
		out[i].To = end
	}
	return out
}
