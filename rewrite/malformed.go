package rewrite

import (
	"fmt"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/parse"
	"github.com/keepatch/keepatch/parse/cc"
)

// Malformed says why the function that a patch changes is no C as it stands, "" where it is
// or may be. A macro that needs no semicolon, or stands for what no parser of one file knows,
// is a habit of its author; brackets that do not pair and a semicolon that is missing behind
// anything but a call are not.
func (f *Fix) Malformed() string {
	if f.Status != result.FixPatch || f.target == nil || f.target.Spot.Func == nil {
		return ""
	}
	fn := f.target.Spot.Func
	for _, r := range fn.Repairs {
		if r.Kind == parse.RepairElse || r.Kind == parse.RepairBraces || r.Kind == parse.RepairSemicolon && !behindCall(fn, r.Off) {
			return fmt.Sprintf("%s() does not parse at line %d: %s", fn.Name, fn.File.Lines().Line(r.Off), r.Kind)
		}
	}
	if err := cc.Parses(fn); err != nil {
		return fmt.Sprintf("%s() does not parse: %v", fn.Name, err)
	}
	return ""
}

// behindCall reports whether a place is the end of a call that is a statement, as a macro's
// may be.
func behindCall(fn *parse.Func, off int) bool {
	found := false
	fn.Body().Walk(func(s *parse.Stmt) bool {
		found = found || s.Kind == parse.SExpr && s.Expr != nil && s.Expr.Kind == parse.XCall && s.Expr.End == off
		return !found && s.Pos < off
	})
	return found
}
