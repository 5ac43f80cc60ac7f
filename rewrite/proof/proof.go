// Package proof checks fixes before they are printed. What a fix has to meet, in the order in
// which it is asked:
//
//	about the place   live      (Live) the descriptor is open there on every path, and not yet served
//	                  once      (Live) the block runs once for a socket, on every path that uses it
//	                  errno     (Live) what the call has left in errno is not asked for after it
//	                  compiled  (Compiled) it is compiled wherever the call is, as a statement of its own
//	about the block   visible   (Visible) each name means at the place what it means in the pattern,
//	                            those of the message and of the way out, too
//	                  condition (Condition) it asks whether the call failed
//	                  message   (Message) what it says could be its author's
//	                            (Assigned) and what it prints and releases has a value there
//	about the text              (Prover) insertions of whole lines, which parse as before in this
//	                            parser and in cc, and stand where they were meant to under every
//	                            selection of #if
//
// The first two kinds answer with a Breach, which says what other form of the block could meet the
// obligation. Of a text that does not parse there is no other form: Prove answers with a reason.
// Sets of edits are checked once; a fix within one function costs the parsing of that function alone.
package proof

import (
	"fmt"
	"strings"

	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/cc"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/compose"
	"github.com/keepatch/keepatch/rewrite/ctree"
	"github.com/keepatch/keepatch/rewrite/edit"
)

// Breach is an obligation that a block does not meet: which one, why, and what
// the block can do without to meet it. Drop reports whether that was anything
// new; nil means that no other form of the block can help.
type Breach struct {
	obligation string // the word of the list above
	why        string
	Drop       func(*compose.Plain) bool
}

// Hidden is a breach of the obligation "visible" that no other form helps against.
func Hidden(why string) *Breach { return &Breach{obligation: "visible", why: why} }

// Why returns why a fix does not meet the obligation, for the user: the word of the
// obligation says nothing to him. It is "" for nil.
func (b *Breach) Why() string {
	if b == nil {
		return ""
	}
	return b.why
}

// Prover checks fixes, each set of edits once.
type Prover struct {
	known   map[string]string // what prove said of the edits of a site
	outside map[string]bool   // edits around functions that parse, by file
	taken   map[body]bool     // functions before the edits that a second parser takes
}

// body is one of the functions of a file, from the byte cut of it on and of so many bytes: the one at
// off, the n-th of several selections of #if branches.
type body struct {
	path              string
	cut, size, off, n int
}

// NewProver returns a prover; what it looks up is kept.
func NewProver() *Prover {
	return &Prover{known: map[string]string{}, outside: map[string]bool{}, taken: map[body]bool{}}
}

// Prove checks one fix by itself: insertions only, of whole lines but for the
// braces around a single statement; the patched text parses as before, the block
// stands as a statement of the list it was meant for, and it works on the
// descriptor. funcs is the number of functions that the edits add. Sites are
// planned several times, mostly to the same edits.
func (p *Prover) Prove(t *compose.Target, edits []edit.Edit, funcs int) string {
	var key strings.Builder
	fmt.Fprintf(&key, "%s\x00%d\x00%s\x00%d", t.Spot.File.Path, t.Spot.Call.Pos, t.Spot.Key, funcs)
	for _, e := range edits {
		fmt.Fprintf(&key, "\x00%d\x00%s", e.Start, e.New)
	}
	why, known := p.known[key.String()]
	if !known {
		why = p.proveAnew(t, edits, funcs)
		p.known[key.String()] = why
	}
	return why
}

