package getopt

import (
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/text"
	"github.com/keepatch/keepatch/rewrite/argswitch/patch"
)

// failure is what the program does when an option's argument is wrong: a
// message in its own way, then what it does about an option that it doesn't
// know.
func failure(j *patch.Patch, d *Dispatch, arms []*Arm, arg string) []string {
	var unknown []*parse.Stmt
	for _, a := range arms {
		if a.Last() && (unknown == nil || !a.isDefault()) {
			unknown = a.Stmts
		}
	}
	return j.FailureIn(d.Fn, d.readingCode(), withoutSharedStatementsStatements(d, arms, unknown), arg)
}

// withoutSharedStatementsStatements leaves out of the arm for unknown options what two arms of good options do
// as well, as count arguments: it reports nothing.
func withoutSharedStatementsStatements(d *Dispatch, arms []*Arm, unknown []*parse.Stmt) []*parse.Stmt {
	f := d.Fn.File
	seen := map[string]int{}
	for _, a := range arms {
		if len(a.Stmts) == 0 || len(unknown) > 0 && a.Stmts[0] == unknown[0] || len(patch.Flat(a.Stmts)) < 3 {
			continue
		}
		for _, s := range patch.Flat(a.Stmts) {
			if counts(s) {
				seen[text.StripSpace(patch.TextAt(f, s))]++
			}
		}
	}
	var out []*parse.Stmt
	for _, s := range patch.Flat(unknown) {
		if !counts(s) || seen[text.StripSpace(patch.TextAt(f, s))] < 2 {
			out = append(out, s)
		}
	}
	return out
}

// ofAllArms is what each arm of an option does that goes on, as args++ where the function
// counts them; "" for nothing.
func ofAllArms(d *Dispatch) string {
	f := d.Fn.File
	common, arms := map[string]bool{}, 0
	for _, a := range ArmsOf(d.Sw) {
		list := patch.Flat(a.Stmts)
		if a.Letter() == 0 || len(list) < 2 || list[len(list)-1].Kind != parse.SBreak {
			continue
		}
		own := map[string]bool{}
		for _, s := range list {
			if e := s.Expr; counts(s) && e.Strip().Kind != parse.XAssign && !usedBeside(f, list, s, e.Strip().X) {
				own[patch.OneLine(patch.TextAt(f, s))] = true
			}
		}
		if arms++; arms == 1 {
			common = own
			continue
		}
		for text := range common {
			if !own[text] {
				delete(common, text)
			}
		}
	}
	if arms < 2 || len(common) != 1 {
		return ""
	}
	for text := range common {
		return text
	}
	return ""
}

// usedBeside reports whether other statements of an arm use what one counts, as the index of
// the option's argument.
func usedBeside(f *parse.File, arm []*parse.Stmt, s *parse.Stmt, counted *parse.Expr) bool {
	name := counted.Bare()
	if name == nil || name.Kind != parse.XIdent {
		return true
	}
	for _, x := range arm {
		if x != s && text.HasWord(patch.TextAt(f, x), name.Name) {
			return true
		}
	}
	return false
}

// counts reports whether a statement is x++ or its like.
func counts(s *parse.Stmt) bool {
	if s.Kind != parse.SExpr || s.Expr == nil {
		return false
	}
	e := s.Expr.Strip()
	return e.Kind == parse.XPostfix || e.Kind == parse.XUnary || e.Kind == parse.XAssign
}

// readingCode is the code that reads the options.
func (d *Dispatch) readingCode() *parse.Stmt {
	if d.Sw != nil {
		return d.Sw
	}
	if d.loop != nil {
		return d.loop
	}
	return d.chain
}