func (p *Prover) proveAnew(t *compose.Target, edits []edit.Edit, funcs int) string {
	f := t.Spot.File
	if err := edit.Validate(f.Src, edits); err != nil {
		return "the edits are not sound: " + err.Error()
	}
	for _, e := range edits {
		if t.Place.Braces != nil && isBrace(e.New) || t.OrElse {
			continue
		}
		if e.Start != text.LineStart(f.Src, e.Start) || len(e.New) == 0 || e.New[len(e.New)-1] != '\n' {
			return "the edits are not whole lines"
		}
	}
	// What happens in one function is proven on that function alone, so that a file
	// of many sites is not read whole for each. What they have outside of it is
	// mostly the same: a helper, an #include.
	a, b := text.LineStart(f.Src, t.Spot.Func.Start), t.Spot.Func.End
	var in, out []edit.Edit
	for _, e := range edits {
		if e.Start < a || e.Start > b {
			out = append(out, e)
			continue
		}
		in = append(in, edit.Insert(e.Start-a, e.New))
	}
	if last := edits[len(edits)-1].Start; last >= a && last <= b && (len(out) > 0 || funcs == 0) {
		why := ""
		if len(out) > 0 && !p.parses(f, out, funcs) {
			why = notParsed
		} else {
			why = p.proveIn(t, parse.New(f.Path, append(f.Src[a:b:b], '\n')), a, in, 0)
		}
		if why == "" || len(out) == 0 {
			return why
		}
	}
	return p.proveIn(t, f, 0, edits, funcs)
}

const notParsed = "the patched file no longer parses as before"

// parses reports whether edits outside of functions leave a file that parses as
// before, with some functions more.
func (p *Prover) parses(f *parse.File, edits []edit.Edit, funcs int) bool {
	var key strings.Builder
	fmt.Fprintf(&key, "%s\x00%d", f.Path, funcs)
	for _, e := range edits {
		fmt.Fprintf(&key, "\x00%d\x00%s", e.Start, e.New)
	}
	ok, known := p.outside[key.String()]
	if !known {
		if out, err := edit.Apply(f.Src, edits); err == nil {
			ok = sameParse(f, parse.New(f.Path, out), funcs)
		}
		p.outside[key.String()] = ok
	}
	return ok
}

// sameParse reports whether the patched file g parses as f does, with some functions
// more.
func sameParse(f, g *parse.File, funcs int) bool {
	return len(g.Problems) <= len(f.Problems) && CountFunctions(g) == CountFunctions(f)+funcs
}

// proveIn applies the edits to f, which is the target's file from the byte cut on.
func (p *Prover) proveIn(t *compose.Target, f *parse.File, cut int, edits []edit.Edit, funcs int) string {
	out, err := edit.Apply(f.Src, edits)
	if err != nil {
		return "the edits do not apply: " + err.Error()
	}
	g := parse.New(f.Path, out)
	if !sameParse(f, g, funcs) {
		return notParsed
	}
	last := edits[len(edits)-1]
	from := last.Start
	for _, e := range edits[:len(edits)-1] {
		if e.Start <= last.Start {
			from += len(e.New)
		}
	}
	return p.blockPlaced(t, f, g, cut, from, from+len(last.New))
}

// isBrace reports whether a text is a brace with blanks around it, or the blanks by which
// the statement in the braces moves in.
func isBrace(s string) bool {
	s = strings.TrimSpace(s)
	return s == "{" || s == "}" || s == ""
}

// countRepairs counts the places of a function that were not understood as C; macros
// without a semicolon or in texts are a habit of its author.
func countRepairs(fn *parse.Func) int {
	n := 0
	for _, r := range fn.Repairs {
		if r.Kind != parse.RepairMacroStmt && r.Kind != parse.RepairMacroWord {
			n++
		}
	}
	return n
}

// plainC is a range of a function without the texts in it that have a macro among their literals.
func plainC(fn *parse.Func, from, to int) (out [][2]int) {
	fn.Body().Walk(func(s *parse.Stmt) bool {
		s.Exprs(func(e *parse.Expr) {
			e.Walk(func(x *parse.Expr) bool {
				if x.Kind == parse.XString && x.Pos >= from && x.End <= to {
					if text, ok := ctree.JoinLiterals(x.Name); ok && ctree.HasMacro(text) {
						out, from = append(out, [2]int{from, x.Pos}), x.End
					}
				}
				return true
			})
		})
		return s.Pos < to && s.End > from
	})
	return append(out, [2]int{from, to})
}

// CountFunctions counts the functions of a file, those that several selections of
// #if branches show once.
func CountFunctions(f *parse.File) int {
	seen := map[int]bool{}
	for _, fn := range f.Funcs {
		seen[fn.NamePos] = true
	}
	return len(seen)
}

// blockPlaced looks at the block in the patched file, under every selection of #if
// branches that sees it. f and g are the file before and after, from the byte cut
// of it on.
func (p *Prover) blockPlaced(t *compose.Target, f, g *parse.File, cut, from, to int) string {
	seen := false
	for _, fn := range g.Funcs {
		if fn.Macro != nil || fn.Start > from || fn.End < to {
			continue
		}
		why := ""
		fn.Body().Walk(func(s *parse.Stmt) bool {
			if s.Pos < from || s.Pos >= to || why != "" {
				return s.Pos < to && s.End > from
			}
			if s.Kind == parse.SOpaque {
				why = "the patched code does not parse"
				return false
			}
			if s.End > to {
				why = "the block would absorb the statement after it"
				return false
			}
			if p := s.Parent; p == nil || p.Kind != parse.SBlock {
				if p != nil && t.OrElse && p.Kind == parse.SIf && p.Else == s &&
					parse.ExprText(g, p.Expr) == parse.ExprText(t.Spot.File, t.Place.Check.Expr) {
					// as it was meant to
				} else if p == nil || p.Pos < from {
					why = "the block would become the body of another statement"
					return false
				}
			}
			ctree.Calls(s, func(c *parse.Expr, _ *parse.Stmt) {
				for _, a := range c.Args {
					if ctree.IsLvalue(g, a, t.Spot.Key) {
						seen = true
					}
				}
			})
			return false
		})
		if why != "" {
			return why
		}
		// Repairs that the old text did not need show that the block upset
		// something around it. An #if in the block can bring selections of the
		// function that were not there before, so all of the old ones count.
		before, taken, there := 0, true, false
		for n, old := range f.FuncsAt(t.Spot.Call.Pos - cut) {
			if old.Name == fn.Name {
				old.Body()
				there = true
				before = max(before, countRepairs(old))
				taken = taken && p.takes(old, body{f.Path, cut, len(f.Src), old.Start, n})
			}
		}
		if there && countRepairs(fn) > before {
			return "the patched function is no longer understood"
		}
		// A second parser, which shares no code with ours, has to take the
		// block as it stands wherever it took the function before; the file's own
		// macros in it, such as DEBUG(x) before a statement, are no C to it.
		if there && taken && !ctree.Repaired(fn, from, to) && cc.Parses(fn, plainC(fn, from, to)...) != nil {
			return "a second parser does not take the patched function"
		}
	}
	if !seen {
		return "the block would be seen by no build"
	}
	return ""
}

// takes reports whether a second parser takes a function as it was.
func (p *Prover) takes(fn *parse.Func, at body) bool {
	ok, known := p.taken[at]
	if !known {
		ok = cc.Parses(fn) == nil
		p.taken[at] = ok
	}
	return ok
}

// ProveWrapped checks the fix of one call: insertions alone, the patched text
// parses as before with one function more, which is called around the call.
func ProveWrapped(t *compose.Target, name string, edits []edit.Edit) string {
	f := t.Spot.File
	if err := edit.Validate(f.Src, edits); err != nil {
		return "the edits are not sound: " + err.Error()
	}
	out, err := edit.Apply(f.Src, edits)
	if err != nil {
		return "the edits do not apply: " + err.Error()
	}
	g := parse.New(f.Path, out)
	if !sameParse(f, g, 1) {
		return notParsed
	}
	wrapped, sets := false, false
	for _, fn := range g.Funcs {
		if fn.Macro != nil || fn.Name != name && fn.Name != t.Spot.Func.Name {
			continue
		}
		hit := false
		ctree.Calls(fn.Body(), func(c *parse.Expr, _ *parse.Stmt) {
			sets = sets || fn.Name == name && c.Callee() == "setsockopt"
			if c.Callee() == name && len(c.Args) == 1 && c.Args[0].Bare().Kind == parse.XCall &&
				c.Args[0].Bare().Callee() == t.Spot.Call.Callee() {
				hit = true
			}
		})
		wrapped = wrapped || hit
		if (hit && cc.Parses(t.Spot.Func) == nil || fn.Name == name) && cc.Parses(fn) != nil {
			return "a second parser does not take the patched function"
		}
	}
	if !wrapped || !sets {
		return "the block would be seen by no build"
	}
	return ""
}
